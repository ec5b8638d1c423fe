use congvan_model::Timestamp;
use congvan_pades::{
    Doubt, FieldChoice, PdfError, Permission, SignError, SignRequest, inspect, prepare,
};

use crate::{
    documents::{Draft, with_empty_field},
    keys::{NOW, pki},
    signing::{sign, visible},
};

#[test]
fn what_is_no_pdf_or_is_cut_off_is_refused() {
    let not = b"PK\x03\x04 this is a zip".to_vec();
    assert_eq!(inspect(&not).unwrap_err(), PdfError::NotPdf);
    let whole = Draft::new().classic();
    for cut in [0, 5, 20, whole.len() / 2, whole.len() - 40] {
        assert!(inspect(&whole[..cut].to_vec()).is_err(), "cut at {cut}");
    }
}

#[test]
fn a_cross_reference_that_cannot_be_read_is_named_and_never_repaired() {
    use crate::forge::replace;
    let pdf = Draft::new().classic();
    let text = String::from_utf8_lossy(&pdf).into_owned();
    let start = &text[text.rfind("startxref\n").unwrap() + 10..];
    let start = start.lines().next().unwrap();
    let packed = crate::documents::qpdf(&pdf, &["--object-streams=generate"]);
    for (name, damaged) in [
        ("missing", replace(&pdf, "startxref", "startxxxx")),
        ("no number", replace(&pdf, start, "here!")),
        ("beyond the end", replace(&pdf, start, "99999999")),
        ("elsewhere", replace(&pdf, start, "12")),
        ("no table", replace(&pdf, "xref\n0 7", "xxxx\n0 7")),
        ("garbled", replace(&pdf, " 00000 n", " 0000# n")),
        ("no trailer", replace(&pdf, "trailer\n<<", "trailer\n[[")),
        ("no root", replace(&pdf, "/Root 1 0 R", "/Ruut 1 0 R")),
        (
            "ring",
            replace(&pdf, "/Info 6 0 R", &format!("/Prev {start}")),
        ),
        ("no stream", replace(&packed, "/Type /XRef", "/Type /YRef")),
        ("widths", replace(&packed, "/W [", "/V [")),
    ] {
        let error = inspect(&damaged).unwrap_err();
        assert!(matches!(error, PdfError::Xref { .. }), "{name}: {error:?}");
        assert_eq!(
            sign(&damaged, &pki().p256, |_| {}).unwrap_err(),
            SignError::Pdf(error.clone()),
            "{name}"
        );
        let seen = congvan_pades::validate(&damaged, &pki().trust(), NOW);
        assert_eq!(seen.unwrap_err(), error, "{name}");
    }
}

#[test]
fn garbage_from_the_token_is_never_embedded() {
    let pki = pki();
    let pdf = Draft::new().classic();
    for (signer, other) in [(&pki.rsa, &pki.rsa_3072), (&pki.p256, &pki.expired)] {
        let request = SignRequest::new(&signer.certificate, NOW);
        let attempts = {
            let prepared = prepare(&pdf, &request).unwrap();
            let asked = prepared.to_be_signed();
            let good = signer.sign(&asked);
            let mut flipped = good.clone();
            *flipped.last_mut().unwrap() ^= 1;
            vec![
                Vec::new(),
                vec![0; good.len()],
                good[..good.len() - 1].to_vec(),
                flipped,
                other.sign(&asked),
            ]
        };
        for raw in attempts {
            let prepared = prepare(&pdf, &request).unwrap();
            assert_eq!(prepared.embed(&raw).unwrap_err(), SignError::WrongSignature);
        }
    }
}

#[test]
fn a_certificate_out_of_time_or_of_another_purpose_does_not_sign() {
    let pki = pki();
    let pdf = Draft::new().classic();
    assert!(matches!(
        sign(&pdf, &pki.expired, |_| {}),
        Err(SignError::OutsidePeriod { .. })
    ));
    assert_eq!(
        sign(&pdf, &pki.not_for_signing, |_| {}).unwrap_err(),
        SignError::NotForSigning
    );
    assert_eq!(
        sign(&pdf, &pki.stranger, |_| {}).unwrap_err(),
        SignError::NotTrusted {
            doubts: vec![Doubt::NoChain]
        }
    );
    let junk = SignRequest::new(b"no certificate", NOW);
    assert_eq!(prepare(&pdf, &junk).unwrap_err(), SignError::BadCertificate);
}

#[test]
fn a_certification_that_permits_nothing_refuses_and_says_which() {
    let reference = "/V 8 0 R";
    let pdf = with_empty_field(Draft::new(), reference)
        .plus("<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 10 20 5]/Contents<00>/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P 1>>>>]>>")
        .classic();
    let seen = inspect(&pdf).unwrap();
    assert_eq!(
        seen.certification,
        Some(("LanhDao".into(), Permission::Nothing))
    );
    assert_eq!(seen.forbids_new_signature(), Some("LanhDao"));
    assert_eq!(
        sign(&pdf, &pki().rsa, |_| {}).unwrap_err(),
        SignError::Certified {
            field: "LanhDao".into()
        }
    );
}

#[test]
fn a_lock_on_all_fields_refuses_the_next_signature() {
    let pdf = with_empty_field(Draft::new(), "/Lock<</Type/SigFieldLock/Action/All>>").classic();
    let locked = sign(&pdf, &pki().rsa, |request| {
        request.field = FieldChoice::Existing("LanhDao".into());
    })
    .unwrap();
    assert_eq!(
        inspect(&locked).unwrap().forbids_new_signature(),
        Some("LanhDao")
    );
    assert_eq!(
        sign(&locked, &pki().p256, |_| {}).unwrap_err(),
        SignError::Locked {
            by: "LanhDao".into()
        }
    );
}

#[test]
fn a_page_or_field_that_does_not_exist_is_refused() {
    let pdf = Draft::new().classic();
    let wrong_page = sign(&pdf, &pki().p256, |request| {
        let FieldChoice::New { rect, .. } = visible(0.0, 0.0) else {
            unreachable!()
        };
        request.field = FieldChoice::New { page: 7, rect };
    });
    assert_eq!(
        wrong_page.unwrap_err(),
        SignError::Pdf(PdfError::NoSuchPage { index: 7, count: 1 })
    );
    let wrong_field = sign(&pdf, &pki().p256, |request| {
        request.field = FieldChoice::Existing("KhongCo".into());
    });
    assert_eq!(
        wrong_field.unwrap_err(),
        SignError::Pdf(PdfError::NoSuchField)
    );
}

#[test]
fn a_reserve_that_is_too_small_is_an_error_and_not_a_broken_file() {
    let result = sign(&Draft::new().classic(), &pki().rsa, |request| {
        request.reserve = 300;
    });
    assert!(matches!(
        result,
        Err(SignError::Pdf(PdfError::ContentsTooSmall {
            reserved: 300,
            ..
        }))
    ));
}

#[test]
fn another_document_than_the_prepared_one_is_noticed() {
    let pki = pki();
    let pdf = Draft::new().classic();
    let mut other = pdf.clone();
    let at = other.windows(2).position(|window| window == b"12").unwrap();
    other[at] = b'9';
    let chain = [pki.intermediate.clone()];
    let mut request = SignRequest::new(&pki.p256.certificate, NOW);
    request.chain = &chain;
    let prepared = prepare(&pdf, &request).unwrap();
    let raw = pki.p256.sign(&prepared.to_be_signed());
    let signed = prepared.embed(&raw).unwrap();
    assert!(matches!(
        signed.verify(&other, &pki.trust(), NOW),
        Err(SignError::OutputInvalid { .. })
    ));
}

#[test]
fn a_certificate_that_ended_before_now_is_a_doubt_and_not_a_fault() {
    let signed = sign(&Draft::new().classic(), &pki().p256, |_| {}).unwrap();
    let later = Timestamp(2_100_000_000_000);
    let report = congvan_pades::validate(&signed, &pki().trust(), later).unwrap();
    let status = &report.signatures[0].status;
    assert_eq!(status.indication(), "INDETERMINATE");
    assert_eq!(status.sub_indication(), Some("OUT_OF_BOUNDS_NO_POE"));
    assert!(report.signatures[0].intact);
}

#[test]
fn a_signature_that_holds_only_the_leaf_needs_the_intermediate_as_data() {
    let pki = pki();
    let pdf = Draft::new().classic();
    let alone = sign(&pdf, &pki.p256, |request| request.chain = &[]);
    assert_eq!(
        alone.unwrap_err(),
        SignError::NotTrusted {
            doubts: vec![Doubt::NoChain]
        }
    );
    let request = SignRequest::new(&pki.p256.certificate, NOW);
    let prepared = prepare(&pdf, &request).unwrap();
    let raw = pki.p256.sign(&prepared.to_be_signed());
    let mut trust = pki.trust();
    trust.intermediates.push(pki.intermediate.clone());
    let verified = prepared
        .embed(&raw)
        .unwrap()
        .verify(&pdf, &trust, NOW)
        .unwrap();
    let signed = [pdf.as_slice(), verified.tail()].concat();
    let unknown = congvan_pades::validate(&signed, &pki.trust(), NOW).unwrap();
    assert_eq!(
        unknown.signatures[0].status.sub_indication(),
        Some("NO_CERTIFICATE_CHAIN_FOUND")
    );
    assert!(unknown.signatures[0].intact);
}
