//! Facilities that a visitor searches for by kind ("the nearest lift"), and the IMDF categories that count
//! as each.

use serde::{Deserialize, Serialize};

/// A kind of facility; visitors ask for the nearest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each name says what it is")]
pub enum Facility {
    Restroom,
    AccessibleRestroom,
    /// A place to feed or change a baby.
    FamilyRoom,
    Lift,
    Escalator,
    Stairs,
    Atm,
    Exit,
    EmergencyExit,
    Parking,
    Information,
    FirstAid,
    Defibrillator,
    Lockers,
    DrinkingWater,
    Charging,
    /// A desk that lends strollers or wheelchairs.
    Strollers,
    Smoking,
    Prayer,
    Telephone,
    Taxi,
    Bus,
}

impl Facility {
    pub const ALL: [Self; 22] = [
        Self::Restroom,
        Self::AccessibleRestroom,
        Self::FamilyRoom,
        Self::Lift,
        Self::Escalator,
        Self::Stairs,
        Self::Atm,
        Self::Exit,
        Self::EmergencyExit,
        Self::Parking,
        Self::Information,
        Self::FirstAid,
        Self::Defibrillator,
        Self::Lockers,
        Self::DrinkingWater,
        Self::Charging,
        Self::Strollers,
        Self::Smoking,
        Self::Prayer,
        Self::Telephone,
        Self::Taxi,
        Self::Bus,
    ];

    /// The key in the language files and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Restroom => "restroom",
            Self::AccessibleRestroom => "accessible-restroom",
            Self::FamilyRoom => "family-room",
            Self::Lift => "lift",
            Self::Escalator => "escalator",
            Self::Stairs => "stairs",
            Self::Atm => "atm",
            Self::Exit => "exit",
            Self::EmergencyExit => "emergency-exit",
            Self::Parking => "parking",
            Self::Information => "information",
            Self::FirstAid => "first-aid",
            Self::Defibrillator => "defibrillator",
            Self::Lockers => "lockers",
            Self::DrinkingWater => "drinking-water",
            Self::Charging => "charging",
            Self::Strollers => "strollers",
            Self::Smoking => "smoking",
            Self::Prayer => "prayer",
            Self::Telephone => "telephone",
            Self::Taxi => "taxi",
            Self::Bus => "bus",
        }
    }

    /// The facilities that an amenity or unit of this IMDF category counts as, the most specific first.
    pub fn of(category: &str, accessibility: &[String]) -> Vec<Self> {
        let wheelchair = || accessibility.iter().any(|a| a == "wheelchair");
        let mut parts = category.split('.');
        let first = parts.next().unwrap_or(category);
        let rest: Vec<_> = parts.collect();
        match first {
            "restroom" => {
                let mut uses = Vec::new();
                if rest != ["wheelchair"] {
                    uses.push(Self::Restroom);
                }
                if rest.contains(&"wheelchair") || wheelchair() {
                    uses.insert(0, Self::AccessibleRestroom);
                    // Visitors search more often for an ordinary restroom than for an accessible one.
                    if rest != ["wheelchair"] {
                        uses.swap(0, 1);
                    }
                }
                if rest.contains(&"family") {
                    uses.push(Self::FamilyRoom);
                }
                uses
            }
            "mothersroom" | "babychanging" => vec![Self::FamilyRoom],
            "elevator" => vec![Self::Lift],
            "escalator" => vec![Self::Escalator],
            "stairs" => vec![Self::Stairs],
            "atm" => vec![Self::Atm],
            "entry" | "pedestrian" => vec![Self::Exit],
            "emergencyexit" => vec![Self::EmergencyExit],
            "parking" | "parkandride" => vec![Self::Parking],
            "information" | "guestservices" | "lostandfound" | "reception" => vec![Self::Information],
            "firstaid" => vec![Self::FirstAid],
            "defibrillator" => vec![Self::Defibrillator],
            "coinlocker" | "storage" | "baggagestorage" => vec![Self::Lockers],
            "drinkingfountain" => vec![Self::DrinkingWater],
            "powerchargingstation" => vec![Self::Charging],
            "strollerrental" | "wheelchairassist" => vec![Self::Strollers],
            "smokingarea" => vec![Self::Smoking],
            "prayerroom" => vec![Self::Prayer],
            "phone" | "payphone" => vec![Self::Telephone],
            "taxi" | "rideshare" => vec![Self::Taxi],
            "bus" | "shuttle" | "transit" => vec![Self::Bus],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A restroom for wheelchairs only is not offered as an ordinary restroom.
    #[test]
    fn wheelchair_restrooms_are_not_ordinary_ones() {
        assert_eq!(Facility::of("restroom.wheelchair", &[]), [Facility::AccessibleRestroom]);
        assert_eq!(
            Facility::of("restroom.female.wheelchair", &[]),
            [Facility::Restroom, Facility::AccessibleRestroom]
        );
        assert_eq!(
            Facility::of("restroom", &["wheelchair".to_owned()]),
            [Facility::Restroom, Facility::AccessibleRestroom]
        );
        assert_eq!(Facility::of("restroom.family", &[]), [Facility::Restroom, Facility::FamilyRoom]);
    }

    #[test]
    fn every_key_is_its_own() {
        let mut keys: Vec<_> = Facility::ALL.iter().map(|f| f.key()).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), Facility::ALL.len());
    }
}
