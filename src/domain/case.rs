//! The life of a case at the server: the stages of the workflow `mall-six` and who may move it where.
//!
//! A case begins as received and ends as closed. It may step back to investigation from anywhere after
//! it, because a visitor who is not satisfied reopens it. It is never closed unanswered.

use serde::{Deserialize, Serialize};

/// Where a case stands. 受理、调查、分析、解决、反馈、跟进, and closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Recorded and accepted.
    Acceptance,
    /// Somebody finds out what happened.
    Investigation,
    /// Cause and scope are being determined.
    Analysis,
    /// It is being put right.
    Resolution,
    /// The result has been told.
    Response,
    /// Somebody looks whether it stays solved.
    FollowUp,
    /// Done.
    Closed,
}

/// Why a case cannot be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StageError {
    /// The workflow has no such step.
    #[error("a case in {from:?} cannot be moved to {to:?}")]
    NoSuchStep {
        /// Where it stands.
        from: Stage,
        /// Where it was to go.
        to: Stage,
    },
    /// The visitor has heard nothing yet.
    #[error("a case is closed only after the visitor has been answered")]
    Unanswered,
}

/// Whether the visitor has been answered at least once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Yes.
    Yes,
    /// Not yet.
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

    /// The word for it in wire forms, databases and keys of words.
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

    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        self != Self::Closed
    }

    /// Moves a case on, or back to investigation.
    ///
    /// # Errors
    /// [`StageError`]: the step does not exist, or closing before any answer.
    pub fn move_to(self, to: Self, answered: Answered) -> Result<Self, StageError> {
        let forward = to > self;
        let reopen = to == Self::Investigation && self > Self::Investigation;
        if !forward && !reopen {
            return Err(StageError::NoSuchStep { from: self, to });
        }
        if to == Self::Closed && answered == Answered::NotYet {
            return Err(StageError::Unanswered);
        }
        Ok(to)
    }

    /// Where a case may go from here, for a list of choices.
    pub fn next(self, answered: Answered) -> Vec<Self> {
        Self::ALL.into_iter().filter(|to| self.move_to(*to, answered).is_ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A case is not closed before the visitor was answered.
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
