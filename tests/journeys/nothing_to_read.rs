//! After a visit nothing that the visitor typed remains: not in the kiosk's folder, not in its log, and not
//! in the memory of the running program.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;

/// A word that occurs nowhere else on this machine.
const TYPED: &str = "Quetzalbloxwimpf";

/// The word in the encodings that programs use. The ends are left off, to find a truncated copy too.
fn disguises() -> Vec<(&'static str, Vec<u8>)> {
    let part = &TYPED[2..14];
    let wide = |bytes: fn(u16) -> [u8; 2]| part.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let wider = |bytes: fn(u32) -> [u8; 4]| part.chars().map(u32::from).flat_map(bytes).collect::<Vec<u8>>();
    let mut all = vec![
        ("UTF-8", part.as_bytes().to_vec()),
        ("UTF-16, little end first", wide(u16::to_le_bytes)),
        ("UTF-16, big end first", wide(u16::to_be_bytes)),
        ("UTF-32, little end first", wider(u32::to_le_bytes)),
        ("UTF-32, big end first", wider(u32::to_be_bytes)),
    ];
    for skipped in 0..3 {
        // base64 encodes groups of three bytes, at any of three offsets.
        let bytes = &TYPED.as_bytes()[skipped..];
        let whole = bytes.len() / 3 * 3;
        all.push(("base64", BASE64.encode(&bytes[..whole]).into_bytes()));
    }
    all
}

fn found_in(bytes: &[u8]) -> Vec<&'static str> {
    let holds = |needle: &[u8]| {
        let first = needle[0];
        bytes.windows(needle.len()).any(|window| window[0] == first && window == needle)
    };
    disguises().iter().filter(|(_, needle)| holds(needle)).map(|(name, _)| *name).collect()
}

/// The occurrences in the whole memory of the program, as a core dump would hold it.
fn found_in_memory(of: &Child) -> Vec<String> {
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", of.id())).unwrap();
    let mut memory = File::open(format!("/proc/{}/mem", of.id())).unwrap();
    let (mut found, mut read) = (Vec::new(), 0);
    for line in maps.lines().filter(|line| !line.contains("[v")) {
        let (range, rest) = line.split_once(' ').unwrap();
        let (from, to) = range.split_once('-').unwrap();
        let address = |hex| u64::from_str_radix(hex, 16).unwrap();
        let mut bytes = vec![0; usize::try_from(address(to) - address(from)).unwrap()];
        memory.seek(SeekFrom::Start(address(from))).unwrap();
        if !rest.starts_with('r') || memory.read_exact(&mut bytes).is_err() {
            continue;
        }
        read += bytes.len();
        found.extend(found_in(&bytes).into_iter().map(|name| format!("{name} in {line}")));
    }
    assert!(read > 1_000_000, "a program has more memory than {read} bytes");
    found
}

fn found_under(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(found_under(&path));
        } else {
            let names = found_in(&std::fs::read(&path).unwrap());
            found.extend(names.iter().map(|name| format!("{name} in {}", path.display())));
        }
    }
    found
}

/// A visit by the real application in its own process.
struct Visit {
    folder: tempfile::TempDir,
    child: Child,
    out: BufReader<ChildStdout>,
    keys: ChildStdin,
}

impl Visit {
    fn begin(how: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_journey-kiosk"))
            .arg(folder.path().join("data"))
            .arg(how)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let (out, mut keys) = (BufReader::new(child.stdout.take().unwrap()), child.stdin.take().unwrap());
        let disguised: String = TYPED.bytes().map(|byte| format!("{:02x}", byte ^ 0x5A)).collect();
        writeln!(keys, "{disguised}").unwrap();
        Self { folder, child, out, keys }
    }

    /// Waits until the program reports that everything is typed.
    fn typed(mut self) -> Self {
        self.says("typed\n");
        self
    }

    /// Sends the submission, and waits until the visit has ended.
    fn over(mut self) -> Self {
        writeln!(self.keys).unwrap();
        self.says("over\n");
        self
    }

    fn says(&mut self, word: &str) {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        assert_eq!(line, word, "{}", std::fs::read_to_string(self.folder.path().join("log")).unwrap());
    }

    /// Forces a core dump; none if the program died without one.
    fn dump_core(mut self) -> Option<Vec<u8>> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::ABORT).unwrap();
        let status = self.child.wait().unwrap();
        assert_eq!(status.signal(), Some(6), "{status}");
        if !status.core_dumped() {
            return None;
        }
        let mut files = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap());
        let core = files.find(|file| file.file_name().to_string_lossy().starts_with("core"));
        Some(std::fs::read(core.expect("the kernel says that it wrote one").path()).unwrap())
    }
}

/// After the visit no file, no log and no memory contains what was typed.
#[test]
fn a_visit_leaves_no_trace() {
    let visit = Visit::begin("visit").typed();
    assert!(!found_in_memory(&visit.child).is_empty(), "the search finds the text while it is typed");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", visit.child.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{core}");

    let Visit { folder, mut child, keys, .. } = {
        let visit = visit.over();
        assert_eq!(found_in_memory(&visit.child), [] as [String; 0]);
        assert_eq!(found_under(visit.folder.path()), [] as [String; 0]);
        visit
    };
    drop(keys);
    assert!(child.wait().unwrap().success());
    assert_eq!(found_under(folder.path()), [] as [String; 0]);
    let size = std::fs::metadata(folder.path().join("data/outbox/queue.db")).unwrap().len();
    assert!(size > 0, "something was queued");
}

/// The kernel writes core dumps. Only the first half is tested where it pipes them to another program, writes
/// them to a fixed folder, or is limited; the test above reads the memory itself.
#[test]
fn core_dumps_tell_nothing_of_a_visit() {
    assert_eq!(Visit::begin("visit").typed().dump_core(), None, "the program forbids core dumps");

    let pattern = std::fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();
    let limit = rustix::process::getrlimit(rustix::process::Resource::Core).maximum;
    if pattern.starts_with(['|', '/']) || limit.is_some() {
        println!("no core dump can be forced here: core_pattern is {pattern:?}, the limit {limit:?}");
        return;
    }
    let allowed = || Visit::begin("visit-with-core-dumps").typed();
    let during = allowed().dump_core().expect("core dumps are allowed now");
    assert!(!found_in(&during).is_empty(), "the search finds the text while it is typed");
    let after = allowed().over().dump_core().expect("core dumps are allowed now");
    assert!(after.len() > 1_000_000, "a program has more memory than {} bytes", after.len());
    assert_eq!(found_in(&after), [] as [&str; 0]);
    println!("core dumps of {} bytes during a visit and {} after it", during.len(), after.len());
}

#[test]
fn words_are_found_in_whatever_encoding_they_lie() {
    for (name, needle) in disguises() {
        let mut bytes = vec![7; 1000];
        bytes.extend(needle);
        bytes.extend([0; 100]);
        assert!(found_in(&bytes).contains(&name), "{name}");
    }
    let file = format!("x{}", BASE64.encode(format!("ab{TYPED}cd")));
    assert_eq!(found_in(file.as_bytes()), ["base64"]);
    assert!(found_in(&[0x42; 4096]).is_empty());
}
