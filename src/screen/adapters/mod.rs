//! One adapter a page: callbacks become events, a view becomes properties. No decisions here.

mod attract;
mod find;
mod follow;
mod followed;
mod form;
mod frame;
mod help;
mod home;
mod icons;
mod keyboard;
pub(crate) mod map;
mod menu;
mod overlay;
mod pointing;
mod review;
mod route;
mod rows;
mod thanks;

use kiosk::view::{PageView, View};
use slint::ComponentHandle;

use crate::ui;
use crate::window::{Events, Window};

/// Connects every callback of the window.
pub(crate) fn connect(app: &ui::App, events: &Events) {
    frame::connect(app, events);
    keyboard::connect(app, events);
    overlay::connect(app, events);
    attract::connect(app, events);
    home::connect(app, events);
    find::connect(app, events);
    route::connect(app, events);
    menu::connect(app, events);
    form::connect(app, events);
    pointing::connect(app, events);
    review::connect(app, events);
    follow::connect(app, events);
    followed::connect(app, events);
    help::connect(app, events);
}

/// Copies what differs between two views into the window's properties.
pub(crate) fn show(window: &Window, view: &View, last: Option<&View>) {
    let app = window.app();
    if last.is_none_or(|l| l.page != view.page) {
        page(window, view, last);
    }
    if last.is_none_or(|l| l.header != view.header || l.bar != view.bar || l.page_kind() != view.page_kind())
    {
        frame::show(app, view);
    }
    if last.is_none_or(|l| l.keyboard != view.keyboard) {
        keyboard::show(app, view.keyboard.as_ref());
    }
    if last.is_none_or(|l| l.overlay != view.overlay || l.language != view.language) {
        overlay::show(app, view);
    }
}

/// A page that was left keeps nothing: what a visitor typed or where they went is not theirs to find
/// who come next.
fn page(window: &Window, view: &View, last: Option<&View>) {
    let app = window.app();
    if let Some(left) = last.filter(|l| l.page_kind() != view.page_kind()) {
        forget(window, left);
    }
    match &view.page {
        PageView::Attract(page) => attract::show(app, page),
        PageView::Home(page) => home::show(window, page),
        PageView::Find(page) => find::show(app, page, last),
        PageView::Route(page) => route::show(window, page),
        PageView::Menu(page) => menu::show(app, page),
        PageView::Form(page) => form::show(window, page),
        PageView::Review(page) => review::show(app, page),
        PageView::Thanks(page) => thanks::show(app, page),
        PageView::Follow(page) => follow::show(app, page),
        PageView::Followed(page) => followed::show(app, page),
        PageView::Help(page) => help::show(app, page),
    }
}

fn forget(window: &Window, left: &View) {
    let app = window.app();
    match left.page {
        PageView::Find(_) => find::forget(&app.global::<ui::FindAdapter>()),
        PageView::Route(_) => route::forget(window),
        PageView::Form(_) => form::forget(window),
        PageView::Review(_) => review::forget(&app.global::<ui::ReviewAdapter>()),
        PageView::Follow(_) => follow::forget(&app.global::<ui::FollowAdapter>()),
        PageView::Followed(_) => followed::forget(&app.global::<ui::FollowedAdapter>()),
        PageView::Thanks(_) => thanks::forget(&app.global::<ui::ThanksAdapter>()),
        PageView::Attract(_) | PageView::Home(_) | PageView::Menu(_) | PageView::Help(_) => {}
    }
}
