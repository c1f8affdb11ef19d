//! The line between kiosk and server: a TCP proxy that carries bytes without decrypting them and can inject
//! faults.
//!
//! Of TLS it reads only where records begin and end. That is enough to find the reply: the first long record
//! from the server after the client has begun to send application data. (Session tickets come at that time
//! too, but are short.)

use std::collections::VecDeque;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};

use super::PATIENCE;

/// A fault on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// The connection is cut before any byte passes.
    Refused,
    /// The connection is cut in the middle of the request.
    RequestCut,
    /// The server has replied; the connection is cut before any byte of the reply arrives.
    ReplyLost,
    /// The connection is cut in the middle of the reply.
    ReplyCut,
    /// The server has replied; no byte arrives, and the connection stays open.
    ReplyHeld,
    /// A long reply stands still in the middle, and the connection stays open.
    DownloadHeld,
}

pub struct Line {
    shared: Arc<Shared>,
    address: SocketAddr,
    happened: Receiver<Mishap>,
}

struct Shared {
    server: SocketAddr,
    mishaps: Mutex<VecDeque<Mishap>>,
    unplugged: AtomicBool,
    breaks_after: AtomicUsize,
    holds: AtomicBool,
    /// The held connections that have ended.
    released: Mutex<usize>,
    release: Condvar,
    unplugs_itself: AtomicBool,
    closing: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
    happened: Mutex<Sender<Mishap>>,
}

impl Line {
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, happened) = channel();
        let shared = Arc::new(Shared {
            server,
            mishaps: Mutex::default(),
            unplugged: AtomicBool::new(false),
            breaks_after: AtomicUsize::new(usize::MAX),
            holds: AtomicBool::new(false),
            released: Mutex::default(),
            release: Condvar::new(),
            unplugs_itself: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            open: Mutex::default(),
            happened: Mutex::new(sender),
        });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for kiosk in listener.incoming() {
                if accepting.closing.load(Ordering::SeqCst) {
                    break;
                }
                let shared = Arc::clone(&accepting);
                std::thread::spawn(move || kiosk.and_then(|kiosk| shared.carry(kiosk)));
            }
        });
        Self { shared, address, happened }
    }

    /// The address that the kiosk uses as the server's.
    pub fn socket(&self) -> SocketAddr {
        self.address
    }

    /// Injects these faults into the next connections, one each; later connections are good.
    pub fn expect(&self, mishaps: impl IntoIterator<Item = Mishap>) {
        self.shared.mishaps.lock().unwrap().extend(mishaps);
    }

    /// Injects this fault into the next connection; then the line is unplugged.
    pub fn expect_the_last(&self, mishap: Mishap) {
        self.shared.unplugs_itself.store(true, Ordering::SeqCst);
        self.expect([mishap]);
    }

    /// Waits until a fault has happened.
    pub fn happened(&self) -> Mishap {
        self.happened.recv_timeout(PATIENCE).expect("a fault happens")
    }

    /// Cuts all open connections, and all that come later.
    pub fn unplug(&self) {
        self.shared.unplugged.store(true, Ordering::SeqCst);
        for kiosk in self.shared.open.lock().unwrap().drain(..) {
            // The connection may have ended already.
            let _ = kiosk.shutdown(Shutdown::Both);
        }
    }

    /// From now on every connection breaks after this many bytes from the server.
    pub fn breaks_after(&self, bytes: usize) {
        self.shared.breaks_after.store(bytes, Ordering::SeqCst);
    }

    /// From now on every connection stands still after this many bytes from the server.
    pub fn holds_after(&self, bytes: usize) {
        self.shared.holds.store(true, Ordering::SeqCst);
        self.breaks_after(bytes);
    }

    /// Whether a connection that stood still has ended.
    pub fn is_released(&self) -> bool {
        *self.shared.released.lock().unwrap() > 0
    }

    /// Waits until a connection that stands still has ended.
    pub fn until_released(&self) {
        let released = self.shared.released.lock().unwrap();
        let waited = self.shared.release.wait_timeout_while(released, PATIENCE, |released| *released == 0);
        let (_released, waited) = waited.unwrap();
        assert!(!waited.timed_out(), "the connection is kept");
    }

    pub fn plug_in(&self) {
        self.shared.unplugged.store(false, Ordering::SeqCst);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn carry(&self, kiosk: TcpStream) -> io::Result<()> {
        self.open.lock().unwrap().push(kiosk.try_clone()?);
        if self.unplugged.load(Ordering::SeqCst) {
            return kiosk.shutdown(Shutdown::Both);
        }
        let mishap = self.mishaps.lock().unwrap().pop_front();
        if mishap == Some(Mishap::Refused) {
            self.tell(Mishap::Refused);
            return kiosk.shutdown(Shutdown::Both);
        }
        let server = TcpStream::connect(self.server)?;
        let speaking = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _ = self.carry_requests(&kiosk, &server, &speaking, mishap);
                let _ = server.shutdown(Shutdown::Write);
            });
            let _ = self.carry_replies(&server, &kiosk, &speaking, mishap);
            let _ = kiosk.shutdown(Shutdown::Both);
            let _ = server.shutdown(Shutdown::Both);
        });
        Ok(())
    }

    fn carry_requests(
        &self,
        mut kiosk: &TcpStream,
        mut server: &TcpStream,
        speaking: &AtomicBool,
        mishap: Option<Mishap>,
    ) -> io::Result<()> {
        let mut data_records = 0;
        loop {
            let record = read_record(&mut kiosk)?;
            if record.is_data() {
                data_records += 1;
                speaking.store(true, Ordering::SeqCst);
            }
            // The first record ends the handshake, the second one is the request.
            if mishap == Some(Mishap::RequestCut) && data_records == 2 {
                server.write_all(&record.bytes[..record.bytes.len() / 2])?;
                self.tell(Mishap::RequestCut);
                kiosk.shutdown(Shutdown::Both)?;
                return Ok(());
            }
            server.write_all(&record.bytes)?;
        }
    }

    fn carry_replies(
        &self,
        mut server: &TcpStream,
        mut kiosk: &TcpStream,
        speaking: &AtomicBool,
        mishap: Option<Mishap>,
    ) -> io::Result<()> {
        let mut carried = 0;
        loop {
            let record = read_record(&mut server)?;
            carried += record.bytes.len();
            if carried > self.breaks_after.load(Ordering::SeqCst) {
                if self.holds.load(Ordering::SeqCst) {
                    self.tell(Mishap::DownloadHeld);
                    let ended = io::copy(&mut server, &mut io::sink());
                    self.release();
                    ended?;
                }
                return Ok(());
            }
            let is_reply = speaking.load(Ordering::SeqCst) && record.is_data() && record.bytes.len() > 400;
            match mishap {
                Some(lost @ Mishap::ReplyLost) if is_reply => {
                    self.tell(lost);
                    return Ok(());
                }
                Some(cut @ Mishap::ReplyCut) if is_reply => {
                    kiosk.write_all(&record.bytes[..record.bytes.len() / 2])?;
                    self.tell(cut);
                    return Ok(());
                }
                Some(held @ Mishap::ReplyHeld) if is_reply => {
                    self.tell(held);
                    // Waits until the kiosk gives up: the other direction then ends, and with it this one.
                    let ended = io::copy(&mut server, &mut io::sink());
                    self.release();
                    return ended.map(drop);
                }
                _ => kiosk.write_all(&record.bytes)?,
            }
        }
    }

    fn release(&self) {
        *self.released.lock().unwrap() += 1;
        self.release.notify_all();
    }

    fn tell(&self, mishap: Mishap) {
        if self.unplugs_itself.swap(false, Ordering::SeqCst) {
            self.unplugged.store(true, Ordering::SeqCst);
        }
        // The receiver may be gone.
        let _ = self.happened.lock().unwrap().send(mishap);
    }
}

/// A TLS record with its header.
struct Record {
    bytes: Vec<u8>,
}

impl Record {
    fn is_data(&self) -> bool {
        self.bytes.first() == Some(&0x17)
    }
}

fn read_record(from: &mut &TcpStream) -> io::Result<Record> {
    let mut bytes = vec![0; 5];
    from.read_exact(&mut bytes)?;
    let length = usize::from(u16::from_be_bytes([bytes[3], bytes[4]]));
    bytes.resize(5 + length, 0);
    from.read_exact(&mut bytes[5..])?;
    Ok(Record { bytes })
}
