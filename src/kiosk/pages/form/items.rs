//! The items of a form step, from top to bottom, and the meaning of a touch on each.
//!
//! A question is one item or several: a choice is followed by the parts of the chosen option and by the
//! remark field. The window reports the index of the item and the index in it. The items are built again from
//! the same state, and they say what the touch means.

use domain::form::{
    Answer, Answers, ApproximateTime, Choice, ChoiceKind, ChoiceOption, DayPart, Field as Question,
    FieldKind, OptionIcon,
};
use domain::scale::{Ces, Csat, Nps};

use super::check::error;
use super::step::{answers, written};
use super::view::{CardView, ItemAsk, ItemView};
use super::{contact, steps, when};
use crate::effect::Effect;
use crate::view::{ChipView, Field, TextSize};
use crate::visit::cx::Cx;
use crate::visit::filling::{Filling, Many, answer_field};
use crate::visit::keyboard::{field_words, labelled};

/// One item of a step.
struct Item {
    view: ItemView,
    meant: Meant,
}

/// The meaning of a touch on an item.
enum Meant {
    /// No effect, as on a text field, which only takes the focus.
    Nothing,
    /// A value of a scale.
    Scale,
    /// One of these options.
    Options(Vec<String>),
    /// One of these sentences, to append to the text field.
    Phrases(Vec<String>),
    /// One of these moments.
    Moments(Vec<when::Moment>),
    /// A part of this day.
    DayPart(ApproximateTime),
    /// The consent to be contacted.
    Consent,
}

/// The items that a step shows.
pub fn views(cx: &Cx, step: usize) -> Vec<ItemView> {
    items(cx, step).into_iter().map(|(_, item)| item.view).collect()
}

/// The items of a step, each with the index of its question in the form.
fn items(cx: &Cx, step: usize) -> Vec<(usize, Item)> {
    let Some(filling) = &cx.visit.filling else { return Vec::new() };
    let answers = answers(cx, filling);
    let titled = filling.form.steps.get(step).is_some_and(|step| step.title.is_some());
    let writing = written(cx, filling, step, &answers);
    let mut all = Vec::new();
    for (position, (n, question)) in filling.asked(step, &answers).into_iter().enumerate() {
        // While a text field has the focus, only the items of its question are shown.
        if writing.is_some_and(|written| written != n) {
            continue;
        }
        let mut items = of_question(cx, filling, n, question);
        if let Some(first) = items.first_mut() {
            // If a step has no title, the label of its first question is the title.
            if writing.is_none() && (position > 0 || titled) {
                first.view.title = question.label.text(cx.visit.language);
                let hint = question.hint.as_ref();
                first.view.hint = hint.map(|hint| hint.text(cx.visit.language)).unwrap_or_default();
            }
            if first.view.error.is_empty() {
                first.view.error = error(cx, filling, &answers, n, question);
            }
        }
        let belongs = |item: &Item| {
            writing.is_none() || !matches!(item.view.ask, ItemAsk::Cards(_) | ItemAsk::Chips(_))
        };
        all.extend(items.into_iter().filter(belongs).map(|item| (n, item)));
    }
    all
}

fn item(ask: ItemAsk, meant: Meant) -> Item {
    let view = ItemView { title: String::new(), hint: String::new(), error: String::new(), ask };
    Item { view, meant }
}

fn of_question(cx: &Cx, filling: &Filling, n: usize, question: &Question) -> Vec<Item> {
    let given = filling.given.get(&question.id);
    let scale = |lowest: u8, highest: u8, key: &str, value: Option<u32>| {
        let (low, high) = (format!("scale.{key}.low"), format!("scale.{key}.high"));
        let (low, high) = if key.is_empty() { Default::default() } else { (cx.word(&low), cx.word(&high)) };
        item(ItemAsk::Scale { lowest, highest, low, high, value }, Meant::Scale)
    };
    match &question.ask {
        FieldKind::Faces => {
            let names = (Csat::LOWEST..=Csat::HIGHEST).map(|face| cx.word(&format!("face.{face}")));
            let value = if let Some(Answer::Faces(face)) = given { face.get() } else { 0 };
            vec![item(ItemAsk::Faces { names: names.collect(), value }, Meant::Scale)]
        }
        FieldKind::Nps => {
            let value = if let Some(Answer::Nps(n)) = given { Some(n.get().into()) } else { None };
            vec![scale(Nps::LOWEST, Nps::HIGHEST, "nps", value)]
        }
        FieldKind::Ces => {
            let value = if let Some(Answer::Ces(n)) = given { Some(n.get().into()) } else { None };
            vec![scale(Ces::LOWEST, Ces::HIGHEST, "ces", value)]
        }
        FieldKind::Number { lowest, highest } => match (u8::try_from(*lowest), u8::try_from(*highest)) {
            (Ok(low), Ok(high)) if high - low <= 10 => {
                let value = if let Some(Answer::Number(n)) = given { Some(*n) } else { None };
                vec![scale(low, high, "", value)]
            }
            _ => vec![typed(cx, n, question)],
        },
        FieldKind::Choice(choice) => of_choice(cx, filling, n, question, choice),
        FieldKind::Text { phrases, .. } => {
            let answers = answers(cx, filling);
            let offered = phrases
                .iter()
                .filter(|p| p.shown_if.as_ref().is_none_or(|c| filling.form.holds(c, &answers)));
            let offered: Vec<String> = offered.map(|p| p.label.text(cx.visit.language)).collect();
            let mut items = vec![typed(cx, n, question)];
            if !offered.is_empty() {
                items.push(item(ItemAsk::Phrases(offered.clone()), Meant::Phrases(offered)));
            }
            items
        }
        FieldKind::Time { days } => of_time(cx, filling, question, *days),
        FieldKind::Contact => of_contact(cx, filling, question),
        // A place is a step of its own, see [`super::place`].
        FieldKind::Place => Vec::new(),
    }
}

/// A text field; the label of the question is above it.
fn typed(cx: &Cx, n: usize, question: &Question) -> Item {
    let field = answer_field(n);
    let label = question.label.text(cx.visit.language);
    let view = field_words(&cx.visit, field, label, cx.word("form.touch-to-write"), String::new());
    item(ItemAsk::Text { field, view, labelled: false }, Meant::Nothing)
}

/// The options to show. With large text, a chosen option that has parts is shown alone, so that its parts are
/// visible; touching it again shows the others.
fn offered<'a>(cx: &Cx, filling: &Filling, question: &Question, choice: &'a Choice) -> Vec<&'a ChoiceOption> {
    let answers = answers(cx, filling);
    let mut offered: Vec<_> =
        choice.options.iter().filter(|option| filling.form.offers(choice, &option.id, &answers)).collect();
    let dividing = divided(filling, question, choice).filter(|_| cx.visit.text_size != TextSize::Normal);
    if let Some(dividing) = dividing.filter(|dividing| offered.iter().any(|o| o.id == dividing.id)) {
        offered.retain(|option| option.id == dividing.id);
    }
    offered
}

/// The chosen option, if it has parts.
fn divided<'a>(filling: &Filling, question: &Question, choice: &'a Choice) -> Option<&'a ChoiceOption> {
    let path = filling.chosen(&question.id).first().filter(|_| choice.of == ChoiceKind::One)?;
    let whole = path.split('/').next()?;
    choice.options.iter().find(|option| option.id == whole && !option.parts.is_empty())
}

fn of_choice(cx: &Cx, filling: &Filling, n: usize, question: &Question, choice: &Choice) -> Vec<Item> {
    let language = cx.visit.language;
    let given = filling.chosen(&question.id);
    let is_on = |id: &str| given.iter().any(|path| path.split('/').next() == Some(id));
    let options = offered(cx, filling, question, choice);
    let paths = || options.iter().map(|option| option.id.clone()).collect();
    let mut items = vec![if choice.of == ChoiceKind::One {
        let card = |option: &&ChoiceOption| CardView {
            title: option.label.text(language),
            icon: option.icon.map_or("", OptionIcon::name),
            examples: option.hint.as_ref().map(|hint| hint.text(language)).unwrap_or_default(),
            chosen: is_on(&option.id),
        };
        item(ItemAsk::Cards(options.iter().map(card).collect()), Meant::Options(paths()))
    } else {
        let chip = |option: &&ChoiceOption| ChipView {
            label: option.label.text(language),
            icon: "",
            chosen: is_on(&option.id),
        };
        item(ItemAsk::Chips(options.iter().map(chip).collect()), Meant::Options(paths()))
    }];
    let whole = divided(filling, question, choice);
    if let Some(whole) = whole.filter(|whole| options.iter().any(|option| option.id == whole.id)) {
        let path = |part: &&ChoiceOption| format!("{}/{}", whole.id, part.id);
        let answers = answers(cx, filling);
        let offered: Vec<&ChoiceOption> =
            whole.parts.iter().filter(|part| filling.form.offers(choice, &path(part), &answers)).collect();
        let chip = |part: &&ChoiceOption| ChipView {
            label: part.label.text(language),
            icon: "",
            chosen: given.contains(&path(part)),
        };
        let parts = ItemAsk::Chips(offered.iter().map(chip).collect());
        let mut parts = item(parts, Meant::Options(offered.iter().map(path).collect()));
        parts.view.title = cx.word("form.parts");
        items.push(parts);
    }
    if choice.remark.is_some() {
        let field = answer_field(n);
        let (label, hint) = (cx.word("form.remark"), cx.word("form.touch-to-write"));
        let view = field_words(&cx.visit, field, label, hint, String::new());
        items.push(item(ItemAsk::Text { field, view, labelled: true }, Meant::Nothing));
    }
    items
}

fn of_time(cx: &Cx, filling: &Filling, question: &Question, days: u8) -> Vec<Item> {
    let given = filling.given.get(&question.id);
    let moments = when::moments(cx, filling, days);
    let chip = |moment: &when::Moment| ChipView {
        label: when::words(cx, *moment),
        icon: "",
        chosen: when::is(cx, *moment, given),
    };
    let mut items = vec![item(ItemAsk::Chips(moments.iter().map(chip).collect()), Meant::Moments(moments))];
    if let Some(when) = when::past_day(cx, given) {
        let chip = |part: &DayPart| ChipView {
            label: cx.word(&format!("when.{}", part.key())),
            icon: "",
            chosen: when.part == *part,
        };
        let mut parts =
            item(ItemAsk::Chips(DayPart::OF_A_DAY.iter().map(chip).collect()), Meant::DayPart(when));
        parts.view.title = cx.word("when.part");
        items.push(parts);
    }
    items
}

fn of_contact(cx: &Cx, filling: &Filling, question: &Question) -> Vec<Item> {
    let without = filling.consent || question.required;
    let field = |field| (field, labelled(&cx.visit, field, contact::error(cx, filling, field)));
    let mut item = item(
        ItemAsk::Contact {
            consent: ChipView { label: cx.word("contact.consent"), icon: "", chosen: filling.consent },
            fields: if filling.consent { contact::FIELDS.map(field).to_vec() } else { Vec::new() },
            without: if without { String::new() } else { cx.word("contact.without") },
        },
        Meant::Consent,
    );
    item.view.error = contact::unticked(cx, filling, question);
    vec![item]
}

/// Handles a touch at `index` in the item at `at`. A touch that completes the step goes on to the next one.
pub fn pick(cx: &mut Cx, step: usize, at: usize, index: usize) -> Vec<Effect> {
    let Some(before) = cx.visit.filling.as_ref().map(|filling| answers(cx, filling)) else {
        return Vec::new();
    };
    match answer(cx, step, at, index) {
        Picked::Answer if is_complete(cx, step, &before) => steps::next(cx),
        Picked::Answer => Vec::new(),
        Picked::Other(effects) => effects,
    }
}

/// What a touch in an item did.
enum Picked {
    /// It gave, changed or confirmed an answer.
    Answer,
    /// It took an answer back, or did something else.
    Other(Vec<Effect>),
}

/// Whether every question of this step is answered and nothing of it can be made more precise. A step with a
/// text or a remark is complete when the visitor says so; a sentence for a text that was empty `before` is a
/// whole answer.
fn is_complete(cx: &Cx, step: usize, before: &Answers) -> bool {
    let Some(filling) = &cx.visit.filling else { return false };
    let after = answers(cx, filling);
    let is_whole = |question: &Question| match (&question.ask, after.get(&question.id)) {
        (_, None) | (FieldKind::Contact, _) => false,
        (FieldKind::Text { .. }, Some(_)) => before.get(&question.id).is_none(),
        (FieldKind::Choice(choice), Some(Answer::Chosen(_))) => {
            let open = divided(filling, question, choice);
            let whole = filling.chosen(&question.id).iter().all(|path| path.contains('/'));
            choice.of == ChoiceKind::One && choice.remark.is_none() && (open.is_none() || whole)
        }
        (FieldKind::Time { .. }, given @ Some(_)) => {
            when::past_day(cx, given).is_none_or(|when| when.part != DayPart::Unknown)
        }
        (_, Some(_)) => true,
    };
    filling.asked(step, &after).iter().all(|(_, question)| is_whole(question))
}

/// A second touch takes an answer back, unless the question is required: then it confirms the answer.
fn answer(cx: &mut Cx, step: usize, at: usize, index: usize) -> Picked {
    let nothing = || Picked::Other(Vec::new());
    let Some((n, item)) = items(cx, step).into_iter().nth(at) else { return nothing() };
    let Some(filling) = &cx.visit.filling else { return nothing() };
    let Some(question) = filling.form.fields().nth(n).cloned() else { return nothing() };
    let answer = match &item.meant {
        Meant::Scale => scaled(&question.ask, index),
        Meant::Moments(moments) => moments.get(index).and_then(|moment| when::answer(cx, *moment)),
        _ => None,
    };
    let visit = &mut cx.visit;
    let Some(filling) = &mut visit.filling else { return nothing() };
    let id = question.id.as_str();
    let confirms = |given: Option<&Answer>| question.required && given.is_some() && given == answer.as_ref();
    match item.meant {
        Meant::Nothing => return nothing(),
        Meant::Scale | Meant::Moments(_) if confirms(filling.given.get(id)) => {}
        Meant::Scale | Meant::Moments(_) => match answer {
            Some(answer) => filling.toggle(id, answer),
            None => {
                filling.all_days |= matches!(item.meant, Meant::Moments(_));
                return nothing();
            }
        },
        Meant::Options(paths) => {
            let FieldKind::Choice(choice) = &question.ask else { return nothing() };
            let Some(path) = paths.get(index) else { return nothing() };
            let many = if choice.of == ChoiceKind::One { Many::One } else { Many::Several };
            let is_divided =
                choice.options.iter().any(|option| option.id == *path && !option.parts.is_empty());
            let confirms =
                question.required && many == Many::One && !is_divided && filling.chosen(id).contains(path);
            if !confirms {
                filling.choose(id, path, many);
            }
        }
        Meant::Phrases(phrases) => {
            let Some(phrase) = phrases.get(index) else { return nothing() };
            visit.texts.edit(answer_field(n)).append_sentence(phrase);
            // Who has the keyboard open wants to write more.
            if visit.focus.is_some() {
                return nothing();
            }
        }
        Meant::DayPart(when) => {
            if let Some(part) = DayPart::OF_A_DAY.get(index) {
                let part = if when.part == *part { DayPart::Unknown } else { *part };
                filling.given.insert(id.to_owned(), Answer::When(ApproximateTime { part, ..when }));
            }
        }
        Meant::Consent => {
            filling.consent = !filling.consent;
            filling.checked = false;
            // Who agrees wants to leave a number.
            let agrees = filling.consent;
            return Picked::Other(if agrees { cx.focus(Field::Phone) } else { visit.blur() });
        }
    }
    Picked::Answer
}

/// The answer for a value of a scale.
fn scaled(ask: &FieldKind, value: usize) -> Option<Answer> {
    let small = u8::try_from(value).ok()?;
    match ask {
        FieldKind::Faces => Csat::try_from(small).ok().map(Answer::Faces),
        FieldKind::Nps => Nps::try_from(small).ok().map(Answer::Nps),
        FieldKind::Ces => Ces::try_from(small).ok().map(Answer::Ces),
        FieldKind::Number { lowest, highest } if (*lowest..=*highest).contains(&small.into()) => {
            Some(Answer::Number(small.into()))
        }
        _ => None,
    }
}
