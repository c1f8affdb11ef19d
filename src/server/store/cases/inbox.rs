//! Lists of cases: the inbox, its filters, its search, its counts.
//!
//! The inbox is an index read from its beginning, so it stays quick however many cases were ever closed.
