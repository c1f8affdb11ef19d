//! The obedient loop: asks [`Core`] what to do, does it, and reports what came of it.
//!
//! It has a thread of its own, and holds outbox and identity only for the moments in which it reads or
//! writes them, never while it waits for the network: a visitor's "send" never waits for a server.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use domain::Timestamp;
use domain::id::CryptoRng;
use domain::wire::{Batch, BatchReply, ContentOffer, Item, Limits, Secret};

use super::address::ServerAddress;
use super::client::{Client, Roots, Timeouts};
use super::core::{Answer, Code, Core, MOST_REFUSALS, Standing, Step, Taken, Timing};
use super::handle::{Shared, SyncHandle, Wish};
use super::reply::{Sense, obeyable};
use super::status::{Board, LinkState, SyncStatus};
use super::{MAINTENANCE, for_the_log, lock};
use crate::content::Courier;
use crate::content::courier::Access;
use crate::identity::Identity;
use crate::outbox::{self, Outbox};

/// What the loop is told at its start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server; without one, that of the enrolment.
    pub server: Option<ServerAddress>,
    /// A one-time code, for a kiosk that is not enrolled or whose token is refused.
    pub code: Option<Secret>,
    /// Whose certificates are believed.
    pub roots: Roots,
    /// How long to wait for what.
    pub timing: Timing,
    /// How long a request may take.
    pub timeouts: Timeouts,
    /// Version of this program.
    pub software: String,
    /// Who fetches what the server offers to show.
    pub courier: Option<Arc<Courier>>,
}

impl Settings {
    /// Nothing but what an enrolled kiosk knows itself.
    pub fn new(software: &str) -> Self {
        Self {
            server: None,
            code: None,
            roots: Roots::WebPki,
            timing: Timing::default(),
            timeouts: Timeouts::default(),
            software: software.to_owned(),
            courier: None,
        }
    }
}

/// Starts the loop.
///
/// # Errors
/// The system has no thread left.
pub fn start<R: CryptoRng + Send + 'static>(
    settings: Settings,
    outbox: &Arc<Mutex<Outbox>>,
    identity: &Arc<Mutex<Identity>>,
    clock: fn() -> Timestamp,
    mut random: R,
) -> Result<SyncHandle, std::io::Error> {
    let (server, enrolled) = {
        let identity = lock(identity);
        let known = identity.server().and_then(|server| server.parse().ok());
        (settings.server.clone().or(known), identity.token().is_some())
    };
    let standing = match (&server, &settings.code) {
        (Some(_), Some(_)) if enrolled => Standing::Enrolled(Code::Untried),
        (Some(_), None) if enrolled => Standing::Enrolled(Code::None),
        (Some(_), Some(_)) => Standing::Invited,
        _ => Standing::Alone,
    };
    let client = server.map(|s| Client::new(s, &settings.roots, settings.timeouts, &settings.software));
    let core = Core::new(settings.timing, standing, &mut random);
    let waiting = lock(outbox).waiting().unwrap_or_default();
    let board = Arc::new(Board::new(SyncStatus { link: core.link(), waiting, last_success: None }));
    let shared = Arc::new(Shared::default());
    let (ending, ended) = channel();
    let mut sync = Loop {
        client,
        code: settings.code,
        software: settings.software,
        courier: settings.courier,
        core,
        outbox: Arc::downgrade(outbox),
        identity: Arc::downgrade(identity),
        shared: Arc::clone(&shared),
        board: Arc::clone(&board),
        clock,
        random,
        began: Instant::now(),
        last_success: None,
    };
    let thread = std::thread::Builder::new().name("sync".to_owned()).spawn(move || {
        let _ending: Sender<()> = ending;
        sync.run();
    })?;
    Ok(SyncHandle { shared, board, ended, thread: Some(thread) })
}

struct Loop<R> {
    client: Option<Client>,
    code: Option<Secret>,
    software: String,
    courier: Option<Arc<Courier>>,
    core: Core,
    // Weak, so that a request without an answer does not hold the kiosk's folder after the end.
    outbox: Weak<Mutex<Outbox>>,
    identity: Weak<Mutex<Identity>>,
    shared: Arc<Shared>,
    board: Arc<Board>,
    clock: fn() -> Timestamp,
    random: R,
    began: Instant,
    last_success: Option<Timestamp>,
}

/// The loop has been told to end, or nobody needs it any more.
struct Ended;

impl<R: CryptoRng> Loop<R> {
    fn run(&mut self) {
        while self.turn().is_ok() {}
    }

    fn turn(&mut self) -> Result<(), Ended> {
        match self.core.next(self.began.elapsed()) {
            Step::RestUntil(then) => return self.rest(then),
            Step::Enrol => self.enrol()?,
            Step::Send(limits) => self.send(Some(limits))?,
            Step::Knock => self.send(None)?,
        }
        if *lock(&self.shared.wish) == Wish::Stop { Err(Ended) } else { Ok(()) }
    }

    /// Waits until `then`, or until something is wished.
    fn rest(&mut self, then: Duration) -> Result<(), Ended> {
        let longest = then.saturating_sub(self.began.elapsed());
        let wish = {
            let waited = self
                .shared
                .changed
                .wait_timeout_while(lock(&self.shared.wish), longest, |wish| *wish == Wish::Nothing);
            let (mut wish, _) = waited.unwrap_or_else(PoisonError::into_inner);
            match *wish {
                Wish::Stop => return Err(Ended),
                _ => std::mem::take(&mut *wish),
            }
        };
        if wish == Wish::Wake {
            self.core.queued(self.began.elapsed());
            self.report()?;
        }
        Ok(())
    }

    fn enrol(&mut self) -> Result<(), Ended> {
        let (Some(client), Some(code)) = (&self.client, &self.code) else {
            self.answered(Answer::CodeRefused);
            return Ok(());
        };
        let request = lock(&*self.identity.upgrade().ok_or(Ended)?).enrolment_request(code, &self.software);
        let answer = match client.enrol(&request) {
            Ok(enrolment) => {
                let identity = self.still_wanted(&self.identity)?;
                let mut identity = lock(&*identity);
                let outcome = identity.enrol(client.server().as_str(), enrolment);
                match outcome {
                    Ok(()) => {
                        tracing::info!(target: MAINTENANCE, kiosk = %identity.kiosk(), "enrolled");
                        Answer::Enrolled
                    }
                    Err(error) => {
                        tracing::error!(target: MAINTENANCE, %error, "the enrolment could not be recorded");
                        Answer::DiskTrouble
                    }
                }
            }
            Err(answer) => answer,
        };
        self.answered(answer);
        self.report()
    }

    /// Sends what fits within `limits`; without limits, nothing but a sign of life.
    fn send(&mut self, limits: Option<Limits>) -> Result<(), Ended> {
        let token = lock(&*self.identity.upgrade().ok_or(Ended)?).token().cloned();
        let (Some(client), Some(token)) = (self.client.clone(), token) else {
            self.answered(Answer::WrongToken);
            return Ok(());
        };
        let (items, waiting) = match self.read(limits.as_ref())? {
            Ok(read) => read,
            Err(error) => return self.disk_trouble(&error),
        };
        let more = waiting.saturating_sub(u64::try_from(items.len()).unwrap_or_default());
        let content = self.courier.as_ref().map(|courier| courier.report());
        let mut batch = Batch { sent_at: (self.clock)(), items, waiting: more, content };
        let outcome = client.send(&token, &batch);
        let items = std::mem::take(&mut batch.items);
        match outcome {
            Ok(reply) => self.obey(&items, reply),
            Err(answer) => {
                let outbox = self.still_wanted(&self.outbox)?;
                if let (Some(count), [item]) = (self.answered(answer), &items[..]) {
                    self.refused(&outbox, item, count);
                }
                drop(outbox);
                self.report()
            }
        }
    }

    fn read(&self, limits: Option<&Limits>) -> Result<Result<(Vec<Item>, u64), outbox::Error>, Ended> {
        let outbox = self.outbox.upgrade().ok_or(Ended)?;
        let outbox = lock(&*outbox);
        let items = limits.map_or(Ok(Vec::new()), |limits| outbox.next_batch(limits));
        Ok(items.and_then(|items| Ok((items, outbox.waiting()?))))
    }

    fn obey(&mut self, items: &[Item], reply: BatchReply) -> Result<(), Ended> {
        let (results, sense) = obeyable(items, reply.results);
        let outbox = self.still_wanted(&self.outbox)?;
        let settled = {
            let mut outbox = lock(&*outbox);
            outbox.settle(&results, (self.clock)()).and_then(|s| Ok((s, outbox.waiting()?)))
        };
        drop(outbox);
        let (settlement, waiting) = match settled {
            Ok(settled) => settled,
            Err(error) => return self.disk_trouble(&error),
        };
        if settlement.delivered + settlement.quarantined > 0 {
            tracing::info!(
                target: MAINTENANCE,
                delivered = settlement.delivered,
                quarantined = settlement.quarantined,
                waiting,
                "the server answered"
            );
        }
        if let (Some(policy), Some(identity)) = (reply.policy, self.identity.upgrade())
            && let Err(error) = lock(&*identity).set_policy(policy)
        {
            tracing::warn!(target: MAINTENANCE, %error, "new promises could not be recorded");
        }
        if let Some(offer) = reply.content {
            self.fetch(offer);
        }
        self.answered(match sense {
            Sense::Partial => Answer::Nonsense,
            Sense::Whole => Answer::Taken(Taken {
                settled: settlement.delivered + settlement.quarantined,
                waiting,
                limits: reply.limits,
                next_poll: Duration::from_secs(reply.next_poll_s.into()),
            }),
        });
        self.report()
    }

    /// Hands an offer to the courier.
    fn fetch(&self, offer: ContentOffer) {
        let (Some(courier), Some(client), Some(identity)) =
            (&self.courier, &self.client, self.identity.upgrade())
        else {
            return;
        };
        let identity = lock(&*identity);
        match (identity.token().cloned(), identity.content_key().map(str::parse)) {
            (Some(token), Some(Ok(key))) => {
                courier.offered(offer, Access { client: client.clone(), token, key });
            }
            (_, None) => {
                let version = offer.version;
                tracing::warn!(target: MAINTENANCE, %version, "no content key is known; enrol again to learn it");
            }
            (_, Some(Err(error))) => {
                tracing::warn!(target: MAINTENANCE, %error, "the content key is of no use")
            }
            (None, _) => {}
        }
    }

    /// The server would not take a request with nothing but `item` in it.
    fn refused(&self, outbox: &Mutex<Outbox>, item: &Item, count: outbox::Count) {
        let mut outbox = lock(outbox);
        let outcome = outbox.refused(item.id, count).and_then(|refusals| {
            if refusals < MOST_REFUSALS {
                return Ok(());
            }
            tracing::warn!(
                target: MAINTENANCE,
                id = %item.id,
                bytes = item.sealed.0.len(),
                "the server takes others but not this submission; it is in quarantine now"
            );
            outbox.quarantine(item.id, "refused by the server again and again", (self.clock)())
        });
        if let Err(error) = outcome {
            tracing::error!(target: MAINTENANCE, %error, "a refusal could not be noted");
        }
    }

    fn disk_trouble(&mut self, error: &outbox::Error) -> Result<(), Ended> {
        tracing::error!(target: MAINTENANCE, %error, "the outbox cannot be used; trying again later");
        self.answered(Answer::DiskTrouble);
        Ok(())
    }

    /// Tells the core, and the log if something is new.
    fn answered(&mut self, answer: Answer) -> Option<outbox::Count> {
        let before = self.core.link();
        let now = self.began.elapsed();
        let count = self.core.answered(answer, now, &mut self.random);
        if matches!(answer, Answer::Taken(_) | Answer::Enrolled) {
            self.last_success = Some((self.clock)());
        }
        let after = self.core.link();
        if before != after {
            let next_in_s = match self.core.next(now) {
                Step::RestUntil(then) => then.saturating_sub(now).as_secs(),
                Step::Enrol | Step::Send(_) | Step::Knock => 0,
            };
            let cause = for_the_log(&format!("{answer:?}"));
            if after == LinkState::Online {
                tracing::info!(target: MAINTENANCE, link = ?after, "the server answers");
            } else {
                let what = "submissions stay here for now";
                tracing::warn!(target: MAINTENANCE, link = ?after, cause, next_in_s, "{what}");
            }
        }
        count
    }

    /// Shows how it goes.
    fn report(&self) -> Result<(), Ended> {
        let outbox = self.outbox.upgrade().ok_or(Ended)?;
        let mut status = self.board.get();
        if let Ok(waiting) = lock(&*outbox).waiting() {
            status.waiting = waiting;
        }
        drop(outbox);
        status.link = self.core.link();
        status.last_success = self.last_success;
        self.board.set(status);
        Ok(())
    }

    /// What an answer is about, unless the loop was told to end while it waited for it: whoever told it
    /// so may have begun to use the folder again.
    fn still_wanted<T>(&self, shared: &Weak<Mutex<T>>) -> Result<Arc<Mutex<T>>, Ended> {
        if *lock(&self.shared.wish) == Wish::Stop {
            return Err(Ended);
        }
        shared.upgrade().ok_or(Ended)
    }
}
