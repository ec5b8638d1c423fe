//! Dossiers: the mirror with our acts laid over it that the server does not show yet.

use std::collections::{BTreeMap, BTreeSet};

use congvan_model::{AccountId, DocumentId, DossierId, OpId, Timestamp};
use congvan_protocol::{
    AgencyInfo, Document, Intent,
    dossier::{Dossier, DossierAct, DossierState},
    handling::Actor,
};
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::{
    Recorded, Store, acts, document,
    error::{Result, StoreError},
    handling,
    journal::IntentRecord,
};

/// A dossier as this desk knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DossierView {
    /// The dossier, our acts counted in.
    pub dossier: Dossier,
    /// Whether some of them are not at the server yet.
    pub unsent: bool,
    /// The documents that we have added and the server has not said so: their ordinals are provisional.
    pub provisional: Vec<DocumentId>,
}

impl Store {
    /// The dossiers of a year, in the order of their numbers; those without one last.
    ///
    /// # Errors
    /// Disk errors.
    pub fn dossiers(&self, year: u16) -> Result<Vec<DossierView>> {
        self.read(|db| {
            let mut ids = known(db)?;
            let mut views = Vec::new();
            for id in std::mem::take(&mut ids) {
                views.extend(view(db, id)?);
            }
            views.retain(|view| view.dossier.fields.year == year);
            views.sort_by_key(|view| {
                let fields = &view.dossier.fields;
                (fields.number.unwrap_or(u16::MAX), fields.notation())
            });
            Ok(views)
        })
    }

    /// The years that have dossiers here, the latest first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn dossier_years(&self) -> Result<Vec<u16>> {
        self.read(|db| {
            let mut years = BTreeSet::new();
            for id in known(db)? {
                years.extend(view(db, id)?.map(|view| view.dossier.fields.year));
            }
            Ok(years.into_iter().rev().collect())
        })
    }

    /// One dossier.
    ///
    /// # Errors
    /// Disk errors.
    pub fn dossier(&self, id: DossierId) -> Result<Option<DossierView>> {
        self.read(|db| view(db, id))
    }

    /// The dossiers that a document is in.
    ///
    /// # Errors
    /// Disk errors.
    pub fn dossiers_of(&self, document: DocumentId) -> Result<Vec<DossierView>> {
        self.read(|db| {
            let mut views = Vec::new();
            for id in known(db)? {
                views.extend(view(db, id)?.filter(|view| {
                    let mut items = view.dossier.items.iter();
                    items.any(|item| item.document == document)
                }));
            }
            Ok(views)
        })
    }

    /// The ended dossiers of a person that are to be at the archive by a day, the first due first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn dossiers_to_hand_over(&self, creator: AccountId, by: Date) -> Result<Vec<DossierView>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT id FROM dossier WHERE body ->> '$.state' = 'closed'
                 UNION SELECT dossier FROM overlay_dossier",
            )?;
            let rows = query.query_map([], |row| Ok(DossierId(Uuid::from_bytes(row.get(0)?))))?;
            let mut due = Vec::new();
            for id in rows {
                let Some(view) = view(db, id?)? else { continue };
                let last = view.dossier.hand_over_by().filter(|last| *last <= by);
                if let Some(last) = last.filter(|_| view.dossier.is_of(creator)) {
                    due.push((last, view));
                }
            }
            due.sort_by_key(|(last, view)| (*last, view.dossier.id));
            Ok(due.into_iter().map(|(_, view)| view).collect())
        })
    }

    /// The documents of a dossier that are here, our acts counted in.
    ///
    /// # Errors
    /// Disk errors.
    pub fn dossier_documents(&self, ids: &[DocumentId]) -> Result<Vec<Document>> {
        self.read(|db| {
            let mut documents = Vec::new();
            for id in ids {
                if let Some((mut found, _, _)) = document::load(db, *id)? {
                    handling::project(db, &mut found)?;
                    documents.push(found);
                }
            }
            Ok(documents)
        })
    }

    /// Records an act on a dossier; it counts here at once. Whether it may be done is the caller's
    /// question.
    ///
    /// # Errors
    /// Disk errors: then nothing was recorded.
    pub fn act_on_dossier(
        &self,
        id: DossierId,
        act: DossierAct,
        (author, author_name): (AccountId, &str),
        now: Timestamp,
    ) -> Result<Recorded> {
        let intent = Intent::Dossier { act: Box::new(act) };
        self.then_journalled(|tx| {
            let rev: Option<i64> = tx
                .prepare_cached("SELECT rev FROM dossier WHERE id = ?1")?
                .query_row([id.0.as_bytes()], |row| row.get(0))
                .optional()?;
            let on = (DocumentId(id.0), rev.map_or(0, crate::uint));
            acts::record_on(tx, on, intent.clone(), (author, author_name), now)
        })
    }
}

/// Everything that is here, by the server's word or ours.
/// The symbol of a dossier that each document is in; of several the first.
pub(crate) fn by_document(db: &Connection) -> Result<BTreeMap<DocumentId, String>> {
    let mut notations = BTreeMap::new();
    for id in known(db)? {
        if let Some(view) = view(db, id)? {
            for item in &view.dossier.items {
                notations
                    .entry(item.document)
                    .or_insert_with(|| view.dossier.fields.notation());
            }
        }
    }
    Ok(notations)
}

fn known(db: &Connection) -> Result<Vec<DossierId>> {
    let mut query =
        db.prepare_cached("SELECT id FROM dossier UNION SELECT dossier FROM overlay_dossier")?;
    let rows = query.query_map([], |row| Ok(DossierId(Uuid::from_bytes(row.get(0)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn view(db: &Connection, id: DossierId) -> Result<Option<DossierView>> {
    let body: Option<String> = db
        .prepare_cached("SELECT body FROM dossier WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    let mut dossier: Option<Dossier> = body.map(|body| serde_json::from_str(&body)).transpose()?;
    let mut query = db.prepare_cached(
        "SELECT o.facts, o.author, o.author_name, o.at, o.state FROM overlay_dossier a
         JOIN outbox o ON o.op_id = a.op_id
         WHERE a.dossier = ?1 AND o.state IN ('waiting', 'applied') ORDER BY o.local_seq",
    )?;
    let mut rows = query.query([id.0.as_bytes()])?;
    let (mut unsent, mut provisional) = (false, Vec::new());
    while let Some(row) = rows.next()? {
        let Intent::Dossier { act } = serde_json::from_str(&row.get::<_, String>(0)?)? else {
            return Err(StoreError::Corrupt { what: "act" });
        };
        let name: String = row.get(2)?;
        let actor = Actor {
            account: AccountId(row.get(1)?),
            full_name: &name,
            posts: &[],
        };
        let at = Timestamp(row.get(3)?);
        unsent |= row.get::<_, String>(4)? == "waiting";
        match (&mut dossier, act.as_ref()) {
            (None, made) => dossier = here(id, made, &actor, at),
            (Some(_), DossierAct::Strike { .. }) => return Ok(None),
            (Some(known), act) => {
                if let DossierAct::Add { document } = act
                    && known.items.iter().all(|item| item.document != *document)
                {
                    provisional.push(*document);
                }
                known.project(act, &actor, at);
            }
        }
    }
    Ok(dossier.map(|dossier| DossierView {
        dossier,
        unsent,
        provisional,
    }))
}

/// One that the server does not show yet: agency and unit are its word.
fn here(id: DossierId, act: &DossierAct, actor: &Actor<'_>, at: Timestamp) -> Option<Dossier> {
    let nobody = AgencyInfo {
        code: String::new(),
        name: String::new(),
    };
    let fields = act.makes()?;
    let mut dossier = Dossier {
        id,
        agency: nobody.clone(),
        unit: nobody,
        fields: fields.clone(),
        listed: true,
        state: DossierState::Planned,
        started_on: None,
        ended_on: None,
        kept_until: None,
        inside: true,
        count: 0,
        items: Vec::new(),
        steps: Vec::new(),
    };
    if let DossierAct::Start { started_on, .. } = act {
        (dossier.listed, dossier.started_on) = (false, Some(*started_on));
    }
    dossier.project(act, actor, at);
    Some(dossier)
}

/// What shows an act before the server has it.
pub(crate) fn lay_over(tx: &Transaction<'_>, record: &IntentRecord) -> Result<usize> {
    let op = &record.op;
    Ok(tx.execute(
        "INSERT INTO overlay_dossier(op_id, dossier) VALUES (?1, ?2) ON CONFLICT(op_id) DO NOTHING",
        params![op.id.0.as_bytes(), op.lane.0.as_bytes()],
    )?)
}

/// The mirror has the effect of an act: it need not be laid over it any more.
pub(crate) fn settled(tx: &Transaction<'_>, op: OpId, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM overlay_dossier WHERE op_id = ?1
           AND EXISTS (SELECT 1 FROM dossier d WHERE d.id = dossier AND d.rev >= ?2)",
    )?
    .execute(params![op.0.as_bytes(), crate::int(rev)])?;
    Ok(())
}

/// Takes in the server's word. Says whether it was news.
pub(crate) fn take(tx: &Transaction<'_>, body: &Dossier, rev: u64) -> Result<bool> {
    let changed = tx
        .prepare_cached(
            "INSERT INTO dossier(id, rev, year, title, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT(id) DO UPDATE SET rev = excluded.rev, year = excluded.year,
               title = excluded.title, body = excluded.body WHERE excluded.rev > dossier.rev",
        )?
        .execute(params![
            body.id.0.as_bytes(),
            crate::int(rev),
            body.fields.year,
            body.fields.title,
            serde_json::to_string(body)?
        ])?;
    shown(tx, body.id)?;
    Ok(changed > 0)
}

/// Takes a dossier off the desk, by a tombstone. Says whether it was here.
pub(crate) fn remove(tx: &Transaction<'_>, id: DossierId, rev: u64) -> Result<bool> {
    let gone = tx.execute(
        "DELETE FROM dossier WHERE id = ?1 AND rev <= ?2",
        params![id.0.as_bytes(), crate::int(rev)],
    )?;
    shown(tx, id)?;
    Ok(gone > 0)
}

/// The server's newer word on a dossier has what was applied in it.
fn shown(tx: &Transaction<'_>, id: DossierId) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM overlay_dossier WHERE dossier = ?1 AND op_id IN
           (SELECT op_id FROM outbox WHERE lane = ?1 AND state = 'applied')",
    )?
    .execute([id.0.as_bytes()])?;
    Ok(())
}
