//! Output, line by line, to a reader that may close the pipe early.
//!
//! `galleria-venue … | head` closes the pipe after ten lines. This is no error: the rest is not printed,
//! the work is completed, and the exit status stays the same. Any other write error, such as a full disk,
//! ends the program like bad input does, because nobody has the complete answer.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

/// Prints a line on standard output.
macro_rules! say {
    ($($line:tt)*) => { crate::cli::say::out(::std::format_args!($($line)*)) };
}

/// Prints a line on standard error.
macro_rules! complain {
    ($($line:tt)*) => { crate::cli::say::err(::std::format_args!($($line)*)) };
}

pub(crate) fn out(line: Arguments) {
    if let Err(cause) = print(&mut io::stdout().lock(), line) {
        err(format_args!("galleria-venue: the answer cannot be printed: {cause}"));
        std::process::exit(1);
    }
}

pub(crate) fn err(line: Arguments) {
    // If standard error is closed, there is nowhere to report the failure.
    let _ = print(&mut io::stderr().lock(), line);
}

fn print(to: &mut impl Write, line: Arguments) -> io::Result<()> {
    match writeln!(to, "{line}").and_then(|()| to.flush()) {
        Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Gone(ErrorKind);

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A closed pipe is no error; a full disk is one.
    #[test]
    fn full_disks_are_faults_closed_pipes_are_not() {
        assert!(print(&mut Gone(ErrorKind::BrokenPipe), format_args!("a way")).is_ok());
        assert!(print(&mut Gone(ErrorKind::StorageFull), format_args!("a way")).is_err());
    }
}
