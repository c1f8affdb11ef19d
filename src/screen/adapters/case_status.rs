//! What became of it.

use kiosk::event::{Event, FollowEvent};
use kiosk::view::{FollowedView, StageState};
use slint::{ComponentHandle, ModelRc, SharedString};

use super::rows;
use crate::ui;
use crate::window::Events;

pub fn connect(app: &ui::App, events: &Events) {
    app.global::<ui::FollowedAdapter>().on_given_up(events.sender(|| Event::Follow(FollowEvent::GiveUp)));
}

pub fn show(app: &ui::App, view: &FollowedView) {
    let page = app.global::<ui::FollowedAdapter>();
    page.set_title(view.title.as_str().into());
    page.set_text(view.text.as_str().into());
    page.set_number(view.number.as_str().into());
    page.set_promise(view.promise.as_ref().map(|p| p.text.as_str()).unwrap_or_default().into());
    page.set_late(view.promise.as_ref().is_some_and(|p| rows::on(p.late)));
    let messages = view.messages.iter().map(|message| ui::MessageRow {
        who: message.who.as_str().into(),
        when: message.when.as_str().into(),
        words: message.words.as_str().into(),
        ours: rows::on(message.ours),
    });
    rows::refresh(&page.get_messages(), messages.collect(), |model| page.set_messages(model));
    let stages = view.stages.iter().map(|stage| ui::StageRow {
        label: stage.label.as_str().into(),
        state: match stage.state {
            StageState::Done => ui::StageState::Done,
            StageState::Now => ui::StageState::Now,
            StageState::Ahead => ui::StageState::Ahead,
        },
        said: stage.said.as_str().into(),
    });
    rows::refresh(&page.get_stages(), stages.collect(), |model| page.set_stages(model));
    let about = view.about.iter().map(SharedString::from).collect();
    rows::refresh(&page.get_about(), about, |model| page.set_about(model));
    page.set_give_up(view.give_up.as_str().into());
}

/// Drops the case.
pub fn forget(page: &ui::FollowedAdapter<'_>) {
    for set in [
        ui::FollowedAdapter::set_title,
        ui::FollowedAdapter::set_text,
        ui::FollowedAdapter::set_number,
        ui::FollowedAdapter::set_promise,
    ] {
        set(page, SharedString::default());
    }
    page.set_messages(ModelRc::default());
    page.set_stages(ModelRc::default());
    page.set_about(ModelRc::default());
}
