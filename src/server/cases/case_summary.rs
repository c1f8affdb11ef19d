//! The short form of a case: its title, its category and its place.
//!
//! Inbox, case panel and visitor status share these functions.

use domain::kind::Kind;

use crate::console::speech::Speech;
use crate::store::cases::Case;

/// The title of a case: the first line of its story, or else its first answers, its kiosk or its rating. A lost or
/// found thing is its own title: what it is and its colour say more than its marks.
pub fn title(s: &Speech, case: &Case) -> String {
    let is_thing = matches!(case.kind, Kind::LostItem | Kind::FoundItem) && case.answers.is_some();
    if !case.title.is_empty() && !is_thing {
        return case.title.clone();
    }
    let lines = case.answers.as_ref().filter(|_| case.csat.is_none()).map(|answers| s.answers(answers));
    if let Some(lines) = lines.filter(|lines| !lines.is_empty()) {
        // The first answers of a form say most: the lost thing and its colour, or what is to be brought.
        return s.language.side_by_side(lines.iter().take(2).map(|line| line.value.as_str()));
    }
    match case.kind {
        Kind::ServiceRequest => s.fill("title.call", &[("kiosk", &kiosk(s, case))]),
        _ => s.fill("title.rating", &[("n", &case.csat.unwrap_or_default().to_string())]),
    }
}

/// The category of a case, or else its rating or its kind.
pub fn category(s: &Speech, case: &Case) -> String {
    match (case.category, case.csat) {
        (Some(category), _) => s.of("category", category.key()),
        (None, Some(csat)) => s.fill("category.rating", &[("n", &csat.to_string())]),
        (None, None) => s.of("kind", case.kind.key()),
    }
}

/// The kiosk that a case came from, by one name: for a call for help the one on its own screen and in the map, which
/// the call brings along, and else the number that the case number begins with.
pub fn kiosk(s: &Speech, case: &Case) -> String {
    // Somebody is asked to come to the kiosk itself.
    let is_call = case.kind == Kind::ServiceRequest && case.answers.is_none();
    let own_name = case.place.as_ref().filter(|_| is_call).map(|place| place.name.get(s.language));
    own_name.filter(|name| !name.is_empty()).map_or_else(|| case.kiosk.to_string(), str::to_owned)
}

/// Where it happened: the name of the place, and its number or else its level.
pub fn place(s: &Speech, case: &Case) -> (String, String) {
    match &case.place {
        Some(place) => {
            let sign = place.number.as_ref().unwrap_or(&place.level);
            (place.name.get(s.language).to_owned(), sign.clone())
        }
        None if case.kind == Kind::ServiceRequest => (case.kiosk.to_string(), String::new()),
        None => Default::default(),
    }
}
