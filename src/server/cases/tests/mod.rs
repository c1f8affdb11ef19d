//! Stories of visitors who follow their case, and of answers to forms.

mod forms;
mod status;
mod tracking;
