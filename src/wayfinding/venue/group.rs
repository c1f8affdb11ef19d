//! The directory group of a shop, derived from its IMDF category.
//!
//! IMDF has 1,117 occupant categories; a directory shows about a dozen groups. A category that is in none
//! of the lists keeps its own name and goes to [`Group::Other`], and no shop is left out.

use serde::{Deserialize, Serialize};

/// The group under which a directory lists a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each name says what it is")]
pub enum Group {
    Fashion,
    Beauty,
    Electronics,
    Home,
    Food,
    Grocery,
    Health,
    BooksAndGifts,
    Sport,
    Services,
    Entertainment,
    DepartmentStore,
    Facility,
    Other,
}

impl Group {
    /// Every group, in the order in which a directory lists them.
    pub const ALL: [Self; 14] = [
        Self::Food,
        Self::Fashion,
        Self::Beauty,
        Self::Electronics,
        Self::Home,
        Self::BooksAndGifts,
        Self::Sport,
        Self::Entertainment,
        Self::Grocery,
        Self::DepartmentStore,
        Self::Health,
        Self::Services,
        Self::Facility,
        Self::Other,
    ];

    /// The key in the language files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Fashion => "fashion",
            Self::Beauty => "beauty",
            Self::Electronics => "electronics",
            Self::Home => "home",
            Self::Food => "food",
            Self::Grocery => "grocery",
            Self::Health => "health",
            Self::BooksAndGifts => "books-and-gifts",
            Self::Sport => "sport",
            Self::Services => "services",
            Self::Entertainment => "entertainment",
            Self::DepartmentStore => "department-store",
            Self::Facility => "facility",
            Self::Other => "other",
        }
    }

    /// The group of an IMDF occupant category. A subtype such as `restaurant.sushi` has the group of
    /// `restaurant`, unless the lists name it.
    pub fn of_occupant(category: &str) -> Self {
        let mut rest = category;
        loop {
            if let Some((group, _)) =
                OCCUPANTS.iter().find(|(_, list)| list.split_whitespace().any(|c| c == rest))
            {
                return *group;
            }
            match rest.rsplit_once('.') {
                Some((broader, _)) => rest = broader,
                None => return Self::Other,
            }
        }
    }
}

/// The categories of each group, one line a group. A subtype (`clothing.mens`) follows its parent.
const OCCUPANTS: [(Group, &str); 12] = [
    (
        Group::Fashion,
        "accessories babyclothesandsupplies bridalstore clothing costumes dancewear fashion \
         fashionaccessories formalwear furclothing goldmerchants hats jewelry jewelryrepair kimonos \
         leathergoods linens lingerie luggage maternitywear motorcyclingclothing shoes shoestore sleepwear \
         stockings swimwear thriftstore uniforms vintageclothing watches watchrepair",
    ),
    (
        Group::Beauty,
        "acnetreatment barber beautysalon beautyspas bodypiercing cosmetics dayspa eyelashes hairblowout \
         haircutsstyling hairextensions hairloss hairremoval hairstylist hennaartist makeupartist manicurists \
         massagetherapist massagetherapy medicalspa perfume permanentmakeup personalcare reflexology sauna \
         skincare tanningbeds tanningservices tattoo teethwhitening tuina wigs",
    ),
    (
        Group::Electronics,
        "appliances audiovideoequipment batteries cellphoneaccessories computersandaccessories \
         electronicappliances electronicparts electronicsrepair homeautomation mobilephones \
         photographyequipment photographystore videogamesandconsoles",
    ),
    (
        Group::Home,
        "antiques blinds cabinets carpet clockrepair countertopinstallation embroiderycrochet fabricstore \
         furniture furniturestore gardening hardware holidaydecorations homeandgarden homedecor \
         homedevelopers homegarden interiordesign kitchenandbath knittingsupplies lighting mattresses \
         nurseries outdoorfurniture paintstores pets petstore pictureframing rugs scandinaviandesign \
         tableware waterpurification",
    ),
    (
        Group::Food,
        "acai afghani african american arabian argentine armenian asianfusion australian austrian bagels \
         bakedgoods bangladeshi bar barbecue barfood beerbar beergarden beerhall beisl belgian bengali \
         biryani bistro blacksea brazilian breakfastandbrunch brewery brewpub british bubbletea buffet \
         bulgarian burgers burmese cafe cafeteria cajun cakes cambodian canadian canteen caribbean \
         champagnebar cheesesteaks chickenshop chickenwings chilean chimneycakes chinese churros cider \
         cigarbar cocktailbar coffee coffeeroaster comfortfood congee conveyorsushi crepes cuban cupcakes \
         customcakes cypriot czech danish delicatessen desserts diner dinnertheater divebar diyfood dominican \
         donair donuts dumplings easterneuropean eatertainment egyptian empanadas ethiopian european falafel \
         familyrestaurant fastfood filipino fish fishandchips flatbread fondue foodcourt fooddelivery \
         foodstand foodtruck freiduria french friterie gastropubs gelato georgian german giblets glutenfree \
         gourmetfood greek halal hawaiian healthyfoods himalayan hongkong hookahbar hotdogs hotelbar hotpot \
         hungarian iberian icecream indian indonesian irish irishpub israeli italian izakaya japanese \
         japanesesweets jewish juicebar kaiseki kashmiri kebab kopitiam korean kosher kurdish laotian \
         latinamerican lebanese loungebar macaron malaysian mamak meatballs mediterranean mexican \
         middleeastern milkbar milkshakes mongolian moroccan mughlai nasilemak nepalese noodles nyonya \
         okinawan opensandwiches oriental paella pakistani pasta persian peruvian piadina pita pizza poke \
         polish popcorn portuguese potatoes poutineries pretzels pub punjabi rawfood restaurant robatayaki \
         rodizio rotisseriechicken russian sakebar salad sandwiches scandinavian scottish seafood shavedice \
         shavedsnow singaporean soulfood soup southafrican spanish specialtyfood sportsbar srilankan steak \
         supperclub sushi swedish swiss syrian taberna tacos taiwanese taiyaki tamales tapas tea texmex thai \
         themedcafe tibetan tikibar tofu trattoria turkish ukrainian uzbek vegan vegetarian vendingmachine \
         venezuelan venison vietnamese waffles whiskeybar winebar winery winetasting wok wraps",
    ),
    (
        Group::Grocery,
        "beerwineandspirits beerwinespirits beveragestore butcher candy cheese chinesebazaar chocolate \
         coffeeteasupplies conveniencestore dutyfree ethnicgrocerystore farm farmersmarket frozenfoods \
         fruitandvegetables gourmetmarket grocery grocerystore herbsandspices honey hypermarket importedfood \
         internationalfood meatshop oliveoil organicfood riceshop seafoodmarket supermarket tobaccoshop \
         vapeshops",
    ),
    (
        Group::Health,
        "acupuncture allergies alternativemedicine auditory cardiology chiropractic clinic cosmeticsurgery \
         dentalhygiene dentistry dermatology dietician endodontics eyewear familymedicine healthcare \
         healthcarecenter hearingaidproviders hearingaids herbalmedicine hospital lasereyesurgery \
         medicalcenter medicalsupplies naturopathy opthamalogy opticians optometry orthodontics osteopathy \
         pediatrics periodontics pharmacy pharmacystore physicaltherapy physician podiatrists podiatry \
         psychology sportsmedicine traditionalchinesemedicine urgentcare vitaminssupplements walkinclinic \
         weightloss",
    ),
    (
        Group::BooksAndGifts,
        "artgallery artsandcrafts artstudio artsupplies books booksmagazinesmusicvideo calligraphy cards \
         comicbooks conceptshop custommerchandise discountstore engraving floraldesign florist florists \
         flowers giftshops guitarstore hobbyshop kiosk musicalinstruments musicvideo newspapersandmagazines \
         officeequipmentandsupplies partysupplies pianostore playsets popup popupshops religiousitems \
         souvenirs spiritualproducts stationery tabletopgames teachersupplies toys toystore trophyshops \
         usedbooks vinylrecords",
    ),
    (
        Group::Sport,
        "archery barreclass bicycle bicycleshop bikesandequipment boxing cardioclasses climbing cyclingclass \
         danceclub danceschool dancestudio fencing fitnessbootcamp fitnessequipment fitnessinstruction golf \
         golfequipment golfshop gym gymnastics huntingfishingsupplies martialarts outdoorgear personaltrainer \
         pilates rockclimbing skatepark skatingequipment skiequipment soccer spinclass sportinggoods \
         sportsclub sportsequipment sportsgoods sportsschool sportswear surfing surfingequipment \
         swimminginstruction swimmingpool tennis yoga",
    ),
    (
        Group::Services,
        "3dprinting accounting adulteducation artinstruction artschool atm auto automotive bank busrental \
         carrental childbirthschool childcare coincashingkiosk cookingschool copyshop courier \
         currencyexchange datarecovery drivingschool drycleaning drycleaninglaundry education \
         educationservices employmentagency financialservices homeappliancerepair informationtechnology \
         installmentloanservices insurance internetserviceprovider kindergarten knifesharpening \
         languageschool laundromat laundryservices lawyer legalservices library localservices locksmith \
         lotterystand luggagestorage mailboxcenter mobilephonerepair moneytransferservices mortgagebroker \
         musicalinstrumentservices notarypublic packagelocker packing parking passportvisaservices pawn \
         phonechargingstation photography postoffice preschool printmedia professionalservices \
         propertymanagement publiclibrary publicservices realestate realestateagents realestateservices \
         recyclingcenter school screenprinting selfstorage sewingalterations sharedofficespace \
         shippingcenters shippingdropbox shoerepair shoeshine signmaking specialtyschool taxservices \
         telecommunications televisionserviceproviders testpreparationschool tickets tours \
         translationservices transportationservices travelagent travelservices tutoring valetservices \
         veterinarian visitorcenter vocationalschool weddingplanning",
    ),
    (
        Group::Entertainment,
        "amusementpark arcade arts bingo bowlingalley carouselride cinema comedyclub culturalcenter \
         escapegame eventspace experiences fairground familyfuncenter gokarting hauntedhouse internetbooth \
         internetcafe karaoke kidsactivities lasertag minigolf movietheater museum musicvenue opera \
         paintandsip paintyourownpottery performingarts photobooth planetarium playcenter playground poolhall \
         recreation recreationcenter skatingrink socialclub theater touristattraction trampolining \
         virtualreality waterpark youthclub",
    ),
    (
        Group::DepartmentStore,
        "departmentstore deptartmentstore outletmall outletstore shopping warehouse wholesaler",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// A subtype belongs to the group of its parent.
    #[test]
    fn subtypes_belong_to_their_parents_group() {
        assert_eq!(Group::of_occupant("clothing.childrens"), Group::Fashion);
        assert_eq!(Group::of_occupant("restaurant.sushi.conveyor"), Group::Food);
        assert_eq!(Group::of_occupant("theater.movie"), Group::Entertainment);
        assert_eq!(Group::of_occupant("eyewear.opticians"), Group::Health);
    }

    #[test]
    fn an_unknown_category_is_other() {
        assert_eq!(Group::of_occupant("classroom"), Group::Other);
        assert_eq!(Group::of_occupant(""), Group::Other);
    }

    #[test]
    fn no_category_is_in_two_groups() {
        let mut all: Vec<_> = OCCUPANTS.iter().flat_map(|(_, list)| list.split_whitespace()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn every_group_has_a_key_of_its_own() {
        let mut keys: Vec<_> = Group::ALL.iter().map(|g| g.key()).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), Group::ALL.len());
    }
}
