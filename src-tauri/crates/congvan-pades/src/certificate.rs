use congvan_model::{Sha256, Timestamp};
use der::{
    Decode, Encode,
    oid::{AssociatedOid, ObjectIdentifier},
};
use x509_cert::{
    ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier},
    name::Name,
};

use crate::{
    algorithm::{DigestAlgorithm, KeyKind, PublicKey, SignatureAlgorithm},
    tlv::{self, Tlv},
};

/// What a person may see of a certificate (Circular 15/2025/TT-BKHCN asks to show issuer, signer,
/// managing unit and period).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateSummary {
    /// The certificate itself, DER.
    pub der: Vec<u8>,
    /// SHA-256 of the DER.
    pub sha256: Sha256,
    /// Common name of the subject, or the whole subject where there is none.
    pub name: String,
    /// Organisation and units of the subject, the smallest first: the managing unit.
    pub unit: String,
    /// Common name of the issuer, or the whole issuer where there is none.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid to.
    pub not_after: Timestamp,
    /// Kind and size of the key; none where we cannot use it.
    pub key: Option<KeyKind>,
}

/// A certificate with the raw parts that signatures refer to.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub(crate) summary: CertificateSummary,
    /// Name of the issuer, DER.
    pub(crate) issuer: Vec<u8>,
    /// Name of the subject, DER.
    pub(crate) subject: Vec<u8>,
    /// The bits of the public key, which responders name by their SHA-1 (RFC 6960, 4.1.1).
    pub(crate) key_bits: Vec<u8>,
    /// Value of the serial number.
    pub(crate) serial: Vec<u8>,
    pub(crate) key: Option<PublicKey>,
    pub(crate) subject_key_id: Option<Vec<u8>>,
    /// Whether the key may sign documents (RFC 5280, 4.2.1.3).
    pub(crate) may_sign: bool,
    pub(crate) is_authority: bool,
    /// Purposes in the extended key usage; none where there is no such extension.
    pub(crate) purposes: Option<Vec<ObjectIdentifier>>,
}

impl Certificate {
    /// Reads a certificate; none where it is damaged.
    pub(crate) fn parse(data: &[u8]) -> Option<Self> {
        let (whole, _) = Tlv::read(data)?;
        let parsed = x509_cert::Certificate::from_der(whole.full).ok()?;
        let tbs = &parsed.tbs_certificate;
        // Issuer and key are taken as raw slices: comparing them needs the bytes.
        let outer = whole.expect(tlv::SEQUENCE)?.children()?;
        let fields = outer.first()?.children()?;
        let skip = usize::from(fields.first()?.tag == 0xa0);
        let serial = fields.get(skip)?.expect(tlv::INTEGER)?;
        let issuer = fields.get(skip + 2)?;
        let subject = fields.get(skip + 4)?;
        let info = fields.get(skip + 5)?;
        let key = PublicKey::from_info(info.full);
        let key_bits = info.children()?.get(1)?.value.get(1..)?.to_vec();
        let usage = extension::<KeyUsage>(&parsed);
        let time = |time: &x509_cert::time::Time| {
            Timestamp(i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX))
        };
        Some(Self {
            summary: CertificateSummary {
                der: whole.full.to_vec(),
                sha256: sha256(whole.full),
                name: display(&tbs.subject),
                unit: unit(&tbs.subject),
                issuer: display(&tbs.issuer),
                serial: hex(serial.value),
                not_before: time(&tbs.validity.not_before),
                not_after: time(&tbs.validity.not_after),
                key: key.as_ref().map(|key| key.kind),
            },
            issuer: issuer.full.to_vec(),
            subject: subject.full.to_vec(),
            key_bits,
            serial: serial.value.to_vec(),
            key,
            subject_key_id: extension::<SubjectKeyIdentifier>(&parsed)
                .map(|id| id.0.as_bytes().to_vec()),
            may_sign: usage
                .is_none_or(|usage| usage.digital_signature() || usage.non_repudiation()),
            is_authority: extension::<BasicConstraints>(&parsed).is_some_and(|basic| basic.ca),
            purposes: extension::<ExtendedKeyUsage>(&parsed).map(|usage| usage.0),
        })
    }

    /// The value of an extension, DER.
    pub(crate) fn extension(&self, kind: ObjectIdentifier) -> Option<Vec<u8>> {
        let outer = Tlv::only(&self.summary.der)?.children()?;
        let fields = outer.first()?.children()?;
        let list = fields.iter().find(|field| field.tag == 0xa3)?;
        extension_value(Tlv::only(list.value)?, kind)
    }

    /// Whether the certificate's period contains an instant.
    pub(crate) fn is_within_period(&self, at: Timestamp) -> bool {
        (self.summary.not_before..=self.summary.not_after).contains(&at)
    }
}

/// The value of one of a SEQUENCE OF Extension (RFC 5280, 4.1), DER.
pub(crate) fn extension_value(list: Tlv<'_>, kind: ObjectIdentifier) -> Option<Vec<u8>> {
    for item in list.expect(tlv::SEQUENCE)?.children()? {
        let parts = item.expect(tlv::SEQUENCE)?.children()?;
        if parts.first()?.expect(tlv::OID)?.value == kind.as_bytes() {
            return Some(parts.last()?.expect(tlv::OCTET_STRING)?.value.to_vec());
        }
    }
    None
}

/// The common form of certificates, CRLs and OCSP answers: data, algorithm, signature.
pub(crate) struct Envelope<'a> {
    pub(crate) data: Tlv<'a>,
    algorithm: Tlv<'a>,
    signature: &'a [u8],
    /// What follows, which an OCSP answer has.
    pub(crate) rest: Vec<Tlv<'a>>,
}

impl<'a> Envelope<'a> {
    pub(crate) fn read(der: &'a [u8]) -> Option<Self> {
        let mut fields = Tlv::only(der)?
            .expect(tlv::SEQUENCE)?
            .children()?
            .into_iter();
        let data = fields.next()?.expect(tlv::SEQUENCE)?;
        let algorithm = fields.next()?.expect(tlv::SEQUENCE)?;
        // Signatures are whole bytes: no unused bits.
        let [0, signature @ ..] = fields.next()?.expect(tlv::BIT_STRING)?.value else {
            return None;
        };
        Some(Self {
            data,
            algorithm,
            signature,
            rest: fields.collect(),
        })
    }

    pub(crate) fn is_signed_by(&self, signer: &Certificate) -> bool {
        use DigestAlgorithm::{Sha256, Sha384, Sha512};
        let Some(key) = &signer.key else {
            return false;
        };
        [Sha256, Sha384, Sha512].into_iter().any(|digest| {
            SignatureAlgorithm::from_identifier(self.algorithm, digest, key)
                .is_some_and(|algorithm| key.verifies(algorithm, self.data.full, self.signature))
        })
    }
}

fn extension<E: AssociatedOid + for<'a> Decode<'a>>(
    certificate: &x509_cert::Certificate,
) -> Option<E> {
    certificate
        .tbs_certificate
        .extensions
        .iter()
        .flatten()
        .find(|extension| extension.extn_id == E::OID)
        .and_then(|extension| E::from_der(extension.extn_value.as_bytes()).ok())
}

pub(crate) fn sha256(data: &[u8]) -> Sha256 {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(DigestAlgorithm::Sha256.of(data)) {
        *to = from;
    }
    Sha256(hash)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    let digits = bytes.iter();
    digits
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)])
        .collect()
}

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");

fn display(name: &Name) -> String {
    attributes(name, COMMON_NAME)
        .into_iter()
        .next_back()
        .unwrap_or_else(|| name.to_string())
}

fn unit(name: &Name) -> String {
    let mut parts = attributes(name, UNIT);
    parts.reverse();
    parts.extend(attributes(name, ORGANISATION));
    parts.join(", ")
}

fn attributes(name: &Name, oid: ObjectIdentifier) -> Vec<String> {
    name.0
        .iter()
        .flat_map(|rdn| rdn.0.iter())
        .filter(|attribute| attribute.oid == oid)
        .filter_map(|attribute| directory_string(&attribute.value.to_der().ok()?))
        .collect()
}

fn directory_string(value: &[u8]) -> Option<String> {
    let value = Tlv::only(value)?;
    match value.tag {
        // BMPString is UTF-16 (X.690, 8.23.8).
        0x1e => {
            let units: Vec<u16> = value
                .value
                .chunks_exact(2)
                .filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?)))
                .collect();
            Some(String::from_utf16_lossy(&units))
        }
        _ => Some(String::from_utf8_lossy(value.value).into_owned()),
    }
}
