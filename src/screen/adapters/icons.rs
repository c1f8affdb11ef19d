//! Looks up the window's icons by the names that views use.

use slint::{ComponentHandle, Image};

use crate::ui;

pub struct Icons<'a>(ui::Icons<'a>);

impl<'a> Icons<'a> {
    pub fn of(app: &'a ui::App) -> Self {
        Self(app.global::<ui::Icons>())
    }

    /// The icon with this name, or an empty image for an unknown name.
    pub fn image(&self, name: &str) -> Image {
        let i = &self.0;
        match name {
            "accessible" | "wheelchair" => i.get_wheelchair(),
            "arrive" => i.get_arrive(),
            "atm" => i.get_atm(),
            "bag" => i.get_bag(),
            "baby" => i.get_baby(),
            "beauty" => i.get_beauty(),
            "bell" => i.get_bell(),
            "box" => i.get_box(),
            "broom" => i.get_broom(),
            "books" => i.get_books(),
            "card" => i.get_card(),
            "chat" => i.get_chat(),
            "check" => i.get_check(),
            "face" => i.get_face_4(),
            "department-store" => i.get_shop(),
            "down" => i.get_level_down(),
            "edit" => i.get_edit(),
            "electronics" => i.get_electronics(),
            "entertainment" => i.get_entertainment(),
            "escalator" => i.get_escalator(),
            "exit" => i.get_exit(),
            "fashion" => i.get_fashion(),
            "first-aid" => i.get_first_aid(),
            "flag" => i.get_flag(),
            "food" => i.get_food(),
            "gift" | "gifts" => i.get_gift(),
            "glasses" => i.get_glasses(),
            "globe" => i.get_globe(),
            "grocery" => i.get_grocery(),
            "health" => i.get_health(),
            "help" => i.get_help(),
            "home-living" => i.get_home_living(),
            "info" => i.get_info(),
            "key" => i.get_key(),
            "kids" => i.get_kids(),
            "left" => i.get_turn_left(),
            "lift" => i.get_lift(),
            "lockers" => i.get_lockers(),
            "map" => i.get_map(),
            "other" => i.get_other(),
            "parking" => i.get_parking(),
            "phone" => i.get_phone(),
            "pin" => i.get_pin(),
            "qr" => i.get_qr(),
            "restroom" => i.get_restroom(),
            "right" => i.get_turn_right(),
            "ring" => i.get_ring(),
            "search" => i.get_search(),
            "services" => i.get_services(),
            "slight-left" => i.get_slight_left(),
            "slight-right" => i.get_slight_right(),
            "sport" => i.get_sport(),
            "stairs" => i.get_stairs(),
            "star" => i.get_star(),
            "start" => i.get_here(),
            "straight" => i.get_straight(),
            "stroller" => i.get_stroller(),
            "u-turn" => i.get_u_turn(),
            "umbrella" => i.get_umbrella(),
            "up" => i.get_level_up(),
            "walk" => i.get_walk(),
            "wallet" => i.get_wallet(),
            _ => Image::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::form::OPTION_ICONS;
    use i_slint_backend_testing::init_no_event_loop;

    use super::*;

    #[test]
    fn every_picture_of_an_option_is_drawn() {
        init_no_event_loop();
        let app = ui::App::new().unwrap();
        let empty = OPTION_ICONS.into_iter().filter(|name| Icons::of(&app).image(name).size().width == 0);
        assert_eq!(empty.collect::<Vec<_>>(), Vec::<&str>::new());
    }
}
