//! The receipt: what happens next and by when, a QR code for a phone, a number to say aloud.
//!
//! The page opens when the submission is saved. The primary action clears it; the page that follows can call
//! it back for a minute. Nothing is sent from here.

use domain::kind::Kind;

use crate::calendar;
use crate::effect::Effect;
use crate::outbox::Receipt;
use crate::pages::properties::PrimaryAction;
use crate::view::Notice;
use crate::visit::cx::{Cx, Link};
use crate::visit::page::Page;

#[derive(Clone, PartialEq)]
pub struct ThanksView {
    /// `Thank you`.
    pub title: String,
    /// When to expect an answer, as a date and time.
    pub due: String,
    /// The content of the QR code; empty if no server is known.
    pub qr: String,
    /// `Case number`.
    pub number_label: String,
    /// `K3-7QX-41M-D`; empty if no server is known.
    pub number: String,
    /// What the receipt code is for.
    pub code_label: String,
    /// The receipt code, `7QX4-1MD0`; empty if no server is known.
    pub code: String,
    /// What happens next: three headings with a sentence.
    pub steps: Vec<Notice>,
    /// What being offline means for the submission; empty if online.
    pub offline: String,
}

/// The primary action: clear the receipt.
pub fn primary(_: &Cx) -> Option<PrimaryAction> {
    Some(PrimaryAction::page("thanks.done", |cx| {
        cx.visit.return_home();
        // With a form that was begun meanwhile the visitor is not done.
        if cx.visit.has_draft() { cx.blur() } else { cx.go(Page::Farewell) }
    }))
}

/// Shows the receipt again that the visitor has just left, if its time is not over.
pub fn call_back(cx: &mut Cx) -> Vec<Effect> {
    let Some(left) = cx.visit.left_receipt.take() else { return Vec::new() };
    cx.visit.return_home();
    cx.go(Page::Thanks(left.receipt))
}

pub fn view(cx: &Cx, receipt: &Receipt) -> ThanksView {
    let due = receipt.answer_due.map(|due| calendar::moment(cx.visit.language, cx.world().local(due)));
    let (title, due_key) = match receipt.kind {
        Kind::Complaint => ("thanks.complaint", "thanks.due"),
        Kind::Feedback => ("thanks.feedback", "thanks.due"),
        Kind::LostItem => ("thanks.told", "thanks.lost.due"),
        Kind::FoundItem => ("thanks.found", "thanks.found.due"),
        Kind::ServiceRequest => ("thanks.told", "thanks.found.due"),
        _ => ("thanks.told", "thanks.due"),
    };
    // A visitor can reopen a complaint or an enquiry; to anything else they can only add.
    let last = match receipt.kind {
        Kind::Complaint | Kind::Enquiry => "thanks.step.decide",
        _ => "thanks.step.add",
    };
    let has_server = receipt.tracking_url.is_some();
    let step = |key: &str| Notice { title: cx.word(key), text: cx.word(&format!("{key}.text")) };
    ThanksView {
        title: cx.word(title),
        // A kiosk without a server promises no date, and no desk could look the number up.
        due: match (due, has_server) {
            (_, false) => cx.word("thanks.stored"),
            (None, true) => cx.word("thanks.nothing-due"),
            (Some(due), true) => cx.fill(due_key, &[("due", &due)]),
        },
        qr: receipt.tracking_url.clone().unwrap_or_default(),
        number_label: cx.word("thanks.number"),
        number: if has_server { receipt.case_number.to_string() } else { String::new() },
        code_label: cx.word("thanks.code"),
        code: receipt.tracking_url.as_ref().map(|_| receipt.token.code().to_string()).unwrap_or_default(),
        steps: match receipt.tracking_url {
            Some(_) => ["thanks.step.scan", "thanks.step.look", last].map(step).into(),
            None => Vec::new(),
        },
        offline: match (cx.link(), &receipt.tracking_url) {
            (_, None) => cx.word("thanks.no-server"),
            (Link::Offline | Link::NoServer, Some(_)) => cx.word("thanks.offline"),
            (Link::Online, Some(_)) => String::new(),
        },
    }
}
