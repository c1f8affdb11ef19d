//! Stories of staff with a browser.

mod pages;
mod words;
