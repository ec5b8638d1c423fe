use aws_lc_rs::{digest, signature};
use congvan_model::{ByteSource, ReadError, Sha256};
use congvan_pdf::Unsigned;
use der::asn1::ObjectIdentifier;

use crate::{
    complete::finish,
    pss,
    tlv::{self, Tlv},
};

/// Digests that Circular 15/2025/TT-BKHCN, Appendix I, and ETSI TS 119 312 both admit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    /// SHA-256: what every token of the Government CA does.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// How an RSA key pads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RsaPadding {
    /// RSASSA-PKCS1-v1_5.
    #[default]
    Pkcs1,
    /// RSASSA-PSS, the salt as long as the digest, MGF1 with the same digest.
    Pss,
}

/// The curve of an EC key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
}

impl Curve {
    /// Bytes of one coordinate, half of a raw signature.
    #[must_use]
    pub fn field_bytes(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// What the key must do with the data to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// RSA.
    Rsa {
        /// Padding.
        padding: RsaPadding,
        /// Digest.
        digest: DigestAlgorithm,
    },
    /// ECDSA.
    Ecdsa {
        /// Curve of the key.
        curve: Curve,
        /// Digest.
        digest: DigestAlgorithm,
    },
}

const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const EC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

impl DigestAlgorithm {
    pub(crate) fn context(self) -> digest::Context {
        digest::Context::new(self.hash())
    }

    fn hash(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }

    pub(crate) fn of(self, data: &[u8]) -> Vec<u8> {
        digest::digest(self.hash(), data).as_ref().to_vec()
    }

    pub(crate) fn digest(self, data: &[u8]) -> digest::Digest {
        digest::digest(self.hash(), data)
    }

    fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => SHA256,
            Self::Sha384 => SHA384,
            Self::Sha512 => SHA512,
        }
    }

    fn salt(self) -> u8 {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// AlgorithmIdentifier without parameters (RFC 5754, 2).
    pub(crate) fn identifier(self) -> Vec<u8> {
        tlv::sequence(&[&tlv::oid(self.oid())])
    }

    /// Reads an AlgorithmIdentifier.
    pub(crate) fn from_identifier(identifier: Tlv<'_>) -> Option<Self> {
        Self::from_oid(&algorithm_oid(identifier)?)
    }

    fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        [Self::Sha256, Self::Sha384, Self::Sha512]
            .into_iter()
            .find(|digest| digest.oid() == *oid)
    }
}

pub(crate) fn algorithm_oid(identifier: Tlv<'_>) -> Option<ObjectIdentifier> {
    let (oid, _) = Tlv::read(identifier.expect(tlv::SEQUENCE)?.value)?;
    ObjectIdentifier::from_bytes(oid.expect(tlv::OID)?.value).ok()
}

impl SignatureAlgorithm {
    /// The digest used.
    #[must_use]
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::Rsa { digest, .. } | Self::Ecdsa { digest, .. } => digest,
        }
    }

    /// AlgorithmIdentifier for the SignerInfo (RFC 5754, 3; RFC 4056 for PSS).
    pub(crate) fn identifier(self) -> Vec<u8> {
        const NULL: [u8; 2] = [5, 0];
        match self {
            Self::Rsa {
                padding: RsaPadding::Pkcs1,
                digest,
            } => {
                let oid = match digest {
                    DigestAlgorithm::Sha256 => RSA_SHA256,
                    DigestAlgorithm::Sha384 => RSA_SHA384,
                    DigestAlgorithm::Sha512 => RSA_SHA512,
                };
                tlv::sequence(&[&tlv::oid(oid), &NULL])
            }
            Self::Rsa {
                padding: RsaPadding::Pss,
                digest,
            } => {
                let hash = digest.identifier();
                let mgf = tlv::sequence(&[&tlv::oid(MGF1), &hash]);
                let salt = tlv::unsigned(&[digest.salt()]);
                let parameters = tlv::sequence(&[
                    &tlv::encode(0xa0, &[&hash]),
                    &tlv::encode(0xa1, &[&mgf]),
                    &tlv::encode(0xa2, &[&salt]),
                ]);
                tlv::sequence(&[&tlv::oid(RSA_PSS), &parameters])
            }
            Self::Ecdsa { digest, .. } => {
                let oid = match digest {
                    DigestAlgorithm::Sha256 => ECDSA_SHA256,
                    DigestAlgorithm::Sha384 => ECDSA_SHA384,
                    DigestAlgorithm::Sha512 => ECDSA_SHA512,
                };
                tlv::sequence(&[&tlv::oid(oid)])
            }
        }
    }

    /// What a SignerInfo says, for a key of the certificate; none where the two do not agree or
    /// the algorithm is not admitted.
    pub(crate) fn from_identifier(
        identifier: Tlv<'_>,
        digest: DigestAlgorithm,
        key: &PublicKey,
    ) -> Option<Self> {
        let oid = algorithm_oid(identifier)?;
        let padding = match (key.kind, oid) {
            (KeyKind::Rsa { .. }, RSA) => RsaPadding::Pkcs1,
            (KeyKind::Rsa { .. }, RSA_SHA256) if digest == DigestAlgorithm::Sha256 => {
                RsaPadding::Pkcs1
            }
            (KeyKind::Rsa { .. }, RSA_SHA384) if digest == DigestAlgorithm::Sha384 => {
                RsaPadding::Pkcs1
            }
            (KeyKind::Rsa { .. }, RSA_SHA512) if digest == DigestAlgorithm::Sha512 => {
                RsaPadding::Pkcs1
            }
            (KeyKind::Rsa { .. }, RSA_PSS) => {
                // Only the form that we write ourselves, with or without NULL parameters of the
                // digest; other mixtures of digests have no use.
                pss_digests_agree(identifier, digest).then_some(RsaPadding::Pss)?
            }
            (KeyKind::Ec(curve), oid) => {
                let expected = match digest {
                    DigestAlgorithm::Sha256 => ECDSA_SHA256,
                    DigestAlgorithm::Sha384 => ECDSA_SHA384,
                    DigestAlgorithm::Sha512 => ECDSA_SHA512,
                };
                return (oid == expected || oid == EC_KEY).then_some(Self::Ecdsa { curve, digest });
            }
            (KeyKind::Rsa { .. }, _) => return None,
        };
        Some(Self::Rsa { padding, digest })
    }
}

fn pss_digests_agree(identifier: Tlv<'_>, digest: DigestAlgorithm) -> bool {
    let inner = || {
        let children = identifier.children()?;
        let parameters = children.get(1)?.children()?;
        let mut agreed = 0;
        for parameter in parameters {
            let value = Tlv::only(parameter.value)?;
            match parameter.tag {
                0xa0 if DigestAlgorithm::from_identifier(value)? == digest => agreed += 1,
                0xa1 => {
                    let mgf = value.children()?;
                    if algorithm_oid(value)? != MGF1
                        || DigestAlgorithm::from_identifier(*mgf.get(1)?)? != digest
                    {
                        return None;
                    }
                    agreed += 1;
                }
                0xa2 => {}
                _ => return None,
            }
        }
        Some(agreed == 2)
    };
    inner().unwrap_or(false)
}

/// The kind of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA with so many bits of modulus.
    Rsa {
        /// Bits of the modulus.
        bits: usize,
    },
    /// EC on a curve.
    Ec(Curve),
}

/// A public key taken from a certificate.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey {
    pub(crate) kind: KeyKind,
    /// RSAPublicKey, or the EC point.
    bytes: Vec<u8>,
}

impl PublicKey {
    /// From SubjectPublicKeyInfo; none for kinds we do not verify.
    pub(crate) fn from_info(info: &[u8]) -> Option<Self> {
        let children = Tlv::only(info)?.expect(tlv::SEQUENCE)?.children()?;
        let [identifier, bits] = children.as_slice() else {
            return None;
        };
        let (unused, bytes) = bits.expect(0x03)?.value.split_first()?;
        if *unused != 0 {
            return None;
        }
        let kind = match algorithm_oid(*identifier)? {
            // A key that is bound to PSS by its own OID is written the same way inside.
            RSA | RSA_PSS => KeyKind::Rsa {
                bits: modulus_bits(bytes)?,
            },
            EC_KEY => {
                let parameters = identifier.children()?;
                let curve = parameters.get(1)?.expect(tlv::OID)?;
                KeyKind::Ec(match ObjectIdentifier::from_bytes(curve.value).ok()? {
                    P256 => Curve::P256,
                    P384 => Curve::P384,
                    P521 => Curve::P521,
                    _ => return None,
                })
            }
            _ => return None,
        };
        Some(Self {
            kind,
            bytes: bytes.to_vec(),
        })
    }

    /// Whether `raw` is this key's signature of `message`. ECDSA in DER.
    pub(crate) fn verifies(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        raw: &[u8],
    ) -> bool {
        let key = signature::UnparsedPublicKey::new(verification(algorithm), &self.bytes);
        key.verify(message, raw).is_ok()
            || self.verifies_with_other_salt(algorithm, &algorithm.digest().of(message), raw)
    }

    /// Whether `raw` is this key's signature of something with the digest `digest`.
    pub(crate) fn verifies_digest(
        &self,
        algorithm: SignatureAlgorithm,
        digest: &digest::Digest,
        raw: &[u8],
    ) -> bool {
        let key = signature::UnparsedPublicKey::new(verification(algorithm), &self.bytes);
        key.verify_digest(digest, raw).is_ok()
            || self.verifies_with_other_salt(algorithm, digest.as_ref(), raw)
    }

    /// PSS with a salt that is not as long as the digest.
    fn verifies_with_other_salt(
        &self,
        algorithm: SignatureAlgorithm,
        digest: &[u8],
        raw: &[u8],
    ) -> bool {
        match algorithm {
            SignatureAlgorithm::Rsa {
                padding: RsaPadding::Pss,
                digest: kind,
            } => pss::verifies(&self.bytes, kind, digest, raw),
            SignatureAlgorithm::Rsa {
                padding: RsaPadding::Pkcs1,
                ..
            }
            | SignatureAlgorithm::Ecdsa { .. } => false,
        }
    }
}

fn modulus_bits(key: &[u8]) -> Option<usize> {
    let children = Tlv::only(key)?.children()?;
    let modulus = children.first()?.expect(tlv::INTEGER)?.value;
    let skip = modulus.iter().take_while(|byte| **byte == 0).count();
    let first = modulus.get(skip)?;
    Some((modulus.len() - skip) * 8 - first.leading_zeros() as usize)
}

fn verification(algorithm: SignatureAlgorithm) -> &'static dyn signature::VerificationAlgorithm {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    match algorithm {
        SignatureAlgorithm::Rsa { padding, digest } => match (padding, digest) {
            (RsaPadding::Pkcs1, Sha256) => &signature::RSA_PKCS1_2048_8192_SHA256,
            (RsaPadding::Pkcs1, Sha384) => &signature::RSA_PKCS1_2048_8192_SHA384,
            (RsaPadding::Pkcs1, Sha512) => &signature::RSA_PKCS1_2048_8192_SHA512,
            (RsaPadding::Pss, Sha256) => &signature::RSA_PSS_2048_8192_SHA256,
            (RsaPadding::Pss, Sha384) => &signature::RSA_PSS_2048_8192_SHA384,
            (RsaPadding::Pss, Sha512) => &signature::RSA_PSS_2048_8192_SHA512,
        },
        SignatureAlgorithm::Ecdsa { curve, digest } => match (curve, digest) {
            (Curve::P256, Sha256) => &signature::ECDSA_P256_SHA256_ASN1,
            (Curve::P256, Sha384) => &signature::ECDSA_P256_SHA384_ASN1,
            (Curve::P256, Sha512) => &signature::ECDSA_P256_SHA512_ASN1,
            (Curve::P384, Sha256) => &signature::ECDSA_P384_SHA256_ASN1,
            (Curve::P384, Sha384) => &signature::ECDSA_P384_SHA384_ASN1,
            (Curve::P384, Sha512) => &signature::ECDSA_P384_SHA512_ASN1,
            (Curve::P521, Sha256) => &signature::ECDSA_P521_SHA256_ASN1,
            (Curve::P521, Sha384) => &signature::ECDSA_P521_SHA384_ASN1,
            (Curve::P521, Sha512) => &signature::ECDSA_P521_SHA512_ASN1,
        },
    }
}

/// A raw ECDSA signature (two numbers side by side, as PKCS#11 gives it) in DER.
pub(crate) fn ecdsa_der(raw: &[u8], curve: Curve) -> Option<Vec<u8>> {
    let half = curve.field_bytes();
    if raw.len() != 2 * half {
        return None;
    }
    let (r, s) = raw.split_at_checked(half)?;
    Some(tlv::sequence(&[&tlv::unsigned(r), &tlv::unsigned(s)]))
}

/// Small enough to stay in the nearest memory, and to be no fresh map of pages each time.
const CHUNK: usize = 1 << 16;

/// Feeds a range of a source to hash contexts, a chunk at a time.
pub(crate) fn hash_range(
    source: &dyn ByteSource,
    start: u64,
    len: u64,
    mut feed: impl FnMut(&[u8]),
) -> Result<(), ReadError> {
    let mut buffer = vec![0; CHUNK.min(usize::try_from(len).unwrap_or(CHUNK))];
    let mut at = start;
    let end = start.checked_add(len).ok_or(ReadError::PastEnd)?;
    while at < end {
        let size = usize::try_from(end - at).unwrap_or(CHUNK).min(buffer.len());
        let chunk = buffer.get_mut(..size).ok_or(ReadError::PastEnd)?;
        source.read_at(at, chunk)?;
        feed(chunk);
        at += size as u64;
    }
    Ok(())
}

/// The digest of the two signed ranges of a revision to be signed, and the SHA-256 of the original
/// under it for whoever goes on: the original is read once, as it may have hundreds of megabytes.
pub(crate) fn hash_unsigned(
    source: &dyn ByteSource,
    unsigned: &Unsigned,
    digest: DigestAlgorithm,
) -> Result<(digest::Digest, BaseHash), ReadError> {
    let mut base = digest::Context::new(&digest::SHA256);
    let mut other = (digest != DigestAlgorithm::Sha256).then(|| digest.context());
    hash_range(source, 0, unsigned.base, |chunk| {
        base.update(chunk);
        if let Some(other) = &mut other {
            other.update(chunk);
        }
    })?;
    let mut context = other.unwrap_or_else(|| base.clone());
    let before = unsigned.bytes.get(..unsigned.contents.start);
    let after = unsigned.bytes.get(unsigned.contents.end..);
    for part in [before, after] {
        context.update(part.ok_or(ReadError::PastEnd)?);
    }
    Ok((context.finish(), BaseHash(base)))
}

/// The SHA-256 of an original, to be gone on with.
#[derive(Clone)]
pub(crate) struct BaseHash(digest::Context);

impl BaseHash {
    /// The hash of the original with these bytes behind it.
    pub(crate) fn with(mut self, tail: &[u8]) -> Sha256 {
        self.0.update(tail);
        finish(self.0)
    }
}

impl std::fmt::Debug for BaseHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BaseHash")
    }
}

/// The digest of the two signed ranges of a /ByteRange.
pub(crate) fn hash_byte_range(
    source: &dyn ByteSource,
    range: [u64; 4],
    digest: DigestAlgorithm,
) -> Result<digest::Digest, ReadError> {
    let mut context = digest.context();
    let [a, b, c, d] = range;
    hash_range(source, a, b, |chunk| context.update(chunk))?;
    hash_range(source, c, d, |chunk| context.update(chunk))?;
    Ok(context.finish())
}
