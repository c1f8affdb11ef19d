//! Telephone numbers of visitors, by the rules of libphonenumber: what a typed number means, how staff read it, and by
//! which digest its cases are found.
//!
//! A number without a country code is one of the mall's [`Region`]. A number that no country has is shown as it was
//! typed. The number itself stays in the sealed envelope: the store gets a digest under a key that is not in the
//! database, because eleven digits are soon guessed. So a number is found as a whole, and not by its beginning.

use std::fmt;
use std::str::FromStr;

use domain::contact::{Contact, Phone};
use domain::seal::PrivateKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use icu_time::zone::IanaParser;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat};
use serde::Deserialize;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::secret::Digest;

/// A country or territory with telephone numbers of its own, by its two letters in ISO 3166: `CN`, `HK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Region(rlibphonenumber::Region);

/// The letters name no region with telephone numbers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no region; use two letters as in ISO 3166, such as CN, HK or DE")]
pub struct UnknownRegion(String);

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(letters: &str) -> Result<Self, UnknownRegion> {
        let known = |region: &rlibphonenumber::Region| {
            PHONE_NUMBER_UTIL.get_country_code_for_region(*region).is_some()
        };
        let named = rlibphonenumber::Region::from_code(letters).ok().filter(known);
        named.map(Self).ok_or_else(|| UnknownRegion(letters.to_owned()))
    }
}

impl TryFrom<String> for Region {
    type Error = UnknownRegion;

    fn try_from(letters: String) -> Result<Self, UnknownRegion> {
        letters.parse()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Region {
    /// The region of a time zone; none for one of no place, such as UTC.
    ///
    /// Unicode's identifier of a zone is a place of UN/LOCODE, which begins with the letters of its region: `cnsha`.
    pub fn of_zone(zone: chrono_tz::Tz) -> Option<Self> {
        let place = IanaParser::new().parse(zone.name());
        let place = place.as_str();
        (place.len() == 5).then(|| place[..2].to_uppercase().parse().ok()).flatten()
    }
}

/// Reads the numbers of visitors, for one mall.
pub struct Telephones {
    region: Option<Region>,
    key: Hmac<Sha256>,
}

impl fmt::Debug for Telephones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Telephones({:?})", self.region)
    }
}

impl Telephones {
    /// For a mall in `region`; without one, only numbers with a country code are understood. The rules are read now:
    /// that takes some 50 ms, for which nobody should wait later.
    pub fn new(region: Option<Region>, sealing_key: &PrivateKey) -> Self {
        let secret = Zeroizing::new(sealing_key.to_base64());
        let mut key =
            Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
        key.update(b"galleria/1 telephone numbers;");
        let telephones = Self { region, key };
        let example = region.and_then(|region| PHONE_NUMBER_UTIL.get_example_number(region.0).ok());
        if let Some(example) = example {
            let _ = telephones.sought(&example.format_as(PhoneNumberFormat::International));
        }
        telephones
    }

    /// The number that was meant; none if no country has it.
    fn read(&self, typed: &Phone) -> Option<PhoneNumber> {
        let region = self.region.map(|region| region.0);
        PHONE_NUMBER_UTIL.parse(typed.as_str(), region).ok().filter(PhoneNumber::is_valid)
    }

    /// The number as staff dial it: the national form, for a number of another region the international one, and what
    /// was typed if it cannot be read.
    pub fn shown(&self, typed: &Phone) -> String {
        let Some(number) = self.read(typed) else { return typed.as_str().to_owned() };
        let own = self.region.is_some() && number.get_region_code() == self.region.map(|region| region.0);
        let format = if own { PhoneNumberFormat::National } else { PhoneNumberFormat::International };
        number.format_as(format).into_owned()
    }

    /// A contact with its number as staff dial it.
    pub fn as_shown(&self, contact: Contact) -> Contact {
        let phone = contact.phone.map(|typed| Phone::parse(&self.shown(&typed)).unwrap_or(typed));
        Contact { phone, ..contact }
    }

    /// The digest that all ways of writing a number have in common.
    pub fn digest(&self, typed: &Phone) -> Digest {
        let number = self.read(typed).map(|number| number.format_as(PhoneNumberFormat::E164).into_owned());
        let mut mac = self.key.clone();
        mac.update(number.unwrap_or_else(|| typed.dialled()).as_bytes());
        Digest(mac.finalize().into_bytes().into())
    }

    /// The digest of what was typed into a search, if that can be a telephone number.
    pub fn sought(&self, typed: &str) -> Option<Digest> {
        Phone::parse(typed).ok().map(|typed| self.digest(&typed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_region(letters: &str) -> Telephones {
        let key = crate::Random::from_seed([3; 32]).with(PrivateKey::new);
        Telephones::new(Some(letters.parse().unwrap()), &key)
    }

    fn phone(typed: &str) -> Phone {
        Phone::parse(typed).unwrap()
    }

    #[test]
    fn one_number_has_one_digest_however_written() {
        for (region, same) in [
            ("CN", ["138 0000 0000", "+86 138-0000-0000", "008613800000000", "１３８００００００００"]),
            ("GB", ["020 7946 0958", "+44 (0)20 7946 0958", "+44 20 7946 0958", "(020) 7946-0958"]),
            ("IT", ["06 698 82341", "+39 06 698 82341", "0039 0669882341", "06/69882341"]),
        ] {
            let telephones = in_region(region);
            let digests = same.map(|typed| telephones.digest(&phone(typed)).0);
            assert_eq!(digests, [digests[0]; 4], "{region}");
        }
        let (here, there) = (in_region("CN"), in_region("HK"));
        assert!(here.digest(&phone("2123 4567")).0 != there.digest(&phone("2123 4567")).0);
    }

    #[test]
    fn staff_read_the_form_that_they_dial() {
        let shown = |typed| in_region("CN").shown(&phone(typed));
        assert_eq!(shown("+8613800000000"), "138 0000 0000");
        assert_eq!(shown("+44 (0)20 7946 0958"), "+44 20 7946 0958");
        assert_eq!(shown("+82 010-2000-0000"), "+82 10-2000-0000");
        assert_eq!(shown("021 5550-0000"), "021 5550 0000");
        assert_eq!(shown("123-4567 8"), "123-4567 8", "no number of any country");
    }

    #[test]
    fn without_a_region_a_country_code_is_needed() {
        let key = crate::Random::from_seed([3; 32]).with(PrivateKey::new);
        let telephones = Telephones::new(None, &key);
        assert_eq!(telephones.shown(&phone("138-0000 0000")), "138-0000 0000");
        assert_eq!(telephones.shown(&phone("+86 13800000000")), "+86 138 0000 0000");
    }

    #[test]
    fn a_time_zone_knows_its_region() {
        let of = |zone: chrono_tz::Tz| Region::of_zone(zone).map(|region| region.to_string());
        let zones = [chrono_tz::Asia::Shanghai, chrono_tz::Asia::Hong_Kong, chrono_tz::America::New_York];
        assert_eq!(zones.map(of), ["CN", "HK", "US"].map(|letters| Some(letters.to_owned())));
        assert_eq!(of(chrono_tz::Asia::Calcutta).as_deref(), Some("IN"), "a name of before");
        assert_eq!([chrono_tz::UTC, chrono_tz::GMT, chrono_tz::Etc::GMTPlus1].map(of), [None, None, None]);
        assert!("ZZ".parse::<Region>().is_err() && "China".parse::<Region>().is_err());
    }
}
