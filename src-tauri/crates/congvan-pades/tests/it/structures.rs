//! CMS as real tools write it, made and signed by an independent library.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use congvan_pades::{FieldChoice, PdfError, SignError, Status, inspect, validate};
use serde_json::json;

use crate::{
    documents::Draft,
    keys::{NOW, pki},
    oracles::python,
    signing::{is_good, sign, take_apart},
};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A signed file with its CMS replaced by a variant of it.
fn variant(name: &str) -> Vec<u8> {
    let signed = sign(&Draft::new().classic(), &pki().p256, |_| {}).unwrap();
    let (cms, content) = take_apart(&signed);
    let mut child = Command::new(python())
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/it/structure.py"
        ))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let job = json!({"cms": hex(&cms), "key": hex(&pki().p256.pkcs8), "content": hex(&content),
        "variant": name, "time": NOW.0 / 1000});
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(job.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "structure.py failed for {name}");
    let new = String::from_utf8(output.stdout).unwrap();
    let marker = b"/Contents <";
    let start = signed
        .windows(marker.len())
        .rposition(|window| window == marker)
        .unwrap()
        + marker.len();
    let end = start
        + signed[start..]
            .iter()
            .position(|byte| *byte == b'>')
            .unwrap();
    let mut changed = signed;
    let digits = &mut changed[start..end];
    digits.fill(b'0');
    digits[..new.trim().len()].copy_from_slice(new.trim().as_bytes());
    changed
}

#[test]
fn a_signing_time_that_is_seven_hours_off_is_said_and_not_condemned() {
    let report = validate(&variant("seven-hours"), &pki().trust(), NOW).unwrap();
    let one = &report.signatures[0];
    assert!(is_good(&one.status), "{:?}", one.status);
    assert!(one.claimed_time_is_off_by_zone);
    assert_eq!(one.claimed_time, Some(NOW), "/M is what counts");
    let plain = validate(&variant("same"), &pki().trust(), NOW).unwrap();
    assert!(is_good(&plain.signatures[0].status));
    assert!(!plain.signatures[0].claimed_time_is_off_by_zone);
}

#[test]
fn cms_without_a_definite_length_is_read() {
    let report = validate(&variant("ber"), &pki().trust(), NOW).unwrap();
    assert!(is_good(&report.signatures[0].status), "{report:?}");
}

#[test]
fn cms_without_signed_attributes_or_with_a_doubled_one_is_refused() {
    for name in ["no-attributes", "attribute-doubled"] {
        let report = validate(&variant(name), &pki().trust(), NOW).unwrap();
        let one = &report.signatures[0];
        assert_eq!(
            one.status.sub_indication(),
            Some("FORMAT_FAILURE"),
            "{name}"
        );
        assert!(
            matches!(one.status, Status::Invalid(_)) && !one.intact,
            "{name}"
        );
    }
}

#[test]
fn a_certificate_of_another_issuer_with_the_same_serial_is_not_the_signers() {
    let report = validate(&variant("serial-twin"), &pki().trust(), NOW).unwrap();
    let one = &report.signatures[0];
    assert!(is_good(&one.status), "{:?}", one.status);
    assert_eq!(one.signer.as_ref().unwrap().name, "UBND xã Bình Minh Đông");
}

#[test]
fn of_two_fields_with_one_name_the_first_is_signed_and_nothing_is_doubled() {
    let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(LanhDao)/Rect[0 0 0 0]/P 3 0 R>>";
    let pdf = Draft::new()
        .with(1, "/AcroForm<</Fields[7 0 R 8 0 R]>>")
        .with(3, "/Annots[7 0 R 8 0 R]")
        .plus(field)
        .plus(field)
        .classic();
    let existing = FieldChoice::Existing("LanhDao".into());
    let signed = sign(&pdf, &pki().p256, |request| {
        request.field = existing.clone()
    })
    .unwrap();
    let report = validate(&signed, &pki().trust(), NOW).unwrap();
    assert_eq!(report.signatures.len(), 1);
    assert!(is_good(&report.signatures[0].status));
    assert_eq!(inspect(&signed).unwrap().empty_fields.len(), 1);
    let again = sign(&signed, &pki().p256, |request| request.field = existing);
    assert_eq!(again.unwrap_err(), SignError::Pdf(PdfError::FieldSigned));
}
