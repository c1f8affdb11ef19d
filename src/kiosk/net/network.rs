//! The network: the async runtime on which every request of the kiosk runs.
//!
//! It is started once, when the program starts, and ends when its last owner drops it. It has one worker
//! thread, because a kiosk sends little, and two threads for name lookups. A name lookup that hangs in the
//! system cannot be cancelled: it holds up neither its visitor nor the end of the program.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::AbortHandle;
use tokio::time::{Sleep, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::response::RequestError;

/// The runtime. Cheap to clone.
#[derive(Clone)]
pub struct Network(Arc<Running>);

struct Running(Option<Runtime>);

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}

/// How long a thread of the system's name lookup stays after its last use.
const NAME_LOOKUP_IDLE: Duration = Duration::from_secs(1);

impl Network {
    /// Starts the runtime.
    ///
    /// # Errors
    /// The system has no thread or no file descriptor left.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(2)
            .thread_keep_alive(NAME_LOOKUP_IDLE)
            .thread_name("net")
            .enable_all()
            .build()?;
        Ok(Self(Arc::new(Running(Some(runtime)))))
    }

    fn runtime(&self) -> &Runtime {
        self.0.0.as_ref().expect("the runtime is only taken when this is dropped")
    }

    /// Runs a request on the caller's thread until there is a reply, `limit` is reached, or `stop` is cancelled.
    pub(super) fn run<T>(
        &self,
        limit: Duration,
        stop: &CancellationToken,
        request: impl Future<Output = Result<T, RequestError>>,
    ) -> Result<T, RequestError> {
        let mut deadline = self.deadline(limit);
        self.run_until(&mut deadline, stop, request)
    }

    /// A deadline for [`Self::run_until`], `limit` from now.
    pub(super) fn deadline(&self, limit: Duration) -> Deadline {
        let _context = self.runtime().enter();
        Box::pin(sleep(limit))
    }

    /// Runs a part of a request on the caller's thread.
    pub(super) fn run_until<T>(
        &self,
        deadline: &mut Deadline,
        stop: &CancellationToken,
        request: impl Future<Output = Result<T, RequestError>>,
    ) -> Result<T, RequestError> {
        self.runtime().block_on(async {
            tokio::select! {
                biased;
                () = stop.cancelled() => Err(RequestError::Unreachable("it was cancelled".to_owned())),
                () = deadline => Err(too_slow()),
                outcome = request => outcome,
            }
        })
    }

    /// Runs a request in the background; `answer` gets the outcome on the runtime's thread. Dropping the
    /// [`Pending`] cancels it: `answer` is then not called.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        limit: Duration,
        request: impl Future<Output = Result<T, RequestError>> + Send + 'static,
        answer: impl FnOnce(Result<T, RequestError>) + Send + 'static,
    ) -> Pending {
        let task = self.runtime().spawn(async move {
            let outcome = timeout(limit, request).await;
            answer(outcome.unwrap_or_else(|_| Err(too_slow())));
        });
        Pending(task.abort_handle())
    }
}

/// When a request is given up.
pub(super) type Deadline = Pin<Box<Sleep>>;

pub(super) fn too_slow() -> RequestError {
    RequestError::Unreachable("there was no whole answer in time".to_owned())
}

/// A request in the background. Dropping it cancels the request.
#[derive(Debug)]
pub(crate) struct Pending(AbortHandle);

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.abort();
    }
}
