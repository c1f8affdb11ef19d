//! The review: everything once more, each line with a way back to change it, then one button to send.

use domain::submission::Csat;

use crate::app::App;
use crate::event::Effect;
use crate::outbox::Said;
use crate::pages::feedback::progress;
use crate::pages::{Page, complaint, feedback};
use crate::view::{Field, ReviewRow, ReviewView};

/// Which form is being reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Feedback.
    Feedback,
    /// A complaint.
    Complaint,
}

/// What is sent.
pub fn said(app: &App, form: Form) -> Option<Said> {
    match form {
        Form::Feedback => feedback::said(app),
        Form::Complaint => complaint::said(app),
    }
}

/// Each line with the step that it came from.
fn lines(app: &App, form: Form) -> Vec<(ReviewRow, Page)> {
    match form {
        Form::Feedback => feedback_lines(app),
        Form::Complaint => complaint_lines(app),
    }
}

fn line(app: &App, label: &str, value: String) -> ReviewRow {
    let value = if value.is_empty() { app.word("review.nothing") } else { value };
    ReviewRow { label: app.word(label), value }
}

fn feedback_lines(app: &App) -> Vec<(ReviewRow, Page)> {
    use feedback::Step::{Faces, Recommend, Words};
    let form = &app.session.feedback;
    let face = form.face.map_or_else(String::new, |f| {
        format!("{} · {f} / {}", app.word(&format!("face.{f}")), Csat::HIGHEST)
    });
    let tags: Vec<_> = form.tags.iter().map(|t| app.word(&format!("tag.{}", t.key()))).collect();
    let words = app.session.typed(Field::Words).unwrap_or_default().trim().to_owned();
    let recommend = form.recommend.map_or_else(String::new, |n| format!("{n} / 10"));
    vec![
        (line(app, "review.face", face), Page::Feedback(Faces)),
        (line(app, "review.tags", tags.join(&app.word("list.separator"))), Page::Feedback(Faces)),
        (line(app, "review.words", words), Page::Feedback(Words)),
        (line(app, "review.recommend", recommend), Page::Feedback(Recommend)),
    ]
}

fn complaint_lines(app: &App) -> Vec<(ReviewRow, Page)> {
    use complaint::Step::{Category, Place, Story, Wish};
    let form = &app.session.complaint;
    let category = form.category.map_or_else(String::new, |c| app.word(&format!("category.{}", c.key())));
    let story = app.session.typed(Field::Story).unwrap_or_default().trim().to_owned();
    let remedy = form.remedy.map_or_else(String::new, |r| app.word(&format!("remedy.{}", r.key())));
    let contact = complaint::contact(app).map_or_else(
        || app.word("review.no-contact"),
        |c| {
            let parts = [
                c.name.as_ref().map(|n| n.as_str()),
                c.phone.as_ref().map(|p| p.as_str()),
                c.email.as_ref().map(|e| e.as_str()),
            ];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        },
    );
    vec![
        (line(app, "review.category", category), Page::Complaint(Category)),
        (line(app, "review.place", complaint::place_words(app)), Page::Complaint(Place)),
        (line(app, "review.story", story), Page::Complaint(Story)),
        (line(app, "review.remedy", remedy), Page::Complaint(Wish)),
        (line(app, "review.contact", contact), Page::Complaint(Wish)),
    ]
}

/// A line is to be changed.
pub fn change(app: &mut App, row: usize) -> Vec<Effect> {
    let Page::Review(form) = *app.session.page() else { return Vec::new() };
    match lines(app, form).into_iter().nth(row) {
        Some((_, page)) => app.turn(page),
        None => Vec::new(),
    }
}

/// What it shows.
pub fn view(app: &App, form: Form) -> ReviewView {
    let (key, of) = match form {
        Form::Feedback => ("feedback.progress", feedback::STEPS),
        Form::Complaint => ("complaint.progress", complaint::STEPS),
    };
    ReviewView {
        progress: progress(app, key, of, of),
        title: app.word("review.title"),
        hint: app.word("review.hint"),
        rows: lines(app, form).into_iter().map(|(row, _)| row).collect(),
        change: app.word("review.change"),
        privacy: app.word("form.privacy"),
    }
}
