//! A thread of its own, on which what may only be done one after the other is done without waking anybody.

use std::io;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// A runtime with one thread, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Lane {
    runtime: Handle,
    _open: oneshot::Sender<()>,
}

impl Lane {
    /// Starts the thread.
    pub fn open() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let handle = runtime.handle().clone();
        let (open, closed) = oneshot::channel();
        thread::Builder::new().name("sqlite-writer".into()).spawn(move || runtime.block_on(closed).ok())?;
        Ok(Self { runtime: handle, _open: open })
    }

    /// Where to do it.
    pub fn runtime(&self) -> &Handle {
        &self.runtime
    }
}
