//! What stands around every form: how far one is, the review, the receipt, the page for calling somebody.

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

/// A heading with a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The heading.
    pub title: String,
    /// The sentence.
    pub text: String,
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
    /// What the code beside it is for.
    pub code_label: String,
    /// `7QX4-1MD0`; empty when no server is known.
    pub code: String,
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
