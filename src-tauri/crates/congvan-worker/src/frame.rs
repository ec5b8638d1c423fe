//! Frames: a 32-bit little-endian length, then a postcard message.

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

/// No frame is longer (bytes). A rendered page of 40 megapixels stays below this.
pub const MAX_FRAME: usize = 192 << 20;

/// The bytes on the pipe are not a frame of ours.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// The other side closed the pipe; the ordinary end.
    #[error("pipe closed")]
    Closed,
    /// Longer than [`MAX_FRAME`], or not a message: garbage.
    #[error("not a frame")]
    Garbage,
    /// The pipe failed.
    #[error("pipe failed: {0}")]
    Pipe(#[from] io::Error),
}

/// Encodes a message with its length into a buffer that is wiped when dropped, because a message
/// may carry a PIN. The size is computed first so that no half-grown copy is left on the heap.
///
/// # Errors
/// [`FrameError::Garbage`] when the message is larger than [`MAX_FRAME`].
pub fn encode<T: Serialize>(message: &T) -> Result<Zeroizing<Vec<u8>>, FrameError> {
    let size = postcard::experimental::serialized_size(message).map_err(|_| FrameError::Garbage)?;
    if size > MAX_FRAME {
        return Err(FrameError::Garbage);
    }
    let mut buffer = Zeroizing::new(vec![0; size + 4]);
    let length = u32::try_from(size).map_err(|_| FrameError::Garbage)?;
    let (head, body) = buffer.split_at_mut(4);
    head.copy_from_slice(&length.to_le_bytes());
    postcard::to_slice(message, body).map_err(|_| FrameError::Garbage)?;
    Ok(buffer)
}

/// Decodes the payload of a frame.
///
/// # Errors
/// [`FrameError::Garbage`] when it is not such a message or bytes are left over.
pub fn decode<T: DeserializeOwned>(payload: &[u8]) -> Result<T, FrameError> {
    match postcard::take_from_bytes(payload) {
        Ok((message, [])) => Ok(message),
        Ok(_) | Err(_) => Err(FrameError::Garbage),
    }
}

/// Checks a frame's length before anything is allocated for it.
///
/// # Errors
/// [`FrameError::Garbage`] above [`MAX_FRAME`].
pub fn check_length(head: [u8; 4]) -> Result<usize, FrameError> {
    let length = u32::from_le_bytes(head) as usize;
    if length > MAX_FRAME {
        return Err(FrameError::Garbage);
    }
    Ok(length)
}

/// Reads one frame, blocking; the worker's side.
///
/// # Errors
/// [`FrameError::Closed`] at the end of the pipe.
pub fn read_from(pipe: &mut impl Read) -> Result<Zeroizing<Vec<u8>>, FrameError> {
    let mut head = [0; 4];
    pipe.read_exact(&mut head).map_err(closed)?;
    let mut payload = Zeroizing::new(vec![0; check_length(head)?]);
    pipe.read_exact(&mut payload).map_err(closed)?;
    Ok(payload)
}

/// Writes one message as a frame, blocking; the worker's side.
///
/// # Errors
/// [`FrameError::Pipe`] when the parent is gone.
pub fn write_to<T: Serialize>(pipe: &mut impl Write, message: &T) -> Result<(), FrameError> {
    pipe.write_all(&encode(message)?)?;
    pipe.flush()?;
    Ok(())
}

fn closed(error: io::Error) -> FrameError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        FrameError::Closed
    } else {
        FrameError::Pipe(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_survives_the_pipe() {
        let frame = encode(&(7_u32, "công văn".to_owned())).unwrap();
        let payload = read_from(&mut frame.as_slice()).unwrap();
        let back: (u32, String) = decode(&payload).unwrap();
        assert_eq!(back, (7, "công văn".to_owned()));
    }

    #[test]
    fn a_cut_frame_is_a_closed_pipe_and_a_giant_length_is_garbage() {
        let frame = encode(&"x".repeat(100)).unwrap();
        let cut = read_from(&mut frame.get(..50).unwrap());
        assert!(matches!(cut, Err(FrameError::Closed)));
        let giant = read_from(&mut [0xff_u8; 16].as_slice());
        assert!(matches!(giant, Err(FrameError::Garbage)));
    }

    #[test]
    fn bytes_left_over_are_garbage() {
        assert!(matches!(decode::<u8>(&[1, 2]), Err(FrameError::Garbage)));
    }
}
