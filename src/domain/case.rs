//! The life of a case on the server: the stages of the workflow `mall-six` and the permitted moves between
//! them.
//!
//! A case begins in [`Stage::Acceptance`] and ends in [`Stage::Closed`]. From every later stage it may return
//! to investigation, because a dissatisfied visitor reopens it. It is never closed unanswered, except a call for
//! help that its visitor takes back, and what promises nothing once staff have read it. Who moved a case, and
//! when, is not here: the server keeps that as case events.

use serde::{Deserialize, Serialize};

/// The stage of a case: 受理、调查、分析、解决、反馈、跟进, and closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Recorded and accepted.
    Acceptance,
    /// Staff find out what happened.
    Investigation,
    /// Cause and scope are being determined.
    Analysis,
    /// The problem is being solved.
    Resolution,
    /// The visitor has been told the result.
    Response,
    /// Staff check that it stays solved.
    FollowUp,
    /// No work is left.
    Closed,
}

/// Why a case cannot be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StageError {
    /// The workflow has no such move.
    #[error("a case in {from:?} cannot be moved to {to:?}")]
    NoSuchMove {
        /// The current stage.
        from: Stage,
        /// The requested stage.
        to: Stage,
    },
    /// The visitor has not been answered yet.
    #[error("a case is closed only after the visitor has been answered")]
    Unanswered,
}

/// Whether the visitor has been answered at least once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Staff have answered the visitor at least once.
    Yes,
    /// Staff have not answered the visitor yet.
    NotYet,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 7] = [
        Self::Acceptance,
        Self::Investigation,
        Self::Analysis,
        Self::Resolution,
        Self::Response,
        Self::FollowUp,
        Self::Closed,
    ];

    /// The key of the stage in wire forms, databases and `.po` files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Investigation => "investigation",
            Self::Analysis => "analysis",
            Self::Resolution => "resolution",
            Self::Response => "response",
            Self::FollowUp => "follow-up",
            Self::Closed => "closed",
        }
    }

    /// The stage with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// Whether work is left: every stage except [`Self::Closed`].
    pub fn is_open(self) -> bool {
        self != Self::Closed
    }

    /// Moves a case to a later stage, or back to investigation.
    ///
    /// # Errors
    /// [`StageError`]: the workflow has no such move, or the case would be closed before any answer.
    pub fn move_to(self, to: Self, answered: Answered) -> Result<Self, StageError> {
        let forward = to > self;
        let reopen = to == Self::Investigation && self > Self::Investigation;
        if !forward && !reopen {
            return Err(StageError::NoSuchMove { from: self, to });
        }
        if to == Self::Closed && answered == Answered::NotYet {
            return Err(StageError::Unanswered);
        }
        Ok(to)
    }

    /// The stages to which a case may move from here, for a list of choices.
    pub fn next(self, answered: Answered) -> Vec<Self> {
        Self::ALL.into_iter().filter(|to| self.move_to(*to, answered).is_ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A case is not closed before the visitor has been answered.
    #[test]
    fn unanswered_cases_stay_open() {
        assert_eq!(Stage::Resolution.move_to(Stage::Closed, Answered::NotYet), Err(StageError::Unanswered));
        assert_eq!(Stage::Resolution.move_to(Stage::Closed, Answered::Yes), Ok(Stage::Closed));
    }

    /// A closed case reopens into investigation and nowhere else.
    #[test]
    fn closed_cases_reopen_into_investigation_only() {
        assert_eq!(Stage::Closed.next(Answered::Yes), [Stage::Investigation]);
    }

    #[test]
    fn no_stage_moves_to_itself() {
        for stage in Stage::ALL {
            assert!(stage.move_to(stage, Answered::Yes).is_err());
            assert_eq!(Stage::from_key(stage.key()), Some(stage));
        }
    }
}
