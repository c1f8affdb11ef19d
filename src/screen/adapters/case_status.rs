//! The case status page: the server's answer to a case lookup.

use domain::wire::StepState;
use kiosk::pages::case_status::{CaseStatusTouch, CaseStatusView};
use slint::{ComponentHandle, ModelRc, SharedString};

use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, _: &Maps) {
    app.global::<ui::CaseStatusAdapter>().on_given_up(events.sender(CaseStatusTouch::GiveUp));
}

pub fn show(app: &ui::App, _: &Maps, view: &CaseStatusView, _: Option<&CaseStatusView>) {
    let page = app.global::<ui::CaseStatusAdapter>();
    page.set_title(view.title.as_str().into());
    page.set_text(view.text.as_str().into());
    page.set_number(view.number.as_str().into());
    page.set_promise(view.promise.as_ref().map(|p| p.text.as_str()).unwrap_or_default().into());
    page.set_late(view.promise.as_ref().is_some_and(|p| p.late));
    let messages = view.messages.iter().map(|message| ui::MessageRow {
        who: message.who.as_str().into(),
        when: message.when.as_str().into(),
        words: message.words.as_str().into(),
        ours: message.ours,
    });
    rows::refresh(&page.get_messages(), messages.collect(), |model| page.set_messages(model));
    let steps = view.steps.iter().map(|step| ui::CaseStepRow {
        label: step.label.as_str().into(),
        state: match step.state {
            StepState::Done => ui::CaseStepState::Done,
            StepState::Now => ui::CaseStepState::Now,
            StepState::Ahead => ui::CaseStepState::Ahead,
        },
        state_label: step.state_label.as_str().into(),
    });
    rows::refresh(&page.get_steps(), steps.collect(), |model| page.set_steps(model));
    let about = view.about.iter().map(SharedString::from).collect();
    rows::refresh(&page.get_about(), about, |model| page.set_about(model));
    page.set_give_up(view.give_up.as_str().into());
}

/// Clears the case from the window's properties.
pub fn forget(app: &ui::App, _: &Maps) {
    let page = app.global::<ui::CaseStatusAdapter>();
    for set in [
        ui::CaseStatusAdapter::set_title,
        ui::CaseStatusAdapter::set_text,
        ui::CaseStatusAdapter::set_number,
        ui::CaseStatusAdapter::set_promise,
    ] {
        set(&page, SharedString::default());
    }
    page.set_messages(ModelRc::default());
    page.set_steps(ModelRc::default());
    page.set_about(ModelRc::default());
}
