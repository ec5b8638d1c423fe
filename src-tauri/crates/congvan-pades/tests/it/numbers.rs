//! The number is given after the leader has signed: an allowed later change, for every judge.

use congvan_pades::{
    Change, Coverage, ExtensionError, ExtensionKind, Level, NumberDate, Permission, SignError,
    Status, fill_fields, number_fields, number_values, prepare, seal_with_number, template::Stamp,
    validate, verify_extension,
};
use congvan_testkit::letter_pdf;

use crate::{
    documents::qpdf,
    keys::{NOW, pki},
    oracles::{pdfium_text, pdfsig, pyhanko, qpdf_check},
    placements::{letter, words},
    signing::{is_good, look, sign, visible},
};

fn number() -> NumberDate {
    NumberDate {
        number: "07".into(),
        day: 5,
        month: 1,
        year: 2026,
    }
}

/// A letter as drafted.
fn draft() -> Vec<u8> {
    letter_pdf(&letter()).unwrap()
}

/// The leader signs and brings the blanks along.
fn signed(pdf: &[u8], certify: Option<Permission>) -> Vec<u8> {
    let pages = words(&[draft()]).remove(0);
    let fields = number_fields(&pages);
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["So", "Ngay", "Thang"], "the year is printed");
    sign(pdf, &pki().rsa, |request| {
        request.field = visible(125.0, 180.0);
        request.appearance = look(&["Nguyễn Văn A"]);
        request.text_fields = &fields;
        request.certify = certify;
    })
    .unwrap()
}

/// Number and date as values of the fields that are there.
fn values(pdf: &Vec<u8>) -> Vec<(&'static str, String)> {
    number_values(pdf, &number()).unwrap()
}

fn filled(pdf: &Vec<u8>) -> Result<Vec<u8>, SignError> {
    let values = values(pdf);
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let done = fill_fields(pdf, &values, &pki().trust(), NOW)?;
    assert_eq!(done.base_size(), pdf.len() as u64);
    assert_eq!(done.level(), Level::BB);
    Ok([pdf.as_slice(), done.tail()].concat())
}

/// The organisation signs last; number and date go into its revision.
fn sealed(pdf: &Vec<u8>) -> Vec<u8> {
    let values = values(pdf);
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    sign(pdf, &pki().p256, |request| {
        request.field = visible(100.0, 180.0);
        request.appearance = look(&["Dấu"]);
        request.filled = &values;
    })
    .unwrap()
}

/// What happens to a letter whose number is given last, by name.
pub(crate) fn numbered() -> Vec<(String, Vec<u8>)> {
    let leader = signed(&draft(), None);
    let own = filled(&leader).unwrap();
    let certified = signed(&draft(), Some(Permission::Forms));
    let files = [
        ("numbered-by-the-seal", sealed(&leader)),
        ("numbered-then-sealed", sealed(&own)),
        ("numbered", own),
        ("certified-and-numbered", filled(&certified).unwrap()),
        ("to-be-numbered", leader),
    ];
    files.map(|(name, pdf)| (name.to_owned(), pdf)).to_vec()
}

#[test]
fn number_and_date_come_after_the_leader_and_every_judge_calls_that_form_filling() {
    let mut files = Vec::new();
    let classic = draft();
    let packed = qpdf(&classic, &["--object-streams=generate"]);
    for (form, pdf) in [("classic", &classic), ("packed", &packed)] {
        for certify in [None, Some(Permission::Forms)] {
            let leader = signed(pdf, certify);
            let name = format!("{form}-{}", certify.is_some());
            let own = filled(&leader).unwrap();
            if certify.is_none() {
                // The number may also be a revision of its own before the seal. After a
                // certification pyHanko, unlike Acrobat, takes no new field that shows.
                files.push((format!("{name}-own-sealed"), sealed(&own)));
                files.push((format!("{name}-sealed"), sealed(&leader)));
            }
            files.push((format!("{name}-own"), own));
        }
    }
    let names = ["So", "Ngay", "Thang"];
    for (name, pdf) in &files {
        assert_eq!(qpdf_check(pdf), "", "{name}");
        let report = validate(pdf, &pki().trust(), NOW).unwrap();
        let leader = &report.signatures[0];
        assert!(
            leader.intact && is_good(&leader.status),
            "{name}: {leader:?}"
        );
        assert!(matches!(leader.coverage, Coverage::Revision { .. }));
        for field in names {
            let change = Change::Filled {
                field: field.into(),
            };
            assert!(leader.changes.contains(&change), "{name}");
        }
        let seen = pdfsig(pdf);
        let count = report.signatures.len();
        assert_eq!(seen.matches("Signature is Valid.").count(), count, "{name}");
    }
    for (verdict, text) in pyhanko(&files).iter().zip(pdfium_text(&files)) {
        let signatures = verdict["signatures"].as_array().unwrap();
        for one in signatures {
            assert_eq!(one["ok"], true, "{verdict}");
        }
        let level = signatures[0]["changes"].as_str().unwrap();
        assert!(level.ends_with("FORM_FILLING"), "{verdict}");
        // PDFium draws the fields, where the blanks were.
        let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("07"), "{flat}");
        assert!(flat.contains("05") && flat.contains("01"), "{flat}");
    }
}

#[test]
fn number_and_date_stand_in_their_blanks() {
    let pdf = draft();
    let blanks = number_fields(&words(std::slice::from_ref(&pdf)).remove(0));
    let done = filled(&signed(&pdf, None)).unwrap();
    // What a reader prints: fields become part of the page.
    let flat = qpdf(&done, &["--flatten-annotations=all"]);
    let pages = words(&[flat]).remove(0);
    for (field, value) in blanks.iter().zip(["07", "05", "01"]) {
        let word = pages[0].words.iter().find(|word| {
            let (x, y) = (
                word.area.x + word.area.width / 2.0,
                word.area.y + word.area.height / 2.0,
            );
            word.text.contains(value)
                && (field.rect.x..field.rect.x + field.rect.width).contains(&x)
                && (field.rect.y..field.rect.y + field.rect.height).contains(&y)
        });
        let area = word
            .unwrap_or_else(|| panic!("{}: {field:?}", field.name))
            .area;
        let off = area.y + area.height / 2.0 - (field.rect.y + field.rect.height / 2.0);
        assert!(off.abs() < 0.5, "{}: {off} mm off its line", field.name);
    }
}

#[test]
fn what_the_leader_forbade_is_not_filled() {
    let leader = signed(&draft(), Some(Permission::Nothing));
    let field = "Signature1".to_owned();
    assert_eq!(
        filled(&leader).unwrap_err(),
        SignError::Certified {
            field: field.clone()
        }
    );
    // A lock on the number's field: the rest is open.
    let pdf = with_lock(&draft(), "/Action/Include/Fields[(So)]");
    let pages = words(&[draft()]).remove(0);
    let fields = number_fields(&pages);
    let leader = sign(&pdf, &pki().rsa, |request| {
        request.field = congvan_pades::FieldChoice::Existing("LanhDao".into());
        request.text_fields = &fields;
    })
    .unwrap();
    let by = "LanhDao".to_owned();
    assert_eq!(filled(&leader).unwrap_err(), SignError::Locked { by });
    let done = fill_fields(&leader, &[("Ngay", "05")], &pki().trust(), NOW).unwrap();
    assert!(!done.tail().is_empty());
    // What a careless program fills nevertheless is condemned.
    let open = signed(&draft(), None);
    let honest = filled(&open).unwrap();
    let closed = signed(&draft(), Some(Permission::Nothing));
    let number = crate::forge::number_before(&closed, "/T (So)");
    let widget = crate::forge::body(&closed, number).replacen("<<", "<</V(99)", 1);
    let careless = crate::forge::append(&closed, &[(number, widget)], "");
    let report = validate(&careless, &pki().trust(), NOW).unwrap();
    assert!(matches!(report.signatures[0].status, Status::Invalid(_)));
    let report = validate(&honest, &pki().trust(), NOW).unwrap();
    assert!(is_good(&report.signatures[0].status));
}

/// An empty signature field with a lock, on a letter of the test office.
fn with_lock(pdf: &[u8], lock: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(pdf).into_owned();
    let root: u32 = {
        let at = text.rfind("/Root ").unwrap() + 6;
        text[at..].split(' ').next().unwrap().parse().unwrap()
    };
    let catalog = crate::forge::body(pdf, root);
    let catalog = catalog.replacen("<<", "<</AcroForm<</Fields[400 0 R]/SigFlags 1>>", 1);
    let field = format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(LanhDao)/Rect[0 0 0 0]/Lock<</Type/SigFieldLock{lock}>>>>"
    );
    let appended = crate::forge::append(pdf, &[(root, catalog), (400, field)], "");
    crate::forge::replace(&appended, "/Root 1 0 R", &format!("/Root {root} 0 R"))
}

#[test]
fn fields_are_filled_once_and_prepared_before_anything_is_signed() {
    let leader = signed(&draft(), None);
    let done = filled(&leader).unwrap();
    assert!(number_values(&done, &number()).unwrap().is_empty());
    let again = fill_fields(&done, &[("So", "08")], &pki().trust(), NOW);
    assert_eq!(
        again.unwrap_err(),
        SignError::Pdf(congvan_pades::PdfError::FieldSigned)
    );
    let missing = fill_fields(&leader, &[("Khac", "08")], &pki().trust(), NOW);
    assert_eq!(
        missing.unwrap_err(),
        SignError::Pdf(congvan_pades::PdfError::NoSuchField)
    );
    let fields = number_fields(&words(&[draft()]).remove(0));
    let mut request = congvan_pades::SignRequest::new(&pki().p256.certificate, NOW);
    request.text_fields = &fields;
    assert!(matches!(
        prepare(&leader, &request).unwrap_err(),
        SignError::TooLateForFields { .. }
    ));
}

#[test]
fn the_receiver_takes_the_blanks_with_the_first_signature_and_the_number_with_the_seal() {
    let trust = pki().trust();
    let pdf = draft();
    let leader = signed(&pdf, None);
    let is_signature = |kind| matches!(kind, Ok(ExtensionKind::Signature { .. }));
    assert!(is_signature(verify_extension(&pdf, &leader, &trust, NOW)));
    let seal = sealed(&leader);
    assert!(is_signature(verify_extension(&leader, &seal, &trust, NOW)));
    // A number alone is nobody's act.
    let own = filled(&leader).unwrap();
    assert!(matches!(
        verify_extension(&leader, &own, &trust, NOW),
        Err(ExtensionError::MoreThanASignature { .. })
    ));
    // Blanks that show something, or other fields, are no blanks.
    let number = crate::forge::number_before(&leader, "/T (So)");
    let widget = crate::forge::body(&leader, number);
    let unsigned = crate::forge::append(&pdf, &[], "");
    assert!(!unsigned.is_empty());
    for (name, changed) in [
        (
            "renamed",
            crate::forge::replace(&leader, "/T (So)", "/T (Xo)"),
        ),
        (
            "valued",
            crate::forge::append(
                &leader,
                &[(number, widget.replacen("<<", "<</V(1)", 1))],
                "",
            ),
        ),
    ] {
        assert!(
            verify_extension(&pdf, &changed, &trust, NOW).is_err(),
            "{name}"
        );
    }
    // Another field of the form filled along with the seal.
    let closed = signed(&pdf, Some(Permission::Nothing));
    let mut request = congvan_pades::SignRequest::new(&pki().p256.certificate, NOW);
    request.filled = &[("So", "1")];
    assert!(matches!(
        prepare(&closed, &request).unwrap_err(),
        SignError::Certified { .. }
    ));
}

#[test]
fn where_no_field_was_prepared_the_seal_shows_number_and_date_itself() {
    let pdf = draft();
    let pages = words(std::slice::from_ref(&pdf)).remove(0);
    let leader = sign(&pdf, &pki().rsa, |_| {}).unwrap();
    assert!(values(&leader).is_empty());
    let seal = Stamp {
        place: Some(congvan_pades::placement::Place {
            page: 0,
            rect: congvan_pades::MmRect {
                x: 100.0,
                y: 175.0,
                width: 36.0,
                height: 36.0,
            },
        }),
        appearance: congvan_pades::roles::seal(crate::signing::seal(), (36.0, 36.0)),
    };
    let mut files = Vec::new();
    for (name, pages) in [("in-the-blanks", pages.as_slice()), ("below", &[])] {
        let stamp = seal_with_number(&seal, pages, &number());
        let signed = sign(&leader, &pki().p256, |request| {
            request.field = stamp.field();
            request.appearance = stamp.appearance.clone();
        })
        .unwrap();
        let report = validate(&signed, &pki().trust(), NOW).unwrap();
        for one in &report.signatures {
            assert!(is_good(&one.status), "{name}: {:?}", one.status);
        }
        assert_eq!(pdfsig(&signed).matches("Signature is Valid.").count(), 2);
        // The seal itself has not moved.
        let seen = crate::stamps::red_extent(&signed, 1.0);
        // The ring of the test's seal ends 58 of 60 pixels from its middle.
        assert!(
            (seen[2] - (118.0 + 18.0 * 58.5 / 60.0)).abs() < 0.5,
            "{seen:?}"
        );
        files.push((name.to_owned(), signed));
    }
    for verdict in pyhanko(&files) {
        for one in verdict["signatures"].as_array().unwrap() {
            assert_eq!(one["ok"], true, "{verdict}");
        }
    }
    let texts = pdfium_text(&files);
    assert!(
        texts[0].contains("07") && texts[0].contains("05"),
        "{}",
        texts[0]
    );
    assert!(texts[1].contains("Số: 07, ngày 05/01/2026"), "{}", texts[1]);
}
