use std::sync::Arc;

/// The bytes asked for could not be had: out of range, or the medium failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The range ends after the end of the source.
    #[error("read past the end")]
    PastEnd,
    /// The medium failed or the bytes were tampered with; the text is for logs, without content.
    #[error("source failed: {0}")]
    Source(String),
}

/// Immutable bytes that can be read anywhere: a slice, a memory map, an encrypted blob that is
/// deciphered a chunk at a time. Lets the PDF engine and the renderer work on files of any size
/// without a plaintext copy on disk.
pub trait ByteSource: Send + Sync {
    /// Length in bytes; never changes.
    fn len(&self) -> u64;

    /// Whether there is nothing at all.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// # Errors
    /// [`ReadError::PastEnd`] when the range is not inside, [`ReadError::Source`] when the medium
    /// fails.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError>;
}

impl ByteSource for [u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let start = usize::try_from(offset).map_err(|_| ReadError::PastEnd)?;
        let end = start.checked_add(buffer.len()).ok_or(ReadError::PastEnd)?;
        buffer.copy_from_slice(self.get(start..end).ok_or(ReadError::PastEnd)?);
        Ok(())
    }
}

impl ByteSource for Vec<u8> {
    fn len(&self) -> u64 {
        self.as_slice().len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        self.as_slice().read_at(offset, buffer)
    }
}

impl<T: ByteSource + ?Sized> ByteSource for Arc<T> {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        (**self).read_at(offset, buffer)
    }
}

impl<T: ByteSource + ?Sized> ByteSource for &T {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        (**self).read_at(offset, buffer)
    }
}
