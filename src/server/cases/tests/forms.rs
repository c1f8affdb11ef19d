//! Answers to forms, from the envelope to the console, the tracking page and the export.

use std::sync::Arc;

use std::collections::BTreeMap;

use domain::contact::{Contact, Phone};
use domain::form::{Answer, Answers, ApproximateTime, Chosen, DayPart, FormCatalog};
use domain::kind::Kind;
use domain::language::Language;
use domain::submission::Body;
use domain::text::Story;
use domain::text::Text;

use crate::browser::{Reader, keys_shown};
use crate::cases::export::{self, Format, Separator};
use crate::store::publications::FormSource;
use crate::testing::{Mall, Sample, a_place};

fn chosen(options: &[&str], remark: Option<&str>) -> Answer {
    let options = options.iter().map(|option| (*option).to_owned()).collect();
    Answer::Chosen(Chosen { options, remark: remark.map(|r| Text::parse(r).unwrap()) })
}

fn text(words: &str) -> Answer {
    Answer::Text(Story::parse(words).unwrap())
}

fn sample(form: &str, version: u32, about: Kind, given: Vec<(&str, Answer)>) -> Sample {
    let answers: BTreeMap<_, _> = given.into_iter().map(|(id, answer)| (id.to_owned(), answer)).collect();
    let answers = Answers { form: form.to_owned(), version, about, urgent: false, answers };
    Sample { language: Language::En, body: Body::Answers(answers), place: Some(a_place()), contact: None }
}

fn a_lost_bag(mall: &Mall) -> Sample {
    let day = mall.now().date_naive();
    let answers = vec![
        ("thing", chosen(&["bag"], None)),
        ("colour", chosen(&["black"], None)),
        ("features", text("a silver zip")),
        ("place", Answer::Place(a_place())),
        ("when", Answer::When(ApproximateTime { day, part: DayPart::Morning })),
    ];
    let contact = Contact { name: None, phone: Phone::parse("13800001234").ok(), email: None };
    Sample { contact: Some(contact), ..sample("lost", 1, Kind::LostItem, answers) }
}

/// Staff read answers beside the questions in their own language.
#[test]
fn staff_read_answers_in_their_language() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    mall.tell(&mut kiosk, a_lost_bag(&mall));
    let reader = Reader::signed_in(&mall, "admin");
    let inbox = reader.get("/inbox?kind=lost-item").text;
    assert!(inbox.contains("Bag · Black"), "{inbox}");
    let page = reader.get("/cases/1").text;
    for shown in [
        "What have you lost?",
        "Bag",
        "What colour is it?",
        "a silver zip",
        "21 Nov, morning",
        "Escalator E5",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("13800001234") && keys_shown(&page).is_empty());
    reader.post("/language", &[("language", "zh-Hans"), ("back", "/inbox")]);
    let page = reader.get("/cases/1").text;
    for shown in ["您丢了什么？", "黑色", "a silver zip", "11月21日 上午"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(reader.get("/inbox?q=zip").text.contains("/cases/1"), "a remark is found");
}

/// The tracking page shows the chosen options and the visitor's own words, and no contact.
#[test]
fn tracking_page_shows_choices_and_own_words() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let token = mall.tell(&mut kiosk, a_lost_bag(&mall));
    let visitor = Reader::stranger(&mall);
    for (language, question, answer) in [
        ("en", "What have you lost?", "Bag"),
        ("zh-Hans", "您丢了什么？", "包"),
        ("zh-Hant", "您遺失了什麼？", "包"),
        ("ja", "何をなくしましたか？", "かばん"),
        ("ko", "무엇을 잃어버리셨나요?", "가방"),
    ] {
        let page = visitor.get(&format!("/t/{token}?lang={language}")).text;
        assert!(page.contains(question) && page.contains(answer), "{language}: {page}");
        assert!(page.contains("a silver zip") && !page.contains("13800001234"), "{language}: {page}");
        assert!(keys_shown(&page).is_empty(), "{language}: {page}");
    }
}

/// Answers to every built-in form are shown to staff and to the visitor.
#[test]
fn built_in_forms_are_shown_on_both_pages() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let reader = Reader::signed_in(&mall, "admin");
    for (n, form) in FormCatalog::shipped().offered().into_iter().enumerate() {
        let token = mall.tell(&mut kiosk, sample(&form.id, 1, form.kind, vec![("story", text("as it was"))]));
        let page = reader.get(&format!("/cases/{}", n + 1));
        assert_eq!((page.status, keys_shown(&page.text).len()), (200, 0), "{}", form.id);
        let tracking = reader.get(&format!("/t/{token}"));
        assert_eq!((tracking.status, keys_shown(&tracking.text).len()), (200, 0), "{}", form.id);
    }
    assert!(reader.get("/inbox").text.contains("kind=suggestion"), "a kind with open cases is listed");
}

/// A kiosk may say any day, and a disk may hold any moment: the pages show them.
#[test]
fn no_date_breaks_a_page() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let far = chrono::NaiveDate::MAX;
    let when = Answer::When(ApproximateTime { day: far, part: DayPart::Noon });
    let token = mall.tell(&mut kiosk, sample("lost", 1, Kind::LostItem, vec![("when", when)]));
    let reader = Reader::signed_in(&mall, "admin");
    let broken = |after: &str| {
        for path in ["/inbox", "/cases/1", &format!("/t/{token}"), "/kiosks", "/audit"] {
            assert_eq!(reader.get(path).status, 200, "{path} {after}");
        }
    };
    broken("with a day beyond the calendar");
    assert!(reader.get("/cases/1").text.contains("262142"), "what was said is shown as it was said");
    let db = crate::store::rows(&mall.place.path().join("data/galleria.db"));
    for far in [i64::MAX, i64::MIN, 8_210_266_876_799_999, -8_334_601_228_800_000, 253_402_300_800_000] {
        db.execute(
            "update cases set created_at = ?1, started_at = ?1, received_at = ?1, answered_at = ?1,
             visitor_wrote_at = ?1, next_due_at = ?1",
            [far],
        )
        .unwrap();
        db.execute("update promise set started_at = ?1, due_at = ?1, kept_at = ?1", [far]).unwrap();
        db.execute("update kiosk set clock_skew_ms = ?1, last_seen_at = ?1, copied_at = ?1", [far]).unwrap();
        broken(&format!("with {far} on the disk"));
    }
}

/// A kiosk whose clock is far beyond the calendar is heard all the same.
#[test]
fn a_clock_beyond_the_calendar_loses_nothing() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    for far in [chrono::DateTime::<chrono::Utc>::MAX_UTC, chrono::DateTime::<chrono::Utc>::MIN_UTC] {
        let (item, token) =
            kiosk.seal(sample("lost", 1, Kind::LostItem, vec![("features", text("red"))]), far);
        let report = domain::wire::KioskReport { oldest_waiting: Some(far), ..Default::default() };
        let batch = domain::wire::Batch {
            sent_at: far,
            items: vec![item],
            waiting: 1,
            report: Some(report),
            ..Default::default()
        };
        assert_eq!(mall.post(&kiosk, &serde_json::to_vec(&batch).unwrap()).0, 200);
        mall.running.settled();
        let reader = Reader::signed_in(&mall, "admin");
        assert_eq!(reader.get(&format!("/t/{token}")).status, 200);
        for path in ["/inbox", "/cases/1", "/kiosks"] {
            assert_eq!(reader.get(path).status, 200, "{path}");
        }
    }
}

/// Answers to an unknown form are kept, and shown with the ids of their fields.
#[test]
fn answers_to_an_unknown_form_show_field_ids() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let answers = vec![("steps", chosen(&["waltz/slow"], None)), ("why", text("for joy"))];
    mall.tell(&mut kiosk, sample("dance", 7, Kind::Other, answers));
    mall.tell(&mut kiosk, sample("lost", 99, Kind::LostItem, vec![("thing", chosen(&["crown"], None))]));
    let reader = Reader::signed_in(&mall, "admin");
    let page = reader.get("/cases/1").text;
    for shown in ["steps", "waltz/slow", "for joy", "dance, version 7: not known here"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(reader.get("/cases/2").text.contains("lost, version 99: not known here"));
    assert!(!reader.get("/quarantine").text.contains("Unreadable"));
}

/// Answers that do not fit their form are kept, and staff see a warning.
#[test]
fn misfit_answers_are_kept_and_flagged() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    mall.tell(
        &mut kiosk,
        sample("service", 1, Kind::ServiceRequest, vec![("what", chosen(&["elephant"], None))]),
    );
    mall.tell(
        &mut kiosk,
        sample("service", 1, Kind::ServiceRequest, vec![("what", chosen(&["umbrella"], None))]),
    );
    let reader = Reader::signed_in(&mall, "admin");
    let misfit = reader.get("/cases/1").text;
    assert!(misfit.contains("elephant") && misfit.contains("the answers do not all fit it"), "{misfit}");
    assert!(!reader.get("/cases/2").text.contains("do not all fit"));
}

/// An urgent call is due in five minutes and says so.
#[test]
fn an_urgent_call_is_due_in_five_minutes() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let mut call = sample("service", 1, Kind::ServiceRequest, vec![("what", chosen(&["help/unwell"], None))]);
    if let Body::Answers(answers) = &mut call.body {
        answers.urgent = true;
    }
    mall.tell(&mut kiosk, call);
    let reader = Reader::signed_in(&mall, "admin");
    let page = reader.get("/cases/1").text;
    assert!(page.contains("today 10:05") && page.contains("Urgent"), "{page}");
    assert!(page.contains("I need help now: Someone is unwell"), "{page}");
    assert!(!page.contains("kiosk showed after the call"), "a service form has one: {page}");
}

/// A question that a mall adds appears with its label in console and export.
#[test]
fn a_malls_own_question_reaches_console_and_export() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = include_str!("../../../../assets/forms/praise.1.toml");
    let added = "\n[[step]]\n[[step.field]]\nid = \"lantern\"\nask = \"faces\"\n\
                 label = { en = \"How did you like the lanterns?\", zh-Hans = \"灯会怎么样？\" }\n";
    let own = shipped.replace("version = 1", "version = 1000") + added;
    std::fs::write(folder.path().join("praise.toml"), own).unwrap();
    let mall = Mall::with(|settings| settings.forms = Some(folder.path().to_owned()));
    let mut kiosk = mall.kiosk("North door");
    let face = Answer::Faces(domain::scale::Csat::try_from(5).unwrap());
    let answers = vec![("tags", chosen(&["event"], None)), ("story", text("How lovely")), ("lantern", face)];
    mall.tell(&mut kiosk, sample("praise", 1000, Kind::Praise, answers));
    let reader = Reader::signed_in(&mall, "admin");
    let page = reader.get("/cases/1").text;
    assert!(page.contains("How did you like the lanterns?") && page.contains("5 / 5 · Very good"), "{page}");

    let admin = mall.admin();
    let forms = Arc::new(admin.run(crate::publications::forms::known(admin.store())).unwrap());
    let written = |format| {
        let (language, time_zone) = (Language::ZhHans, chrono_tz::Asia::Shanghai);
        let reader = export::Reader { forms: Arc::clone(&forms), language, time_zone };
        let (_, out) = admin.run(export::write(admin.store(), format, reader, Vec::new())).unwrap();
        String::from_utf8(out).unwrap()
    };
    let table = written(Format::Csv(Separator::Comma));
    assert!(table.contains("灯会怎么样？: 5 / 5·很满意"), "{table}");
    let line: serde_json::Value = serde_json::from_str(written(Format::Jsonl).trim_end()).unwrap();
    let last = line["answers"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["id"], &last["answer"]["faces"]), (&"lantern".into(), &5.into()));
    assert_eq!((&line["form"], &line["form_version"]), (&"praise".into(), &1000.into()));
}

/// A form that is added while the server runs is known when its answers arrive.
#[test]
fn a_form_added_while_running_is_learnt() {
    let mall = Mall::open();
    let mut kiosk = mall.kiosk("North door");
    let form = "id = 'cinema'\nversion = 1000\nkind = 'praise'\ntitle = { en = 'Cinema', zh-Hans = '影院' }\n\
                [[step]]\n[[step.field]]\nid = 'film'\nask = 'text'\n\
                label = { en = 'Which film?', zh-Hans = '哪部电影？' }\n";
    let form = FormSource { id: "cinema".to_owned(), version: 1000, text: form.to_owned() };
    let admin = mall.admin();
    admin.run(admin.store().publications().keep_forms(vec![form], mall.now())).unwrap();
    mall.tell(
        &mut kiosk,
        sample("cinema", 1000, Kind::Praise, vec![("film", text("The lanterns\nof the harbour"))]),
    );
    let page = Reader::signed_in(&mall, "admin").get("/cases/1").text;
    assert!(!page.contains("not known here") && page.contains("of the harbour"), "{page}");
}
