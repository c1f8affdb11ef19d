//! The view of a form step, for any kind of question.

use crate::view::{ChipView, Field, FieldView, LevelButton, MapScene, Notice, PlaceRow, ProgressView};

/// A step of a form.
#[derive(Clone, Default, PartialEq)]
pub struct FormView {
    /// The position in the form.
    pub progress: ProgressView,
    pub title: String,
    /// A help text under the title.
    pub hint: String,
    /// The questions.
    pub step: FormStep,
    /// The notice `Is someone hurt or in danger?`, if there is room for it.
    pub danger: Option<Notice>,
    /// One sentence on the use of the text; may be empty.
    pub privacy: String,
}

impl FormView {
    /// The number of controls of each item, from top to bottom.
    pub fn controls(&self) -> Vec<usize> {
        let FormStep::Items(items) = &self.step else { return Vec::new() };
        let of = |item: &ItemView| match &item.ask {
            ItemAsk::Cards(cards) => cards.len(),
            ItemAsk::Chips(chips) => chips.len(),
            ItemAsk::Phrases(phrases) => phrases.len(),
            ItemAsk::Contact { fields, .. } => 1 + fields.len(),
            ItemAsk::Faces { .. } | ItemAsk::Scale { .. } | ItemAsk::Text { .. } => 1,
        };
        items.iter().map(of).collect()
    }
}

/// The questions of a step.
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
#[derive(Clone, PartialEq)]
pub enum FormStep {
    /// Where it was, on the map.
    Map {
        map: MapScene,
        /// Whether the map can be zoomed in.
        closer: bool,
        /// Whether the map can be zoomed out.
        wider: bool,
        /// A button for each level.
        levels: Vec<LevelButton>,
        /// The pointed place; empty without one.
        chosen: String,
    },
    /// The items, from top to bottom.
    Items(Vec<ItemView>),
    /// Where it was, from a list.
    Place {
        /// The chip `Near here`.
        here: ChipView,
        /// The chip `On the map`; none without a map.
        map: Option<ChipView>,
        /// The chip `I'm not sure`.
        unknown: ChipView,
        /// The chosen place; empty without one.
        chosen: String,
        /// The search field.
        search: FieldView,
        /// The heading `Near this screen` while the search field is empty; empty otherwise.
        nearby: String,
        /// The results, or the nearest places while the search field is empty.
        rows: Vec<PlaceRow>,
        /// The error; empty without one.
        error: String,
    },
}

impl Default for FormStep {
    fn default() -> Self {
        Self::Items(Vec::new())
    }
}

/// An item of a step.
#[derive(Clone, PartialEq)]
pub struct ItemView {
    /// The question; empty if it is the title of the step.
    pub title: String,
    /// A help text under it.
    pub hint: String,
    /// The error with its remedy; empty without one.
    pub error: String,
    /// The control of the item.
    pub ask: ItemAsk,
}

/// The control of an item.
#[derive(Clone, PartialEq)]
pub enum ItemAsk {
    Faces {
        /// The labels, from very dissatisfied to very satisfied.
        names: Vec<String>,
        /// 1 to 5, 0 for none.
        value: u8,
    },
    /// A scale of at most eleven numbers.
    Scale {
        lowest: u8,
        highest: u8,
        /// The meaning of the lowest number.
        low: String,
        /// The meaning of the highest number.
        high: String,
        /// The chosen number.
        value: Option<u32>,
    },
    /// A short list of options with examples; one can be chosen.
    Cards(Vec<CardView>),
    /// A list of options; one or several can be chosen.
    Chips(Vec<ChipView>),
    Text {
        /// The field that gets the text.
        field: Field,
        view: FieldView,
        /// Whether its label is shown above it.
        labelled: bool,
    },
    /// Ready-made sentences for visitors who prefer not to type.
    Phrases(Vec<String>),
    /// Contact data.
    Contact {
        /// The checkbox for consent.
        consent: ChipView,
        /// Name, telephone, e-mail; empty before consent.
        fields: Vec<(Field, FieldView)>,
        /// What happens without contact data; empty after consent.
        without: String,
    },
}

/// An option with examples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardView {
    pub title: String,
    /// Examples in plain words; may be empty.
    pub examples: String,
    /// The name of its icon; may be empty.
    pub icon: &'static str,
    pub chosen: bool,
}
