//! Taking in what the server says: a page of the feed, the results of our ops and the cursor, all
//! in one transaction.

use std::borrow::Cow;

use congvan_model::{CalendarId, DocumentId, DossierId, OpinionId, Sha256, TaskId, Timestamp};
use congvan_protocol::{Change, ChangeKind, Entity, EntityType, OpOutcome, Opinion, SyncResponse};
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::{
    Store, calendars, document, dossiers,
    error::{Result, StoreError},
    handling, happening, held, imports, laid,
    outbox::{self, Settled},
    search, tasks,
};

/// An answer of the server with what it answers.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The cursor the request carried.
    pub sent_cursor: Option<&'a str>,
    /// The answer.
    pub response: &'a SyncResponse,
    /// Our clock when it came.
    pub now: Timestamp,
}

/// What a page changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageOutcome {
    /// The changes were not for where this store stands (a late or repeated answer) and were left
    /// out; the results were taken in, unless the answer is of a history that the server has lost.
    pub stale: bool,
    /// Documents that are new or changed.
    pub changed: Vec<DocumentId>,
    /// Documents that are gone by the server's word.
    pub removed: Vec<DocumentId>,
    /// Documents that would be gone, but too many at once: they stay until it is confirmed. See
    /// [`Store::held_removals`].
    pub held: Vec<DocumentId>,
    /// Whether dossiers are new, changed or gone.
    pub dossiers: bool,
    /// Whether tasks or the agency's calendar are new, changed or gone.
    pub tasks: bool,
    /// Ops that were settled well.
    pub applied: u32,
    /// Ops that a person must look at.
    pub trouble: u32,
    /// New urgent documents that the owner has not seen; empty until the first pull is complete.
    pub urgent: Vec<UrgentArrival>,
}

/// A new urgent document, for a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrgentArrival {
    /// The document.
    pub id: DocumentId,
    /// Số và ký hiệu.
    pub notation: Option<String>,
    /// Issuing agency.
    pub issuer: String,
    /// Trích yếu.
    pub subject: String,
    /// How urgent.
    pub urgency: congvan_model::Urgency,
}

impl Store {
    /// Where this desk stands in its feed; none before the first page.
    ///
    /// # Errors
    /// Disk errors.
    pub fn cursor(&self) -> Result<Option<String>> {
        self.read(|db| Ok(db.query_row("SELECT cursor FROM desk", [], |row| row.get(0))?))
    }

    /// Our clock when the last round that left nothing waiting ended; none before the first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn synced_at(&self) -> Result<Option<Timestamp>> {
        self.read(|db| {
            let at: Option<i64> =
                db.query_row("SELECT synced_at FROM desk", [], |row| row.get(0))?;
            Ok(at.map(Timestamp))
        })
    }

    /// Takes in an answer. All of it or nothing.
    ///
    /// # Errors
    /// Disk errors; [`StoreError::Invalid`] when a change has no body or is of the wrong kind.
    pub fn apply_page(&self, page: Page<'_>) -> Result<PageOutcome> {
        self.take_page(page, Way::Network)
    }

    /// As [`Store::apply_page`], for an answer that was days on its way: it tells nothing about our
    /// clock, and the desk is as the server was when it gave it.
    ///
    /// # Errors
    /// As [`Store::apply_page`].
    pub(crate) fn apply_carried(&self, page: Page<'_>) -> Result<PageOutcome> {
        self.take_page(page, Way::Carried)
    }

    fn take_page(&self, page: Page<'_>, way: Way) -> Result<PageOutcome> {
        let mut settled_ops = Vec::new();
        let mut condemned = Vec::new();
        let outcome = self.write(|tx| {
            let mut outcome = PageOutcome::default();
            if is_of_lost_history(tx, page)? {
                outcome.stale = true;
                return Ok(outcome);
            }
            for result in &page.response.results {
                match outbox::settle(tx, result, page.now)? {
                    Settled::Applied => outcome.applied = outcome.applied.saturating_add(1),
                    Settled::Trouble => outcome.trouble = outcome.trouble.saturating_add(1),
                    Settled::NotYet => {}
                }
                if let OpOutcome::TakenIn { refused, .. } = &result.outcome {
                    settled_ops.extend(imports::settled(tx, result.id, refused, page.now)?);
                }
                if let OpOutcome::Applied { rev } = result.outcome {
                    handling::settled(tx, result.id, rev)?;
                    dossiers::settled(tx, result.id, rev)?;
                    laid::settled(tx, result.id, rev)?;
                }
                if result.outcome.is_final() {
                    settled_ops.push(result.id);
                }
            }
            let (cursor, synced_at, run): (Option<String>, Option<i64>, i64) = tx.query_row(
                "SELECT cursor, synced_at, removals_run FROM desk",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            if cursor.as_deref() != page.sent_cursor {
                outcome.stale = true;
                return Ok(outcome);
            }
            let (hold, concerned) = held::judge(tx, &page.response.changes, crate::uint(run))?;
            let mut taking = Taking {
                tx,
                outcome: &mut outcome,
                condemned: &mut condemned,
                notify: synced_at.is_some(),
                hold: hold.then_some(page.now),
            };
            for change in &page.response.changes {
                taking.take(change)?;
            }
            let server_time = page.response.server_time.0;
            let (heard, offset) = match way {
                Way::Network => (page.now.0, Some(server_time.saturating_sub(page.now.0))),
                Way::Carried => (server_time.max(synced_at.unwrap_or(server_time)), None),
            };
            let done = (!page.response.more).then_some(heard);
            let run = match page.response.more {
                true => run.saturating_add(crate::int(concerned)),
                false => 0,
            };
            tx.execute(
                "UPDATE desk SET cursor = ?1, synced_at = coalesce(?2, synced_at),
                   clock_offset_ms = coalesce(?3, clock_offset_ms), removals_run = ?4,
                   epoch = CASE WHEN ?5 = '' THEN epoch ELSE ?5 END",
                params![page.response.cursor, done, offset, run, page.response.epoch],
            )?;
            happening::after_page(tx, &outcome, page.now)?;
            Ok(outcome)
        })?;
        self.after_page(&settled_ops, &condemned);
        Ok(outcome)
    }

    // What may be lost without harm: marks in the journal are asked again, condemned files are
    // swept at the next opening.
    fn after_page(&self, settled: &[congvan_model::OpId], condemned: &[Sha256]) {
        let mut journal = crate::lock(self.journal());
        for op in settled {
            if let Err(error) = journal.settle(*op) {
                tracing::warn!(%op, %error, "journal mark not written");
            }
        }
        drop(journal);
        sweep(self, condemned);
    }
}

/// How an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// At once.
    Network,
    /// By hand.
    Carried,
}

/// Whether this answers a request from before [`Store::begin_new_history`]. Then its results count
/// for nothing either: they would settle acts that the restored server has lost.
fn is_of_lost_history(tx: &Transaction<'_>, page: Page<'_>) -> Result<bool> {
    let (cursor, epoch): (Option<String>, Option<String>) =
        tx.query_row("SELECT cursor, epoch FROM desk", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let begun_anew = page.sent_cursor.is_some() && cursor.is_none() && epoch.is_none();
    let named = Some(&page.response.epoch).filter(|epoch| !epoch.is_empty());
    let other = epoch
        .zip(named)
        .is_some_and(|(ours, theirs)| ours != *theirs);
    Ok(begun_anew || other)
}

/// Bodies outside the feed, for [`Store::apply_bodies`].
pub(crate) fn take_bodies(
    store: &Store,
    asked_at: Option<&str>,
    changes: &[Change],
    now: Timestamp,
) -> Result<PageOutcome> {
    let mut condemned = Vec::new();
    let outcome = store.write(|tx| {
        let mut outcome = PageOutcome::default();
        let cursor: Option<String> =
            tx.query_row("SELECT cursor FROM desk", [], |row| row.get(0))?;
        if cursor.as_deref() != asked_at {
            outcome.stale = true;
            return Ok(outcome);
        }
        let (hold, _) = held::judge(tx, changes, 0)?;
        let mut taking = Taking {
            tx,
            outcome: &mut outcome,
            condemned: &mut condemned,
            notify: true,
            hold: hold.then_some(now),
        };
        for change in changes {
            taking.take(change)?;
        }
        happening::after_page(tx, &outcome, now)?;
        Ok(outcome)
    })?;
    sweep(store, &condemned);
    Ok(outcome)
}

/// Takes documents off the desk as a tombstone of that revision does. The caller sweeps the bytes.
pub(crate) fn remove_documents(
    tx: &Transaction<'_>,
    documents: &[(DocumentId, u64)],
) -> Result<(PageOutcome, Vec<Sha256>)> {
    let (mut outcome, mut condemned) = (PageOutcome::default(), Vec::new());
    let mut taking = Taking {
        tx,
        outcome: &mut outcome,
        condemned: &mut condemned,
        notify: false,
        hold: None,
    };
    for (id, rev) in documents {
        taking.remove_document(*id, *rev)?;
    }
    Ok((outcome, condemned))
}

/// Removes the files of condemned bytes; what fails is done at the next opening.
pub(crate) fn sweep(store: &Store, condemned: &[Sha256]) {
    if !condemned.is_empty()
        && let Err(error) = store.sweep_condemned()
    {
        tracing::warn!(%error, "condemned blobs stay until the next start");
    }
}

struct Taking<'a, 'tx> {
    tx: &'a Transaction<'tx>,
    outcome: &'a mut PageOutcome,
    condemned: &'a mut Vec<Sha256>,
    notify: bool,
    /// Removals of documents are held, since then.
    hold: Option<Timestamp>,
}

impl Taking<'_, '_> {
    fn take(&mut self, change: &Change) -> Result<()> {
        match (change.entity, change.change, &change.body) {
            (EntityType::Document, ChangeKind::Upsert, Some(Entity::Document(body))) => {
                self.document(body, change.rev)
            }
            (EntityType::Opinion, ChangeKind::Upsert, Some(Entity::Opinion(body))) => {
                self.opinion(body, change.rev)
            }
            (EntityType::Document, ChangeKind::Remove, _) => {
                self.remove_document(DocumentId(change.id), change.rev)
            }
            (EntityType::Opinion, ChangeKind::Remove, _) => {
                self.remove_opinion(OpinionId(change.id), change.rev)
            }
            (EntityType::Dossier, ChangeKind::Upsert, Some(Entity::Dossier(body))) => {
                self.outcome.dossiers |= dossiers::take(self.tx, body, change.rev)?;
                Ok(())
            }
            (EntityType::Dossier, ChangeKind::Remove, _) => {
                self.outcome.dossiers |=
                    dossiers::remove(self.tx, DossierId(change.id), change.rev)?;
                Ok(())
            }
            (EntityType::Task, ChangeKind::Upsert, Some(Entity::Task(body))) => {
                self.outcome.tasks |= tasks::take(self.tx, body, change.rev)?;
                Ok(())
            }
            (EntityType::Task, ChangeKind::Remove, _) => {
                self.outcome.tasks |= tasks::remove(self.tx, TaskId(change.id), change.rev)?;
                Ok(())
            }
            (EntityType::Calendar, ChangeKind::Upsert, Some(Entity::Calendar(body))) => {
                self.outcome.tasks |= calendars::take(self.tx, body, change.rev)?;
                Ok(())
            }
            (EntityType::Calendar, ChangeKind::Remove, _) => {
                self.outcome.tasks |=
                    calendars::remove(self.tx, CalendarId(change.id), change.rev)?;
                Ok(())
            }
            (_, ChangeKind::Upsert, _) => Err(StoreError::Invalid {
                what: "a change without the body of its kind",
            }),
        }
    }

    fn document(&mut self, body: &congvan_protocol::Document, rev: u64) -> Result<()> {
        let local = document::local_rev(self.tx, body.id)?;
        if local.is_some_and(|local| rev <= local) {
            return Ok(());
        }
        let mut shown = Cow::Borrowed(body);
        if body
            .handling
            .as_ref()
            .is_some_and(|all| all.imported.is_some())
        {
            imports::with_files(self.tx, shown.to_mut())?;
        }
        document::upsert(self.tx, &shown, rev)?;
        self.touched(body.id);
        let fresh = local.is_none() && body.read_at.is_none();
        let incoming =
            body.direction == congvan_model::Direction::Incoming && handling::waits(body.state);
        if self.notify && fresh && incoming && body.urgency.at_once() {
            self.outcome.urgent.push(UrgentArrival {
                id: body.id,
                notation: body.notation.as_ref().map(ToString::to_string),
                issuer: body.issuer.name.clone(),
                subject: body.subject.clone(),
                urgency: body.urgency,
            });
        }
        Ok(())
    }

    fn opinion(&mut self, body: &Opinion, rev: u64) -> Result<()> {
        let changed = self.tx.execute(
            "INSERT INTO opinion(id, document, rev, received_at, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT(id) DO UPDATE SET rev = excluded.rev, document = excluded.document,
               received_at = excluded.received_at, body = excluded.body
               WHERE excluded.rev > opinion.rev",
            params![
                body.id.0.as_bytes(),
                body.document.0.as_bytes(),
                crate::int(rev),
                body.received_at.0,
                serde_json::to_string(body)?
            ],
        )?;
        if changed == 0 {
            return Ok(());
        }
        self.tx.execute(
            "DELETE FROM overlay_opinion WHERE id = ?1",
            params![body.id.0.as_bytes()],
        )?;
        self.reindex(body.document)
    }

    fn remove_document(&mut self, id: DocumentId, rev: u64) -> Result<()> {
        if let Some(now) = self.hold {
            if held::hold(self.tx, id, rev, now)? {
                self.outcome.held.push(id);
            }
            return Ok(());
        }
        let key = id.0.as_bytes();
        let row: Option<i64> = self
            .tx
            .query_row(
                "DELETE FROM document WHERE id = ?1 AND rev <= ?2 RETURNING row",
                params![key, crate::int(rev)],
                |row| row.get(0),
            )
            .optional()?;
        let Some(row) = row else {
            return Ok(());
        };
        search::remove(self.tx, row)?;
        self.tx
            .execute("DELETE FROM opinion WHERE document = ?1", params![key])?;
        for table in [
            "overlay_opinion",
            "overlay_read",
            "overlay_revision",
            "overlay_act",
        ] {
            self.tx.execute(
                &format!(
                    "DELETE FROM {table} WHERE document = ?1 AND op_id NOT IN
                       (SELECT op_id FROM outbox WHERE state = 'waiting')"
                ),
                params![key],
            )?;
        }
        self.condemn_blobs(id)?;
        self.outcome.removed.push(id);
        Ok(())
    }

    // The law wants the local copy of a recalled document gone. Bytes that another document or an
    // unsent intent still needs stay.
    fn condemn_blobs(&mut self, id: DocumentId) -> Result<()> {
        let mut query = self.tx.prepare_cached(
            "UPDATE blob SET state = 'condemned' WHERE sha256 IN (
               SELECT f.sha256 FROM file_blob f WHERE f.document = ?1
                 AND NOT EXISTS (SELECT 1 FROM file_blob o
                   WHERE o.sha256 = f.sha256 AND o.document <> ?1)
                 AND NOT EXISTS (SELECT 1 FROM overlay_revision v
                   WHERE v.child = f.sha256 OR v.parent = f.sha256)
                 AND NOT EXISTS (SELECT 1 FROM outbox w
                   WHERE w.state = 'waiting' AND (w.child = f.sha256 OR w.parent = f.sha256))
                 AND NOT EXISTS (SELECT 1 FROM scan_file s WHERE s.sha256 = f.sha256)
                 AND NOT EXISTS (SELECT 1 FROM scan_stack s WHERE s.pdf = f.sha256))
             RETURNING sha256",
        )?;
        let mut rows = query.query(params![id.0.as_bytes()])?;
        while let Some(row) = rows.next()? {
            self.condemned.push(Sha256(row.get(0)?));
        }
        self.tx.execute(
            "DELETE FROM file_blob WHERE document = ?1",
            params![id.0.as_bytes()],
        )?;
        Ok(())
    }

    fn remove_opinion(&mut self, id: OpinionId, rev: u64) -> Result<()> {
        let document: Option<[u8; 16]> = self
            .tx
            .query_row(
                "DELETE FROM opinion WHERE id = ?1 AND rev <= ?2 RETURNING document",
                params![id.0.as_bytes(), crate::int(rev)],
                |row| row.get(0),
            )
            .optional()?;
        match document {
            Some(document) => self.reindex(DocumentId(Uuid::from_bytes(document))),
            None => Ok(()),
        }
    }

    // An opinion may come before its document; the document then takes it along.
    fn reindex(&mut self, id: DocumentId) -> Result<()> {
        if let Some((body, _, row)) = document::load(self.tx, id)? {
            search::remove(self.tx, row)?;
            search::index(self.tx, row, &body, &document::opinions(self.tx, id)?)?;
            self.touched(id);
        }
        Ok(())
    }

    fn touched(&mut self, id: DocumentId) {
        if !self.outcome.changed.contains(&id) {
            self.outcome.changed.push(id);
        }
    }
}
