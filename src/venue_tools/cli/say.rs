//! What the program prints: line by line, to a reader who may leave before the end.
//!
//! `galleria-venue … | head` closes the pipe after ten lines. That is no fault: the rest is not printed, the
//! work is done to its end, and the exit status is what it would have been. Any other failure to print, such
//! as a full disk, ends the program as bad input does: an answer that nobody has is none.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

/// A line on the standard output.
macro_rules! say {
    ($($told:tt)*) => { crate::cli::say::out(::std::format_args!($($told)*)) };
}

/// A line on the standard error.
macro_rules! complain {
    ($($told:tt)*) => { crate::cli::say::err(::std::format_args!($($told)*)) };
}

pub(crate) fn out(line: Arguments) {
    if let Err(cause) = print(&mut io::stdout().lock(), line) {
        err(format_args!("galleria-venue: the answer cannot be printed: {cause}"));
        std::process::exit(1);
    }
}

pub(crate) fn err(line: Arguments) {
    // A reader who closed the pipe cannot be told that printing failed.
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

    /// A reader who left is no fault and a full disk is one.
    #[test]
    fn full_disks_are_faults_closed_pipes_are_not() {
        assert!(print(&mut Gone(ErrorKind::BrokenPipe), format_args!("a way")).is_ok());
        assert!(print(&mut Gone(ErrorKind::StorageFull), format_args!("a way")).is_err());
    }
}
