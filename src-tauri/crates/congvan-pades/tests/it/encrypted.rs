//! Files that everybody may open but that restrict what is done with them: all ciphers and versions
//! of the standard security handler.

use std::{path::Path, process::Command};

use congvan_model::ByteSource;
use congvan_pades::{
    FieldChoice, Level, PdfError, SignError, SignRequest, SignatureKind, Status, add_evidence,
    inspect, prepare, prepare_inner_time_stamp, prepare_time_stamp, validate,
};
use congvan_pdf::Document;

use crate::{
    archive::{at, clock, complete, everybody, ladder, now, stamp, stamp_inside},
    documents::{CONTENT, Draft, qpdf, with_empty_field},
    forge::{append, stream},
    keys::{NOW, pki},
    oracles::{pdfium_text, pdfsig, pyhanko, pyhanko_archive, python, qpdf_check},
    signing::{is_good, sign, sign_three, visible},
};

const METADATA: &str = "<x:xmpmeta xmlns:x='adobe:ns:meta/'>\
    <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta>";

/// A letter with all that encryption treats by rules of its own.
fn letter() -> Draft {
    with_empty_field(Draft::new(), "")
        .with(1, "/Metadata 8 0 R")
        .plus(&format!(
            "<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{METADATA}\nendstream",
            METADATA.len()
        ))
}

pub(crate) fn locked(pdf: &[u8], options: &[&str]) -> Vec<u8> {
    let mut arguments = vec!["--allow-weak-crypto", "--encrypt", "", "chu-tep"];
    arguments.extend(options);
    qpdf(pdf, &arguments)
}

/// Encrypted by pyHanko; the kinds are in `encrypt.py`.
fn by_pyhanko(pdf: &[u8], kind: &str) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let (from, to) = (dir.path().join("in.pdf"), dir.path().join("out.pdf"));
    std::fs::write(&from, pdf).unwrap();
    let output = Command::new(python())
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/encrypt.py"))
        .arg(kind)
        .args([&from, &to])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{kind}: {error}");
    std::fs::read(&to).unwrap()
}

/// Every version and cipher, with tables and with object streams.
pub(crate) fn kinds() -> Vec<(String, Vec<u8>)> {
    let pdf = letter().classic();
    let mut files = Vec::new();
    for (name, options) in [
        ("rc4-40", &["40", "--"][..]),
        ("rc4-128", &["128", "--use-aes=n", "--"]),
        ("rc4-128-v4", &["128", "--force-V4", "--"]),
        ("aes-128", &["128", "--use-aes=y", "--"]),
        (
            "aes-128-metadata",
            &["128", "--use-aes=y", "--cleartext-metadata", "--"],
        ),
        ("aes-256", &["256", "--"]),
        ("aes-256-r5", &["256", "--force-R5", "--"]),
        ("aes-256-metadata", &["256", "--cleartext-metadata", "--"]),
    ] {
        files.push((name.to_owned(), locked(&pdf, options)));
        if matches!(name, "rc4-128" | "aes-128" | "aes-256") {
            let packed = [options, &["--object-streams=generate"]].concat();
            files.push((format!("{name}-packed"), locked(&pdf, &packed)));
        }
    }
    for kind in ["plain-strings", "plain-streams"] {
        files.push((format!("pyhanko-{kind}"), by_pyhanko(&pdf, kind)));
    }
    files
}

/// What is on the pages and in the strings once qpdf has taken the encryption off.
fn bare(pdf: &[u8]) -> String {
    let plain = qpdf(
        pdf,
        &[
            "--decrypt",
            "--stream-data=uncompress",
            "--object-streams=disable",
        ],
    );
    String::from_utf8_lossy(&plain).into_owned()
}

#[test]
fn three_roles_sign_every_kind_of_encryption_and_every_judge_agrees() {
    let plain = sign_three(&letter().classic());
    let mut files = Vec::new();
    for (name, pdf) in kinds() {
        let seen = inspect(&pdf).unwrap();
        assert!(seen.encrypted, "{name}");
        assert_eq!(seen.empty_fields[0].name, "LanhDao", "{name}");
        let signed = sign_three(&pdf);
        assert!(signed.starts_with(&pdf), "{name}: the input is a prefix");
        let report = validate(&signed, &pki().trust(), NOW).unwrap();
        assert_eq!(report.signatures.len(), 3, "{name}");
        for one in &report.signatures {
            assert!(is_good(&one.status), "{name}: {:?}", one.status);
        }
        let reason = report.signatures[0].reason.as_deref();
        assert_eq!(reason, Some("Phê duyệt: x) /Name (y\\ — đồng ý"), "{name}");
        assert_eq!(qpdf_check(&signed), "", "{name}");
        let seen = pdfsig(&signed);
        assert_eq!(
            seen.matches("Signature is Valid.").count(),
            3,
            "{name}: {seen}"
        );
        let text = bare(&signed);
        assert!(text.contains(CONTENT), "{name}: the page is as it was");
        assert!(text.contains("xmpmeta"), "{name}");
        assert!(text.contains("/Title (Quyet dinh)"), "{name}");
        files.push((name, signed));
    }
    // pyHanko 0.38 does not open revision 5, and cannot compare revisions of a file whose metadata
    // are in the clear: src-tauri/docs/differences.md says why.
    let known = files
        .iter()
        .filter(|(name, _)| !name.ends_with("-r5") && !name.ends_with("-metadata"));
    let known: Vec<_> = known.cloned().collect();
    for (verdict, (name, _)) in pyhanko(&known).iter().zip(&known) {
        let signatures = verdict["signatures"].as_array().unwrap();
        assert_eq!(signatures.len(), 3, "{verdict}");
        for signature in signatures {
            // Its comparison of revisions takes a value that left an object stream for another one
            // (a wrapper for lazy deciphering is compared with what it wraps).
            let verdict_on = if name.ends_with("-packed") {
                ["intact", "valid", "trusted"].as_slice()
            } else {
                &["ok"]
            };
            for key in verdict_on {
                assert_eq!(signature[key], true, "{name}: {verdict}");
            }
        }
    }
    // The stamps are streams and fonts of the update: they show as in a file without encryption.
    // PDFium opens no file whose strings and streams have different filters.
    files.retain(|(name, _)| !name.starts_with("pyhanko-plain"));
    files.push(("plain".to_owned(), plain));
    let texts = pdfium_text(&files);
    for (text, (name, _)) in texts.iter().zip(&files) {
        assert!(text.contains("Số 12/QĐ-UBND"), "{name}: {text}");
        assert_eq!(Some(text), texts.last(), "{name}");
    }
}

#[test]
fn nothing_of_the_update_but_the_signature_is_written_in_the_clear() {
    for options in [
        &["128", "--use-aes=n", "--"][..],
        &["128", "--use-aes=y", "--"],
        &["256", "--"],
    ] {
        let pdf = locked(&letter().classic(), options);
        let signed = sign(&pdf, &pki().p256, |request| {
            request.reason = Some("ly do rat rieng");
        })
        .unwrap();
        let tail = String::from_utf8_lossy(&signed[pdf.len()..]).into_owned();
        assert!(!tail.contains("ly do rat rieng"), "{options:?}");
        assert!(!tail.contains("(Signature1)"), "{options:?}");
        assert!(!tail.contains("(D:20"), "{options:?}");
        assert!(bare(&signed).contains("ly do rat rieng"), "{options:?}");
    }
}

#[test]
fn an_encrypted_document_climbs_to_b_lta_without_its_token() {
    let (mut files, mut archives) = (Vec::new(), Vec::new());
    for (name, options) in [
        ("rc4-128", &["128", "--use-aes=n", "--"][..]),
        ("aes-128", &["128", "--use-aes=y", "--"]),
        ("aes-256", &["256", "--"]),
        (
            "aes-256-packed",
            &["256", "--", "--object-streams=generate"],
        ),
    ] {
        let pdf = locked(&letter().classic(), options);
        let steps = ladder(&pdf, sign_three(&pdf));
        for step in &steps {
            assert_eq!(qpdf_check(step), "", "{name}");
        }
        let report = validate(&steps[3], &pki().trust(), at(now())).unwrap();
        assert!(report.all_valid(), "{name}");
        for one in &report.signatures {
            if one.kind == SignatureKind::Approval {
                assert_eq!(one.level, Some(Level::BLTA), "{name}");
            }
        }
        // pyHanko's long-term validation insists on a time stamp inside the signature.
        let signed = sign(&pdf, &pki().p256, |_| {}).unwrap();
        let inner = stamp_inside(&signed, now());
        let (established, _) = complete(&inner, &everybody(clock()), now() + 1).unwrap();
        let (archived, level) = stamp(&established, now() + 1);
        assert_eq!(level, Level::BLTA);
        archives.push((name.to_owned(), archived));
        files.push((name.to_owned(), steps[3].clone()));
    }
    for verdict in pyhanko(&files) {
        for one in verdict["signatures"].as_array().unwrap() {
            assert_eq!(one["valid"], true, "{verdict}");
            assert_eq!(one["trusted"], true, "{verdict}");
        }
    }
    for verdict in pyhanko_archive(&archives, now() + 1) {
        assert_eq!(verdict["indication"], "PASSED", "{verdict}");
    }
}

#[test]
fn a_time_stamp_goes_into_the_signature_of_an_encrypted_file() {
    for options in [&["128", "--use-aes=n", "--"][..], &["256", "--"]] {
        let pdf = locked(&letter().classic(), options);
        let signed = sign(&pdf, &pki().p256, |_| {}).unwrap();
        let stamped = stamp_inside(&signed, now());
        assert_eq!(qpdf_check(&stamped), "");
        let report = validate(&stamped, &pki().trust(), at(now())).unwrap();
        assert_eq!(report.signatures[0].level, Some(Level::BT));
    }
}

#[test]
fn a_file_that_opens_only_with_a_password_is_refused_by_name_everywhere() {
    let pdf = qpdf(
        &Draft::new().classic(),
        &["--encrypt", "mat-khau", "chu", "256", "--"],
    );
    assert_eq!(inspect(&pdf).unwrap_err(), PdfError::Encrypted);
    assert_eq!(
        validate(&pdf, &pki().trust(), NOW).unwrap_err(),
        PdfError::Encrypted
    );
    let request = SignRequest::new(&pki().rsa.certificate, NOW);
    assert_eq!(prepare(&pdf, &request).unwrap_err(), SignError::Encrypted);
    assert_eq!(
        prepare_time_stamp(&pdf, 1).unwrap_err(),
        SignError::Encrypted
    );
    assert_eq!(
        prepare_inner_time_stamp(&pdf, 1).unwrap_err(),
        SignError::Encrypted
    );
    let evidence = everybody(0);
    assert_eq!(
        add_evidence(&pdf, &pki().trust(), &evidence, NOW).unwrap_err(),
        SignError::Encrypted
    );
}

#[test]
fn the_right_password_of_reader_or_owner_opens_and_a_wrong_one_does_not() {
    for options in [
        &["40", "--annotate=n", "--"][..],
        &["128", "--use-aes=n", "--modify=none", "--"],
        &["128", "--use-aes=y", "--modify=none", "--"],
        &["256", "--force-R5", "--modify=none", "--"],
        &["256", "--modify=none", "--"],
    ] {
        let arguments = [
            &["--allow-weak-crypto", "--encrypt", "nguoi-doc", "chu-tep"],
            options,
        ]
        .concat();
        let pdf = qpdf(&Draft::new().classic(), &arguments);
        let open = |password: &str| -> Result<(bool, Vec<u8>), PdfError> {
            let document = Document::open_with_password(&pdf, password)?;
            let (_, catalog) = document.catalog()?;
            assert!(catalog.is("Type", "Catalog"));
            let info = document.value(document.trailer(), "Info")?;
            let title = info.as_dict().unwrap().get("Title").unwrap();
            let title = title.as_string().unwrap().to_vec();
            Ok((document.rights().may_add_fields(), title))
        };
        let title = b"Quyet dinh".to_vec();
        assert_eq!(open("nguoi-doc").unwrap(), (false, title.clone()));
        assert_eq!(open("chu-tep").unwrap(), (true, title), "{options:?}");
        assert_eq!(open("doan-mo").unwrap_err(), PdfError::PasswordWrong);
    }
}

#[test]
fn what_the_owner_forbids_is_refused_by_name_and_what_he_permits_is_done() {
    let pdf = letter().classic();
    let forbidden = SignError::Pdf(PdfError::OwnerForbids);
    for (options, fill, add) in [
        (&["256", "--modify=none", "--"][..], false, false),
        (&["256", "--modify=assembly", "--"], false, false),
        (&["256", "--modify=form", "--"], true, false),
        (&["256", "--modify=annotate", "--"], true, false),
        (&["256", "--print=none", "--"], true, true),
        (&["128", "--use-aes=n", "--modify=none", "--"], false, false),
        (&["128", "--use-aes=n", "--modify=form", "--"], true, false),
        (&["40", "--annotate=n", "--"], false, false),
        (&["40", "--modify=n", "--"], true, true),
    ] {
        let locked = locked(&pdf, options);
        let rights = inspect(&locked).unwrap().rights;
        assert_eq!(rights.may_fill_fields(), fill, "{options:?}");
        assert_eq!(rights.may_add_fields(), add, "{options:?}");
        let filled = sign(&locked, &pki().p256, |request| {
            request.field = FieldChoice::Existing("LanhDao".into());
        });
        let added = sign(&locked, &pki().p256, |request| {
            request.field = visible(60.0, 60.0);
        });
        for (done, may) in [(filled, fill), (added, add)] {
            match done {
                Ok(_) => assert!(may, "{options:?}"),
                Err(error) => {
                    assert!(!may, "{options:?}: {error}");
                    assert_eq!(error, forbidden);
                }
            }
        }
        assert_eq!(
            prepare_time_stamp(&locked, 1).is_ok(),
            add,
            "a time stamp is a new field: {options:?}"
        );
    }
}

#[test]
fn encryption_that_only_others_can_undo_is_refused_by_its_name() {
    let with = |encrypt: &str| {
        let mut draft = Draft::new();
        draft.trailer.push_str(&format!("/Encrypt {encrypt}"));
        draft.classic()
    };
    for (encrypt, method) in [
        ("<</Filter/Adobe.PubSec/V 4/Length 128>>", "Adobe.PubSec"),
        ("<</Filter/FopnFoweb/V 1>>", "FopnFoweb"),
        ("<</V 1>>", "?"),
        ("<</Filter/Standard/V 3/R 3>>", "V 3 R 3"),
        ("<</Filter/Standard/V 6/R 7>>", "V 6 R 7"),
    ] {
        let pdf = with(encrypt);
        let expected = PdfError::Encryption {
            method: method.to_owned(),
        };
        assert_eq!(inspect(&pdf).unwrap_err(), expected);
        assert_eq!(
            sign(&pdf, &pki().p256, |_| {}).unwrap_err(),
            SignError::Pdf(expected)
        );
    }
    for broken in ["<</Filter/Standard/V 2/R 3>>", "17", "(x)", "99 0 R"] {
        let error = inspect(&with(broken));
        // A reference to nothing is null, and null is no encryption (7.3.10).
        assert_eq!(error.is_ok(), broken == "99 0 R", "{broken}: {error:?}");
    }
}

#[test]
fn a_file_with_an_authentication_code_is_read_and_never_left_without_one() {
    let pdf = by_pyhanko(&letter().classic(), "authenticated");
    assert_eq!(inspect(&pdf).unwrap().empty_fields.len(), 1);
    assert!(matches!(
        sign(&pdf, &pki().p256, |_| {}),
        Err(SignError::Pdf(PdfError::Encryption { .. }))
    ));
}

#[test]
fn a_later_revision_cannot_change_the_encryption_under_a_signature() {
    // With the object of the encryption written by hand, so that a revision can replace it.
    let pdf = locked(&letter().classic(), &["128", "--use-aes=y", "--"]);
    let signed = sign(&pdf, &pki().p256, |request| request.reserve = 4096).unwrap();
    let text = String::from_utf8_lossy(&signed).into_owned();
    let number = |key: &str| -> u32 {
        let at = text.rfind(key).unwrap() + key.len();
        let word = text[at..].split_whitespace().next().unwrap();
        word.parse().unwrap()
    };
    let (encrypt, root) = (number("/Encrypt "), number("/Root "));
    let id_at = signed
        .windows(4)
        .rposition(|window| window == b"/ID ")
        .unwrap();
    let id_end = id_at + signed[id_at..].iter().position(|b| *b == b']').unwrap() + 1;
    let id = String::from_utf8(signed[id_at..id_end].to_vec()).unwrap();
    let header = format!("\n{encrypt} 0 obj\n");
    let at = signed
        .windows(header.len())
        .position(|window| window == header.as_bytes())
        .unwrap()
        + header.len();
    let end = at
        + signed[at..]
            .windows(7)
            .position(|window| window == b"\nendobj")
            .unwrap();
    let trailer = format!("/Encrypt {encrypt} 0 R{id}").replace("/Root 1", "");
    let forge = |body: &[u8]| {
        let marker = "<<>>";
        let forged = append(&signed, &[(encrypt, marker.to_owned())], &trailer);
        let forged = crate::forge::replace(&forged, "/Root 1 0 R", &format!("/Root {root} 0 R"));
        // The bytes of the dictionary are no text, so they go in after the table is made.
        let at = forged
            .windows(4)
            .rposition(|window| window == marker.as_bytes())
            .unwrap();
        let grown = body.len() - marker.len();
        let mut out = [&forged[..at], body, &forged[at + 4..]].concat();
        let tail = out.windows(9).rposition(|w| w == b"startxref").unwrap();
        let old: usize = String::from_utf8_lossy(&out[tail + 9..])
            .split_whitespace()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        out.truncate(tail);
        out.extend(format!("startxref\n{}\n%%EOF\n", old + grown).bytes());
        out
    };
    let same = forge(&signed[at..end]);
    let report = validate(&same, &pki().trust(), NOW).unwrap();
    assert!(
        is_good(&report.signatures[0].status),
        "the same once more is no change: {:?}",
        report.signatures[0].status
    );
    let open = crate::forge::replace(&signed[at..end], "/StmF /StdCF", "/StmF /Identity");
    let report = validate(&forge(&open), &pki().trust(), NOW).unwrap();
    let status = &report.signatures[0].status;
    assert!(matches!(status, Status::Invalid(_)), "{status:?}");
}

#[test]
fn taking_the_encryption_off_or_putting_it_on_later_is_a_forgery() {
    let signed = sign(&Draft::new().classic(), &pki().p256, |request| {
        request.reserve = 4096;
    })
    .unwrap();
    // An encryption that opens with the empty password, made by qpdf for the same /ID.
    let locked = qpdf(
        &Draft::new().classic(),
        &[
            "--static-id",
            "--allow-weak-crypto",
            "--encrypt",
            "",
            "chu",
            "128",
            "--use-aes=n",
            "--",
        ],
    );
    let off = append(&locked, &[(400, stream("x"))], "");
    assert!(Document::open(&off).is_ok() && off.len() > locked.len());
    let forged = append(&signed, &[(400, stream("x"))], "/Encrypt<</Filter/Nobody>>");
    assert!(matches!(
        validate(&forged, &pki().trust(), NOW),
        Err(PdfError::Encryption { .. })
    ));
}

#[test]
fn damaged_ciphertext_costs_an_error_and_never_a_crash() {
    for options in [
        &["128", "--use-aes=n", "--"][..],
        &["128", "--use-aes=y", "--", "--object-streams=generate"],
        &["256", "--"],
    ] {
        let pdf = locked(&letter().classic(), options);
        for at in (20..pdf.len()).step_by(53) {
            let mut damaged = pdf.clone();
            damaged[at] ^= 0x55;
            if let Ok(signed) = sign(&damaged, &pki().p256, |request| request.reserve = 2048) {
                assert!(signed.starts_with(&damaged));
            }
        }
        for cut in (0..pdf.len()).step_by(97) {
            let cut = pdf[..cut].to_vec();
            assert!(inspect(&cut).is_err());
        }
        assert_eq!(ByteSource::len(&pdf), pdf.len() as u64);
    }
}
