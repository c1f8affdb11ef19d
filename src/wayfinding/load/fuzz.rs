//! Fuzz tests: arbitrary bytes give an error or findings, never a panic and never an endless loop.
//!
//! Small archives are damaged in the manner of files (bytes flipped, cut, repeated) and of programs (values
//! of another type, missing members, numbers beyond all bounds, features that refer to themselves).
//! `GALLERIA_CASES` multiplies the number of cases; 200 is enough for a night.

use std::io::Cursor;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::*;
use crate::testing::malls::cases;
use crate::testing::on_disk::zip_of;
use crate::testing::small;

/// A damage to the bytes of a file.
#[derive(Clone, Debug)]
enum Harm {
    Flip(Index, u8),
    Cut(Index),
    Repeat(Index, Index),
    Remove(Index, Index),
}

fn harm() -> impl Strategy<Value = Harm> {
    let at = any::<Index>;
    prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(i, b)| Harm::Flip(i, b)),
        1 => at().prop_map(Harm::Cut),
        1 => (at(), at()).prop_map(|(i, j)| Harm::Repeat(i, j)),
        1 => (at(), at()).prop_map(|(i, j)| Harm::Remove(i, j)),
    ]
}

fn harmed(bytes: &[u8], harms: &[Harm]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for harm in harms.iter().filter(|_| true) {
        if bytes.is_empty() {
            break;
        }
        let span = |i: &Index, j: &Index, n: usize| {
            let (a, b) = (i.index(n), j.index(n));
            (a.min(b), a.max(b))
        };
        match harm {
            Harm::Flip(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Harm::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Harm::Repeat(i, j) => {
                let (a, b) = span(i, j, bytes.len());
                let part = bytes[a..b].to_vec();
                bytes.splice(b..b, part);
            }
            Harm::Remove(i, j) => {
                let (a, b) = span(i, j, bytes.len());
                bytes.drain(a..b.min(a + 200));
            }
        }
    }
    bytes
}

/// The values that replace a value of a map.
fn replacement() -> impl Strategy<Value = Value> {
    let deep = (0..90).fold(json!(0), |inside, _| json!([inside]));
    prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!({})),
        Just(json!([])),
        Just(json!("")),
        Just(json!("NaN")),
        Just(json!("\u{0}\u{202e}")),
        Just(json!(1e308)),
        Just(json!(-1e308)),
        Just(json!(u64::MAX)),
        Just(json!(5e-324)),
        Just(json!(-0.0)),
        Just(json!(180)),
        Just(json!([[[0, 0], [1e-9, 1e-9], [0, 0]]])),
        Just(deep),
        any::<f64>().prop_map(|n| json!(n)),
        (-200.0..200.0f64).prop_map(|n| json!(n)),
        "[a-z.;: -]{0,20}".prop_map(|t| json!(t)),
    ]
}

/// A change of one value of a JSON file.
#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    Remove,
    Double,
    /// The id of the feature that contains the value: a reference to itself.
    Own,
    /// Another value of the same file.
    Other(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => replacement().prop_map(Change::Replace),
        2 => Just(Change::Remove),
        1 => Just(Change::Double),
        1 => Just(Change::Own),
        2 => any::<Index>().prop_map(Change::Other),
    ]
}

/// Collects the paths to a value and to all values below it.
fn paths(value: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, v)| paths(v, &format!("{here}/{i}"), all))
        }
        Value::Object(members) => {
            let escaped = |k: &str| k.replace('~', "~0").replace('/', "~1");
            members.iter().for_each(|(k, v)| paths(v, &format!("{here}/{}", escaped(k)), all));
        }
        _ => {}
    }
}

fn changed(text: &[u8], changes: &[(Index, Change)]) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(text).unwrap();
    for (at, change) in changes {
        let mut all = Vec::new();
        paths(&value, "", &mut all);
        let path = all[at.index(all.len())].clone();
        let own = path.split('/').take(3).collect::<Vec<_>>().join("/");
        let put = match change {
            Change::Replace(with) => with.clone(),
            Change::Own => value.pointer(&format!("{own}/id")).cloned().unwrap_or(Value::Null),
            Change::Other(index) => value.pointer(&all[index.index(all.len())]).cloned().unwrap(),
            Change::Remove | Change::Double => {
                let (above, key) = path.rsplit_once('/').unwrap_or(("", ""));
                match value.pointer_mut(above) {
                    Some(Value::Object(members)) if matches!(change, Change::Remove) => {
                        members.remove(key);
                    }
                    Some(Value::Array(items)) => {
                        let Ok(index) = key.parse::<usize>() else { continue };
                        if matches!(change, Change::Remove) {
                            items.remove(index);
                        } else {
                            items.push(items[index].clone());
                        }
                    }
                    _ => {}
                }
                continue;
            }
        };
        *value.pointer_mut(&path).unwrap() = put;
    }
    value.to_string().into_bytes()
}

/// The same files with one of them replaced.
fn with(archive: &Archive, name: &str, bytes: Vec<u8>) -> Archive {
    let kept =
        archive.files().map(|(n, b)| (n.to_owned(), if n == name { bytes.clone() } else { b.to_vec() }));
    Archive::new(kept)
}

/// A small mall with at least one of every feature that a map can have.
fn whole() -> Archive {
    let mut small = small();
    let plan = &mut small.plan;
    let lift = small.lift.clone();
    let end = |id: &str| json!({"id": id, "feature_type": "unit"});
    plan.relationship(json!({"category": "elevator", "direction": "undirected", "origin": end(&lift[0]),
        "intermediary": null, "destination": end(&lift[1]), "hours": "Mo-Su 08:00-22:00"}));
    plan.relationship(json!({"category": "traversal", "direction": "undirected", "origin": null,
        "intermediary": [{"id": small.lift_doors[0], "feature_type": "opening"}], "destination": null,
        "hours": "Mo-Su 08:00-22:00"}));
    plan.fixture(0, (10.0, 3.0, 11.0, 4.0));
    plan.overlay(&format!(
        "[[lift]]\nunits = [\"{}\", \"{}\"]\nstops = [0, 1]\nstate = \"in-service\"",
        lift[0], lift[1]
    ));
    plan.overlay(&format!("[[door]]\nopening = \"{}\"\nhours = \"Mo-Su 09:00-22:00\"", small.entrance));
    plan.overlay(&format!(
        "[[closure]]\nfeature = \"{}\"\nfrom = \"2026-11-18T00:00:00+08:00\"",
        small.shops[0]
    ));
    plan.overlay(&format!(
        "[[shop]]\noccupant = \"{}\"\nnumber = \"L0-1\"\nkeywords = {{ en = [\"tea\"] }}",
        small.shops[1]
    ));
    plan.overlay(&format!("[[landmark]]\nfeature = \"{}\"\nweight = 0.5", small.shops[2]));
    plan.overlay("[speeds]\nwalking = 1.3\n");
    plan.archive()
}

/// Loads an archive. If it gives a map, also routes on it and draws it.
fn survive(archive: &Archive, further: bool) {
    let Ok(loaded) = parse(archive) else { return };
    if further {
        let router = crate::route::Router::new(std::sync::Arc::new(loaded.venue));
        let venue = router.venue();
        for kiosk in venue.kiosks().iter().take(1) {
            let tree = router.tree(kiosk, crate::route::TravelProfile::Walking, crate::testing::at(12, 0));
            for place in venue.places() {
                let _ = tree.route_to(&place.id);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(100)))]

    /// No damage to the bytes of any file causes a panic.
    #[test]
    fn damaged_bytes_never_panic(
        file in any::<Index>(),
        harms in proptest::collection::vec(harm(), 1..6),
    ) {
        let whole = whole();
        let names: Vec<String> = whole.files().map(|(n, _)| n.to_owned()).collect();
        let name = &names[file.index(names.len())];
        survive(&with(&whole, name, harmed(whole.get(name).unwrap(), &harms)), false);
    }

    #[test]
    fn no_value_of_another_kind_makes_it_panic(
        file in any::<Index>(),
        changes in proptest::collection::vec((any::<Index>(), change()), 1..8),
        further in proptest::bool::weighted(0.2),
    ) {
        let whole = whole();
        let names: Vec<String> = whole.files().map(|(n, _)| n.to_owned()).filter(|n| n.ends_with("json")).collect();
        let name = &names[file.index(names.len())];
        survive(&with(&whole, name, changed(whole.get(name).unwrap(), &changes)), further);
    }

    #[test]
    fn no_damage_to_a_zip_makes_it_panic(harms in proptest::collection::vec(harm(), 1..6)) {
        let whole = whole();
        let bytes = zip_of(whole.files().map(|(n, b)| (n.to_owned(), b)));
        if let Ok(archive) = packed::read(Cursor::new(harmed(&bytes, &harms))) {
            survive(&archive, false);
        }
    }

    #[test]
    fn no_overlay_makes_it_panic(
        lines in proptest::collection::vec((any::<Index>(), any::<Index>(), "[a-z]{1,8}|[-0-9.e]{1,9}|\\[|\\]|\"|=|inf|nan|1e400|-9223372036854775808|true|\\{"), 0..6),
        harms in proptest::collection::vec(harm(), 0..3),
    ) {
        let whole = whole();
        let text = String::from_utf8(whole.get("venue.toml").unwrap().to_vec()).unwrap();
        let mut all: Vec<String> = text.lines().map(str::to_owned).collect();
        for (at, word, put) in lines {
            let line = at.index(all.len());
            // One word of the line is replaced.
            let mut words: Vec<String> = all[line].split(' ').map(str::to_owned).collect();
            let word = word.index(words.len());
            words[word] = put;
            all[line] = words.join(" ");
        }
        let bytes = harmed(all.join("\n").as_bytes(), &harms);
        survive(&with(&whole, "venue.toml", bytes), false);
    }
}
