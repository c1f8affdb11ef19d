//! What to do next, and when: every rule about sending, waiting and giving way is here.
//!
//! A pure state machine. It is told what happened and what time it is, and says what to do. It knows no
//! clock, no thread and no socket; random numbers come in with the call that needs them. Time is counted
//! from the start of the loop by a clock that nobody sets, because a kiosk's calendar may be wrong.
//!
//! Invariant: there is always a next attempt. Whatever is answered, [`Core::next`] names a moment, and
//! that moment is never further away than the longest of the waits in [`Timing`].

use std::time::Duration;

use domain::id::CryptoRng;
use domain::wire::Limits;

use super::status::LinkState;
use crate::outbox::{Count, Waiting};

mod wait;

pub use wait::Timing;
use wait::{sane, up_to};

/// Time since the loop began.
pub type Moment = Duration;

/// How often the server may refuse an item, alone and while it takes others, before it is put aside.
pub const MOST_REFUSALS: u32 = 3;

/// Whether a server knows this kiosk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No server, or no code to enrol with.
    Alone,
    /// There is a server and a code.
    Invited,
    /// It has a token; with a code at hand in case that token should be refused, or without.
    Enrolled(Code),
}

/// Whether there is a one-time code to fall back on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// There is one that has not been tried yet.
    Untried,
    /// There is none, or it has been used up.
    None,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing, until then or until something new is queued.
    RestUntil(Moment),
    /// Exchange the code for an identity.
    Enrol,
    /// Send what fits within these limits and is above suspicion. If nothing is, an empty batch: the
    /// server learns that the kiosk is alive.
    Send(Limits),
    /// Send one item alone that was refused alone before.
    Try(Limits),
    /// Send an empty batch only, to learn whether the kiosk is welcome at all.
    Knock,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The server answered for each item.
    Taken(Taken),
    /// Something answered, but not in a way that makes sense.
    Nonsense,
    /// Nothing answered.
    Unreachable,
    /// The server is there and asks for patience, or fails.
    Busy {
        /// How much patience, if it said so.
        retry_after: Option<Duration>,
    },
    /// The server does not know this token (401).
    WrongToken {
        /// Whether there is another one to show.
        another: Another,
    },
    /// The server does not want this kiosk any more (403).
    Revoked,
    /// The server does not take such a request (400, 413, 422).
    Unacceptable,
    /// What arrived is not what this kiosk signed: it was changed on the way, or the server knows another key.
    WrongSignature,
    /// The kiosk's own disk did not let it read or write.
    DiskTrouble,
    /// The server gave the kiosk an identity.
    Enrolled,
    /// The server does not know the code.
    CodeRefused,
}

/// Whether there is another token than the one that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Another {
    /// Yes: the one before, or one that was offered.
    Token,
    /// No.
    None,
}

/// A batch that was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Items that left the queue, to the server or into quarantine.
    pub settled: u64,
    /// What waits now.
    pub waiting: Waiting,
    /// What the server takes.
    pub limits: Limits,
    /// When to call again though nothing is waiting.
    pub next_poll: Duration,
}

/// Whether something new in the outbox is a reason to call before the appointed moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Eager,
    Patient,
}

/// Failures in a row after which the request itself may be the reason, whatever was answered.
const SUSPICIOUS: u32 = 2;

/// So many single items in a row may each be the reason for a refusal, before it seems to be the server.
const BAD_IN_A_ROW: u32 = 8;

/// The state of the loop.
#[derive(Clone, Debug)]
pub struct Core {
    timing: Timing,
    standing: Standing,
    next: Next,
    due: Moment,
    mood: Mood,
    /// Failures since the last success.
    failures: u32,
    link: LinkState,
    limits: Limits,
    /// How many items to send at once at present.
    portion: usize,
    /// Whether the server has taken anything since a refusal was last counted.
    blame: Count,
    /// When a suspect may be tried next, and how many trials came to nothing since one was taken.
    trial: (Moment, u32),
    /// How many suspects there were at last.
    suspects: u32,
    /// Whether the other token was shown since the server last took one.
    tried_another: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Enrol,
    Send,
    Try,
    Knock,
}

impl Core {
    /// The state at the start.
    pub fn new(timing: Timing, standing: Standing, random: &mut impl CryptoRng) -> Self {
        let (next, due) = match standing {
            // Somebody typed the code just now and stands there.
            Standing::Invited => (Next::Enrol, Moment::ZERO),
            Standing::Enrolled(_) => (Next::Send, up_to(timing.first_contact, random)),
            Standing::Alone => (Next::Send, Moment::ZERO),
        };
        let link = if standing == Standing::Alone { LinkState::NotConfigured } else { LinkState::Offline };
        let limits = Limits::default();
        Self {
            timing,
            standing,
            next,
            due,
            mood: Mood::Eager,
            failures: 0,
            link,
            limits,
            portion: limits.max_items,
            blame: Count::AgainstTheServer,
            trial: (Moment::ZERO, 0),
            suspects: 0,
            tried_another: false,
        }
    }

    /// What to do at `now`.
    pub fn next(&self, now: Moment) -> Step {
        if self.standing == Standing::Alone {
            return Step::RestUntil(now + self.timing.longest_silence);
        }
        if now < self.due {
            return Step::RestUntil(self.due);
        }
        match self.next {
            Next::Enrol => Step::Enrol,
            Next::Send => Step::Send(Limits { max_items: self.portion, ..self.limits }),
            Next::Try => Step::Try(Limits { max_items: 1, ..self.limits }),
            Next::Knock => Step::Knock,
        }
    }

    /// How the kiosk stands with its server.
    pub fn link(&self) -> LinkState {
        self.link
    }

    /// Something new is in the outbox.
    pub fn queued(&mut self, now: Moment) {
        if self.mood == Mood::Eager {
            if self.next == Next::Try && self.trial.0 > now {
                self.next = Next::Send;
            }
            self.due = self.due.min(now);
        }
    }

    /// Takes in what came of the last step, a request with `sent` items. If it held a single item that
    /// seems to be the reason, the answer is against whom to count that.
    pub fn answered(
        &mut self,
        answer: Answer,
        sent: usize,
        now: Moment,
        random: &mut impl CryptoRng,
    ) -> Option<Count> {
        match answer {
            Answer::Taken(taken) => self.taken(taken, sent, now, random),
            Answer::Unacceptable if sent > 0 => return self.unacceptable(sent, now, random),
            Answer::Busy { retry_after: Some(wait) } => self.put_off(wait, now, random),
            Answer::Unacceptable
            | Answer::Nonsense
            | Answer::Unreachable
            | Answer::Busy { retry_after: None } => return self.failed(sent, now, random),
            Answer::DiskTrouble => {
                self.failures = self.failures.saturating_add(1);
                self.mood = Mood::Patient;
                self.due = now + self.timing.backoff(self.failures, random);
            }
            Answer::WrongToken { another: Another::Token } if !self.tried_another => {
                self.tried_another = true;
                self.due = now;
            }
            Answer::WrongSignature if self.failures + 1 < SUSPICIOUS => {
                return self.failed(0, now, random);
            }
            // Again and again: staff have to look. It is not the fault of what was sent.
            Answer::WrongSignature | Answer::WrongToken { .. } => {
                self.failures = self.failures.saturating_add(1);
                self.turned_away(Next::Send, now, random);
            }
            Answer::Revoked => self.turned_away(Next::Knock, now, random),
            Answer::Enrolled => self.enrolled(now),
            Answer::CodeRefused => self.code_refused(now, random),
        }
        None
    }

    fn taken(&mut self, taken: Taken, sent: usize, now: Moment, random: &mut impl CryptoRng) {
        self.link = LinkState::Online;
        self.mood = Mood::Eager;
        self.limits = sane(taken.limits);
        self.portion = self.portion.saturating_mul(2).clamp(1, self.limits.max_items);
        self.blame = Count::AgainstIt;
        self.tried_another = false;
        self.suspects = u32::try_from(taken.waiting.suspect).unwrap_or(u32::MAX);
        if std::mem::replace(&mut self.next, Next::Send) == Next::Try {
            self.trial.1 = if taken.settled > 0 { 0 } else { self.trial.1.saturating_add(1) };
            self.trial.0 = if taken.settled > 0 { now } else { now + self.pause(random) };
        } else if sent > 0 && taken.settled == 0 && taken.waiting.fresh > 0 {
            // Everything was put off. It is the server's right, and no reason to ask again at once.
            self.failures = self.failures.saturating_add(1);
            self.due = now + self.timing.backoff(self.failures, random);
            return;
        }
        if self.suspects == 0 {
            // The next one has not been tried in vain yet.
            self.trial = (now, 0);
        }
        self.failures = 0;
        self.due = now;
        if taken.waiting.suspect > 0 && self.trial.0 <= now {
            self.next = Next::Try;
        } else if taken.waiting.fresh == 0 {
            let poll = taken.next_poll.clamp(self.timing.base, self.timing.longest_silence);
            self.due = now + poll - up_to(poll / 4, random);
            if taken.waiting.suspect > 0 && self.trial.0 < self.due {
                (self.next, self.due) = (Next::Try, self.trial.0);
            }
        }
    }

    /// The server gives each kiosk its turn; a little spread is for one that tells all the same.
    fn put_off(&mut self, wait: Duration, now: Moment, random: &mut impl CryptoRng) {
        self.link = LinkState::Offline;
        self.mood = Mood::Patient;
        self.failures = self.failures.saturating_add(1);
        self.due = now + wait.min(self.timing.longest_silence) + up_to(self.timing.base, random);
    }

    fn failed(&mut self, sent: usize, now: Moment, random: &mut impl CryptoRng) -> Option<Count> {
        self.link = LinkState::Offline;
        self.mood = Mood::Patient;
        self.failures = self.failures.saturating_add(1);
        self.due = now + self.timing.backoff(self.failures, random);
        let was = std::mem::replace(&mut self.next, Next::Send);
        if was == Next::Try {
            self.trial = (self.due, self.trial.1.saturating_add(1));
        }
        if self.failures < SUSPICIOUS || sent == 0 {
            if matches!(was, Next::Knock | Next::Enrol) {
                self.next = was;
            }
            return None;
        }
        // Something on the way may choke on what is in the request and say so in its own words. Smaller
        // ones come through, or an empty one does: then it is the item. A trial says nothing of the others.
        if was != Next::Try {
            self.portion = (sent / 2).max(1);
        }
        if sent > 1 {
            return None;
        }
        if self.blame == Count::AgainstTheServer {
            self.next = Next::Knock;
            return None;
        }
        self.blame = Count::AgainstTheServer;
        Some(Count::AgainstTheServer)
    }

    fn unacceptable(&mut self, sent: usize, now: Moment, random: &mut impl CryptoRng) -> Option<Count> {
        self.link = LinkState::Online;
        self.mood = Mood::Eager;
        if sent > 1 {
            // One of them is the reason. Halves are tried at once: at most ten requests to find it.
            self.portion = sent / 2;
            self.due = now;
            return None;
        }
        // The others go on in portions as large as before: nothing was said of them.
        self.failures = self.failures.saturating_add(1);
        self.next = Next::Send;
        self.trial = (now + self.pause(random), self.trial.1.saturating_add(1));
        let count = std::mem::replace(&mut self.blame, Count::AgainstTheServer);
        self.due = match count {
            Count::AgainstIt => now,
            Count::AgainstTheServer if self.failures <= BAD_IN_A_ROW => now,
            Count::AgainstTheServer => now + self.timing.backoff(self.failures - BAD_IN_A_ROW, random),
        };
        Some(count)
    }

    /// Until a suspect is tried again: at once until each of them had its turn, and then later and later.
    fn pause(&self, random: &mut impl CryptoRng) -> Duration {
        let (failed, all) = (self.trial.1.saturating_add(1), self.suspects.max(1));
        if failed.is_multiple_of(all) { self.timing.backoff(failed / all, random) } else { Duration::ZERO }
    }

    fn turned_away(&mut self, next: Next, now: Moment, random: &mut impl CryptoRng) {
        self.link = LinkState::Refused;
        self.mood = Mood::Patient;
        self.next = next;
        if self.standing == Standing::Enrolled(Code::Untried) {
            self.next = Next::Enrol;
            self.due = now;
        } else {
            self.due = now + self.timing.turned_away - up_to(self.timing.turned_away / 2, random);
        }
    }

    fn enrolled(&mut self, now: Moment) {
        self.standing = Standing::Enrolled(Code::None);
        self.link = LinkState::Online;
        self.mood = Mood::Eager;
        self.next = Next::Send;
        self.failures = 0;
        self.due = now;
    }

    fn code_refused(&mut self, now: Moment, random: &mut impl CryptoRng) {
        if let Standing::Enrolled(code) = &mut self.standing {
            *code = Code::None;
        }
        let next = if self.standing == Standing::Invited { Next::Enrol } else { Next::Send };
        self.turned_away(next, now, random);
    }
}

#[cfg(test)]
mod tests;
