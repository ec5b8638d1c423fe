//! Whom to trust, and at what time: chains, revocation, proofs of existence, levels
//! (EN 319 102-1, 5.2.6, 5.5 and 5.6).

use std::collections::HashSet;

use congvan_model::{Sha256, Timestamp};

use crate::{
    Doubt, Evidence, Level, RevocationCheck, RevocationState, SignatureKind, SignatureReport,
    TimeSource, TrustAnchors, certificate::Certificate, cms::SignedData, evidence::Pool,
    timestamp::read_token, trust,
};

/// What validation starts from, and what it has proven so far.
pub(crate) struct Basis<'a> {
    pub(crate) anchors: &'a TrustAnchors,
    pub(crate) now: Timestamp,
    /// Handed in by the caller.
    pub(crate) supplied: &'a Evidence,
    /// From the file's own store.
    pub(crate) store: Evidence,
    pub(crate) proofs: Vec<Proof>,
}

/// That the first so many bytes of the file existed at a time.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    pub(crate) bytes: u64,
    /// SHA-256 of each piece of the store within those bytes.
    pub(crate) store: HashSet<Sha256>,
    pub(crate) moment: Moment,
}

/// A proven time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) time: Timestamp,
    /// Whether the authority's revocation was established too.
    pub(crate) is_checked: bool,
    /// Whether all that establishes the authority is in the file.
    pub(crate) is_in_file: bool,
}

/// What was tried at one time.
struct Trial {
    doubts: Vec<Doubt>,
    path: Vec<Vec<u8>>,
    checks: Vec<RevocationCheck>,
}

impl Trial {
    /// 0 trusted, 1 but for revocation, 2 not.
    fn severity(&self) -> u8 {
        if self.doubts.is_empty() {
            0
        } else if self.doubts.iter().all(|d| *d == Doubt::RevocationUnknown) {
            1
        } else {
            2
        }
    }
}

/// A certificate with all that is at hand to judge it.
struct Case<'a> {
    basis: &'a Basis<'a>,
    certificate: &'a Certificate,
    /// From the CMS.
    own: &'a Evidence,
    pool: Pool,
    end: u64,
}

impl<'a> Case<'a> {
    fn new(
        basis: &'a Basis<'a>,
        certificate: &'a Certificate,
        own: &'a Evidence,
        end: u64,
    ) -> Self {
        let mut pool = pool(basis, own, &basis.store, end);
        pool.add(basis.supplied, |_| None);
        Self {
            basis,
            certificate,
            own,
            pool,
            end,
        }
    }

    fn trial(&self, at: Timestamp, pool: &Pool) -> Trial {
        let mut others = self.own.certificates.clone();
        others.extend_from_slice(&self.basis.store.certificates);
        others.extend_from_slice(&self.basis.supplied.certificates);
        match trust::chain(self.certificate, &others, self.basis.anchors, at) {
            Err(doubt) => Trial {
                doubts: vec![doubt],
                path: Vec::new(),
                checks: Vec::new(),
            },
            Ok(path) => {
                let checks = pool.check_path(&path, self.basis.anchors, at);
                Trial {
                    doubts: self.doubts(&checks),
                    path,
                    checks,
                }
            }
        }
    }

    fn doubts(&self, checks: &[RevocationCheck]) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        for check in checks {
            match check.state {
                RevocationState::Good => {}
                RevocationState::Revoked { at, .. } => {
                    doubts.push(if check.certificate == self.certificate.summary.der {
                        Doubt::RevokedNoProof { at }
                    } else {
                        Doubt::AuthorityRevoked { at }
                    });
                }
                RevocationState::Unknown => doubts.push(Doubt::RevocationUnknown),
            }
        }
        // What is certain is said first, and each thing once.
        doubts.sort_by_key(|doubt| *doubt == Doubt::RevocationUnknown);
        doubts.dedup();
        doubts
    }

    /// The best that can be said: at a proven time whose authority is checked, at one whose
    /// authority is not, or now. Of equals the earlier in this order.
    fn best(&self, moments: &[Moment]) -> Trial {
        let mut trials = Vec::new();
        if let Some(time) = earliest(moments, true) {
            trials.push(self.trial(time, &self.pool));
        }
        if let Some(time) = earliest(moments, false) {
            let mut trial = self.trial(time, &self.pool);
            let is_unknown = trial.doubts.contains(&Doubt::RevocationUnknown);
            if !is_unknown
                && moments
                    .iter()
                    .all(|moment| moment.time != time || !moment.is_checked)
            {
                trial.doubts.push(Doubt::RevocationUnknown);
            }
            trials.push(trial);
        }
        let mut best = self.trial(self.basis.now, &self.pool);
        for trial in trials.into_iter().rev() {
            if trial.severity() <= best.severity() {
                best = trial;
            }
        }
        best
    }

    /// Whether the CMS and a part of the store establish the certificate at a time.
    fn is_established(&self, at: Timestamp, store: &Evidence) -> bool {
        let trial = self.trial(at, &pool(self.basis, self.own, store, self.end));
        let is_here =
            |der: &Vec<u8>| self.own.certificates.contains(der) || store.certificates.contains(der);
        trial.severity() == 0 && trial.path.iter().all(is_here)
    }

    /// The level of a signature that is proven to have existed at a time.
    fn level(&self, at: Timestamp, moments: &[Moment]) -> Level {
        let is_complete = moments.iter().any(|moment| moment.is_in_file);
        if !is_complete || !self.is_established(at, &self.basis.store) {
            return Level::BT;
        }
        let is_archived = covering(self.basis, self.end).any(|proof| {
            !proof.store.is_empty() && self.is_established(at, &self.basis.store.only(&proof.store))
        });
        if is_archived { Level::BLTA } else { Level::BLT }
    }
}

/// The evidence of a signature and of a store, each piece with the time it is proven for.
fn pool(basis: &Basis<'_>, own: &Evidence, store: &Evidence, end: u64) -> Pool {
    let covering = covering(basis, end)
        .filter(|proof| proof.moment.is_checked)
        .map(|proof| proof.moment.time)
        .min();
    let stored = |piece: &Sha256| {
        let proofs = basis.proofs.iter();
        proofs
            .filter(|proof| proof.moment.is_checked && proof.store.contains(piece))
            .map(|proof| proof.moment.time)
            .min()
    };
    let mut pool = Pool::new(basis.now);
    pool.add(own, |_| covering);
    pool.add(store, stored);
    pool
}

fn covering<'b>(basis: &'b Basis<'_>, end: u64) -> impl Iterator<Item = &'b Proof> {
    basis.proofs.iter().filter(move |proof| proof.bytes > end)
}

/// The earliest moment; only checked ones, or all.
fn earliest(moments: &[Moment], only_checked: bool) -> Option<Timestamp> {
    moments
        .iter()
        .filter(|moment| moment.is_checked || !only_checked)
        .map(|moment| moment.time)
        .min()
}

/// Judges the signer of a signature whose CMS ends the signed part at `end`: fills in the best
/// time, the revocation and the level. Gives the doubts, and whether everything that establishes
/// the signer is in the file.
pub(crate) fn judge_signer(
    basis: &Basis<'_>,
    certificate: &Certificate,
    contents: &[u8],
    end: u64,
    report: &mut SignatureReport,
) -> (Vec<Doubt>, bool) {
    let data = SignedData::read(contents).ok();
    let own = data.as_ref().map(SignedData::evidence).unwrap_or_default();
    let mut moments: Vec<Moment> = covering(basis, end).map(|proof| proof.moment).collect();
    if report.kind != SignatureKind::DocumentTimeStamp
        && let Some(data) = &data
    {
        let later = moments.clone();
        for token in data.time_stamps() {
            moments.extend(signature_time(
                basis,
                (data, &token),
                end,
                &later,
                &mut report.revocation,
            ));
        }
    }
    let best = earliest(&moments, true).or_else(|| earliest(&moments, false));
    if let Some(time) = best {
        report.best_time = (time, TimeSource::TimeStamp);
    }
    let case = Case::new(basis, certificate, &own, end);
    let trial = case.best(&moments);
    report.revocation.extend(trial.checks);
    let time = match (report.kind == SignatureKind::DocumentTimeStamp, best) {
        // What an authority needed when it stamped.
        (true, _) => report.claimed_time.unwrap_or(basis.now),
        (false, best) => best.unwrap_or(basis.now),
    };
    if let (Some(_), Some(best)) = (report.level, best) {
        report.level = Some(case.level(best, &moments));
    }
    (trial.doubts, case.is_established(time, &basis.store))
}

/// What a time stamp inside the CMS proves; none where it is worthless (EN 319 102-1, 5.5.4: it is
/// then as if it were not there).
fn signature_time(
    basis: &Basis<'_>,
    stamp: (&SignedData, &[u8]),
    end: u64,
    later: &[Moment],
    checks: &mut Vec<RevocationCheck>,
) -> Option<Moment> {
    let (data, token) = stamp;
    let read = read_token(token).ok()?;
    if read.imprint != read.digest.of(&data.signature) || read.time > basis.now {
        return None;
    }
    let own = SignedData::read(token).ok()?.evidence();
    let case = Case::new(basis, &read.signer, &own, end);
    let trial = case.best(later);
    let severity = trial.severity();
    checks.extend(trial.checks);
    (severity < 2).then(|| Moment {
        time: read.time,
        is_checked: severity == 0,
        is_in_file: case.is_established(read.time, &basis.store),
    })
}
