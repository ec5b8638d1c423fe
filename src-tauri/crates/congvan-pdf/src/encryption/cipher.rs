//! The two ciphers of the standard security handler: RC4, and AES in CBC mode.

use aes::{Aes128, Aes256};
use cbc::cipher::{
    BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit, StreamCipher,
    block_padding::{NoPadding, Pkcs7},
};
use rc4::Rc4;

/// Bytes of an AES block and of an initialisation vector.
pub(super) const BLOCK: usize = 16;

/// Enciphers or deciphers; the two are the same. None for a key of no or more than 256 bytes.
pub(super) fn rc4(key: &[u8], mut data: Vec<u8>) -> Option<Vec<u8>> {
    let mut cipher = Rc4::new_from_slice(key).ok()?;
    cipher.apply_keystream(&mut data);
    Some(data)
}

/// Undoes AES-CBC of data that begins with its initialisation vector (7.6.3.1). None where the
/// length or the padding is wrong.
pub(super) fn aes_decipher(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    // Some producers write an empty string as nothing at all.
    if data.is_empty() {
        return Some(Vec::new());
    }
    let (iv, body) = data.split_at_checked(BLOCK)?;
    match key.len() {
        16 => cbc::Decryptor::<Aes128>::new_from_slices(key, iv)
            .ok()?
            .decrypt_padded_vec::<Pkcs7>(body)
            .ok(),
        32 => cbc::Decryptor::<Aes256>::new_from_slices(key, iv)
            .ok()?
            .decrypt_padded_vec::<Pkcs7>(body)
            .ok(),
        _ => None,
    }
}

/// AES-CBC with the initialisation vector put before it. None for a key of another length.
pub(super) fn aes_encipher(key: &[u8], iv: [u8; BLOCK], data: &[u8]) -> Option<Vec<u8>> {
    let body = match key.len() {
        16 => cbc::Encryptor::<Aes128>::new_from_slices(key, &iv)
            .ok()?
            .encrypt_padded_vec::<Pkcs7>(data),
        32 => cbc::Encryptor::<Aes256>::new_from_slices(key, &iv)
            .ok()?
            .encrypt_padded_vec::<Pkcs7>(data),
        _ => return None,
    };
    Some([iv.as_slice(), &body].concat())
}

/// AES-256-CBC without padding and with a zero vector, for the file key (algorithm 2.A).
pub(super) fn unwrap_key(key: &[u8; 32], data: &[u8]) -> Option<Vec<u8>> {
    cbc::Decryptor::<Aes256>::new_from_slices(key, &[0; BLOCK])
        .ok()?
        .decrypt_padded_vec::<NoPadding>(data)
        .ok()
}

/// AES-128-CBC without padding, for the hash of revision 6 (algorithm 2.B).
pub(super) fn aes128_blocks(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let cipher = cbc::Encryptor::<Aes128>::new_from_slices(key, iv).ok()?;
    Some(cipher.encrypt_padded_vec::<NoPadding>(data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_enciphered_comes_back_for_every_length() {
        for key in [[7_u8; 16].as_slice(), &[9; 32]] {
            for len in [0, 1, 15, 16, 17, 4096] {
                let data = vec![3; len];
                let sealed = aes_encipher(key, [5; BLOCK], &data).unwrap();
                assert_eq!(sealed.len() % BLOCK, 0);
                assert_eq!(aes_decipher(key, &sealed), Some(data));
            }
        }
    }

    #[test]
    fn data_that_is_no_ciphertext_is_told_from_data() {
        assert_eq!(aes_decipher(&[7; 16], &[1; 15]), None);
        assert_eq!(aes_decipher(&[7; 16], &[1; 17]), None);
        assert_eq!(aes_decipher(&[7; 5], &[1; 32]), None);
        assert_eq!(rc4(&[], vec![1]), None);
    }
}
