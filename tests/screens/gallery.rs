//! Every component, drawn in each language and text size.

use std::rc::Rc;

use domain::language::Language;
use kiosk::view::TextSize;
use screen::theme::{self, Panel};
use screen::ui;
use screen::words::Spoken;
use slint::{ComponentHandle, ModelRc, VecModel};

use crate::stage::{self, LANDSCAPE, PORTRAIT};

fn gallery(size: (u32, u32), language: Language, text: TextSize) -> ui::Gallery {
    stage::headless();
    let window = ui::Gallery::new().unwrap();
    let spoken = Spoken::default();
    spoken.connect(&window.global::<ui::Words>(), kiosk::words::words());
    spoken.change(&window.global::<ui::Words>(), language);
    let look = window.global::<ui::Theme>();
    Panel::DESK.apply(&look);
    theme::show_language(&look, language);
    theme::show_text_size(&look, text);
    let icons = window.global::<ui::Icons>();
    let rows: Vec<ui::PlaceRow> = (0..200)
        .map(|n| ui::PlaceRow {
            name: if n % 2 == 0 { format!("禾木茶 {n}") } else { format!("Lumen Atelier {n}") }.into(),
            category: "茶饮 Tea".into(),
            icon: if n % 3 == 0 { icons.get_cafe() } else { icons.get_fashion() },
            location: format!("L2-{n:02}").into(),
            state: if n % 5 == 0 { "已打烊" } else { "营业至 22:00" }.into(),
            closed: n % 5 == 0,
            walk: "3 分钟".into(),
        })
        .collect();
    window.set_places(ModelRc::from(Rc::new(VecModel::from(rows))));
    let mut code = slint::SharedPixelBuffer::<slint::Rgba8Pixel>::new(33, 33);
    for (i, p) in code.make_mut_slice().iter_mut().enumerate() {
        let v = if (i * 7 / 3) % 2 == 0 { 0 } else { 255 };
        *p = slint::Rgba8Pixel { r: v, g: v, b: v, a: 255 };
    }
    window.set_code(slint::Image::from_rgba8(code));
    stage::show(&window, size);
    window
}

#[test]
fn every_component_is_drawn() {
    for (shape, size) in [("portrait", PORTRAIT), ("landscape", LANDSCAPE)] {
        for language in [Language::ZhHans, Language::En] {
            for text in TextSize::ALL {
                std::thread::spawn(move || {
                    let window = gallery(size, language, text);
                    for (name, sheet) in [
                        ("home", ui::Sheet::Home),
                        ("answers", ui::Sheet::Answers),
                        ("writing", ui::Sheet::Writing),
                        ("signs", ui::Sheet::Signs),
                        ("list", ui::Sheet::List),
                        ("map", ui::Sheet::Map),
                        ("icons", ui::Sheet::Icons),
                        ("dialog", ui::Sheet::Dialog),
                    ] {
                        window.set_sheet(sheet);
                        stage::picture(&window, &format!("gallery-{name}-{shape}-{language}-{text:?}"));
                    }
                })
                .join()
                .unwrap();
            }
        }
    }
}

#[test]
fn measure() {
    let window = gallery(PORTRAIT, Language::ZhHans, TextSize::Normal);
    for kind in ["BottomBar", "FlexboxLayout", "Chip", "Header", "Banner", "Tile", "VerticalLayout", "HorizontalLayout"] {
        for e in i_slint_backend_testing::ElementHandle::find_by_element_type_name(&window, kind) {
            println!("{kind} {:?} {:?} {:?}", e.absolute_position(), e.size(), e.id());
        }
    }
}
