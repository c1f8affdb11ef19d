//! The call for help of this kiosk. There is one open at a time, and it outlasts the visit: who comes to the
//! screen later sees that staff were called.
//!
//! It begins when the call is saved. The server says how far it is. It is dropped at the end of a visit when
//! staff have ended it, when its promised time is over, or when no server can be told of it. It holds no data
//! of a visitor.

use std::time::Duration;

use domain::Timestamp;
use domain::language::Language;
use domain::receipt::CaseNumber;
use domain::wire::{CaseState, CaseStatus, StepState};

use crate::case_lookup::{ReceiptProof, RequestId};
use crate::outbox::Receipt;

/// The pause between two questions to the server, in seconds.
const ASK_EVERY_S: u32 = 10;
/// The pause before the first question: the call has to arrive first.
const FIRST_AFTER_S: u32 = 2;

/// Why staff are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// A visitor needs help.
    Usual,
    /// Somebody is hurt or in danger.
    Danger,
}

/// A call for help.
pub struct Call {
    receipt: Box<Receipt>,
    pub urgency: Urgency,
    /// The calls of this visitor that this one came on top of.
    earlier: Vec<CaseNumber>,
    /// Whether the visitor who called is still here.
    pub of_this_visit: bool,
    /// What the server said last, in this language; none before it has the call.
    status: Option<(Language, Box<CaseStatus>)>,
    /// The question that is out, and the language of its answer.
    question: Option<(RequestId, Language)>,
    /// Seconds until the next question.
    pause_s: u32,
    /// Seconds in which the server does not want to be asked.
    refused_s: u32,
    /// Seconds since the call was made. They are counted, because the clock may be set meanwhile.
    age_s: u32,
}

impl Call {
    /// A call that was saved just now.
    ///
    /// `before` is the call of this kiosk until now.
    pub fn new(receipt: Box<Receipt>, urgency: Urgency, before: Option<Self>) -> Self {
        let before = before.filter(|call| call.of_this_visit && !call.is_over());
        let earlier = before.map(|call| call.numbers().collect()).unwrap_or_default();
        Self {
            receipt,
            urgency,
            earlier,
            of_this_visit: true,
            status: None,
            question: None,
            pause_s: FIRST_AFTER_S,
            refused_s: 0,
            age_s: 0,
        }
    }

    /// What the server said last, if it said so in this language.
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

    /// The case number of the call.
    pub fn number(&self) -> CaseNumber {
        self.receipt.case_number
    }

    /// The case numbers of all calls of this visitor that staff have not ended.
    pub fn numbers(&self) -> impl Iterator<Item = CaseNumber> {
        self.earlier.iter().copied().chain([self.number()])
    }

    /// The address at which the visitor can follow the call; none if no server is known.
    pub fn tracking_url(&self) -> Option<&str> {
        self.receipt.tracking_url.as_deref()
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

    /// Whether the promised time is over, so that calling once more is sensible.
    pub fn is_overdue(&self) -> bool {
        let due = self.receipt.answer_due.map(|due| (due - self.receipt.created_at).num_seconds());
        due.is_some_and(|due| i64::from(self.age_s) > due)
    }

    /// Does not ask the server before this time is over.
    pub fn wait(&mut self, time: Duration) {
        self.refused_s = u32::try_from(time.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
    }

    /// Asks the server at the next tick, unless it does not want to be asked.
    pub fn hurry(&mut self) {
        self.pause_s = 0;
    }

    /// Counts these seconds; returns whether the server is to be asked now.
    pub fn is_due(&mut self, seconds: u32) -> bool {
        self.age_s = self.age_s.saturating_add(seconds);
        self.pause_s = self.pause_s.saturating_sub(seconds);
        self.refused_s = self.refused_s.saturating_sub(seconds);
        self.pause_s == 0 && self.refused_s == 0 && self.has_server() && !self.is_over() && !self.is_overdue()
    }

    /// Notes that the server is asked for an answer in this language; returns the proof to ask with.
    pub fn ask(&mut self, request: RequestId, language: Language) -> ReceiptProof {
        self.pause_s = ASK_EVERY_S;
        self.question = Some((request, language));
        ReceiptProof::Token(self.receipt.token.clone())
    }

    /// The question that the server has not answered yet.
    pub fn question(&self) -> Option<RequestId> {
        self.question.as_ref().map(|(request, _)| *request)
    }

    /// Takes the question that this request answers; returns the language of the answer.
    pub fn take_question(&mut self, request: RequestId) -> Option<Language> {
        self.question.take_if(|(id, _)| *id == request).map(|(_, language)| language)
    }

    /// Takes what the server said in this language.
    pub fn learn(&mut self, language: Language, status: Box<CaseStatus>) {
        if status.state == CaseState::Found {
            self.status = Some((language, status));
        }
    }
}
