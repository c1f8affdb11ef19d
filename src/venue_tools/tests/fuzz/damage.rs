//! Damage to real files: bytes flipped, cut, repeated or swapped between files, numbers replaced, values
//! nested very deeply, members of a zip damaged or renamed to each other's names.

use proptest::prelude::*;
use proptest::sample::Index;

/// One damage. Positions are relative to the length of the file.
#[derive(Clone, Debug)]
pub enum Damage {
    Flip(Index, u8),
    /// The end is cut off.
    Cut(Index),
    /// A section is repeated.
    Repeat(Index, Index),
    /// A section of up to 200 bytes is removed.
    Remove(Index, Index),
    /// The first number after a position is replaced.
    Number(Index, String),
    /// Many brackets open at a position, and some close.
    Nest(Index, &'static str, usize),
    /// The text between two quotation marks is moved to another position.
    Quote(Index, Index),
}

pub fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    let number = prop_oneof![
        Just("1e308".to_owned()),
        Just("-1e308".to_owned()),
        Just("1e400".to_owned()),
        Just("5e-324".to_owned()),
        Just("18446744073709551616".to_owned()),
        Just("null".to_owned()),
        Just("\"7\"".to_owned()),
        any::<f64>().prop_map(|n| format!("{n:e}")),
        (-180.0..180.0f64).prop_map(|n| n.to_string()),
        (-9i32..9).prop_map(|n| n.to_string()),
    ];
    prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(i, b)| Damage::Flip(i, b)),
        1 => at().prop_map(Damage::Cut),
        1 => (at(), at()).prop_map(|(i, j)| Damage::Repeat(i, j)),
        2 => (at(), at()).prop_map(|(i, j)| Damage::Remove(i, j)),
        8 => (at(), number).prop_map(|(i, n)| Damage::Number(i, n)),
        1 => (at(), prop::sample::select(vec!["[", "{\"a\":", "[[[[", "{a={", "\"[", "-"]), 1usize..200_000)
            .prop_map(|(i, with, n)| Damage::Nest(i, with, n)),
        3 => (at(), at()).prop_map(|(i, j)| Damage::Quote(i, j)),
    ]
}

/// The bytes after all of these damages.
pub fn damaged(bytes: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for damage in damages {
        if bytes.is_empty() {
            break;
        }
        let size = bytes.len();
        let span = |i: &Index, j: &Index| {
            let (a, b) = (i.index(size), j.index(size));
            (a.min(b), a.max(b))
        };
        match damage {
            Damage::Flip(at, byte) => bytes[at.index(size)] = *byte,
            Damage::Cut(at) => bytes.truncate(at.index(size)),
            Damage::Repeat(i, j) => {
                let (from, to) = span(i, j);
                let part = bytes[from..to].to_vec();
                bytes.splice(to..to, part);
            }
            Damage::Remove(i, j) => {
                let (from, to) = span(i, j);
                bytes.drain(from..to.min(from + 200));
            }
            Damage::Number(at, number) => {
                let is_part = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'-');
                let Some(from) = (at.index(size)..size).find(|i| is_part(&bytes[*i])) else { continue };
                let to = (from..size).find(|i| !is_part(&bytes[*i])).unwrap_or(size);
                bytes.splice(from..to, number.bytes());
            }
            Damage::Nest(at, with, times) => {
                let at = at.index(size);
                bytes.splice(at..at, with.repeat(*times).into_bytes());
            }
            Damage::Quote(i, j) => {
                let quoted = |at: usize| {
                    let from = (at..size).find(|i| bytes[*i] == b'"')? + 1;
                    let to = (from..size).find(|i| bytes[*i] == b'"')?;
                    Some((from, to))
                };
                if let (Some(from), Some(to)) = (quoted(i.index(size)), quoted(j.index(size))) {
                    let words = bytes[from.0..from.1].to_vec();
                    bytes.splice(to.0..to.1, words);
                }
            }
        }
    }
    bytes
}
