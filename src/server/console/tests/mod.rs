//! Tests of the console, over real TLS.

mod pages;
mod trouble;
mod words;
