//! Contact data: the fields appear only after the visitor consents. They are required only if the form's
//! answer needs a recipient.

use domain::contact::{Contact, ContactError, Email, Name, Phone};
use domain::form::{Field as Question, FieldKind, InvalidReason};

use super::step::answers;
use crate::view::Field;
use crate::visit::cx::Cx;
use crate::visit::filling::Filling;

/// The fields, in the order in which they are shown.
pub const FIELDS: [Field; 3] = [Field::Name, Field::Phone, Field::Email];

/// Whether the contact question blocks the next step.
pub fn wrong(cx: &Cx, filling: &Filling, question: &Question) -> Option<InvalidReason> {
    let missing = if filling.consent { first_wrong_of(cx).is_some() } else { question.required };
    missing.then_some(InvalidReason::Missing)
}

/// The first field with an error, if the visitor has consented.
pub fn first_wrong(cx: &Cx) -> Option<Field> {
    cx.visit.filling.as_ref().filter(|filling| filling.consent).and_then(|_| first_wrong_of(cx))
}

fn first_wrong_of(cx: &Cx) -> Option<Field> {
    FIELDS.into_iter().find(|field| fault(cx, *field).is_some())
}

/// The error of a field with its remedy; empty until the visitor presses the primary button.
pub fn error(cx: &Cx, filling: &Filling, field: Field) -> String {
    if filling.checked { fault(cx, field).unwrap_or_default() } else { String::new() }
}

/// The error of a required contact question without consent; empty otherwise.
pub fn unticked(cx: &Cx, filling: &Filling, question: &Question) -> String {
    let missing = filling.checked && question.required && !filling.consent;
    if missing { cx.word("contact.error.needed") } else { String::new() }
}

fn fault(cx: &Cx, field: Field) -> Option<String> {
    let typed = cx.visit.typed(field);
    match field {
        Field::Phone if typed.is_none() && cx.visit.typed(Field::Email).is_none() => {
            Some(cx.word("contact.error.missing"))
        }
        Field::Phone => typed.and_then(|t| Phone::parse(t).err()).map(|e| in_words(cx, e)),
        Field::Email => typed.and_then(|t| Email::parse(t).err()).map(|e| in_words(cx, e)),
        _ => None,
    }
}

fn in_words(cx: &Cx, error: ContactError) -> String {
    match error {
        ContactError::PhoneTooShort { typed, min } => {
            cx.fill("contact.error.phone-short", &[("typed", &typed.to_string()), ("min", &min.to_string())])
        }
        ContactError::PhoneTooLong { typed, max } => {
            cx.fill("contact.error.phone-long", &[("typed", &typed.to_string()), ("max", &max.to_string())])
        }
        ContactError::PhoneCharacters => cx.word("contact.error.phone-characters"),
        ContactError::EmailShape => cx.word("contact.error.email"),
        ContactError::EmailTooLong => cx.word("contact.error.email-long"),
    }
}

/// The contact data, if the form asks for it, the visitor has consented, and a phone number or e-mail is
/// valid.
pub fn given(cx: &Cx, filling: &Filling) -> Option<Contact> {
    let s = &cx.visit;
    let answers = answers(cx, filling);
    let asked = |question: &&Question| question.ask == FieldKind::Contact;
    let asks =
        filling.form.fields().find(asked).is_some_and(|question| filling.form.asks(question, &answers));
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

/// The contact data as text, for the review; empty without any.
pub fn words(cx: &Cx, filling: &Filling) -> String {
    let Some(contact) = given(cx, filling) else { return String::new() };
    let parts = [
        contact.name.as_ref().map(|n| n.as_str()),
        contact.phone.as_ref().map(|p| p.as_str()),
        contact.email.as_ref().map(|e| e.as_str()),
    ];
    cx.language().side_by_side(parts.into_iter().flatten())
}
