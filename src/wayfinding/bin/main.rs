//! `galleria-venue`: checks a map, finds ways on it and draws it.
fn main() {}
