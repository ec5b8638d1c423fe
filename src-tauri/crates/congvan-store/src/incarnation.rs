//! Who this desk is to the server: its incarnation, and how far its outbox has come.

use congvan_model::Timestamp;
use rusqlite::{Transaction, params};
use uuid::Uuid;

use crate::{
    Store,
    audit::{self, AuditEvent, AuditKind},
    error::Result,
    happening, outbox,
};

impl Store {
    /// The highest `local_seq` that was ever given to an intent here.
    ///
    /// # Errors
    /// Disk errors.
    pub fn highest_seq(&self) -> Result<u64> {
        self.read(|db| Ok(crate::uint(outbox::highest_seq(db)?)))
    }

    /// The epoch of the last page; none before the first, or from a server that does not say.
    ///
    /// # Errors
    /// Disk errors.
    pub fn epoch(&self) -> Result<Option<String>> {
        self.read(|db| Ok(db.query_row("SELECT epoch FROM desk", [], |row| row.get(0))?))
    }

    /// The server has seen more of this incarnation than this desk has done: the machine is a clone
    /// or was set back. It goes on as a new incarnation and pulls anew. Nothing is deleted; the
    /// outbox is offered as it is, and an intent that the server knows is not done twice.
    ///
    /// # Errors
    /// Disk errors: then nothing was changed.
    pub fn renew_incarnation(&self, now: Timestamp) -> Result<String> {
        self.write(|tx| renew(tx, "ROLLED_BACK", now))
    }
}

pub(crate) fn renew(tx: &Transaction<'_>, code: &str, now: Timestamp) -> Result<String> {
    let fresh = Uuid::new_v4().simple().to_string();
    tx.execute(
        "UPDATE desk SET incarnation = ?1, cursor = NULL",
        params![fresh],
    )?;
    tx.execute(
        "UPDATE outbox SET not_before = 0 WHERE state = 'waiting'",
        [],
    )?;
    let event = AuditEvent {
        kind: AuditKind::IncarnationRenewed,
        document: None,
        detail: format!("incarnation={fresh}"),
    };
    audit::append(tx, &event, now)?;
    happening::note(tx, code, (0, ""), now)?;
    Ok(fresh)
}
