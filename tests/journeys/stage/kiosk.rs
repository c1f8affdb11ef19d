//! A kiosk: a folder, the real outbox in it, and the real sync loop when it is online.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use domain::id::KioskNumber;
use domain::testing::{self, Sample};
use domain::wire::Secret;
use kiosk::identity::{self, Identity};
use kiosk::lookup_client::LookupClient;
use kiosk::net::{Network, Roots, ServerAddress, Timeouts};
use kiosk::outbox::{Draft, Outbox, Receipt};
use kiosk::shell::Store;
use kiosk::sync::core::Timing;
use kiosk::sync::{self, LinkState, Settings, SyncHandle, SyncStatus};
use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;

use super::PATIENCE;
use super::mall::{Mall, Sent};

pub struct Kiosk {
    pub folder: tempfile::TempDir,
    pub sent: Sent,
    outbox: Option<Arc<Mutex<Outbox>>>,
    identity: Option<Arc<Mutex<Identity>>>,
    sync: Option<SyncHandle>,
    random: ChaCha20Rng,
}

/// Short waiting times, which suit a test.
pub fn quick() -> Timing {
    Timing {
        base: Duration::from_millis(20),
        cap: Duration::from_millis(200),
        first_contact: Duration::ZERO,
        when_refused: Duration::from_millis(100),
        ..Timing::default()
    }
}

/// The draft of the `n`th visitor: every form in turn and a call for help, with different answers each time.
pub fn draft(n: usize) -> Draft {
    let mut random = ChaCha20Rng::seed_from_u64(u64::try_from(n).unwrap());
    draft_with(n, &format!("扶梯第{n}次停了。\nIt stopped."), &mut random)
}

/// The same with random answers, and with `words` wherever the visitor can write a text.
pub fn draft_with(n: usize, words: &str, random: &mut ChaCha20Rng) -> Draft {
    let Sample { language, place, body, contact } = testing::any(n, words, testing::a_day(), random);
    Draft { language, place, body, contact }
}

fn until_nobody_holds(lock: &Path) {
    let (done, waiting) = channel();
    let lock = File::open(lock).unwrap();
    std::thread::spawn(move || done.send(lock.lock()));
    waiting.recv_timeout(PATIENCE).expect("the folder becomes free again").unwrap();
}

impl Kiosk {
    /// A new kiosk: not enrolled, and without a network.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::wake_up(folder, Vec::new())
    }

    fn wake_up(folder: tempfile::TempDir, sent: Sent) -> Self {
        static SEED: AtomicU64 = AtomicU64::new(1);
        let mut random = ChaCha20Rng::seed_from_u64(SEED.fetch_add(1, Ordering::SeqCst));
        let now = chrono::Utc::now();
        let (mut identity, replaced) = loop {
            match Identity::open(folder.path(), now, &mut random) {
                // A parallel test may be starting a program: between its fork and its exec the child process
                // holds the files that this process has open.
                Err(identity::Error::InUse(_)) => until_nobody_holds(&folder.path().join("lock")),
                outcome => break outcome.unwrap(),
            }
        };
        assert!(replaced.is_none(), "{replaced:?}");
        let (outbox, replaced) = Outbox::open(folder.path(), &mut identity, now).unwrap();
        assert!(replaced.is_none(), "{replaced:?}");
        let (outbox, identity) = (Arc::new(Mutex::new(outbox)), Arc::new(Mutex::new(identity)));
        Self { folder, sent, outbox: Some(outbox), identity: Some(identity), sync: None, random }
    }

    /// An enrolled kiosk that has sent everything.
    pub fn at_home(mall: &Mall) -> (Self, KioskNumber) {
        let (number, code) = mall.expect_kiosk();
        let mut kiosk = Self::new();
        kiosk.go_online(kiosk.settings(mall.address(), mall, Some(&code)));
        kiosk.drained();
        (kiosk, number)
    }

    /// Switches it off and on.
    pub fn restart(mut self) -> Self {
        self = self.asleep();
        Self::wake_up(self.folder, self.sent)
    }

    /// Switches it off; its folder and its list of submissions remain.
    pub fn asleep(mut self) -> Self {
        self.go_offline();
        (self.outbox, self.identity) = (None, None);
        self
    }

    /// The store for its shell.
    pub fn store(&self) -> Store {
        (Arc::clone(self.outbox.as_ref().unwrap()), Arc::clone(self.identity.as_ref().unwrap()))
    }

    /// A lookup client for this server address.
    pub fn lookup(&self, mall: &Mall, server: ServerAddress) -> LookupClient {
        let roots = Roots::from_file(&mall.ca()).unwrap();
        let (network, identity) = (Network::start().unwrap(), self.store().1);
        LookupClient {
            network,
            server: Some(server),
            proxy: None,
            roots,
            software: "journey".to_owned(),
            identity,
        }
    }

    pub fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.as_ref().unwrap().lock().unwrap()
    }

    pub fn identity(&self) -> MutexGuard<'_, Identity> {
        self.identity.as_ref().unwrap().lock().unwrap()
    }

    /// The settings that an operator of `mall` would configure.
    pub fn settings(&self, server: ServerAddress, mall: &Mall, code: Option<&str>) -> Settings {
        Settings {
            server: Some(server),
            code: code.map(|code| Secret(code.to_owned())),
            roots: Roots::from_file(&mall.ca()).unwrap(),
            timing: quick(),
            timeouts: Timeouts { connect: Duration::from_secs(5), total: Duration::from_secs(10) },
            ..Settings::new("journey")
        }
    }

    pub fn go_online(&mut self, settings: Settings) {
        let random = ChaCha20Rng::from_seed(rand::random());
        let (outbox, identity) = (self.outbox.as_ref().unwrap(), self.identity.as_ref().unwrap());
        let network = Network::start().unwrap();
        self.sync =
            Some(sync::start(settings, &network, outbox, identity, chrono::Utc::now, random).unwrap());
    }

    pub fn go_offline(&mut self) {
        if let Some(sync) = self.sync.take() {
            sync.stop();
        }
    }

    /// Queues the next visitor's submission; returns its receipt.
    pub fn tell(&mut self) -> Receipt {
        self.tell_as(self.sent.len())
    }

    /// Queues the `n`th visitor's submission; returns its receipt.
    pub fn tell_as(&mut self, n: usize) -> Receipt {
        let draft = draft(n);
        let receipt = {
            let identity = self.identity.as_ref().unwrap().lock().unwrap();
            let mut outbox = self.outbox.as_ref().unwrap().lock().unwrap();
            outbox.queue(&draft, &identity, chrono::Utc::now(), &mut self.random).unwrap()
        };
        if let Some(sync) = &self.sync {
            sync.wake();
        }
        self.sent.push((receipt.clone(), draft));
        receipt
    }

    pub fn sync(&self) -> &SyncHandle {
        self.sync.as_ref().unwrap()
    }

    /// Waits until the outbox is empty and the link is online.
    pub fn drained(&self) {
        let nothing_left = |s: &SyncStatus| {
            s.link == LinkState::Online && s.waiting == 0 && self.outbox().waiting().unwrap() == 0
        };
        self.sync()
            .wait(PATIENCE, nothing_left)
            .unwrap_or_else(|| panic!("stuck: {:?}", self.sync().status()));
    }

    /// Waits until the outbox is empty or `hopeless` is true; returns whether it is empty.
    pub fn drained_unless(&self, mut hopeless: impl FnMut() -> bool) -> bool {
        let begun = std::time::Instant::now();
        while begun.elapsed() < PATIENCE {
            // The status changes after each attempt, and a server that dies causes one.
            let nothing_left = |s: &SyncStatus| s.waiting == 0 && self.outbox().waiting().unwrap() == 0;
            if self.sync().wait(Duration::from_millis(50), nothing_left).is_some() {
                return true;
            }
            if hopeless() {
                return false;
            }
        }
        panic!("stuck: {:?}", self.sync().status())
    }

    /// Waits until the link is in this state.
    pub fn until(&self, link: LinkState) {
        let reached = self.sync().wait(PATIENCE, |s| s.link == link);
        reached.unwrap_or_else(|| panic!("not {link:?}: {:?}", self.sync().status()));
    }

    /// All bytes of all files in the kiosk's folder.
    pub fn everything_on_its_disk(&self) -> Vec<u8> {
        fn under(folder: &Path) -> Vec<u8> {
            let mut bytes = Vec::new();
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                bytes.extend(if path.is_dir() { under(&path) } else { std::fs::read(path).unwrap() });
            }
            bytes
        }
        under(self.folder.path())
    }
}
