//! Parses a form from TOML, strictly. Each error names the place and the remedy.
//!
//! Labels that are left out come from the built-in words: the key of a question is `<form>.<field>`, the key
//! of an option `<form>.<field>.<option>`. The suffix `.hint` marks a help text. A mall writes its labels
//! into the form instead.

use serde::Deserialize;
use toml::Spanned;

use super::fault::{Fault, FormError};
use super::{
    Choice, ChoiceKind, ChoiceOption, Condition, Field, FieldKind, Form, Label, OptionIcon, Phrase, Step,
    Test,
};
use super::{MAX_FIELDS, MAX_OPTIONS, MAX_REMARK, MAX_STEPS, MAX_TEXT, words};
use crate::kind::Kind;
use crate::language::{Labels, Language};

/// The languages that every label of a form must have.
const NEEDED: [Language; 2] = [Language::ZhHans, Language::En];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForm {
    id: Spanned<String>,
    version: Spanned<u32>,
    kind: Spanned<String>,
    title: Option<RawLabel>,
    hint: Option<RawLabel>,
    #[serde(default)]
    retired: bool,
    #[serde(default)]
    step: Vec<RawStep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    title: Option<RawLabel>,
    hint: Option<RawLabel>,
    #[serde(default)]
    additional: bool,
    #[serde(default)]
    field: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawField {
    id: Spanned<String>,
    ask: Spanned<String>,
    label: Option<RawLabel>,
    hint: Option<RawLabel>,
    #[serde(default)]
    required: bool,
    shown_if: Option<RawCondition>,
    options: Option<Vec<RawOption>>,
    limit: Option<usize>,
    phrases: Option<Vec<RawPhrase>>,
    days: Option<u8>,
    lowest: Option<u32>,
    highest: Option<u32>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a label is a key in quotes, or { en = \"…\", zh-Hans = \"…\" }")]
enum RawLabel {
    Key(String),
    Own(std::collections::BTreeMap<String, String>),
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "an option is its id in quotes, or { id = \"…\", label = { en = \"…\", zh-Hans = \"…\" } } with \
                 hint, icon, urgent, shown-if and parts if need be"
)]
enum RawOption {
    Plain(String),
    Whole(WholeOption),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WholeOption {
    id: String,
    label: Option<RawLabel>,
    hint: Option<RawLabel>,
    icon: Option<String>,
    #[serde(default)]
    urgent: bool,
    shown_if: Option<RawCondition>,
    #[serde(default)]
    parts: Vec<RawOption>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawPhrase {
    label: RawLabel,
    shown_if: Option<RawCondition>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawCondition {
    field: String,
    any: Option<Vec<String>>,
    at_most: Option<u32>,
    at_least: Option<u32>,
    #[serde(default)]
    answered: bool,
}

impl Form {
    /// Parses the text of a form; `file` is the name that errors show.
    ///
    /// # Errors
    /// The first fault, with its line and its remedy.
    pub fn read(file: &str, text: &str) -> Result<Self, FormError> {
        let raw: RawForm = toml::from_str(text).map_err(|error| FormError {
            file: file.to_owned(),
            line: error.span().map(|span| line(text, span.start)),
            field: None,
            fault: Fault::Toml(format!("{}; put it right and try again", error.message().trim())),
        })?;
        let at = |span: std::ops::Range<usize>, field: Option<&str>| {
            let (line, field) = (Some(line(text, span.start)), field.map(str::to_owned));
            move |fault| FormError { file: file.to_owned(), line, field: field.clone(), fault }
        };
        let form_at = at(raw.id.span(), None);
        let id = name(raw.id.get_ref()).map_err(&form_at)?;
        if *raw.version.get_ref() == 0 {
            return Err(at(raw.version.span(), None)(Fault::Version));
        }
        let kind = Kind::ALL.iter().find(|k| k.key() == raw.kind.get_ref() && **k != Kind::Other);
        let kind = *kind.ok_or_else(|| at(raw.kind.span(), None)(Fault::Kind(raw.kind.get_ref().clone())))?;
        if !(1..=MAX_STEPS).contains(&raw.step.len()) {
            return Err(form_at(Fault::Steps(raw.step.len())));
        }
        let mut form = Self {
            title: label(raw.title, &id).map_err(&form_at)?,
            hint: hint(raw.hint, &id).map_err(&form_at)?,
            version: *raw.version.get_ref(),
            retired: raw.retired,
            steps: Vec::new(),
            id,
            kind,
        };
        for (n, step) in raw.step.into_iter().enumerate() {
            if !(1..=MAX_FIELDS).contains(&step.field.len()) {
                return Err(form_at(Fault::Fields { step: n + 1, fields: step.field.len() }));
            }
            let title = step.title.map(|t| label(Some(t), &form.id)).transpose().map_err(&form_at)?;
            let help = step.hint.map(|h| label(Some(h), &form.id)).transpose().map_err(&form_at)?;
            if step.additional && n == 0 {
                return Err(form_at(Fault::NothingInTurn));
            }
            let additional = step.additional;
            form.steps.push(Step { title, hint: help, additional, fields: Vec::new() });
            for raw in step.field {
                let place = at(raw.id.span(), Some(raw.id.get_ref().as_str()));
                let field = field(raw, &form).map_err(&place)?;
                if additional && field.required {
                    return Err(place(Fault::RequiredAddition));
                }
                let others = &mut form.steps[n].fields;
                others.push(field);
                if others.len() > 1 && others.iter().any(|field| field.ask == FieldKind::Place) {
                    return Err(place(Fault::PlaceAlone));
                }
            }
        }
        Ok(form)
    }
}

fn line(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1
}

fn name(typed: &str) -> Result<String, Fault> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = (1..=40).contains(&typed.len()) && typed.chars().all(plain);
    if fits { Ok(typed.to_owned()) } else { Err(Fault::Name(typed.to_owned())) }
}

fn is_known(key: &str) -> bool {
    words().has(Language::En, key)
}

/// The label that the form gives, or the built-in words under `key`.
fn label(raw: Option<RawLabel>, key: &str) -> Result<Label, Fault> {
    match raw {
        None if is_known(key) => Ok(Label::Key(key.to_owned())),
        None => Err(Fault::NoLabel(key.to_owned())),
        Some(RawLabel::Key(key)) if is_known(&key) => Ok(Label::Key(key)),
        Some(RawLabel::Key(key)) => Err(Fault::NoWords(key)),
        Some(RawLabel::Own(given)) => {
            let has = |language: &Language| given.get(language.tag()).is_some_and(|t| !t.trim().is_empty());
            match NEEDED.iter().find(|language| !has(language)) {
                Some(lacking) => Err(Fault::Language { of: key.to_owned(), language: lacking.tag() }),
                None => Ok(Label::Own(Labels::new(given))),
            }
        }
    }
}

fn hint(raw: Option<RawLabel>, key: &str) -> Result<Option<Label>, Fault> {
    let key = format!("{key}.hint");
    if raw.is_none() && !is_known(&key) { Ok(None) } else { label(raw, &key).map(Some) }
}

fn field(raw: RawField, form: &Form) -> Result<Field, Fault> {
    let id = name(raw.id.get_ref())?;
    if form.field(&id).is_some() {
        return Err(Fault::Twice);
    }
    let key = format!("{}.{id}", form.id);
    let shown_if = raw.shown_if.clone().map(|c| condition(c, form)).transpose()?;
    let ask = ask(&raw)?;
    if ask == FieldKind::Contact && form.fields().any(|f| f.ask == FieldKind::Contact) {
        return Err(Fault::TwoContacts);
    }
    let ask = match (ask, raw.options) {
        (FieldKind::Choice(choice), given) => {
            let given = given.unwrap_or_default();
            FieldKind::Choice(Choice { options: options(given, &key, Depth::Whole, form)?, ..choice })
        }
        (FieldKind::Text { limit, .. }, _) => {
            let phrases = raw.phrases.unwrap_or_default().into_iter().map(|p| phrase(p, form));
            FieldKind::Text { limit, phrases: phrases.collect::<Result<_, _>>()? }
        }
        (ask, _) => ask,
    };
    let (label, hint) = (label(raw.label, &key)?, hint(raw.hint, &key)?);
    Ok(Field { id, label, hint, required: raw.required, shown_if, ask })
}

/// The kind of question, without its options. Settings that belong to another kind are refused.
fn ask(raw: &RawField) -> Result<FieldKind, Fault> {
    let key = raw.ask.get_ref().as_str();
    let of = match key {
        "one" => Some(ChoiceKind::One),
        "many" => Some(ChoiceKind::Many),
        "tags" => Some(ChoiceKind::Tags),
        "persons" => Some(ChoiceKind::Persons),
        "features" => Some(ChoiceKind::Features),
        _ => None,
    };
    let given = [
        ("options", raw.options.is_some(), of.is_some()),
        ("limit", raw.limit.is_some(), of.is_some() || key == "text"),
        ("phrases", raw.phrases.is_some(), key == "text"),
        ("days", raw.days.is_some(), key == "time"),
        ("lowest", raw.lowest.is_some(), key == "number"),
        ("highest", raw.highest.is_some(), key == "number"),
    ];
    let asked = ["faces", "nps", "ces", "text", "place", "time", "contact", "number"];
    if of.is_none() && !asked.contains(&key) {
        return Err(Fault::FieldKind(key.to_owned()));
    }
    if let Some((setting, ..)) = given.iter().find(|(_, there, belongs)| *there && !belongs) {
        return Err(Fault::NotHere { setting, ask: key.to_owned() });
    }
    if let Some(of) = of {
        let remark =
            raw.limit.or(matches!(of, ChoiceKind::Persons | ChoiceKind::Features).then_some(MAX_REMARK));
        return match remark {
            Some(limit) if !(1..=MAX_REMARK).contains(&limit) => Err(Fault::Limit(limit)),
            remark => Ok(FieldKind::Choice(Choice { of, options: Vec::new(), remark })),
        };
    }
    Ok(match key {
        "faces" => FieldKind::Faces,
        "nps" => FieldKind::Nps,
        "ces" => FieldKind::Ces,
        "place" => FieldKind::Place,
        "contact" => FieldKind::Contact,
        "time" => match raw.days.unwrap_or(7) {
            days @ 1..=60 => FieldKind::Time { days },
            days => return Err(Fault::Days(days)),
        },
        "number" => match (raw.lowest, raw.highest) {
            (Some(lowest), Some(highest)) if lowest < highest && highest <= 9999 => {
                FieldKind::Number { lowest, highest }
            }
            _ => return Err(Fault::Range),
        },
        _ => match raw.limit.unwrap_or(MAX_TEXT) {
            limit @ 1..=MAX_TEXT => FieldKind::Text { limit, phrases: Vec::new() },
            limit => return Err(Fault::Limit(limit)),
        },
    })
}

/// The level of an option in its list.
#[derive(Clone, Copy, PartialEq)]
enum Depth {
    Whole,
    Part,
}

fn options(raw: Vec<RawOption>, key: &str, depth: Depth, form: &Form) -> Result<Vec<ChoiceOption>, Fault> {
    if !(1..=MAX_OPTIONS).contains(&raw.len()) {
        return Err(Fault::Options { of: key.to_owned(), options: raw.len() });
    }
    let is_conditional = |raw: &RawOption| matches!(raw, RawOption::Whole(raw) if raw.shown_if.is_some());
    if raw.iter().all(is_conditional) {
        return Err(Fault::NothingToChoose(key.to_owned()));
    }
    let mut options: Vec<ChoiceOption> = Vec::new();
    for raw in raw {
        let raw = match raw {
            RawOption::Plain(id) => WholeOption { id, ..WholeOption::default() },
            RawOption::Whole(raw) => raw,
        };
        let id = name(&raw.id)?;
        let key = format!("{key}.{id}");
        if options.iter().any(|known| known.id == id) {
            return Err(Fault::OptionTwice(id));
        }
        let parts = match (raw.parts.is_empty(), depth) {
            (true, _) => Vec::new(),
            (false, Depth::Whole) => self::options(raw.parts, &key, Depth::Part, form)?,
            (false, Depth::Part) => return Err(Fault::Depth(id)),
        };
        let (label, hint) = (label(raw.label, &key)?, hint(raw.hint, &key)?);
        let icon = raw.icon.map(|name| OptionIcon::named(&name).ok_or(Fault::Icon(name))).transpose()?;
        let shown_if = raw.shown_if.map(|c| condition(c, form)).transpose()?;
        options.push(ChoiceOption { id, label, hint, icon, urgent: raw.urgent, shown_if, parts });
    }
    Ok(options)
}

fn phrase(raw: RawPhrase, form: &Form) -> Result<Phrase, Fault> {
    let shown_if = raw.shown_if.map(|c| condition(c, form)).transpose()?;
    Ok(Phrase { label: label(Some(raw.label), "phrases")?, shown_if })
}

/// A condition on one of the questions read so far.
fn condition(raw: RawCondition, form: &Form) -> Result<Condition, Fault> {
    let Some(on) = form.field(&raw.field) else { return Err(Fault::Later(raw.field)) };
    let wrong = || Fault::Condition(raw.field.clone());
    let is_number =
        matches!(on.ask, FieldKind::Faces | FieldKind::Nps | FieldKind::Ces | FieldKind::Number { .. });
    let test = match (raw.any, raw.at_most, raw.at_least, raw.answered) {
        (Some(any), None, None, false) => match &on.ask {
            FieldKind::Choice(choice) if !any.is_empty() && any.iter().all(|a| choice.find(a).is_some()) => {
                Test::Any(any)
            }
            _ => return Err(wrong()),
        },
        (None, Some(most), None, false) if is_number => Test::AtMost(most),
        (None, None, Some(least), false) if is_number => Test::AtLeast(least),
        (None, None, None, true) => Test::Answered,
        _ => return Err(wrong()),
    };
    Ok(Condition { field: raw.field, test })
}
