use std::io::{self, Read};

use rustls::crypto::hpke::{EncapsulatedSecret, HpkeOpener};

use crate::{
    CourierError, ENCAPSULATED, Head, KeyId, MANIFEST_MAX, PIECE, Result, SIGNATURE, SealingKey,
    TAG, VerifyingKey,
    head::cut,
    keys::{signed_text, suite},
};

/// Reads what stands on a bundle in clear, and nothing more.
///
/// # Errors
/// [`CourierError::NotOurs`], [`CourierError::Version`], [`CourierError::Damaged`], the source's errors.
pub fn look<R: Read>(mut source: R) -> Result<Sealed<R>> {
    let (head, bytes) = Head::read(&mut source)?;
    Ok(Sealed {
        head,
        bytes,
        source,
    })
}

/// A bundle of which only the head was read. Nobody has vouched for that before it was opened.
pub struct Sealed<R> {
    /// What stands on it.
    pub head: Head,
    /// The head as it was written.
    bytes: Vec<u8>,
    source: R,
}

impl<R: Read> Sealed<R> {
    /// Opens it with the key that it is sealed to. It says nothing before [`Opened::trust`].
    ///
    /// # Errors
    /// [`CourierError::OtherKey`], [`CourierError::Damaged`], the source's errors.
    pub fn open(self, key: &SealingKey) -> Result<Opened<R>> {
        let Self {
            head,
            bytes,
            source,
        } = self;
        if head.to != key.public().id() {
            return Err(CourierError::OtherKey);
        }
        begin((head, bytes), source, key)
    }
}

fn begin<R: Read>(
    (head, mut before_pieces): (Head, Vec<u8>),
    mut source: R,
    key: &SealingKey,
) -> Result<Opened<R>> {
    let mut encapsulated = [0; ENCAPSULATED];
    source
        .read_exact(&mut encapsulated)
        .map_err(|error| cut(error, CourierError::Damaged))?;
    let opener = suite()
        .setup_opener(
            &EncapsulatedSecret(encapsulated.to_vec()),
            &before_pieces,
            &key.hpke(),
        )
        .map_err(|_| CourierError::Damaged)?;
    before_pieces.extend_from_slice(&encapsulated);
    let mut pieces = Pieces {
        source,
        opener,
        ahead: Vec::new(),
        plain: Vec::new(),
        at: 0,
        is_last: false,
    };
    pieces.ahead = pieces.sealed_piece()?;
    let mut signer = [0; 8];
    pieces.exactly(&mut signer)?;
    let mut length = [0; 8];
    pieces.exactly(&mut length)?;
    let length = u64::from_be_bytes(length);
    if length > MANIFEST_MAX {
        return Err(CourierError::TooLong);
    }
    let mut manifest = vec![0; usize::try_from(length).map_err(|_| CourierError::TooLong)?];
    pieces.exactly(&mut manifest)?;
    let mut signature = [0; SIGNATURE];
    pieces.exactly(&mut signature)?;
    Ok(Opened {
        head,
        signer: KeyId(signer),
        text: signed_text(&before_pieces, &manifest),
        manifest,
        signature,
        pieces,
    })
}

/// A bundle that opens, and of which nobody knows yet who wrote it.
pub struct Opened<R> {
    head: Head,
    signer: KeyId,
    text: String,
    manifest: Vec<u8>,
    signature: [u8; SIGNATURE],
    pieces: Pieces<R>,
}

impl<R: Read> Opened<R> {
    /// Whose signature it claims to bear.
    #[must_use]
    pub fn signer(&self) -> KeyId {
        self.signer
    }

    /// What it says, once its signature is that key's.
    ///
    /// # Errors
    /// [`CourierError::NotSigned`].
    pub fn trust(self, signer: &VerifyingKey) -> Result<Trusted<R>> {
        if !signer.verifies(&self.text, &self.signature) {
            return Err(CourierError::NotSigned);
        }
        Ok(Trusted {
            head: self.head,
            manifest: self.manifest,
            pieces: self.pieces,
        })
    }
}

/// A bundle of a known signer. What follows the manifest is read from it; what has been read is what
/// was sealed, and only [`Trusted::to_the_end`] says that nothing of it is missing.
pub struct Trusted<R> {
    /// What stands on it.
    pub head: Head,
    /// What it says.
    pub manifest: Vec<u8>,
    pieces: Pieces<R>,
}

impl<R: Read> Trusted<R> {
    /// Reads what is left, so that every byte of the bundle was authenticated.
    ///
    /// # Errors
    /// [`CourierError::Damaged`], the source's errors.
    pub fn to_the_end(mut self) -> Result<()> {
        while self.pieces.next_piece()? {}
        Ok(())
    }
}

impl<R: Read> Read for Trusted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.pieces.some(buffer).map_err(|error| match error {
            CourierError::Io(error) => error,
            other => io::Error::new(io::ErrorKind::InvalidData, other),
        })
    }
}

struct Pieces<R> {
    source: R,
    opener: Box<dyn HpkeOpener>,
    /// The next sealed piece: whether there is one tells whether the one before is the last.
    ahead: Vec<u8>,
    plain: Vec<u8>,
    /// How much of `plain` was given out.
    at: usize,
    is_last: bool,
}

impl<R: Read> Pieces<R> {
    /// A whole sealed piece, or nothing at the end of the file.
    fn sealed_piece(&mut self) -> Result<Vec<u8>> {
        let mut piece = Vec::with_capacity(PIECE + TAG);
        (&mut self.source)
            .take((PIECE + TAG) as u64)
            .read_to_end(&mut piece)?;
        match piece.len() {
            0 => Ok(piece),
            whole if whole == PIECE + TAG => Ok(piece),
            _ => Err(CourierError::Damaged),
        }
    }

    /// Authenticates the next piece; false after the last.
    fn next_piece(&mut self) -> Result<bool> {
        if self.is_last {
            return Ok(false);
        }
        let following = self.sealed_piece()?;
        let sealed = std::mem::replace(&mut self.ahead, following);
        let is_last = self.ahead.is_empty();
        self.plain = self
            .opener
            .open(&[u8::from(is_last)], &sealed)
            .map_err(|_| CourierError::Damaged)?;
        self.at = 0;
        self.is_last = is_last;
        Ok(true)
    }

    fn some(&mut self, buffer: &mut [u8]) -> Result<usize> {
        while self.at == self.plain.len() {
            if buffer.is_empty() || !self.next_piece()? {
                return Ok(0);
            }
        }
        let left = self.plain.get(self.at..).unwrap_or_default();
        let count = left.len().min(buffer.len());
        buffer
            .split_at_mut(count)
            .0
            .copy_from_slice(left.split_at(count).0);
        self.at += count;
        Ok(count)
    }

    fn exactly(&mut self, mut buffer: &mut [u8]) -> Result<()> {
        while !buffer.is_empty() {
            let count = self.some(buffer)?;
            if count == 0 {
                return Err(CourierError::Damaged);
            }
            buffer = buffer.split_at_mut(count).1;
        }
        Ok(())
    }
}
