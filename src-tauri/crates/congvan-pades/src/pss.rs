//! RSASSA-PSS (RFC 8017, 8.1.2) with a salt of any length. pyHanko and OpenSSL write the longest
//! salt by default, and aws-lc-rs verifies only one as long as the digest. Nothing here is secret.

use num_bigint::BigUint;

use crate::{
    DigestAlgorithm,
    tlv::{self, Tlv},
};

/// Bits of modulus that are admitted; a longer one only costs time.
const BITS: std::ops::RangeInclusive<u64> = 2048..=8192;
/// Bits of a public exponent: a longer one only costs time.
const EXPONENT_BITS: u64 = 33;

/// Whether `signature` is the signature of the key (RSAPublicKey, DER) over a message with the
/// digest `message`. MGF1 uses the same digest; the salt is as long as it turns out to be.
pub(crate) fn verifies(
    key: &[u8],
    digest: DigestAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> bool {
    encoded(key, signature).is_some_and(|(encoded, bits)| {
        is_encoding(&encoded, bits, digest, message).unwrap_or(false)
    })
}

/// The encoded message (EM) and its bits (RFC 8017, 8.1.2, step 2).
fn encoded(key: &[u8], signature: &[u8]) -> Option<(Vec<u8>, usize)> {
    let numbers = Tlv::only(key)?.expect(tlv::SEQUENCE)?.children()?;
    let [modulus, exponent] = numbers.as_slice() else {
        return None;
    };
    let modulus = BigUint::from_bytes_be(modulus.expect(tlv::INTEGER)?.value);
    let exponent = BigUint::from_bytes_be(exponent.expect(tlv::INTEGER)?.value);
    if !BITS.contains(&modulus.bits()) || !modulus.bit(0) || exponent.bits() > EXPONENT_BITS {
        return None;
    }
    let length = usize::try_from(modulus.bits().div_ceil(8)).ok()?;
    let value = BigUint::from_bytes_be(signature);
    if signature.len() != length || value >= modulus {
        return None;
    }
    let bits = usize::try_from(modulus.bits()).ok()? - 1;
    let number = value.modpow(&exponent, &modulus).to_bytes_be();
    let mut encoded = vec![0; bits.div_ceil(8).checked_sub(number.len())?];
    encoded.extend(number);
    Some((encoded, bits))
}

/// EMSA-PSS-VERIFY (RFC 8017, 9.1.2).
fn is_encoding(
    encoded: &[u8],
    bits: usize,
    digest: DigestAlgorithm,
    message: &[u8],
) -> Option<bool> {
    let (rest, [0xbc]) = encoded.split_last_chunk::<1>()? else {
        return Some(false);
    };
    let (masked, hash) = rest.split_at_checked(rest.len().checked_sub(message.len())?)?;
    let unused = u32::try_from(encoded.len() * 8 - bits).ok()?;
    let top = 0xff_u8.checked_shr(unused)?;
    if masked.first()? & !top != 0 {
        return Some(false);
    }
    let mut data: Vec<u8> = masked
        .iter()
        .zip(mask(digest, hash, masked.len()))
        .map(|(byte, mask)| byte ^ mask)
        .collect();
    *data.first_mut()? &= top;
    let zeros = data.iter().take_while(|byte| **byte == 0).count();
    let [1, salt @ ..] = data.get(zeros..)? else {
        return Some(false);
    };
    Some(digest.of(&[&[0; 8], message, salt].concat()) == hash)
}

/// MGF1 (RFC 8017, B.2.1).
fn mask(digest: DigestAlgorithm, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(length + 64);
    for counter in 0_u32.. {
        if mask.len() >= length {
            break;
        }
        mask.extend(digest.of(&[seed, &counter.to_be_bytes()].concat()));
    }
    mask.truncate(length);
    mask
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        encoding::AsDer,
        rand::SystemRandom,
        rsa::KeySize,
        signature::{KeyPair, RSA_PSS_SHA256, RsaKeyPair},
    };

    use super::*;

    #[test]
    fn what_another_library_signs_verifies_and_nothing_else_does() {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let key = pair.public_key().as_ref().to_vec();
        assert!(pair.public_key().as_der().is_ok());
        let mut good = vec![0; 256];
        pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), b"van ban", &mut good)
            .unwrap();
        let message = DigestAlgorithm::Sha256.of(b"van ban");
        let check = |signature: &[u8], message: &[u8]| {
            verifies(&key, DigestAlgorithm::Sha256, message, signature)
        };
        assert!(check(&good, &message));
        assert!(!check(&good, &DigestAlgorithm::Sha256.of(b"van bam")));
        assert!(!verifies(&key, DigestAlgorithm::Sha512, &message, &good));
        for at in (0..256).step_by(17) {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert!(!check(&bad, &message), "byte {at}");
        }
        for bad in [&good[1..], &[0; 256], &[0xff; 256], &[]] {
            assert!(!check(bad, &message));
        }
        assert!(!verifies(
            b"no key",
            DigestAlgorithm::Sha256,
            &message,
            &good
        ));
    }
}
