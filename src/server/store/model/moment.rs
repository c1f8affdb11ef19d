//! Which stored moments are believed. The wall clock was perhaps wrong when one was stored, and is right now.

use chrono::TimeDelta;

/// How far a stored moment may lie in the future. A clock that is put right by less ends no session and no code;
/// what lies further ahead was stored by a clock that was wrong, and counts as over.
pub const BELIEVED_AHEAD: TimeDelta = TimeDelta::minutes(30);
