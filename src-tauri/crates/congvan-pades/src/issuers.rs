//! The certificates between a signer and a root, where neither the file nor the trusted data has
//! them (RFC 5280, 4.2.2.1): where they are to be had, and what an answer holds.
//!
//! Nothing of this is trusted. A certificate that was fetched is one more to try on the way to a
//! configured root.

use der::{Decode as _, asn1::ObjectIdentifier};
use x509_cert::{
    Certificate,
    ext::pkix::{
        AuthorityInfoAccessSyntax, CrlDistributionPoints,
        name::{DistributionPointName, GeneralName},
    },
};

use crate::{
    TrustAnchors,
    known::Known,
    tlv::{self, Tlv, normalise},
    trust::{self, Trusted},
};

const ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// Certificates that are taken out of one answer; a chain has three or four.
const MOST: usize = 16;
/// Certificates that a search passes through.
const MOST_STEPS: usize = 64;

/// The certificates in an answer: one by itself, those of a CMS that is there for their sake
/// (certs-only, as `.p7c` files are) or signs a time stamp (also within its TimeStampResp), DER or
/// BER. Empty where there is none; at most 16.
#[must_use]
pub fn certificates_in(answer: &[u8]) -> Vec<Vec<u8>> {
    let found = normalise(answer).and_then(|(der, _)| {
        let whole = Tlv::only(&der)?;
        if Certificate::from_der(whole.full).is_ok() {
            return Some(vec![whole.full.to_vec()]);
        }
        let parts = whole.expect(tlv::SEQUENCE)?.children()?;
        // TimeStampResp (RFC 3161, 2.4.2): a status, then the CMS.
        let parts = match parts.as_slice() {
            [status, token] if status.tag == tlv::SEQUENCE => token.children()?,
            _ => parts,
        };
        certificates_of(&parts)
    });
    found.unwrap_or_default()
}

/// The certificates of a SignedData by the parts of its ContentInfo (RFC 5652, 3 and 5.1).
fn certificates_of(parts: &[Tlv<'_>]) -> Option<Vec<Vec<u8>>> {
    let [kind, content] = parts else {
        return None;
    };
    if kind.expect(tlv::OID)?.value != SIGNED_DATA.as_bytes() {
        return None;
    }
    let data = Tlv::only(content.expect(0xa0)?.value)?
        .expect(tlv::SEQUENCE)?
        .children()?;
    let set = data.iter().find(|field| field.tag == 0xa0)?;
    let certificates = set.children()?.into_iter();
    Some(
        certificates
            .map(|one| one.full)
            .filter(|one| Certificate::from_der(one).is_ok())
            .take(MOST)
            .map(<[u8]>::to_vec)
            .collect(),
    )
}

/// Where the issuers of certificates, and those above them, may be had: of each that can be reached
/// by name through `known`. Addresses come from certificates that nobody vouches for.
#[must_use]
pub fn issuer_urls(of: &[Vec<u8>], known: &[Vec<u8>]) -> Vec<String> {
    let parse = |der: &Vec<u8>| Certificate::from_der(der).ok();
    let known: Vec<Certificate> = known.iter().filter_map(parse).collect();
    let mut wanted: Vec<Certificate> = of.iter().filter_map(parse).collect();
    let mut urls = Vec::new();
    let mut at = 0;
    while let Some(one) = wanted.get(at).cloned() {
        at += 1;
        let names = &one.tbs_certificate;
        if names.subject == names.issuer || at > MOST_STEPS {
            continue;
        }
        for url in access(&one, |method| method == ISSUERS) {
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
        for above in &known {
            if above.tbs_certificate.subject == names.issuer && !wanted.contains(above) {
                wanted.push(above.clone());
            }
        }
    }
    urls
}

/// Every address in a certificate: of responders, of lists, of issuers.
#[must_use]
pub fn addresses_in(certificate: &[u8]) -> Vec<String> {
    let Ok(certificate) = Certificate::from_der(certificate) else {
        return Vec::new();
    };
    let mut found = access(&certificate, |_| true);
    if let Ok(Some((_, points))) = certificate.tbs_certificate.get::<CrlDistributionPoints>() {
        for point in points.0 {
            if let Some(DistributionPointName::FullName(names)) = point.distribution_point {
                found.extend(names.into_iter().filter_map(uri));
            }
        }
    }
    found
}

fn access(certificate: &Certificate, wanted: impl Fn(ObjectIdentifier) -> bool) -> Vec<String> {
    let found = certificate
        .tbs_certificate
        .get::<AuthorityInfoAccessSyntax>();
    let Ok(Some((_, access))) = found else {
        return Vec::new();
    };
    let places = access.0.into_iter();
    places
        .filter(|place| wanted(place.access_method))
        .filter_map(|place| uri(place.access_location))
        .collect()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a foreign enum; only this is an address"
)]
fn uri(name: GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(uri) => Some(uri.to_string()),
        _ => None,
    }
}

/// Those of the certificates from which nothing leads to a configured root, whatever the time: with
/// a chain that has merely expired there is nothing to fetch.
#[must_use]
pub fn without_chain(certificates: &[Vec<u8>], anchors: &TrustAnchors) -> Vec<Vec<u8>> {
    let known = Known::default();
    let trusted = Trusted::new(anchors, &known);
    let lacks = |der: &&Vec<u8>| {
        let Some(certificate) = known.certificate(der) else {
            return false;
        };
        let at = certificate.summary.not_before;
        let path = trust::chain(&certificate, &[], (&trusted, &known), at);
        matches!(path, Err(crate::Doubt::NoChain))
    };
    certificates.iter().filter(lacks).cloned().collect()
}

#[cfg(test)]
mod tests {
    use rcgen::{
        BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType, IsCa,
        KeyPair,
    };

    use super::*;

    type Authority = CertifiedIssuer<'static, KeyPair>;

    /// The parameters of a certificate whose issuer is to be had at `http://x/{place}`.
    fn params(name: &str, place: &str) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let url = format!("http://x/{place}");
        let location = tlv::encode(0x86, &[url.as_bytes()]);
        let access = tlv::sequence(&[&tlv::oid(ISSUERS), &location]);
        let access = CustomExtension::from_oid_content(
            &[1, 3, 6, 1, 5, 5, 7, 1, 1],
            tlv::sequence(&[&access]),
        );
        params.custom_extensions.push(access);
        params
    }

    fn below(name: &str, place: &str, issuer: &Authority) -> Authority {
        let key = KeyPair::generate().unwrap();
        CertifiedIssuer::signed_by(params(name, place), key, issuer).unwrap()
    }

    fn der(authority: &Authority) -> Vec<u8> {
        authority.der().to_vec()
    }

    #[test]
    fn addresses_are_followed_upwards_as_far_as_certificates_are_known() {
        let root =
            CertifiedIssuer::self_signed(params("root", "none"), KeyPair::generate().unwrap())
                .unwrap();
        let upper = below("upper", "root", &root);
        let lower = below("lower", "upper", &upper);
        let mut signer = params("leaf", "lower");
        signer.is_ca = IsCa::ExplicitNoCa;
        let leaf =
            CertifiedIssuer::signed_by(signer, KeyPair::generate().unwrap(), &lower).unwrap();
        let urls = |known: &[Vec<u8>]| issuer_urls(&[der(&leaf)], known);
        assert_eq!(urls(&[]), ["http://x/lower"]);
        assert_eq!(urls(&[der(&upper)]), ["http://x/lower"], "a gap between");
        assert_eq!(urls(&[der(&lower)]), ["http://x/lower", "http://x/upper"]);
        let all = [der(&root), der(&upper), der(&lower)];
        let three = ["http://x/lower", "http://x/upper", "http://x/root"];
        assert_eq!(urls(&all), three, "nothing is above a root");
        let anchors = |intermediates: &[Vec<u8>]| TrustAnchors {
            roots: vec![der(&root)],
            intermediates: intermediates.to_vec(),
        };
        let leaf = vec![der(&leaf)];
        assert_eq!(without_chain(&leaf, &anchors(&[der(&lower)])), leaf);
        assert!(without_chain(&leaf, &anchors(&[der(&lower), der(&upper)])).is_empty());
        assert_eq!(addresses_in(&der(&lower)), ["http://x/upper"]);
    }

    #[test]
    fn authorities_that_certify_one_another_are_passed_once() {
        let (one, two) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let a = CertifiedIssuer::self_signed(params("a", "b"), one).unwrap();
        let b = CertifiedIssuer::signed_by(params("b", "a"), two, &a).unwrap();
        let a_by_b = below("a", "b", &b);
        let known = [der(&a_by_b), der(&b)];
        assert_eq!(issuer_urls(&known, &known), ["http://x/b", "http://x/a"]);
    }

    #[test]
    fn what_holds_no_certificate_holds_none_whatever_it_is() {
        for nothing in [&b""[..], b"<html>", &[0x30, 0], &[0x30, 0x80], &[0x30; 64]] {
            assert!(certificates_in(nothing).is_empty(), "{nothing:?}");
        }
    }
}
