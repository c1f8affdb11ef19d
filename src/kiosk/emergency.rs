//! The emergency telephone numbers of a country. They are public and free of charge everywhere.
//!
//! The help page shows them. A country that is not here shows none: a wrong number is worse.

/// A service with its own emergency number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmergencyService {
    Ambulance,
    Fire,
    Police,
    /// One number for all services.
    All,
}

impl EmergencyService {
    /// The key of its name: `emergency.<key>`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Ambulance => "ambulance",
            Self::Fire => "fire",
            Self::Police => "police",
            Self::All => "all",
        }
    }
}

/// A number with the service that answers it.
pub type EmergencyNumber = (EmergencyService, &'static str);

/// The emergency numbers of a country (ISO 3166-1 alpha-2), as its government publishes them. All member states
/// of the European Union answer 112 (Directive (EU) 2018/1972, article 109).
pub fn numbers(country: &str) -> &'static [EmergencyNumber] {
    use EmergencyService::{All, Ambulance, Fire, Police};
    match country {
        "CN" => &[(Ambulance, "120"), (Fire, "119"), (Police, "110")],
        "JP" => &[(Ambulance, "119"), (Fire, "119"), (Police, "110")],
        "TW" => &[(Ambulance, "119"), (Fire, "119"), (Police, "110")],
        "KR" => &[(Ambulance, "119"), (Fire, "119"), (Police, "112")],
        "SG" => &[(Ambulance, "995"), (Fire, "995"), (Police, "999")],
        "TH" => &[(Ambulance, "1669"), (Fire, "199"), (Police, "191")],
        "VN" => &[(Ambulance, "115"), (Fire, "114"), (Police, "113")],
        "HK" | "MO" | "GB" | "MY" | "IE" => &[(All, "999")],
        "US" | "CA" => &[(All, "911")],
        "AU" => &[(All, "000")],
        "NZ" => &[(All, "111")],
        "IN" | "TR" | "NO" | "CH" | "IS" | "UA" => &[(All, "112")],
        "AT" | "BE" | "BG" | "CY" | "CZ" | "DE" | "DK" | "EE" | "ES" | "FI" | "FR" | "GR" | "HR" | "HU"
        | "IT" | "LT" | "LU" | "LV" | "MT" | "NL" | "PL" | "PT" | "RO" | "SE" | "SI" | "SK" => {
            &[(All, "112")]
        }
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_that_is_not_known_has_no_number() {
        assert_eq!(numbers("CN").len(), 3);
        assert_eq!(numbers("FR"), [(EmergencyService::All, "112")]);
        assert!(numbers("XX").is_empty() && numbers("").is_empty());
    }
}
