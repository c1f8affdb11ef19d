//! Stories in which a real kiosk and a real server take part, over real TLS, without a window.
//!
//! The stage is in `stage/`: a mall with its server, a kiosk with its outbox and its loop, and what goes
//! wrong between them. The stories stand beside this file, one subject each.
#![cfg(test)]

mod behind_a_proxy;
mod content;
mod case_lookup;
mod killed_at_random;
mod killed_kiosk;
mod killed_server;
mod lost_replies;
mod nonsense;
mod nothing_to_read;
mod offline_then_online;
mod own_question;
mod power_cuts;
mod simulation;
mod stage;
mod turned_away;
