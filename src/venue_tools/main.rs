//! `galleria-venue`: checks a map, finds ways on it and draws it.
//!
//! Exit status: 0 when it did what was asked, 1 when the input was wrong (the message says what, where
//! and what to do), 2 when there is no route.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
