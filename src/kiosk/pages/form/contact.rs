//! How to reach the visitor: never asked for without consent, and needed only where the answer has to go
//! somewhere.

use domain::contact::{Contact, ContactError, Email, Name, Phone};
use domain::form::{Field as Question, InvalidReason};

use crate::app::App;
use crate::filling::Filling;
use crate::view::Field;

/// The fields, in the order in which they are asked.
pub const FIELDS: [Field; 3] = [Field::Name, Field::Phone, Field::Email];

/// Whether going on is possible.
pub fn wrong(app: &App, filling: &Filling, question: &Question) -> Option<InvalidReason> {
    let missing = if filling.consent { first_wrong_of(app).is_some() } else { question.required };
    missing.then_some(InvalidReason::Missing)
}

/// The first field with something wrong in it, if the visitor agreed to be contacted.
pub fn first_wrong(app: &App) -> Option<Field> {
    app.session.filling.as_ref().filter(|filling| filling.consent).and_then(|_| first_wrong_of(app))
}

fn first_wrong_of(app: &App) -> Option<Field> {
    FIELDS.into_iter().find(|field| fault(app, *field).is_some())
}

/// What is wrong with a field and how to mend it, once the visitor tried to go on.
pub fn error(app: &App, filling: &Filling, field: Field) -> String {
    if filling.checked { fault(app, field).unwrap_or_default() } else { String::new() }
}

/// What to say when the answer has to go somewhere and nothing was ticked.
pub fn unticked(app: &App, filling: &Filling, question: &Question) -> String {
    let missing = filling.checked && question.required && !filling.consent;
    if missing { app.word("contact.error.needed") } else { String::new() }
}

fn fault(app: &App, field: Field) -> Option<String> {
    let typed = app.session.typed(field);
    match field {
        Field::Phone if typed.is_none() && app.session.typed(Field::Email).is_none() => {
            Some(app.word("contact.error.missing"))
        }
        Field::Phone => typed.and_then(|t| Phone::parse(t).err()).map(|e| in_words(app, e)),
        Field::Email => typed.and_then(|t| Email::parse(t).err()).map(|e| in_words(app, e)),
        _ => None,
    }
}

fn in_words(app: &App, error: ContactError) -> String {
    match error {
        ContactError::PhoneTooShort { typed, min } => {
            app.fill("contact.error.phone-short", &[("typed", &typed.to_string()), ("min", &min.to_string())])
        }
        ContactError::PhoneTooLong { typed, max } => {
            app.fill("contact.error.phone-long", &[("typed", &typed.to_string()), ("max", &max.to_string())])
        }
        ContactError::PhoneCharacters => app.word("contact.error.phone-characters"),
        ContactError::EmailShape => app.word("contact.error.email"),
    }
}

/// How to reach the visitor, if it was asked, they agreed, and said how.
pub fn given(app: &App, filling: &Filling) -> Option<Contact> {
    let s = &app.session;
    let said = super::answers(app, filling);
    let asked = |question: &&Question| question.ask == domain::form::FieldKind::Contact;
    let asks = filling.form.fields().find(asked).is_some_and(|question| filling.form.asks(question, &said));
    if !filling.consent || !asks {
        return None;
    }
    let contact = Contact {
        name: s.typed(Field::Name).and_then(|t| Name::parse(t).ok()),
        phone: s.typed(Field::Phone).and_then(|t| Phone::parse(t).ok()),
        email: s.typed(Field::Email).and_then(|t| Email::parse(t).ok()),
    };
    (contact.phone.is_some() || contact.email.is_some()).then_some(contact)
}

/// The same in words, for the review.
pub fn words(app: &App, filling: &Filling) -> String {
    let Some(contact) = given(app, filling) else { return app.word("review.no-contact") };
    let parts = [
        contact.name.as_ref().map(|n| n.as_str()),
        contact.phone.as_ref().map(|p| p.as_str()),
        contact.email.as_ref().map(|e| e.as_str()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
