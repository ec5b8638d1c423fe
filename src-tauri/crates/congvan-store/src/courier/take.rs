//! Taking in an answer: the results and pages as the network's, then the files that came along.

use std::io::{self, BufReader, Read};

use congvan_courier::{Head, Kind, Trusted, VerifyingKey, look};
use congvan_model::{Sha256, Timestamp};
use congvan_protocol::{BundleAnswer, BundleFile, OpOutcome, ProblemCode, SyncResponse};
use rusqlite::params;

use super::{CourierKeys, CourierRefusal, CourierWatch, envelope, refused, stick};
use crate::{Page, PageOutcome, Store, error::Result};

/// Whose answers are taken.
#[derive(Clone, Debug)]
pub struct ServerOfBundles {
    /// The province's code.
    pub province: String,
    /// What the server signs with.
    pub key: VerifyingKey,
}

/// What came with an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// What the pages changed, together; `stale` when the desk was further already.
    pub outcome: PageOutcome,
    /// The server has more than fitted into the answer: another bundle brings it.
    pub more: bool,
    /// Files that are here now.
    pub files: u32,
    /// Files that did not fit.
    pub files_left: u32,
    /// Why the server did nothing of it; none when it did.
    pub refused: Option<ProblemCode>,
    /// The desk has begun anew, as after the same answer of the network: the next bundle or round pulls
    /// everything, and nothing is lost.
    pub anew: bool,
    /// The server's clock when it answered; none when it refused.
    pub answered_at: Option<Timestamp>,
}

impl Store {
    /// Takes in an answer, which `source` opens from its beginning each time: it is read to its end
    /// before anything of it is done. Twice, late or out of order it does no harm.
    ///
    /// # Errors
    /// [`crate::StoreError::Courier`]: then nothing was done. Disk errors.
    pub fn courier_take<R: Read>(
        &self,
        source: impl Fn() -> io::Result<R>,
        (server, now): (&ServerOfBundles, Timestamp),
        watch: &CourierWatch,
    ) -> Result<Delivered> {
        let keys = self.courier_keys()?;
        let opened = || {
            let source = source().map_err(|error| stick(&error))?;
            trusted(watch.over(BufReader::new(source)), (&keys, server))
        };
        let first = opened()?;
        let answer: BundleAnswer = serde_json::from_slice(&first.manifest)
            .map_err(|_| refused(CourierRefusal::Damaged))?;
        first.to_the_end().map_err(envelope)?;
        let mut delivered = self.take_answer(&answer, now)?;
        if delivered.refused.is_none() && !delivered.anew && !answer.files.is_empty() {
            delivered.files = self.take_files(&answer.files, &mut opened()?, now)?;
            delivered.files_left = answer.files_left;
        }
        Ok(delivered)
    }

    fn take_answer(&self, answer: &BundleAnswer, now: Timestamp) -> Result<Delivered> {
        let mut delivered = Delivered {
            refused: answer.refused,
            ..Delivered::default()
        };
        let is_of_now = self.incarnation()? == answer.incarnation;
        match answer.refused {
            // Of a cursor that the desk no longer has it says nothing.
            Some(ProblemCode::CannotCalculateChanges) if self.cursor()? == answer.cursor => {
                self.begin_new_history(now)?;
                delivered.anew = true;
            }
            Some(ProblemCode::DeviceRolledBack) if is_of_now => {
                self.renew_incarnation(now)?;
                delivered.anew = true;
            }
            _ => {}
        }
        let mut sent_cursor = answer.cursor.clone();
        for page in &answer.pages {
            let mut page = page.clone();
            if self.calls_settled_what_waits(&page.results)? {
                if is_of_now {
                    self.renew_incarnation(now)?;
                    delivered.anew = true;
                    return Ok(delivered);
                }
                // It was said of numbers that this desk no longer goes by.
                page.results
                    .retain(|result| result.outcome != (OpOutcome::AlreadySettled {}));
            }
            let outcome = self.apply_carried(Page {
                sent_cursor: sent_cursor.as_deref(),
                response: &page,
                now,
            })?;
            delivered.add(&page, outcome);
            sent_cursor = Some(page.cursor);
        }
        Ok(delivered)
    }

    fn take_files(
        &self,
        files: &[BundleFile],
        bundle: &mut impl Read,
        now: Timestamp,
    ) -> Result<u32> {
        let mut came = 0_u32;
        for file in files {
            let mut inside = bundle.take(file.inside());
            // A document that has gone meanwhile does not come back by its bytes.
            let wants = self.is_missing(file.sha256)? && self.room()?.allows_prefetch();
            if wants {
                let mut writer = self.blob_create()?;
                let mut buffer = vec![0; 256 * 1024];
                loop {
                    let count = inside.read(&mut buffer).map_err(|error| stick(&error))?;
                    let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                        break;
                    };
                    writer.write(bytes)?;
                }
                writer.finish(Some(file.sha256), now)?;
                came = came.saturating_add(1);
            }
            io::copy(&mut inside, &mut io::sink()).map_err(|error| stick(&error))?;
        }
        Ok(came)
    }

    /// Whether a document here has this file and its bytes are not here.
    fn is_missing(&self, sha256: Sha256) -> Result<bool> {
        let named = self.read(|db| {
            let mut query = db.prepare_cached("SELECT 1 FROM file_blob WHERE sha256 = ?1")?;
            Ok(query.exists(params![sha256.0])?)
        })?;
        Ok(named && !self.blob_present(sha256)?)
    }
}

fn trusted<R: Read>(
    source: R,
    (keys, server): (&CourierKeys, &ServerOfBundles),
) -> Result<Trusted<R>> {
    let sealed = look(source).map_err(envelope)?;
    if sealed.head.kind != Kind::Answer {
        return Err(refused(CourierRefusal::Outgoing));
    }
    if sealed.head.province != server.province {
        return Err(refused(CourierRefusal::OtherProvince));
    }
    let opened = sealed.open(&keys.sealing).map_err(envelope)?;
    opened.trust(&server.key).map_err(envelope)
}

/// What stands on a bundle that is to be carried to the server, for whoever carries it.
///
/// # Errors
/// [`crate::StoreError::Courier`].
pub fn bundle_head(source: impl Read) -> Result<Head> {
    let head = look(source).map_err(envelope)?.head;
    match head.kind {
        Kind::Outgoing => Ok(head),
        Kind::Answer => Err(refused(CourierRefusal::Answer)),
    }
}

impl Delivered {
    fn add(&mut self, page: &SyncResponse, mut outcome: PageOutcome) {
        let all = &mut self.outcome;
        all.stale |= outcome.stale;
        all.changed.append(&mut outcome.changed);
        all.removed.append(&mut outcome.removed);
        all.held.append(&mut outcome.held);
        all.dossiers |= outcome.dossiers;
        all.applied = all.applied.saturating_add(outcome.applied);
        all.trouble = all.trouble.saturating_add(outcome.trouble);
        all.urgent.append(&mut outcome.urgent);
        self.more = page.more;
        self.answered_at = Some(page.server_time);
    }
}
