//! Somebody at a desk who reads one page after the other while the kiosks call, and how long each took.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hyper::StatusCode;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::client::Target;
use crate::{Budget, Figure};

const PAGES: [&str; 4] = ["/inbox", "/kiosks", "/set-aside", "/inbox?kind=complaint"];
/// Between two pages.
const READING: Duration = Duration::from_millis(40);
/// The most that 99 of 100 pages may take, in milliseconds.
const BUDGET: f64 = 200.0;

/// Two people whose browsers keep their connection, and one who comes anew for each page.
pub struct Desk {
    open: Arc<AtomicBool>,
    people: Vec<JoinHandle<Vec<f64>>>,
}

impl Desk {
    pub fn open(runtime: &Runtime, target: &Target, cookie: &str) -> Self {
        let open = Arc::new(AtomicBool::new(true));
        let people = [Visit::Stays, Visit::Stays, Visit::Anew].map(|visit| {
            runtime.spawn(read(Arc::clone(&open), target.of_a_stranger(), cookie.to_owned(), visit))
        });
        Self { open, people: people.into() }
    }

    pub fn close(self, runtime: &Runtime, meanwhile: &str) -> Vec<Figure> {
        self.open.store(false, Ordering::SeqCst);
        let mut times = self.people.into_iter().map(|person| runtime.block_on(person).unwrap());
        let mut stays = times.next().unwrap();
        stays.extend(times.next().unwrap());
        let anew = times.next().unwrap();
        let figure = |who: &str, mut times: Vec<f64>| {
            times.sort_by(f64::total_cmp);
            let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
            let name = format!("{who} {meanwhile}, p99 of {} (median {:.0})", times.len(), at(0.5));
            Figure::new(name, at(0.99), "ms", Budget::AtMost(BUDGET))
        };
        vec![figure("staff page", stays), figure("staff page, new connection,", anew)]
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Stays,
    Anew,
}

async fn read(open: Arc<AtomicBool>, target: Target, cookie: String, visit: Visit) -> Vec<f64> {
    let mut times = Vec::new();
    let mut line = None;
    for page in PAGES.iter().cycle() {
        if !open.load(Ordering::SeqCst) {
            break;
        }
        let began = Instant::now();
        if visit == Visit::Anew || line.is_none() {
            line = target.connect().await.ok();
        }
        match line.as_mut() {
            Some(open) => match open.get(page, &cookie).await {
                Ok(reply) => assert_eq!(reply.status, StatusCode::OK, "{page}"),
                Err(_) => line = None,
            },
            None => continue,
        }
        times.push(began.elapsed().as_secs_f64() * 1000.0);
        tokio::time::sleep(READING).await;
    }
    times
}
