//! Damaged and hostile input: never a panic, never a hang, bounded memory.

use std::time::{Duration, Instant};

use congvan_pades::{PdfError, SignError, inspect, validate, verify_extension};
use proptest::prelude::*;

use crate::{
    documents::{Draft, qpdf},
    forge::{append, stream},
    keys::{NOW, pki},
    signing::sign,
};

fn signed() -> &'static (Vec<u8>, Vec<u8>) {
    static SIGNED: std::sync::OnceLock<(Vec<u8>, Vec<u8>)> = std::sync::OnceLock::new();
    SIGNED.get_or_init(|| {
        let make = |pdf: &[u8]| {
            let once = sign(pdf, &pki().p256, |request| request.reserve = 3000).unwrap();
            sign(&once, &pki().rsa, |request| request.reserve = 5000).unwrap()
        };
        let classic = Draft::new().classic();
        let packed = qpdf(&classic, &["--object-streams=generate"]);
        (make(&classic), make(&packed))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_file_with_bytes_changed_is_never_valid_and_never_a_panic(
        packed in any::<bool>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let whole = if packed { &signed().1 } else { &signed().0 };
        let mut pdf = whole.clone();
        for (at, byte) in edits {
            let at = at.index(pdf.len());
            pdf[at] = byte;
        }
        if let Some(cut) = cut {
            pdf.truncate(cut.index(pdf.len()));
        }
        let _ = inspect(&pdf);
        if let Ok(report) = validate(&pdf, &pki().trust(), NOW) {
            // Only the hexadecimal padding is not signed, and a changed digit there is noticed.
            let last = report.signatures.last();
            let believed = last.is_some_and(|last| {
                crate::signing::is_good(&last.status)
                    && last.coverage == congvan_pades::Coverage::Whole
            });
            prop_assert!(!believed || same_but_for_case(&pdf, whole));
        }
    }

    #[test]
    fn any_bytes_at_all_are_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let mut pdf = b"%PDF-1.7\n".to_vec();
        pdf.extend(bytes);
        pdf.extend(b"\nstartxref\n9\n%%EOF");
        let _ = inspect(&pdf);
        let _ = validate(&pdf, &pki().trust(), NOW);
        let _ = verify_extension(&signed().0, &pdf, &pki().trust(), NOW);
    }
}

/// Hexadecimal digits mean the same in both cases.
fn same_but_for_case(a: &[u8], b: &[u8]) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn quick(pdf: &Vec<u8>) -> Result<(), PdfError> {
    let start = Instant::now();
    let seen = inspect(pdf).map(|_| ());
    let _ = validate(pdf, &pki().trust(), NOW);
    assert!(start.elapsed() < Duration::from_secs(20));
    seen
}

#[test]
fn rings_end() {
    let pages = Draft::new().classic();
    let ring = append(
        &pages,
        &[(2, "<</Type/Pages/Kids[2 0 R]/Count 1>>".into())],
        "",
    );
    assert!(quick(&ring).is_err());

    let fields = Draft::new()
        .with(1, "/AcroForm<</Fields[7 0 R]>>")
        .plus("<</T(a)/Kids[7 0 R 7 0 R]>>")
        .classic();
    assert!(quick(&fields).is_err());

    let mut xref = Draft::new();
    xref.trailer.push_str("/Prev 9");
    let _ = quick(&xref.classic());
    let once = Draft::new().classic();
    let text = String::from_utf8_lossy(&once).into_owned();
    let start = text.rfind("xref\n0").unwrap();
    let mut own = Draft::new();
    own.trailer.push_str(&format!("/Prev {start}"));
    assert!(quick(&own.classic()).is_err());
}

#[test]
fn references_that_need_one_another_end() {
    let mut draft = Draft::new();
    draft.objects[0] = "<</Type/Catalog/Pages 7 0 R>>".into();
    let first = draft.objects.len() + 1;
    for num in first..first + 200 {
        draft = draft.plus(&format!(
            "<</Length {} 0 R>>\nstream\nx\nendstream",
            num + 1
        ));
    }
    assert!(quick(&draft.classic()).is_err());
    let chain = Draft::new()
        .with(1, "/AcroForm 7 0 R")
        .plus("7 0 R")
        .classic();
    assert!(quick(&chain).is_err());
}

#[test]
fn a_table_that_promises_millions_of_objects_is_refused_at_once() {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.extend(b"xref\n0 4000000000\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF");
    assert!(quick(&pdf).is_err());
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.extend(
        b"1 0 obj<</Type/XRef/W[0 0 0]/Size 8000000/Root 1 0 R/Length 0>>stream\n\nendstream endobj\nstartxref\n9\n%%EOF",
    );
    assert!(quick(&pdf).is_err());
}

#[test]
fn a_cyclic_dss_is_an_answer() {
    let signed = &signed().0;
    let catalog = crate::forge::body(signed, 1);
    let cyclic = append(
        signed,
        &[
            (1, catalog.replacen("<<", "<</DSS 300 0 R", 1)),
            (300, "<</VRI 300 0 R/Certs[300 0 R]/OCSPs 300 0 R>>".into()),
        ],
        "",
    );
    let report = validate(&cyclic, &pki().trust(), NOW).unwrap();
    assert!(report.signatures.iter().all(|signature| signature.intact));
}

#[test]
fn an_object_stream_inside_itself_is_an_answer() {
    let inner = "<</Type/ObjStm/N 1/First 4/Length 10>>\nstream\n7 0 (hello)\nendstream";
    let pdf = Draft::new()
        .with(1, "/AcroForm 7 0 R")
        .plus(inner)
        .classic();
    let _ = quick(&pdf);
    let deep = Draft::new().plus(&stream(&"[".repeat(50_000))).classic();
    assert!(quick(&deep).is_ok());
    let nested = Draft::new()
        .with(1, "/AcroForm 7 0 R")
        .plus(&"[".repeat(50_000))
        .classic();
    assert!(quick(&nested).is_err());
}

#[test]
fn an_object_that_is_only_mentioned_is_never_taken_for_a_new_one() {
    // Found by fuzzing: the next free number was the one that the trailer named in vain.
    let mut draft = Draft::new().with(1, "/Metadata 9 0 R");
    draft.trailer = draft.trailer.replace("/Info 6 0 R", "/Info 7 0 R");
    let signed = sign(&draft.classic(), &pki().p256, |request| {
        request.reserve = 3000
    })
    .unwrap();
    let document = congvan_pdf::Document::open(&signed).unwrap();
    let (_, catalog) = document.catalog().unwrap();
    assert!(
        document
            .value(document.trailer(), "Info")
            .unwrap()
            .is_null()
    );
    assert!(document.value(&catalog, "Metadata").unwrap().is_null());

    // Encryption that is named in vain is none; it must not become our new object.
    let mut draft = Draft::new();
    draft.trailer.push_str("/Encrypt 7 0 R");
    let signed = sign(&draft.classic(), &pki().p256, |request| {
        request.reserve = 3000
    })
    .unwrap();
    assert!(!inspect(&signed).unwrap().encrypted);
}

#[test]
fn a_page_that_is_the_encryption_dictionary_too_is_refused() {
    // Found by fuzzing: the page's new annotation made the file unreadable for everybody.
    let mut draft = Draft::new();
    draft.objects[0] = "<</Type/Catalog/Pages 2 0 R>>".into();
    let encrypted = qpdf(
        &draft.classic(),
        &[
            "--encrypt",
            "",
            "chu",
            "256",
            "--",
            "--object-streams=disable",
        ],
    );
    let text = String::from_utf8_lossy(&encrypted).into_owned();
    let at = text.rfind("/Encrypt ").unwrap() + 9;
    let number = text[at..].split(' ').next().unwrap();
    let pages = text.find("/Pages ").unwrap() + 7;
    // One digit for another: nothing moves.
    let mut pdf = encrypted.clone();
    let digits = encrypted
        .windows(7)
        .position(|word| word == b"/Pages ")
        .unwrap()
        + 7;
    assert_eq!((number.len(), &text[pages + 1..pages + 4]), (1, " 0 "));
    pdf[digits] = number.as_bytes()[0];
    let refused = sign(&pdf, &pki().p256, |request| request.reserve = 3000).unwrap_err();
    assert!(
        matches!(refused, SignError::Pdf(PdfError::Malformed { .. })),
        "{refused:?}"
    );
}
