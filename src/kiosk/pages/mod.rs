//! The pages: one module for each, with its view and the meaning of its touches.
//!
//! A page gets [`Cx`] and nothing else. `visit` holds where the visitor is and what they typed and chose; a
//! page holds no state.
//!
//! A new page has a module here, an adapter of the same name in the crate `screen`, and a picture of the same
//! name in `ui/kiosk/pages`. It is also named at five places: as a [`Page`], in this file, in the list of
//! adapters, in `ui/kiosk/app.slint`, and on the page that leads to it.

pub mod attract;
pub mod case_status;
mod facility_kinds;
pub mod farewell;
pub mod find;
pub mod form;
pub mod help;
pub mod home;
pub mod lookup;
pub mod menu;
mod places;
mod properties;
pub mod rated;
pub mod review;
pub mod route;
pub mod thanks;

use wayfinding::venue::FeatureId;

pub(crate) use properties::{Act, Leaving, PageProperties};

use crate::effect::Effect;
use crate::visit::cx::Cx;
use crate::visit::idle::Activity;
use crate::visit::keyboard::{self, Key};
use crate::visit::page::Page;

/// Makes [`PageView`], [`PageTouch`] and [`touch`] from one list.
macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident: $module:ident, $view:ident $(, touched by $touch:ident)?;)*) => {
        /// The page on the screen with its content.
        #[allow(clippy::large_enum_variant, reason = "there is one at a time")]
        #[derive(Clone, PartialEq)]
        pub enum PageView {
            $($(#[$doc])* $name($module::$view),)*
        }

        /// A touch on a control that only one page has.
        #[derive(Clone, Debug)]
        pub enum PageTouch {
            $($(#[doc = concat!("On the page `", stringify!($module), "`.")] $name($module::$touch),)?)*
        }

        $($(
            impl From<$module::$touch> for PageTouch {
                fn from(touch: $module::$touch) -> Self {
                    Self::$name(touch)
                }
            }
        )?)*

        /// Passes a touch to its page.
        pub fn touch(cx: &mut Cx, touch: PageTouch) -> Vec<Effect> {
            match touch {
                $($(
                    PageTouch::$name(touch) => {
                        let touch: $module::$touch = touch;
                        $module::touch(cx, touch)
                    }
                )?)*
            }
        }
    };
}

pages! {
    /// No visitor is there.
    Attract: attract, AttractView, touched by AttractTouch;
    /// The first page.
    Home: home, HomeView, touched by HomeTouch;
    /// The list of places.
    Find: find, FindView, touched by FindTouch;
    /// The route to a place.
    Route: route, RouteView, touched by RouteTouch;
    /// A menu of forms.
    Menu: menu, MenuView, touched by MenuTouch;
    /// A step of a form.
    Form: form, FormView, touched by FormTouch;
    /// All answers once more before sending.
    Review: review, ReviewView, touched by ReviewTouch;
    Thanks: thanks, ThanksView;
    /// After the receipt, until the visit ends.
    Farewell: farewell, FarewellView, touched by FarewellTouch;
    /// After a rating by one touch.
    Rated: rated, RatedView, touched by RatedTouch;
    /// Number and code of a receipt.
    Lookup: lookup, LookupView, touched by LookupTouch;
    /// The status of a case.
    CaseStatus: case_status, CaseStatusView, touched by CaseStatusTouch;
    Help: help, HelpView, touched by HelpTouch;
}

/// The table of pages: activity, primary action, and what happens on leaving.
pub(crate) fn properties(page: &Page) -> PageProperties {
    use Activity::{Browsing, Leaving as Going, Nothing, Reading, Receipt};
    let row = |activity, primary, leaving| PageProperties { activity, primary, leaving };
    match page {
        Page::Attract => row(Nothing, |_| None, Leaving::Nothing),
        Page::Home | Page::Find | Page::Menu(_) => row(Browsing, |_| None, Leaving::Nothing),
        Page::Route(_) => row(Reading, route::primary, Leaving::Nothing),
        Page::Form(_) => row(Reading, form::primary, Leaving::Nothing),
        Page::Pointing(_) => row(Reading, form::pointing::primary, Leaving::Nothing),
        Page::Review => row(Reading, review::primary, Leaving::Nothing),
        Page::Thanks(_) => row(Receipt, thanks::primary, Leaving::NoWayBack),
        Page::Farewell => row(Going, farewell::primary, Leaving::NoWayBack),
        Page::Rated => row(Going, rated::primary, Leaving::NoWayBack),
        Page::Lookup => row(Reading, lookup::primary, Leaving::Nothing),
        Page::CaseStatus => row(Reading, case_status::primary, Leaving::Nothing),
        Page::Help => row(Reading, help::primary, Leaving::Nothing),
    }
}

/// The content of the current page.
pub fn view(cx: &Cx) -> PageView {
    match cx.visit.page() {
        Page::Attract => PageView::Attract(attract::view(cx)),
        Page::Home => PageView::Home(home::view(cx)),
        Page::Find => PageView::Find(find::view(cx)),
        Page::Route(shown) => PageView::Route(route::view(cx, shown)),
        Page::Menu(menu) => PageView::Menu(menu::view(cx, *menu)),
        Page::Form(step) => PageView::Form(form::view(cx, *step)),
        Page::Pointing(map) => PageView::Form(form::pointing::view(cx, map)),
        Page::Review => PageView::Review(review::view(cx)),
        Page::Thanks(receipt) => PageView::Thanks(thanks::view(cx, receipt)),
        Page::Farewell => PageView::Farewell(farewell::view(cx)),
        Page::Rated => PageView::Rated(rated::view(cx)),
        Page::Lookup => PageView::Lookup(lookup::view(cx)),
        Page::CaseStatus => PageView::CaseStatus(case_status::view(cx)),
        Page::Help => PageView::Help(help::view(cx)),
    }
}

/// Handles a key. Only the lookup page does more than typing, because a scanner types there.
pub fn press(cx: &mut Cx, key: Key) -> Vec<Effect> {
    match cx.visit.page() {
        Page::Lookup => lookup::press(cx, key),
        _ => keyboard::press(&mut cx.visit, key),
    }
}

/// Handles a chosen place: it answers a form that asks for one; otherwise the route to it opens.
pub fn place_chosen(cx: &mut Cx, place: FeatureId) -> Vec<Effect> {
    match *cx.visit.page() {
        Page::Form(step) => form::place_chosen(cx, step, place),
        _ => cx.show_route(place),
    }
}

/// The effects of the back button, on a page where it does more than return to the page before.
pub fn back(cx: &mut Cx) -> Option<Vec<Effect>> {
    match cx.visit.page() {
        Page::CaseStatus => Some(case_status::leave(cx)),
        _ => form::previous(cx).map(|page| cx.replace(page)),
    }
}
