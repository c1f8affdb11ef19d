//! The review: everything once more, each line with a way back to change it, then one button to send.

use crate::app::App;
use crate::event::Effect;
use crate::pages::form;
use crate::view::ReviewView;

/// A line is to be changed.
pub fn change(app: &mut App, row: usize) -> Vec<Effect> {
    match form::lines(app).into_iter().nth(row) {
        Some((_, page)) => app.turn(page),
        None => Vec::new(),
    }
}

/// What it shows.
pub fn view(app: &App) -> ReviewView {
    let filling = app.session.filling.as_ref();
    ReviewView {
        progress: filling
            .map(|filling| form::progress(app, filling, &form::answers(app, filling)))
            .unwrap_or_default(),
        title: app.word("review.title"),
        hint: app.word("review.hint"),
        rows: form::lines(app).into_iter().map(|(row, _)| row).collect(),
        change: app.word("review.change"),
        privacy: app.word("form.privacy"),
    }
}
