//! Forgeries. None may be shown as intact, and the receiver's check must refuse every one as an
//! extension of the unsigned file.

use congvan_pades::{
    Coverage, ExtensionError, ExtensionKind, Fault, FieldChoice, Status, TrustAnchors, validate,
    verify_extension,
};

use crate::{
    documents::Draft,
    forge::{
        self, FORGED, Victim, all, appended, certifications, forged_dictionaries, shadows, victim,
        wrapped,
    },
    keys::{NOW, pki},
    signing::{is_good, sign},
};

/// Whether a reader of our report would believe that nothing happened to the signed document.
fn believed(pdf: &Vec<u8>) -> bool {
    validate(pdf, &pki().trust(), NOW).is_ok_and(|report| {
        report
            .signatures
            .iter()
            .any(|signature| signature.intact && is_good(&signature.status))
    })
}

#[test]
fn no_forgery_is_ever_shown_as_intact() {
    let families = forge::families();
    for (family, forgeries) in &families {
        println!("{family}: {} forgeries", forgeries.len());
        assert!(!forgeries.is_empty());
    }
    let forgeries = all();
    println!("{} forgeries in all", forgeries.len());
    assert!(forgeries.len() >= 40, "{} variants", forgeries.len());
    let accepted: Vec<&str> = forgeries
        .iter()
        .filter(|(_, pdf)| believed(pdf))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(accepted, Vec::<&str>::new());
}

#[test]
fn what_is_appended_is_condemned_for_the_change_itself() {
    let mut forgeries = appended(&victim().signed);
    forgeries.extend(shadows());
    forgeries.extend(certifications());
    for (name, pdf) in forgeries {
        let report =
            validate(&pdf, &pki().trust(), NOW).unwrap_or_else(|error| panic!("{name}: {error}"));
        // A file that hides its signature has nothing to condemn; the receiver refuses it.
        if let Some(signature) = report.signatures.first() {
            let Status::Invalid(faults) = &signature.status else {
                panic!("{name}: {:?}", signature.status)
            };
            let expected = matches!(
                faults.first(),
                Some(Fault::ForbiddenChange(_) | Fault::ByteRange { .. })
            );
            assert!(expected, "{name}: {faults:?}");
        }
    }
}

#[test]
fn the_untouched_victim_is_believed() {
    let victim = victim();
    assert!(believed(&victim.signed));
    let report = validate(&victim.signed, &pki().trust(), NOW).unwrap();
    assert_eq!(report.signatures[0].coverage, Coverage::Whole);
    assert!(!report.changed_after_last);
}

#[test]
fn the_receiver_takes_one_signature_and_nothing_else() {
    let Victim { unsigned, signed } = victim();
    let trust = pki().trust();
    let kind = verify_extension(&unsigned, &signed, &trust, NOW).unwrap();
    let ExtensionKind::Signature {
        certificate,
        signature,
    } = kind
    else {
        panic!("{kind:?}")
    };
    let expected = congvan_pades::read_certificate(&pki().p256.certificate).unwrap();
    assert_eq!(certificate, expected.sha256);
    assert!(is_good(&signature.status));

    let twice = sign(&signed, &pki().rsa, |_| {}).unwrap();
    verify_extension(&signed, &twice, &trust, NOW).unwrap();
    assert_eq!(
        verify_extension(&unsigned, &twice, &trust, NOW),
        Err(ExtensionError::SignatureCount { count: 2 })
    );
    assert_eq!(
        verify_extension(&signed, &signed, &trust, NOW),
        Err(ExtensionError::NotAnExtension)
    );
    assert_eq!(
        verify_extension(&signed, &unsigned, &trust, NOW),
        Err(ExtensionError::NotAnExtension)
    );
    assert!(matches!(
        verify_extension(&unsigned, &signed, &TrustAnchors::default(), NOW),
        Err(ExtensionError::Unproven { .. })
    ));
}

#[test]
fn the_receiver_refuses_a_signature_that_brings_a_change_along() {
    let unsigned = Draft::new().classic();
    let changed = forge::append(&unsigned, &[(4, forge::stream(FORGED))], "");
    let signed = sign(&changed, &pki().p256, |_| {}).unwrap();
    assert!(matches!(
        verify_extension(&unsigned, &signed, &pki().trust(), NOW),
        Err(ExtensionError::MoreThanASignature { .. })
    ));
}

#[test]
fn the_receiver_refuses_every_forgery() {
    let Victim { unsigned, signed } = victim();
    let mut forgeries = forged_dictionaries(&signed);
    forgeries.extend(wrapped(&signed));
    forgeries.extend(appended(&signed));
    for (name, pdf) in forgeries {
        assert!(
            verify_extension(&unsigned, &pdf, &pki().trust(), NOW).is_err(),
            "{name}"
        );
    }
}

#[test]
fn filling_a_form_after_signing_is_reported_and_not_condemned() {
    let pdf = Draft::new()
        .with(1, "/AcroForm<</Fields[7 0 R]>>")
        .with(3, "/Annots[7 0 R]")
        .plus("<</Type/Annot/Subtype/Widget/FT/Tx/T(So)/Rect[60 780 160 800]/F 4/P 3 0 R>>")
        .classic();
    let signed = sign(&pdf, &pki().p256, |request| {
        request.field = FieldChoice::Invisible;
    })
    .unwrap();
    let field = forge::body(&signed, 7);
    let filled = forge::append(&signed, &[(7, field.replacen("<<", "<</V(12)", 1))], "");
    let report = validate(&filled, &pki().trust(), NOW).unwrap();
    assert!(is_good(&report.signatures[0].status));
    assert!(report.changed_after_last);
    assert_eq!(
        report.signatures[0].changes,
        [congvan_pades::Change::Filled { field: "So".into() }]
    );
    assert!(!matches!(report.signatures[0].status, Status::Invalid(_)));
}
