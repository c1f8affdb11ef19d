//! After a visit, what the visitor typed is nowhere: not in the kiosk's folder, not in its log, and not in
//! the memory of the program that is still running.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;

/// Nothing else on this machine says that.
const TYPED: &str = "Quetzalbloxwimpf";

/// What it looks like in the encodings that programs use. The ends are left off: a copy that was cut short
/// is one, too.
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
        // Whole groups of three bytes, wherever they begin.
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

/// Everything that the program has in its memory, as a core dump would hold it.
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

#[test]
fn what_was_typed_is_in_no_file_no_log_and_no_memory_when_the_visit_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_journey-kiosk"))
        .arg(&data)
        .arg("visit")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let (mut out, mut keys) = (BufReader::new(child.stdout.take().unwrap()), child.stdin.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        line
    };
    let disguised: String = TYPED.bytes().map(|byte| format!("{:02x}", byte ^ 0x5A)).collect();
    writeln!(keys, "{disguised}").unwrap();

    assert_eq!(next(), "typed\n", "{}", std::fs::read_to_string(&log).unwrap());
    assert!(!found_in_memory(&child).is_empty(), "while it is being typed it is there, and is found");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{core}");

    writeln!(keys).unwrap();
    assert_eq!(next(), "over\n", "{}", std::fs::read_to_string(&log).unwrap());
    assert_eq!(found_in_memory(&child), [] as [String; 0]);
    assert_eq!(found_under(folder.path()), [] as [String; 0]);
    writeln!(keys).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(found_under(folder.path()), [] as [String; 0]);
    let size = std::fs::metadata(data.join("outbox/queue.db")).unwrap().len();
    assert!(size > 0, "something was queued");
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
