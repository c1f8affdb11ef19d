//! A mall adds a question to a form without a release: the kiosk asks it, and the server's records contain
//! its answer in the question's own words.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use domain::form::FormCatalog;
use domain::language::Language;
use kiosk::app::App;
use kiosk::effect::Effect;
use kiosk::event::{Bar, Event, Key, Touch};
use kiosk::outbox::Draft;
use kiosk::pages::PageView;
use kiosk::pages::attract::AttractTouch;
use kiosk::pages::form::FormTouch;
use kiosk::pages::home::{HomeTile, HomeTouch};
use kiosk::pages::menu::MenuTouch;
use kiosk::view::Field;
use kiosk::world::{Pinyin, World};
use minisign::KeyPair;
use rand::SeedableRng as _;

use crate::stage::kiosk::Kiosk;
use crate::stage::mall::Mall;

const LANTERNS: &str = "\n[[step]]\n[[step.field]]\nid = \"lantern\"\nask = \"faces\"\nrequired = true\n\
                        label = { en = \"How did you like the lanterns?\", zh-Hans = \"灯会怎么样？\" }\n";

/// Writes the shipped form for praise with one more question.
fn praise_with_a_question(folder: &Path) {
    let shipped = fs::read_to_string("../../assets/forms/praise.1.toml").unwrap();
    let own = shipped.replace("version = 1", "version = 1000") + LANTERNS;
    fs::create_dir_all(folder.join("forms")).unwrap();
    fs::write(folder.join("forms/praise.toml"), own).unwrap();
}

/// A visit that fills in the form for praise and answers the new question.
fn visit(forms: FormCatalog) -> Draft {
    let mut world = World::without_map(Language::En, chrono_tz::UTC, Pinyin::Missing);
    world.forms = Arc::new(forms);
    let mut app = App::new(world, chrono::Utc::now());
    let pick = |item, index| Event::from(FormTouch::Pick { item, index });
    let next = || Event::from(Bar::Primary);
    for event in
        [Event::from(AttractTouch::Start(Some(Language::En))), Event::from(HomeTouch::Tile(HomeTile::TellUs))]
    {
        app.handle(event);
    }
    let PageView::Menu(menu) = app.view().page else { panic!("no forms to choose from") };
    let praise = menu.cards.iter().position(|card| card.title == "Compliment").unwrap();
    let story = ['W', 'e', 'l', 'l'].map(|c| Event::from(Key::Char(c)));
    let visit = [
        Event::from(MenuTouch::Card(praise)),
        pick(0, 0),
        next(),
        Event::from(Touch::FieldTapped(Field::Answer(1))),
    ];
    for event in visit.into_iter().chain(story).chain([Event::from(Key::Done), next()]) {
        app.handle(event);
    }
    let PageView::Form(asked) = app.view().page else { panic!("the question is not asked") };
    assert_eq!(asked.title, "How did you like the lanterns?");
    let effects = [pick(0, 5), next()].map(|event| app.handle(event));
    let draft = effects.into_iter().flatten().find_map(|effect| match effect {
        Effect::Save(draft) => Some(*draft),
        _ => None,
    });
    draft.expect("it is sent")
}

/// A question added to a form file is asked, and its answer reaches the records as text.
#[test]
fn an_added_question_reaches_the_records() {
    let mall = Mall::open();
    let folder = tempfile::tempdir().unwrap();
    praise_with_a_question(folder.path());
    let (admin, pair) = (mall.admin(), KeyPair::generate_unencrypted_keypair().unwrap());
    admin.set_content_key(&pair.pk.to_base64().parse().unwrap()).unwrap();
    server::publications::publish::pack(
        folder.path(),
        admin.next_content().unwrap(),
        false,
        chrono::Utc::now(),
    )
    .unwrap();
    let manifest = fs::File::open(folder.path().join("manifest.json")).unwrap();
    let signature = minisign::sign(None, &pair.sk, manifest, None, None).unwrap();
    fs::write(folder.path().join("manifest.json.minisig"), signature.into_string()).unwrap();
    admin.publish_content(folder.path()).unwrap();

    let draft = visit(kiosk::forms::read(&FormCatalog::shipped(), &folder.path().join("forms")).unwrap());
    let (kiosk, number) = Kiosk::at_home(&mall);
    let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(11);
    let identity = kiosk.identity();
    kiosk.outbox().queue(&draft, &identity, chrono::Utc::now(), &mut random).unwrap();
    drop(identity);
    kiosk.sync().wake();
    kiosk.drained();
    // This waits until the server has opened what arrived.
    assert_eq!(mall.arrived(number).len(), 1);

    let book = Arc::new(admin.run(server::publications::forms::known(admin.store())).unwrap());
    let (language, time_zone) = (Language::ZhHans, chrono_tz::Asia::Shanghai);
    let reader = server::cases::export::Reader { forms: book, language, time_zone };
    let format = server::cases::export::Format::Csv(server::cases::export::Separator::Comma);
    let (_, records) =
        admin.run(server::cases::export::write(admin.store(), format, reader, Vec::new())).unwrap();
    let records = String::from_utf8(records).unwrap();
    assert!(records.contains("灯会怎么样？: 5 / 5·很满意"), "{records}");
}
