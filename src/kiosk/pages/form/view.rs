//! What a step of a form shows, whatever is asked.

use crate::view::{ChipView, Field, FieldView, LevelButton, MapScene, Notice, PlaceRow, ProgressView};

/// A step of a form.
#[derive(Clone, Default, PartialEq)]
pub struct FormView {
    /// Where in the form this is.
    pub progress: ProgressView,
    pub title: String,
    /// A word of help under it.
    pub hint: String,
    /// What is asked.
    pub step: FormStep,
    /// `Is somebody hurt or in danger?`: the way out, where there is room for it.
    pub danger: Option<Notice>,
    /// One sentence on what happens to what they write; may be empty.
    pub privacy: String,
}

/// What a step asks.
#[allow(clippy::large_enum_variant, reason = "there is one at a time")]
#[derive(Clone, PartialEq)]
pub enum FormStep {
    /// Where it was, on the map.
    Map {
        map: MapScene,
        /// Whether it can be enlarged.
        closer: bool,
        /// Whether more of the level can be shown.
        wider: bool,
        /// Levels to show.
        levels: Vec<LevelButton>,
        /// The place that was touched; empty when none was.
        chosen: String,
    },
    /// One part below the other.
    Items(Vec<ItemView>),
    /// Where it was.
    Place {
        /// `Near here`: words and whether chosen.
        here: ChipView,
        /// `On the map`; none when there is no map.
        map: Option<ChipView>,
        /// `I am not sure`.
        unknown: ChipView,
        /// The place that was chosen; empty when none is.
        chosen: String,
        /// Look for one.
        search: FieldView,
        /// `Close to this screen`, above the places shown while nothing is typed; empty otherwise.
        nearby: String,
        /// What was found; while nothing is typed, what is close by.
        rows: Vec<PlaceRow>,
        /// What is missing; empty when nothing is.
        error: String,
    },
}

impl Default for FormStep {
    fn default() -> Self {
        Self::Items(Vec::new())
    }
}

/// A part of a step.
#[derive(Clone, PartialEq)]
pub struct ItemView {
    /// The question; empty when it is that of the step.
    pub title: String,
    /// A word of help under it.
    pub hint: String,
    /// What is missing and what to do; empty when nothing is.
    pub error: String,
    /// What is asked.
    pub ask: ItemAsk,
}

/// What a part of a step asks.
#[derive(Clone, PartialEq)]
pub enum ItemAsk {
    Faces {
        /// From the saddest to the happiest.
        names: Vec<String>,
        /// 1 to 5, 0 for none.
        value: u8,
    },
    /// A number out of at most eleven.
    Scale {
        lowest: u8,
        highest: u8,
        /// What the lowest means.
        low: String,
        /// What the highest means.
        high: String,
        /// Which is chosen.
        value: Option<u32>,
    },
    /// One of a few, with examples.
    Cards(Vec<CardView>),
    /// One or several of many.
    Chips(Vec<ChipView>),
    Text {
        /// Where they are typed.
        field: Field,
        /// What stands there.
        view: FieldView,
        /// Whether its label is shown above it.
        labelled: bool,
    },
    /// Ready sentences for those who would rather not type.
    Phrases(Vec<String>),
    /// How to reach the visitor.
    Contact {
        /// The box to tick.
        consent: ChipView,
        /// Name, telephone, e-mail; empty until the box is ticked.
        fields: Vec<(Field, FieldView)>,
        /// What happens without contact details; empty once the box is ticked.
        without: String,
    },
}

/// One of a few.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardView {
    pub title: String,
    /// Examples in plain words; may be empty.
    pub examples: String,
    /// Whether it is chosen.
    pub chosen: bool,
}
