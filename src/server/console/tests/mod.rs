//! Tests of the console, over real TLS.

mod coming_back;
mod pages;
mod refusals;
mod trouble;
mod words;
