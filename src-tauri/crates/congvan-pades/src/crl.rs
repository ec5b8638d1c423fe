//! Certificate revocation lists (RFC 5280, 5), read as raw slices: a list may hold a million
//! entries of which one matters.

use std::ops::Range;

use congvan_model::{Sha256, Timestamp};
use der::asn1::ObjectIdentifier;

use crate::{
    certificate::{Certificate, Envelope, extension_value, sha256},
    evidence::{Statement, Word},
    known::Known,
    ocsp::word,
    time,
    tlv::{self, Tlv},
};

const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
const REASON: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
const DISTRIBUTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
const DISTRIBUTION_POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
const AUTHORITY_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const EXPIRED_ON_CRL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.60");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");

/// A complete list of one authority.
pub(crate) struct Crl {
    der: Vec<u8>,
    hash: Sha256,
    issuer: Vec<u8>,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    /// Where in `der` the entries are, one after the other: a list may be large, so no copy.
    entries: Range<usize>,
    scope: Scope,
    keeps_expired_since: Option<Timestamp>,
}

/// What of the authority's certificates a list speaks of (5.2.5).
#[derive(Default)]
struct Scope {
    /// GeneralNames of the point where it is published, DER of each.
    names: Vec<Vec<u8>>,
    users_only: bool,
    authorities_only: bool,
}

impl Crl {
    /// When the next list is due.
    pub(crate) fn next_update(&self) -> Option<Timestamp> {
        self.next_update
    }

    /// Reads a list; none where it is damaged, a delta, indirect, or has a critical extension that
    /// is not known here: the last three cannot say that a certificate is good.
    pub(crate) fn parse(der: &[u8]) -> Option<Self> {
        let signed = Envelope::read(der)?;
        let mut fields = signed.data.children()?.into_iter().peekable();
        fields.next_if(|field| field.tag == tlv::INTEGER);
        fields.next()?.expect(tlv::SEQUENCE)?;
        let issuer = fields.next()?.expect(tlv::SEQUENCE)?.full.to_vec();
        let this_update = time::parse(fields.next()?)?;
        let next_update = match fields.next_if(|field| matches!(field.tag, 0x17 | 0x18)) {
            None => None,
            Some(field) => Some(time::parse(field)?),
        };
        let entries = fields
            .next_if(|field| field.tag == tlv::SEQUENCE)
            .map_or(0..0, |list| {
                let start = list.value.as_ptr().addr() - der.as_ptr().addr();
                start..start + list.value.len()
            });
        let mut scope = Scope::default();
        let mut keeps_expired_since = None;
        if let Some(explicit) = fields.next() {
            let list = Tlv::only(explicit.expect(0xa0)?.value)?;
            check_critical(list, &[CRL_NUMBER, DISTRIBUTION, AUTHORITY_KEY])?;
            if let Some(value) = extension_value(list, DISTRIBUTION) {
                scope = Scope::parse(Tlv::only(&value)?)?;
            }
            keeps_expired_since = extension_value(list, EXPIRED_ON_CRL)
                .and_then(|value| time::parse(Tlv::only(&value)?));
        }
        Some(Self {
            hash: sha256(der),
            der: der.to_vec(),
            issuer,
            this_update,
            next_update,
            entries,
            scope,
            keeps_expired_since,
        })
    }

    /// What the list says of a certificate, the issuer's signature verified.
    pub(crate) fn statement(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        known: &Known,
    ) -> Option<Statement> {
        if self.issuer != issuer.subject
            || certificate.issuer != issuer.subject
            || !may_sign_lists(issuer)
            || !self.scope.admits(certificate)
            || !known.is_signed_by((self.hash, &self.der), issuer)
        {
            return None;
        }
        Some(Statement {
            this_update: self.this_update,
            next_update: self.next_update,
            keeps_expired_since: self.keeps_expired_since,
            word: self.word(&certificate.serial)?,
        })
    }

    /// What the entries say; nothing is verified here.
    pub(crate) fn word(&self, serial: &[u8]) -> Option<Word> {
        let mut rest = self.der.get(self.entries.clone())?;
        while !rest.is_empty() {
            let (entry, after) = Tlv::read(rest)?;
            rest = after;
            let entry = entry.expect(tlv::SEQUENCE)?;
            let (number, _) = Tlv::read(entry.value)?;
            if number.expect(tlv::INTEGER)?.value != serial {
                continue;
            }
            let fields = entry.children()?;
            let at = time::parse(*fields.get(1)?)?;
            let mut reason = None;
            if let Some(list) = fields.get(2) {
                check_critical(*list, &[REASON])?;
                reason = extension_value(*list, REASON)
                    .and_then(|value| Tlv::only(&value)?.value.last().copied());
            }
            return Some(word(at, reason));
        }
        Some(Word::Good)
    }
}

/// RFC 5280, 4.2.1.3: where there is a key usage, cRLSign (bit 6) must be in it.
fn may_sign_lists(issuer: &Certificate) -> bool {
    issuer.extension(KEY_USAGE).is_none_or(|usage| {
        Tlv::only(&usage)
            .and_then(|bits| bits.value.get(1).copied())
            .is_some_and(|bits| bits & 0x02 != 0)
    })
}

/// None where a critical extension is not among the known ones.
fn check_critical(list: Tlv<'_>, known: &[ObjectIdentifier]) -> Option<()> {
    for item in list.expect(tlv::SEQUENCE)?.children()? {
        let parts = item.expect(tlv::SEQUENCE)?.children()?;
        let kind = parts.first()?.expect(tlv::OID)?.value;
        let is_critical = parts
            .get(1)
            .is_some_and(|part| part.tag == 0x01 && part.value != [0]);
        if is_critical && known.iter().all(|known| known.as_bytes() != kind) {
            return None;
        }
    }
    Some(())
}

impl Scope {
    fn parse(value: Tlv<'_>) -> Option<Self> {
        let mut scope = Self::default();
        for field in value.expect(tlv::SEQUENCE)?.children()? {
            let is_set = field.value != [0];
            match field.tag {
                0xa0 => scope.names = full_names(Tlv::only(field.value)?)?,
                0x81 => scope.users_only = is_set,
                0x82 => scope.authorities_only = is_set,
                // Some reasons only, indirect, attribute certificates only.
                0x83 | 0xa3 | 0x84 | 0x85 if is_set => return None,
                _ => {}
            }
        }
        Some(scope)
    }

    fn admits(&self, certificate: &Certificate) -> bool {
        if (self.users_only && certificate.is_authority)
            || (self.authorities_only && !certificate.is_authority)
        {
            return false;
        }
        // A list of another point may leave out this certificate (6.3.3, b, 2).
        self.names.is_empty()
            || points(certificate)
                .iter()
                .any(|name| self.names.contains(name))
    }
}

/// The names in a DistributionPointName; none for a name relative to the issuer.
fn full_names(name: Tlv<'_>) -> Option<Vec<Vec<u8>>> {
    let names = name.expect(0xa0)?.children()?;
    Some(names.iter().map(|name| name.full.to_vec()).collect())
}

/// The names of all distribution points of a certificate.
fn points(certificate: &Certificate) -> Vec<Vec<u8>> {
    let read = || {
        let value = certificate.extension(DISTRIBUTION_POINTS)?;
        let mut names = Vec::new();
        for point in Tlv::only(&value)?.expect(tlv::SEQUENCE)?.children()? {
            for field in point.expect(tlv::SEQUENCE)?.children()? {
                if field.tag == 0xa0 {
                    names.extend(full_names(Tlv::only(field.value)?)?);
                }
            }
        }
        Some(names)
    };
    read().unwrap_or_default()
}

/// Addresses of the lists that a certificate names.
pub(crate) fn list_addresses(certificate: &Certificate) -> Vec<String> {
    points(certificate)
        .iter()
        .filter_map(|name| uri(Tlv::only(name)?))
        .collect()
}

/// The URI of a GeneralName.
pub(crate) fn uri(name: Tlv<'_>) -> Option<String> {
    let text = std::str::from_utf8(name.expect(0x86)?.value).ok()?;
    Some(text.to_owned())
}
