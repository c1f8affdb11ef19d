//! A busy kiosk is killed repeatedly at random moments, while it queues submissions and sends them over TLS.
//!
//! `killed_kiosk` kills at each step; this test finds failures that need many things at once.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::process::{Command, Stdio};
use std::time::Duration;

use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;

use crate::stage::chance::Chance as _;
use crate::stage::mall::Mall;

const PROGRAM: &str = env!("CARGO_BIN_EXE_journey-kiosk");

/// Scaled for CI; `GALLERIA_KILLS` sets the number of kills, `GALLERIA_SEED` selects the moments.
#[test]
fn a_randomly_killed_kiosk_loses_nothing() {
    let seed = crate::stage::scale("GALLERIA_SEED", 1);
    let kills = crate::stage::scale("GALLERIA_KILLS", 12);
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let mall = Mall::open();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (number, code) = mall.expect_kiosk();
    let (mut thanked, mut in_time) = (BTreeSet::new(), 0);
    for _ in 0..kills {
        let mut command = Command::new(PROGRAM);
        command.arg(&data).args(["live", mall.address().as_str()]).arg(mall.ca()).arg(&code);
        let mut child = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || whole_lines(BufReader::new(out)));
        std::thread::sleep(Duration::from_millis(30 + random.below(170)));
        child.kill().unwrap();
        child.wait().unwrap();
        let lines = reader.join().unwrap();
        in_time += usize::from(!lines.is_empty());
        thanked.extend(lines.iter().filter_map(|line| line.strip_prefix("receipt ").map(str::to_owned)));
    }
    let mut command = Command::new(PROGRAM);
    command.arg(&data).args(["send", mall.address().as_str()]).arg(mall.ca()).arg(&code);
    assert_eq!(crate::stage::strace::run(&mut command).lines, ["empty"]);

    let arrived = mall.arrived(number);
    let tokens: BTreeSet<&str> = arrived.iter().map(|a| a.token_digest.as_str()).collect();
    let doubled = arrived.len() - tokens.len();
    let lost = thanked.iter().filter(|token| !tokens.contains(token.as_str())).count();
    println!("{} were thanked", thanked.len());
    println!("soaked: kills {kills}, lost {lost}, doubled {doubled}");
    assert_eq!((lost, doubled), (0, 0), "GALLERIA_SEED={seed}");
    // The submission that was being written at each kill may be stored without a receipt.
    assert!(arrived.len() <= thanked.len() + usize::try_from(kills).unwrap());
    assert!(in_time > 0, "it was killed before it could take anything in");
}

/// The complete lines of the output.
fn whole_lines(mut out: impl std::io::BufRead) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        match out.read_line(&mut line) {
            Ok(n) if n > 0 && line.ends_with('\n') => lines.push(line.trim_end().to_owned()),
            _ => return lines,
        }
    }
}
