//! Whom to trust, and at what time: chains, revocation, proofs of existence, levels
//! (EN 319 102-1, 5.2.6, 5.5 and 5.6).

use std::{cell::RefCell, collections::HashSet, sync::Arc};

use congvan_model::{Sha256, Timestamp};

use crate::{
    Doubt, Level, RevocationCheck, RevocationState, SignatureKind, SignatureReport, TimeSource,
    certificate::Certificate,
    cms::SignedData,
    evidence::Pool,
    known::Known,
    stock::Stock,
    timestamp::token_of,
    trust::{self, Path, Trusted},
};

/// What validation starts from, and what it has proven so far.
pub(crate) struct Basis<'a> {
    pub(crate) trusted: &'a Trusted,
    pub(crate) known: &'a Known,
    pub(crate) now: Timestamp,
    /// Handed in by the caller.
    pub(crate) supplied: &'a Stock,
    /// From the file's own store.
    pub(crate) store: Stock,
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

type Chain = Result<Arc<Path>, Doubt>;

/// What was tried at one time.
struct Trial {
    doubts: Vec<Doubt>,
    /// None where there is no chain.
    path: Option<Arc<Path>>,
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
    certificate: &'a Arc<Certificate>,
    /// From the CMS.
    own: &'a Stock,
    pool: Pool,
    end: u64,
    /// Chains that were tried, by their time: what they are built from is the same each time.
    paths: RefCell<Vec<(Timestamp, Chain)>>,
}

impl<'a> Case<'a> {
    fn new(
        basis: &'a Basis<'a>,
        certificate: &'a Arc<Certificate>,
        own: &'a Stock,
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
            paths: RefCell::default(),
        }
    }

    fn path(&self, at: Timestamp) -> Chain {
        let mut paths = self.paths.borrow_mut();
        if let Some((_, path)) = paths.iter().find(|(time, _)| *time == at) {
            return path.clone();
        }
        let basis = self.basis;
        let mut others = self.own.certificates.clone();
        others.extend_from_slice(&basis.store.certificates);
        others.extend_from_slice(&basis.supplied.certificates);
        let path = trust::chain(self.certificate, &others, (basis.trusted, basis.known), at);
        let path = path.map(Arc::new);
        paths.push((at, path.clone()));
        path
    }

    fn trial(&self, at: Timestamp, pool: &Pool) -> Trial {
        match self.path(at) {
            Err(doubt) => Trial {
                doubts: vec![doubt],
                path: None,
                checks: Vec::new(),
            },
            Ok(path) => {
                let basis = (self.basis.trusted, self.basis.known);
                let checks = pool.check_path(&path, basis, at);
                Trial {
                    doubts: self.doubts(&checks),
                    path: Some(path),
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
    fn is_established(&self, at: Timestamp, store: &Stock) -> bool {
        let trial = self.trial(at, &pool(self.basis, self.own, store, self.end));
        let is_here = |one: &Arc<Certificate>| self.own.holds(one) || store.holds(one);
        trial.severity() == 0
            && trial
                .path
                .is_some_and(|path| path.certificates.iter().all(is_here))
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
fn pool(basis: &Basis<'_>, own: &Stock, store: &Stock, end: u64) -> Pool {
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
    certificate: &Arc<Certificate>,
    data: Option<&SignedData>,
    end: u64,
    report: &mut SignatureReport,
) -> (Vec<Doubt>, bool) {
    let own = data.map(SignedData::evidence).unwrap_or_default();
    let own = Stock::read(&own, basis.known);
    let mut moments: Vec<Moment> = covering(basis, end).map(|proof| proof.moment).collect();
    if report.kind != SignatureKind::DocumentTimeStamp
        && let Some(data) = data
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
    let stamp = SignedData::read(token).ok()?;
    let read = token_of(&stamp, basis.known).ok()?;
    if read.imprint != read.digest.of(&data.signature) || read.time > basis.now {
        return None;
    }
    let own = Stock::read(&stamp.evidence(), basis.known);
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
