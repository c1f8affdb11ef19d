//! Parsing of command-line values: a map, a place by its id, number, name or position, a moment, a
//! language.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use domain::language::Language;
use venue_tools::check::check;
use wayfinding::load::{Archive, load};
use wayfinding::route::{Spot, TravelProfile};
use wayfinding::venue::{FeatureId, Loaded, Place, Venue};

#[derive(Debug, clap::Args)]
pub struct Map {
    /// Folder or zip of the map: manifest.json and the .geojson files of IMDF
    #[arg(value_name = "MAP")]
    folder: PathBuf,
}

impl Map {
    pub fn load(&self) -> Result<Loaded> {
        load(&self.folder).with_context(|| self.unreadable())
    }

    /// Reads the map and collects all findings.
    pub fn check(&self) -> Result<Loaded> {
        check(&self.files()?).with_context(|| self.unreadable())
    }

    /// Reads the files of the map without interpreting them.
    pub fn files(&self) -> Result<Archive> {
        Archive::read(&self.folder).with_context(|| self.unreadable())
    }

    fn unreadable(&self) -> String {
        format!("the map in {} cannot be read", self.folder.display())
    }
}

/// The travel profile with this key.
pub fn profile(text: &str) -> Result<TravelProfile, String> {
    let found = TravelProfile::ALL.into_iter().find(|p| p.key() == text);
    found.ok_or_else(|| format!("{text:?} is no profile; choose walking, step-free or stroller"))
}

/// The language with this tag.
pub fn language(text: &str) -> Result<Language, String> {
    Language::from_str(text).map_err(|e| e.to_string())
}

/// A moment in RFC 3339 or, without an offset, in the local time of the venue; now, if none is given.
pub fn moment(text: Option<&str>, zone: Tz) -> Result<DateTime<Tz>> {
    let Some(text) = text else { return Ok(Utc::now().with_timezone(&zone)) };
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(moment.with_timezone(&zone));
    }
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let found = local.and_then(|l| zone.from_local_datetime(&l).earliest());
    found.with_context(|| {
        format!("{text:?} is no time; write 2026-11-21T14:30 (the venue's time) or 2026-11-21T14:30:00+08:00")
    })
}

/// A spot: a kiosk's code, `longitude,latitude,ordinal`, or a place.
pub fn spot(venue: &Venue, text: &str) -> Result<Spot> {
    if venue.kiosk(text).is_some() {
        return Ok(Spot::Kiosk(text.to_owned()));
    }
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    if let [longitude, latitude, ordinal] = parts[..]
        && let (Ok(longitude), Ok(latitude)) = (longitude.parse::<f64>(), latitude.parse::<f64>())
    {
        let level = ordinal.parse().ok().and_then(|o| venue.level_of_ordinal(o));
        let known: Vec<String> = venue.levels().iter().map(|l| l.ordinal.to_string()).collect();
        let level = level.with_context(|| {
            format!("{text:?} names no level: the map has the ordinals {}", known.join(", "))
        })?;
        return Ok(Spot::At { level, point: venue.frame().to_metres(longitude, latitude) });
    }
    Ok(Spot::Place(place(venue, text)?.id))
}

/// A place by its id, its number, or its name in any language.
pub fn place<'a>(venue: &'a Venue, text: &str) -> Result<&'a Place> {
    if let Ok(id) = FeatureId::from_str(text) {
        let in_unit = || venue.places().iter().find(|p| p.unit == id);
        return venue
            .place(&id)
            .or_else(in_unit)
            .with_context(|| format!("no place of the map has the id {id}"));
    }
    let wanted = text.trim().to_lowercase();
    let named = |p: &&Place| p.name.iter().any(|(_, n)| n.to_lowercase() == wanted);
    let numbered = |p: &&Place| p.number.as_ref().is_some_and(|n| n.to_lowercase() == wanted);
    let holds = |p: &&Place| p.name.iter().any(|(_, n)| n.to_lowercase().contains(&wanted));
    let all = || venue.places().iter();
    let mut found: Vec<&Place> = all().filter(numbered).collect();
    if found.is_empty() {
        found = all().filter(named).collect();
    }
    if found.is_empty() {
        found = all().filter(holds).collect();
    }
    match found[..] {
        [] => bail!(
            "nothing on the map is called {text:?}; a name, a number such as L2-07, an id, a kiosk's code or longitude,latitude,ordinal is understood"
        ),
        [one] => Ok(one),
        _ => {
            let shown = found.iter().take(8).map(|p| {
                let level = venue.level(p.level).short_name.get(Language::En);
                format!("\n  {}  {} ({level})", p.id, p.name.get(Language::En))
            });
            bail!(
                "{} places are called {text:?}; name one by its id:{}",
                found.len(),
                shown.collect::<String>()
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn demo_mall() -> Venue {
        load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall")).unwrap().venue
    }

    /// A place is found by its id, its number, and its name in any language.
    #[test]
    fn places_are_found_by_id_number_or_name() {
        let venue = demo_mall();
        let shop = venue.places().iter().find(|p| p.number.is_some()).unwrap();
        assert_eq!(place(&venue, &shop.id.to_string()).unwrap().id, shop.id);
        assert_eq!(place(&venue, shop.number.as_deref().unwrap()).unwrap().id, shop.id);
        for (_, name) in shop.name.iter() {
            assert_eq!(place(&venue, &name.to_uppercase()).unwrap().id, shop.id, "{name}");
        }
    }

    /// An ambiguous name lists the places it may mean.
    #[test]
    fn ambiguous_names_list_their_places() {
        let error = place(&demo_mall(), "ATM").unwrap_err().to_string();
        assert!(error.contains("places are called") && error.lines().count() > 2, "{error}");
        assert!(place(&demo_mall(), "no such shop").is_err());
    }

    /// A spot is a kiosk, a position or a place.
    #[test]
    fn spots_are_kiosks_positions_or_places() {
        let venue = demo_mall();
        assert_eq!(spot(&venue, "K1").unwrap(), Spot::Kiosk("K1".to_owned()));
        assert!(
            matches!(spot(&venue, "121.4632, 31.2318, -1").unwrap(), Spot::At { level, .. } if level.0 == 0)
        );
        let error = spot(&venue, "121.4632,31.2318,9").unwrap_err().to_string();
        assert!(error.contains("-1, 0, 1, 2, 3"), "{error}");
    }

    /// A moment without an offset is in the local time of the venue.
    #[test]
    fn times_without_offset_are_venue_time() {
        let zone = chrono_tz::Asia::Shanghai;
        let local = moment(Some("2026-11-21T14:30"), zone).unwrap();
        assert_eq!(local, moment(Some("2026-11-21T06:30:00Z"), zone).unwrap());
        assert!(moment(Some("noon"), zone).is_err());
    }
}
