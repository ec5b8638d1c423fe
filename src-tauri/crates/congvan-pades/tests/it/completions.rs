//! What the receiver takes as the completion of a file it knows, and what only looks like one.

use congvan_pades::{
    CompletedSignature, ExtensionError, ExtensionKind, Level, add_evidence, verify_extension,
};

use crate::{
    archive::{at, clock, complete, everybody, ladder, now, stamp},
    documents::Draft,
    forge::{self, FORGED, append, body, field_number, form_number, number_before, replace},
    keys::{machine_clock, pki},
    signing::{sign, sign_three},
};

fn judge(parent: &Vec<u8>, child: &Vec<u8>) -> Result<Vec<CompletedSignature>, ExtensionError> {
    match verify_extension(parent, child, &pki().trust(), at(machine_clock() + 120))? {
        ExtensionKind::Completion { signatures } => Ok(signatures),
        ExtensionKind::Signature { .. } => panic!("a signature"),
    }
}

fn levels(parent: &Vec<u8>, child: &Vec<u8>) -> Vec<(Option<Level>, Option<Level>)> {
    let signatures = judge(parent, child).unwrap();
    signatures.iter().map(|s| (s.before, s.level)).collect()
}

#[test]
fn the_receiver_takes_every_step_of_a_completion_and_says_what_it_reached() {
    let pdf = Draft::new().classic();
    let steps = ladder(&pdf, sign_three(&pdf));
    let all = [Level::BB, Level::BT, Level::BLT, Level::BLTA].map(Some);
    for from in 0..4 {
        for to in from + 1..4 {
            assert_eq!(
                levels(&steps[from], &steps[to]),
                [(all[from], all[to]); 3],
                "{from} to {to}"
            );
        }
    }
    let completed = judge(&steps[0], &steps[3]).unwrap();
    let signer = |der: &[u8]| congvan_pades::read_certificate(der).unwrap().sha256;
    assert_eq!(completed[0].certificate, signer(&pki().rsa.certificate));
    assert_eq!(
        completed[1].certificate,
        signer(&pki().rsa_3072.certificate)
    );
    assert_eq!(completed[2].certificate, signer(&pki().p256.certificate));
    // Renewed: another time stamp over all that.
    let (renewed, _) = stamp(&steps[3], now());
    assert_eq!(levels(&steps[3], &renewed), [(all[3], all[3]); 3]);
    // Not the other way round, and not across a signature.
    assert!(judge(&steps[3], &steps[0]).is_err());
    assert_eq!(
        verify_extension(&pdf, &steps[3], &pki().trust(), at(now())),
        Err(ExtensionError::SignatureCount { count: 4 + 1 })
    );
}

#[test]
fn evidence_without_a_time_stamp_is_taken_but_makes_no_level() {
    let pdf = Draft::new().classic();
    let signed = sign(&pdf, &pki().p256, |_| {}).unwrap();
    let (informed, _) = complete(&signed, &everybody(clock()), now()).unwrap();
    let (bb, bt) = (Some(Level::BB), Some(Level::BT));
    assert_eq!(levels(&signed, &informed), [(bb, bb)]);
    // Only what a signature needed was taken in, so the authority's own evidence comes last; the
    // signer's is under the time stamp by then.
    let (stamped, _) = stamp(&informed, now());
    assert_eq!(levels(&informed, &stamped), [(bb, bt)]);
    let (established, _) = complete(&stamped, &everybody(clock()), now()).unwrap();
    assert_eq!(levels(&informed, &established), [(bb, Some(Level::BLTA))]);
}

#[test]
fn an_unsigned_file_has_nothing_to_complete() {
    let pdf = Draft::new().classic();
    let (stamped, _) = stamp(&pdf, now());
    assert_eq!(
        judge(&pdf, &stamped),
        Err(ExtensionError::SignatureCount { count: 0 })
    );
}

/// Shown on the page; what a forger would have people read.
fn picture() -> String {
    format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Length {}>>\nstream\n{FORGED}\nendstream",
        FORGED.len()
    )
}

/// Changes that a forger puts under a genuine time stamp, or beside genuine evidence.
fn disguises(signed: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let page = body(signed, 3);
    let catalog = body(signed, 1);
    let form = body(signed, form_number(signed));
    let with_store = |store: &str, more: &[(u32, String)]| {
        let catalog = catalog.replacen("<<", &format!("<</DSS<<{store}>>"), 1);
        append(signed, &[&[(1, catalog)], more].concat(), "")
    };
    vec![
        (
            "content-overwritten",
            append(signed, &[(4, forge::stream(FORGED))], ""),
        ),
        (
            "page-turned",
            append(signed, &[(3, page.replacen("<<", "<</Rotate 180", 1))], ""),
        ),
        (
            "annotation",
            append(
                signed,
                &[
                    (3, page.replacen("/Annots [", "/Annots [200 0 R ", 1)),
                    (
                        200,
                        "<</Type/Annot/Subtype/Stamp/Rect[0 0 600 800]/AP<</N 201 0 R>>>>".into(),
                    ),
                    (201, picture()),
                ],
                "",
            ),
        ),
        (
            "metadata",
            append(
                signed,
                &[
                    (1, catalog.replacen("<<", "<</Metadata 200 0 R", 1)),
                    (200, forge::stream("<x/>")),
                ],
                "",
            ),
        ),
        (
            "signature-hidden",
            append(
                signed,
                &[(form_number(signed), "<</Fields []/SigFlags 3>>".into())],
                "",
            ),
        ),
        (
            "empty-field",
            append(
                signed,
                &[
                    (
                        200,
                        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Moi)/Rect[0 0 0 0]>>".into(),
                    ),
                    (
                        form_number(signed),
                        form.replacen("/Fields [", "/Fields [200 0 R ", 1),
                    ),
                ],
                "",
            ),
        ),
        (
            "form-filled",
            append(
                signed,
                &[(7, body(signed, 7).replacen("<<", "<</V(99)", 1))],
                "",
            ),
        ),
        (
            "look-swapped",
            append(
                signed,
                &[
                    (
                        field_number(signed),
                        forge::swap_look(&body(signed, field_number(signed))),
                    ),
                    (201, picture()),
                ],
                "",
            ),
        ),
        ("evidence-names-the-page", with_store("/Certs[4 0 R]", &[])),
        (
            "evidence-is-none",
            with_store("/Certs[200 0 R]", &[(200, forge::stream("a text"))]),
        ),
        (
            "evidence-is-an-attachment",
            with_store("/EmbeddedFiles[200 0 R]", &[(200, forge::stream("MZ"))]),
        ),
    ]
}

fn victim() -> Vec<u8> {
    let pdf = Draft::new()
        .with(1, "/AcroForm<</Fields[7 0 R 8 0 R]>>")
        .with(3, "/Annots[7 0 R 8 0 R]")
        .plus("<</Type/Annot/Subtype/Widget/FT/Tx/T(So)/Rect[60 780 160 800]/F 4/P 3 0 R>>")
        .plus("<</Type/Annot/Subtype/Widget/FT/Sig/T(Dau)/Rect[60 80 160 180]/F 4/P 3 0 R>>")
        .classic();
    sign(&pdf, &pki().p256, |request| {
        request.field = crate::signing::visible(90.0, 180.0);
        request.appearance = crate::signing::look(&["Lê Văn Bình"]);
    })
    .unwrap()
}

#[test]
fn a_forgery_disguised_as_a_completion_is_refused() {
    let signed = victim();
    for (name, changed) in disguises(&signed) {
        assert!(judge(&signed, &changed).is_err(), "{name}: as it is");
        // A genuine time stamp over it makes it no better; where ours will not make one, a
        // forger's would.
        if let Ok(prepared) = congvan_pades::prepare_time_stamp(&changed, 9) {
            let answer = crate::timestamps::authority(&prepared.request());
            let made = prepared.embed(&answer).unwrap();
            let verified = made.verify(&changed, &pki().trust(), at(now()));
            if let Ok(verified) = verified {
                let stamped = [changed.as_slice(), verified.tail()].concat();
                assert!(judge(&signed, &stamped).is_err(), "{name}: stamped");
            }
        }
        // Nor does genuine evidence.
        let moment = now();
        if let Ok(done) = add_evidence(&changed, &pki().trust(), &everybody(clock()), at(moment)) {
            let informed = [changed.as_slice(), done.tail()].concat();
            assert!(judge(&signed, &informed).is_err(), "{name}: informed");
        }
    }
}

#[test]
fn a_time_stamp_that_shows_or_takes_a_prepared_field_is_refused() {
    let signed = victim();
    let (stamped, _) = stamp(&signed, now());
    assert!(judge(&signed, &stamped).is_ok());
    let field = number_before(&stamped, "/FT /Sig");
    let text = body(&stamped, field);
    let shown = text.replacen("<<", "<</AP<</N 201 0 R>>", 1);
    let shown = shown.replace("/Rect [0 0 0 0]", "/Rect [0 0 600 800]");
    assert_ne!(shown, text);
    // In a further revision it is a change of a signed field …
    let later = append(&stamped, &[(field, shown), (201, picture())], "");
    assert!(judge(&signed, &later).is_err());
    // … and in the time stamp's own revision it breaks the imprint.
    let inside = replace(&stamped, "/Rect [0 0 0 0]", "/Rect [0 0 9 9]");
    assert!(judge(&signed, &inside[..].to_vec()).is_err());
}

#[test]
fn a_false_time_stamp_completes_nothing() {
    let signed = victim();
    let (stamped, _) = stamp(&signed, now());
    // Of other data: the token of one file in another.
    let other = sign(&signed, &pki().rsa, |_| {}).unwrap();
    let tail = &stamped[signed.len()..];
    assert!(judge(&other, &[other.as_slice(), tail].concat()).is_err());
    // By nobody we trust.
    let nobody = congvan_pades::TrustAnchors::default();
    assert!(verify_extension(&signed, &stamped, &nobody, at(now())).is_err());
    // With a changed imprint, a cut end, and bytes behind the end.
    for (name, bytes) in [
        (
            "changed",
            replace(&stamped, "/DocTimeStamp", "/DocTimeStamb"),
        ),
        ("cut", stamped[..stamped.len() - 3].to_vec()),
        (
            "longer",
            [stamped.as_slice(), b"\n4 0 obj\n(x)\nendobj\n"].concat(),
        ),
    ] {
        assert!(judge(&signed, &bytes).is_err(), "{name}");
    }
}

#[test]
fn evidence_may_not_be_taken_out_again() {
    let pdf = Draft::new().classic();
    let [_, _, established, _] = ladder(&pdf, sign(&pdf, &pki().p256, |_| {}).unwrap());
    let catalog = body(&established, 1);
    let at = catalog.find("/DSS").unwrap();
    let without = catalog.replacen(&catalog[at..at + 4], "/DSX", 1);
    let child = append(&established, &[(1, without)], "");
    assert!(matches!(
        judge(&established, &child),
        Err(ExtensionError::MoreThanASignature { .. })
    ));
}
