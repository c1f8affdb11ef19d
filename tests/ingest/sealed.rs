//! What kiosks have to send, sealed beforehand on both processors: ten thousand a second is a hundred
//! malls' kiosks sealing, and not to be measured here.

use domain::receipt::ReceiptKey;
use domain::seal::PublicKey;
use domain::wire::Batch;
use hyper::body::Bytes;
use server::Random;

use crate::place::Place;
use crate::testing::{TestKiosk, a_complaint, a_rating};

/// The body of one request, and how many items it holds.
pub struct Sealed {
    pub body: Bytes,
    pub items: usize,
}

/// Bodies for the first `kiosks` of a place: each has `batches` of them with `items` in each.
pub fn bodies(place: &Place, kiosks: usize, batches: usize, items: usize) -> Vec<Vec<Sealed>> {
    let numbers: Vec<_> = place.kiosks.iter().take(kiosks).map(|(number, _)| *number).collect();
    let key = &place.sealing_key;
    let halves: Vec<Vec<(usize, Vec<Sealed>)>> = std::thread::scope(|scope| {
        let numbers = &numbers;
        let workers = [0, 1].map(|half| {
            scope.spawn(move || {
                let mut random = [half; 32];
                random[0] = 77;
                let random = Random::from_seed(random);
                (usize::from(half)..numbers.len())
                    .step_by(2)
                    .map(|n| (n, of_kiosk(n, numbers[n], key, &random, batches, items)))
                    .collect()
            })
        });
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let mut all: Vec<_> = halves.into_iter().flatten().collect();
    all.sort_by_key(|(n, _)| *n);
    all.into_iter().map(|(_, bodies)| bodies).collect()
}

fn of_kiosk(
    n: usize,
    number: domain::id::KioskNumber,
    key: &PublicKey,
    random: &Random,
    batches: usize,
    items: usize,
) -> Vec<Sealed> {
    // Those that share a number each have a stretch of the count to themselves.
    let next = u64::try_from(n / 999 * batches * items + 1).unwrap();
    let mut kiosk = TestKiosk {
        number,
        token: String::new(),
        sealing_key: key.clone(),
        receipt_key: ReceiptKey(random.bytes()),
        next,
        random: random.clone(),
    };
    let one_batch = |_| {
        let now = chrono::Utc::now();
        let one = |i: usize| {
            let said = if i.is_multiple_of(2) {
                a_complaint(&format!(
                    "扶梯 E5 又停了，推婴儿车上不去。The escalator stopped again. ({n}, {i})"
                ))
            } else {
                a_rating(4, Some("很干净，工作人员也很热情。"))
            };
            kiosk.seal(said, now).0
        };
        let batch =
            Batch { sent_at: now, items: (0..items).map(one).collect(), waiting: 0, ..Batch::default() };
        Sealed { body: serde_json::to_vec(&batch).unwrap().into(), items }
    };
    (0..batches).map(one_batch).collect()
}
