//! What to do next, and when: every rule about sending, waiting and giving way is here.
//!
//! A pure state machine. It is told what happened and what time it is, and says what to do. It knows no
//! clock, no thread and no socket; random numbers come in with the call that needs them. Time is counted
//! from the start of the loop by a clock that nobody sets, because a kiosk's calendar may be wrong.
//!
//! Invariant: there is always a next attempt. Whatever is answered, [`Core::next`] names a moment, and
//! that moment is never further away than the longest of the waits in [`Timing`].

use std::time::Duration;

use domain::id::CryptoRng;
use domain::wire::Limits;

use super::status::LinkState;
use crate::outbox::Count;

/// Time since the loop began.
pub type Moment = Duration;

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// The first failure is followed by a wait of up to this; it doubles with every further one …
    pub base: Duration,
    /// … up to this.
    pub cap: Duration,
    /// The first contact after a start is at a random moment within this: after a power cut all kiosks of
    /// a chain start at once.
    pub first_contact: Duration,
    /// How often to ask a server that has turned this kiosk away.
    pub turned_away: Duration,
    /// The longest that a server can make the kiosk stay silent.
    pub longest_silence: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            base: Duration::from_secs(5),
            cap: Duration::from_secs(15 * 60),
            first_contact: Duration::from_secs(120),
            turned_away: Duration::from_secs(15 * 60),
            longest_silence: Duration::from_secs(60 * 60),
        }
    }
}

/// How often the server may refuse an item, alone and while it takes others, before it is put aside.
pub const MOST_REFUSALS: u32 = 3;

/// Whether a server knows this kiosk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No server, or no code to enrol with.
    Alone,
    /// There is a server and a code.
    Invited,
    /// It has a token; with a code at hand in case that token should be refused, or without.
    Enrolled(Code),
}

/// Whether there is a one-time code to fall back on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// There is one that has not been tried yet.
    Untried,
    /// There is none, or it has been used up.
    None,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing, until then or until something new is queued.
    RestUntil(Moment),
    /// Exchange the code for an identity.
    Enrol,
    /// Send what fits within these limits. If nothing is waiting, an empty batch: the server learns that
    /// the kiosk is alive.
    Send(Limits),
    /// Send an empty batch only, to learn whether the kiosk is welcome again.
    Knock,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The server answered for each item.
    Taken(Taken),
    /// Something answered, but not in a way that makes sense.
    Nonsense,
    /// Nothing answered.
    Unreachable,
    /// The server is there and asks for patience.
    Busy {
        /// How much, if it said so.
        retry_after: Option<Duration>,
    },
    /// The server does not know this token (401).
    WrongToken,
    /// The server does not want this kiosk any more (403).
    Revoked,
    /// The server does not take such a request (400, 413, 422).
    Unacceptable {
        /// Items that were in it.
        sent: usize,
    },
    /// The kiosk's own disk did not let it read or write.
    DiskTrouble,
    /// The server gave the kiosk an identity.
    Enrolled,
    /// The server does not know the code.
    CodeRefused,
}

/// A batch that was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Items that left the outbox, or went into quarantine.
    pub settled: u64,
    /// Items that wait now.
    pub waiting: u64,
    /// What the server takes.
    pub limits: Limits,
    /// When to call again though nothing is waiting.
    pub next_poll: Duration,
}

/// Whether something new in the outbox is a reason to call before the appointed moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Eager,
    Patient,
}

/// The state of the loop.
#[derive(Clone, Debug)]
pub struct Core {
    timing: Timing,
    standing: Standing,
    next: Next,
    due: Moment,
    mood: Mood,
    /// Failures since the last success.
    failures: u32,
    link: LinkState,
    limits: Limits,
    /// How many items to send at once at present.
    portion: usize,
    /// Whether the server has taken anything since a refusal was last counted.
    blame: Count,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Enrol,
    Send,
    Knock,
}

impl Core {
    /// The state at the start.
    pub fn new(timing: Timing, standing: Standing, random: &mut impl CryptoRng) -> Self {
        let (next, due) = match standing {
            // Somebody typed the code just now and stands there.
            Standing::Invited => (Next::Enrol, Moment::ZERO),
            Standing::Enrolled(_) => (Next::Send, up_to(timing.first_contact, random)),
            Standing::Alone => (Next::Send, Moment::ZERO),
        };
        let link = if standing == Standing::Alone { LinkState::NotConfigured } else { LinkState::Offline };
        let limits = Limits::default();
        Self {
            timing,
            standing,
            next,
            due,
            mood: Mood::Eager,
            failures: 0,
            link,
            limits,
            portion: limits.max_items,
            blame: Count::AgainstTheServer,
        }
    }

    /// What to do at `now`.
    pub fn next(&self, now: Moment) -> Step {
        if self.standing == Standing::Alone {
            return Step::RestUntil(now + self.timing.longest_silence);
        }
        if now < self.due {
            return Step::RestUntil(self.due);
        }
        match self.next {
            Next::Enrol => Step::Enrol,
            Next::Send => Step::Send(Limits { max_items: self.portion, ..self.limits }),
            Next::Knock => Step::Knock,
        }
    }

    /// How the kiosk stands with its server.
    pub fn link(&self) -> LinkState {
        self.link
    }

    /// Something new is in the outbox.
    pub fn queued(&mut self, now: Moment) {
        if self.mood == Mood::Eager {
            self.due = self.due.min(now);
        }
    }

    /// Takes in what came of the last step. If the request held a single item and was refused for it, the
    /// answer is against whom to count that.
    pub fn answered(&mut self, answer: Answer, now: Moment, random: &mut impl CryptoRng) -> Option<Count> {
        match answer {
            Answer::Taken(taken) => self.taken(taken, now, random),
            Answer::Unacceptable { sent } if sent > 0 => return self.unacceptable(sent, now, random),
            Answer::Unacceptable { .. } | Answer::Nonsense | Answer::Unreachable => {
                self.failed(None, now, random);
            }
            Answer::Busy { retry_after } => self.failed(retry_after, now, random),
            Answer::DiskTrouble => {
                let link = self.link;
                self.failed(None, now, random);
                self.link = link;
            }
            Answer::WrongToken => self.turned_away(Next::Send, now, random),
            Answer::Revoked => self.turned_away(Next::Knock, now, random),
            Answer::Enrolled => self.enrolled(now),
            Answer::CodeRefused => self.code_refused(now, random),
        }
        None
    }

    fn taken(&mut self, taken: Taken, now: Moment, random: &mut impl CryptoRng) {
        self.link = LinkState::Online;
        self.mood = Mood::Eager;
        self.limits = sane(taken.limits);
        self.portion = self.portion.saturating_mul(2).clamp(1, self.limits.max_items);
        let was_knock = std::mem::replace(&mut self.next, Next::Send) == Next::Knock;
        if taken.settled > 0 {
            self.blame = Count::AgainstIt;
        }
        if taken.waiting > 0 && taken.settled == 0 && !was_knock {
            // Everything was put off. It is the server's right, and no reason to ask again at once.
            self.failures = self.failures.saturating_add(1);
            self.due = now + self.backoff(random);
            return;
        }
        self.failures = 0;
        self.due = if taken.waiting > 0 {
            now
        } else {
            let poll = taken.next_poll.clamp(self.timing.base, self.timing.longest_silence);
            now + poll - up_to(poll / 4, random)
        };
    }

    fn failed(&mut self, at_least: Option<Duration>, now: Moment, random: &mut impl CryptoRng) {
        self.link = LinkState::Offline;
        self.mood = Mood::Patient;
        self.failures = self.failures.saturating_add(1);
        self.due = match at_least {
            // The server gives each kiosk its turn; a little spread is for one that tells all the same.
            Some(wait) => now + wait.min(self.timing.longest_silence) + up_to(self.timing.base, random),
            None => now + self.backoff(random),
        };
    }

    fn unacceptable(&mut self, sent: usize, now: Moment, random: &mut impl CryptoRng) -> Option<Count> {
        self.link = LinkState::Online;
        self.mood = Mood::Eager;
        if sent > 1 {
            // One of them is the reason. Halves are tried at once: at most eight requests to find it.
            self.portion = sent / 2;
            self.due = now;
            return None;
        }
        self.portion = 1;
        self.failures = self.failures.saturating_add(1);
        self.due = now + self.backoff(random);
        Some(std::mem::replace(&mut self.blame, Count::AgainstTheServer))
    }

    fn turned_away(&mut self, next: Next, now: Moment, random: &mut impl CryptoRng) {
        self.link = LinkState::Refused;
        self.mood = Mood::Patient;
        self.next = next;
        if self.standing == Standing::Enrolled(Code::Untried) {
            self.next = Next::Enrol;
            self.due = now;
        } else {
            self.due = now + self.timing.turned_away - up_to(self.timing.turned_away / 2, random);
        }
    }

    fn enrolled(&mut self, now: Moment) {
        self.standing = Standing::Enrolled(Code::None);
        self.link = LinkState::Online;
        self.mood = Mood::Eager;
        self.next = Next::Send;
        self.failures = 0;
        self.due = now;
    }

    fn code_refused(&mut self, now: Moment, random: &mut impl CryptoRng) {
        if let Standing::Enrolled(code) = &mut self.standing {
            *code = Code::None;
        }
        let next = if self.standing == Standing::Invited { Next::Enrol } else { Next::Send };
        self.turned_away(next, now, random);
    }

    /// Exponential with full jitter, so that kiosks that failed together do not come back together.
    fn backoff(&self, random: &mut impl CryptoRng) -> Duration {
        let doublings = self.failures.saturating_sub(1).min(20);
        let ceiling = self.timing.base.saturating_mul(1 << doublings).min(self.timing.cap);
        up_to(ceiling, random).max(self.timing.base / 10)
    }
}

/// A limit that a server means. One that would stop everything, or fill the memory, is not meant.
fn sane(limits: Limits) -> Limits {
    Limits {
        max_items: limits.max_items.clamp(1, 1000),
        max_bytes: limits.max_bytes.clamp(16 * 1024, 8 * 1024 * 1024),
        max_item_bytes: limits.max_item_bytes,
    }
}

fn up_to(longest: Duration, random: &mut impl CryptoRng) -> Duration {
    let millis = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX - 1);
    Duration::from_millis(random.next_u64() % (millis + 1))
}

#[cfg(test)]
mod tests;
