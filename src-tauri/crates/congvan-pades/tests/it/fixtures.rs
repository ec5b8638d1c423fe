//! Every kind of signed file there is in the tests, by family: what two validators must agree on,
//! and what fuzzing starts from.

use congvan_model::DocumentType;
use congvan_pades::{FieldChoice, Permission, RsaPadding};
use congvan_testkit::{
    Letter, SCAN_DPI, ScanOptions, SplitMix, Topic, body, letter_pdf, long_scheme_pdf, scan_pdf,
};

use crate::{
    archive::{at, clock, complete, everybody, ladder, now, stamp, stamp_inside},
    documents::{Draft, qpdf, variants, with_empty_field},
    encrypted::{kinds, locked},
    evidence::{DAY, T, answer, make, root_list, with},
    forge::{self, append, body as object},
    keys::{NOW, machine_clock, pki},
    placements::letter,
    signing::{look, sign, sign_three, visible},
};

/// Files with the moment at which they are judged, in seconds.
pub(crate) struct Family {
    pub(crate) name: &'static str,
    pub(crate) moment: i64,
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

fn family(name: &'static str, moment: i64, files: Vec<(String, Vec<u8>)>) -> Family {
    let files = files
        .into_iter()
        .map(|(file, pdf)| (format!("{name}-{file}"), pdf))
        .collect();
    Family {
        name,
        moment,
        files,
    }
}

/// Three signatures on every form of input.
pub(crate) fn forms() -> Family {
    let signed = variants()
        .into_iter()
        .map(|(name, pdf)| (name.to_owned(), sign_three(&pdf)));
    family("form", NOW.0 / 1000, signed.collect())
}

/// A text field, and a signature field that locks it or not.
fn with_text_field(more: &str) -> Vec<u8> {
    let draft = Draft::new()
        .with(1, "/AcroForm<</Fields[7 0 R 8 0 R]>>")
        .with(3, "/Annots[7 0 R 8 0 R]")
        .plus("<</Type/Annot/Subtype/Widget/FT/Tx/T(So)/Rect[60 780 160 800]/F 4/P 3 0 R>>");
    draft
        .plus(&format!(
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(LanhDao)/Rect[300 200 480 290]/F 4/P 3 0 R{more}>>"
        ))
        .classic()
}

fn filled(signed: &[u8]) -> Vec<u8> {
    let field = object(signed, 7);
    append(signed, &[(7, field.replacen("<<", "<</V(12)", 1))], "")
}

fn annotated(signed: &[u8]) -> Vec<u8> {
    let page = object(signed, 3).replacen("/Annots [", "/Annots [200 0 R ", 1);
    let note = "<</Type/Annot/Subtype/Text/Rect[10 10 30 30]/Contents(ghi chu)>>";
    append(signed, &[(3, page), (200, note.into())], "")
}

/// What our own options make, and what is done to it afterwards.
pub(crate) fn options() -> Family {
    let pki = pki();
    let plain = Draft::new().classic();
    let (free, locked) = (
        with_text_field(""),
        with_text_field("/Lock<</Type/SigFieldLock/Action/Include/Fields[(So)]>>"),
    );
    let by = |pdf: &[u8], change: &dyn Fn(&mut congvan_pades::SignRequest<'_>)| {
        sign(pdf, &pki.p256, |request| {
            request.reserve = 4096;
            change(request);
        })
        .unwrap()
    };
    let in_field = |request: &mut congvan_pades::SignRequest<'_>| {
        request.field = FieldChoice::Existing("LanhDao".into());
        request.appearance = look(&["Đã ký"]);
    };
    let certified = |permission| by(&free, &|request| request.certify = Some(permission));
    let (nothing, forms, notes) = (
        certified(Permission::Nothing),
        certified(Permission::Forms),
        certified(Permission::Annotations),
    );
    let (existing, lock) = (by(&free, &in_field), by(&locked, &in_field));
    let once = by(&plain, &|request| request.field = visible(90.0, 180.0));
    let pss = sign(&plain, &pki.rsa, |request| {
        request.padding = RsaPadding::Pss
    })
    .unwrap();
    let rsa =
        |padding| move |request: &mut congvan_pades::SignRequest<'_>| request.padding = padding;
    let files = vec![
        ("p256", once.clone()),
        ("p256-twice", by(&once, &|_| {})),
        (
            "p384",
            sign(&plain, &pki.p384, |request| {
                request.digest = congvan_pades::DigestAlgorithm::Sha384;
            })
            .unwrap(),
        ),
        (
            "rsa",
            sign(&plain, &pki.rsa, rsa(RsaPadding::Pkcs1)).unwrap(),
        ),
        (
            "rsa-3072-pss",
            sign(&plain, &pki.rsa_3072, rsa(RsaPadding::Pss)).unwrap(),
        ),
        ("pss", pss),
        ("filled-afterwards", filled(&existing)),
        ("existing-field", existing),
        ("locked", lock.clone()),
        ("locked-then-filled", filled(&lock)),
        ("locked-then-signed", by(&lock, &|_| {})),
        ("certified-1", nothing.clone()),
        ("certified-1-filled", filled(&nothing)),
        ("certified-2", forms.clone()),
        ("certified-2-filled", filled(&forms)),
        ("certified-2-signed", by(&forms, &in_field)),
        ("certified-3", notes.clone()),
        ("certified-3-annotated", annotated(&notes)),
        ("certified-3-filled", filled(&notes)),
        ("empty-only", with_empty_field(Draft::new(), "").classic()),
    ];
    let files = files.into_iter().map(|(name, pdf)| (name.to_owned(), pdf));
    family("option", NOW.0 / 1000, files.collect())
}

/// Three signatures on every kind of encryption that we sign, and two files that were completed.
pub(crate) fn encrypted() -> Family {
    let mut files: Vec<_> = kinds()
        .into_iter()
        .map(|(name, pdf)| (name, sign_three(&pdf)))
        .collect();
    for (name, options) in [
        ("aes-128", &["128", "--use-aes=y", "--"][..]),
        ("aes-256", &["256", "--"]),
    ] {
        let pdf = locked(&Draft::new().classic(), options);
        let signed = sign(&pdf, &pki().p256, |request| request.reserve = 8192).unwrap();
        let inner = stamp_inside(&signed, now());
        let established = complete(&inner, &everybody(clock()), now()).unwrap().0;
        let archived = stamp(&established, now()).0;
        files.push((format!("{name}-b-lt"), established));
        files.push((format!("{name}-b-lta"), archived));
    }
    family("encrypted", machine_clock() + 120, files)
}

/// Letters as offices write them: every kind of document, a scan, a long one, and one that gets its
/// number after the leader has signed.
pub(crate) fn letters() -> Family {
    let mut random = SplitMix::new(22);
    let mut files = Vec::new();
    for (index, kind) in DocumentType::ALL.iter().enumerate() {
        let topic = Topic::ALL[index % Topic::ALL.len()];
        let letter = Letter {
            kind: *kind,
            blocks: body(topic, *kind, 1 + index % 3, &mut random),
            ..letter()
        };
        let pdf = letter_pdf(&letter).unwrap();
        files.push((format!("{kind:?}").to_lowercase(), sign_three(&pdf)));
    }
    let scan = ScanOptions {
        seed: 22,
        skew: 40,
        grain: 12,
        quality: 60,
        pages: 2,
        dpi: SCAN_DPI,
    };
    let scan = scan_pdf(&letter(), &scan).unwrap();
    files.push(("scan".to_owned(), sign_three(&scan)));
    let long = long_scheme_pdf(&letter(), 24).unwrap();
    files.push(("long".to_owned(), sign_three(&long)));
    files.extend(crate::numbers::numbered());
    family("letter", NOW.0 / 1000, files)
}

/// Everything of [`forge`].
pub(crate) fn forgeries() -> Family {
    family("forged", NOW.0 / 1000, forge::all())
}

/// From B-B to B-LTA and renewed; revoked before and after the time stamp.
pub(crate) fn archives() -> Family {
    let pki = pki();
    let classic = Draft::new().classic();
    let packed = qpdf(&classic, &["--object-streams=generate"]);
    let one = |pdf: &[u8]| sign(pdf, &pki.p256, |request| request.reserve = 8192).unwrap();
    let signed = one(&classic);
    let inner = stamp_inside(&signed, now());
    let mut files = Vec::new();
    let levels = ["b-b", "b-t", "b-lt", "b-lta"];
    for (name, pdf) in [("classic", &classic), ("packed", &packed)] {
        let steps = ladder(pdf, one(pdf));
        files.extend(
            levels
                .iter()
                .zip(steps)
                .map(|(level, step)| (format!("{name}-{level}"), step)),
        );
    }
    let established = complete(&inner, &everybody(clock()), now()).unwrap().0;
    let archived = stamp(&established, now()).0;
    let again = complete(&archived, &everybody(clock() + 30), now() + 60)
        .unwrap()
        .0;
    files.push(("inner-renewed".to_owned(), stamp(&again, now() + 60).0));
    files.push(("inner-b-lta".to_owned(), archived));
    files.push(("inner-b-lt".to_owned(), established));
    let this = clock();
    for (name, revoked) in [("after", this + 5), ("before", T)] {
        let news = make(&[
            with(
                answer(&pki.p256.certificate, this, this + DAY),
                "revoked",
                revoked,
            ),
            answer(&pki.tsa.certificate, this, this + DAY),
            root_list(this, this + DAY),
        ]);
        let completed = complete(&inner, &news, now() + 60).unwrap().0;
        files.push((format!("revoked-{name}"), stamp(&completed, now() + 60).0));
        let bare = congvan_pades::add_evidence(&signed, &pki.trust(), &news, at(now() + 60));
        if let Ok(bare) = bare {
            let pdf = [signed.as_slice(), bare.tail()].concat();
            files.push((format!("revoked-{name}-no-stamp"), pdf));
        }
    }
    files.push(("inner-b-t".to_owned(), inner));
    family("archive", machine_clock() + 120, files)
}

/// What pyHanko signed.
pub(crate) fn foreign() -> Family {
    let files = crate::foreign::foreign();
    family("foreign", machine_clock() + 120, files)
}
