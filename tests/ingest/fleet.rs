//! Ten thousand kiosks start at the same moment, after a power cut. None can resume a TLS session, and none
//! waits before its first request, although a real kiosk does: this is the worst case for the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use domain::wire::{BatchReply, ItemStatus};
use tokio::runtime::Runtime;

use crate::client::Target;
use crate::sealed::{Sealed, bodies};
use crate::staff::Desk;
use crate::test_server::TestServer;
use crate::{Budget, EACH, FLEET, Figure};

/// Tally of requests that failed: rejected as busy, and broken connections.
#[derive(Default)]
struct Tally {
    busy: AtomicUsize,
    broken: AtomicUsize,
}

pub fn measure(runtime: &Runtime) -> Vec<Figure> {
    let server = TestServer::open(FLEET, 2);
    println!("sealing {} submissions …", FLEET * EACH);
    let bodies = bodies(&server, FLEET, 1, EACH);
    let target = Target::new(server.address, &server.ca);
    let desk = Desk::open(&target, &server.cookie);
    let tally = Arc::new(Tally::default());
    println!("{FLEET} kiosks wake …");
    let began = Instant::now();
    let kiosks: Vec<_> = std::iter::zip(bodies, &server.kiosks)
        .map(|(mut bodies, (_, token))| {
            let (sealed, tally) = (bodies.pop().unwrap(), Arc::clone(&tally));
            runtime.spawn(wake(target.of_a_stranger(), token.clone(), sealed, tally, began))
        })
        .collect();
    let mut drained: Vec<f64> =
        kiosks.into_iter().map(|kiosk| runtime.block_on(kiosk).unwrap().as_secs_f64()).collect();
    let staff = desk.close("while they come in");
    drained.sort_by(f64::total_cmp);
    server.opened();
    let opened = began.elapsed().as_secs_f64();
    server.has_exactly(FLEET * EACH);
    let count = |n: &AtomicUsize| n.load(Ordering::SeqCst) as f64;
    let median = drained[drained.len() / 2];
    let mut figures = vec![
        Figure::new(
            "10,000 kiosks that wake at once, the last one drained",
            drained[FLEET - 1],
            "s",
            Budget::AtMost(120.0),
        ),
        Figure::new("half of them drained", median, "s", Budget::None),
        Figure::new("everything opened", opened, "s", Budget::None),
        Figure::new("told to retry", count(&tally.busy), "times", Budget::None),
        Figure::new("broken connections", count(&tally.broken), "times", Budget::None),
    ];
    figures.extend(staff);
    figures
}

/// Sends until everything is stored, and retries like a kiosk: after a broken connection with exponential
/// backoff and full jitter, otherwise after the time that the server names.
async fn wake(target: Target, token: String, sealed: Sealed, tally: Arc<Tally>, began: Instant) -> Duration {
    let mut line = None;
    let mut failures = 0;
    loop {
        if line.is_none() {
            line = target.connect().await.ok();
        }
        let reply = match line.as_mut() {
            Some(open) => open.post(&token, &sealed).await.ok(),
            None => None,
        };
        let wait = match reply {
            None => {
                line = None;
                tally.broken.fetch_add(1, Ordering::SeqCst);
                failures = u32::min(failures + 1, 7);
                Duration::from_secs(5 << failures).mul_f64(rand::random())
            }
            Some(reply) => match reply.retry_after_s {
                Some(seconds) => {
                    tally.busy.fetch_add(1, Ordering::SeqCst);
                    Duration::from_secs(seconds) + Duration::from_secs(1).mul_f64(rand::random())
                }
                None => {
                    let reply: BatchReply = serde_json::from_slice(&reply.body).unwrap();
                    let safe = |status| matches!(status, ItemStatus::Stored | ItemStatus::Duplicate);
                    assert!(reply.results.len() == EACH && reply.results.iter().all(|r| safe(r.status)));
                    return began.elapsed();
                }
            },
        };
        tokio::time::sleep(wait).await;
    }
}
