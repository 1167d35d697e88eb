//! A connection as actix reads and writes it, with what actix itself does not do (docs/adr/0005): a request line may have
//! raw UTF-8, and whoever sends a malformed head hears why.
//!
//! Nothing here decides where a request ends: only where the next request line begins, and when that is in doubt, the
//! bytes stay as they are.

mod refusal;
mod request_lines;

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::rt::net::TcpStream;
use actix_web::web::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use self::request_lines::RequestLines;

/// A client's connection.
pub(crate) struct Connection {
    io: TcpStream,
    peer: Option<SocketAddr>,
    lines: RequestLines,
    /// Bytes with a rewritten request line that actix has not read yet.
    rewritten: BytesMut,
    refusal: Option<Refusal>,
}

/// A response that is written instead of one of actix.
struct Refusal {
    /// What is still to be written.
    rest: BytesMut,
    /// How many bytes of actix it stands for.
    stands_for: usize,
}

impl Connection {
    pub(crate) fn new(io: TcpStream) -> Self {
        let peer = io.peer_addr().ok();
        Self { io, peer, lines: RequestLines::default(), rewritten: BytesMut::new(), refusal: None }
    }

    /// The other end.
    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.rewritten.is_empty() {
            let before = buf.filled().len();
            ready!(Pin::new(&mut this.io).poll_read(cx, buf))?;
            let (_, fresh) = buf.filled().split_at_checked(before).unwrap_or_default();
            let passed = this.lines.pass(fresh);
            let (_, raw) = fresh.split_at_checked(passed).unwrap_or_default();
            if raw.is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.rewritten = this.lines.rewrite(raw);
            buf.set_filled(before + passed);
        }
        let fits = this.rewritten.len().min(buf.remaining());
        buf.put_slice(&this.rewritten.split_to(fits));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.refusal.is_none() {
            let Some(rest) = refusal::instead_of(bytes, this.peer) else {
                return Pin::new(&mut this.io).poll_write(cx, bytes);
            };
            this.refusal = Some(Refusal { rest, stands_for: bytes.len() });
        }
        let Some(Refusal { rest, stands_for }) = &mut this.refusal else { return Poll::Ready(Ok(0)) };
        while !rest.is_empty() {
            let written = ready!(Pin::new(&mut this.io).poll_write(cx, rest))?;
            if written == 0 {
                return Poll::Ready(Err(ErrorKind::WriteZero.into()));
            }
            drop(rest.split_to(written));
        }
        let written = *stands_for;
        this.refusal = None;
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }
}
