//! A server without a socket: the same routes and the same store, called directly, one request at a time.
//!
//! It is for simulations in which a day passes in a second. The caller sets the time, and decides whether a
//! response gets lost. No certificate, connection or port is involved.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use domain::wire::{BATCH_SIGNATURE, ENROLMENT_SIGNATURE, ENROLMENTS};
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::app::App;
use crate::clock::Clock;
use crate::data::{DataFolder, FolderLock};
use crate::intake::opener::Opener;
use crate::intake::work_signal::WorkSignal;
use crate::keys;
use crate::random::Random;
use crate::router;
use crate::serve::{self, StartError};
use crate::settings::Settings;
use crate::store::Store;

/// A server that is called directly.
#[derive(Debug)]
pub struct InProcessServer {
    routes: Router,
    store: Arc<Store>,
    opener: Option<Opener>,
    arrived: Arc<WorkSignal>,
    runtime: Runtime,
    _lock: FolderLock,
    _stopping: watch::Sender<bool>,
}

/// The response to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    pub body: Vec<u8>,
}

impl InProcessServer {
    /// Opens the data folder that `settings` name.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn open(settings: Settings, clock: Clock, random: Random) -> Result<Self, StartError> {
        let folder = DataFolder::open(&settings.data)?;
        let lock = folder.lock()?;
        let sealing_key = keys::read(&folder)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(StartError::Threads)?;
        let form_store = runtime.block_on(serve::form_store(&folder, &settings, clock.now()))?;
        let store = Arc::new(Store::open_for_server(&folder.database())?);
        let arrived = Arc::new(WorkSignal::default());
        let (known, signal) = (Arc::clone(&form_store), Arc::clone(&arrived));
        let (key, policy) = (sealing_key.clone(), settings.policy.clone());
        let telephones = Arc::new(serve::telephones(&settings, &sealing_key));
        let opener = Opener::start(Arc::clone(&store), key, policy, known, Arc::clone(&telephones), signal)?;
        let signal = Arc::clone(&arrived);
        let (stopping, stop) = watch::channel(false);
        let url = settings.public_url.clone().unwrap_or_else(|| "https://mall.example".to_owned());
        let app = App::new(
            Arc::clone(&store),
            clock,
            random,
            settings,
            form_store,
            url,
            sealing_key,
            telephones,
            stop,
            signal,
        );
        let routes = router::routes(&Arc::new(app));
        Ok(Self { routes, store, opener: Some(opener), arrived, runtime, _lock: lock, _stopping: stopping })
    }

    /// Posts JSON as a kiosk does. Returns when the whole response is there and every received item is
    /// opened.
    pub fn post(&self, path: &str, token: Option<&str>, signature: Option<&str>, body: Vec<u8>) -> Answered {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        if let Some(signature) = signature {
            let name = if path == ENROLMENTS { ENROLMENT_SIGNATURE } else { BATCH_SIGNATURE };
            request = request.header(name, signature);
        }
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Body::from(body)).expect("a path and some headers make a request");
        let answered = self.runtime.block_on(async {
            let response = match self.routes.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let (head, body) = response.into_parts();
            let retry_after = head.headers.get(header::RETRY_AFTER);
            Answered {
                status: head.status.as_u16(),
                retry_after: retry_after.and_then(|value| value.to_str().ok()).map(str::to_owned),
                body: to_bytes(body, usize::MAX).await.map(Vec::from).unwrap_or_default(),
            }
        });
        self.arrived.drained();
        answered
    }
}

impl Drop for InProcessServer {
    fn drop(&mut self) {
        drop(self.opener.take());
        self.store.close();
    }
}
