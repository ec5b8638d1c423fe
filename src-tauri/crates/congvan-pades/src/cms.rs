//! CMS SignedData as PAdES wants it: written by [`signed_attributes`] and [`signed_data`], read by
//! [`SignedData::read`].

use der::asn1::ObjectIdentifier;

use crate::{
    Evidence,
    algorithm::{DigestAlgorithm, SignatureAlgorithm, algorithm_oid},
    certificate::Certificate,
    tlv::{self, Tlv},
};

pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const TIME_STAMP_TOKEN: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
const ADBE_REVOCATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.8");
const OCSP_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.16.2");
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
    /// The unsigned attributes as a SET; none where there are none.
    pub(crate) unsigned: Option<Vec<u8>>,
    /// Revocation evidence beside the certificates (RFC 5652, 10.2.1; RFC 5940, 2.1).
    revocation: Evidence,
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
            revocation: revocation(&data).unwrap_or_default(),
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

    /// Time stamp tokens over the signature value (EN 319 122-1, 5.3), DER.
    pub(crate) fn time_stamps(&self) -> Vec<Vec<u8>> {
        let set = self.unsigned.as_deref().and_then(Tlv::only);
        let all = set.and_then(attributes).unwrap_or_default();
        all.into_iter()
            .filter(|(kind, _)| *kind == TIME_STAMP_TOKEN)
            .flat_map(|(_, values)| values)
            .take(16)
            .collect()
    }

    /// All evidence inside: certificates, and lists and answers wherever tools put them.
    pub(crate) fn evidence(&self) -> Evidence {
        let mut evidence = self.revocation.clone();
        evidence.certificates = self.certificates.clone();
        if let Ok(Some(value)) = self.attribute(ADBE_REVOCATION) {
            evidence.extend(&archival(&value).unwrap_or_default());
        }
        evidence
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

/// RevocationInfoChoices: lists as they are, answers as another format.
fn revocation(data: &[Tlv<'_>]) -> Option<Evidence> {
    let mut evidence = Evidence::default();
    let set = data.iter().skip(3).find(|field| field.tag == 0xa1)?;
    for item in set.children()? {
        match item.tag {
            tlv::SEQUENCE => evidence.crls.push(item.full.to_vec()),
            0xa1 => {
                let parts = item.children()?;
                if parts.first()?.expect(tlv::OID)?.value == OCSP_RESPONSE.as_bytes() {
                    evidence.ocsp.push(parts.get(1)?.full.to_vec());
                }
            }
            _ => {}
        }
    }
    Some(evidence)
}

/// RevocationInfoArchival (ISO 32000-2, 12.8.3.3.2).
fn archival(value: &[u8]) -> Option<Evidence> {
    let mut evidence = Evidence::default();
    for field in Tlv::only(value)?.expect(tlv::SEQUENCE)?.children()? {
        let list = Tlv::only(field.value)?.children()?;
        let pieces = list.iter().map(|item| item.full.to_vec());
        match field.tag {
            0xa0 => evidence.crls.extend(pieces),
            0xa1 => evidence.ocsp.extend(pieces),
            _ => {}
        }
    }
    Some(evidence)
}

/// The structure with one more time stamp token among the unsigned attributes. Everything else
/// stays as it is, byte for byte within its value.
pub(crate) fn with_time_stamp(contents: &[u8], token: &[u8]) -> Option<Vec<u8>> {
    let (der, _) = tlv::normalise(contents)?;
    let (data, signers) = outer(&der)?;
    let [signer] = signers.as_slice() else {
        return None;
    };
    let mut fields = signer.children()?;
    let mut members = match fields.last()?.tag {
        0xa1 => {
            let set = fields.pop()?.children()?;
            set.iter().map(|member| member.full.to_vec()).collect()
        }
        _ => Vec::new(),
    };
    members.push(attribute(TIME_STAMP_TOKEN, token));
    let set = tlv::set_of(members);
    let unsigned = tlv::encode(0xa1, &[Tlv::only(&set)?.value]);
    let mut parts: Vec<&[u8]> = fields.iter().map(|field| field.full).collect();
    parts.push(&unsigned);
    let signers = tlv::encode(tlv::SET, &[&tlv::sequence(&parts)]);
    let (_, before) = data.split_last()?;
    let mut parts: Vec<&[u8]> = before.iter().map(|field| field.full).collect();
    parts.push(&signers);
    let explicit = tlv::encode(0xa0, &[&tlv::sequence(&parts)]);
    Some(tlv::sequence(&[&tlv::oid(SIGNED_DATA), &explicit]))
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
    let unsigned = fields
        .next()
        .filter(|field| field.tag == 0xa1)
        .map(|field| tlv::encode(tlv::SET, &[field.value]));
    Some(SignedData {
        unsigned,
        revocation: Evidence::default(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_found_where_older_tools_put_it() {
        let (list, answer) = (tlv::sequence(&[b"\x05\x00"]), tlv::sequence(&[]));
        let wrap = |piece: &[u8]| tlv::sequence(&[piece]);
        let value = tlv::sequence(&[
            &tlv::encode(0xa0, &[&wrap(&list)]),
            &tlv::encode(0xa1, &[&wrap(&answer)]),
        ]);
        let found = archival(&value).unwrap();
        assert_eq!(found.crls, std::slice::from_ref(&list));
        assert_eq!(found.ocsp, std::slice::from_ref(&answer));
        let other = tlv::encode(0xa1, &[&tlv::oid(OCSP_RESPONSE), &answer]);
        let set = tlv::encode(0xa1, &[&list, &other]);
        let (version, digests) = (tlv::unsigned(&[1]), tlv::encode(tlv::SET, &[]));
        let content = tlv::sequence(&[&tlv::oid(DATA)]);
        let data = tlv::sequence(&[&version, &digests, &content, &set]);
        let fields = Tlv::only(&data).unwrap().children().unwrap();
        let found = revocation(&fields).unwrap();
        assert_eq!((found.crls, found.ocsp), (vec![list], vec![answer]));
    }
}
