//! The validator on whole files, with the trust anchor of the seeds.
//!
//! What was signed is in the seeds and nowhere else, so a valid signature over other bytes is a
//! forgery that was believed.

#![no_main]

use congvan_model::Timestamp;
use congvan_pades::{
    Coverage, Evidence, Status, TrustAnchors, evidence_wanted, inspect, validate_with,
};
use libfuzzer_sys::fuzz_target;

/// The root that the seeds' signers come from.
const ROOT: &[u8] = include_bytes!("../seeds/root.der");
/// 2027-01-01, within every certificate's period.
const NOW: Timestamp = Timestamp(1_798_761_600_000);

fuzz_target!(|data: &[u8]| {
    let bytes = data.to_vec();
    let _ = inspect(&bytes);
    let trust = TrustAnchors {
        roots: vec![ROOT.to_vec()],
        intermediates: Vec::new(),
    };
    let Ok(report) = validate_with(&bytes, &trust, &Evidence::default(), NOW) else {
        return;
    };
    let _ = evidence_wanted(&report);
    for one in &report.signatures {
        // A verdict is one of three, and its grounds go with it.
        match &one.status {
            Status::Valid => assert!(one.intact && one.coverage != Coverage::Unclear),
            Status::Invalid(faults) => assert!(!faults.is_empty()),
            Status::CouldNotCheck(doubts) => assert!(!doubts.is_empty()),
        }
    }
});
