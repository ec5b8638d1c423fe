//! What is remembered from one file must change no verdict on another.

use std::thread;

use congvan_pades::{
    Doubt, Evidence, RevocationState, SignRequest, Status, Validator, prepare, validate,
};

use crate::{
    archive::at,
    documents::Draft,
    fixtures::{Family, archives, forgeries, options},
    keys::{NOW, below_ed25519, pki},
};

/// One validator for all files, on two threads, there and back again.
fn compare(family: &Family) {
    let now = at(family.moment);
    let validator = Validator::new(&pki().trust(), &Evidence::default());
    let judge = |name: &str, pdf: &Vec<u8>| {
        let fresh = validate(pdf, &pki().trust(), now);
        assert_eq!(validator.validate(pdf, now), fresh, "{name}");
    };
    thread::scope(|scope| {
        scope.spawn(|| family.files.iter().for_each(|(name, pdf)| judge(name, pdf)));
        scope.spawn(|| {
            let files = family.files.iter().rev();
            files.for_each(|(name, pdf)| judge(name, pdf));
        });
    });
}

#[test]
fn a_validator_that_saw_other_files_says_what_a_fresh_one_says() {
    compare(&options());
    compare(&forgeries());
    compare(&archives());
}

#[test]
fn revocation_below_a_root_whose_key_signs_no_evidence_is_unknown_and_not_passed_over() {
    let (signer, trust) = below_ed25519();
    let pdf = Draft::new().classic();
    let request = SignRequest::new(&signer.certificate, NOW);
    let prepared = prepare(&pdf, &request).unwrap();
    let raw = signer.sign(&prepared.to_be_signed());
    let verified = prepared.embed(&raw).unwrap().verify(&pdf, &trust, NOW);
    let signed = [pdf.as_slice(), verified.unwrap().tail()].concat();
    let report = validate(&signed, &trust, NOW).unwrap();
    let [one] = report.signatures.as_slice() else {
        panic!("one signature: {report:?}")
    };
    let unknown = Status::CouldNotCheck(vec![Doubt::RevocationUnknown]);
    assert_eq!(one.status, unknown);
    let [check] = one.revocation.as_slice() else {
        panic!("one certificate below the root: {one:?}")
    };
    assert_eq!(check.certificate, signer.certificate);
    assert_eq!(check.issuer, trust.roots[0]);
    assert_eq!(check.state, RevocationState::Unknown);
}
