//! The receipt: what happens next and by when, a code for the telephone, a number to say aloud.

use domain::kind::Kind;

use crate::app::App;
use crate::calendar;
use crate::event::Link;
use crate::outbox::Receipt;
use crate::view::{Notice, ThanksView};

/// What it shows.
pub fn view(app: &App, receipt: &Receipt) -> ThanksView {
    let due = receipt.answer_due.map(|due| calendar::moment(app.session.language, app.world.local(due)));
    let (title, due_key) = match receipt.kind {
        Kind::Complaint => ("thanks.complaint", "thanks.due"),
        Kind::Feedback => ("thanks.feedback", "thanks.due"),
        Kind::LostItem => ("thanks.told", "thanks.lost.due"),
        Kind::FoundItem => ("thanks.found", "thanks.found.due"),
        _ => ("thanks.told", "thanks.due"),
    };
    // Whoever praises, or brings what was found, has nothing to be dissatisfied with; a word more they may have.
    let last = match receipt.kind {
        Kind::Complaint | Kind::Enquiry => "thanks.step.decide",
        _ => "thanks.step.add",
    };
    let step = |key: &str| Notice { title: app.word(key), text: app.word(&format!("{key}.text")) };
    ThanksView {
        title: app.word(title),
        due: due.map_or_else(|| app.word("thanks.nothing-due"), |due| app.fill(due_key, &[("due", &due)])),
        qr: receipt.tracking_url.clone().unwrap_or_default(),
        number_label: app.word("thanks.number"),
        number: receipt.case_number.to_string(),
        code_label: app.word("thanks.code"),
        code: receipt.tracking_url.as_ref().map(|_| receipt.token.code().to_string()).unwrap_or_default(),
        steps: match receipt.tracking_url {
            Some(_) => ["thanks.step.scan", "thanks.step.look", last].map(step).into(),
            None => Vec::new(),
        },
        offline: match (app.link, &receipt.tracking_url) {
            (_, None) => app.word("thanks.no-server"),
            (Link::Offline, Some(_)) => app.word("thanks.offline"),
            (Link::Online, Some(_)) => String::new(),
        },
    }
}
