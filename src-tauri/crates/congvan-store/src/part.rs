//! What an incoming document asks of the person behind the store: which of the lists of work it is in.

use congvan_model::{AccountId, Direction, DocumentState, ReceiverRole, Role};
use congvan_protocol::{AccountInfo, Document, handling::Course};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{error::Result, settings::OWNER_SETTING};

/// The lists of work. A document is in one of them, or in none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A word of this person is waited for: a direction, an answer about time, or to who wants the
    /// document back.
    Say,
    /// It is with this person.
    Hold,
    /// Named to support.
    Support,
    /// Named to be informed.
    Inform,
    /// Resolved or filed.
    Done,
}

impl Part {
    /// The word in the database.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Say => "say",
            Self::Hold => "hold",
            Self::Support => "support",
            Self::Inform => "inform",
            Self::Done => "done",
        }
    }
}

/// By the server's word on a document.
pub(crate) fn of_document(tx: &Transaction<'_>, document: &Document) -> Result<Option<Part>> {
    if document.direction != Direction::Incoming {
        return Ok(None);
    }
    let part = of_course(tx, &Course::of(document))?;
    // A server that does not tell how it is handled tells what for it was sent to this person.
    Ok(match (part, &document.handling, document.role) {
        (None, None, Some(ReceiverRole::Support)) => Some(Part::Support),
        (None, None, Some(ReceiverRole::Inform)) => Some(Part::Inform),
        (part, _, _) => part,
    })
}

/// By where it stands, our acts counted in or not.
pub(crate) fn of_course(tx: &Transaction<'_>, course: &Course) -> Result<Option<Part>> {
    if course.direction != Direction::Incoming {
        return Ok(None);
    }
    if matches!(course.state, DocumentState::Resolved | DocumentState::Filed) {
        return Ok(Some(Part::Done));
    }
    Ok(owner(tx)?.and_then(|owner| asks(course, &owner)))
}

fn asks(course: &Course, owner: &AccountInfo) -> Option<Part> {
    let handling = &course.handling;
    let is_me = |account: AccountId| account == owner.id;
    let directs = handling
        .director
        .as_ref()
        .is_some_and(|director| is_me(director.account));
    let is_asked = course.state == DocumentState::Presented || handling.extension.is_some();
    let is_clerk = owner.posts.iter().any(|post| post.role == Role::Clerk);
    if directs && is_asked || is_clerk && handling.recall.is_some() {
        return Some(Part::Say);
    }
    let mine = handling.receivers.iter().find(|one| is_me(one.account))?;
    match (mine.holds, mine.role) {
        (true, _) => Some(Part::Hold),
        (false, ReceiverRole::Support) => Some(Part::Support),
        (false, ReceiverRole::Inform) => Some(Part::Inform),
        // Passed on in the unit.
        (false, ReceiverRole::Lead) => None,
    }
}

/// Whose store this is; none before the first login is complete.
pub(crate) fn owner(tx: &Transaction<'_>) -> Result<Option<AccountInfo>> {
    let text: Option<String> = tx
        .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
        .query_row(params![OWNER_SETTING], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
