//! The evidence store is no door: nothing but evidence comes in by it, and nothing goes out.

use congvan_model::Timestamp;
use congvan_pades::{Status, add_evidence, validate};

use crate::{
    documents::Draft,
    evidence::{DAY, T, answer, make, root_list},
    forge::{FORGED, append, body, replace, stream},
    keys::pki,
    signing::sign,
};

/// A signed file with a store of its own.
fn stored() -> (Vec<u8>, Timestamp) {
    let signed = sign(&Draft::new().classic(), &pki().p256, |_| {}).unwrap();
    let evidence = make(&[
        answer(&pki().p256.certificate, T - 60, T + DAY),
        root_list(T - 60, T + DAY),
    ]);
    let now = Timestamp((T + 60) * 1000);
    let completed = add_evidence(&signed, &pki().trust(), &evidence, now).unwrap();
    ([signed.as_slice(), completed.tail()].concat(), now)
}

fn verdict(pdf: &Vec<u8>, now: Timestamp) -> Status {
    let report = validate(pdf, &pki().trust(), now).unwrap();
    report.signatures[0].status.clone()
}

fn catalog_with(pdf: &[u8], store: &str) -> String {
    let catalog = body(pdf, 1);
    let catalog = match catalog.find("/DSS ") {
        None => catalog,
        Some(start) => {
            let end = start + catalog[start..].find(" R").unwrap() + 2;
            format!("{}{}", &catalog[..start], &catalog[end..])
        }
    };
    let end = catalog.rfind(">>").unwrap();
    format!("{}/DSS {store}>>", &catalog[..end])
}

#[test]
fn a_store_that_holds_anything_but_evidence_breaks_the_signature() {
    let (pdf, now) = stored();
    assert_eq!(verdict(&pdf, now), Status::Valid);
    let cases: Vec<(&str, Vec<(u32, String)>)> = vec![
        (
            "page content laundered through a list",
            vec![
                (4, stream(FORGED)),
                (1, catalog_with(&pdf, "<</Certs[4 0 R]>>")),
            ],
        ),
        (
            "a page named as evidence",
            vec![(1, catalog_with(&pdf, "<</Certs[3 0 R]>>"))],
        ),
        (
            "an unknown key",
            vec![
                (400, stream(FORGED)),
                (1, catalog_with(&pdf, "<</Certs[]/Pages 400 0 R>>")),
            ],
        ),
        (
            "a form as evidence",
            vec![
                (
                    400,
                    format!(
                        "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length {}>>\nstream\n{FORGED}\nendstream",
                        FORGED.len()
                    ),
                ),
                (1, catalog_with(&pdf, "<</Certs[400 0 R]>>")),
            ],
        ),
        (
            "a dictionary in a list",
            vec![
                (400, "<</Type/Page>>".to_owned()),
                (1, catalog_with(&pdf, "<</Certs[400 0 R]>>")),
            ],
        ),
        ("taken out", vec![(1, catalog_with(&pdf, "null"))]),
        ("emptied", vec![(1, catalog_with(&pdf, "<</Certs[]>>"))]),
    ];
    for (name, objects) in cases {
        let forged = append(&pdf, &objects, "");
        // The signature came before the store: what a store takes out is judged against the
        // revision that the signature covers, which has none.
        let status = verdict(&forged, now);
        if matches!(name, "taken out" | "emptied") {
            assert_ne!(status, Status::Valid, "{name}");
        } else {
            assert!(matches!(status, Status::Invalid(_)), "{name}: {status:?}");
        }
    }
}

#[test]
fn evidence_that_a_signature_covers_cannot_be_taken_out() {
    let (pdf, _) = stored();
    let again = sign(&pdf, &pki().rsa, |_| {}).unwrap();
    let forged = append(&again, &[(1, catalog_with(&again, "<</Certs[]>>"))], "");
    let report = validate(&forged, &pki().trust(), crate::keys::NOW).unwrap();
    assert!(matches!(report.signatures[1].status, Status::Invalid(_)));
}

#[test]
fn a_store_in_a_ring_is_read_once() {
    let (pdf, now) = stored();
    for store in [
        "400 0 R",
        "<</Certs 400 0 R/VRI 400 0 R/OCSPs 400 0 R>>",
        "<</VRI<</A 401 0 R>>>>",
    ] {
        let forged = append(
            &pdf,
            &[
                (400, "<</Certs 400 0 R/VRI 400 0 R>>".to_owned()),
                (401, "<</Cert 401 0 R/OCSP[401 0 R 402 0 R]>>".to_owned()),
                (402, "[402 0 R 401 0 R]".to_owned()),
                (1, catalog_with(&pdf, store)),
            ],
            "",
        );
        assert_ne!(verdict(&forged, now), Status::Valid, "{store}");
        // A second signature makes the ring part of an earlier revision.
        let _ = sign(&forged, &pki().rsa, |_| {});
    }
}

#[test]
fn a_damaged_piece_in_the_store_is_no_evidence() {
    let (pdf, now) = stored();
    let text = String::from_utf8_lossy(&pdf);
    assert!(
        text.contains("/OCSPs ["),
        "the store is written as expected"
    );
    let emptied = replace(&pdf, "/OCSPs [", "/OCSPx [");
    assert_ne!(verdict(&emptied, now), Status::Valid);
}
