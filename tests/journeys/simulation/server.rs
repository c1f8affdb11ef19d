//! The server of a simulation: it can be started, lose its power, be backed up and restored.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::TimeDelta;
use domain::Timestamp;
use domain::wire::Limits;
use server::admin::Admin;
use server::in_process::InProcessServer;
use server::secret::Password;
use server::{Clock, Random, Settings};

/// Virtual milliseconds since the beginning of the simulation.
pub type Millis = Arc<AtomicU64>;

/// The wall-clock time at which every simulation begins.
pub fn beginning() -> Timestamp {
    Timestamp::from_timestamp(1_795_226_400, 0).unwrap()
}

pub fn moment(millis: u64) -> Timestamp {
    beginning() + TimeDelta::milliseconds(i64::try_from(millis).unwrap())
}

pub struct Server {
    place: tempfile::TempDir,
    clock: Clock,
    random: Random,
    open: Option<InProcessServer>,
    pub limits: Limits,
    copies: u32,
}

/// A temporary folder, in a memory file system if there is one.
pub fn a_folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// A data folder as `init` creates it. Created once, because hashing the password is slow.
fn template() -> &'static tempfile::TempDir {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    MADE.get_or_init(|| {
        let place = a_folder();
        let wishes = server::setup::InitOptions {
            data: place.path().join("data"),
            hosts: Vec::new(),
            administrator: "admin".to_owned(),
            password: Some(Password::chosen("correct horse battery").unwrap()),
        };
        server::setup::init(wishes, &Clock::new(beginning), &Random::from_seed([1; 32])).unwrap();
        place
    })
}

/// Copies a folder in its current state, as a power cut leaves a folder in use. The shared memory of a
/// database is not on the disk.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (name, path) = (entry.file_name(), entry.path());
        if path.is_dir() {
            copy(&path, &to.join(&name));
        } else if !name.to_string_lossy().ends_with("-shm") && name != "lock" {
            fs::copy(&path, to.join(&name)).unwrap();
        }
    }
}

impl Server {
    pub fn new(seed: [u8; 32], millis: &Millis) -> Self {
        let place = a_folder();
        copy(&template().path().join("data"), &place.path().join("now-0"));
        let millis = Arc::clone(millis);
        let clock = Clock::new(move || moment(millis.load(Ordering::SeqCst)));
        let random = Random::from_seed(seed);
        let mut server = Self { place, clock, random, open: None, limits: Limits::default(), copies: 0 };
        server.start();
        server
    }

    pub fn data(&self) -> std::path::PathBuf {
        self.place.path().join(format!("now-{}", self.copies))
    }

    fn start(&mut self) {
        // An idle kiosk is silent for four minutes at most. Of the five minutes after a fault one is left to
        // send again what turns out to be missing on the server, or exceeded its limits before.
        let mut settings = Settings::new(self.data());
        (settings.next_poll_s, settings.token_days, settings.limits) = (240, 1, self.limits);
        self.open = Some(InProcessServer::open(settings, self.clock.clone(), self.random.clone()).unwrap());
    }

    pub fn in_process(&self) -> &InProcessServer {
        self.open.as_ref().unwrap()
    }

    pub fn admin(&self) -> Admin {
        Admin::open(&self.data(), self.clock.clone(), self.random.clone()).unwrap()
    }

    /// Cuts the power and starts the server again.
    pub fn cut(&mut self) {
        let from = self.data();
        self.copies += 1;
        copy(&from, &self.data());
        drop(self.open.take());
        fs::remove_dir_all(from).unwrap();
        self.start();
    }

    /// Makes a backup, which replaces the previous one.
    pub fn save(&self) {
        let backup = self.place.path().join("backup");
        let _ = fs::remove_dir_all(&backup);
        copy(&self.data(), &backup);
    }

    /// Restores the backup.
    pub fn restore(&mut self) {
        drop(self.open.take());
        fs::remove_dir_all(self.data()).unwrap();
        copy(&self.place.path().join("backup"), &self.data());
        self.start();
    }
}
