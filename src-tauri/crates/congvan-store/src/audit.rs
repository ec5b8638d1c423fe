//! What was done on this machine, as a hash chain: each row's hash covers the one before, so a row
//! cannot be changed or taken out without everything after it showing it.

use aws_lc_rs::digest;
use congvan_model::{DocumentId, Sha256, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use crate::{
    Store,
    error::{Result, StoreError},
};

/// What kind of thing was done. The words in the database are frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditKind {
    /// Someone logged in.
    LoggedIn,
    /// Someone logged out.
    LoggedOut,
    /// A document's page was shown.
    Viewed,
    /// A document was printed.
    Printed,
    /// A file left the desk.
    Exported,
    /// An opinion or direction was written.
    OpinionAdded,
    /// A file was signed.
    Signed,
    /// A document was marked as read.
    MarkedRead,
    /// An unsent intent came back from the journal.
    IntentReplayed,
    /// A conflict or rejection was closed by a person.
    TroubleClosed,
    /// A warning was overridden by a person.
    RuleOverridden,
    /// A document was blocked: a signer's certificate turned out to be revoked.
    Blocked,
    /// A document was entered in a book.
    Registered,
    /// A number of a book was declared void.
    NumberVoided,
    /// From here on no number is issued out of a lease.
    NumbersStopped,
    /// A registered document was put before a leader.
    Presented,
    /// An act on a document: directed, assigned, approved and so on.
    Handled,
    /// A document that goes out was drafted.
    Drafted,
    /// Such an act was taken back before it was sent.
    HandlingUndone,
    /// A registration was taken back before it was sent.
    RegistrationUndone,
    /// A registered document was withdrawn: its number is void.
    RegistrationWithdrawn,
    /// An act on a dossier: begun, a document added, closed and so on.
    DossierHandled,
    /// An act on a task: given, reported on, accepted and so on.
    TaskHandled,
    /// A day of the agency's calendar was named or cleared.
    CalendarChanged,
    /// Rows of a previous system's register, or a file of one, were taken over.
    Imported,
    /// Documents that the server took away in bulk were let go after a check.
    RemovalConfirmed,
    /// What a letter with a mark of secrecy consisted of was removed.
    SecretRemoved,
    /// The database was found damaged and made anew.
    Rebuilt,
    /// The data had gone back in time; the desk took a new incarnation.
    IncarnationRenewed,
}

impl AuditKind {
    const ALL: [Self; 29] = [
        Self::LoggedIn,
        Self::LoggedOut,
        Self::Viewed,
        Self::Printed,
        Self::Exported,
        Self::OpinionAdded,
        Self::Signed,
        Self::MarkedRead,
        Self::IntentReplayed,
        Self::TroubleClosed,
        Self::RuleOverridden,
        Self::Blocked,
        Self::Registered,
        Self::NumberVoided,
        Self::NumbersStopped,
        Self::Presented,
        Self::Handled,
        Self::Drafted,
        Self::HandlingUndone,
        Self::RegistrationUndone,
        Self::RegistrationWithdrawn,
        Self::DossierHandled,
        Self::TaskHandled,
        Self::CalendarChanged,
        Self::Imported,
        Self::RemovalConfirmed,
        Self::SecretRemoved,
        Self::Rebuilt,
        Self::IncarnationRenewed,
    ];

    /// The word in the database and in exports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LoggedIn => "logged_in",
            Self::LoggedOut => "logged_out",
            Self::Viewed => "viewed",
            Self::Printed => "printed",
            Self::Exported => "exported",
            Self::OpinionAdded => "opinion_added",
            Self::Signed => "signed",
            Self::MarkedRead => "marked_read",
            Self::IntentReplayed => "intent_replayed",
            Self::TroubleClosed => "trouble_closed",
            Self::RuleOverridden => "rule_overridden",
            Self::Blocked => "blocked",
            Self::Registered => "registered",
            Self::NumberVoided => "number_voided",
            Self::NumbersStopped => "numbers_stopped",
            Self::Presented => "presented",
            Self::Handled => "handled",
            Self::Drafted => "drafted",
            Self::HandlingUndone => "handling_undone",
            Self::RegistrationUndone => "registration_undone",
            Self::RegistrationWithdrawn => "registration_withdrawn",
            Self::DossierHandled => "dossier_handled",
            Self::TaskHandled => "task_handled",
            Self::CalendarChanged => "calendar_changed",
            Self::Imported => "imported",
            Self::RemovalConfirmed => "removal_confirmed",
            Self::SecretRemoved => "secret_removed",
            Self::Rebuilt => "rebuilt",
            Self::IncarnationRenewed => "incarnation_renewed",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Something to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// What.
    pub kind: AuditKind,
    /// On which document.
    pub document: Option<DocumentId>,
    /// Ids and codes that matter; never content, names or titles.
    pub detail: String,
}

/// The last link: what is anchored at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// Rows so far.
    pub seq: u64,
    /// Hash of the last one; zeros when there is none.
    pub hash: Sha256,
}

/// A recorded row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Position, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: AuditEvent,
}

impl Store {
    /// Records something that changes nothing else (a view, a print, an export).
    ///
    /// # Errors
    /// Disk errors: then what was to be recorded must not go ahead.
    pub fn audit(&self, event: &AuditEvent, at: Timestamp) -> Result<()> {
        self.write(|tx| append(tx, event, at))
    }

    /// The last link of the chain.
    ///
    /// # Errors
    /// Disk errors.
    pub fn audit_head(&self) -> Result<AuditHead> {
        self.read(head)
    }

    /// The head that the server has, as far as this desk knows; none before the first.
    #[must_use]
    pub fn audit_anchor(&self) -> Option<AuditHead> {
        let anchor = crate::lock(self.journal()).anchor();
        anchor.map(|(seq, hash)| AuditHead { seq, hash })
    }

    /// Notes that the server has this head: it travelled in a round that was answered.
    ///
    /// # Errors
    /// Disk errors.
    pub fn audit_anchored(&self, head: AuditHead) -> Result<()> {
        let mut journal = crate::lock(self.journal());
        if journal.anchor() == Some((head.seq, head.hash)) {
            return Ok(());
        }
        self.write(|tx| {
            tx.execute(
                "UPDATE desk SET anchor_seq = ?1, anchor_hash = ?2",
                params![crate::int(head.seq), head.hash.0],
            )?;
            Ok(())
        })?;
        journal.note_anchor(head.seq, head.hash)
    }

    /// Whether the chain still contains the last head that the server was given, as database and
    /// journal remember it. A chain that does not was set back or rewritten, and that is reported.
    ///
    /// # Errors
    /// Disk errors.
    pub fn audit_holds_anchor(&self) -> Result<bool> {
        let remembered = crate::lock(self.journal()).anchor();
        self.read(|db| {
            let (seq, hash): (i64, Option<[u8; 32]>) =
                db.query_row("SELECT anchor_seq, anchor_hash FROM desk", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
            let here = hash.map(|hash| (crate::uint(seq), Sha256(hash)));
            for (seq, hash) in [here, remembered].into_iter().flatten() {
                if seq > 0 && !contains(db, seq, hash)? {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    /// Whether the chain contains this link, e.g. the head that the server says it was given last.
    ///
    /// # Errors
    /// Disk errors.
    pub fn audit_contains(&self, head: AuditHead) -> Result<bool> {
        self.read(|db| Ok(head.seq == 0 || contains(db, head.seq, head.hash)?))
    }

    /// The latest rows, newest first.
    ///
    /// # Errors
    /// Disk errors.
    pub fn audit_rows(&self, limit: u32) -> Result<Vec<AuditRow>> {
        self.read(|db| {
            let mut query = db.prepare_cached(
                "SELECT seq, at, kind, document, detail FROM audit ORDER BY seq DESC LIMIT ?1",
            )?;
            let mut rows = query.query(params![limit])?;
            let mut out = Vec::new();
            while let Some(row) = rows.next()? {
                let kind: String = row.get(2)?;
                let document: Option<[u8; 16]> = row.get(3)?;
                out.push(AuditRow {
                    seq: crate::uint(row.get(0)?),
                    at: Timestamp(row.get(1)?),
                    event: AuditEvent {
                        kind: AuditKind::from_word(&kind)
                            .ok_or(StoreError::Corrupt { what: "audit kind" })?,
                        document: document.map(|id| DocumentId(uuid::Uuid::from_bytes(id))),
                        detail: row.get(4)?,
                    },
                });
            }
            Ok(out)
        })
    }

    /// Recomputes the whole chain; the first broken row, if any.
    ///
    /// # Errors
    /// Disk errors.
    pub fn audit_verify(&self) -> Result<Option<u64>> {
        self.read(|db| {
            let mut query = db.prepare(
                "SELECT seq, at, kind, document, detail, previous, hash FROM audit ORDER BY seq",
            )?;
            let mut rows = query.query([])?;
            let mut previous = [0; 32];
            let mut expected_seq = 1;
            while let Some(row) = rows.next()? {
                let seq: i64 = row.get(0)?;
                let document: Option<Vec<u8>> = row.get(3)?;
                let kind: String = row.get(2)?;
                let detail: String = row.get(4)?;
                let stored_previous: [u8; 32] = row.get(5)?;
                let stored: [u8; 32] = row.get(6)?;
                let event = LinkedEvent {
                    at: row.get(1)?,
                    kind: &kind,
                    document: document.as_deref(),
                    detail: &detail,
                };
                let hash = link(&previous, seq, &event);
                if seq != expected_seq || stored_previous != previous || stored != hash {
                    return Ok(Some(crate::uint(expected_seq)));
                }
                previous = hash;
                expected_seq = expected_seq.saturating_add(1);
            }
            Ok(None)
        })
    }
}

/// Adds a link inside the transaction of what it records.
pub(crate) fn append(tx: &Transaction<'_>, event: &AuditEvent, at: Timestamp) -> Result<()> {
    let head = head(tx)?;
    let seq = crate::int(head.seq).saturating_add(1);
    let document = event.document.map(|id| id.0.into_bytes());
    let kind = event.kind.word();
    let linked = LinkedEvent {
        at: at.0,
        kind,
        document: document.as_ref().map(<[u8; 16]>::as_slice),
        detail: &event.detail,
    };
    let hash = link(&head.hash.0, seq, &linked);
    tx.prepare_cached(
        "INSERT INTO audit(seq, at, kind, document, detail, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        seq,
        at.0,
        kind,
        document,
        event.detail,
        head.hash.0,
        hash
    ])?;
    Ok(())
}

fn contains(db: &Connection, seq: u64, hash: Sha256) -> Result<bool> {
    Ok(db
        .prepare_cached("SELECT 1 FROM audit WHERE seq = ?1 AND hash = ?2")?
        .exists(params![crate::int(seq), hash.0])?)
}

fn head(db: &Connection) -> Result<AuditHead> {
    let found: Option<(i64, [u8; 32])> = db
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (seq, hash) = found.unwrap_or((0, [0; 32]));
    Ok(AuditHead {
        seq: crate::uint(seq),
        hash: Sha256(hash),
    })
}

/// The fields that a link covers, as they are stored.
struct LinkedEvent<'a> {
    at: i64,
    kind: &'a str,
    document: Option<&'a [u8]>,
    detail: &'a str,
}

/// SHA-256 over the previous hash and the fields, each with its length in front, so that no two
/// different rows have the same input.
fn link(previous: &[u8; 32], seq: i64, event: &LinkedEvent<'_>) -> [u8; 32] {
    let mut hash = digest::Context::new(&digest::SHA256);
    let (seq, at) = (seq.to_le_bytes(), event.at.to_le_bytes());
    let fields: [&[u8]; 6] = [
        previous,
        &seq,
        &at,
        event.kind.as_bytes(),
        event.document.unwrap_or_default(),
        event.detail.as_bytes(),
    ];
    for field in fields {
        hash.update(&(field.len() as u64).to_le_bytes());
        hash.update(field);
    }
    let mut out = [0; 32];
    out.copy_from_slice(hash.finish().as_ref());
    out
}
