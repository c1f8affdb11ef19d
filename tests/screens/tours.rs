//! Settings in which every page is looked at, and the tour through pages in all of them: each is drawn,
//! and each of its targets and words is measured.

use domain::language::Language;
use kiosk::event::OverlayTouch;
use kiosk::pages::attract::AttractTouch;
use kiosk::view::{Contrast, TextSize};

use crate::fits::leaf_through;
use crate::hands::faults;
use crate::stage::{self, LANDSCAPE, PORTRAIT};
use crate::visit::Kiosk;

/// What is done on each page that a visitor comes to.
pub type Look<'a> = dyn FnMut(&Kiosk, &str) + 'a;

/// How a visitor has set the kiosk up.
#[derive(Clone, Copy)]
pub struct Setting {
    pub shape: (&'static str, (u32, u32)),
    pub language: Language,
    pub text: TextSize,
    pub contrast: Contrast,
}

/// All that changes how pages look on a panel that stands.
pub fn upright() -> Vec<Setting> {
    settings(("portrait", PORTRAIT))
}

/// All that changes how pages look on a panel that lies.
pub fn lying() -> Vec<Setting> {
    settings(("landscape", LANDSCAPE))
}

fn settings(shape: (&'static str, (u32, u32))) -> Vec<Setting> {
    let mut all = Vec::new();
    for language in [Language::ZhHans, Language::En] {
        let contrast = Contrast::Normal;
        all.extend(TextSize::ALL.map(|text| Setting { shape, language, text, contrast }));
        // High contrast changes colours and no size, so that one text size stands for all.
        let (text, contrast) = (TextSize::ExtraLarge, Contrast::High);
        all.push(Setting { shape, language, text, contrast });
    }
    all
}

impl Setting {
    pub fn name(self, page: &str) -> String {
        let contrast = if self.contrast == Contrast::High { "-contrast" } else { "" };
        format!("{}-{}-{:?}{contrast}-{page}", self.shape.0, self.language, self.text)
    }

    /// A kiosk whose visitor has just chosen all this, on the home page.
    pub fn begin(self, look: &mut Look) -> Kiosk {
        let kiosk = Kiosk::start(self.shape.1);
        look(&kiosk, "attract");
        kiosk.send(AttractTouch::Start(Some(self.language)));
        kiosk.send(OverlayTouch::TextSize(self.text));
        kiosk.send(OverlayTouch::Contrast(self.contrast));
        kiosk.send(OverlayTouch::Close);
        kiosk
    }
}

/// Draws every page of a visit, and says what is wrong with its targets and words.
fn tour(setting: Setting, visit: fn(Setting, &mut Look)) -> Vec<String> {
    let mut found = Vec::new();
    visit(setting, &mut |kiosk, page| {
        stage::picture(kiosk.window.app(), &setting.name(page));
        let fingers = faults(kiosk, page, setting.shape.1);
        let words = leaf_through(kiosk, setting, page);
        found.extend(fingers.into_iter().chain(words).map(|fault| setting.name(&fault)));
    });
    found
}

/// A visit in each of these settings, each before a kiosk of its own; no page has a fault.
pub fn tours(settings: Vec<Setting>, visit: fn(Setting, &mut Look)) {
    let mut faults = Vec::new();
    for setting in settings {
        faults.extend(std::thread::spawn(move || tour(setting, visit)).join().unwrap());
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
