//! What a document asks of the person behind the store: which of the lists of work it is in.

use congvan_model::{AccountId, Deadline, Direction, DocumentState, ReceiverRole, Role};
use congvan_protocol::{
    AccountInfo, Document, Post,
    handling::{ActKind, Actor, Course},
};
use rusqlite::{OptionalExtension as _, Transaction, params};

use crate::{capacity, error::Result, settings::OWNER_SETTING};

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
    /// This person approves its content, checks its format or initials it.
    Check,
    /// This person signs it.
    Sign,
    /// Signed; this person has it numbered, seals and issues it.
    Issue,
    /// This person drafted it, it is not issued, and nothing else is asked about it here.
    Mine,
    /// Issued or filed, of what goes out.
    Issued,
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
            Self::Check => "check",
            Self::Sign => "sign",
            Self::Issue => "issue",
            Self::Mine => "mine",
            Self::Issued => "issued",
        }
    }
}

/// What a document is to the person behind the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Own {
    /// What it asks.
    pub(crate) part: Option<Part>,
    /// Until when this person has.
    pub(crate) due: Option<Deadline>,
}

/// By the server's word on a document.
pub(crate) fn of_document(tx: &Transaction<'_>, document: &Document) -> Result<Own> {
    let course = Course::of(document);
    let part = of_course(tx, &course)?;
    // A server that does not tell how it is handled tells what for it was sent to this person.
    let part = match (part, &document.handling, document.role, document.direction) {
        (None, None, Some(ReceiverRole::Support), Direction::Incoming) => Some(Part::Support),
        (None, None, Some(ReceiverRole::Inform), Direction::Incoming) => Some(Part::Inform),
        (part, _, _, _) => part,
    };
    Ok(Own {
        part,
        due: due(tx, &course)?,
    })
}

/// Until when the person behind the store has.
pub(crate) fn due(tx: &Transaction<'_>, course: &Course) -> Result<Option<Deadline>> {
    if course.handling.receivers.is_empty() {
        return Ok(course.due);
    }
    Ok(match owner(tx)? {
        Some(owner) => course.due_for(&Actor {
            account: owner.id,
            full_name: &owner.full_name,
            posts: &owner.posts,
        }),
        None => course.due,
    })
}

/// By where it stands, our acts counted in or not.
pub(crate) fn of_course(tx: &Transaction<'_>, course: &Course) -> Result<Option<Part>> {
    match (course.direction, course.state) {
        (Direction::Incoming, DocumentState::Resolved | DocumentState::Filed) => {
            return Ok(Some(Part::Done));
        }
        (Direction::Outgoing, DocumentState::Issued | DocumentState::Filed) => {
            return Ok(Some(Part::Issued));
        }
        (Direction::Incoming | Direction::Outgoing, _) => {}
    }
    let owner = owner(tx)?;
    let own = match course.direction {
        Direction::Incoming => owner.and_then(|owner| asks(course, &owner)),
        Direction::Outgoing => goes_out(course, owner.as_ref()),
    };
    match own {
        Some(own) => Ok(Some(own)),
        None => in_place_of_a_leader(tx, course),
    }
}

/// What it asks of a leader in whose place this person acts now.
fn in_place_of_a_leader(tx: &Transaction<'_>, course: &Course) -> Result<Option<Part>> {
    for mandate in capacity::held(tx)? {
        let giver = AccountInfo {
            id: mandate.giver.account,
            username: String::new(),
            full_name: mandate.giver.full_name,
            posts: vec![Post {
                role: mandate.giver.role,
                title: mandate.giver.title,
                agency: mandate.giver.unit,
                since: None,
                until: None,
            }],
        };
        let part = match course.direction {
            Direction::Incoming if mandate.direct => asks(course, &giver),
            Direction::Outgoing if mandate.sign => goes_out(course, Some(&giver)),
            Direction::Incoming | Direction::Outgoing => None,
        };
        if matches!(part, Some(Part::Say | Part::Sign)) {
            return Ok(part);
        }
    }
    Ok(None)
}

/// What is not issued yet.
fn goes_out(course: &Course, owner: Option<&AccountInfo>) -> Option<Part> {
    let Some(owner) = owner else {
        // Before it is known who is here: a draft is seen by who drafts it, and nobody is kept from
        // what waits for a signature.
        let is_drafted = course.handling.outgoing.is_some();
        return match (course.state, is_drafted) {
            (DocumentState::Draft, true) => Some(Part::Mine),
            (DocumentState::AwaitingSignature, false) => Some(Part::Sign),
            (_, true | false) => None,
        };
    };
    let actor = Actor {
        account: owner.id,
        full_name: &owner.full_name,
        posts: &owner.posts,
    };
    if course.awaits_signature_of(&actor) {
        return Some(Part::Sign);
    }
    let out = course.handling.outgoing.as_deref()?;
    let is_clerk = owner.posts.iter().any(|post| post.role == Role::Clerk);
    if course.is_copy() && is_clerk {
        return Some(Part::Issue);
    }
    // Before whom it is may send it back, and nobody else.
    let is_before = course.judge(ActKind::Return, &actor).is_ok();
    if is_before && course.state == DocumentState::Signed {
        Some(Part::Issue)
    } else if is_before {
        Some(Part::Check)
    } else {
        (out.drafter.account == owner.id).then_some(Part::Mine)
    }
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
    // What came to the head of a unit is passed on by the head or by the unit's clerk.
    let actor = Actor {
        account: owner.id,
        full_name: &owner.full_name,
        posts: &owner.posts,
    };
    let is_others = course.holder().is_some_and(|one| !is_me(one.account));
    let is_new = course.state == DocumentState::Directed;
    if is_new && is_others && course.judge(ActKind::Assign, &actor).is_ok() {
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
