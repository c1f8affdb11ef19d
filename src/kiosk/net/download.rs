//! The body of a content file, read as it arrives.
//!
//! It ends with the file, at its deadline, or when sync stops. What was read before stays with the reader,
//! which resumes later.

use std::io::{self, Read};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::network::{Deadline, Network, too_slow};
use super::response::causes;
use crate::net::RequestError;

/// The longest pause between two parts of a file: a line that stands still is given up long before the deadline.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// A file on its way.
pub struct Download {
    pub(super) network: Network,
    pub(super) stop: CancellationToken,
    pub(super) deadline: Deadline,
    pub(super) response: reqwest::Response,
    /// What has arrived and was not read yet.
    pub(super) arrived: Bytes,
}

impl Read for Download {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.arrived.is_empty() {
            let next = async {
                match timeout(READ_TIMEOUT, self.response.chunk()).await {
                    Ok(chunk) => chunk.map_err(|error| RequestError::Unreachable(causes(error))),
                    Err(_) => Err(too_slow()),
                }
            };
            match self.network.run_until(&mut self.deadline, &self.stop, next) {
                Ok(Some(chunk)) => self.arrived = chunk,
                Ok(None) => return Ok(0),
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        let length = into.len().min(self.arrived.len());
        self.arrived.copy_to_slice(&mut into[..length]);
        Ok(length)
    }
}
