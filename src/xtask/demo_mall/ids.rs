//! Feature ids, derived from names: an id stays the same while the name does.
//!
//! RFC 9562 leaves the content of a version 8 UUID to the application. These are the 128-bit FNV-1a hash of
//! the name with the version and variant bits set. A renamed feature is a new feature.

use std::fmt;

/// A feature id. Its text form is a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(u128);

const FNV_OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const FNV_PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

impl Id {
    /// The id of the thing with this name, for example `unit/L2/07`.
    pub fn of(name: &str) -> Self {
        let hash = format!("galleria demo mall/{name}")
            .bytes()
            .fold(FNV_OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(FNV_PRIME));
        // FNV alone gives similar ids to names that differ only in their last letter.
        let stirred = (hash ^ (hash >> 67)).wrapping_mul(FNV_OFFSET | 1);
        let mixed = stirred ^ (stirred >> 61);
        let version = (mixed & !(0xf << 76)) | (0x8 << 76);
        Self((version & !(0x3 << 62)) | (0x2 << 62))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = format!("{:032x}", self.0);
        let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
        write!(f, "{a}-{b}-{c}-{d}-{e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_version_eight() {
        let text = Id::of("unit/L2/07").to_string();
        assert_eq!(text.len(), 36);
        assert_eq!(&text[14..15], "8");
        assert!("89ab".contains(&text[19..20]), "{text}");
    }

    /// The same name has the same id and another name another.
    #[test]
    fn ids_depend_on_names_alone() {
        assert_eq!(Id::of("a"), Id::of("a"));
        assert_ne!(Id::of("a"), Id::of("b"));
    }
}
