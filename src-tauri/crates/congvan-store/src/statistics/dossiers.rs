//! Hồ sơ lập trên phần mềm: how much of the year's list was begun.

use congvan_protocol::dossier::DossierState;

use super::Period;
use crate::{Store, error::Result};

/// The dossiers of the years that a period is in, our acts counted in. What is only proposed is not
/// counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DossierTally {
    /// In the lists that the head approved, or begun beside them.
    pub all: u32,
    /// Of those, begun: open, ended or at the archive.
    pub begun: u32,
    /// Of those, ended: or at the archive.
    pub ended: u32,
    /// Of those, before the archivist or in the archive.
    pub handed_over: u32,
}

impl Store {
    /// Counts the dossiers of the years that a period is in.
    ///
    /// # Errors
    /// Disk errors.
    pub fn dossier_tally(&self, period: Period) -> Result<DossierTally> {
        let mut tally = DossierTally::default();
        let years = period.from.year()..=period.to.year();
        let known = self.dossier_years()?.into_iter();
        for year in
            known.filter(|year| i16::try_from(*year).is_ok_and(|year| years.contains(&year)))
        {
            for view in self.dossiers(year)? {
                tally.add(view.dossier.state);
            }
        }
        Ok(tally)
    }
}

impl DossierTally {
    fn add(&mut self, state: DossierState) {
        let (all, begun, ended, handed_over) = match state {
            DossierState::Planned => (0, 0, 0, 0),
            DossierState::Listed => (1, 0, 0, 0),
            DossierState::Open => (1, 1, 0, 0),
            DossierState::Closed => (1, 1, 1, 0),
            DossierState::HandedOver | DossierState::Archived => (1, 1, 1, 1),
        };
        self.all += all;
        self.begun += begun;
        self.ended += ended;
        self.handed_over += handed_over;
    }
}
