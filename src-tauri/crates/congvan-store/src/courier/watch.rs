use std::{
    io::{self, Read, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// What a stream says that was given up: no file ever says it of itself.
pub(super) const GIVEN_UP: io::ErrorKind = io::ErrorKind::ConnectionAborted;

/// How far the writing or reading of a bundle is, and whether somebody gives it up. Cheap to clone: all
/// clones are of one work.
#[derive(Clone, Debug, Default)]
pub struct CourierWatch(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    done: AtomicU64,
    total: AtomicU64,
    given_up: AtomicBool,
}

impl CourierWatch {
    /// Bytes that are done, and of how many; the whole is 0 until it is known.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (
            self.0.done.load(Ordering::Relaxed),
            self.0.total.load(Ordering::Relaxed),
        )
    }

    /// Ends the work at its next step. What is written by then opens nowhere.
    pub fn give_up(&self) {
        self.0.given_up.store(true, Ordering::Relaxed);
    }

    /// Whether somebody gave it up.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.0.given_up.load(Ordering::Relaxed)
    }

    /// So many bytes lie ahead, from nothing on.
    pub fn begin(&self, total: u64) {
        self.0.done.store(0, Ordering::Relaxed);
        self.0.total.store(total, Ordering::Relaxed);
    }

    /// So many more bytes are done.
    pub fn moved(&self, bytes: u64) {
        self.0.done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Counts what passes through, and fails once the work is given up.
    pub fn over<T>(&self, inner: T) -> Watched<'_, T> {
        Watched { inner, watch: self }
    }

    fn step(&self, bytes: usize) -> io::Result<usize> {
        if self.is_given_up() {
            return Err(GIVEN_UP.into());
        }
        self.moved(bytes as u64);
        Ok(bytes)
    }
}

/// See [`CourierWatch::over`].
#[derive(Debug)]
pub struct Watched<'a, T> {
    inner: T,
    watch: &'a CourierWatch,
}

impl<T: Read> Read for Watched<'_, T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.watch.step(count)
    }
}

impl<T: Write> Write for Watched<'_, T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.watch.step(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
