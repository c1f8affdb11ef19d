//! The lists of the standard: the properties of each feature type, and its categories.

/// The properties that a feature of this type must have; their values may be null.
pub(super) fn properties(kind: &str) -> &'static str {
    match kind {
        "address" => "address unit locality province country postal_code postal_code_ext postal_code_vanity",
        "amenity" => {
            "category accessibility name alt_name hours phone website unit_ids address_id correlation_id"
        }
        "anchor" => "address_id unit_id",
        "building" => "name alt_name category restriction display_point address_id",
        "detail" => "level_id",
        "fixture" => "category name alt_name anchor_id level_id display_point",
        "footprint" => "category name building_ids",
        "geofence" => {
            "category restriction name alt_name correlation_id display_point building_ids level_ids parents"
        }
        "kiosk" => "name alt_name anchor_id level_id display_point",
        "level" => {
            "category restriction outdoor ordinal name short_name display_point address_id building_ids"
        }
        "occupant" => "name category anchor_id hours phone website validity correlation_id",
        "opening" => "category accessibility access_control door name alt_name display_point level_id",
        "relationship" => "category direction origin intermediary destination hours",
        "section" => {
            "category restriction accessibility name alt_name display_point level_id address_id \
             correlation_id parents"
        }
        "unit" => "category restriction accessibility name alt_name level_id display_point",
        "venue" => "category restriction name alt_name hours phone website display_point address_id",
        _ => "",
    }
}

/// Whether a feature type has this category. Occupant categories are too many to list and are not checked.
pub(super) fn knows_category(kind: &str, category: &str) -> bool {
    let list = CATEGORIES.iter().find(|(k, _)| *k == kind);
    list.is_none_or(|(_, list)| list.split_whitespace().any(|c| c == category))
}

pub(super) fn knows_restriction(restriction: &str) -> bool {
    matches!(restriction, "employeesonly" | "restricted")
}

const CATEGORIES: [(&str, &str); 11] = [
    (
        "amenity",
        "amphitheater animalreliefarea arrivalgate atm babychanging baggagecarousel baggagecarousel.intl \
     baggagecarts baggageclaim baggageclaim.oversize baggagerecheck baggagestorage boardinggate \
     boardinggate.aircraft boardinggate.bus boardinggate.ferry boardinggate.train bus bus.muni \
     bus.national businesscenter cabin caregiver carrental cashier changemachine checkin checkin.desk \
     checkin.desk.oversizebaggage checkin.desk.transfer checkin.selfservice childplayarea coinlocker \
     copymachine defibrillator drinkingfountain eatingdrinking elevator emergencyshelter entry escalator \
     exhibit faregate faregate.oversized fieldofplay fieldofplay.americanfootball fieldofplay.baseball \
     fieldofplay.basketball fieldofplay.fieldhockey fieldofplay.icehockey fieldofplay.rugby \
     fieldofplay.soccer fieldofplay.softball fieldofplay.tennis fieldofplay.trackfield \
     fieldofplay.volleyball firealarmpullstation fireextinguisher firstaid fittingroom foodservice \
     gatearea groundtransportation guestservices handsanitizerstation healthscreening hoteling \
     immigration information information.bid information.carrental information.hotel information.mufid \
     information.mufid.arrivals information.mufid.departures information.transit landmark library limo \
     lostandfound mailbox meditation meetingpoint mobilityrescue mothersroom movingwalkway paidarea \
     parkandride parking parking.bicycle parking.compact parking.ev parking.longterm parking.motorcycle \
     parking.shortterm parking.waitingarea payphone pedestriancrossing peoplemover phone phone.emergency \
     photobooth platform police powerchargingstation prayerroom prayerroom.buddhism \
     prayerroom.christianity prayerroom.hinduism prayerroom.islam prayerroom.islam.female \
     prayerroom.islam.male prayerroom.judaism prayerroom.shintoism prayerroom.sikh prayerroom.taoic \
     privatelounge productreturn rail.muni rail.national ramp reception.desk recreation restroom \
     restroom.family restroom.female restroom.female.wheelchair restroom.male restroom.male.wheelchair \
     restroom.transgender restroom.transgender.wheelchair restroom.unisex restroom.unisex.wheelchair \
     restroom.wheelchair rideshare seat seating security security.checkpoint security.inspection service \
     shower shuttle sleepbox smokingarea stairs storage strollerrental studentadmissions studentservices \
     swimmingpool swimmingpool.children swimmingpool.family taxi ticketing ticketing.airline \
     ticketing.bus ticketing.bus.muni ticketing.bus.national ticketing.rail ticketing.rail.muni \
     ticketing.rail.national ticketing.shuttle traintrack transit unspecified valet vendingmachine \
     vendingmachine.trainticket wheelchairassist wifi yoga",
    ),
    ("building", "parking transit transit.bus transit.train unspecified"),
    (
        "fixture",
        "baggagecarousel boardinggate.desk checkin.desk checkin.kiosk desk equipment furniture \
     immigration.desk inspection.desk obstruction securityequipment stage vegetation wall water",
    ),
    ("footprint", "aerial ground subterranean"),
    ("geofence", "concourse geofence paidarea platform postsecurity presecurity terminal underconstruction"),
    (
        "level",
        "arrivals arrivals.domestic arrivals.intl departures departures.domestic departures.intl parking \
     transit unspecified",
    ),
    (
        "opening",
        "automobile bicycle emergencyexit pedestrian pedestrian.principal pedestrian.transit service",
    ),
    ("relationship", "elevator escalator movingwalkway ramp stairs traversal traversal.path"),
    (
        "section",
        "arcade baggageclaim baggageclaim.intl carrental carrental.dropoff checkin concessions cubicle \
     dutyfree eatingdrinking entertainmentarea entertainmentarea.game entertainmentarea.music \
     entertainmentarea.performance entertainmentarea.sport exhibit exhibition gambling gambling.baccarat \
     gambling.bingo gambling.blackjack gambling.craps gambling.keno gambling.mahjong gambling.medalgame \
     gambling.minibaccarat gambling.offtrackbetting gambling.pachinko gambling.paigow gambling.poker \
     gambling.poker.letitride gambling.poker.paigow gambling.poker.threecard gambling.poker.video \
     gambling.roulette gambling.rummy gambling.sicbo gambling.slotmachine gambling.slotmachine.highlimit \
     gatearea gatearea.holding immigration immigration.schengen information paidarea parkandride parking \
     parking.bicycle parking.compact parking.ev parking.longterm parking.motorcycle parking.shortterm \
     parking.waitingarea platform postsecurity presecurity private recomposearea recreation rental retail \
     retaildepartment road seating seatingrow security servicearea ticketing vegetation walkway",
    ),
    (
        "unit",
        "auditorium brick classroom column concrete conferenceroom drywall elevator escalator fieldofplay \
     firstaid fitnessroom foodservice footbridge glass huddleroom kitchen laboratory library lobby lounge \
     mailroom mothersroom movietheater movingwalkway nonpublic office opentobelow parking phoneroom \
     platform privatelounge ramp recreation restroom restroom.family restroom.female \
     restroom.female.wheelchair restroom.male restroom.male.wheelchair restroom.transgender \
     restroom.transgender.wheelchair restroom.unisex restroom.unisex.wheelchair restroom.wheelchair road \
     room serverroom shower smokingarea stairs steps storage structure terrace theater unenclosedarea \
     unspecified vegetation waitingroom walkway walkway.island wood",
    ),
    (
        "venue",
        "airport airport.intl aquarium businesscampus casino communitycenter conventioncenter \
     governmentfacility healthcarefacility hotel museum parkingfacility resort retailstore shoppingcenter \
     stadium stripmall theater themepark trainstation transitstation university",
    ),
];
