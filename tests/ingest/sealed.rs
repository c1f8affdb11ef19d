//! Batches of kiosks, sealed in advance on both processors: sealing ten thousand items a second is the work
//! of a hundred malls' kiosks and must not be measured here. Each batch is signed. Each batch except a
//! kiosk's first is compressed: before its first reply a kiosk does not know that the server accepts
//! compression.

use std::io::Write as _;

use domain::id::KioskNumber;
use domain::receipt::ReceiptKey;
use domain::seal::PublicKey;
use domain::signature::SigningKey;
use domain::wire::{Batch, Secret, Signed};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use hyper::body::Bytes;
use server::Random;

use crate::test_server::TestServer;
use crate::testing::{TestKiosk, a_complaint, a_rating};

/// The body of one request with its signature.
#[derive(Clone)]
pub struct Sealed {
    pub body: Bytes,
    pub is_packed: bool,
    pub signature: String,
    pub items: usize,
}

impl Sealed {
    /// Decodes the batch.
    pub fn batch(&self) -> Batch {
        let batch = match self.is_packed {
            true => serde_json::from_reader(GzDecoder::new(&self.body[..])),
            false => serde_json::from_slice(&self.body),
        };
        batch.unwrap()
    }
}

/// The signing key of a kiosk.
pub fn signing_key(kiosk: KioskNumber) -> SigningKey {
    let mut seed = [5; 32];
    seed[..4].copy_from_slice(&kiosk.get().to_be_bytes());
    Random::from_seed(seed).with(SigningKey::new)
}

/// Request bodies for the first `kiosks` of a server: `batches` for each kiosk, with `items` in each batch.
pub fn bodies(server: &TestServer, kiosks: usize, batches: usize, items: usize) -> Vec<Vec<Sealed>> {
    let callers: Vec<_> = server.kiosks.iter().take(kiosks).collect();
    let key = &server.sealing_key;
    let halves: Vec<Vec<(usize, Vec<Sealed>)>> = std::thread::scope(|scope| {
        let callers = &callers;
        let workers = [0, 1].map(|half| {
            scope.spawn(move || {
                let mut random = [half; 32];
                random[0] = 77;
                let random = Random::from_seed(random);
                (usize::from(half)..callers.len())
                    .step_by(2)
                    .map(|n| (n, of_kiosk(n, callers[n], key, &random, batches, items)))
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
    (number, token): &(KioskNumber, String),
    key: &PublicKey,
    random: &Random,
    batches: usize,
    items: usize,
) -> Vec<Sealed> {
    let mut kiosk = TestKiosk {
        number: *number,
        enrolled_as: *number,
        token: token.clone(),
        signing_key: signing_key(*number),
        sealing_key: key.clone(),
        receipt_key: ReceiptKey(random.bytes()),
        next: 1,
        random: random.clone(),
    };
    let (signing, token) = (kiosk.signing_key.clone(), Secret(token.clone()));
    let one_batch = |nth| {
        let now = chrono::Utc::now();
        let one = |i: usize| {
            let draft = if i.is_multiple_of(2) {
                a_complaint(&format!(
                    "扶梯 E5 又停了，推婴儿车上不去。The escalator stopped again. ({n}, {i})"
                ))
            } else {
                a_rating(4, Some("很干净，工作人员也很热情。"))
            };
            kiosk.seal(draft, now).0
        };
        let batch =
            Batch { sent_at: now, items: (0..items).map(one).collect(), waiting: 0, ..Batch::default() };
        let Signed { body, signature } = Signed::batch(&batch, *number, &token, &signing);
        let is_packed = nth > 0;
        let body = if is_packed { packed(&body) } else { body.to_vec() };
        Sealed { body: body.into(), is_packed, signature, items }
    };
    (0..batches).map(one_batch).collect()
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}
