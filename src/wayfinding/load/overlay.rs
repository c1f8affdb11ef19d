//! The overlay `venue.toml`: what IMDF has no place for. Kiosks, escalator directions, lift stops, door
//! hours, closures.
//!
//! Each entry is read on its own: an error in one entry affects only that entry. References to features are
//! checked where they are applied, in `doors`, `shafts`, `moving_walkways`, `places`, `kiosks` and
//! `closures`.

mod reader;

use std::collections::BTreeMap;
use std::ops::Deref;

use chrono_tz::Tz;
use domain::language::{Labels, Language};
use serde::{Deserialize, Deserializer};
use toml::de::DeTable;

use crate::venue::{FeatureId, Finding, Speeds, TravelDirection};
use reader::{Reader, line_of};

/// The content of a `venue.toml`, with the findings made so far.
#[derive(Debug)]
pub(super) struct Overlay {
    pub time_zone: Tz,
    pub default_language: Option<Language>,
    pub credit: Option<String>,
    pub touching: TouchingFloors,
    pub kiosks: Vec<At<Kiosk>>,
    pub escalators: Vec<At<Escalator>>,
    pub lifts: Vec<At<Lift>>,
    pub moving_walkways: Vec<At<MovingWalkway>>,
    pub ramps: Vec<At<RampEntry>>,
    pub doors: Vec<At<DoorEntry>>,
    pub closures: Vec<At<ClosureEntry>>,
    pub landmarks: Vec<At<Landmark>>,
    pub parking_zones: Vec<At<Parking>>,
    pub shops: Vec<At<Shop>>,
    pub speeds: Speeds,
}

/// An entry and the line where it begins.
#[derive(Debug)]
pub(super) struct At<T> {
    pub line: usize,
    entry: T,
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.entry
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kiosk {
    pub code: String,
    pub feature: Option<FeatureId>,
    pub ordinal: i32,
    pub position: [f64; 2],
    pub heading: f64,
    #[serde(default = "usual_height")]
    pub screen_bottom_mm: u32,
    #[serde(default)]
    pub name: Labels,
}

fn usual_height() -> u32 {
    900
}

/// A direction, written as "up" or "down".
fn vertical<'de, D: Deserializer<'de>>(written: D) -> Result<Option<TravelDirection>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Vertical {
        Up,
        Down,
    }
    let read = Option::<Vertical>::deserialize(written)?;
    Ok(read.map(|direction| match direction {
        Vertical::Up => TravelDirection::Forward,
        Vertical::Down => TravelDirection::Backward,
    }))
}

/// Whether floors that touch are one floor, or need an opening between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum TouchingFloors {
    Open,
    #[default]
    Closed,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Escalator {
    pub unit: FeatureId,
    #[serde(default, deserialize_with = "vertical")]
    pub direction: Option<TravelDirection>,
    #[serde(default)]
    pub state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    #[default]
    InService,
    OutOfService,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum LiftAccess {
    #[default]
    Public,
    Staff,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lift {
    pub units: Vec<FeatureId>,
    pub stops: Option<Vec<i32>>,
    #[serde(default)]
    pub state: State,
    #[serde(default)]
    pub access: LiftAccess,
    pub hours: Option<String>,
    #[serde(default)]
    pub name: Labels,
}

/// A moving walkway: its direction in degrees clockwise from north, and its speed in metres a second.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MovingWalkway {
    pub unit: FeatureId,
    pub heading: Option<f64>,
    pub speed: Option<f64>,
    #[serde(default)]
    pub state: State,
}

/// The units of one ramp, on consecutive levels.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RampEntry {
    pub units: Vec<FeatureId>,
    #[serde(default)]
    pub state: State,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DoorEntry {
    pub opening: FeatureId,
    pub hours: Option<String>,
    /// The only side to which the door may be passed: a unit, or "outside".
    pub one_way_to: Option<Side>,
}

/// One side of a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Side {
    Unit(FeatureId),
    Named(NamedSide),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum NamedSide {
    Outside,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClosureEntry {
    pub feature: FeatureId,
    pub from: Option<String>,
    pub until: Option<String>,
    #[serde(default)]
    pub reason: Labels,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Landmark {
    pub feature: FeatureId,
    pub weight: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parking {
    pub section: FeatureId,
    pub code: String,
    #[serde(default)]
    pub name: Labels,
    pub colour: Option<String>,
    #[serde(default)]
    pub colour_name: Labels,
    pub bays: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shop {
    pub occupant: FeatureId,
    pub number: Option<String>,
    #[serde(default)]
    pub keywords: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpeedsEntry {
    walking: Option<f64>,
    step_free: Option<f64>,
    stroller: Option<f64>,
}

impl Overlay {
    pub fn parse(bytes: Option<&[u8]>, findings: &mut Vec<Finding>) -> Self {
        let text = bytes.map(std::str::from_utf8);
        let (text, mut table) = match text {
            Some(Ok(text)) => match DeTable::parse(text) {
                Ok(table) => (text, table.into_inner()),
                Err(cause) => {
                    let message = format!("venue.toml is not used: {}", cause.to_string().trim_end());
                    findings.push(Finding::error("OverlayFileMustBeReadable", None, message));
                    (text, DeTable::new())
                }
            },
            Some(Err(_)) => {
                let message = "venue.toml is not used: it is not UTF-8".to_owned();
                findings.push(Finding::error("OverlayFileMustBeReadable", None, message));
                ("", DeTable::new())
            }
            None => {
                let message =
                    "venue.toml is missing: no kiosk, no escalator direction, and UTC as the time zone";
                findings.push(Finding::warning("OverlayFileMustBePresent", None, message.to_owned()));
                ("", DeTable::new())
            }
        };
        let mut reader = Reader { text, table: &mut table, findings };
        if let Some(format) = reader.one::<i64>("format").filter(|f| *f != 1) {
            let message = format!("venue.toml has format {format}; it is read as format 1");
            reader.findings.push(Finding::warning("OverlayFormatMustBeValid", None, message));
        }
        let overlay = Self {
            time_zone: reader.time_zone(bytes.is_some()),
            default_language: reader.one("default_language"),
            credit: reader.one::<String>("credit").filter(|c| !c.trim().is_empty()),
            touching: reader.one("touching_walkways").unwrap_or_default(),
            kiosks: reader.list("kiosk"),
            escalators: reader.list("escalator"),
            lifts: reader.list("lift"),
            moving_walkways: reader.list("moving_walkway"),
            ramps: reader.list("ramp"),
            doors: reader.list("door"),
            closures: reader.list("closure"),
            landmarks: reader.list("landmark"),
            parking_zones: reader.list("parking_zone"),
            shops: reader.list("shop"),
            speeds: reader.speeds(),
        };
        for unknown in table.keys() {
            let (key, line) = (unknown.get_ref(), line_of(text, unknown.span().start));
            let message = format!("venue.toml line {line}: {key:?} means nothing here; it is left out");
            findings.push(Finding::error("OverlayKeyMustBeKnown", None, message));
        }
        overlay
    }
}

impl Reader<'_, '_> {
    fn time_zone(&mut self, expected: bool) -> Tz {
        let Some(name) = self.one::<String>("time_zone") else {
            if expected {
                self.fault("venue.toml names no time_zone; UTC is used".to_owned());
            }
            return Tz::UTC;
        };
        name.parse().unwrap_or_else(|_| {
            self.fault(format!("venue.toml: {name:?} is no IANA time zone; UTC is used"));
            Tz::UTC
        })
    }

    fn speeds(&mut self) -> Speeds {
        let usual = Speeds::default();
        let Some(entry) = self.one::<SpeedsEntry>("speeds") else { return usual };
        let mut speed = |name: &str, value: Option<f64>, usual: f64| match value {
            Some(v) if (0.1..=5.0).contains(&v) => v,
            Some(v) => {
                self.fault(format!("venue.toml: {name} = {v} is no speed of people in m/s; {usual} is used"));
                usual
            }
            None => usual,
        };
        Speeds {
            walking: speed("speeds.walking", entry.walking, usual.walking),
            step_free: speed("speeds.step_free", entry.step_free, usual.step_free),
            stroller: speed("speeds.stroller", entry.stroller, usual.stroller),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::Severity;

    fn read(text: &str) -> (Overlay, Vec<Finding>) {
        let mut findings = Vec::new();
        let overlay = Overlay::parse(Some(text.as_bytes()), &mut findings);
        (overlay, findings)
    }

    #[test]
    fn a_complete_overlay_is_read_without_a_finding() {
        let (overlay, findings) = read(
            r#"
            format = 1
            time_zone = "Asia/Shanghai"
            default_language = "zh-Hans"
            [[kiosk]]
            code = "K1"
            ordinal = 0
            position = [121.47, 31.23]
            heading = 270.0
            screen_bottom_mm = 850
            name = { "zh-Hans" = "北门", en = "North gate" }
            [[lift]]
            units = ["f918cd54-fa50-498d-a212-dca835ae422f"]
            stops = [-1, 0, 1]
            state = "out-of-service"
            access = "public"
            [[escalator]]
            unit = "f918cd54-fa50-498d-a212-dca835ae422f"
            direction = "up"
            [speeds]
            walking = 1.3
            "#,
        );
        assert_eq!(findings, []);
        assert_eq!(overlay.time_zone, Tz::Asia__Shanghai);
        assert_eq!(overlay.kiosks[0].code, "K1");
        assert_eq!(overlay.lifts[0].state, State::OutOfService);
        assert_eq!(overlay.speeds.walking, 1.3);
    }

    #[test]
    fn a_slip_in_one_entry_costs_that_entry() {
        let (overlay, findings) = read(
            "time_zone = \"Europe/Paris\"\n[[door]]\nopening = \"x\"\nhours = \"24/7\"\n\
             [[landmark]]\nfeature = \"f918cd54-fa50-498d-a212-dca835ae422f\"\nweight = 0.5\n",
        );
        assert_eq!(overlay.landmarks.len(), 1);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].message.contains("[[door]] number 1"), "{}", findings[0].message);
    }

    /// An unknown key is an error with its name and line.
    #[test]
    fn unknown_overlay_keys_are_errors() {
        let (overlay, findings) = read(
            "time_zone = \"UTC\"\nspeed = 1\n\n[[door]]\nopening = \"f918cd54-fa50-498d-a212-dca835ae422f\"\n\
             hours = \"24/7\"\nfrom = 7\n",
        );
        assert!(overlay.doors.is_empty());
        assert!(findings.iter().all(|f| f.rule == "OverlayKeyMustBeKnown" && f.severity == Severity::Error));
        let messages: Vec<_> = findings.iter().map(|f| f.message.as_str()).collect();
        assert!(messages[0].contains("line 7") && messages[0].contains("`from`"), "{messages:?}");
        assert!(messages[1].contains("line 2") && messages[1].contains("\"speed\""), "{messages:?}");
    }

    /// A file that is not TOML is a finding with its line.
    #[test]
    fn broken_toml_is_a_finding() {
        let (overlay, findings) = read("format = 1\n[[kiosk\n");
        assert!(overlay.kiosks.is_empty());
        assert!(findings[0].message.contains("line 2"), "{}", findings[0].message);
    }

    #[test]
    fn a_walking_speed_of_ninety_is_refused() {
        let (overlay, findings) = read("time_zone = \"UTC\"\n[speeds]\nwalking = 90.0\n");
        assert_eq!(overlay.speeds, Speeds::default());
        assert_eq!(findings.len(), 1);
    }
}
