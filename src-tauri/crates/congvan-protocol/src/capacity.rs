//! In what capacity a person acts: by a post, or in the place of a leader by a mandate. Both sides
//! judge by the same function; what an act is allowed to be is the table of [`crate::handling`].

use congvan_model::{
    AccountId, Direction, DocumentState, DocumentType, MandateId, Role, Timestamp, nfc,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    AccountInfo, Post,
    handling::{ActKind, Actor, Course, OfficePerson},
};

/// Longest number of a written delegation, in characters.
pub const REFERENCE_MAX: usize = 100;

/// In what capacity an act was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum Capacity {
    /// One of the person's posts.
    Post {
        /// Code of the unit.
        unit: String,
        /// What the person is there.
        #[schema(value_type = String)]
        role: Role,
    },
    /// In the place of who gave this mandate.
    Mandate {
        /// Which.
        #[schema(value_type = String, format = Uuid)]
        mandate: MandateId,
    },
}

/// Why somebody stands in a leader's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MandateKind {
    /// Thừa uỷ quyền (TUQ.): delegated in writing, limited in time and content, never passed on
    /// (Decree 30/2020/NĐ-CP, Art. 13(4)).
    Delegation,
    /// Ký thay (KT.): a deputy, while the leader is away (Art. 13(1)).
    Absence,
}

impl MandateKind {
    /// What stands before the giver's title.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Delegation => "TUQ.",
            Self::Absence => "KT.",
        }
    }
}

/// Somebody stands in a leader's place, for some acts and some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mandate {
    /// Which.
    #[schema(value_type = String, format = Uuid)]
    pub id: MandateId,
    /// Why.
    pub kind: MandateKind,
    /// The leader, by the post in which it was given.
    pub giver: OfficePerson,
    /// Who acts.
    pub holder: OfficePerson,
    /// Whether it covers directing incoming documents that lie before the giver.
    pub direct: bool,
    /// Whether it covers signing outgoing documents that lie before the giver.
    pub sign: bool,
    /// What may be signed; empty: documents of all kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub kinds: Vec<DocumentType>,
    /// From when, by the server's clock.
    #[schema(value_type = i64)]
    pub since: Timestamp,
    /// Until when, not included.
    #[schema(value_type = i64)]
    pub until: Timestamp,
    /// Number of the written delegation, e.g. `05/GUQ-UBND`; may be empty for an absence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub revoked_at: Option<Timestamp>,
}

impl Mandate {
    /// Whether it holds at that moment.
    #[must_use]
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.since <= now && now < self.until && self.revoked_at.is_none_or(|at| now < at)
    }

    /// The giver's title with what it is acted by, e.g. `TUQ. Chủ tịch`.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.kind.prefix(), self.giver.title)
    }

    /// Who acts, as steps and opinions name them.
    #[must_use]
    pub fn signed_as(&self) -> String {
        let by = match self.kind {
            MandateKind::Delegation => "thừa uỷ quyền của",
            MandateKind::Absence => "thay",
        };
        format!("{} ({by} {})", self.holder.full_name, self.giver.full_name)
    }

    /// Whether signing documents of this kind is covered.
    #[must_use]
    pub fn covers_signing(&self, kind: DocumentType) -> bool {
        self.sign && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }

    /// Whether this act is covered, on a document that stands there.
    #[must_use]
    pub fn covers(&self, act: ActKind, course: &Course, kind: DocumentType) -> bool {
        match (act, course.direction) {
            (ActKind::Direct | ActKind::AnswerExtension, Direction::Incoming) => self.direct,
            (ActKind::Return, Direction::Incoming) => {
                self.direct && course.state == DocumentState::Presented
            }
            (ActKind::Return, Direction::Outgoing) => {
                course.state == DocumentState::AwaitingSignature && self.covers_signing(kind)
            }
            _ => false,
        }
    }

    /// Whether the document lies before the giver for something that is covered.
    #[must_use]
    pub fn reaches(&self, course: &Course, kind: DocumentType) -> bool {
        let director = course.handling.director.as_ref();
        let is_before = director.is_some_and(|one| one.account == self.giver.account);
        is_before
            && match course.state {
                DocumentState::Presented | DocumentState::Directed | DocumentState::InProgress => {
                    self.direct
                }
                DocumentState::AwaitingSignature => self.covers_signing(kind),
                DocumentState::Received
                | DocumentState::Registered
                | DocumentState::Resolved
                | DocumentState::Draft
                | DocumentState::ContentReview
                | DocumentState::FormatReview
                | DocumentState::AwaitingInitials
                | DocumentState::Signed
                | DocumentState::Issued
                | DocumentState::Filed => false,
            }
    }
}

/// Body of `PUT /v1/mandates/{id}`: the leader who calls gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewMandate {
    /// Why.
    pub kind: MandateKind,
    /// Who acts; for an absence a deputy, that is another leader of the agency.
    #[schema(value_type = i64)]
    pub holder: AccountId,
    /// Whether directing is covered.
    pub direct: bool,
    /// Whether signing is covered.
    pub sign: bool,
    /// What may be signed; empty: documents of all kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub kinds: Vec<DocumentType>,
    /// From when.
    #[schema(value_type = i64)]
    pub since: Timestamp,
    /// Until when, after the beginning and after now.
    #[schema(value_type = i64)]
    pub until: Timestamp,
    /// Number of the written delegation, 1 to 100 characters; an absence needs none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

impl NewMandate {
    /// Whether it says what it must.
    ///
    /// # Errors
    /// The field that is missing or out of bounds.
    pub fn check(&self, now: Timestamp) -> Result<(), &'static str> {
        let length = nfc(self.reference.trim()).chars().count();
        let least = usize::from(self.kind == MandateKind::Delegation);
        if !self.direct && !self.sign {
            Err("content")
        } else if self.until <= self.since || self.until <= now {
            Err("until")
        } else if !(least..=REFERENCE_MAX).contains(&length) {
            Err("reference")
        } else {
            Ok(())
        }
    }
}

/// The capacity is not the person's, or not at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCapacity;

/// Who acts, as the table judges: the person by posts, or the giver of a mandate in the person's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// The account that the table asks about.
    pub account: AccountId,
    /// The name in steps and opinions.
    pub full_name: String,
    /// The posts that count.
    pub posts: Vec<Post>,
    /// The mandate that is acted by.
    pub mandate: Option<Mandate>,
}

impl Acting {
    /// Who a person is in a capacity, at that moment.
    ///
    /// # Errors
    /// [`NoCapacity`].
    pub fn resolve(
        person: &AccountInfo,
        capacity: Option<&Capacity>,
        mandates: &[Mandate],
        now: Timestamp,
    ) -> Result<Self, NoCapacity> {
        let own = |posts: Vec<Post>| Self {
            account: person.id,
            full_name: person.full_name.clone(),
            posts,
            mandate: None,
        };
        // A post grants nothing before its beginning and from its end on.
        let mut posts = person.posts.iter().filter(|post| post.is_held(now));
        match capacity {
            None => Ok(own(posts.cloned().collect())),
            Some(Capacity::Post { unit, role }) => {
                let post = posts.find(|post| post.agency.code == *unit && post.role == *role);
                post.map(|post| own(vec![post.clone()])).ok_or(NoCapacity)
            }
            Some(Capacity::Mandate { mandate }) => {
                let mut held = mandates
                    .iter()
                    .filter(|one| one.holder.account == person.id);
                let mandate = held.find(|one| one.id == *mandate && one.is_in_force(now));
                let mandate = mandate.ok_or(NoCapacity)?.clone();
                let giver = &mandate.giver;
                Ok(Self {
                    account: giver.account,
                    full_name: mandate.signed_as(),
                    posts: vec![Post {
                        role: giver.role,
                        title: giver.title.clone(),
                        agency: giver.unit.clone(),
                        since: None,
                        until: Some(mandate.until),
                    }],
                    mandate: Some(mandate),
                })
            }
        }
    }

    /// For the table.
    #[must_use]
    pub fn actor(&self) -> Actor<'_> {
        Actor {
            account: self.account,
            full_name: &self.full_name,
            posts: &self.posts,
        }
    }

    /// Whether one of the posts that count is of this role.
    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        self.posts.iter().any(|post| post.role == role)
    }

    /// Whether this act may be done in this capacity at all; by a post all may, if the table says so.
    #[must_use]
    pub fn covers(&self, act: ActKind, course: &Course, kind: DocumentType) -> bool {
        let mandate = self.mandate.as_ref();
        mandate.is_none_or(|mandate| mandate.covers(act, course, kind))
    }

    /// Whether a leader's signature on a document of this kind may be given in this capacity.
    #[must_use]
    pub fn covers_signing(&self, kind: DocumentType) -> bool {
        let mandate = self.mandate.as_ref();
        mandate.is_none_or(|mandate| mandate.covers_signing(kind))
    }
}
