//! Journeys: a real kiosk and a real server over real TLS, without a window.
//!
//! `stage/` holds what the tests share: a mall with its server, a kiosk with its outbox and its sync loop,
//! and the faults between them. Each file beside this one covers one subject.
#![cfg(test)]

mod behind_a_proxy;
mod case_lookup;
mod content;
mod killed_at_random;
mod killed_kiosk;
mod killed_server;
mod lost_replies;
mod nonsense;
mod nothing_to_read;
mod offline_then_online;
mod own_question;
mod power_cuts;
mod silent_callers;
mod simulation;
mod stage;
mod turned_away;
