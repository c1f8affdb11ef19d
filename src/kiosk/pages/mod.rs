//! The pages: one module each, with what it shows and what its touches mean.
//!
//! A page holds only where the visitor is; what they typed and chose is in `session`.

pub mod attract;
pub mod find;
pub mod follow;
pub mod followed;
pub mod form;
pub mod help;
pub mod home;
pub mod menu;
mod places;
pub mod review;
pub mod route;
pub mod thanks;

use domain::kind::Kind;

use crate::app::App;
use crate::outbox::Receipt;
use crate::view::PageView;

/// Where a visitor is.
#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    /// Nobody is here.
    Attract,
    /// The first page.
    Home,
    /// The list of places.
    Find,
    /// The way to a place.
    Route(route::Shown),
    /// Forms to choose from.
    Menu(menu::Menu),
    /// The form at this step, from 0.
    Form(usize),
    /// The map on which the place that a form asks for is pointed at.
    Pointing(form::pointing::Looking),
    /// The end of a form.
    Review,
    /// The receipt.
    Thanks(Box<Receipt>),
    /// Following what was sent: the number and the code.
    Follow,
    /// What became of it.
    Followed,
    /// Calling somebody.
    Help(help::Call),
}

/// Whether leaving this page could lose something typed.
pub fn is_form(page: &Page) -> bool {
    matches!(page, Page::Form(_) | Page::Pointing(_) | Page::Review)
}

/// The step of the same form before this one.
pub fn previous_step(app: &App) -> Option<Page> {
    form::previous(app).map(Page::Form)
}

/// The page that shows a receipt.
pub fn after(receipt: Receipt) -> Page {
    match receipt.kind {
        Kind::ServiceRequest => {
            Page::Help(help::Call::Called(receipt.answer_due.unwrap_or(receipt.created_at)))
        }
        _ => Page::Thanks(Box::new(receipt)),
    }
}

/// The main button of the page: the key of its words, and whether it can be pressed.
pub fn primary(app: &App) -> Option<(&'static str, bool)> {
    match app.session.page() {
        Page::Attract | Page::Home | Page::Find | Page::Menu(_) => None,
        Page::Route(_) => Some(("route.another", true)),
        Page::Form(step) => form::primary(app, *step).map(|key| (key, true)),
        Page::Pointing(looking) => Some(("pointing.use", form::pointing::is_done(app, looking))),
        Page::Review => Some(("review.send", true)),
        Page::Help(help::Call::Asking) => Some(("help.call", true)),
        Page::Help(help::Call::Called(_)) => None,
        Page::Thanks(_) => Some(("thanks.done", true)),
        Page::Follow => Some(("follow.look", true)),
        Page::Followed => app.session.following.told.as_ref().map(|_| ("thanks.done", true)),
    }
}

/// What the page shows.
pub fn view(app: &App) -> PageView {
    match app.session.page() {
        Page::Attract => PageView::Attract(attract::view(app)),
        Page::Home => PageView::Home(home::view(app)),
        Page::Find => PageView::Find(find::view(app)),
        Page::Route(shown) => PageView::Route(route::view(app, shown)),
        Page::Menu(menu) => PageView::Menu(menu::view(app, *menu)),
        Page::Form(step) => PageView::Form(form::view(app, *step)),
        Page::Pointing(looking) => PageView::Form(form::pointing::view(app, looking)),
        Page::Review => PageView::Review(review::view(app)),
        Page::Thanks(receipt) => PageView::Thanks(thanks::view(app, receipt)),
        Page::Follow => PageView::Follow(follow::view(app)),
        Page::Followed => PageView::Followed(followed::view(app)),
        Page::Help(call) => PageView::Help(help::view(app, call)),
    }
}
