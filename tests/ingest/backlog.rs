//! Measures a backlog after a long outage of the server: a few kiosks with very much to send, one batch after
//! the other.

use std::time::{Duration, Instant};

use domain::wire::{BatchReply, ItemStatus};
use tokio::runtime::Runtime;

use crate::client::Target;
use crate::sealed::{Sealed, bodies};
use crate::staff::Desk;
use crate::test_server::TestServer;
use crate::{BACKLOG, Budget, Figure, peer};

const KIOSKS: usize = 20;
const BATCH_ITEMS: usize = 200;

pub fn measure(runtime: &Runtime) -> Vec<Figure> {
    let server = TestServer::open(KIOSKS, 1);
    println!("sealing {BACKLOG} submissions …");
    let bodies = bodies(&server, KIOSKS, BACKLOG / KIOSKS / BATCH_ITEMS, BATCH_ITEMS);
    let bare = peer::bare_sqlite(&bodies);
    let target = Target::new(server.address, &server.ca);
    let desk = Desk::open(&target, &server.cookie);
    println!("sending them …");
    let (began, cpu) = (Instant::now(), server.cpu());
    let kiosks: Vec<_> = std::iter::zip(bodies, &server.kiosks)
        .map(|(bodies, (_, token))| runtime.spawn(drain(target.of_a_stranger(), token.clone(), bodies)))
        .collect();
    let mut slowest = Vec::new();
    for kiosk in kiosks {
        slowest.extend(runtime.block_on(kiosk).unwrap());
    }
    let (took, cpu) = (began.elapsed().as_secs_f64(), server.cpu() - cpu);
    let staff = desk.close("while a backlog comes in");
    let left = server.count("select count(*) from ingest_queue");
    let opening = server.opened().as_secs_f64();
    server.has_exactly(BACKLOG);
    slowest.sort_by(f64::total_cmp);
    let p99 = slowest[slowest.len() * 99 / 100];
    let rate = BACKLOG as f64 / took;
    let mut figures = vec![
        Figure::new("backlog of 100,000 acknowledged", rate, "items/s", Budget::AtLeast(10_000.0))
            .beside(bare),
        Figure::new(
            "processor time of the server for each item",
            cpu / BACKLOG as f64 * 1e6,
            "µs",
            Budget::None,
        ),
        Figure::new("a batch of 200 acknowledged, p99", p99, "ms", Budget::None),
        Figure::new("opened when all was acknowledged", (BACKLOG - left) as f64, "items", Budget::None),
        Figure::new("opened afterwards", left as f64 / opening.max(0.05), "items/s", Budget::None),
    ];
    figures.extend(staff);
    figures
}

/// Sends everything; returns how long each batch took, in milliseconds.
async fn drain(target: Target, token: String, bodies: Vec<Sealed>) -> Vec<f64> {
    let mut times = Vec::new();
    let mut line = None;
    for sealed in bodies {
        let began = Instant::now();
        loop {
            if line.is_none() {
                line = target.connect().await.ok();
            }
            let Some(open) = line.as_mut() else { continue };
            let Ok(reply) = open.post(&token, &sealed).await else {
                line = None;
                continue;
            };
            if let Some(seconds) = reply.retry_after_s {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                continue;
            }
            let reply: BatchReply = serde_json::from_slice(&reply.body).unwrap();
            assert_eq!(reply.results.len(), sealed.items);
            assert!(
                reply.results.iter().all(|r| matches!(r.status, ItemStatus::Stored | ItemStatus::Duplicate))
            );
            break;
        }
        times.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    times
}
