//! From B-B to B-LTA without the token, and what the long term does to a verdict.

use congvan_model::Timestamp;
use congvan_pades::{
    Change, Evidence, Level, SignError, SignatureKind, Status, TimeSource, add_evidence,
    evidence_wanted, prepare_inner_time_stamp, prepare_time_stamp, validate, validate_with,
};

use crate::{
    documents::{Draft, qpdf},
    evidence::{DAY, T, answer, list, make, root_list, with},
    keys::{machine_clock, pki},
    oracles::{openssl_cms, pyhanko, pyhanko_archive, qpdf_check},
    signing::{is_good, sign, sign_three},
    timestamps::authority,
};

/// A moment after the last time stamp, in seconds: the authority's clock is the machine's.
pub(crate) fn now() -> i64 {
    machine_clock() + 2
}

/// The machine's clock: evidence is given before the next time stamp.
pub(crate) fn clock() -> i64 {
    machine_clock()
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp(seconds * 1000)
}

/// Good words about everybody in the tests, given at a moment.
pub(crate) fn everybody(this: i64) -> Evidence {
    let pki = pki();
    let next = this + 30 * DAY;
    make(&[
        answer(&pki.p256.certificate, this, next),
        answer(&pki.tsa.certificate, this, next),
        // One list covers the rest.
        list(&pki.rsa.certificate, this, next),
        root_list(this, next),
    ])
}

pub(crate) fn stamp(pdf: &Vec<u8>, moment: i64) -> (Vec<u8>, Level) {
    let prepared = prepare_time_stamp(pdf, 0x77).unwrap();
    let answer = authority(&prepared.request());
    let verified = prepared
        .embed(&answer)
        .unwrap()
        .verify(pdf, &pki().trust(), at(moment))
        .unwrap();
    ([pdf.as_slice(), verified.tail()].concat(), verified.level())
}

/// Puts a time stamp into the newest signature.
pub(crate) fn stamp_inside(signed: &Vec<u8>, moment: i64) -> Vec<u8> {
    let prepared = prepare_inner_time_stamp(signed, 5).unwrap();
    let answer = authority(&prepared.request());
    let patch = prepared
        .embed(&answer, signed, &pki().trust(), at(moment))
        .unwrap();
    let mut stamped = signed.clone();
    let start = patch.offset as usize;
    stamped[start..start + patch.bytes.len()].copy_from_slice(&patch.bytes);
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &stamped);
    assert_eq!(patch.sha256.0, hash.as_ref());
    assert_eq!(stamped.len(), signed.len());
    stamped
}

pub(crate) fn complete(
    pdf: &Vec<u8>,
    evidence: &Evidence,
    moment: i64,
) -> Result<(Vec<u8>, Level), SignError> {
    let completed = add_evidence(pdf, &pki().trust(), evidence, at(moment))?;
    let file = [pdf.as_slice(), completed.tail()].concat();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &file);
    assert_eq!(completed.sha256().0, hash.as_ref());
    Ok((file, completed.level()))
}

/// B-B, B-T, B-LT and B-LTA of one document.
pub(crate) fn ladder(pdf: &[u8], signed: Vec<u8>) -> [Vec<u8>; 4] {
    assert!(!pdf.is_empty());
    let (stamped, level) = stamp(&signed, now());
    assert_eq!(level, Level::BT);
    let moment = now();
    let (established, level) = complete(&stamped, &everybody(clock()), moment).unwrap();
    assert_eq!(level, Level::BLT);
    let (archived, level) = stamp(&established, now());
    assert_eq!(level, Level::BLTA);
    [signed, stamped, established, archived]
}

#[test]
fn a_document_climbs_from_b_b_to_b_lta_without_its_token() {
    let classic = Draft::new().classic();
    let packed = qpdf(&classic, &["--object-streams=generate"]);
    let mut files = Vec::new();
    for (name, pdf) in [("classic", &classic), ("packed", &packed)] {
        let steps = ladder(pdf, sign_three(pdf));
        let levels = [Level::BB, Level::BT, Level::BLT, Level::BLTA];
        for (step, level) in steps.iter().zip(levels) {
            assert_eq!(qpdf_check(step), "");
            let report = validate(step, &pki().trust(), at(now())).unwrap();
            for one in &report.signatures {
                assert!(is_good(&one.status), "{level:?} {:?}", one.status);
                if one.kind == SignatureKind::Approval {
                    assert_eq!(one.level, Some(level));
                }
            }
            assert_eq!(report.all_valid(), level >= Level::BLT, "{level:?}");
        }
        let report = validate(&steps[3], &pki().trust(), at(now())).unwrap();
        assert!(report.signatures[0].changes.contains(&Change::Evidence));
        assert_eq!(report.signatures[0].best_time.1, TimeSource::TimeStamp);
        files.push((name.to_owned(), steps[3].clone()));
    }
    for verdict in pyhanko(&files) {
        for one in verdict["signatures"].as_array().unwrap() {
            assert_eq!(one["valid"], true, "{verdict}");
        }
    }
}

#[test]
fn an_archived_document_outlives_its_signer_and_is_renewed() {
    let pdf = Draft::new().classic();
    let signed = sign(&pdf, &pki().p256, |_| {}).unwrap();
    // pyHanko's long-term validation insists on a time stamp inside the signature.
    let inner = stamp_inside(&signed, now());
    let (established, _) = complete(&inner, &everybody(clock()), now() + 1).unwrap();
    let (archived, level) = stamp(&established, now() + 1);
    assert_eq!(level, Level::BLTA);
    let steps = [signed, inner, established, archived];
    // The signer's certificate ends with 2034, the authority's with 2043.
    let later = 2_060_000_000;
    let alone = validate(&steps[3], &pki().trust(), at(later)).unwrap();
    assert_eq!(
        alone.signatures[0].status.sub_indication(),
        Some("TRY_LATER")
    );
    // News about the time stamp's authority alone are enough.
    let wanted = evidence_wanted(&alone);
    assert!(!wanted.is_empty());
    let news = make(&[
        answer(&pki().tsa.certificate, later - 60, later + DAY),
        root_list(later - 60, later + DAY),
    ]);
    let report = validate_with(&steps[3], &pki().trust(), &news, at(later)).unwrap();
    assert!(report.all_valid(), "{:?}", report.signatures);
    // The same for pyHanko, once the news are in the file.
    let (informed, level) = complete(&steps[3], &news, later).unwrap();
    assert_eq!(level, Level::BLTA);
    let files = [
        ("stale".to_owned(), steps[3].clone()),
        ("informed".to_owned(), informed),
    ];
    let verdicts = pyhanko_archive(&files, later);
    assert_eq!(verdicts[0]["indication"], "INDETERMINATE", "{verdicts:?}");
    assert_eq!(verdicts[1]["indication"], "PASSED", "{verdicts:?}");
    let archived = [("archived".to_owned(), steps[3].clone())];
    let verdict = pyhanko_archive(&archived, now() + 1);
    assert_eq!(verdict[0]["indication"], "PASSED", "{verdict:?}");
    let before = validate(&steps[3], &pki().trust(), at(now())).unwrap();
    assert!(before.all_valid());
    // Renewal: evidence for the last time stamp, and a new one over it.
    let moment = now() + 60;
    let (renewed, _) = complete(&steps[3], &everybody(clock()), moment).unwrap();
    let (renewed, level) = stamp(&renewed, moment);
    assert_eq!(level, Level::BLTA);
    assert_eq!(qpdf_check(&renewed), "");
    let report = validate(&renewed, &pki().trust(), at(moment)).unwrap();
    assert!(report.all_valid());
    assert_eq!(report.signatures.len(), 3);
    let files = [("renewed".to_owned(), renewed)];
    let verdict = pyhanko_archive(&files, moment);
    assert_eq!(verdict[0]["indication"], "PASSED", "{verdict:?}");
}

#[test]
fn revoked_after_the_time_stamp_is_valid_and_before_it_is_not() {
    let pdf = Draft::new().classic();
    let signed = sign(&pdf, &pki().p256, |_| {}).unwrap();
    let stamped = stamp_inside(&signed, now());
    let moment = now() + 60;
    let this = clock();
    let news = |revoked: i64| {
        let subject = &pki().p256.certificate;
        make(&[
            with(answer(subject, this, this + DAY), "revoked", revoked),
            answer(&pki().tsa.certificate, this, this + DAY),
            root_list(this, this + DAY),
        ])
    };
    let judge = |revoked: i64| {
        let evidence = news(revoked);
        let report = validate_with(&stamped, &pki().trust(), &evidence, at(moment)).unwrap();
        report.signatures[0].status.clone()
    };
    assert_eq!(judge(this + 5), Status::Valid);
    assert_eq!(judge(T).sub_indication(), Some("REVOKED_NO_POE"));
    // pyHanko, given the same evidence in the file and a time stamp over it, agrees.
    let mut files = Vec::new();
    for (name, revoked) in [("after", this + 5), ("before", T)] {
        let (completed, _) = complete(&stamped, &news(revoked), moment).unwrap();
        let (archived, level) = stamp(&completed, moment);
        assert_eq!(level == Level::BLTA, name == "after");
        let report = validate(&archived, &pki().trust(), at(moment)).unwrap();
        let status = &report.signatures[0].status;
        assert_eq!(*status == Status::Valid, name == "after");
        files.push((name.to_owned(), archived));
    }
    let verdicts = pyhanko_archive(&files, moment);
    assert_eq!(verdicts[0]["timed"], "PASSED", "{verdicts:?}");
    assert_eq!(verdicts[1]["timed_sub"], "REVOKED_NO_POE", "{verdicts:?}");
    assert_eq!(verdicts[1]["indication"], "INDETERMINATE", "{verdicts:?}");
}

#[test]
fn a_signature_younger_than_the_revocation_is_certainly_worthless() {
    // The time stamp of the first signature is inside what the second one signs.
    let pdf = Draft::new().classic();
    let (stamped, _) = stamp(&sign(&pdf, &pki().rsa, |_| {}).unwrap(), now());
    let both = sign(&stamped, &pki().p256, |_| {}).unwrap();
    let moment = now() + DAY;
    let evidence = make(&[
        with(
            answer(&pki().p256.certificate, moment - 60, moment + DAY),
            "revoked",
            T,
        ),
        list(&pki().rsa.certificate, moment - 60, moment + DAY),
        root_list(moment - 60, moment + DAY),
    ]);
    let report = validate_with(&both, &pki().trust(), &evidence, at(moment)).unwrap();
    assert_eq!(report.signatures[0].status, Status::Valid);
    assert_eq!(
        report.signatures[2].status.sub_indication(),
        Some("REVOKED")
    );
    assert_eq!(report.signatures[2].status.indication(), "TOTAL-FAILED");
}

#[test]
fn a_time_stamp_goes_into_the_reserved_space_while_nothing_covers_it() {
    let pdf = Draft::new().classic();
    let signed = sign(&pdf, &pki().p256, |_| {}).unwrap();
    let stamped = stamp_inside(&signed, now());
    let report = validate(&stamped, &pki().trust(), at(now())).unwrap();
    assert_eq!(report.signatures[0].level, Some(Level::BT));
    assert_eq!(report.signatures[0].best_time.1, TimeSource::TimeStamp);
    assert_eq!(qpdf_check(&stamped), "");
    assert_eq!(
        pyhanko(&[("inner".to_owned(), stamped.clone())])[0]["signatures"][0]["ok"],
        true
    );
    let (cms, content) = crate::signing::take_apart(&stamped);
    openssl_cms(&cms, &content).unwrap();
    // On to B-LTA from there, with the stamp's own authority in the evidence.
    let moment = now();
    let (established, level) = complete(&stamped, &everybody(clock()), moment).unwrap();
    assert_eq!(level, Level::BLT);
    let (archived, level) = stamp(&established, now());
    assert_eq!(level, Level::BLTA);
    let files = [("inner".to_owned(), archived)];
    let verdict = pyhanko_archive(&files, now());
    assert_eq!(verdict[0]["indication"], "PASSED", "{verdict:?}");
    // Once covered, the bytes must not change any more.
    assert_eq!(
        prepare_inner_time_stamp(&established, 6).unwrap_err(),
        SignError::Covered
    );
    assert_eq!(
        prepare_inner_time_stamp(&pdf, 6).unwrap_err(),
        SignError::NothingToComplete
    );
}

#[test]
fn a_foreign_token_in_the_reserved_space_proves_nothing() {
    let pdf = Draft::new().classic();
    let one = sign(&pdf, &pki().p256, |_| {}).unwrap();
    let other = sign(&pdf, &pki().rsa, |_| {}).unwrap();
    let prepared = prepare_inner_time_stamp(&one, 5).unwrap();
    let answer = authority(&prepared.request());
    let foreign = prepare_inner_time_stamp(&other, 5).unwrap();
    assert!(matches!(
        foreign.embed(&answer, &other, &pki().trust(), at(now())),
        Err(SignError::BadTimeStamp { .. })
    ));
}

#[test]
fn without_evidence_nothing_is_completed() {
    let pdf = Draft::new().classic();
    let signed = sign(&pdf, &pki().p256, |_| {}).unwrap();
    let none = Evidence::default();
    assert_eq!(
        complete(&signed, &none, T).unwrap_err(),
        SignError::EvidenceMissing { certificates: 2 }
    );
    assert_eq!(
        complete(&pdf, &none, T).unwrap_err(),
        SignError::NothingToComplete
    );
    // Evidence without a time stamp is kept, but makes no level of its own.
    let evidence = everybody(T);
    let (file, level) = complete(&signed, &evidence, T + 60).unwrap();
    assert_eq!(level, Level::BB);
    let report = validate(&file, &pki().trust(), at(T + 60)).unwrap();
    assert!(report.all_valid());
    assert_eq!(
        complete(&file, &evidence, T + 60).unwrap_err(),
        SignError::NothingToComplete
    );
}
