//! Kills a program at its Nth system call of a kind, or makes that call fail, with `strace`.
//!
//! The signal comes when the program enters the call, before the kernel executes it: all earlier calls have
//! happened, this one and later ones have not. The Debian package is `strace`.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

/// A kind of system call.
#[derive(Clone, Copy, Debug)]
pub struct Calls(pub &'static str);

/// Syncs of a file to the disk.
pub const SYNC: Calls = Calls("fsync,fdatasync");
/// Writes to a database.
pub const WRITE: Calls = Calls("pwrite64");
/// Renames, removals and truncations of files.
pub const NAME: Calls = Calls("?rename,?renameat,?renameat2,?unlink,?unlinkat,ftruncate");
/// Sends on the network.
pub const SAY: Calls = Calls("sendto,sendmsg,writev");
/// Receives from the network.
pub const HEAR: Calls = Calls("recvfrom,recvmsg");

/// A command that runs `program` and kills it at its `nth` call of this kind.
pub fn kill_at(calls: Calls, nth: u32, program: &Path) -> Command {
    inject(calls, "signal=SIGKILL", nth, program)
}

/// A command that runs `program` and makes its `nth` call of this kind, and only that one, fail with `error`.
pub fn fail_at(calls: Calls, error: &str, nth: u32, program: &Path) -> Command {
    inject(calls, &format!("error={error}"), nth, program)
}

fn inject(calls: Calls, fault: &str, nth: u32, program: &Path) -> Command {
    let mut command = Command::new("strace");
    // With -D the tracer is a grandchild, so the child process is the program itself.
    command.args(["-D", "-f", "-qq", "-o", "/dev/null"]);
    command.args(["-e", &format!("trace={}", calls.0)]);
    command.args(["-e", &format!("inject={}:{fault}:when={nth}", calls.0)]);
    command.arg(program);
    command
}

pub fn was_killed(status: ExitStatus) -> bool {
    status.signal() == Some(9)
}

/// The exit status and the output of a program.
pub struct Ended {
    pub status: ExitStatus,
    pub lines: Vec<String>,
    pub errors: String,
}

/// Runs a program to its end. Panics unless it succeeded or was killed.
pub fn run(command: &mut Command) -> Ended {
    let ended = run_to_any_end(command);
    assert!(
        ended.status.success() || was_killed(ended.status),
        "{command:?}: {}: {}",
        ended.status,
        ended.errors
    );
    ended
}

/// Runs a program to its end, whatever its exit status.
pub fn run_to_any_end(command: &mut Command) -> Ended {
    let output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|cause| panic!("{:?}: {cause}. Debian package strace", command.get_program()));
    let lines = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    Ended { status: output.status, lines, errors: String::from_utf8_lossy(&output.stderr).into_owned() }
}

/// Starts a program that prints a line when it is ready. None if it was killed before that.
pub fn start(command: &mut Command) -> (Child, Option<(String, BufReader<ChildStdout>)>) {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|cause| panic!("{:?}: {cause}. Debian package strace", command.get_program()));
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    let ready = out.read_line(&mut line).is_ok_and(|n| n > 0);
    (child, ready.then_some((line, out)))
}
