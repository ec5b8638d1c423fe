use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::{
    error::{Result, StoreError},
    keys::random,
};

pub(super) const MAGIC: &[u8; 4] = b"CVB1";
pub(super) const CHUNK: usize = 64 * 1024;
pub(super) const TAG: usize = 16;
pub(super) const SEALED_CHUNK: usize = CHUNK + TAG;
pub(super) const HEADER: usize = 4 + 12 + 32 + TAG;

/// The tag does not fit: the bytes were changed, cut off, or the key is another one.
#[derive(Debug)]
pub(super) struct Tampered;

/// The key of one file.
pub(super) struct FileKey {
    key: LessSafeKey,
    raw: Zeroizing<[u8; 32]>,
}

impl FileKey {
    pub(super) fn generate() -> Result<Self> {
        let mut raw = Zeroizing::new([0; 32]);
        random(&mut *raw)?;
        Self::from_raw(raw)
    }

    fn from_raw(raw: Zeroizing<[u8; 32]>) -> Result<Self> {
        Ok(Self {
            key: aead_key(&raw)?,
            raw,
        })
    }

    /// The header of a file with this key and name.
    pub(super) fn header(&self, wrap: &LessSafeKey, name: &str) -> Result<Vec<u8>> {
        let mut nonce = [0; 12];
        random(&mut nonce)?;
        let mut wrapped = self.raw.to_vec();
        wrap.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(name.as_bytes()),
            &mut wrapped,
        )
        .map_err(|_| StoreError::Invalid { what: "key wrap" })?;
        let mut header = MAGIC.to_vec();
        header.extend_from_slice(&nonce);
        header.extend_from_slice(&wrapped);
        Ok(header)
    }

    /// The key in a header; [`Tampered`] when the header is not of this name and store.
    pub(super) fn from_header(
        header: &[u8],
        wrap: &LessSafeKey,
        name: &str,
    ) -> std::result::Result<Self, Tampered> {
        let rest = header.strip_prefix(MAGIC.as_slice()).ok_or(Tampered)?;
        let (nonce, wrapped) = rest.split_at_checked(12).ok_or(Tampered)?;
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| Tampered)?;
        let mut wrapped = Zeroizing::new(wrapped.to_vec());
        let raw = wrap
            .open_in_place(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(name.as_bytes()),
                &mut wrapped,
            )
            .map_err(|_| Tampered)?;
        let raw: [u8; 32] = (&*raw).try_into().map_err(|_| Tampered)?;
        Self::from_raw(Zeroizing::new(raw)).map_err(|_| Tampered)
    }

    /// Enciphers a chunk in place and appends its tag.
    pub(super) fn seal(&self, number: u64, last: bool, chunk: &mut Vec<u8>) -> Result<()> {
        self.key
            .seal_in_place_append_tag(chunk_nonce(number, last), Aad::empty(), chunk)
            .map_err(|_| StoreError::Invalid { what: "chunk seal" })
    }

    /// Deciphers a chunk in place; the plaintext is the front of it.
    pub(super) fn open<'a>(
        &self,
        number: u64,
        last: bool,
        sealed: &'a mut [u8],
    ) -> std::result::Result<&'a [u8], Tampered> {
        self.key
            .open_in_place(chunk_nonce(number, last), Aad::empty(), sealed)
            .map(|plain| &*plain)
            .map_err(|_| Tampered)
    }
}

pub(crate) fn aead_key(raw: &[u8; 32]) -> Result<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, raw)
        .map(LessSafeKey::new)
        .map_err(|_| StoreError::Invalid { what: "key length" })
}

fn chunk_nonce(number: u64, last: bool) -> Nonce {
    let mut nonce = [0; 12];
    for (slot, byte) in nonce.iter_mut().skip(3).zip(number.to_be_bytes()) {
        *slot = byte;
    }
    if let Some(flag) = nonce.last_mut() {
        *flag = u8::from(last);
    }
    Nonce::assume_unique_for_key(nonce)
}

/// Plaintext length of a file of that length; none when no file of ours has it.
pub(super) fn plain_len(file_len: u64) -> Option<u64> {
    let body = file_len.checked_sub(HEADER as u64)?;
    let chunks = body.div_ceil(SEALED_CHUNK as u64);
    if chunks == 0 {
        return None;
    }
    body.checked_sub(chunks.checked_mul(TAG as u64)?)
}

/// Where the sealed chunk starts in the file.
pub(super) fn chunk_at(number: u64) -> u64 {
    (HEADER as u64).saturating_add(number.saturating_mul(SEALED_CHUNK as u64))
}
