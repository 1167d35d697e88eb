//! Lines on their way to standard error.
//!
//! A request only puts its line into memory. A thread writes what has come together, every few milliseconds, in one call:
//! otherwise each line costs a call of the system, and the workers wait for each other's.

use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How long a line may wait for others.
const PATIENCE: Duration = Duration::from_millis(5);

/// How many bytes may wait. Whoever logs more waits too, so that no line is lost.
const MOST: usize = 1 << 20;

/// How many bytes of memory the buffer keeps after it was written out.
const KEPT: usize = 256 << 10;

/// The lines of this process.
static LINES: Buffer = Buffer::new();

struct Buffer {
    waiting: Mutex<Vec<u8>>,
    /// There is a first line.
    some: Condvar,
    /// There is room again.
    room: Condvar,
    /// Held by who writes, so that lines keep their order; what is written lies in it. The two change places, so that
    /// neither grows anew.
    writing: Mutex<Vec<u8>>,
}

/// Writes out what waits when dropped, at the end of the process.
#[must_use]
pub struct Flush(());

impl Drop for Flush {
    fn drop(&mut self) {
        flush();
    }
}

/// Writes out what waits.
pub fn flush() {
    LINES.write_out(io::stderr());
}

/// Starts the thread that writes.
pub(super) fn start() -> io::Result<Flush> {
    let forever = || loop {
        LINES.until_some();
        thread::sleep(PATIENCE);
        LINES.write_out(io::stderr());
    };
    thread::Builder::new().name("log".to_owned()).spawn(forever)?;
    Ok(Flush(()))
}

/// A writer that takes one line.
pub(super) fn line() -> impl Write {
    &LINES
}

impl Buffer {
    const fn new() -> Self {
        Self {
            waiting: Mutex::new(Vec::new()),
            some: Condvar::new(),
            room: Condvar::new(),
            writing: Mutex::new(Vec::new()),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<u8>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn until_some(&self) {
        drop(self.some.wait_while(self.waiting(), |waiting| waiting.is_empty()));
    }

    fn write_out(&self, mut to: impl Write) {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut *writing, &mut *self.waiting());
        self.room.notify_all();
        // Nobody may be reading any more, which is no reason to fail.
        let _ = to.write_all(&writing);
        writing.clear();
        writing.shrink_to(KEPT);
    }
}

impl Write for &Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let full = self.room.wait_while(self.waiting(), |waiting| waiting.len() > MOST);
        let mut waiting = full.unwrap_or_else(PoisonError::into_inner);
        let is_first = waiting.is_empty();
        waiting.extend_from_slice(bytes);
        drop(waiting);
        if is_first {
            self.some.notify_one();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_many_threads_come_out_whole_and_in_their_order_r77() {
        let buffer = Buffer::new();
        let mut out = Vec::new();
        thread::scope(|scope| {
            let writers: Vec<_> = (0..4)
                .map(|n| {
                    let buffer = &buffer;
                    scope.spawn(move || {
                        (0..1000).for_each(|i| { buffer }.write_all(format!("{n} {i}\n").as_bytes()).unwrap());
                    })
                })
                .collect();
            while writers.iter().any(|writer| !writer.is_finished()) {
                buffer.write_out(&mut out);
            }
        });
        buffer.write_out(&mut out);
        let text = String::from_utf8(out).unwrap();
        for n in 0..4 {
            let of_one: Vec<_> = text.lines().filter_map(|line| line.strip_prefix(&format!("{n} "))).collect();
            assert!(of_one.into_iter().eq((0..1000).map(|i| i.to_string())), "of {n}");
        }
    }

    #[test]
    fn a_full_log_buffer_blocks_and_loses_nothing_r77() {
        let buffer = Buffer::new();
        let line = [b'x'; 1024];
        let mut out = Vec::new();
        thread::scope(|scope| {
            let writer = scope.spawn(|| (0..4 * 1024).for_each(|_| { &buffer }.write_all(&line).unwrap()));
            while !writer.is_finished() {
                assert!(buffer.waiting().len() <= MOST + line.len());
                buffer.write_out(&mut out);
            }
        });
        buffer.write_out(&mut out);
        assert_eq!(out.len(), 4 * 1024 * 1024);
    }
}
