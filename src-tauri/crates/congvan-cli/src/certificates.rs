//! Certificates and evidence in files: PEM or DER, one or many.

use std::path::{Path, PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_pades::{Evidence, TrustAnchors, read_certificate};

use crate::{
    arguments::TrustOptions,
    fault::{Fault, Result},
    places,
    words::Code,
};

/// The roots and intermediates that the command line or the machine names.
pub(crate) fn anchors(options: &TrustOptions) -> Result<TrustAnchors> {
    let mut anchors = TrustAnchors::default();
    let files = if options.trust.is_empty() {
        configured(options)
    } else {
        options.trust.clone()
    };
    for path in &files {
        for der in read(path)? {
            if read_certificate(&der).is_none() {
                return Err(
                    Fault::at(Code::TrustUnreadable, path).with("detail", "not a certificate")
                );
            }
            // Only what stands on itself is a root; what is issued by another is found through
            // its root, so that its revocation is looked at.
            if is_self_issued(&der) {
                anchors.roots.push(der);
            } else {
                anchors.intermediates.push(der);
            }
        }
    }
    Ok(anchors)
}

/// The same, where nothing can be done without a root.
pub(crate) fn needed_anchors(options: &TrustOptions) -> Result<TrustAnchors> {
    let anchors = anchors(options)?;
    if anchors.roots.is_empty() {
        let folder = options.trust_dir.clone().unwrap_or_else(places::trust);
        return Err(Fault::at(Code::TrustMissing, &folder));
    }
    Ok(anchors)
}

/// The certificates in the machine's folder.
fn configured(options: &TrustOptions) -> Vec<PathBuf> {
    let folder = options.trust_dir.clone().unwrap_or_else(places::trust);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            matches!(ending, Some("pem" | "der" | "crt" | "cer"))
        })
        .collect();
    files.sort();
    files
}

/// Whether a certificate stands on itself: it needs no other to be a chain.
fn is_self_issued(der: &[u8]) -> bool {
    use x509_cert::der::Decode as _;
    x509_cert::Certificate::from_der(der).is_ok_and(|certificate| {
        certificate.tbs_certificate.issuer == certificate.tbs_certificate.subject
    })
}

/// Offline evidence: certificates, OCSP answers and revocation lists, told apart by their form.
pub(crate) fn evidence(files: &[PathBuf]) -> Result<Evidence> {
    let mut evidence = Evidence::default();
    for path in files {
        for der in read(path)? {
            if read_certificate(&der).is_some() {
                evidence.certificates.push(der);
            } else if is_ocsp_response(&der) {
                evidence.ocsp.push(der);
            } else {
                evidence.crls.push(der);
            }
        }
    }
    Ok(evidence)
}

/// An OCSPResponse is a sequence that begins with an enumerated status (RFC 6960, 4.2.1), a list
/// of revoked certificates one that begins with a sequence (RFC 5280, 5.1).
fn is_ocsp_response(der: &[u8]) -> bool {
    let header = match der.get(1) {
        Some(length) if *length >= 0x80 => 2 + usize::from(length & 0x7f),
        Some(_) => 2,
        None => return false,
    };
    der.get(header) == Some(&0x0a)
}

/// The DER structures in a file.
fn read(path: &Path) -> Result<Vec<Vec<u8>>> {
    let unreadable = |detail: &dyn std::fmt::Display| {
        Fault::at(Code::TrustUnreadable, path).with("detail", detail)
    };
    let bytes = std::fs::read(path).map_err(|error| unreadable(&error))?;
    if bytes.first() == Some(&0x30) {
        return Ok(vec![bytes]);
    }
    let text = String::from_utf8_lossy(&bytes);
    let found = pem(&text).ok_or_else(|| unreadable(&"damaged PEM"))?;
    if found.is_empty() {
        return Err(unreadable(&"neither PEM nor DER"));
    }
    Ok(found)
}

/// The blocks of a PEM file (RFC 7468); what stands between them is not looked at.
fn pem(text: &str) -> Option<Vec<Vec<u8>>> {
    let mut found = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines().map(str::trim) {
        if line.starts_with("-----BEGIN ") {
            block = Some(String::new());
        } else if line.starts_with("-----END ") {
            found.push(STANDARD.decode(block.take()?).ok()?);
        } else if let Some(block) = &mut block {
            block.push_str(line);
        }
    }
    block.is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_may_hold_several_blocks_and_words_between() {
        let text = "Gốc:\n-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\r\n\
                    -----BEGIN X509 CRL-----\r\nMAMC\r\nAQE=\r\n-----END X509 CRL-----\n";
        let blocks = pem(text).unwrap();
        assert_eq!(blocks, [vec![0x30, 0], vec![0x30, 3, 2, 1, 1]]);
        assert_eq!(pem("-----BEGIN A-----\n!\n-----END A-----"), None);
        assert_eq!(pem("-----BEGIN A-----\nMAA="), None);
    }

    #[test]
    fn an_ocsp_answer_is_told_by_its_status() {
        assert!(is_ocsp_response(&[0x30, 0x03, 0x0a, 1, 0]));
        assert!(is_ocsp_response(&[0x30, 0x82, 1, 0, 0x0a, 1, 0]));
        assert!(!is_ocsp_response(&[0x30, 0x03, 0x30, 1, 0]));
        assert!(!is_ocsp_response(&[0x30]));
    }
}
