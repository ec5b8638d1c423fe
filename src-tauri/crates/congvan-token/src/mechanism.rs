use aws_lc_rs::digest;
use congvan_model::{Hash, SignAlgorithm};
use cryptoki::mechanism::{
    Mechanism, MechanismType,
    rsa::{PkcsMgfType, PkcsPssParams},
};

use crate::public_key::KeyKind;

/// The kind of key that an algorithm needs.
pub(crate) fn key_kind(algorithm: SignAlgorithm) -> KeyKind {
    match algorithm {
        SignAlgorithm::RsaPkcs1(_) | SignAlgorithm::RsaPss(_) => KeyKind::Rsa,
        SignAlgorithm::Ecdsa(_) => KeyKind::Ec,
    }
}

/// What is given to C_Sign with a mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// The message; the token hashes.
    Message,
    /// The hash.
    Digest,
    /// The hash in a DigestInfo, as CKM_RSA_PKCS wants it.
    DigestInfo,
}

/// The mechanisms that make a signature, best first: let the token hash, else hash here. Tokens
/// that know only the raw mechanism are common, as are those that list a mechanism and refuse it.
pub(crate) fn ladder(algorithm: SignAlgorithm) -> Vec<(Mechanism<'static>, Input)> {
    use Hash::{Sha256, Sha384, Sha512};
    match algorithm {
        SignAlgorithm::RsaPkcs1(hash) => {
            let hashing = match hash {
                Sha256 => Mechanism::Sha256RsaPkcs,
                Sha384 => Mechanism::Sha384RsaPkcs,
                Sha512 => Mechanism::Sha512RsaPkcs,
            };
            vec![
                (hashing, Input::Message),
                (Mechanism::RsaPkcs, Input::DigestInfo),
            ]
        }
        SignAlgorithm::RsaPss(hash) => {
            let (hash_alg, mgf, length) = match hash {
                Sha256 => (MechanismType::SHA256, PkcsMgfType::MGF1_SHA256, 32),
                Sha384 => (MechanismType::SHA384, PkcsMgfType::MGF1_SHA384, 48),
                Sha512 => (MechanismType::SHA512, PkcsMgfType::MGF1_SHA512, 64),
            };
            let params = PkcsPssParams {
                hash_alg,
                mgf,
                s_len: length.into(),
            };
            let hashing = match hash {
                Sha256 => Mechanism::Sha256RsaPkcsPss(params),
                Sha384 => Mechanism::Sha384RsaPkcsPss(params),
                Sha512 => Mechanism::Sha512RsaPkcsPss(params),
            };
            vec![
                (hashing, Input::Message),
                (Mechanism::RsaPkcsPss(params), Input::Digest),
            ]
        }
        // Raw first: every token with an EC key has it, and several list the hashing ones in vain.
        SignAlgorithm::Ecdsa(_) => vec![(Mechanism::Ecdsa, Input::Digest)],
    }
}

/// The bytes for C_Sign.
pub(crate) fn input_for(input: Input, hash: Hash, message: &[u8]) -> Vec<u8> {
    match input {
        Input::Message => message.to_vec(),
        Input::Digest => digest_of(hash, message),
        Input::DigestInfo => {
            // RFC 8017, 9.2, note 1: the DER before the hash.
            let (oid_end, length): (u8, u8) = match hash {
                Hash::Sha256 => (1, 32),
                Hash::Sha384 => (2, 48),
                Hash::Sha512 => (3, 64),
            };
            let mut info = vec![0x30, 17 + length, 0x30, 0x0d, 0x06, 0x09];
            info.extend([0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, oid_end]);
            info.extend([0x05, 0x00, 0x04, length]);
            info.extend(digest_of(hash, message));
            info
        }
    }
}

fn digest_of(hash: Hash, message: &[u8]) -> Vec<u8> {
    let algorithm = match hash {
        Hash::Sha256 => &digest::SHA256,
        Hash::Sha384 => &digest::SHA384,
        Hash::Sha512 => &digest::SHA512,
    };
    digest::digest(algorithm, message).as_ref().to_vec()
}

/// The DER form of a raw ECDSA signature: r and s of equal length, one after the other. Nothing
/// when the token answered an odd or empty number of bytes.
pub(crate) fn ecdsa_der(raw: &[u8]) -> Option<Vec<u8>> {
    if raw.is_empty() || !raw.len().is_multiple_of(2) || raw.len() > 2 * 66 {
        return None;
    }
    let (r, s) = raw.split_at(raw.len() / 2);
    let mut body = integer(r);
    body.extend(integer(s));
    let mut der = vec![0x30];
    let length = u8::try_from(body.len()).ok()?;
    if length >= 0x80 {
        der.push(0x81);
    }
    der.push(length);
    der.extend(body);
    Some(der)
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let value = bytes.get(zeros..).unwrap_or_default();
    let sign = value.first().is_none_or(|byte| *byte >= 0x80);
    let length = value.len() + usize::from(sign);
    // At most 67 bytes, so the length is one byte.
    let mut der = vec![0x02, u8::try_from(length).unwrap_or(u8::MAX)];
    if sign {
        der.push(0);
    }
    der.extend(value);
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_info_is_the_der_of_rfc_8017() {
        let info = input_for(Input::DigestInfo, Hash::Sha256, b"abc");
        assert_eq!(
            info.get(..19).unwrap(),
            [
                0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                0x01, 0x05, 0x00, 0x04, 0x20
            ]
        );
        assert_eq!(info.len(), 51);
    }

    #[test]
    fn raw_ecdsa_becomes_minimal_der() {
        let der = ecdsa_der(&[0, 1, 0x80, 2]).unwrap();
        assert_eq!(der, [0x30, 8, 0x02, 1, 1, 0x02, 3, 0, 0x80, 2]);
        assert!(ecdsa_der(&[1, 2, 3]).is_none());
        assert!(ecdsa_der(&[]).is_none());
        let big = ecdsa_der(&[0xff; 132]).unwrap();
        assert_eq!(big.get(..3).unwrap(), [0x30, 0x81, 138]);
    }
}
