use std::io::{self, Write};

use rustls::crypto::hpke::HpkeSealer;

use crate::{
    CourierError, Head, MANIFEST_MAX, PIECE, Result, SealedTo, SigningKey,
    keys::{signed_text, suite},
};

/// Begins a bundle: writes the head, seals and signs the manifest. What the manifest announces is then
/// written to what comes back, and [`Sealer::finish`] ends it.
///
/// # Errors
/// [`CourierError::TooLong`] for the manifest, and when `head` does not name the key `to`
/// [`CourierError::Key`]; the sink's errors.
pub fn seal<W: Write>(
    head: &Head,
    to: &SealedTo,
    signer: &SigningKey,
    manifest: &[u8],
    mut sink: W,
) -> Result<Sealer<W>> {
    if manifest.len() as u64 > MANIFEST_MAX {
        return Err(CourierError::TooLong);
    }
    if head.to != to.id() {
        return Err(CourierError::Key);
    }
    let head = head.to_bytes()?;
    let (encapsulated, sealer) = suite()
        .setup_sealer(&head, &to.hpke())
        .map_err(|_| CourierError::Key)?;
    sink.write_all(&head)?;
    sink.write_all(&encapsulated.0)?;
    let mut before_pieces = head;
    before_pieces.extend_from_slice(&encapsulated.0);
    let mut sealing = Sealer {
        sink,
        sealer,
        piece: Vec::with_capacity(PIECE),
    };
    sealing.write_all(&signer.public()?.id().0)?;
    sealing.write_all(&(manifest.len() as u64).to_be_bytes())?;
    sealing.write_all(manifest)?;
    sealing.write_all(&signer.sign(&signed_text(&before_pieces, manifest)))?;
    Ok(sealing)
}

/// A bundle that is being written. Dropped before [`Sealer::finish`] it is one that nobody opens.
pub struct Sealer<W> {
    sink: W,
    sealer: Box<dyn HpkeSealer>,
    /// What waits for a whole piece: a full one too, which may be the last.
    piece: Vec<u8>,
}

impl<W: Write> Sealer<W> {
    /// Seals the last piece and gives the sink back.
    ///
    /// # Errors
    /// The sink's.
    pub fn finish(mut self) -> Result<W> {
        self.piece.resize(PIECE, 0);
        self.put(true)?;
        self.sink.flush()?;
        Ok(self.sink)
    }

    fn put(&mut self, last: bool) -> io::Result<()> {
        let sealed = self
            .sealer
            .seal(&[u8::from(last)], &self.piece)
            .map_err(io::Error::other)?;
        self.piece.clear();
        self.sink.write_all(&sealed)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.len() == PIECE {
            self.put(false)?;
        }
        let room = PIECE.saturating_sub(self.piece.len()).min(bytes.len());
        let (taken, _) = bytes.split_at(room);
        self.piece.extend_from_slice(taken);
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // A piece is sealed whole.
        Ok(())
    }
}
