//! Registering letters of the inbox as one act each, taking that back until it is sent, and what
//! follows: putting the document before a leader, withdrawing it.
//!
//! Invariant: a registration is taken back only while nothing of it was handed to the network; the
//! driver's taking ([`Store::take_ops`]) and the taking back are transactions of the one writer, so
//! one of them comes first.

use congvan_model::{AccountId, DocumentId, FileId, OpId, Timestamp, nfc};
use congvan_protocol::Intent;
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{
    NewRegistration, Recorded, Registered, Store, acts,
    audit::{self, AuditEvent, AuditKind},
    error::{Result, StoreError},
    journal::{Besides, IntentRecord},
    outbox, scans,
};

/// Longest reason of a void, in characters.
const REASON_MAX: usize = 500;

/// What belongs to the registration of a letter, besides the registration.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LetterAct {
    /// The letter of the inbox; it must be confirmed, and is registered in the same transaction.
    pub letter: Option<scans::LetterId>,
    /// The leader that the document is put before.
    pub present_to: Option<AccountId>,
    /// Whether its scan shall carry the organisation's signature.
    pub seal: Option<SealWish>,
}

/// How a scan is signed for the organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SealWish {
    /// With the stamp ĐẾN.
    pub stamp: bool,
    /// Left and top edge of the stamp in millimetres from the top left of the first page; none = the
    /// usual place.
    pub place: Option<(f64, f64)>,
    /// Part of its true size that the stamp has; none = all of it.
    pub scale: Option<f64>,
    /// Left, top, width and height of the words of a copy in millimetres from the top left of the
    /// first page; none = the usual place at the top right.
    pub words: Option<[f64; 4]>,
}

impl Store {
    /// As [`Store::register_incoming`] for a letter, with all that belongs to it: the letter is
    /// registered, the presentation queued behind the registration in the same lane, and the scan
    /// queued for the organisation's signature, in one transaction. Asked for a second time, the
    /// letter is no longer confirmed and nothing is done.
    ///
    /// # Errors
    /// As [`Store::register_incoming`]; what the inbox says of a letter that is not confirmed.
    pub fn register_letter(
        &self,
        new: &NewRegistration,
        act: LetterAct,
        now: Timestamp,
    ) -> Result<Registered> {
        let document = DocumentId(acts::uuid_v7(now));
        let kept = Besides {
            letter: act.letter.map(|letter| letter.0),
            seal: act.seal.map(|wish| wish.stamp),
        };
        self.register_paper(new, (document, now, Some(kept)), |tx, _| {
            if let Some(letter) = act.letter {
                scans::registered_in(tx, letter, document, now)?;
            }
            if let Some(wish) = act.seal {
                insert_seal(tx, (document, new.file.file), wish, now)?;
            }
            let Some(to) = act.present_to else {
                return Ok(Vec::new());
            };
            let intent = Intent::PresentDocument { to };
            let author = (new.author, new.author_name.as_str());
            Ok(vec![acts::record_on(
                tx,
                (document, 0),
                intent,
                author,
                now,
            )?])
        })
    }

    /// Takes a registration back that was never sent: its intents are withdrawn for ever, the letter
    /// is confirmed again, and a number out of a lease becomes void with the reason. The answer is
    /// that number. Asked again it answers none.
    ///
    /// # Errors
    /// [`StoreError::AlreadySent`]; [`StoreError::NoDocument`] for one that was not registered here;
    /// [`StoreError::ReasonMissing`] where a number becomes void without one; disk errors.
    pub fn undo_registration(
        &self,
        document: DocumentId,
        reason: &str,
        author: (AccountId, &str),
        now: Timestamp,
    ) -> Result<Option<u32>> {
        let mut journal = crate::lock(self.journal());
        let (withdrawn, void) = self.write(|tx| undo(tx, document, (reason, author), now))?;
        crate::fail::point("registration.undone");
        let number = void.as_ref().and_then(|record| match &record.op.intent {
            Intent::VoidNumber { number, .. } => Some(*number),
            Intent::AddOpinion { .. }
            | Intent::LinkRevision { .. }
            | Intent::MarkRead
            | Intent::RegisterIncoming { .. }
            | Intent::RegisterReceived { .. }
            | Intent::PresentDocument { .. }
            | Intent::DraftDocument { .. }
            | Intent::Handle { .. }
            | Intent::WithdrawRegistration { .. }
            | Intent::Dossier { .. }
            | Intent::Task { .. }
            | Intent::ImportRows { .. }
            | Intent::ImportFile { .. }
            | Intent::Calendar { .. } => None,
        });
        // The database knows it for good; the journal learns it now, or at the next opening.
        let void: Vec<IntentRecord> = void.into_iter().collect();
        let told = withdrawn
            .into_iter()
            .try_for_each(|op| journal.settle(op))
            .and_then(|()| journal.append_all(&void));
        if let Err(error) = told {
            tracing::warn!(%error, "the journal does not know yet what was taken back");
        }
        Ok(number)
    }

    /// Withdraws a document that the server has, or may have: its number becomes void there.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`]; [`StoreError::ReasonMissing`]; disk errors.
    pub fn withdraw_registration(
        &self,
        document: DocumentId,
        reason: &str,
        author: (AccountId, &str),
        now: Timestamp,
    ) -> Result<Recorded> {
        let reason = reason_of(reason)?;
        let recorded = self.record(
            document,
            Intent::WithdrawRegistration { reason },
            author,
            now,
        )?;
        self.write(|tx| {
            tx.execute(
                "DELETE FROM seal WHERE document = ?1",
                params![document.0.as_bytes()],
            )?;
            Ok(())
        })?;
        Ok(recorded)
    }

    /// Puts a registered document before a leader.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`]; disk errors.
    pub fn present_document(
        &self,
        document: DocumentId,
        to: AccountId,
        author: (AccountId, &str),
        now: Timestamp,
    ) -> Result<Recorded> {
        self.record(document, Intent::PresentDocument { to }, author, now)
    }

    /// Whether a registration of this machine can be taken back: nothing of it was sent.
    ///
    /// # Errors
    /// Disk errors.
    pub fn can_undo_registration(&self, document: DocumentId) -> Result<bool> {
        self.read(|db| {
            Ok(db
                .prepare_cached(
                    "SELECT 1 FROM outbox WHERE lane = ?1 AND kind = 'register_incoming'
                       AND state = 'waiting' AND sent_at IS NULL",
                )?
                .exists(params![document.0.as_bytes()])?)
        })
    }
}

/// A registration came back out of the journal, which had it before the database did: its letter is
/// registered with it, so that nobody registers it for a second time.
pub(crate) fn replayed(tx: &Transaction<'_>, record: &IntentRecord, now: Timestamp) -> Result<()> {
    let (Some(besides), Intent::RegisterIncoming { file, .. }) =
        (record.besides, &record.op.intent)
    else {
        return Ok(());
    };
    let document = record.op.lane;
    if let Some(letter) = besides.letter {
        match scans::registered_in(tx, scans::LetterId(letter), document, now) {
            // With the database its letters are gone too.
            Ok(()) | Err(StoreError::Scan { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    if let Some(stamp) = besides.seal {
        let wish = SealWish {
            stamp,
            ..SealWish::default()
        };
        insert_seal(tx, (document, file.file), wish, now)?;
    }
    Ok(())
}

fn reason_of(reason: &str) -> Result<String> {
    let reason = nfc(reason.trim());
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        return Err(StoreError::ReasonMissing);
    }
    Ok(reason)
}

fn insert_seal(
    tx: &Transaction<'_>,
    (document, file): (DocumentId, FileId),
    wish: SealWish,
    now: Timestamp,
) -> Result<()> {
    let words = wish.words.map(|words| serde_json::to_string(&words));
    tx.execute(
        "INSERT INTO seal(document, file, stamp, x, y, at, words, scale)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT(document) DO NOTHING",
        params![
            document.0.as_bytes(),
            file.0.as_bytes(),
            wish.stamp,
            wish.place.map(|(x, _)| x),
            wish.place.map(|(_, y)| y),
            now.0,
            words.transpose()?,
            wish.scale
        ],
    )?;
    Ok(())
}

/// The intents that are withdrawn, and the one that makes a number void.
type Undone = (Vec<OpId>, Option<IntentRecord>);

fn undo(
    tx: &Transaction<'_>,
    document: DocumentId,
    (reason, author): (&str, (AccountId, &str)),
    now: Timestamp,
) -> Result<Undone> {
    let found = tx
        .prepare_cached(&format!(
            "{} WHERE lane = ?1 AND kind = 'register_incoming' ORDER BY local_seq DESC LIMIT 1",
            outbox::OP_COLUMNS.replace("SELECT ", "SELECT state, sent_at, ")
        ))?
        .query_row(params![document.0.as_bytes()], |row| {
            let state: String = row.get("state")?;
            let sent_at: Option<i64> = row.get("sent_at")?;
            Ok((state, sent_at, outbox::op_from(row)))
        })
        .optional()?;
    let Some((state, sent_at, op)) = found else {
        return Err(StoreError::NoDocument { id: document });
    };
    match (state.as_str(), sent_at) {
        ("withdrawn", _) => return Ok((Vec::new(), None)),
        ("waiting", None) => {}
        _ => return Err(StoreError::AlreadySent),
    }
    let op = op?;
    // What stands behind it rests on it; that a document was read, and what was said of it, does not.
    let from = (document, crate::int(op.local_seq));
    let withdrawn = outbox::withdraw_from(tx, from, false, now)?;
    tx.execute(
        "DELETE FROM seal WHERE document = ?1",
        params![document.0.as_bytes()],
    )?;
    scans::unregistered_in(tx, document, now)?;
    let event = AuditEvent {
        kind: AuditKind::RegistrationUndone,
        document: Some(document),
        detail: format!("ops={}", withdrawn.len()),
    };
    audit::append(tx, &event, now)?;
    let (Intent::RegisterIncoming {
        book,
        year,
        number: Some(leased),
        ..
    }
    | Intent::RegisterReceived {
        book,
        year,
        number: Some(leased),
        ..
    }) = op.intent
    else {
        return Ok((withdrawn, None));
    };
    let intent = Intent::VoidNumber {
        book,
        year,
        number: leased.number,
        reason: reason_of(reason)?,
    };
    let lane = DocumentId(acts::uuid_v7(now));
    let void = acts::record_on(tx, (lane, 0), intent, author, now)?;
    Ok((withdrawn, Some(void)))
}
