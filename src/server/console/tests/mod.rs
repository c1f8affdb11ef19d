//! Tests of the console, over real TLS.

mod pages;
mod words;
