//! Stories of people with a browser, told without one.
