//! Staff who read one page after the other while the kiosks send, and how long each page took.
//!
//! Their browsers run in their own thread: in a mall they are other machines, and do not wait for ten
//! thousand kiosks in the same program.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use hyper::StatusCode;

use crate::client::Target;
use crate::{Budget, Figure};

const PAGES: [&str; 5] = ["/inbox", "/kiosks", "/quarantine", "/inbox?kind=complaint", "/cases/1"];
/// The pause between two pages.
const READING: Duration = Duration::from_millis(40);
/// The most that 99 of 100 pages may take, in milliseconds.
const BUDGET: f64 = 200.0;

/// How long each page took, in milliseconds.
type Times = Vec<(&'static str, f64)>;

/// Two browsers that keep their connection, and one that opens a new one for each page.
pub struct Desk {
    open: Arc<AtomicBool>,
    people: JoinHandle<[Times; 3]>,
}

impl Desk {
    pub fn open(target: &Target, cookie: &str) -> Self {
        let open = Arc::new(AtomicBool::new(true));
        let reading = [Visit::Stays, Visit::Stays, Visit::Anew]
            .map(|visit| read(Arc::clone(&open), target.of_a_browser(), cookie.to_owned(), visit));
        let people = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let [first, second, third] = reading;
            runtime.block_on(async {
                let (first, second, third) = tokio::join!(first, second, third);
                [first, second, third]
            })
        });
        Self { open, people }
    }

    pub fn close(self, meanwhile: &str) -> Vec<Figure> {
        self.open.store(false, Ordering::SeqCst);
        let [mut stays, second, anew] = self.people.join().unwrap();
        stays.extend(second);
        let mut by_page: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for (page, time) in stays.iter().chain(&anew) {
            by_page.entry(page).or_default().push(*time);
        }
        let all = |times: Times| times.into_iter().map(|(_, time)| time).collect();
        let mut figures = vec![
            figure("staff page", meanwhile, all(stays), Budget::AtMost(BUDGET)),
            figure("staff page, new connection,", meanwhile, all(anew), Budget::AtMost(BUDGET)),
        ];
        // A slow page must not hide among fast ones.
        let pages = by_page.into_iter();
        figures.extend(pages.map(|(page, times)| figure(page, "of these", times, Budget::None)));
        figures
    }
}

fn figure(what: &str, meanwhile: &str, mut times: Vec<f64>, budget: Budget) -> Figure {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let (many, median, most) = (times.len(), at(0.5), at(1.0));
    let name = format!("{what} {meanwhile}, p99 of {many} ({median:.0} … {most:.0})");
    Figure::new(name, at(0.99), "ms", budget)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Stays,
    Anew,
}

async fn read(open: Arc<AtomicBool>, target: Target, cookie: String, visit: Visit) -> Times {
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
                // The first case does not exist before the first submission has arrived.
                Ok(reply) if *page == "/cases/1" && reply.status == StatusCode::NOT_FOUND => {}
                Ok(reply) => assert_eq!(reply.status, StatusCode::OK, "{page}"),
                Err(_) => line = None,
            },
            None => continue,
        }
        times.push((*page, began.elapsed().as_secs_f64() * 1000.0));
        tokio::time::sleep(READING).await;
    }
    times
}
