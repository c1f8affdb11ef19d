//! Forms: parsing, conditions, checks and the text of answers.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::contact::{Contact, Phone};
use crate::place::PlaceRef;
use crate::scale::Csat;
use crate::text::Story;

mod wire;

const SMALL: &str = r#"
id = "parking"
version = 1000
kind = "feedback"
title = { en = "Parking", zh-Hans = "停车" }

[[step]]
[[step.field]]
id = "where"
ask = "one"
label = { en = "Where?", zh-Hans = "哪里？" }
required = true
options = [
  { id = "garage", label = { en = "Garage", zh-Hans = "车库" }, parts = [
    { id = "low", label = { en = "Lower level", zh-Hans = "下层" }, urgent = true },
  ] },
  { id = "street", label = { en = "Street", zh-Hans = "路边" } },
]
[[step.field]]
id = "level"
ask = "number"
label = { en = "Which level?", zh-Hans = "几层？" }
required = true
shown-if = { field = "where", any = ["garage"] }
lowest = 1
highest = 4
[[step.field]]
id = "more"
ask = "text"
label = { en = "More?", zh-Hans = "还有吗？" }
limit = 5
shown-if = { field = "level", at-most = 2 }
"#;

fn small() -> Form {
    Form::read("parking.toml", SMALL).unwrap()
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

fn answers(form: &Form, given: impl IntoIterator<Item = (&'static str, Answer)>) -> Answers {
    Answers {
        form: form.id.clone(),
        version: form.version,
        about: form.kind,
        urgent: false,
        answers: given.into_iter().map(|(id, answer)| (id.to_owned(), answer)).collect(),
    }
}

fn chosen(options: &[&str]) -> Answer {
    Answer::Chosen(Chosen { options: options.iter().map(|o| (*o).to_owned()).collect(), remark: None })
}

fn wrong(
    form: &Form,
    given: impl IntoIterator<Item = (&'static str, Answer)>,
) -> Vec<(String, InvalidReason)> {
    let found = form.check(&answers(form, given), None, today());
    found.into_iter().map(|wrong| (wrong.field, wrong.why)).collect()
}

/// There is a form for every kind of submission.
#[test]
fn every_kind_has_a_form() {
    let catalog = FormCatalog::shipped();
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Other) {
        assert!(catalog.offered().iter().any(|form| form.kind == *kind), "{kind:?}");
    }
}

/// A published form never changes. Nothing is published before the first release: until then a form and its hash
/// may change together. From then on answers exist, and to change a question the next version is added.
#[test]
fn a_published_form_never_changes() {
    let published = [
        ("complaint.1.toml", "e1b0cdd3a8143e448c3d6435c3153718650a93db0cf9a202c98df67577108164"),
        ("enquiry.1.toml", "9cc4011bef5d04a1f0cd6bf6f0ceb02e11e9810f8adfd07b6f775a6b19bfd6bb"),
        ("feedback.1.toml", "1d5e825a77760e910056fe88f26253eba13e938d87a11b24d21965b89e2db8ea"),
        ("found.1.toml", "b877b0f1c6b7c79b60e419755ecded74048c609857657d71b992692fb0d3ab21"),
        ("lost.1.toml", "30411f3dfaf809fd14c5496efde44191ec299862e17bbf11a7f93697207d2d5e"),
        ("praise.1.toml", "ca4503f2e1407a01dc10c4f0fb652dd3ab943966e7a5e9137c9077b47da69a3c"),
        ("service.1.toml", "9ebc09fc2d60f784ed11d22492753db60b4cd15773e1e236e94e3f0858a24bb0"),
        ("suggestion.1.toml", "3e0c731657d5732958f393f394e62277102ca02fe49ac7d853290a2c759a1760"),
    ];
    for (file, hash) in published {
        let text = super::catalog::SHIPPED.iter().find(|(name, _)| *name == file).unwrap().1;
        assert_eq!(crate::seal::hex(&Sha256::digest(text)), hash, "{file}");
    }
}

fn fault(text: &str) -> Fault {
    Form::read("parking.toml", text).unwrap_err().fault
}

/// Nobody has to see an additional step, so nothing in it is required, and the form does not begin with one.
#[test]
fn an_additional_step_requires_nothing() {
    let additional = SMALL.to_owned()
        + "[[step]]\nadditional = true\n[[step.field]]\nid = \"face\"\nask = \"faces\"\n\
           label = { en = \"And?\", zh-Hans = \"如何？\" }\n";
    let form = Form::read("parking.toml", &additional).unwrap();
    assert_eq!(form.steps.iter().map(|step| step.additional).collect::<Vec<_>>(), [false, true]);
    assert_eq!(fault(&(additional + "required = true\n")), Fault::RequiredAddition);
    assert_eq!(fault(&SMALL.replacen("[[step]]", "[[step]]\nadditional = true", 1)), Fault::NothingInTurn);
}

#[test]
fn an_unknown_picture_is_refused_with_the_known_ones() {
    let with =
        |icon: &str| SMALL.replace("{ id = \"garage\",", &format!("{{ id = \"garage\", icon = \"{icon}\","));
    let form = Form::read("parking.toml", &with("key")).unwrap();
    let FieldKind::Choice(choice) = &form.steps[0].fields[0].ask else { panic!("not a list") };
    assert_eq!(choice.options[0].icon.map(OptionIcon::name), Some("key"));
    let fault = fault(&with("car"));
    assert_eq!(fault, Fault::Icon("car".to_owned()));
    assert!(fault.to_string().contains("umbrella"), "{fault}");
}

/// An option is offered while its condition holds; a part is offered with its whole.
#[test]
fn an_option_that_is_not_offered_does_not_fit() {
    let text = SMALL.to_owned()
        + "[[step.field]]\nid = \"pay\"\nask = \"one\"\nlabel = { en = \"Pay?\", zh-Hans = \"付款？\" }\noptions = [\n\
           { id = \"barrier\", label = { en = \"Barrier\", zh-Hans = \"道闸\" }, \
           shown-if = { field = \"where\", any = [\"garage\"] } },\n\
           { id = \"phone\", label = { en = \"Phone\", zh-Hans = \"手机\" } },\n]\n";
    let form = Form::read("parking.toml", &text).unwrap();
    let garage =
        [("where", chosen(&["garage"])), ("level", Answer::Number(1)), ("pay", chosen(&["barrier"]))];
    assert_eq!(wrong(&form, garage), []);
    let street = [("where", chosen(&["street"])), ("pay", chosen(&["barrier"]))];
    assert_eq!(wrong(&form, street), [("pay".to_owned(), InvalidReason::Option)]);
}

/// Every key that the built-in forms and their answers use.
fn keys_in_use() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut add = |label: &Label| {
        if let Label::Key(key) = label {
            keys.insert(key.clone());
        }
    };
    fn options(list: &[ChoiceOption], add: &mut impl FnMut(&Label)) {
        for option in list {
            add(&option.label);
            option.hint.iter().for_each(&mut *add);
            options(&option.parts, add);
        }
    }
    for form in FormCatalog::shipped().all() {
        add(&form.title);
        form.hint.iter().for_each(&mut add);
        form.steps.iter().flat_map(|s| s.title.iter().chain(&s.hint)).for_each(&mut add);
        for field in form.fields() {
            add(&field.label);
            field.hint.iter().for_each(&mut add);
            match &field.ask {
                FieldKind::Choice(choice) => options(&choice.options, &mut add),
                FieldKind::Text { phrases, .. } => phrases.iter().for_each(|phrase| add(&phrase.label)),
                _ => {}
            }
        }
    }
    keys.extend((1..=5).map(|face| format!("face.{face}")));
    let parts = [DayPart::Now, DayPart::Earlier].into_iter().chain(DayPart::OF_A_DAY);
    keys.extend(parts.map(|part| format!("when.{}", part.key())));
    keys.extend(["comma", "colon", "unsure", "when.day", "place.tapped"].map(str::to_owned));
    keys
}

/// Every text of the forms exists in five languages, and no text is unused.
#[test]
fn form_words_are_complete_in_every_language() {
    let needed = keys_in_use();
    for language in Language::ALL {
        let known: BTreeSet<String> = words().keys(language).into_iter().map(str::to_owned).collect();
        let missing: Vec<_> = needed.difference(&known).collect();
        let left_over: Vec<_> = known.difference(&needed).collect();
        assert!(missing.is_empty() && left_over.is_empty(), "{language}: {missing:?}, unused {left_over:?}");
    }
}

/// An error names the file, the line, the field and the remedy.
#[test]
fn a_form_error_names_its_place() {
    let refused = |from: &str, to: &str| {
        assert!(SMALL.contains(from), "{from}");
        Form::read("parking.toml", &SMALL.replacen(from, to, 1)).unwrap_err().to_string()
    };
    let cases = [
        (
            "limit = 5",
            "limit = 900",
            "parking.toml, line 28, field more: limit = 900 is out of range; a text has 1 to 500",
        ),
        ("lowest = 1", "lowest = 9", "field level: give it lowest and highest, the lowest first"),
        ("ask = \"number\"", "ask = \"numbers\"", "field level: there is no ask = \"numbers\"; use faces"),
        (
            "id = \"level\"",
            "id = \"where\"",
            "line 20, field where: another field has this id; give one of them",
        ),
        (
            "field = \"level\"",
            "field = \"later\"",
            "field more: shown-if names \"later\", which is not asked before",
        ),
        ("at-most = 2", "any = [\"x\"]", "field more: shown-if does not fit \"level\""),
        ("any = [\"garage\"]", "any = [\"roof\"]", "field level: shown-if does not fit \"where\""),
        (", zh-Hans = \"几层？\"", "", "field level: the label of parking.level has no zh-Hans; add it"),
        (
            "label = { en = \"More?\", zh-Hans = \"还有吗？\" }",
            "",
            "parking.more has no label; add label = {",
        ),
        (
            "label = { en = \"More?\", zh-Hans = \"还有吗？\" }",
            "label = \"x.y\"",
            "no built-in words for \"x.y\"",
        ),
        ("id = \"street\"", "id = \"garage\"", "field where: the option \"garage\" is there twice"),
        ("id = \"street\"", "id = \"The Street\"", "\"The Street\" is not a name; use the letters a to z"),
        (
            "kind = \"feedback\"",
            "kind = \"gossip\"",
            "parking.toml, line 4: there is no kind \"gossip\"; use",
        ),
        ("version = 1000", "version = 0", "parking.toml, line 3: the version is 0"),
        ("limit = 5", "lowest = 5", "field more: lowest does not belong to ask = \"text\"; leave it out"),
        ("limit = 5", "limmit = 5", "parking.toml, line 31: unknown field `limmit`"),
        ("limit = 5", "limit = ", "parking.toml, line 31: "),
    ];
    for (from, to, expected) in cases {
        let message = refused(from, to);
        assert!(
            message.starts_with("parking.toml, line ") && message.contains(expected),
            "{message}\nlacks {expected}"
        );
    }
    let empty = Form::read("f.toml", "id = \"a\"\nversion = 1\nkind = \"praise\"\ntitle = \"praise\"\n");
    assert!(empty.unwrap_err().to_string().contains("it has 0 steps; a form has 1 to 5"));
}

/// A form has at most five steps and asks for contact once.
#[test]
fn a_form_has_five_steps_and_one_contact() {
    let step = "\n[[step]]\n[[step.field]]\nid = \"N\"\nask = \"contact\"\nlabel = \"contact\"\n";
    let six: String = (0..6).map(|n| step.replace('N', &format!("f{n}"))).collect();
    let head = "id = \"a\"\nversion = 1\nkind = \"praise\"\ntitle = \"praise\"\n";
    let fault = |text: String| Form::read("f.toml", &text).unwrap_err().fault;
    assert_eq!(fault(format!("{head}{six}")), Fault::Steps(6));
    let crowded = "[[step.field]]\nid = \"b\"\nask = \"place\"\nlabel = \"contact\"\n";
    assert_eq!(fault(format!("{head}{}{crowded}", step.replace('N', "a"))), Fault::PlaceAlone);
    assert_eq!(
        fault(format!("{head}{}{}", step.replace('N', "a"), step.replace('N', "b"))),
        Fault::TwoContacts
    );
}

/// A hidden question needs no answer and accepts none.
#[test]
fn a_hidden_question_takes_no_answer() {
    let form = small();
    assert_eq!(wrong(&form, []), [("where".to_owned(), InvalidReason::Missing)]);
    assert_eq!(wrong(&form, [("where", chosen(&["street"]))]), []);
    assert_eq!(
        wrong(&form, [("where", chosen(&["garage/low"]))]),
        [("level".to_owned(), InvalidReason::Missing)]
    );
    let hidden = [("where", chosen(&["street"])), ("level", Answer::Number(2))];
    assert_eq!(wrong(&form, hidden), [("level".to_owned(), InvalidReason::NotAsked)]);
    // A question that depends on a hidden one is hidden too.
    let chain = [
        ("where", chosen(&["street"])),
        ("level", Answer::Number(2)),
        ("more", Answer::Text(Story::parse("a").unwrap())),
    ];
    assert_eq!(wrong(&form, chain).len(), 2);
}

#[test]
fn an_answer_is_held_against_its_question() {
    let form = small();
    let with = |level, more: Option<&str>| {
        let more = more.map(|more| ("more", Answer::Text(Story::parse(more).unwrap())));
        wrong(&form, [("where", chosen(&["garage"])), ("level", level)].into_iter().chain(more))
    };
    assert_eq!(with(Answer::Number(2), Some("12345")), []);
    assert_eq!(
        with(Answer::Number(2), Some("123456")),
        [("more".to_owned(), InvalidReason::TooLong { max: 5 })]
    );
    let range = InvalidReason::Range { lowest: 1, highest: 4 };
    assert_eq!(with(Answer::Number(5), None), [("level".to_owned(), range)]);
    assert_eq!(
        with(Answer::Faces(Csat::try_from(2).unwrap()), None),
        [("level".to_owned(), InvalidReason::Kind)]
    );
    assert_eq!(wrong(&form, [("where", chosen(&["roof"]))])[0].1, InvalidReason::Option);
    assert_eq!(wrong(&form, [("where", chosen(&["street", "garage"]))])[0].1, InvalidReason::TooMany);
    assert_eq!(
        wrong(&form, [("where", chosen(&["street"])), ("gone", Answer::Unsure)])[0].1,
        InvalidReason::NotAsked
    );
}

#[test]
fn a_day_that_is_not_offered_is_refused() {
    let form = FormCatalog::shipped().get("complaint", 1).unwrap().clone();
    let field = form.field("when").unwrap();
    let on = |day| {
        let given = answers(&form, [("when", Answer::When(ApproximateTime { day, part: DayPart::Noon }))]);
        form.check_field(field, &given, None, today())
    };
    assert_eq!(on(today()), None);
    assert_eq!(on(today() - chrono::TimeDelta::days(14)), None);
    assert_eq!(on(today() - chrono::TimeDelta::days(15)), Some(InvalidReason::Day));
    assert_eq!(on(today() + chrono::TimeDelta::days(1)), Some(InvalidReason::Day));
}

/// A form asks for contact data but never accepts it as an answer.
#[test]
fn contact_is_never_kept_among_answers() {
    let form = FormCatalog::shipped().get("enquiry", 1).unwrap().clone();
    let given = answers(
        &form,
        [
            ("about", chosen(&["other"])),
            ("story", Answer::Text(Story::parse("Is there a cinema?").unwrap())),
            ("reply", chosen(&["call-back"])),
        ],
    );
    let contact = Contact { name: None, phone: Phone::parse("13800001234").ok(), email: None };
    assert_eq!(
        form.check(&given, None, today()),
        [InvalidAnswer { field: "contact".to_owned(), why: InvalidReason::Missing }]
    );
    assert_eq!(form.check(&given, Some(&contact), today()), []);
    let mut leaked = given;
    leaked.answers.insert("contact".to_owned(), Answer::Text(Story::parse("13800001234").unwrap()));
    assert_eq!(form.check(&leaked, Some(&contact), today())[0].why, InvalidReason::Kind);
}

#[test]
fn who_says_that_somebody_is_unwell_is_urgent() {
    let form = FormCatalog::shipped().get("service", 1).unwrap().clone();
    let urgent = |option| form.is_urgent(&answers(&form, [("what", chosen(&[option]))]));
    assert!(urgent("help/unwell") && urgent("help/danger"));
    assert!(!urgent("help/question") && !urgent("wheelchair"));
}

#[test]
fn low_versions_belong_to_the_product() {
    let low = SMALL.replace("version = 1000", "version = 999");
    let refused = FormCatalog::shipped().add_own("low.toml", &low).unwrap_err().to_string();
    assert_eq!(
        refused,
        "low.toml: versions below 1000 belong to the built-in forms; give parking version 1000 or higher"
    );
    assert!(FormCatalog::shipped().add_own("high.toml", SMALL).is_ok());
}

#[test]
fn a_version_is_published_once() {
    let mut catalog = FormCatalog::shipped();
    catalog.add("parking.toml", SMALL).unwrap();
    catalog.add("again.toml", SMALL).unwrap();
    let changed =
        catalog.add("other.toml", &SMALL.replace("limit = 5", "limit = 6")).unwrap_err().to_string();
    assert!(
        changed.contains("other.toml: version 1000 of the form parking was published before"),
        "{changed}"
    );
    assert_eq!(
        catalog.newest("parking").unwrap().field("more").unwrap().ask,
        FieldKind::Text { limit: 5, phrases: vec![] }
    );
    let retired = SMALL.replace("version = 1000", "version = 1001\nretired = true");
    catalog.add("retired.toml", &retired).unwrap();
    assert!(catalog.newest("parking").is_none() && catalog.get("parking", 1000).is_some());
}

/// Answers are listed in the order of their form, with its labels.
#[test]
fn answers_are_listed_as_their_form_asks() {
    let form = small();
    let given = answers(
        &form,
        [
            ("level", Answer::Number(2)),
            ("where", chosen(&["garage/low"])),
            ("gone", Answer::When(ApproximateTime { day: today(), part: DayPart::Evening })),
        ],
    );
    let in_words = |form, language| -> Vec<(String, String)> {
        lines(form, &given, language).into_iter().map(|line| (line.label, line.value)).collect()
    };
    let expected = [("Where?", "Garage: Lower level"), ("Which level?", "2"), ("gone", "22 Nov, evening")];
    assert_eq!(in_words(Some(&form), Language::En), expected.map(|(l, v)| (l.to_owned(), v.to_owned())));
    assert_eq!(in_words(Some(&form), Language::ZhHans)[0].1, "车库：下层");
    let bare = [("gone", "11月22日 晚上"), ("level", "2"), ("where", "garage/low")];
    assert_eq!(in_words(None, Language::ZhHans), bare.map(|(l, v)| (l.to_owned(), v.to_owned())));
}

/// Answers never appear in debug output.
#[test]
fn answers_hide_from_debug_prints() {
    let place = PlaceRef {
        feature: "f".to_owned(),
        name: crate::language::Labels::new([("en", "Clinic")]),
        level: "L1".to_owned(),
        number: None,
        at: None,
    };
    let given = answers(
        &small(),
        [
            ("a", Answer::Text(Story::parse("my secret").unwrap())),
            ("b", chosen(&["unwell"])),
            ("c", Answer::Place(place)),
        ],
    );
    let shown = format!("{given:?} {:?}", given.answers);
    assert!(!["secret", "unwell", "Clinic"].iter().any(|word| shown.contains(word)), "{shown}");
}
