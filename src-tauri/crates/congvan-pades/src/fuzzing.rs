//! Doors for tests/fuzz into readers that are nobody else's business. Built only with
//! `--cfg fuzzing`.

use congvan_model::Timestamp;

use crate::{
    certificate::Certificate,
    cms::{SignedData, with_time_stamp},
    crl::{Crl, list_addresses},
    known::Known,
    ocsp::{self, OcspResponse},
    time,
    timestamp::{Query, read_token},
    tlv::{self, Tlv},
};

/// Hands the bytes to every reader of DER and BER, and checks what must hold for all bytes.
pub fn read_everything(data: &[u8]) {
    forms(data);
    signature(data);
    evidence(data);
    let _ = Query::new(b"data", 5).answer(data);
    let _ = read_token(data, &Known::default());
    let _ = std::str::from_utf8(data).ok().and_then(time::pdf_date);
    let _ = Tlv::only(data).and_then(time::parse);
}

/// Once normalised, it is DER as long as it says, and normal.
fn forms(data: &[u8]) {
    if let Some((der, used)) = tlv::normalise(data) {
        assert!(used <= data.len());
        assert!(Tlv::only(&der).is_some());
        let again = tlv::normalise(&der);
        assert_eq!(again, Some((der.clone(), der.len())));
    }
}

fn signature(data: &[u8]) {
    let Ok(read) = SignedData::read(data) else {
        return;
    };
    let _ = (read.attribute_content_type(), read.message_digest());
    let _ = (read.signing_time(), read.digest_name());
    let evidence = read.evidence();
    for token in read.time_stamps() {
        let _ = read_token(&token, &Known::default());
    }
    if let Some(certificate) = crate::integrity::signer(&read, &Known::default()) {
        let _ = read.names_certificate(&certificate);
        let digest = crate::DigestAlgorithm::Sha256.digest(data);
        let _ = crate::integrity::check_value_of(&read, &certificate, &digest);
    }
    // A time stamp goes in without disturbing anything.
    let token = tlv::sequence(&[b"\x05\x00"]);
    if let Some(stamped) = with_time_stamp(data, &token) {
        let Ok(again) = SignedData::read(&stamped) else {
            panic!("a stamped signature cannot be read");
        };
        assert_eq!(again.signature, read.signature);
        assert_eq!(again.attributes, read.attributes);
        assert_eq!(again.evidence(), evidence);
    }
}

/// A certificate, and an answer or a list about it that may follow.
fn evidence(data: &[u8]) {
    about(data, None);
    let Some(certificate) = Certificate::parse(data) else {
        return;
    };
    let _ = ocsp::request(&certificate, &certificate, Some(&[7; 16]));
    let _ = list_addresses(&certificate);
    let _ = ocsp::is_exempt(&certificate);
    let _ = Known::default().is_issued_by(&certificate, &certificate);
    let _ = certificate.is_within_period(Timestamp(0));
    if let Some((_, rest)) = Tlv::read(data) {
        about(rest, Some(&certificate));
    }
}

fn about(data: &[u8], certificate: Option<&Certificate>) {
    let known = &Known::default();
    if let Some(list) = Crl::parse(data) {
        let _ = list.word(&[1]);
        if let Some(certificate) = certificate {
            let _ = list.word(&certificate.serial);
            let _ = list.statement(certificate, certificate, known);
        }
    }
    if let Some(answer) = OcspResponse::parse(data, known) {
        let _ = answer.nonce();
        if let Some(certificate) = certificate {
            let _ = answer.statement(certificate, certificate);
            let _ = answer.delegates(
                certificate,
                &[std::sync::Arc::new(certificate.clone())],
                known,
            );
        }
    }
}
