//! Tests of the console, over real TLS.

mod pages;
mod refusals;
mod words;
