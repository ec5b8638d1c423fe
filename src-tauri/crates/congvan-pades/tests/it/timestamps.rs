//! A document signed offline is completed with a time stamp; the authority is OpenSSL's.

use std::process::Command;

use congvan_model::Timestamp;
use congvan_pades::{
    Level, SignError, SignatureKind, Status, TimeSource, prepare_time_stamp, validate,
};

use crate::{
    documents::{Draft, qpdf},
    keys::{NOW, pki},
    oracles::{pyhanko, qpdf_check, tool},
    signing::{is_good, sign, sign_three},
};

/// Answers a time stamp request as an authority on the network would.
pub(crate) fn authority(request: &[u8]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let pki = pki();
    std::fs::write(path("request"), request).unwrap();
    std::fs::write(path("tsa.der"), &pki.tsa.certificate).unwrap();
    std::fs::write(path("ca.der"), &pki.intermediate).unwrap();
    std::fs::write(path("key.der"), &pki.tsa.pkcs8).unwrap();
    std::fs::write(path("serial"), "01\n").unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(tool("openssl"))
            .args(arguments)
            .current_dir(dir.path())
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "openssl {arguments:?}: {error}");
    };
    run(&[
        "x509", "-inform", "DER", "-in", "tsa.der", "-out", "tsa.pem",
    ]);
    run(&["x509", "-inform", "DER", "-in", "ca.der", "-out", "ca.pem"]);
    run(&[
        "pkey", "-inform", "DER", "-in", "key.der", "-out", "key.pem",
    ]);
    std::fs::write(
        path("config"),
        "[tsa]\ndefault_tsa = a\n[a]\nserial = serial\nsigner_digest = sha256\n\
         default_policy = 1.2.3.4\ndigests = sha256, sha384, sha512\nordering = no\n\
         tsa_name = no\ness_cert_id_alg = sha256\n",
    )
    .unwrap();
    run(&[
        "ts",
        "-reply",
        "-config",
        "config",
        "-queryfile",
        "request",
        "-signer",
        "tsa.pem",
        "-inkey",
        "key.pem",
        "-chain",
        "ca.pem",
        "-out",
        "answer",
    ]);
    std::fs::read(path("answer")).unwrap()
}

/// The authority's clock is the machine's; validation happens a little later.
fn later() -> Timestamp {
    Timestamp(2_000_000_000_000)
}

pub(crate) fn stamp(pdf: &Vec<u8>) -> Result<Vec<u8>, SignError> {
    let prepared = prepare_time_stamp(pdf, 0x8123_4567_89ab_cdef)?;
    let answer = authority(&prepared.request());
    let verified = prepared
        .embed(&answer)?
        .verify(pdf, &pki().trust(), later())?;
    assert_eq!(verified.level(), Level::BT);
    Ok([pdf.as_slice(), verified.tail()].concat())
}

#[test]
fn a_document_signed_offline_is_completed_without_the_token() {
    let classic = Draft::new().classic();
    let packed = qpdf(&classic, &["--object-streams=generate"]);
    let mut files = Vec::new();
    for (name, pdf) in [("classic", classic), ("packed", packed)] {
        let signed = sign_three(&pdf);
        let stamped = stamp(&signed).unwrap();
        assert_eq!(qpdf_check(&stamped), "");
        let report = validate(&stamped, &pki().trust(), later()).unwrap();
        assert_eq!(report.signatures.len(), 4);
        for signature in &report.signatures {
            assert!(is_good(&signature.status), "{:?}", signature.status);
        }
        for signature in &report.signatures[..3] {
            assert_eq!(signature.level, Some(Level::BT));
            assert_eq!(signature.best_time.1, TimeSource::TimeStamp);
        }
        let last = &report.signatures[3];
        assert_eq!(last.kind, SignatureKind::DocumentTimeStamp);
        assert_eq!(last.signer.as_ref().unwrap().name, "TSA KIỂM THỬ");
        files.push((name.to_owned(), stamped));
    }
    for verdict in pyhanko(&files) {
        let signatures = verdict["signatures"].as_array().unwrap();
        assert_eq!(signatures.len(), 4, "{verdict}");
        for signature in signatures {
            assert_eq!(signature["valid"], true, "{verdict}");
            assert_eq!(signature["trusted"], true, "{verdict}");
        }
    }
}

#[test]
fn an_expired_signer_is_good_when_a_time_stamp_is_older_than_the_end() {
    // The signer's certificate ends in January 2035, the authority's in 2044.
    let signed = sign(&Draft::new().classic(), &pki().p256, |_| {}).unwrap();
    let after_the_end = Timestamp(2_060_000_000_000);
    let alone = validate(&signed, &pki().trust(), after_the_end).unwrap();
    assert_eq!(
        alone.signatures[0].status.sub_indication(),
        Some("OUT_OF_BOUNDS_NO_POE")
    );
    let stamped = stamp(&signed).unwrap();
    let proven = validate(&stamped, &pki().trust(), after_the_end).unwrap();
    assert!(is_good(&proven.signatures[0].status));
    assert_eq!(proven.signatures[0].best_time.1, TimeSource::TimeStamp);
}

#[test]
fn an_answer_to_another_request_is_refused() {
    let pdf = Draft::new().classic();
    let signed = sign(&pdf, &pki().p256, |_| {}).unwrap();
    let first = prepare_time_stamp(&signed, 1).unwrap();
    let same_bytes_other_nonce = prepare_time_stamp(&signed, 2).unwrap();
    let answer = authority(&first.request());
    assert!(matches!(
        same_bytes_other_nonce.embed(&answer),
        Err(SignError::BadTimeStamp { .. })
    ));
    let mut damaged = answer.clone();
    let at = damaged.len() - 5;
    damaged[at] ^= 1;
    assert!(matches!(
        prepare_time_stamp(&signed, 1).unwrap().embed(&damaged),
        Err(SignError::BadTimeStamp { .. })
    ));
    assert!(matches!(
        prepare_time_stamp(&signed, 1)
            .unwrap()
            .embed(b"<html>502</html>"),
        Err(SignError::BadTimeStamp { .. })
    ));
    let rejection = [0x30, 5, 0x30, 3, 0x02, 1, 2];
    assert_eq!(
        prepare_time_stamp(&signed, 1)
            .unwrap()
            .embed(&rejection)
            .unwrap_err(),
        SignError::TimeStampRefused { status: 2 }
    );
    first.embed(&answer).unwrap();
}

#[test]
fn what_a_time_stamp_covers_cannot_be_changed_afterwards() {
    let signed = sign(&Draft::new().classic(), &pki().p256, |_| {}).unwrap();
    let stamped = stamp(&signed).unwrap();
    let forged = crate::forge::append(&stamped, &[(4, crate::forge::stream("gia"))], "");
    let report = validate(&forged, &pki().trust(), later()).unwrap();
    assert_eq!(report.signatures.len(), 2);
    for signature in &report.signatures {
        assert!(matches!(signature.status, Status::Invalid(_)));
    }
    let mut flipped = stamped.clone();
    let at = flipped
        .windows(5)
        .position(|window| window == b"so 12")
        .unwrap();
    flipped[at + 3] = b'9';
    let report = validate(&flipped, &pki().trust(), NOW).unwrap();
    assert!(report.signatures.iter().all(|signature| !signature.intact));
}
