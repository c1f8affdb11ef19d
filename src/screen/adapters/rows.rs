//! Converts rows of a view into rows of the window's models.
//!
//! A model is kept and only the rows that differ are replaced. A new model would be laid out again and would
//! lose the scroll position.

use kiosk::view::{ChipView, FieldView, LevelButton, Notice, PlaceRow, ProgressView};
use slint::{Model, ModelRc, VecModel};

use super::icons::Icons;
use crate::ui;

/// Updates a model to `rows`. The first time, when the property has no model yet, passes a new one to `set`.
pub fn refresh<T: Clone + PartialEq + 'static>(
    model: &ModelRc<T>,
    rows: Vec<T>,
    set: impl FnOnce(ModelRc<T>),
) {
    let Some(known) = model.as_any().downcast_ref::<VecModel<T>>() else {
        set(ModelRc::new(VecModel::from(rows)));
        return;
    };
    if known.row_count() != rows.len() {
        known.set_vec(rows);
        return;
    }
    for (index, row) in rows.into_iter().enumerate() {
        if known.row_data(index).as_ref() != Some(&row) {
            known.set_row_data(index, row);
        }
    }
}

pub fn field(view: &FieldView) -> ui::FieldText {
    ui::FieldText {
        label: view.label.as_str().into(),
        hint: view.hint.as_str().into(),
        before: view.before.as_str().into(),
        composing: view.composing.as_str().into(),
        after: view.after.as_str().into(),
        focused: view.focused,
        count: view.count.as_str().into(),
        nearly_full: view.nearly_full,
        error: view.error.as_str().into(),
    }
}

pub fn chip(view: &ChipView, icons: &Icons<'_>) -> ui::ChipRow {
    ui::ChipRow { label: view.label.as_str().into(), icon: icons.image(view.icon), chosen: view.chosen }
}

pub fn levels(buttons: &[LevelButton]) -> Vec<ui::LevelRow> {
    let row = |button: &LevelButton| ui::LevelRow {
        sign: button.sign.as_str().into(),
        name: button.name.as_str().into(),
        chosen: button.chosen,
        on_route: button.on_route,
    };
    buttons.iter().map(row).collect()
}

pub fn places(rows: &[PlaceRow], icons: &Icons<'_>) -> Vec<ui::PlaceRow> {
    let row = |row: &PlaceRow| ui::PlaceRow {
        name: row.name.as_str().into(),
        detail: row.detail.as_str().into(),
        description: row.description.as_str().into(),
        icon: icons.image(row.icon),
        location: row.place_words.as_str().into(),
        state: row.state.as_str().into(),
        closed: row.closed,
        walk: row.minutes.as_str().into(),
    };
    rows.iter().map(row).collect()
}

/// The rows that need the most room, for the list to measure: one open place and one closed place, each with
/// the longest name of its group. Widths here are estimates; the list measures these rows with the real
/// fonts.
pub fn longest(rows: &[ui::PlaceRow]) -> Vec<ui::PlaceRow> {
    let of = |closed: bool| {
        let those = || rows.iter().filter(move |row| row.closed == closed);
        let words = |row: &&ui::PlaceRow| width(&row.detail) + width(&row.state);
        let name = those().map(|row| &row.name).max_by_key(|name| width(name))?.clone();
        let walk = those().map(|row| &row.walk).max_by_key(|walk| width(walk))?.clone();
        those().max_by_key(words).map(|row| ui::PlaceRow { name, walk, ..row.clone() })
    };
    [false, true].into_iter().filter_map(of).collect()
}

/// The approximate width of a text, in halves of a Han character.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

pub fn notice(view: &Notice) -> ui::NoticeRow {
    ui::NoticeRow { title: view.title.as_str().into(), text: view.text.as_str().into() }
}

pub fn progress(view: &ProgressView) -> ui::ProgressRow {
    ui::ProgressRow { words: view.words.as_str().into(), step: i32::from(view.step), of: i32::from(view.of) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn a_kept_model_learns_only_what_differs() {
        let kept = Rc::new(VecModel::from(vec![1, 2, 3]));
        let model = ModelRc::from(Rc::clone(&kept));
        refresh(&model, vec![1, 5, 3], |_| panic!("the model is known"));
        assert_eq!(kept.iter().collect::<Vec<_>>(), [1, 5, 3]);
        refresh(&model, vec![7], |_| panic!("the model is known"));
        assert_eq!(kept.iter().collect::<Vec<_>>(), [7]);
    }

    #[test]
    fn longest_rows_are_found_by_open_and_closed() {
        let row = |name: &str, detail: &str, closed| ui::PlaceRow {
            name: name.into(),
            detail: detail.into(),
            closed,
            ..ui::PlaceRow::default()
        };
        let rows = [row("A", "L1-01 · West", false), row("Longer", "L1", false), row("汉服店铺", "L2", true)];
        let longest = longest(&rows);
        // Slint never treats two empty images as equal, so whole rows cannot be compared.
        let shown: Vec<_> =
            longest.iter().map(|row| (row.name.as_str(), row.detail.as_str(), row.closed)).collect();
        assert_eq!(shown, [("Longer", "L1-01 · West", false), ("汉服店铺", "L2", true)]);
    }

    #[test]
    fn a_property_without_a_model_is_given_one() {
        let mut given = None;
        refresh(&ModelRc::default(), vec![1], |model: ModelRc<i32>| given = Some(model));
        assert_eq!(given.unwrap().row_count(), 1);
    }
}
