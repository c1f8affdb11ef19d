//! The project's own commands.
//!
//! `cargo xtask COMMAND`, see `cargo xtask` for the list. Nothing here is needed at run time.

mod demo_mall;

fn main() -> anyhow::Result<()> {
    let command = std::env::args().nth(1);
    match command.as_deref() {
        Some("demo-mall") => demo_mall::write(&demo_mall::folder()),
        _ => anyhow::bail!("usage: cargo xtask demo-mall"),
    }
}
