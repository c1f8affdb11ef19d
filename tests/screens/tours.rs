//! The settings in which every page is checked, and the tour that draws each page and measures its targets
//! and texts.

use domain::language::Language;
use kiosk::event::OverlayTouch;
use kiosk::pages::attract::AttractTouch;
use kiosk::view::{Contrast, TextSize};

use crate::fits::leaf_through;
use crate::hands::faults;
use crate::stage::{self, LANDSCAPE, PORTRAIT};
use crate::visit::Kiosk;

/// The check that is called on each page of a visit.
pub type Look<'a> = dyn FnMut(&Kiosk, &str) + 'a;

/// A visitor's settings, and the panel's orientation.
#[derive(Clone, Copy)]
pub struct Setting {
    pub shape: (&'static str, (u32, u32)),
    pub language: Language,
    pub text: TextSize,
    pub contrast: Contrast,
}

/// All settings on a portrait panel.
pub fn upright() -> Vec<Setting> {
    settings(("portrait", PORTRAIT))
}

/// All settings on a landscape panel.
pub fn lying() -> Vec<Setting> {
    settings(("landscape", LANDSCAPE))
}

fn settings(shape: (&'static str, (u32, u32))) -> Vec<Setting> {
    let mut all = Vec::new();
    for language in [Language::ZhHans, Language::En] {
        let contrast = Contrast::Normal;
        all.extend(TextSize::ALL.map(|text| Setting { shape, language, text, contrast }));
        // High contrast changes only colours, so one text size is enough.
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

    /// A kiosk on the home page, whose visitor has just chosen these settings.
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

/// Draws every page of a visit; returns the faults of its targets and texts.
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

/// Runs a visit in each of these settings, each at its own kiosk. Panics if a page has a fault.
pub fn tours(settings: Vec<Setting>, visit: fn(Setting, &mut Look)) {
    let mut faults = Vec::new();
    for setting in settings {
        faults.extend(std::thread::spawn(move || tour(setting, visit)).join().unwrap());
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
