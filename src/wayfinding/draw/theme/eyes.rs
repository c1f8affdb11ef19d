//! Colour vision tests: each theme as seen by eyes that lack one kind of cone, and measured against WCAG
//! 2.2.
//!
//! Simulation: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color
//! Vision Deficiency", IEEE TVCG 15 (2009), severity 1, applied to linear light. Colour difference:
//! CIEDE2000. From about 10 on, two colours are distinct at a glance. Neighbouring tints of a map need
//! less, because walls and names separate them too.

use palette::color_difference::Ciede2000;
use palette::{IntoColor, Lab, LinSrgb, Srgb};

use super::*;

const MATRICES: [(&str, [[f32; 3]; 3]); 4] = [
    ("all cones", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

fn linear(colour: Colour) -> LinSrgb<f32> {
    Srgb::new(colour.0, colour.1, colour.2).into_linear()
}

fn seen(colour: Colour, matrix: &[[f32; 3]; 3]) -> Lab {
    let light = linear(colour);
    let row = |r: &[f32; 3]| (r[0] * light.red + r[1] * light.green + r[2] * light.blue).clamp(0.0, 1.0);
    LinSrgb::new(row(&matrix[0]), row(&matrix[1]), row(&matrix[2])).into_color()
}

fn contrast(a: Colour, b: Colour) -> f32 {
    let luminance = |c: Colour| {
        let light = linear(c);
        0.2126 * light.red + 0.7152 * light.green + 0.0722 * light.blue
    };
    let (high, low) = (luminance(a).max(luminance(b)), luminance(a).min(luminance(b)));
    (high + 0.05) / (low + 0.05)
}

type Pair = (&'static str, Colour, &'static str, Colour);

/// Fails and lists every pair of a theme whose colours differ by less than `least` for some eyes.
fn assert_apart(name: ThemeName, pairs: &[Pair], least: f32) {
    let mut close = Vec::new();
    for (a, one, b, two) in pairs {
        for (eyes, matrix) in &MATRICES {
            let apart = seen(*one, matrix).difference(seen(*two, matrix));
            if apart < least {
                close.push(format!("{}: {a} and {b} are {apart:.1} apart, {eyes}", name.key()));
            }
        }
    }
    assert!(close.is_empty(), "less than {least}:\n{}", close.join("\n"));
}

fn grounds(theme: &MapTheme) -> Vec<(&'static str, Colour)> {
    vec![
        ("walkable", theme.paper),
        ("fashion", theme.fashion),
        ("food", theme.food),
        ("living", theme.living),
        ("children", theme.children),
        ("service", theme.service),
        ("closed", theme.closed),
        ("void", theme.void),
        ("outside", theme.outside),
    ]
}

fn each_with(one: (&'static str, Colour), others: &[(&'static str, Colour)]) -> Vec<Pair> {
    others.iter().map(|(name, colour)| (one.0, one.1, *name, *colour)).collect()
}

/// The route, the visitor and facilities stand out from any ground, for all eyes.
#[test]
fn marks_stand_out_for_all_eyes() {
    for name in ThemeName::ALL {
        let theme = name.theme();
        for mark in [
            ("route", theme.route),
            ("visitor", theme.alert),
            ("facility", theme.icon),
            ("fault", theme.fault),
        ] {
            assert_apart(name, &each_with(mark, &grounds(&theme)), 25.0);
        }
    }
}

/// The route, the visitor and facilities are distinct from each other, for all eyes.
#[test]
fn marks_are_distinct_for_all_eyes() {
    for name in ThemeName::ALL {
        let theme = name.theme();
        let pairs = [
            ("route", theme.route, "visitor", theme.alert),
            ("route", theme.route, "facility", theme.icon),
            ("visitor", theme.alert, "facility", theme.icon),
        ];
        assert_apart(name, &pairs, 10.0);
    }
}

/// Shops are distinct from the floor and from closed areas, for all eyes.
#[test]
fn shops_are_distinct_from_floor_and_closed_areas() {
    for name in ThemeName::ALL {
        let theme = name.theme();
        let all = grounds(&theme);
        let shops = &all[1..6];
        assert_apart(name, &each_with(("walkable", theme.paper), shops), 5.0);
        assert_apart(name, &each_with(("closed", theme.closed), shops), 4.0);
        assert_apart(name, &[("walkable", theme.paper, "closed", theme.closed)], 8.0);
        assert_apart(name, &each_with(("wall", theme.wall), &all), 12.0);
    }
}

/// Texts have the contrast that WCAG requires, on every ground.
#[test]
fn words_meet_wcag_contrast_on_every_ground() {
    for name in ThemeName::ALL {
        let theme = name.theme();
        let least = if name == ThemeName::HighContrast { 7.0 } else { 4.5 };
        for (ground, colour) in grounds(&theme) {
            let check = |what: &str, ink: Colour, least: f32| {
                let found = contrast(ink, colour);
                assert!(found >= least, "{}: {what} on {ground} is {found:.2}:1", name.key());
            };
            check("a name", theme.ink, 7.0);
            check("a quiet name", theme.quiet_ink, least);
            // Graphics that carry meaning need 3:1 (WCAG 1.4.11).
            check("the route", theme.route, 3.0);
            check("the visitor", theme.alert, 3.0);
            check("a facility", theme.icon, 3.0);
        }
        // Texts about the visitor, the signs at lifts, and pictograms have their own ground.
        for (what, ink, ground) in [
            ("you are here", theme.alert_ink, theme.on_icon),
            ("a sign", theme.on_icon, theme.route),
            ("a pictogram", theme.on_icon, theme.icon),
            ("a card", theme.ink, theme.paper),
        ] {
            let found = contrast(ink, ground);
            assert!(found >= least, "{}: {what} is {found:.2}:1", name.key());
        }
    }
}

#[test]
fn a_theme_is_known_by_its_name() {
    for name in ThemeName::ALL {
        assert_eq!(name.key().parse(), Ok(name));
    }
    let error = "sepia".parse::<ThemeName>().unwrap_err().to_string();
    assert!(error.contains("sepia") && error.contains("high-contrast"), "{error}");
}
