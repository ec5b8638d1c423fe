//! Answers and questions of OCSP (RFC 6960), read as raw slices.

use std::sync::Arc;

use congvan_model::{Sha256, Timestamp};
use der::asn1::ObjectIdentifier;

use crate::{
    algorithm::{DigestAlgorithm, algorithm_oid},
    certificate::{Certificate, Envelope, extension_value, sha256},
    evidence::{Statement, Word},
    known::Known,
    time,
    tlv::{self, Tlv},
};

const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");
const NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");
const ARCHIVE_CUTOFF: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.6");
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
/// Certificates that an answer may carry, and certificates that it may speak of.
const MOST: usize = 64;

/// A successful BasicOCSPResponse.
pub(crate) struct OcspResponse {
    basic: Vec<u8>,
    /// Of `basic`.
    hash: Sha256,
    responder: Responder,
    answers: Vec<Answer>,
    certificates: Vec<Arc<Certificate>>,
    nonce: Option<Vec<u8>>,
}

enum Responder {
    /// Name, DER.
    Name(Vec<u8>),
    /// SHA-1 of the key's bits.
    Key(Vec<u8>),
}

struct Answer {
    /// AlgorithmIdentifier's identifier.
    hash: ObjectIdentifier,
    name_hash: Vec<u8>,
    key_hash: Vec<u8>,
    serial: Vec<u8>,
    word: Option<Word>,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    archive_cutoff: Option<Timestamp>,
}

impl OcspResponse {
    /// Reads an OCSPResponse, or a BasicOCSPResponse alone as some signatures hold it; none where
    /// it is damaged or no success.
    pub(crate) fn parse(der: &[u8], known: &Known) -> Option<Self> {
        let fields = Tlv::only(der)?.expect(tlv::SEQUENCE)?.children()?;
        let first = fields.first()?;
        let basic = if first.tag == 0x0a {
            if first.value != [0] {
                return None;
            }
            let bytes = Tlv::only(fields.get(1)?.expect(0xa0)?.value)?
                .expect(tlv::SEQUENCE)?
                .children()?;
            if bytes.first()?.expect(tlv::OID)?.value != BASIC.as_bytes() {
                return None;
            }
            bytes.get(1)?.expect(tlv::OCTET_STRING)?.value
        } else {
            der
        };
        let signed = Envelope::read(basic)?;
        let mut fields = signed.data.children()?.into_iter().peekable();
        fields.next_if(|field| field.tag == 0xa0);
        let responder = fields.next()?;
        let responder = match responder.tag {
            0xa1 => Responder::Name(Tlv::only(responder.value)?.full.to_vec()),
            0xa2 => {
                let key = Tlv::only(responder.value)?.expect(tlv::OCTET_STRING)?;
                Responder::Key(key.value.to_vec())
            }
            _ => return None,
        };
        // producedAt says nothing that thisUpdate does not, but must be a time.
        time::parse(fields.next()?)?;
        let answers = fields.next()?.expect(tlv::SEQUENCE)?.children()?;
        let answers: Vec<Answer> = answers
            .into_iter()
            .take(MOST)
            .map(answer)
            .collect::<Option<_>>()?;
        let extensions = fields.next().filter(|field| field.tag == 0xa1);
        let nonce = extensions.and_then(|field| extension_value(Tlv::only(field.value)?, NONCE));
        let certificates = match signed.rest.first() {
            None => Vec::new(),
            Some(explicit) => Tlv::only(explicit.expect(0xa0)?.value)?
                .expect(tlv::SEQUENCE)?
                .children()?
                .iter()
                .take(MOST)
                .filter_map(|der| known.certificate(der.full))
                .collect(),
        };
        Some(Self {
            responder,
            answers,
            certificates,
            nonce,
            hash: sha256(basic),
            basic: basic.to_vec(),
        })
    }

    /// What the answer says of a certificate; not yet established who says it.
    pub(crate) fn statement(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Option<Statement> {
        let answer = self.answers.iter().find(|answer| {
            answer.serial == certificate.serial
                && hash(answer.hash, &certificate.issuer).is_some_and(|h| h == answer.name_hash)
                && hash(answer.hash, &issuer.key_bits).is_some_and(|h| h == answer.key_hash)
        })?;
        Some(Statement {
            this_update: answer.this_update,
            next_update: answer.next_update,
            keeps_expired_since: answer.archive_cutoff,
            word: answer.word?,
        })
    }

    /// Whether this certificate's key signed the answer, and the answer names it.
    pub(crate) fn is_by(&self, signer: &Certificate, known: &Known) -> bool {
        let is_named = match &self.responder {
            Responder::Name(name) => *name == signer.subject,
            Responder::Key(key) => {
                hash(SHA1, &signer.key_bits).is_some_and(|of_key| of_key == *key)
            }
        };
        is_named && known.is_signed_by((self.hash, &self.basic), signer)
    }

    /// Responders that the issuer itself authorised and that signed the answer (4.2.2.2).
    pub(crate) fn delegates(
        &self,
        issuer: &Certificate,
        others: &[Arc<Certificate>],
        known: &Known,
    ) -> Vec<Arc<Certificate>> {
        let candidates = self.certificates.iter().chain(others);
        candidates
            .filter(|candidate| {
                let purposes = candidate.purposes.as_deref().unwrap_or_default();
                purposes.contains(&OCSP_SIGNING)
                    && candidate.may_sign
                    && known.is_issued_by(candidate, issuer)
                    && self.is_by(candidate, known)
            })
            .cloned()
            .collect()
    }

    /// When the first of its answers ends; none where one has no end.
    pub(crate) fn next_update(&self) -> Option<Timestamp> {
        let ends: Option<Vec<Timestamp>> = self.answers.iter().map(|one| one.next_update).collect();
        ends?.into_iter().min()
    }

    /// The nonce in the answer.
    pub(crate) fn nonce(&self) -> Option<&[u8]> {
        let nonce = self.nonce.as_deref()?;
        // RFC 8954 wraps it in an OCTET STRING of its own; older responders do not.
        Tlv::only(nonce)
            .and_then(|inner| inner.expect(tlv::OCTET_STRING))
            .map_or(Some(nonce), |inner| Some(inner.value))
    }
}

/// Whether a responder's certificate says that nobody need ask about it (4.2.2.2.1).
pub(crate) fn is_exempt(delegate: &Certificate) -> bool {
    delegate.extension(NO_CHECK).is_some()
}

fn hash(algorithm: ObjectIdentifier, data: &[u8]) -> Option<Vec<u8>> {
    if algorithm == SHA1 {
        let sha1 = &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY;
        return Some(aws_lc_rs::digest::digest(sha1, data).as_ref().to_vec());
    }
    let identifier = tlv::sequence(&[&tlv::oid(algorithm)]);
    Some(DigestAlgorithm::from_identifier(Tlv::only(&identifier)?)?.of(data))
}

fn answer(single: Tlv<'_>) -> Option<Answer> {
    let mut fields = single
        .expect(tlv::SEQUENCE)?
        .children()?
        .into_iter()
        .peekable();
    let id = fields.next()?.expect(tlv::SEQUENCE)?.children()?;
    let status = fields.next()?;
    let word = match status.tag {
        0x80 => Some(Word::Good),
        0xa1 => Some(revoked(status)?),
        // Unknown to the responder.
        0x82 => None,
        _ => return None,
    };
    let this_update = time::parse(fields.next()?)?;
    let next_update = match fields.next_if(|field| field.tag == 0xa0) {
        None => None,
        Some(explicit) => Some(time::parse(Tlv::only(explicit.value)?)?),
    };
    let extensions = fields.next().filter(|field| field.tag == 0xa1);
    let archive_cutoff = extensions
        .and_then(|field| extension_value(Tlv::only(field.value)?, ARCHIVE_CUTOFF))
        .and_then(|value| time::parse(Tlv::only(&value)?));
    Some(Answer {
        hash: algorithm_oid(*id.first()?)?,
        name_hash: id.get(1)?.expect(tlv::OCTET_STRING)?.value.to_vec(),
        key_hash: id.get(2)?.expect(tlv::OCTET_STRING)?.value.to_vec(),
        serial: id.get(3)?.expect(tlv::INTEGER)?.value.to_vec(),
        word,
        this_update,
        next_update,
        archive_cutoff,
    })
}

fn revoked(info: Tlv<'_>) -> Option<Word> {
    let fields = info.children()?;
    let at = time::parse(*fields.first()?)?;
    let reason = match fields.get(1) {
        None => None,
        Some(explicit) => Some(*Tlv::only(explicit.expect(0xa0)?.value)?.value.last()?),
    };
    Some(word(at, reason))
}

/// The word for a revocation with its CRLReason (RFC 5280, 5.3.1): 6 is certificateHold.
pub(crate) fn word(at: Timestamp, reason: Option<u8>) -> Word {
    if reason == Some(6) {
        Word::OnHold
    } else {
        Word::Revoked { at, reason }
    }
}

/// OCSPRequest for one certificate, DER. The identifiers are hashed with SHA-1, which names and
/// secures nothing here and which every responder knows (RFC 5019, 2.1.1).
pub(crate) fn request(
    certificate: &Certificate,
    issuer: &Certificate,
    nonce: Option<&[u8]>,
) -> Option<Vec<u8>> {
    let null = tlv::encode(0x05, &[]);
    let id = tlv::sequence(&[
        &tlv::sequence(&[&tlv::oid(SHA1), &null]),
        &tlv::encode(tlv::OCTET_STRING, &[&hash(SHA1, &certificate.issuer)?]),
        &tlv::encode(tlv::OCTET_STRING, &[&hash(SHA1, &issuer.key_bits)?]),
        &tlv::encode(tlv::INTEGER, &[&certificate.serial]),
    ]);
    let list = tlv::sequence(&[&tlv::sequence(&[&id])]);
    let extensions = nonce.map_or_else(Vec::new, |nonce| {
        let value = tlv::encode(tlv::OCTET_STRING, &[nonce]);
        let value = tlv::encode(tlv::OCTET_STRING, &[&value]);
        let extension = tlv::sequence(&[&tlv::oid(NONCE), &value]);
        tlv::encode(0xa2, &[&tlv::sequence(&[&extension])])
    });
    Some(tlv::sequence(&[&tlv::sequence(&[&list, &extensions])]))
}
