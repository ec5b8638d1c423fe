use congvan_model::ByteSource;
use congvan_pades::{
    Appearance, Colour, Coverage, DigestAlgorithm, Doubt, FieldChoice, Item, MmRect, RsaPadding,
    SignError, SignRequest, Status, TextAlign, inspect, prepare, validate,
};
use congvan_pdf::{Document, Object, form_fields, pages};

use crate::{
    documents::{Draft, variants, with_empty_field},
    keys::{NOW, Signer, pki},
    oracles::{openssl_cms, pdfsig, pyhanko, qpdf_check},
};

/// A red disc on a transparent ground.
pub(crate) fn seal() -> Vec<u8> {
    let side = 120_u32;
    let mut pixels = Vec::new();
    for y in 0..side {
        for x in 0..side {
            let (dx, dy) = (f64::from(x) - 59.5, f64::from(y) - 59.5);
            let inside = (45.0..=58.0).contains(&dx.hypot(dy));
            pixels.extend([220, 0, 0, if inside { 255 } else { 0 }]);
        }
    }
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, side, side);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    out
}

pub(crate) fn visible(x: f64, y: f64) -> FieldChoice {
    FieldChoice::New {
        page: 0,
        rect: MmRect {
            x,
            y,
            width: 50.0,
            height: 20.0,
        },
    }
}

pub(crate) fn look(lines: &[&str]) -> Appearance {
    let area = MmRect {
        x: 0.0,
        y: 0.0,
        width: 50.0,
        height: 20.0,
    };
    Appearance {
        items: vec![
            Item::Image { png: seal(), area },
            Item::Text {
                lines: lines.iter().map(|line| (*line).to_owned()).collect(),
                area,
                size: 10.0,
                colour: Colour::BLACK,
                align: TextAlign::Left,
            },
        ],
    }
}

/// Signs through every stage and gives the whole new file.
pub(crate) fn sign<'a>(
    pdf: &[u8],
    signer: &'a Signer,
    change: impl FnOnce(&mut SignRequest<'a>),
) -> Result<Vec<u8>, SignError> {
    let mut request = SignRequest::new(&signer.certificate, NOW);
    request.chain = std::slice::from_ref(&pki().intermediate);
    change(&mut request);
    let pdf = pdf.to_vec();
    let prepared = prepare(&pdf, &request)?;
    let raw = signer.sign(&prepared.to_be_signed());
    let verified = prepared.embed(&raw)?.verify(&pdf, &pki().trust(), NOW)?;
    assert!(verified.revocation_unchecked());
    assert_eq!(verified.base_size(), pdf.len() as u64);
    let mut signed = pdf;
    signed.extend(verified.tail());
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &signed);
    assert_eq!(verified.sha256().0, hash.as_ref());
    assert_eq!(verified.size(), signed.len() as u64);
    Ok(signed)
}

/// Leader, initials and organisation on one file.
pub(crate) fn sign_three(pdf: &[u8]) -> Vec<u8> {
    let pki = pki();
    let existing = inspect(&pdf.to_vec()).unwrap().empty_fields;
    let first = existing.first().map_or_else(
        || visible(90.0, 180.0),
        |field| FieldChoice::Existing(field.name.clone()),
    );
    let leader = sign(pdf, &pki.rsa, |request| {
        request.field = first;
        request.appearance = look(&["Lê Văn Bình"]);
        request.reason = Some("Phê duyệt: x) /Name (y\\ — đồng ý");
        request.location = Some("Bình Minh Đông");
        request.signer_name = Some("Lê Văn Bình");
    })
    .unwrap();
    let initials = sign(&leader, &pki.rsa_3072, |_| {}).unwrap();
    sign(&initials, &pki.p256, |request| {
        request.field = visible(60.0, 185.0);
        request.appearance = look(&[
            "UBND xã Bình Minh Đông",
            "Số 12/QĐ-UBND",
            &NOW.iso_vietnam(),
        ]);
    })
    .unwrap()
}

pub(crate) fn is_good(status: &Status) -> bool {
    match status {
        Status::Valid => true,
        Status::CouldNotCheck(doubts) => doubts
            .iter()
            .all(|doubt| *doubt == Doubt::RevocationUnknown),
        Status::Invalid(_) => false,
    }
}

#[test]
fn three_roles_sign_every_form_of_input_and_every_judge_agrees() {
    let mut files = Vec::new();
    for (name, pdf) in variants() {
        let signed = sign_three(&pdf);
        assert!(signed.starts_with(&pdf), "{name}: the input is a prefix");
        let report = validate(&signed, &pki().trust(), NOW).unwrap();
        assert_eq!(report.signatures.len(), 3, "{name}");
        for signature in &report.signatures {
            assert!(is_good(&signature.status), "{name}: {:?}", signature.status);
        }
        assert_eq!(
            report.signatures.last().unwrap().coverage,
            Coverage::Whole,
            "{name}"
        );
        // A linearised file is no longer one after an update; qpdf says so and that is all.
        if name != "linearised" {
            assert_eq!(qpdf_check(&signed), "", "{name}");
        }
        let seen = pdfsig(&signed);
        assert_eq!(
            seen.matches("Signature is Valid.").count(),
            3,
            "{name}: {seen}"
        );
        files.push((name.to_owned(), signed));
    }
    for verdict in pyhanko(&files) {
        let signatures = verdict["signatures"].as_array().unwrap();
        assert_eq!(signatures.len(), 3, "{verdict}");
        for signature in signatures {
            assert_eq!(signature["ok"], true, "{verdict}");
        }
    }
}

#[test]
fn a_new_field_names_its_page_and_the_page_lists_it() {
    for (name, pdf) in variants() {
        let signed = sign_three(&pdf);
        let document = Document::open(&signed).unwrap();
        let page = &pages(&document).unwrap()[0];
        let annotations = document.value(&page.dict, "Annots").unwrap();
        let annotations = annotations.as_array().unwrap();
        let fields = form_fields(&document).unwrap();
        assert_eq!(fields.len(), 3, "{name}");
        for field in fields {
            let place = field.dict.get("P").and_then(Object::as_ref);
            assert_eq!(place, Some(page.id), "{name}: {}", field.name);
            let listed = annotations
                .iter()
                .filter(|one| one.as_ref() == Some(field.id));
            assert_eq!(listed.count(), 1, "{name}: {}", field.name);
        }
    }
}

#[test]
fn every_algorithm_is_accepted_by_openssl_and_pyhanko() {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    let pki = pki();
    let pdf = Draft::new().classic();
    let mut files = Vec::new();
    for (name, signer, padding, digest) in [
        ("rsa-sha256", &pki.rsa, RsaPadding::Pkcs1, Sha256),
        ("rsa-sha384", &pki.rsa, RsaPadding::Pkcs1, Sha384),
        ("rsa-sha512", &pki.rsa_3072, RsaPadding::Pkcs1, Sha512),
        ("pss-sha256", &pki.rsa, RsaPadding::Pss, Sha256),
        ("pss-sha384", &pki.rsa_3072, RsaPadding::Pss, Sha384),
        ("pss-sha512", &pki.rsa, RsaPadding::Pss, Sha512),
        ("p256-sha256", &pki.p256, RsaPadding::Pkcs1, Sha256),
        ("p384-sha384", &pki.p384, RsaPadding::Pkcs1, Sha384),
    ] {
        let signed = sign(&pdf, signer, |request| {
            request.padding = padding;
            request.digest = digest;
        })
        .unwrap();
        let (cms, content) = take_apart(&signed);
        openssl_cms(&cms, &content).unwrap_or_else(|error| panic!("{name}: {error}"));
        files.push((name.to_owned(), signed));
    }
    for verdict in pyhanko(&files) {
        assert_eq!(verdict["signatures"][0]["ok"], true, "{verdict}");
    }
}

/// The CMS structure of the last signature, and the bytes it signs.
pub(crate) fn take_apart(signed: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let find = |needle: &[u8]| {
        signed
            .windows(needle.len())
            .rposition(|window| window == needle)
    };
    let at = find(b"/Contents <").unwrap() + 10;
    let end = at + signed[at..].iter().position(|byte| *byte == b'>').unwrap() + 1;
    let digits = std::str::from_utf8(&signed[at + 1..end - 1]).unwrap();
    let padded: Vec<u8> = (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect();
    let length = usize::from(padded[2]) * 256 + usize::from(padded[3]) + 4;
    assert_eq!(&padded[..2], [0x30, 0x82]);
    let content = [&signed[..at], &signed[end..]].concat();
    (padded[..length].to_vec(), content)
}

#[test]
fn an_existing_empty_field_is_filled_and_not_doubled() {
    let pdf = with_empty_field(Draft::new(), "").classic();
    let before = inspect(&pdf).unwrap();
    assert_eq!(before.empty_fields[0].name, "LanhDao");
    let signed = sign(&pdf, &pki().rsa, |request| {
        request.field = FieldChoice::Existing("LanhDao".into());
        request.appearance = look(&["Đã ký"]);
    })
    .unwrap();
    let after = inspect(&signed).unwrap();
    assert!(after.empty_fields.is_empty());
    assert_eq!(after.signed_fields, ["LanhDao"]);
    let again = sign(&signed, &pki().rsa, |request| {
        request.field = FieldChoice::Existing("LanhDao".into());
    });
    assert_eq!(
        again.unwrap_err(),
        SignError::Pdf(congvan_pades::PdfError::FieldSigned)
    );
}

#[test]
fn new_fields_never_take_a_name_that_is_used() {
    let pdf = Draft::new().classic();
    let once = sign(&pdf, &pki().p256, |_| {}).unwrap();
    let twice = sign(&once, &pki().p256, |_| {}).unwrap();
    assert_eq!(
        inspect(&twice).unwrap().signed_fields,
        ["Signature1", "Signature2"]
    );
}

#[test]
fn the_texts_of_the_signature_come_back_as_typed() {
    let reason = "Lý do (1) x) /Name (y\\ ỹ";
    let signed = sign(&Draft::new().classic(), &pki().p256, |request| {
        request.reason = Some(reason);
        request.location = Some("Hà Nội");
    })
    .unwrap();
    let report = validate(&signed, &pki().trust(), NOW).unwrap();
    let signature = &report.signatures[0];
    assert_eq!(signature.reason.as_deref(), Some(reason));
    assert_eq!(signature.location.as_deref(), Some("Hà Nội"));
    assert_eq!(signature.claimed_time, Some(NOW));
    let signer = signature.signer.as_ref().unwrap();
    assert_eq!(signer.name, "UBND xã Bình Minh Đông");
    assert_eq!(signer.unit, "UBND xã Bình Minh Đông, UBND tỉnh H99");
    assert_eq!(signer.issuer, "CA phụ KIỂM THỬ");
}

#[test]
fn pages_are_measured_in_millimetres_as_displayed() {
    for (name, expected) in [
        ("plain", (210.0, 297.0)),
        ("rotated-90", (297.0, 210.0)),
        ("user-unit", (210.0, 297.0)),
        ("crop-box", (158.75, 225.78)),
    ] {
        let pdf = variants().into_iter().find(|(n, _)| *n == name).unwrap().1;
        let page = inspect(&pdf).unwrap().pages[0];
        assert!(
            (page.width_mm - expected.0).abs() < 0.05,
            "{name}: {page:?}"
        );
        assert!(
            (page.height_mm - expected.1).abs() < 0.05,
            "{name}: {page:?}"
        );
    }
}

#[test]
fn fifteen_hundred_signatures_of_one_key_all_verify() {
    // Some CMS structures end in zeros; readers that strip padding break exactly those.
    let pdf = Draft::new().classic();
    let mut ends_in_zero = 0;
    for round in 0..1500_i64 {
        let pki = pki();
        let mut request = SignRequest::new(&pki.p256.certificate, NOW.plus_ms(round * 1000));
        request.reserve = 2048;
        let chain = [pki.intermediate.clone()];
        request.chain = &chain;
        let prepared = prepare(&pdf, &request).unwrap();
        let raw = pki.p256.sign(&prepared.to_be_signed());
        ends_in_zero += usize::from(raw.last() == Some(&0));
        let signed = prepared.embed(&raw).unwrap();
        signed.verify(&pdf, &pki.trust(), NOW).unwrap();
    }
    assert!(ends_in_zero > 0, "the loop never met its case");
}

#[test]
fn a_file_is_read_in_small_pieces_only() {
    struct Counted(Vec<u8>, std::sync::atomic::AtomicUsize);
    impl ByteSource for Counted {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), congvan_model::ReadError> {
            self.1
                .fetch_max(buffer.len(), std::sync::atomic::Ordering::Relaxed);
            self.0.read_at(offset, buffer)
        }
    }
    let image = "x".repeat(20 << 20);
    let pdf = Draft::new()
        .plus(&format!(
            "<</Type/XObject/Subtype/Image/Length {}>>\nstream\n{image}\nendstream",
            image.len()
        ))
        .classic();
    let source = Counted(pdf, std::sync::atomic::AtomicUsize::new(0));
    let pki = pki();
    let chain = [pki.intermediate.clone()];
    let mut request = SignRequest::new(&pki.rsa.certificate, NOW);
    request.chain = &chain;
    let prepared = prepare(&source, &request).unwrap();
    let raw = pki.rsa.sign(&prepared.to_be_signed());
    prepared
        .embed(&raw)
        .unwrap()
        .verify(&source, &pki.trust(), NOW)
        .unwrap();
    assert!(source.1.into_inner() <= 1 << 20);
}
