use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use const_oid::{
    ObjectIdentifier,
    db::rfc5912::{ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_256_R_1, SECP_384_R_1, SECP_521_R_1},
};
use der::{Decode, Reader, SliceReader, asn1::UintRef};
use x509_cert::Certificate;

use congvan_model::{Hash, SignAlgorithm};

use crate::mechanism::key_kind;

/// The kind of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA.
    Rsa,
    /// On an elliptic curve.
    Ec,
    /// Another one, which we cannot sign with.
    Other,
}

/// The public key of a certificate, for checking what a token made.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey {
    pub(crate) kind: KeyKind,
    /// Bits of the modulus or of the curve; 0 when unknown.
    pub(crate) bits: u32,
    /// The bits of the SubjectPublicKeyInfo: PKCS#1 for RSA, a point for EC.
    key: Vec<u8>,
}

impl PublicKey {
    /// Reads a certificate. One that cannot be parsed has a key of kind `Other`.
    pub(crate) fn of_certificate(certificate: &[u8]) -> Self {
        let unknown = Self {
            kind: KeyKind::Other,
            bits: 0,
            key: Vec::new(),
        };
        let Ok(certificate) = Certificate::from_der(certificate) else {
            return unknown;
        };
        let spki = certificate.tbs_certificate.subject_public_key_info;
        let Some(key) = spki.subject_public_key.as_bytes().map(<[u8]>::to_vec) else {
            return unknown;
        };
        match spki.algorithm.oid {
            RSA_ENCRYPTION => {
                let bits = modulus(&key).map_or(0, |modulus| bit_length(&modulus));
                Self {
                    kind: KeyKind::Rsa,
                    bits,
                    key,
                }
            }
            ID_EC_PUBLIC_KEY => {
                let curve = spki
                    .algorithm
                    .parameters
                    .and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
                let bits = match curve {
                    Some(SECP_256_R_1) => 256,
                    Some(SECP_384_R_1) => 384,
                    Some(SECP_521_R_1) => 521,
                    Some(_) | None => 0,
                };
                Self {
                    kind: KeyKind::Ec,
                    bits,
                    key,
                }
            }
            _ => unknown,
        }
    }

    /// The modulus of an RSA key, without leading zeros.
    pub(crate) fn modulus(&self) -> Option<Vec<u8>> {
        match self.kind {
            KeyKind::Rsa => modulus(&self.key),
            KeyKind::Ec | KeyKind::Other => None,
        }
    }

    /// Whether this key can make such signatures as far as we can check them.
    pub(crate) fn supports(&self, algorithm: SignAlgorithm) -> bool {
        self.verification(algorithm).is_some()
    }

    /// Whether the signature is this key's over the message.
    pub(crate) fn verifies(
        &self,
        algorithm: SignAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        self.verification(algorithm).is_some_and(|verification| {
            UnparsedPublicKey::new(verification, &self.key)
                .verify(message, signature)
                .is_ok()
        })
    }

    fn verification(&self, algorithm: SignAlgorithm) -> Option<&'static dyn VerificationAlgorithm> {
        use Hash::{Sha256, Sha384, Sha512};
        if key_kind(algorithm) != self.kind {
            return None;
        }
        Some(match (algorithm, self.bits) {
            (SignAlgorithm::RsaPkcs1(Sha256), 2048..=8192) => {
                &signature::RSA_PKCS1_2048_8192_SHA256
            }
            (SignAlgorithm::RsaPkcs1(Sha384), 2048..=8192) => {
                &signature::RSA_PKCS1_2048_8192_SHA384
            }
            (SignAlgorithm::RsaPkcs1(Sha512), 2048..=8192) => {
                &signature::RSA_PKCS1_2048_8192_SHA512
            }
            (SignAlgorithm::RsaPss(Sha256), 2048..=8192) => &signature::RSA_PSS_2048_8192_SHA256,
            (SignAlgorithm::RsaPss(Sha384), 2048..=8192) => &signature::RSA_PSS_2048_8192_SHA384,
            (SignAlgorithm::RsaPss(Sha512), 2048..=8192) => &signature::RSA_PSS_2048_8192_SHA512,
            (SignAlgorithm::Ecdsa(Sha256), 256) => &signature::ECDSA_P256_SHA256_ASN1,
            (SignAlgorithm::Ecdsa(Sha256), 384) => &signature::ECDSA_P384_SHA256_ASN1,
            (SignAlgorithm::Ecdsa(Sha384), 384) => &signature::ECDSA_P384_SHA384_ASN1,
            (SignAlgorithm::Ecdsa(Sha256), 521) => &signature::ECDSA_P521_SHA256_ASN1,
            (SignAlgorithm::Ecdsa(Sha384), 521) => &signature::ECDSA_P521_SHA384_ASN1,
            (SignAlgorithm::Ecdsa(Sha512), 521) => &signature::ECDSA_P521_SHA512_ASN1,
            (
                SignAlgorithm::RsaPkcs1(_) | SignAlgorithm::RsaPss(_) | SignAlgorithm::Ecdsa(_),
                _,
            ) => return None,
        })
    }
}

/// The first integer of a PKCS#1 RSAPublicKey.
fn modulus(key: &[u8]) -> Option<Vec<u8>> {
    let mut reader = SliceReader::new(key).ok()?;
    reader
        .sequence(|inner| {
            let modulus = inner.decode::<UintRef<'_>>()?.as_bytes().to_vec();
            inner.decode::<UintRef<'_>>()?;
            Ok::<_, der::Error>(modulus)
        })
        .ok()
}

fn bit_length(number: &[u8]) -> u32 {
    let Some(first) = number.first() else {
        return 0;
    };
    let rest = u32::try_from(number.len() - 1).unwrap_or(0);
    rest * 8 + (8 - first.leading_zeros())
}
