//! The call for help of this kiosk. There is one at a time, and it outlasts the visit: who comes to the screen
//! later sees that staff were called.
//!
//! It begins when the call is saved. The server says how far it is. It holds no data of a visitor.

use domain::Timestamp;
use domain::language::Language;
use domain::wire::{CaseState, CaseStatus, StepState};

use crate::case_lookup::{ReceiptProof, RequestId};
use crate::outbox::Receipt;

/// The pause between two questions to the server, in seconds.
const ASK_EVERY_S: u8 = 10;
/// The pause before the first question: the call has to arrive first.
const FIRST_AFTER_S: u8 = 2;

/// A call for help.
pub struct Call {
    receipt: Box<Receipt>,
    /// What the server said last, in this language; none before it has the call.
    status: Option<(Language, Box<CaseStatus>)>,
    /// The last question to the server.
    asked: Option<RequestId>,
    /// Seconds until the next question.
    pause: u8,
}

impl Call {
    /// A call that was saved just now.
    pub fn new(receipt: Box<Receipt>) -> Self {
        Self { receipt, status: None, asked: None, pause: FIRST_AFTER_S }
    }

    /// What the server said last, if it has the call and said so in this language.
    pub fn status(&self, language: Language) -> Option<&CaseStatus> {
        self.status.as_ref().filter(|(of, _)| *of == language).map(|(_, status)| &**status)
    }

    /// Whether the server has the call.
    pub fn has_arrived(&self) -> bool {
        self.status.is_some()
    }

    /// Whether a server can be told of it at all.
    pub fn has_server(&self) -> bool {
        self.receipt.tracking_url.is_some()
    }

    /// When the call was made.
    pub fn made_at(&self) -> Timestamp {
        self.receipt.created_at
    }

    /// Whether staff have ended the call.
    pub fn is_over(&self) -> bool {
        self.status.as_ref().is_some_and(|(_, status)| {
            !status.steps.is_empty() && status.steps.iter().all(|step| step.state == StepState::Done)
        })
    }

    /// Whether the promised time has passed, so that calling once more is sensible.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.receipt.answer_due.is_some_and(|due| due < now)
    }

    /// Asks the server at the next tick.
    pub fn hurry(&mut self) {
        self.pause = 0;
    }

    /// Counts these seconds. Returns the proof to ask the server with, if it is time and `request` is its id.
    pub fn pass(
        &mut self,
        seconds: u8,
        request: impl FnOnce() -> RequestId,
    ) -> Option<(RequestId, ReceiptProof)> {
        self.pause = self.pause.saturating_sub(seconds);
        if self.pause > 0 || self.is_over() || !self.has_server() {
            return None;
        }
        self.pause = ASK_EVERY_S;
        let request = request();
        self.asked = Some(request);
        Some((request, ReceiptProof::Token(self.receipt.token.clone())))
    }

    /// Whether this answer belongs to the call.
    pub fn asked(&self, request: RequestId) -> bool {
        self.asked == Some(request)
    }

    /// Takes the server's answer.
    pub fn answered(&mut self, language: Language, status: Box<CaseStatus>) {
        if status.state == CaseState::Found {
            self.status = Some((language, status));
        }
    }
}
