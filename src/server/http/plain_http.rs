//! The hint for somebody who types `http://` at the TLS port: a page that says to type `https://`.
//!
//! The first byte of a connection tells: a ClientHello begins with 22, an HTTP request with a letter. Nothing else of
//! the request is looked at, not even its language, so the page speaks all of them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use domain::language::Language;
use domain::words::Words;
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

/// How long a caller may take to read the hint.
const TIME_LIMIT: Duration = Duration::from_secs(5);
/// How much of the request is read before the connection is closed.
const REQUEST: u64 = 64 * 1024;

#[derive(Template)]
#[template(path = "not_encrypted.html")]
struct NotEncrypted {
    lines: Vec<(Language, String)>,
}

/// The response to every plain request, ready to be sent.
#[derive(Clone, Debug)]
pub struct Hint(Arc<[u8]>);

impl Hint {
    pub fn new(words: &Words, languages: &[Language]) -> Self {
        let line = |language: &Language| (*language, words.get(*language, "message.not-encrypted"));
        let page = NotEncrypted { lines: languages.iter().map(line).collect() };
        let page = page.render().unwrap_or_default();
        let head = format!(
            "HTTP/1.1 400 Bad Request\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
             cache-control: no-store\r\nconnection: close\r\n\r\n",
            page.len()
        );
        Self((head + &page).into_bytes().into())
    }

    /// Waits for the first byte of a caller. If it begins a handshake, returns the stream, and an acceptor that has
    /// the byte.
    ///
    /// # Errors
    /// The caller closed the connection, or speaks HTTP and was given the hint.
    pub async fn unless_plain<I>(&self, mut stream: I) -> io::Result<(Acceptor, I)>
    where
        I: AsyncRead + AsyncWrite + Unpin,
    {
        let (mut first, mut acceptor) = ([0], Acceptor::default());
        stream.read_exact(&mut first).await?;
        if first[0].is_ascii_alphabetic() {
            self.send(stream).await;
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a plain HTTP request"));
        }
        acceptor.read_tls(&mut &first[..])?;
        Ok((acceptor, stream))
    }

    /// Sends the hint and closes the connection. The request is read: a connection that is closed with unread bytes is
    /// reset, and the browser would show that instead.
    async fn send(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let say = async {
            stream.write_all(&self.0).await?;
            stream.shutdown().await?;
            tokio::io::copy(&mut stream.take(REQUEST), &mut tokio::io::sink()).await
        };
        let _ = timeout(TIME_LIMIT, say).await;
    }
}
