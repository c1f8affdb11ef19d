//! The complaint form: what about, where, what happened, what is wanted and how to be reached.
//!
//! One question a step. What is wrong is said beside its field and only after the visitor tried to go
//! on; contact details are never asked for without consent, and never needed.

use domain::contact::{Contact, ContactError, Email, Name, Phone};
use domain::submission::{Body, Category, Complaint, Remedy, Story};
use wayfinding::venue::FeatureId;

use crate::app::App;
use crate::event::{ComplaintEvent, Effect};
use crate::keyboard::{self, field_view};
use crate::outbox::Said;
use crate::pages::feedback::progress;
use crate::pages::{Page, places, review};
use crate::session::{Whereabouts, place_ref};
use crate::view::{CategoryCard, ChipView, Chosen, ComplaintStep, ComplaintView, Field, Notice};

/// A step of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What it is about.
    Category,
    /// Where.
    Place,
    /// What happened.
    Story,
    /// What is wanted, and contact.
    Wish,
}

/// Steps of the form, the review counted.
pub const STEPS: u8 = 5;
/// Ready sentences a category has.
const PHRASES: usize = 3;
/// Places shown below the search field.
const PLACES_SHOWN: usize = 20;

impl Step {
    fn number(self) -> u8 {
        match self {
            Self::Category => 1,
            Self::Place => 2,
            Self::Story => 3,
            Self::Wish => 4,
        }
    }

    /// The one before.
    pub fn previous(self) -> Option<Self> {
        match self {
            Self::Category => None,
            Self::Place => Some(Self::Category),
            Self::Story => Some(Self::Place),
            Self::Wish => Some(Self::Story),
        }
    }
}

/// A touch on it.
pub fn handle(app: &mut App, event: ComplaintEvent) -> Vec<Effect> {
    let phrase = match event {
        ComplaintEvent::Phrase(index) => phrases(app).into_iter().nth(index),
        _ => None,
    };
    let session = &mut app.session;
    let form = &mut session.complaint;
    match event {
        ComplaintEvent::Category(category) => form.category = Some(category),
        ComplaintEvent::PlaceHere => form.place = Whereabouts::Here,
        ComplaintEvent::PlaceUnknown => form.place = Whereabouts::Unknown,
        ComplaintEvent::Phrase(_) => {
            if let Some(phrase) = phrase {
                session.texts.edit(Field::Story).append_sentence(&phrase);
            }
        }
        ComplaintEvent::Remedy(remedy) => {
            form.remedy = if form.remedy == Some(remedy) { None } else { Some(remedy) };
        }
        ComplaintEvent::Consent => {
            form.consent = !form.consent;
            form.checked = false;
            return vec![Effect::Input(session.blur())];
        }
    }
    if matches!(event, ComplaintEvent::PlaceHere | ComplaintEvent::PlaceUnknown) {
        return vec![Effect::Input(session.blur())];
    }
    Vec::new()
}

/// A place was chosen in the list.
pub fn place_chosen(app: &mut App, place: FeatureId) -> Vec<Effect> {
    app.session.complaint.place = Whereabouts::Place(place);
    vec![Effect::Input(app.session.blur())]
}

/// The main button of a step.
pub fn primary(app: &App, step: Step) -> (&'static str, bool) {
    let form = &app.session.complaint;
    match step {
        Step::Category => ("complaint.to-place", form.category.is_some()),
        Step::Place => ("complaint.to-story", form.place != Whereabouts::Unsaid),
        Step::Story => ("complaint.to-wish", app.session.typed(Field::Story).is_some()),
        Step::Wish => ("form.to-review", true),
    }
}

/// The main button was pressed.
pub fn next(app: &mut App, step: Step) -> Vec<Effect> {
    if !primary(app, step).1 {
        return Vec::new();
    }
    if step == Step::Wish {
        app.session.complaint.checked = true;
        if let Some(field) = first_wrong(app) {
            return keyboard::focus(&mut app.session, &app.world, field);
        }
    }
    app.turn(match step {
        Step::Category => Page::Complaint(Step::Place),
        Step::Place => Page::Complaint(Step::Story),
        Step::Story => Page::Complaint(Step::Wish),
        Step::Wish => Page::Review(review::Form::Complaint),
    })
}

const CONTACT: [Field; 3] = [Field::Name, Field::Phone, Field::Email];

fn first_wrong(app: &App) -> Option<Field> {
    CONTACT.into_iter().find(|f| !error(app, *f).is_empty())
}

/// What is wrong with a field and how to mend it.
fn error(app: &App, field: Field) -> String {
    let form = &app.session.complaint;
    if !form.checked || !form.consent {
        return String::new();
    }
    let typed = app.session.typed(field);
    match field {
        Field::Phone if typed.is_none() && app.session.typed(Field::Email).is_none() => {
            app.word("contact.error.missing")
        }
        Field::Phone => {
            typed.and_then(|t| Phone::parse(t).err()).map_or_else(String::new, |e| contact_error(app, e))
        }
        Field::Email => {
            typed.and_then(|t| Email::parse(t).err()).map_or_else(String::new, |e| contact_error(app, e))
        }
        _ => String::new(),
    }
}

fn contact_error(app: &App, error: ContactError) -> String {
    match error {
        ContactError::PhoneTooShort { typed, min } => {
            app.fill("contact.error.phone-short", &[("typed", &typed.to_string()), ("min", &min.to_string())])
        }
        ContactError::PhoneTooLong { typed, max } => {
            app.fill("contact.error.phone-long", &[("typed", &typed.to_string()), ("max", &max.to_string())])
        }
        ContactError::PhoneCharacters => app.word("contact.error.phone-characters"),
        ContactError::EmailShape => app.word("contact.error.email"),
    }
}

/// How to reach the visitor, if they agreed and said how.
pub fn contact(app: &App) -> Option<Contact> {
    let s = &app.session;
    if !s.complaint.consent {
        return None;
    }
    let contact = Contact {
        name: s.typed(Field::Name).and_then(|t| Name::parse(t).ok()),
        phone: s.typed(Field::Phone).and_then(|t| Phone::parse(t).ok()),
        email: s.typed(Field::Email).and_then(|t| Email::parse(t).ok()),
    };
    (contact.phone.is_some() || contact.email.is_some()).then_some(contact)
}

/// What is sent.
pub fn said(app: &App) -> Option<Said> {
    let form = &app.session.complaint;
    Some(Said {
        language: app.session.language,
        place: place_ref(&app.world, &form.place),
        body: Body::Complaint(Complaint {
            category: form.category?,
            story: Story::parse(app.session.typed(Field::Story)?).ok()?,
            remedy: form.remedy,
        }),
        contact: contact(app),
    })
}

/// What it shows.
pub fn view(app: &App, step: Step) -> ComplaintView {
    let (title, hint, step_view) = match step {
        Step::Category => ("complaint.category", "complaint.category.hint", categories(app)),
        Step::Place => ("complaint.place", "complaint.place.hint", place_step(app)),
        Step::Story => ("complaint.story", "complaint.story.hint", story_step(app)),
        Step::Wish => ("complaint.wish", "complaint.wish.hint", wish_step(app)),
    };
    let danger = Notice { title: app.word("danger.title"), text: app.word("danger.text") };
    let typing = app.session.focus.is_some();
    ComplaintView {
        progress: progress(app, "complaint.progress", step.number(), STEPS),
        title: app.word(title),
        hint: app.word(hint),
        step: step_view,
        danger: Some(danger).filter(|_| step == Step::Category),
        privacy: if typing || step == Step::Place { String::new() } else { app.word("form.privacy") },
    }
}

fn on(chosen: bool) -> Chosen {
    if chosen { Chosen::Yes } else { Chosen::No }
}

fn categories(app: &App) -> ComplaintStep {
    let card = |category: &Category| CategoryCard {
        category: *category,
        title: app.word(&format!("category.{}", category.key())),
        examples: app.word(&format!("category.{}.examples", category.key())),
        chosen: on(app.session.complaint.category == Some(*category)),
    };
    ComplaintStep::Category(Category::ALL.iter().map(card).collect())
}

fn place_step(app: &App) -> ComplaintStep {
    let place = &app.session.complaint.place;
    let chip = |key: &str, icon, chosen| ChipView { label: app.word(key), icon, chosen: on(chosen) };
    let typed = app.session.typed(Field::PlaceSearch);
    ComplaintStep::Place {
        here: chip("complaint.place.here", "pin", *place == Whereabouts::Here),
        unknown: chip("complaint.place.unknown", "other", *place == Whereabouts::Unknown),
        chosen: match place {
            Whereabouts::Place(_) => place_words(app),
            _ => String::new(),
        },
        search: field_view(
            &app.session,
            Field::PlaceSearch,
            "complaint.place.search",
            "home.search-hint",
            String::new(),
        ),
        nearby: if typed.is_none() { app.word("complaint.place.nearby") } else { String::new() },
        rows: match typed {
            Some(typed) => places::found(app, typed, PLACES_SHOWN),
            None => places::nearby(app, PLACES_SHOWN),
        },
    }
}

/// The place a complaint is about, in words.
pub fn place_words(app: &App) -> String {
    match &app.session.complaint.place {
        Whereabouts::Unsaid => String::new(),
        Whereabouts::Here => app.word("complaint.place.here"),
        Whereabouts::Unknown => app.word("complaint.place.unknown"),
        Whereabouts::Place(id) => app.world.venue().and_then(|v| v.place(id)).map_or_else(String::new, |p| {
            let language = app.session.language;
            format!("{} · {}", p.name.get(language), app.world.place_words(p, language))
        }),
    }
}

fn phrases(app: &App) -> Vec<String> {
    let Some(category) = app.session.complaint.category else { return Vec::new() };
    (1..=PHRASES).map(|n| app.word(&format!("phrase.{}.{n}", category.key()))).collect()
}

fn story_step(app: &App) -> ComplaintStep {
    let field = field_view(
        &app.session,
        Field::Story,
        "complaint.story",
        "complaint.story.placeholder",
        String::new(),
    );
    ComplaintStep::Story { field, phrases: phrases(app) }
}

fn wish_step(app: &App) -> ComplaintStep {
    let form = &app.session.complaint;
    let remedy = |remedy: &Remedy| {
        let label = app.word(&format!("remedy.{}", remedy.key()));
        (*remedy, ChipView { label, icon: "", chosen: on(form.remedy == Some(*remedy)) })
    };
    let field = |field: Field| {
        let key = match field {
            Field::Phone => "contact.phone",
            Field::Email => "contact.email",
            _ => "contact.name",
        };
        (field, field_view(&app.session, field, key, &format!("{key}.placeholder"), error(app, field)))
    };
    ComplaintStep::Wish {
        remedies: Remedy::ALL.iter().map(remedy).collect(),
        contact_title: app.word("contact.title"),
        consent: ChipView { label: app.word("contact.consent"), icon: "", chosen: on(form.consent) },
        fields: if form.consent { CONTACT.map(field).to_vec() } else { Vec::new() },
        without: if form.consent { String::new() } else { app.word("contact.without") },
    }
}
