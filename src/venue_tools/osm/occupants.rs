//! The IMDF categories of OpenStreetMap's shops and facilities.
//!
//! These are only tables and look-ups; `places` puts the shops and facilities into units.

use super::element::Element;

/// A use of an element, with its IMDF category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Occupant(&'static str),
    Amenity(&'static str),
}

/// Values of `shop`, with the IMDF category of the business. Other values are `shopping`.
const SHOPS: &[(&str, &str)] = &[
    ("alcohol", "beerwineandspirits"),
    ("antiques", "antiques"),
    ("appliance", "electronicappliances"),
    ("art", "artgallery"),
    ("baby_goods", "babyclothesandsupplies"),
    ("bag", "luggage"),
    ("bakery", "bakedgoods"),
    ("beauty", "beautysalon"),
    ("bed", "mattresses"),
    ("beverages", "beveragestore"),
    ("bicycle", "bicycleshop"),
    ("books", "books"),
    ("boutique", "clothing"),
    ("butcher", "butcher"),
    ("camera", "photographyequipment"),
    ("car_repair", "automotive"),
    ("carpet", "carpet"),
    ("cheese", "cheese"),
    ("chemist", "personalcare"),
    ("chocolate", "chocolate"),
    ("clothes", "clothing"),
    ("coffee", "coffeeteasupplies"),
    ("computer", "computersandaccessories"),
    ("confectionery", "candy"),
    ("convenience", "conveniencestore"),
    ("copyshop", "copyshop"),
    ("cosmetics", "cosmetics"),
    ("craft", "artsandcrafts"),
    ("deli", "delicatessen"),
    ("department_store", "departmentstore"),
    ("dry_cleaning", "drycleaning"),
    ("e-cigarette", "vapeshops"),
    ("electronics", "electronicappliances"),
    ("erotic", "adult"),
    ("fabric", "fabricstore"),
    ("fashion_accessories", "accessories"),
    ("florist", "florists"),
    ("frozen_food", "frozenfoods"),
    ("furniture", "furniturestore"),
    ("games", "tabletopgames"),
    ("gift", "giftshops"),
    ("greengrocer", "fruitandvegetables"),
    ("hairdresser", "haircutsstyling"),
    ("hardware", "hardware"),
    ("health_food", "organicfood"),
    ("hearing_aids", "hearingaids"),
    ("hifi", "audiovideoequipment"),
    ("houseware", "kitchenandbath"),
    ("interior_decoration", "homedecor"),
    ("jewelry", "jewelry"),
    ("kiosk", "newspapersandmagazines"),
    ("kitchen", "kitchenandbath"),
    ("laundry", "laundryservices"),
    ("leather", "leathergoods"),
    ("lighting", "lighting"),
    ("locksmith", "locksmith"),
    ("lottery", "lotterystand"),
    ("massage", "massagetherapy"),
    ("medical_supply", "medicalsupplies"),
    ("mobile_phone", "mobilephones"),
    ("music", "musicvideo"),
    ("musical_instrument", "musicalinstruments"),
    ("newsagent", "newspapersandmagazines"),
    ("nutrition_supplements", "vitaminssupplements"),
    ("optician", "eyewear.opticians"),
    ("outdoor", "outdoorgear"),
    ("party", "partysupplies"),
    ("pasta", "pasta"),
    ("pastry", "desserts"),
    ("perfumery", "perfume"),
    ("pet", "petstore"),
    ("photo", "photography"),
    ("seafood", "seafoodmarket"),
    ("second_hand", "thriftstore"),
    ("shoe_repair", "shoerepair"),
    ("shoes", "shoes"),
    ("spices", "herbsandspices"),
    ("sports", "sportinggoods"),
    ("stationery", "stationery"),
    ("supermarket", "supermarket"),
    ("tailor", "sewingalterations"),
    ("tattoo", "tattoo"),
    ("tea", "coffeeteasupplies"),
    ("telecommunication", "telecommunications"),
    ("ticket", "tickets"),
    ("tobacco", "tobaccoshop"),
    ("toys", "toystore"),
    ("travel_agency", "travelagent"),
    ("variety_store", "discountstore"),
    ("video_games", "videogamesandconsoles"),
    ("watches", "watches"),
    ("wine", "beerwineandspirits"),
];

/// Values of `amenity`, `leisure`, `office` and `tourism` that are businesses.
const BUSINESSES: &[(&str, &str)] = &[
    ("bank", "bank"),
    ("bar", "bar"),
    ("bureau_de_change", "currencyexchange"),
    ("cafe", "cafe"),
    ("car_rental", "carrental"),
    ("childcare", "childcare"),
    ("cinema", "cinema"),
    ("clinic", "clinic"),
    ("dentist", "dentistry"),
    ("doctors", "physician"),
    ("fast_food", "fastfood"),
    ("fitness_centre", "gym"),
    ("food_court", "foodcourt"),
    ("bowling_alley", "bowlingalley"),
    ("amusement_arcade", "arcade"),
    ("gallery", "artgallery"),
    ("ice_cream", "icecream"),
    ("insurance", "insurance"),
    ("kindergarten", "kindergarten"),
    ("library", "library"),
    ("museum", "museum"),
    ("pharmacy", "pharmacy"),
    ("post_office", "postoffice"),
    ("pub", "pub"),
    ("restaurant", "restaurant"),
    ("theatre", "theater"),
    ("travel_agent", "travelagent"),
    ("veterinary", "veterinarian"),
];

/// Values of `amenity` and others that are facilities.
const FACILITIES: &[(&str, &str)] = &[
    ("atm", "atm"),
    ("baby_changing", "babychanging"),
    ("bench", "seat"),
    ("bicycle_parking", "parking.bicycle"),
    ("bus_station", "bus"),
    ("charging_station", "powerchargingstation"),
    ("defibrillator", "defibrillator"),
    ("device_charging_station", "powerchargingstation"),
    ("drinking_water", "drinkingfountain"),
    ("first_aid", "firstaid"),
    ("luggage_locker", "coinlocker"),
    ("lounge", "seating"),
    ("meeting_point", "meetingpoint"),
    ("parking_entrance", "parking"),
    ("photo_booth", "photobooth"),
    ("place_of_worship", "prayerroom"),
    ("police", "police"),
    ("post_box", "mailbox"),
    ("public_building", "service"),
    ("shower", "shower"),
    ("smoking_area", "smokingarea"),
    ("taxi", "taxi"),
    ("telephone", "payphone"),
    ("toilets", "restroom"),
    ("vending_machine", "vendingmachine"),
    ("water_point", "drinkingfountain"),
];

fn among(list: &[(&str, &'static str)], value: &str) -> Option<&'static str> {
    list.iter().find(|(osm, _)| *osm == value).map(|(_, imdf)| *imdf)
}

/// The category of an element that is a business.
pub(super) fn occupant(element: &Element) -> Option<&'static str> {
    if let Some(shop) = element.get("shop").filter(|s| !matches!(*s, "mall" | "no" | "vacant")) {
        // For several trades in one shop, the first known one counts.
        let known = shop.split(';').find_map(|s| among(SHOPS, s.trim()));
        return Some(known.unwrap_or("shopping"));
    }
    ["amenity", "leisure", "office", "tourism"]
        .iter()
        .find_map(|key| among(BUSINESSES, element.get(key)?))
        .or_else(|| (element.is("room", &["shop"]) && element.get("name").is_some()).then_some("shopping"))
        .or_else(|| {
            (element.is("room", &["restaurant"]) && element.get("name").is_some()).then_some("restaurant")
        })
}

/// The uses of an element: its business first, then its facility.
pub(super) fn uses(element: &Element) -> Vec<Use> {
    let mut uses: Vec<Use> = occupant(element).map(Use::Occupant).into_iter().collect();
    let facility = ["amenity", "emergency"].iter().find_map(|key| among(FACILITIES, element.get(key)?));
    uses.extend(facility.map(Use::Amenity));
    if element.is("information", &["office"]) && uses.is_empty() {
        uses.push(Use::Amenity("information"));
    }
    if element.is("atm", &["yes"]) {
        uses.push(Use::Amenity("atm"));
    }
    if element.is("changing_table", &["yes"]) || element.is("diaper", &["yes"]) {
        uses.push(Use::Amenity("babychanging"));
    }
    uses
}

/// Whether people eat or drink there.
pub(super) fn is_eating_place(element: &Element) -> bool {
    element.is("amenity", &["restaurant", "fast_food", "cafe", "bar", "pub", "food_court", "ice_cream"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osm::element::Shape;
    use wayfinding::venue::{Facility, Group};

    fn element(tags: &[(&str, &str)]) -> Element {
        let tags = tags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Element::new("node/1".to_owned(), tags, Shape::Dot((0.0, 0.0)))
    }

    /// Almost every trade has a group in the directory.
    #[test]
    fn almost_every_trade_has_a_group() {
        let lost: Vec<_> =
            SHOPS.iter().chain(BUSINESSES).filter(|(_, c)| Group::of_occupant(c) == Group::Other).collect();
        assert_eq!(lost, [&("erotic", "adult")]);
    }

    /// The facilities that visitors search for most are recognised.
    #[test]
    fn the_most_wanted_facilities_are_recognised() {
        for value in ["atm", "toilets", "defibrillator", "drinking_water", "taxi", "telephone", "first_aid"] {
            let category = among(FACILITIES, value).unwrap();
            assert!(!Facility::of(category, &[]).is_empty(), "{value}");
        }
    }

    /// A shop of an unknown trade is still a shop; the mall itself is not one.
    #[test]
    fn unknown_trades_are_still_shops() {
        assert_eq!(occupant(&element(&[("shop", "crystals")])), Some("shopping"));
        assert_eq!(occupant(&element(&[("shop", "crystals;tea")])), Some("coffeeteasupplies"));
        assert_eq!(occupant(&element(&[("shop", "mall")])), None);
        let bank = element(&[("amenity", "bank"), ("atm", "yes")]);
        assert_eq!(uses(&bank), [Use::Occupant("bank"), Use::Amenity("atm")]);
    }
}
