//! Checks the theme against the standards: the size and contrast of text.

use domain::language::Language;
use screen::theme::Panel;
use screen::ui;
use slint::{Color, ComponentHandle};

use crate::stage;

/// Relative luminance (WCAG 2.2).
fn luminance(color: Color) -> f64 {
    let channel = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(color.red()) + 0.7152 * channel(color.green()) + 0.0722 * channel(color.blue())
}

fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn words_stand_out_from_their_background() {
    stage::headless();
    let app = ui::App::new().unwrap();
    let t = app.global::<ui::Theme>();
    for (high, least) in [(false, 4.5), (true, 7.0)] {
        t.set_high_contrast(high);
        let pairs = [
            ("ink on paper", t.get_ink(), t.get_paper()),
            ("ink on card", t.get_ink(), t.get_card()),
            ("ink on a pressed card", t.get_ink(), t.get_pressed()),
            ("quiet on paper", t.get_quiet(), t.get_paper()),
            ("quiet on card", t.get_quiet(), t.get_card()),
            ("quiet on what is chosen", t.get_quiet(), t.get_accent_soft()),
            ("accent on card", t.get_accent(), t.get_card()),
            ("accent on paper", t.get_accent(), t.get_paper()),
            ("accent on what is chosen", t.get_accent(), t.get_accent_soft()),
            ("words on accent", t.get_on_accent(), t.get_accent()),
            ("quiet words on accent", t.get_on_accent_quiet(), t.get_accent()),
            ("alert on its card", t.get_alert_ink(), t.get_alert_soft()),
            ("alert on card", t.get_alert_ink(), t.get_card()),
            ("warning on its card", t.get_warn_ink(), t.get_warn_soft()),
            ("warning on card", t.get_warn_ink(), t.get_card()),
        ];
        for (name, words, ground) in pairs {
            let found = contrast(words, ground);
            assert!(found >= least, "{name}: {found:.2}, high contrast: {high}");
        }
    }
}

#[test]
fn edges_of_fields_and_focus_are_visible() {
    stage::headless();
    let app = ui::App::new().unwrap();
    let t = app.global::<ui::Theme>();
    for high in [false, true] {
        t.set_high_contrast(high);
        for (name, edge, ground) in [
            ("a field on paper", t.get_outline(), t.get_paper()),
            ("a field's ground", t.get_outline(), t.get_card()),
            ("the focus on paper", t.get_focus(), t.get_paper()),
            ("the focus on card", t.get_focus(), t.get_card()),
            ("a chosen card", t.get_accent(), t.get_card()),
        ] {
            assert!(contrast(edge, ground) >= 3.0, "{name}, high contrast: {high}");
        }
    }
}

#[test]
fn the_smallest_text_keeps_its_preset_size() {
    stage::headless();
    let app = ui::App::new().unwrap();
    let t = app.global::<ui::Theme>();
    // Noto Sans: capitals of 0.714 em, Han characters of 0.875 em.
    let promises = [
        (ui::TextSize::Normal, 0.714, 4.8),
        (ui::TextSize::Large, 0.714, 7.33),
        (ui::TextSize::ExtraLarge, 0.875, 12.0),
    ];
    for px_per_mm in [2.0, 2.71, 4.03] {
        t.set_px_per_mm(px_per_mm);
        t.set_viewing_distance_mm(Panel::default().viewing_distance_mm);
        for (size, part, millimetres) in promises {
            t.set_text_size(size);
            let sizes = [t.get_size_quiet(), t.get_size_body(), t.get_size_heading(), t.get_size_title()];
            for px in sizes {
                let drawn = px * part / px_per_mm;
                assert!(drawn >= millimetres, "{size:?} at {px_per_mm} px/mm: {drawn} mm");
            }
        }
    }
}

#[test]
fn who_stands_further_away_reads_larger_text() {
    stage::headless();
    let app = ui::App::new().unwrap();
    let t = app.global::<ui::Theme>();
    let near = t.get_size_body();
    t.set_viewing_distance_mm(900.0);
    assert!(t.get_size_body() >= near * 1.45);
}

/// Renders a header that contains 遍, whose shape differs in each of the four East Asian fonts.
fn header_in(family: &str) -> Vec<u8> {
    let app = ui::App::new().unwrap();
    stage::size(&app, stage::PORTRAIT);
    app.global::<ui::Theme>().set_font_family(family.into());
    let frame = app.global::<ui::FrameAdapter>();
    app.set_page(ui::PageName::Help);
    frame.set_mall("遍".into());
    stage::show(&app);
    app.window().take_snapshot().unwrap().as_bytes().to_vec()
}

/// Han characters have the shapes that readers of each language expect.
#[test]
fn han_characters_have_their_languages_shape() {
    stage::headless();
    let east_asian = Language::ALL.into_iter().filter(|l| l.font_family().contains("CJK"));
    let headers: Vec<_> = east_asian.map(|l| (l, header_in(l.font_family()))).collect();
    for (i, (one, drawn)) in headers.iter().enumerate() {
        let twin = headers[i + 1..].iter().find(|(_, header)| header == drawn).map(|(other, _)| other);
        assert_eq!(twin, None, "drawn like {one}: the fonts of Noto CJK are missing");
    }
}

/// The dark pixels of the heading, cropped, so that its position does not matter.
fn ink_of_the_heading(family: &str) -> Vec<Vec<u8>> {
    let (width, bytes) = (stage::PORTRAIT.0 as usize, header_in(family));
    let dark: Vec<(usize, usize, u8)> = (0..120)
        .flat_map(|y| (40..200).map(move |x| (x, y)))
        .map(|(x, y)| (x, y, bytes[(y * width + x) * 4]))
        .filter(|(.., level)| *level < 0xe0)
        .collect();
    let left = dark.iter().map(|d| d.0).min().unwrap();
    let top = dark.iter().map(|d| d.1).min().unwrap();
    let mut ink = vec![vec![255; 120]; 120];
    for (x, y, level) in dark {
        ink[y - top][x - left] = level;
    }
    ink
}

#[test]
fn english_shows_han_in_the_malls_face() {
    let english = Language::En.font_family();
    // The window of the program sets up the fonts; the first language of the demo mall is simplified Chinese.
    let drawn = move || {
        let kiosk = crate::visit::Kiosk::start(stage::PORTRAIT);
        drop(kiosk);
        [english, Language::ZhHans.font_family(), Language::Ja.font_family()].map(ink_of_the_heading)
    };
    let [mixed, simplified, japanese] = std::thread::spawn(drawn).join().unwrap();
    assert_ne!(simplified, japanese, "the two faces differ");
    assert!(mixed == simplified, "遍 is drawn in another face than that of simplified Chinese");
}
