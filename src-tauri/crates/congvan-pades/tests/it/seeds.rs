//! What fuzzing starts from: a few of the fixtures, and the pieces of DER inside them.
//!
//! With `CONGVAN_SEEDS=tests/fuzz/seeds` the test writes them there, with the root that they are
//! to be judged by; otherwise it only guards that they stay small and cover what they should.

use std::{collections::BTreeMap, fs, path::Path};

use congvan_pades::validate;

use crate::{
    archive::at,
    documents::{Draft, qpdf, variants, with_empty_field},
    evidence::{DAY, T, answer, list, make, root_list, with},
    fixtures::{archives, foreign, forgeries, options},
    keys::{CRL_URL, pki},
    signing::{sign, take_apart},
    timestamps::authority,
};

/// Bytes that all seeds may have together.
const MOST: usize = 500_000;

type Seeds = BTreeMap<String, Vec<u8>>;

/// Files to be judged: of every family some.
fn files() -> Seeds {
    // Our own time stamps reserve more room than a seed should have; pyHanko's do as well.
    let wanted = [
        "option-locked-then-filled",
        "option-certified-1-filled",
        "option-certified-2-signed",
        "option-certified-3-annotated",
        "archive-revoked-before-no-stamp",
        "foreign-pkcs7",
        "foreign-archived",
        "foreign-locked-all",
        "forged-wrapped-gap",
        "forged-chain-cut",
        "forged-laundered-through-dss",
        "forged-shadow-prepared-content",
        "forged-root-swapped",
    ];
    let all = [options(), archives(), foreign(), forgeries()];
    let mut found: Seeds = all
        .into_iter()
        .flat_map(|family| family.files)
        .filter(|(name, _)| wanted.contains(&name.as_str()))
        .collect();
    assert_eq!(found.len(), wanted.len(), "{:?}", found.keys());
    for (name, pdf) in variants() {
        let signed = sign(&pdf, &pki().p256, |request| request.reserve = 2048);
        found.insert(format!("form-{name}"), signed.unwrap());
    }
    found
}

/// Unsigned files in every form that the reader knows.
fn unsigned() -> Seeds {
    let classic = Draft::new().classic();
    let field = with_empty_field(Draft::new(), "/Lock<</Type/SigFieldLock/Action/All>>").classic();
    let encrypt = |bits: &str| {
        let arguments = ["--allow-weak-crypto", "--encrypt", "", "chu", bits, "--"];
        qpdf(&classic, &arguments)
    };
    let seeds = [
        ("classic", classic.clone()),
        ("hybrid", Draft::new().hybrid()),
        ("packed", qpdf(&field, &["--object-streams=generate"])),
        ("linearised", qpdf(&classic, &["--linearize"])),
        (
            "predictor",
            qpdf(
                &classic,
                &[
                    "--object-streams=generate",
                    "--compress-streams=y",
                    "--recompress-flate",
                ],
            ),
        ),
        ("encrypted-rc4", encrypt("128")),
        ("encrypted-aes", encrypt("256")),
        (
            "rotated",
            Draft::new()
                .with(3, "/Rotate 90/UserUnit 2/CropBox[5 6 500 700]")
                .classic(),
        ),
        ("field", field),
    ];
    seeds
        .into_iter()
        .map(|(name, pdf)| (format!("{name}.pdf"), pdf))
        .collect()
}

/// Signatures, answers, lists, time stamps and certificates.
fn pieces(files: &Seeds) -> Seeds {
    let pki = pki();
    let subject = &pki.p256.certificate;
    let mut seeds = Seeds::new();
    for name in ["foreign-pkcs7", "foreign-archived", "form-plain"] {
        seeds.insert(format!("{name}.cms"), take_apart(&files[name]).0);
    }
    let (good, revoked) = (
        answer(subject, T, T + DAY),
        with(answer(subject, T, T + DAY), "revoked", T),
    );
    let (point, hold) = (
        with(list(subject, T, T + DAY), "point", CRL_URL),
        with(
            with(list(subject, T, T + DAY), "revoked", T),
            "reason",
            "certificate_hold",
        ),
    );
    let made = make(&[
        good,
        revoked,
        with(answer(subject, T, T + DAY), "by_name", true),
        root_list(T, T + DAY),
        point,
        hold,
    ]);
    let about = [("ocsp", &made.ocsp[0]), ("crl", &made.crls[1])];
    for (kind, piece) in about {
        let both = [subject.as_slice(), piece].concat();
        seeds.insert(format!("about.{kind}"), both);
    }
    for (kind, pieces) in [("ocsp", made.ocsp), ("crl", made.crls)] {
        for (index, piece) in pieces.into_iter().enumerate() {
            seeds.insert(format!("{index}.{kind}"), piece);
        }
    }
    for (name, der) in [
        ("rsa", &pki.rsa.certificate),
        ("p384", &pki.p384.certificate),
        ("tsa", &pki.tsa.certificate),
        ("responder", &pki.responder.certificate),
        ("authority", &pki.intermediate),
    ] {
        seeds.insert(format!("{name}.cer"), der.clone());
    }
    let pdf = Draft::new().classic();
    let prepared = congvan_pades::prepare_time_stamp(&pdf, 5).unwrap();
    seeds.insert("answer.tsr".into(), authority(&prepared.request()));
    seeds
}

#[test]
fn what_fuzzing_starts_from_is_small_and_judged_as_it_should() {
    let files = files();
    let (unsigned, pieces) = (unsigned(), pieces(&files));
    // The moment that the validator's target judges at.
    let moment = at(1_798_761_600);
    let mut valid = 0;
    for pdf in files.values() {
        // A forgery may have made a file that cannot be read.
        let Ok(report) = validate(pdf, &pki().trust(), moment) else {
            continue;
        };
        valid += report.signatures.iter().filter(|one| one.intact).count();
    }
    assert!(valid > files.len() / 2);
    let all = [("validate", &files), ("pdf", &unsigned), ("cms", &pieces)];
    let bytes: usize = all
        .iter()
        .flat_map(|(_, seeds)| seeds.values())
        .map(Vec::len)
        .sum();
    assert!(bytes < MOST, "{bytes} bytes of seeds");
    if let Some(folder) = std::env::var_os("CONGVAN_SEEDS") {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../..")
            .join(folder);
        fs::write(folder.join("root.der"), &pki().root).unwrap();
        for (target, seeds) in all {
            let target = folder.join(target);
            fs::remove_dir_all(&target).ok();
            fs::create_dir_all(&target).unwrap();
            for (name, seed) in seeds {
                fs::write(target.join(name), seed).unwrap();
            }
        }
    }
}
