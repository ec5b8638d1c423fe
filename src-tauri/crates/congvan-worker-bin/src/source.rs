//! A document's bytes, asked from the desk as PDFium needs them.

use std::{
    collections::VecDeque,
    io::{self, Read, Seek, SeekFrom},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use congvan_model::{ByteSource, ReadError};
use congvan_worker::wire::{BLOCK, FromRender, ToRender};

use crate::pipes::Channel;

/// 4 MiB of each document stay here; PDFium reads the cross-reference table again and again.
const BLOCKS_KEPT: usize = 64;
/// A picture is read whole: so many blocks at most are asked for at once, as many as the desk gives.
const BLOCKS_AT_ONCE: u64 = 16;

/// Whether the desk failed to give bytes; PDFium only says "format error" then.
#[derive(Clone, Default)]
pub(crate) struct Failure(Arc<AtomicBool>);

impl Failure {
    /// Whether it happened since the last question.
    pub(crate) fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// The bytes of one document. Clones read the same, each from its own position.
#[derive(Clone)]
pub(crate) struct Source {
    blocks: Arc<Mutex<Blocks>>,
    length: u64,
    position: u64,
}

struct Blocks {
    channel: Channel,
    document: u64,
    length: u64,
    kept: VecDeque<(u64, Vec<u8>)>,
    failure: Failure,
}

impl Source {
    pub(crate) fn new(channel: Channel, document: u64, length: u64, failure: Failure) -> Self {
        let blocks = Blocks {
            channel,
            document,
            length,
            kept: VecDeque::new(),
            failure,
        };
        Self {
            blocks: Arc::new(Mutex::new(blocks)),
            length,
            position: 0,
        }
    }

    /// Keeps blocks that came unasked, from the one with this number on.
    pub(crate) fn know(&self, number: u64, bytes: &[u8]) {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        blocks.keep(number, bytes);
    }
}

impl Blocks {
    /// Fills the buffer whole or fails.
    fn fill(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(buffer.len() as u64).ok_or_else(failed)?;
        if end > self.length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let (mut position, mut filled) = (offset, 0);
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            let (number, within) = (position / BLOCK, (position % BLOCK) as usize);
            let last = (end - 1) / BLOCK;
            let block = self.block(number, last)?;
            // Reading a slice copies as much as fits.
            let count = block.get(within..).unwrap_or_default().read(rest)?;
            if count == 0 {
                return Err(failed());
            }
            filled += count;
            position += count as u64;
        }
        Ok(())
    }

    /// The block with this number, the most recently used first. Where it must be asked for, so are
    /// those behind it up to `last`.
    fn block(&mut self, number: u64, last: u64) -> io::Result<&[u8]> {
        if let Some(index) = self.kept.iter().position(|(kept, _)| *kept == number) {
            if let Some(block) = self.kept.remove(index) {
                self.kept.push_front(block);
            }
        } else {
            let count = (last.saturating_sub(number) + 1).min(BLOCKS_AT_ONCE);
            let bytes = self.fetch(number, count)?;
            self.keep(number, &bytes);
        }
        self.kept
            .front()
            .filter(|(first, _)| *first == number)
            .map(|(_, bytes)| bytes.as_slice())
            .ok_or_else(failed)
    }

    /// The first of them is the next that is wanted, and is to be the first.
    fn keep(&mut self, number: u64, bytes: &[u8]) {
        let count = bytes.len().div_ceil(BLOCK as usize);
        self.kept.truncate(BLOCKS_KEPT.saturating_sub(count));
        for (at, block) in bytes.chunks(BLOCK as usize).enumerate().rev() {
            self.kept.push_front((number + at as u64, block.to_vec()));
        }
    }

    fn fetch(&self, number: u64, count: u64) -> io::Result<Vec<u8>> {
        let offset = number * BLOCK;
        let length = self.length.saturating_sub(offset).min(count * BLOCK);
        let length = u32::try_from(length).map_err(io::Error::other)?;
        self.channel
            .send(&FromRender::Need {
                document: self.document,
                offset,
                length,
            })
            .map_err(io::Error::other)?;
        match self.channel.receive().map_err(io::Error::other)? {
            Some(ToRender::Bytes(bytes)) if bytes.len() == length as usize => Ok(bytes),
            Some(ToRender::Bytes(_) | ToRender::BytesFailed | ToRender::Call { .. }) | None => {
                self.failure.0.store(true, Ordering::Relaxed);
                Err(failed())
            }
        }
    }
}

impl Read for Source {
    /// Fills the buffer whole or fails: PDFium takes a short answer for a full one.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        blocks.fill(self.position, buffer)?;
        self.position += buffer.len() as u64;
        Ok(buffer.len())
    }
}

impl ByteSource for Source {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        blocks
            .fill(offset, buffer)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => ReadError::PastEnd,
                _ => ReadError::Source(error.to_string()),
            })
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

fn failed() -> io::Error {
    io::Error::other("no bytes")
}
