//! Files that were made for a person to save: kept in memory, served once by the host.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use rand::Rng as _;

use crate::Desk;

/// Exports that wait at once; the oldest gives way.
const WAITING: usize = 8;
/// Bytes that wait at once: a book of a year has two megabytes.
const BYTES: usize = 128 * 1024 * 1024;
/// Nobody fetches it any more after this.
const KEPT: Duration = Duration::from_secs(10 * 60);

/// A file that waits to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFile {
    /// Names it in `page://localhost/export/{id}`; cannot be guessed.
    pub id: String,
    /// Name to save it under.
    pub name: String,
    /// Media type.
    pub media_type: &'static str,
}

#[derive(Default)]
pub(crate) struct Exports {
    waiting: Mutex<VecDeque<(ExportedFile, Vec<u8>, Instant)>>,
}

impl Exports {
    /// Keeps bytes until they are fetched.
    pub(crate) fn put(
        &self,
        name: String,
        media_type: &'static str,
        bytes: Vec<u8>,
    ) -> ExportedFile {
        let id: [u8; 16] = rand::rng().random();
        let file = ExportedFile {
            id: hex::encode(id),
            name,
            media_type,
        };
        let mut waiting = self.lock();
        waiting.push_back((file.clone(), bytes, Instant::now()));
        let total = |waiting: &VecDeque<(ExportedFile, Vec<u8>, Instant)>| {
            waiting
                .iter()
                .map(|(_, bytes, _)| bytes.len())
                .sum::<usize>()
        };
        while waiting.len() > WAITING || (waiting.len() > 1 && total(&waiting) > BYTES) {
            waiting.pop_front();
        }
        file
    }

    /// The bytes, once.
    fn take(&self, id: &str) -> Option<(ExportedFile, Vec<u8>)> {
        let mut waiting = self.lock();
        waiting.retain(|(_, _, at)| at.elapsed() < KEPT);
        let place = waiting.iter().position(|(file, _, _)| file.id == id)?;
        let (file, bytes, _) = waiting.remove(place)?;
        Some((file, bytes))
    }

    /// Forgets all: another person comes.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<(ExportedFile, Vec<u8>, Instant)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// The bytes of an export, for whoever serves `export/{id}`; they are given once. None when they
    /// were fetched, waited too long or never were, and while the desk is covered.
    #[must_use]
    pub fn export_take(&self, id: &str) -> Option<(ExportedFile, Vec<u8>)> {
        if self.is_locked() {
            return None;
        }
        self.exports().take(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_given_once_and_the_oldest_gives_way() {
        let exports = Exports::default();
        let first = exports.put("a.pdf".to_owned(), "application/pdf", vec![1]);
        assert_eq!(exports.take("unknown"), None);
        assert_eq!(exports.take(&first.id), Some((first.clone(), vec![1])));
        assert_eq!(exports.take(&first.id), None);
        let second = exports.put("b.pdf".to_owned(), "application/pdf", vec![2]);
        for number in 0..WAITING {
            exports.put(format!("{number}.pdf"), "application/pdf", vec![3]);
        }
        assert_eq!(exports.take(&second.id), None);
    }
}
