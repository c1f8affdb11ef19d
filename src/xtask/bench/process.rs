//! Memory and processor time of running processes, from `/proc`.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

/// A process and all its descendants; the process itself is first.
///
/// # Errors
/// When `pgrep` cannot be started.
pub fn descendants(root: u32) -> Result<Vec<u32>> {
    let mut family = vec![root];
    let mut at = 0;
    while let Some(parent) = family.get(at).copied() {
        let out = Command::new("pgrep").args(["-P", &parent.to_string()]).output()?;
        family.extend(
            String::from_utf8_lossy(&out.stdout).split_whitespace().filter_map(|p| p.parse::<u32>().ok()),
        );
        at += 1;
    }
    Ok(family)
}

/// Resident memory of one process, in megabytes of 10⁶ bytes; pages it shares with others count in full.
///
/// # Errors
/// When the process is gone.
pub fn resident_mb(pid: u32) -> Result<f64> {
    Ok(field_kib(&fs::read_to_string(format!("/proc/{pid}/status"))?, "VmRSS:") * 1024.0 / 1e6)
}

/// Memory of several processes together, in megabytes of 10⁶ bytes: pages that they share count once.
pub fn proportional_mb(family: &[u32]) -> f64 {
    let rollups =
        family.iter().filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok());
    rollups.map(|rollup| field_kib(&rollup, "Pss:")).sum::<f64>() * 1024.0 / 1e6
}

fn field_kib(text: &str, name: &str) -> f64 {
    let value = text.lines().find_map(|l| l.strip_prefix(name)).unwrap_or("0");
    value.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}

/// Processor time of these processes over a duration, in per cent of one core.
pub fn cpu_percent(processes: &[u32], over: Duration) -> f64 {
    let ticks = || -> f64 {
        processes
            .iter()
            .filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/stat")).ok())
            .filter_map(|stat| {
                // utime and stime are fields 14 and 15; the name in field 2 may contain spaces.
                let fields: Vec<f64> =
                    stat.rsplit_once(") ")?.1.split(' ').filter_map(|f| f.parse().ok()).collect();
                Some(fields.get(10)? + fields.get(11)?)
            })
            .sum()
    };
    let before = ticks();
    std::thread::sleep(over);
    let per_second = 100.0;
    (ticks() - before) / per_second / over.as_secs_f64() * 100.0
}
