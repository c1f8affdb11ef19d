//! One adapter for each page: callbacks become events, a view becomes properties. No decisions here.
//!
//! Each adapter has three functions: `connect` maps its callbacks to events, `show` copies its view into the
//! window, and `forget` clears visitor data when the page is left.

mod attract;
mod case_status;
mod farewell;
mod find;
mod form;
mod frame;
mod help;
mod home;
mod icons;
mod keyboard;
mod lookup;
mod menu;
mod overlay;
mod pointing;
mod qr;
mod rated;
mod review;
mod route;
mod rows;
mod thanks;

use kiosk::app::View;
use kiosk::pages::PageView;

use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

/// Generates the functions that call each page's adapter, from one list. (The modules are declared above:
/// rustfmt does not find them inside a macro call.)
macro_rules! pages {
    ($($name:ident: $module:ident),* $(,)?) => {
        fn connect_pages(app: &ui::App, events: &Events, maps: &Maps) {
            $($module::connect(app, events, maps);)*
        }

        fn show_page(app: &ui::App, maps: &Maps, view: &PageView, last: Option<&PageView>) {
            match view {
                $(PageView::$name(page) => {
                    let last = match last {
                        Some(PageView::$name(last)) => Some(last),
                        _ => None,
                    };
                    $module::show(app, maps, page, last);
                })*
            }
        }

        fn forget(app: &ui::App, maps: &Maps, left: &PageView) {
            match left {
                $(PageView::$name(_) => $module::forget(app, maps),)*
            }
        }

        fn name(page: &PageView) -> ui::PageName {
            match page {
                $(PageView::$name(_) => ui::PageName::$name,)*
            }
        }
    };
}

pages! {
    Attract: attract,
    Home: home,
    Find: find,
    Route: route,
    Menu: menu,
    Form: form,
    Review: review,
    Thanks: thanks,
    Farewell: farewell,
    Rated: rated,
    Lookup: lookup,
    CaseStatus: case_status,
    Help: help,
}

/// Connects every callback of the window.
pub(crate) fn connect(app: &ui::App, events: &Events, maps: &Maps) {
    frame::connect(app, events);
    keyboard::connect(app, events);
    overlay::connect(app, events);
    connect_pages(app, events, maps);
}

/// Copies the differences between two views into the window's properties.
pub(crate) fn show(app: &ui::App, maps: &Maps, view: &View, last: Option<&View>) {
    let another = |l: &View| l.page_kind() != view.page_kind();
    // A page that was left keeps nothing: the next visitor must not see what this one typed or where they
    // went.
    if let Some(left) = last.filter(|l| another(l)) {
        forget(app, maps, &left.page);
    }
    if last.is_none_or(|l| l.page != view.page) {
        show_page(app, maps, &view.page, last.map(|l| &l.page));
    }
    if last.is_none_or(|l| l.header != view.header || l.bar != view.bar || another(l)) {
        app.set_page(name(&view.page));
        frame::show(app, view);
    }
    if last.is_none_or(|l| l.keyboard != view.keyboard) {
        keyboard::show(app, view.keyboard.as_ref());
    }
    if last.is_none_or(|l| l.overlay != view.overlay || l.language != view.language) {
        overlay::show(app, view);
    }
}
