//! Case lookups: a submission from one kiosk is followed at another, with the receipt alone.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use domain::language::Language;
use kiosk::event::{Bar, Event, Key, OverlayTouch, Touch};
use kiosk::lookup_client::LookupClient;
use kiosk::outbox::Receipt;
use kiosk::pages::PageView;
use kiosk::pages::attract::AttractTouch;
use kiosk::pages::case_status::{CaseStatusTouch, CaseStatusView};
use kiosk::pages::home::{HomeTile, HomeTouch};
use kiosk::pages::lookup::LookupView;
use kiosk::pages::menu::MenuTouch;
use kiosk::shell::{Parts, Shell};
use kiosk::view::Field;
use kiosk::world::{Pinyin, World};

use crate::stage::PATIENCE;
use crate::stage::kiosk::Kiosk;
use crate::stage::line::{Line, Mishap};
use crate::stage::mall::{Mall, at};
use crate::stage::staff::answer;

/// A visitor at a kiosk without a window.
struct Visit {
    shell: Shell,
    woken: Receiver<()>,
}

impl Visit {
    fn at(kiosk: &Kiosk, lookup: Option<LookupClient>) -> Self {
        let mut shell = Shell::new(Parts {
            world: World::without_map(Language::En, chrono_tz::Tz::UTC, Pinyin::Missing),
            store: Some(kiosk.store()),
            pinyin: None,
            sync: None,
            lookup,
            courier: None,
            clock: chrono::Utc::now,
        });
        let (wake, woken) = channel();
        let wake = std::sync::Mutex::new(wake);
        shell.on_wake(Arc::new(move || {
            let _ = wake.lock().unwrap().send(());
        }));
        let mut visit = Self { shell, woken };
        visit.begin();
        visit
    }

    fn begin(&mut self) {
        self.shell.handle(AttractTouch::Start(Some(Language::En)));
        self.shell.handle(HomeTouch::Tile(HomeTile::TellUs));
        let PageView::Menu(menu) = self.shell.view().page else { panic!("no menu") };
        self.shell.handle(MenuTouch::Card(menu.cards.len() - 1));
    }

    fn type_in(&mut self, field: Field, text: &str) {
        self.shell.handle(Touch::FieldTapped(field));
        text.chars().for_each(|c| self.shell.handle(Key::Char(c)));
        self.shell.handle(Key::Done);
    }

    /// Types the case number and the receipt code, and waits for the result.
    fn ask(&mut self, number: &str, code: &str) {
        for (field, text) in [(Field::CaseNumber, number), (Field::CaseCode, code)] {
            self.shell.handle(Touch::FieldCleared(field));
            self.type_in(field, text);
        }
        self.shell.handle(Bar::Primary);
        self.answered();
    }

    fn scan(&mut self, address: &str) {
        self.type_in(Field::CaseNumber, address);
        self.answered();
    }

    fn answered(&mut self) {
        while matches!(self.shell.view().page, PageView::CaseStatus(page) if !page.give_up.is_empty()) {
            self.woken.recv_timeout(PATIENCE).expect("a result of the lookup");
            self.shell.pump();
        }
    }

    fn status(&self) -> CaseStatusView {
        match self.shell.view().page {
            PageView::CaseStatus(page) => page,
            PageView::Lookup(page) => panic!("no case status: {:?}", page.failure),
            _ => panic!("another page"),
        }
    }

    fn lookup_page(&self) -> LookupView {
        let PageView::Lookup(page) = self.shell.view().page else { panic!("not the lookup page") };
        page
    }

    fn trouble(&self) -> String {
        self.lookup_page().failure.expect("a reason").title
    }

    fn back(&mut self) {
        self.shell.handle(Bar::Back);
    }
}

/// A kiosk without a visit, and the receipt of a submission that arrived from another kiosk of the same mall.
fn two_kiosks(mall: &Mall) -> (Kiosk, Receipt) {
    let (mut here, _) = Kiosk::at_home(mall);
    let receipt = here.tell();
    here.drained();
    mall.opened();
    (Kiosk::at_home(mall).0, receipt)
}

/// A submission from one kiosk is followed at another, by number and receipt code and by the QR code.
#[test]
fn a_case_is_followed_at_another_kiosk() {
    let mall = Mall::open();
    let (there, receipt) = two_kiosks(&mall);
    answer(&mall, 1, "It moves again. Thank you.");
    let mut visit = Visit::at(&there, Some(there.lookup(&mall, mall.address())));
    let (number, code) = (receipt.case_number.to_string(), receipt.token.code().to_string());

    visit.ask(&number.to_lowercase(), &code.replace('-', ""));
    let typed = visit.status();
    assert_eq!(typed.number, number);
    assert_eq!(
        typed.messages.iter().map(|m| m.words.as_str()).collect::<Vec<_>>(),
        ["It moves again. Thank you."]
    );
    assert_eq!(typed.steps.len(), 5);
    visit.back();
    visit.scan(&receipt.tracking_url.unwrap());
    assert!(visit.status() == typed);

    visit.shell.handle(Bar::Language);
    visit.shell.handle(OverlayTouch::Language(Language::ZhHans));
    visit.answered();
    assert_ne!(visit.status().title, typed.title);
    visit.shell.handle(OverlayTouch::Finish);
    assert!(visit.shell.is_resting());
}

/// After five wrong receipt codes the case number is locked for a while at every kiosk; the QR code still
/// works.
#[test]
fn five_wrong_codes_close_a_case_number() {
    let mall = Mall::open();
    let (there, receipt) = two_kiosks(&mall);
    let (number, code) = (receipt.case_number.to_string(), receipt.token.code().to_string());
    let mut visit = Visit::at(&there, Some(there.lookup(&mall, mall.address())));
    for _ in 0..5 {
        visit.ask(&number, "0000-0000");
        assert_eq!(visit.trouble(), "Nothing was found");
    }
    visit.ask(&number, &code);
    assert_eq!(visit.trouble(), "Too many wrong access codes");
    let (other, _) = Kiosk::at_home(&mall);
    let mut visit = Visit::at(&other, Some(other.lookup(&mall, mall.address())));
    visit.ask(&number, &code);
    assert_eq!(visit.trouble(), "Too many wrong access codes");
    visit.back();
    visit.begin();
    visit.scan(&receipt.tracking_url.unwrap());
    assert_eq!(visit.status().number, number);
}

#[test]
fn what_has_not_arrived_is_on_its_way() {
    let mall = Mall::open();
    let (mut here, _) = Kiosk::at_home(&mall);
    here.go_offline();
    let receipt = here.tell();
    let (there, _) = Kiosk::at_home(&mall);
    let mut visit = Visit::at(&there, Some(there.lookup(&mall, mall.address())));
    visit.scan(&receipt.tracking_url.unwrap());
    assert_eq!((visit.status().title.as_str(), visit.status().steps.len()), ("It's on its way", 0));
    visit.back();
    visit.ask(&receipt.case_number.to_string(), &receipt.token.code().to_string());
    assert_eq!(visit.trouble(), "Nothing was found", "only the token shows that it is on its way");
}

/// Without a server or a network the lookup fails with a message, and can be repeated later.
#[test]
fn a_lookup_without_network_can_be_repeated() {
    let mall = Mall::open();
    let (there, receipt) = two_kiosks(&mall);
    let (number, code) = (receipt.case_number.to_string(), receipt.token.code().to_string());
    let line = Line::to(mall.socket());
    line.unplug();
    let mut visit = Visit::at(&there, Some(there.lookup(&mall, at(line.socket()))));
    visit.ask(&number, &code);
    assert_eq!(visit.trouble(), "We're offline right now");
    line.plug_in();
    visit.shell.handle(Bar::Primary);
    visit.answered();
    assert_eq!(visit.status().number, number);

    let mut alone = Visit::at(&there, None);
    alone.ask(&number, &code);
    assert_eq!(alone.trouble(), "This kiosk can't look up cases");
    let stranger = Kiosk::new();
    let mut visit = Visit::at(&stranger, Some(stranger.lookup(&mall, mall.address())));
    visit.ask(&number, &code);
    assert_eq!(visit.trouble(), "This kiosk can't look up cases", "the server does not know it");
}

/// Whoever gives up, or leaves, leaves nothing behind that waits.
#[test]
fn giving_up_a_lookup_ends_its_connection() {
    let mall = Mall::open();
    let (there, receipt) = two_kiosks(&mall);
    for leave in [Event::from(CaseStatusTouch::GiveUp), OverlayTouch::Finish.into()] {
        let line = Line::to(mall.socket());
        line.expect([Mishap::ReplyHeld]);
        let mut visit = Visit::at(&there, Some(there.lookup(&mall, at(line.socket()))));
        visit.type_in(Field::CaseNumber, receipt.tracking_url.as_ref().unwrap());
        assert_eq!(line.happened(), Mishap::ReplyHeld);
        visit.shell.handle(leave);
        line.until_released();
    }
}

/// After the visit no file and no log contains what was looked up.
#[test]
fn a_case_lookup_leaves_no_trace() {
    let mall = Mall::open();
    let (there, receipt) = two_kiosks(&mall);
    answer(&mall, 1, "Quetzalbloxwimpf repaired it.");
    let (number, code) = (receipt.case_number.to_string(), receipt.token.code().to_string());
    let there = there.asleep();
    let log = there.folder.path().join("log");
    let mut child = Command::new(env!("CARGO_BIN_EXE_journey-kiosk"))
        .arg(there.folder.path())
        .args(["lookup", mall.address().as_str()])
        .arg(mall.ca())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let (mut out, mut keys) = (BufReader::new(child.stdout.take().unwrap()), child.stdin.take().unwrap());
    for typed in [&number, &code] {
        let disguised: String = typed.bytes().map(|byte| format!("{:02x}", byte ^ 0x5A)).collect();
        writeln!(keys, "{disguised}").unwrap();
    }
    let searched = [
        number.clone(),
        number.replace('-', ""),
        code.clone(),
        code.replace('-', ""),
        receipt.token.to_string(),
        "Quetzalbloxwimpf".to_owned(),
        "repaired it".to_owned(),
    ];
    let left = || {
        let bytes = there.everything_on_its_disk();
        let found = |words: &&String| bytes.windows(words.len()).any(|part| part == words.as_bytes());
        searched.iter().filter(found).cloned().collect::<Vec<_>>()
    };
    for expected in ["shown\n", "over\n"] {
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert_eq!(line, expected, "{}", std::fs::read_to_string(&log).unwrap());
        assert_eq!(left(), [] as [String; 0], "after {expected}");
        writeln!(keys).unwrap();
    }
    assert!(child.wait().unwrap().success());
    assert_eq!(left(), [] as [String; 0]);
    assert!(std::fs::metadata(&log).unwrap().len() > 1000, "it logs as much as it can");
    std::fs::write(there.folder.path().join("notes"), format!("about {number}")).unwrap();
    assert_eq!(left(), [number.as_str()], "what lies there is found");
}
