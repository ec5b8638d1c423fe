use congvan_model::{ByteSource, ReadError};

/// The first `len` bytes of a source: an earlier revision of an incrementally saved file.
#[derive(Clone, Copy)]
pub struct Prefix<'s> {
    source: &'s dyn ByteSource,
    len: u64,
}

impl<'s> Prefix<'s> {
    /// The first `len` bytes, or all of them when there are fewer.
    #[must_use]
    pub fn new(source: &'s dyn ByteSource, len: u64) -> Self {
        Self {
            source,
            len: len.min(source.len()),
        }
    }
}

impl ByteSource for Prefix<'_> {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let end = offset
            .checked_add(buffer.len() as u64)
            .ok_or(ReadError::PastEnd)?;
        if end > self.len {
            return Err(ReadError::PastEnd);
        }
        self.source.read_at(offset, buffer)
    }
}

/// A source followed by a tail: the file as it will be once the tail is appended.
#[derive(Clone, Copy)]
pub struct Joined<'s> {
    head: &'s dyn ByteSource,
    tail: &'s [u8],
}

impl<'s> Joined<'s> {
    /// `head` and then `tail`.
    #[must_use]
    pub fn new(head: &'s dyn ByteSource, tail: &'s [u8]) -> Self {
        Self { head, tail }
    }
}

impl ByteSource for Joined<'_> {
    fn len(&self) -> u64 {
        self.head.len().saturating_add(self.tail.len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let head = self.head.len();
        let end = offset
            .checked_add(buffer.len() as u64)
            .ok_or(ReadError::PastEnd)?;
        if end <= head {
            return self.head.read_at(offset, buffer);
        }
        if offset >= head {
            return self.tail.read_at(offset - head, buffer);
        }
        let split = usize::try_from(head - offset).map_err(|_| ReadError::PastEnd)?;
        let (front, back) = buffer
            .split_at_mut_checked(split)
            .ok_or(ReadError::PastEnd)?;
        self.head.read_at(offset, front)?;
        self.tail.read_at(0, back)
    }
}

/// Reads a whole range into memory; the caller has checked that `len` is small.
///
/// # Errors
/// [`ReadError`] of the source.
pub fn read_range(source: &dyn ByteSource, offset: u64, len: usize) -> Result<Vec<u8>, ReadError> {
    let end = offset.checked_add(len as u64).ok_or(ReadError::PastEnd)?;
    if end > source.len() {
        return Err(ReadError::PastEnd);
    }
    let mut buffer = vec![0; len];
    source.read_at(offset, &mut buffer)?;
    Ok(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joined_source_reads_across_the_seam() {
        let head = b"abcd".to_vec();
        let joined = Joined::new(&head, b"efg");
        assert_eq!(read_range(&joined, 2, 4).unwrap(), b"cdef");
        assert_eq!(read_range(&joined, 4, 3).unwrap(), b"efg");
        assert_eq!(read_range(&joined, 5, 3), Err(ReadError::PastEnd));
    }

    #[test]
    fn a_prefix_ends_where_it_was_cut() {
        let all = b"abcdef".to_vec();
        let prefix = Prefix::new(&all, 3);
        assert_eq!(prefix.len(), 3);
        assert_eq!(read_range(&prefix, 1, 2).unwrap(), b"bc");
        assert_eq!(read_range(&prefix, 2, 2), Err(ReadError::PastEnd));
    }
}
