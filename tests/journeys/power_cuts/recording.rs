//! A recording of every change that a busy kiosk makes on its disk, taken with `strace`.

use std::collections::BTreeMap;
use std::process::Command;

use crate::stage::strace;

/// One recorded change. A file is identified by the number that it got when it was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A folder was made.
    Folder(String),
    /// A file was made.
    Made {
        path: String,
        file: usize,
    },
    Wrote {
        file: usize,
        at: usize,
        bytes: Vec<u8>,
    },
    Cut {
        file: usize,
        to: usize,
    },
    /// The data of this file and every earlier change of a name have reached the disk.
    Synced {
        file: usize,
    },
    /// Every earlier change of a name has reached the disk.
    SyncedNames,
    Renamed {
        from: String,
        to: String,
    },
    Removed {
        path: String,
    },
    /// A visitor got a receipt for the submission with this id.
    Thanked(String),
}

pub struct Recording {
    pub deeds: Vec<Deed>,
}

const CALLS: &str = "trace=openat,open,close,write,pwrite64,lseek,fsync,fdatasync,ftruncate,?rename,?renameat,\
                     ?renameat2,?unlink,?unlinkat,?mkdir,?mkdirat";

impl Recording {
    /// Runs a kiosk that queues, delivers, quarantines and restores submissions, as `seed` determines.
    pub fn of_a_busy_kiosk(seed: u64) -> Self {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        let log = place.path().join("calls");
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-xx", "-s", "2000000", "-e", CALLS, "-o"]).arg(&log);
        command.arg(env!("CARGO_BIN_EXE_journey-kiosk")).arg(&data).args(["busy", &seed.to_string(), "60"]);
        strace::run(&mut command);
        let text = std::fs::read_to_string(&log).unwrap();
        let mut reader = Reader { root: data.to_str().unwrap().to_owned(), ..Reader::default() };
        for line in text.lines() {
            reader.read(line);
        }
        let thanked = reader.deeds.iter().filter(|deed| matches!(deed, Deed::Thanked(_))).count();
        // Usually about 33 of 60. Fewer than 12 would not be the recording of a busy kiosk.
        assert!(thanked >= 12, "{thanked} were thanked");
        Self { deeds: reader.deeds }
    }

    /// The position of the first receipt; before it there is nothing to lose.
    pub fn first_thanks(&self) -> usize {
        self.deeds.iter().position(|deed| matches!(deed, Deed::Thanked(_))).unwrap()
    }
}

#[derive(Default)]
struct Reader {
    root: String,
    deeds: Vec<Deed>,
    /// Numbers of files by their path.
    named: BTreeMap<String, usize>,
    files: usize,
    /// The file and the position of each open descriptor; folders have no file.
    open: BTreeMap<i64, (Option<usize>, usize)>,
    /// The first part of a call that strace printed in two parts, by thread.
    begun: BTreeMap<String, String>,
}

impl Reader {
    fn read(&mut self, line: &str) {
        let (thread, call) = line.split_once(' ').unwrap();
        let call = call.trim_start();
        if let Some(begun) = call.strip_suffix("<unfinished ...>") {
            self.begun.insert(thread.to_owned(), begun.to_owned());
            return;
        }
        if let Some(rest) = call.strip_prefix("<... ") {
            let rest = rest.split_once("resumed>").unwrap().1;
            let whole = format!("{}{rest}", self.begun.remove(thread).unwrap());
            return self.whole(&whole);
        }
        self.whole(call);
    }

    fn whole(&mut self, call: &str) {
        let Some((name, rest)) = call.split_once('(') else { return };
        let Some((arguments, result)) = rest.rsplit_once(") = ").or_else(|| rest.rsplit_once(')')) else {
            return;
        };
        let result = result.trim_start_matches([' ', '=']).split_whitespace().next().unwrap_or("?");
        let Ok(result) = result.parse::<i64>() else { return };
        if result < 0 {
            return;
        }
        let (texts, numbers) = (texts(arguments), numbers(arguments));
        let descriptor = numbers.first().copied().unwrap_or(-1);
        match name {
            "open" | "openat" => self.opened(&texts[0], arguments, result),
            "close" => {
                self.open.remove(&descriptor);
            }
            "write" if descriptor == 1 => self.printed(&texts[0]),
            "write" => {
                if let Some((Some(file), at)) = self.open.get(&descriptor).copied() {
                    let bytes = texts[0].clone();
                    self.open.insert(descriptor, (Some(file), at + bytes.len()));
                    self.deeds.push(Deed::Wrote { file, at, bytes });
                }
            }
            "pwrite64" => {
                if let Some((Some(file), _)) = self.open.get(&descriptor).copied() {
                    let at = usize::try_from(*numbers.last().unwrap()).unwrap();
                    self.deeds.push(Deed::Wrote { file, at, bytes: texts[0].clone() });
                }
            }
            "lseek" => {
                if let Some(open) = self.open.get_mut(&descriptor) {
                    open.1 = usize::try_from(result).unwrap();
                }
            }
            "fsync" | "fdatasync" => match self.open.get(&descriptor) {
                Some((Some(file), _)) => self.deeds.push(Deed::Synced { file: *file }),
                Some((None, _)) => self.deeds.push(Deed::SyncedNames),
                None => {}
            },
            "ftruncate" => {
                if let Some((Some(file), _)) = self.open.get(&descriptor).copied() {
                    let to = usize::try_from(*numbers.last().unwrap()).unwrap();
                    self.deeds.push(Deed::Cut { file, to });
                }
            }
            "rename" | "renameat" | "renameat2" => {
                if let (Some(from), Some(to)) = (self.own(&texts[0]), self.own(&texts[1])) {
                    if let Some(file) = self.named.remove(&from) {
                        self.named.insert(to.clone(), file);
                    }
                    self.deeds.push(Deed::Renamed { from, to });
                }
            }
            "unlink" | "unlinkat" => {
                if let Some(path) = self.own(&texts[0]) {
                    self.named.remove(&path);
                    self.deeds.push(Deed::Removed { path });
                }
            }
            "mkdir" | "mkdirat" => {
                if let Some(path) = self.own(&texts[0]) {
                    self.deeds.push(Deed::Folder(path));
                }
            }
            _ => {}
        }
    }

    /// A path relative to the data folder; none for a path outside it.
    fn own(&self, path: &[u8]) -> Option<String> {
        let path = std::str::from_utf8(path).ok()?.strip_prefix(&self.root)?;
        Some(path.trim_start_matches('/').to_owned())
    }

    fn opened(&mut self, path: &[u8], arguments: &str, descriptor: i64) {
        let Some(path) = self.own(path) else { return };
        // Shared memory is not on the disk, and a lock file is empty.
        if path.ends_with("-shm") || path == "lock" {
            return;
        }
        if arguments.contains("O_DIRECTORY") || path.is_empty() || !path.contains(['.']) && path != "reserve"
        {
            self.open.insert(descriptor, (None, 0));
            return;
        }
        let file = match self.named.get(&path) {
            Some(file) => *file,
            None => {
                self.files += 1;
                self.named.insert(path.clone(), self.files);
                self.deeds.push(Deed::Made { path, file: self.files });
                self.files
            }
        };
        if arguments.contains("O_TRUNC") {
            self.deeds.push(Deed::Cut { file, to: 0 });
        }
        self.open.insert(descriptor, (Some(file), 0));
    }

    fn printed(&mut self, text: &[u8]) {
        for line in String::from_utf8_lossy(text).lines() {
            if let Some(id) = line.strip_prefix("thanked ") {
                self.deeds.push(Deed::Thanked(id.to_owned()));
            }
        }
    }
}

/// The quoted strings among the arguments; strace writes every byte of them as `\xNN`.
fn texts(arguments: &str) -> Vec<Vec<u8>> {
    let quoted = arguments.split('"').skip(1).step_by(2);
    let bytes = |text: &str| {
        let digits = text.as_bytes().chunks_exact(4);
        digits.map(|four| u8::from_str_radix(std::str::from_utf8(&four[2..]).unwrap(), 16).unwrap()).collect()
    };
    quoted.map(bytes).collect()
}

/// The plain numbers among the arguments.
fn numbers(arguments: &str) -> Vec<i64> {
    let outside: String = arguments.split('"').step_by(2).collect();
    outside.split(',').filter_map(|part| part.trim().parse().ok()).collect()
}

#[test]
fn a_recording_is_read_as_it_was_made() {
    let mut reader = Reader { root: "/d".to_owned(), ..Reader::default() };
    let hex = |text: &str| text.bytes().map(|b| format!("\\x{b:02x}")).collect::<String>();
    for line in [
        format!("7 openat(AT_FDCWD, \"{}\", O_RDWR|O_CREAT, 0600) = 5", hex("/d/outbox/queue.db")),
        format!("7 pwrite64(5, \"{}\", 2, 4096) = 2", hex("ab")),
        "7 fdatasync(5 <unfinished ...>".to_owned(),
        format!("8 write(1, \"{}\", 9) = 9", hex("thanked x\n")),
        "7 <... fdatasync resumed>) = 0".to_owned(),
        format!("7 pwrite64(5, \"{}\", 2, 0) = -1 EIO (Input/output error)", hex("cd")),
    ] {
        reader.read(&line);
    }
    let (path, bytes) = ("outbox/queue.db".to_owned(), b"ab".to_vec());
    assert_eq!(
        reader.deeds,
        [
            Deed::Made { path, file: 1 },
            Deed::Wrote { file: 1, at: 4096, bytes },
            Deed::Thanked("x".to_owned()),
            Deed::Synced { file: 1 },
        ]
    );
}
