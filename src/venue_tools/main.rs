//! `galleria-venue`: checks a map, finds routes on it and draws it.
//!
//! Exit status: 0 on success, 1 if the input is wrong (the message says what, where and what to do), 2 if
//! there is no route.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
