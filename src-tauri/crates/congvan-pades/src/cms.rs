//! CMS SignedData as PAdES wants it: written by [`signed_attributes`] and [`signed_data`], read by
//! [`SignedData::read`].

use der::asn1::ObjectIdentifier;

use crate::{
    algorithm::{DigestAlgorithm, SignatureAlgorithm, algorithm_oid},
    certificate::Certificate,
    tlv::{self, Tlv},
};

pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// The signed attributes of a baseline signature, DER of the SET: content-type, message-digest,
/// signing-certificate-v2 and nothing else; the time is in /M (EN 319 142-1, 6.3, table 1).
pub(crate) fn signed_attributes(
    certificate: &Certificate,
    digest: DigestAlgorithm,
    message_digest: &[u8],
) -> Vec<u8> {
    tlv::set_of(vec![
        attribute(CONTENT_TYPE, &tlv::oid(DATA)),
        attribute(
            MESSAGE_DIGEST,
            &tlv::encode(tlv::OCTET_STRING, &[message_digest]),
        ),
        attribute(
            SIGNING_CERTIFICATE_V2,
            &signing_certificate(certificate, digest),
        ),
    ])
}

fn attribute(kind: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    tlv::sequence(&[&tlv::oid(kind), &tlv::encode(tlv::SET, &[value])])
}

/// SigningCertificateV2 (RFC 5035, 3): the digest algorithm is left out when it is SHA-256, its
/// default.
fn signing_certificate(certificate: &Certificate, digest: DigestAlgorithm) -> Vec<u8> {
    let hash = digest.of(&certificate.summary.der);
    let hash = tlv::encode(tlv::OCTET_STRING, &[&hash]);
    let algorithm = match digest {
        DigestAlgorithm::Sha256 => Vec::new(),
        DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512 => digest.identifier(),
    };
    let issuer = tlv::sequence(&[&tlv::encode(0xa4, &[&certificate.issuer])]);
    let serial = tlv::encode(tlv::INTEGER, &[&certificate.serial]);
    let issuer_serial = tlv::sequence(&[&issuer, &serial]);
    let id = tlv::sequence(&[&algorithm, &hash, &issuer_serial]);
    tlv::sequence(&[&tlv::sequence(&[&id])])
}

/// What goes into a SignedData around the attributes and the signature.
pub(crate) struct Parts<'a> {
    pub(crate) certificate: &'a Certificate,
    pub(crate) chain: &'a [Vec<u8>],
    pub(crate) algorithm: SignatureAlgorithm,
    /// DER of the SET of signed attributes.
    pub(crate) attributes: &'a [u8],
    pub(crate) signature: &'a [u8],
    /// DER of each unsigned attribute.
    pub(crate) unsigned: Vec<Vec<u8>>,
}

/// ContentInfo with a detached SignedData of version 1 (RFC 5652, 5.1).
pub(crate) fn signed_data(parts: Parts<'_>) -> Vec<u8> {
    let digest = parts.algorithm.digest().identifier();
    let mut certificates: Vec<Vec<u8>> = parts.chain.to_vec();
    certificates.push(parts.certificate.summary.der.clone());
    certificates.sort();
    certificates.dedup();
    let certificates: Vec<&[u8]> = certificates.iter().map(Vec::as_slice).collect();
    let serial = tlv::encode(tlv::INTEGER, &[&parts.certificate.serial]);
    let attributes = Tlv::only(parts.attributes).map_or(&[][..], |set| set.value);
    let unsigned = if parts.unsigned.is_empty() {
        Vec::new()
    } else {
        let set = tlv::set_of(parts.unsigned);
        tlv::encode(0xa1, &[Tlv::only(&set).map_or(&[][..], |set| set.value)])
    };
    let signer = tlv::sequence(&[
        &tlv::unsigned(&[1]),
        &tlv::sequence(&[&parts.certificate.issuer, &serial]),
        &digest,
        &tlv::encode(0xa0, &[attributes]),
        &parts.algorithm.identifier(),
        &tlv::encode(tlv::OCTET_STRING, &[parts.signature]),
        &unsigned,
    ]);
    let data = tlv::sequence(&[
        &tlv::unsigned(&[1]),
        &tlv::encode(tlv::SET, &[&digest]),
        &tlv::sequence(&[&tlv::oid(DATA)]),
        &tlv::encode(0xa0, &certificates),
        &tlv::encode(tlv::SET, &[&signer]),
    ]);
    tlv::sequence(&[&tlv::oid(SIGNED_DATA), &tlv::encode(0xa0, &[&data])])
}

/// Why a CMS structure cannot be a signature of a PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CmsProblem {
    /// Not CMS at all, or damaged.
    Damaged,
    /// Bytes other than padding after the structure.
    TrailingData,
    /// No or several SignerInfos.
    Signers,
    /// An attribute that must be there once is there twice.
    DuplicateAttribute,
}

/// Who signed, as the SignerInfo says.
#[derive(Clone, Debug)]
pub(crate) enum SignerId {
    IssuerSerial { issuer: Vec<u8>, serial: Vec<u8> },
    KeyId(Vec<u8>),
}

/// A SignedData with one SignerInfo, as raw parts.
#[derive(Clone, Debug)]
pub(crate) struct SignedData {
    pub(crate) content_type: ObjectIdentifier,
    /// Content inside; none when detached.
    pub(crate) content: Option<Vec<u8>>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) signer: SignerId,
    /// AlgorithmIdentifier, DER.
    pub(crate) digest: Vec<u8>,
    /// The signed attributes as the SET that is hashed; none where there are none.
    pub(crate) attributes: Option<Vec<u8>>,
    /// AlgorithmIdentifier, DER.
    pub(crate) algorithm: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl SignedData {
    /// Reads the structure at the start of `contents`, which may be padded with zeros. Its end is
    /// found by its own length, because a structure may itself end in zeros.
    pub(crate) fn read(contents: &[u8]) -> Result<Self, CmsProblem> {
        let (der, used) = tlv::normalise(contents).ok_or(CmsProblem::Damaged)?;
        let padding = contents.get(used..).unwrap_or_default();
        if padding.iter().any(|byte| *byte != 0) {
            return Err(CmsProblem::TrailingData);
        }
        let (data, signers) = outer(&der).ok_or(CmsProblem::Damaged)?;
        let [signer] = signers.as_slice() else {
            return Err(CmsProblem::Signers);
        };
        let (content_type, content, certificates) = content(&data).ok_or(CmsProblem::Damaged)?;
        let parsed = signer_info(*signer).ok_or(CmsProblem::Damaged)?;
        Ok(Self {
            content_type,
            content,
            certificates,
            ..parsed
        })
    }

    /// The one value of a signed attribute.
    fn attribute(&self, kind: ObjectIdentifier) -> Result<Option<Vec<u8>>, CmsProblem> {
        let Some(set) = &self.attributes else {
            return Ok(None);
        };
        let all = attributes(Tlv::only(set).ok_or(CmsProblem::Damaged)?);
        let mut found = None;
        for (oid, values) in all.ok_or(CmsProblem::Damaged)? {
            if oid == kind {
                let [value] = values.as_slice() else {
                    return Err(CmsProblem::DuplicateAttribute);
                };
                if found.replace(value.clone()).is_some() {
                    return Err(CmsProblem::DuplicateAttribute);
                }
            }
        }
        Ok(found)
    }

    pub(crate) fn attribute_content_type(&self) -> Result<Option<ObjectIdentifier>, CmsProblem> {
        let value = self.attribute(CONTENT_TYPE)?;
        Ok(value.and_then(|value| {
            ObjectIdentifier::from_bytes(Tlv::only(&value)?.expect(tlv::OID)?.value).ok()
        }))
    }

    pub(crate) fn message_digest(&self) -> Result<Option<Vec<u8>>, CmsProblem> {
        let value = self.attribute(MESSAGE_DIGEST)?;
        Ok(value
            .and_then(|value| Some(Tlv::only(&value)?.expect(tlv::OCTET_STRING)?.value.to_vec())))
    }

    /// The text of signing-time, UTCTime or GeneralizedTime.
    pub(crate) fn signing_time(&self) -> Result<Option<congvan_model::Timestamp>, CmsProblem> {
        let value = self.attribute(SIGNING_TIME)?;
        Ok(value.and_then(|value| crate::time::parse(Tlv::only(&value)?)))
    }

    /// Whether the signed attributes name a certificate, and whether it is this one.
    pub(crate) fn names_certificate(
        &self,
        certificate: &Certificate,
    ) -> Result<Option<bool>, CmsProblem> {
        if let Some(value) = self.attribute(SIGNING_CERTIFICATE_V2)? {
            return Ok(Some(names_v2(&value, certificate).unwrap_or(false)));
        }
        if let Some(value) = self.attribute(SIGNING_CERTIFICATE)? {
            return Ok(Some(names_v1(&value, certificate).unwrap_or(false)));
        }
        Ok(None)
    }

    pub(crate) fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        DigestAlgorithm::from_identifier(Tlv::only(&self.digest)?)
    }

    /// The dotted name of the digest algorithm, for messages.
    pub(crate) fn digest_name(&self) -> String {
        Tlv::only(&self.digest)
            .and_then(algorithm_oid)
            .map_or_else(String::new, |oid| oid.to_string())
    }
}

/// The first ESSCertIDv2 of a SigningCertificateV2: hash, and issuer and serial where present.
fn names_v2(value: &[u8], certificate: &Certificate) -> Option<bool> {
    let certs = Tlv::only(value)?.children()?.first()?.children()?;
    let fields = certs.first()?.children()?;
    let (digest, rest) = match fields.split_first()? {
        (first, rest) if first.tag == tlv::SEQUENCE => {
            (DigestAlgorithm::from_identifier(*first)?, rest)
        }
        _ => (DigestAlgorithm::Sha256, fields.as_slice()),
    };
    let hash = rest.first()?.expect(tlv::OCTET_STRING)?;
    Some(hash.value == digest.of(&certificate.summary.der).as_slice())
}

/// SigningCertificate (RFC 2634, 5.4) with SHA-1: still written by older tools beside a sound
/// digest; it only names the certificate.
fn names_v1(value: &[u8], certificate: &Certificate) -> Option<bool> {
    let certs = Tlv::only(value)?.children()?.first()?.children()?;
    let fields = certs.first()?.children()?;
    let hash = fields.first()?.expect(tlv::OCTET_STRING)?;
    let own = aws_lc_rs::digest::digest(
        &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY,
        &certificate.summary.der,
    );
    Some(hash.value == own.as_ref())
}

/// The fields of SignedData, and its SignerInfos.
fn outer(der: &[u8]) -> Option<(Vec<Tlv<'_>>, Vec<Tlv<'_>>)> {
    let info = Tlv::only(der)?.expect(tlv::SEQUENCE)?.children()?;
    let [kind, explicit] = info.as_slice() else {
        return None;
    };
    if ObjectIdentifier::from_bytes(kind.expect(tlv::OID)?.value).ok()? != SIGNED_DATA {
        return None;
    }
    let data = Tlv::only(explicit.expect(0xa0)?.value)?
        .expect(tlv::SEQUENCE)?
        .children()?;
    let signers = data.last()?.expect(tlv::SET)?.children()?;
    Some((data, signers))
}

type Content = (ObjectIdentifier, Option<Vec<u8>>, Vec<Vec<u8>>);

fn content(data: &[Tlv<'_>]) -> Option<Content> {
    let encapsulated = data.get(2)?.expect(tlv::SEQUENCE)?.children()?;
    let kind = encapsulated.first()?.expect(tlv::OID)?;
    let kind = ObjectIdentifier::from_bytes(kind.value).ok()?;
    let content = match encapsulated.get(1) {
        None => None,
        Some(explicit) => {
            let inner = Tlv::only(explicit.expect(0xa0)?.value)?;
            Some(inner.expect(tlv::OCTET_STRING)?.value.to_vec())
        }
    };
    let certificates = match data.get(3).filter(|field| field.tag == 0xa0) {
        None => Vec::new(),
        Some(set) => set
            .children()?
            .iter()
            .filter(|item| item.tag == tlv::SEQUENCE)
            .map(|item| item.full.to_vec())
            .collect(),
    };
    Some((kind, content, certificates))
}

fn signer_info(info: Tlv<'_>) -> Option<SignedData> {
    let fields = info.expect(tlv::SEQUENCE)?.children()?;
    let mut fields = fields.into_iter();
    fields.next()?.expect(tlv::INTEGER)?;
    let sid = fields.next()?;
    let signer = if sid.tag == tlv::SEQUENCE {
        let parts = sid.children()?;
        let [issuer, serial] = parts.as_slice() else {
            return None;
        };
        SignerId::IssuerSerial {
            issuer: issuer.full.to_vec(),
            serial: serial.expect(tlv::INTEGER)?.value.to_vec(),
        }
    } else {
        SignerId::KeyId(sid.expect(0x80)?.value.to_vec())
    };
    let digest = fields.next()?.full.to_vec();
    let mut next = fields.next()?;
    let attributes = if next.tag == 0xa0 {
        let set = tlv::encode(tlv::SET, &[next.value]);
        next = fields.next()?;
        Some(set)
    } else {
        None
    };
    let algorithm = next.full.to_vec();
    let signature = fields.next()?.expect(tlv::OCTET_STRING)?.value.to_vec();
    Some(SignedData {
        content_type: DATA,
        content: None,
        certificates: Vec::new(),
        signer,
        digest,
        attributes,
        algorithm,
        signature,
    })
}

type AttributeValues = Vec<(ObjectIdentifier, Vec<Vec<u8>>)>;

fn attributes(set: Tlv<'_>) -> Option<AttributeValues> {
    let mut found = Vec::new();
    for attribute in set.children()? {
        let parts = attribute.expect(tlv::SEQUENCE)?.children()?;
        let [kind, values] = parts.as_slice() else {
            return None;
        };
        let kind = ObjectIdentifier::from_bytes(kind.expect(tlv::OID)?.value).ok()?;
        let values = values.expect(tlv::SET)?.children()?;
        found.push((
            kind,
            values.iter().map(|value| value.full.to_vec()).collect(),
        ));
    }
    Some(found)
}
