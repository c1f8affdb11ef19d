//! What the forms show, from the first question to the receipt, and the page for calling somebody.

use domain::submission::{Category, Remedy, Tag};

use super::{ChipView, Chosen, Field, FieldView, PlaceRow};

/// A step of a form: `Complaint · step 1 of 4`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgressView {
    /// In words.
    pub words: String,
    /// Which, from 1.
    pub step: u8,
    /// Of how many.
    pub of: u8,
}

/// A step of the feedback form.
#[derive(Clone, PartialEq)]
pub struct FeedbackView {
    /// Where in the form this is.
    pub progress: ProgressView,
    /// The question.
    pub title: String,
    /// A word of help under it.
    pub hint: String,
    /// What is asked.
    pub step: FeedbackStep,
}

/// What a step of the feedback form asks.
#[derive(Clone, PartialEq)]
pub enum FeedbackStep {
    /// Five faces, and what it is about.
    Faces {
        /// From 1, the saddest, to 5: words, and whether it is chosen.
        faces: Vec<(u8, String, Chosen)>,
        /// Asked once a face is chosen.
        tags_title: String,
        /// What it is about.
        tags: Vec<(Tag, ChipView)>,
    },
    /// Words.
    Words(FieldView),
    /// 0 to 10.
    Recommend {
        /// What 0 means.
        low: String,
        /// What 10 means.
        high: String,
        /// Which is chosen.
        chosen: Option<u8>,
    },
}

/// A step of the complaint form.
#[derive(Clone, PartialEq)]
pub struct ComplaintView {
    /// Where in the form this is.
    pub progress: ProgressView,
    /// The question.
    pub title: String,
    /// A word of help under it.
    pub hint: String,
    /// What is asked.
    pub step: ComplaintStep,
    /// `Is somebody hurt or in danger?`: the way out, on every step that has room for it.
    pub danger: Option<Notice>,
    /// One sentence on what happens to what they write; may be empty.
    pub privacy: String,
}

/// A heading with a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The heading.
    pub title: String,
    /// The sentence.
    pub text: String,
}

/// What a step of the complaint form asks.
#[derive(Clone, PartialEq)]
pub enum ComplaintStep {
    /// What it is about.
    Category(Vec<CategoryCard>),
    /// Where it happened.
    Place {
        /// `Near this kiosk`, `I am not sure`: words and whether chosen, in this order.
        here: ChipView,
        /// See above.
        unknown: ChipView,
        /// The place that was chosen; empty when none is.
        chosen: String,
        /// Look for one.
        search: FieldView,
        /// `Close to this screen`, above the places shown while nothing is typed; empty otherwise.
        nearby: String,
        /// What was found; while nothing is typed, what is close by.
        rows: Vec<PlaceRow>,
    },
    /// What happened.
    Story {
        /// In words.
        field: FieldView,
        /// Ready sentences for those who would rather not type.
        phrases: Vec<String>,
    },
    /// What is wanted, and how to reach them.
    Wish {
        /// `What would you like us to do?`
        remedies: Vec<(Remedy, ChipView)>,
        /// `May we contact you?`
        contact_title: String,
        /// The box to tick.
        consent: ChipView,
        /// Name, telephone, e-mail; empty until the box is ticked.
        fields: Vec<(Field, FieldView)>,
        /// What happens without contact details; empty once the box is ticked.
        without: String,
    },
}

/// A category of complaints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryCard {
    /// Which.
    pub category: Category,
    /// Its name.
    pub title: String,
    /// Examples in plain words.
    pub examples: String,
    /// Whether it is chosen.
    pub chosen: Chosen,
}

/// Everything once more before it is sent.
#[derive(Clone, PartialEq)]
pub struct ReviewView {
    /// Where in the form this is.
    pub progress: ProgressView,
    /// `Is everything right?`
    pub title: String,
    /// A word of help under it.
    pub hint: String,
    /// What was said: label and value. Touching one goes back to it.
    pub rows: Vec<ReviewRow>,
    /// What the change buttons say.
    pub change: String,
    /// One sentence on what happens to it.
    pub privacy: String,
}

/// A line of the review.
#[derive(Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// What was asked.
    pub label: String,
    /// What was answered.
    pub value: String,
}

/// The receipt.
#[derive(Clone, PartialEq)]
pub struct ThanksView {
    /// `Thank you`.
    pub title: String,
    /// When to expect what, with the moment written out.
    pub due: String,
    /// What the QR code says; none when no server is known.
    pub qr: String,
    /// `Case number`.
    pub number_label: String,
    /// `K3-7QX-41M-D`.
    pub number: String,
    /// What happens next: three headings with a sentence.
    pub steps: Vec<Notice>,
    /// What being offline means for the visitor; empty when online.
    pub offline: String,
}

/// Calling somebody.
#[derive(Clone, PartialEq)]
pub struct HelpView {
    /// The question, or what happens now.
    pub title: String,
    /// More of it.
    pub text: String,
    /// Where the nearest desk is.
    pub desk: String,
    /// What the button to it says; empty when there is no desk on the map.
    pub show_desk: String,
}
