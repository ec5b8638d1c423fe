use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::digest::{Context, SHA256};
use congvan_model::Sha256;

use crate::{
    certificate::{Certificate, Envelope, sha256},
    complete::finish,
};

/// What was read and verified already: each certificate is read once, and each signature on a
/// certificate, list or answer is verified once, however many paths lead over it.
///
/// Only what follows from the bytes alone is kept, so that it holds for every file and at every
/// time: no verdict that depends on a clock, a root or a proof. Whoever can make a wrong answer be
/// found here has a collision of SHA-256.
#[derive(Default)]
pub(crate) struct Known(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    certificates: HashMap<Sha256, Option<Arc<Certificate>>>,
    signatures: HashMap<Sha256, bool>,
}

/// Entries of each kind before all are forgotten: a hostile file costs time, not memory.
const MOST: usize = 4096;

impl Known {
    /// The certificate; none where it is damaged. As [`Certificate::parse`].
    pub(crate) fn certificate(&self, der: &[u8]) -> Option<Arc<Certificate>> {
        let hash = sha256(der);
        if let Some(known) = self.memory().certificates.get(&hash) {
            return known.clone();
        }
        let read = Certificate::parse(der).map(Arc::new);
        let certificates = &mut self.memory().certificates;
        if certificates.len() >= MOST {
            certificates.clear();
        }
        certificates.insert(hash, read.clone());
        read
    }

    /// Whether the holder of a certificate signed a list or an answer (its hash and its bytes).
    pub(crate) fn is_signed_by(&self, (hash, der): (Sha256, &[u8]), signer: &Certificate) -> bool {
        self.verified(&[b"envelope", &hash.0, &signer.summary.sha256.0], || {
            Envelope::read(der).is_some_and(|signed| signed.is_signed_by(signer))
        })
    }

    /// Whether `issuer` issued a certificate: names and signature, nothing about periods.
    pub(crate) fn is_issued_by(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let summary = &certificate.summary;
        certificate.issuer == issuer.subject
            && self.is_signed_by((summary.sha256, &summary.der), issuer)
    }

    /// The outcome of a verification, by everything that it depends on.
    pub(crate) fn verified(&self, parts: &[&[u8]], verify: impl FnOnce() -> bool) -> bool {
        let mut context = Context::new(&SHA256);
        for part in parts {
            // With their lengths no two lists of parts are hashed alike.
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let key = finish(context);
        if let Some(outcome) = self.memory().signatures.get(&key) {
            return *outcome;
        }
        let outcome = verify();
        let signatures = &mut self.memory().signatures;
        if signatures.len() >= MOST {
            signatures.clear();
        }
        signatures.insert(key, outcome);
        outcome
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // Whoever panicked while it was held left whole entries behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Known")
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn an_outcome_is_found_again_for_the_same_parts_only() {
        let known = Known::default();
        let asked = Cell::new(0);
        let verify = |parts: &[&[u8]], outcome: bool| {
            known.verified(parts, || {
                asked.set(asked.get() + 1);
                outcome
            })
        };
        assert!(verify(&[b"ab", b"c"], true));
        assert!(!verify(&[b"a", b"bc"], false), "split elsewhere");
        assert!(!verify(&[b"ab", b"c", b""], false), "one part more");
        assert_eq!(asked.get(), 3);
        assert!(verify(&[b"ab", b"c"], false), "known as true");
        assert!(!verify(&[b"a", b"bc"], true), "known as false");
        assert_eq!(asked.get(), 3);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let known = Known::default();
        for number in 0..3 * MOST {
            known.verified(&[&number.to_be_bytes()], || true);
            known.certificate(&number.to_be_bytes());
        }
        assert!(known.memory().signatures.len() <= MOST);
        assert!(known.memory().certificates.len() <= MOST);
    }
}
