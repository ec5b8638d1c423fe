use std::collections::HashMap;

use congvan_model::{Direction, DocumentId, DocumentState, Sha256};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Dossier, LetStand};
use crate::{Document, FileRole, handling::REASON_MAX};

/// What may be wrong with a dossier that is to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Nothing is in it.
    Empty,
    /// The same file, or the same number, day and agency, is in it already.
    Duplicate,
    /// It was not issued.
    Draft,
    /// It came in and has no number of arrival.
    NotRegistered,
    /// Number, day, subject or file are missing.
    FieldsMissing,
    /// Who closes it cannot see this one.
    NotSeen,
}

/// One thing that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// On which document; none: the dossier as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub document: Option<DocumentId>,
}

/// What is looked at of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Which.
    pub document: DocumentId,
    /// In or out.
    pub direction: Direction,
    /// Where it stands.
    pub state: DocumentState,
    /// Its number of arrival.
    pub arrival: Option<u32>,
    /// Số và ký hiệu.
    pub notation: Option<String>,
    /// Ngày văn bản.
    pub issued_on: Option<Date>,
    /// Cơ quan ban hành.
    pub issuer: String,
    /// Trích yếu.
    pub subject: String,
    /// The bytes of its main file.
    pub main: Option<Sha256>,
}

impl From<&Document> for Content {
    fn from(document: &Document) -> Self {
        let main = document
            .files
            .iter()
            .find(|file| file.role == FileRole::Main);
        Self {
            document: document.id,
            direction: document.direction,
            state: document.state,
            arrival: document.arrival_number,
            notation: document.notation.as_ref().map(ToString::to_string),
            issued_on: document.issued_on,
            issuer: document.issuer.name.clone(),
            subject: document.subject.clone(),
            main: main.and_then(|file| file.head()).map(|head| head.sha256),
        }
    }
}

/// What is to be looked at before a dossier is closed, by ordinal: `contents` are the documents that
/// the person sees.
#[must_use]
pub fn findings(dossier: &Dossier, contents: &[Content]) -> Vec<Finding> {
    let mut found = Vec::new();
    if dossier.items.is_empty() {
        found.push(Finding {
            kind: FindingKind::Empty,
            document: None,
        });
    }
    let by_id: HashMap<DocumentId, &Content> =
        contents.iter().map(|one| (one.document, one)).collect();
    let mut before: Vec<&Content> = Vec::new();
    for item in &dossier.items {
        let mut find = |kind| {
            found.push(Finding {
                kind,
                document: Some(item.document),
            });
        };
        let Some(content) = by_id.get(&item.document) else {
            find(FindingKind::NotSeen);
            continue;
        };
        if before.iter().any(|other| are_alike(other, content)) {
            find(FindingKind::Duplicate);
        }
        if is_draft(content) {
            find(FindingKind::Draft);
        } else if is_missing(content) {
            find(FindingKind::FieldsMissing);
        }
        if content.direction == Direction::Incoming && content.arrival.is_none() {
            find(FindingKind::NotRegistered);
        }
        before.push(content);
    }
    found
}

/// Those of them that nobody has let stand with a reason.
#[must_use]
pub fn unsettled(found: &[Finding], settled: &[LetStand]) -> Vec<Finding> {
    let is_settled = |finding: &Finding| {
        settled.iter().any(|one| {
            let length = one.reason.trim().chars().count();
            one.finding == *finding && (1..=REASON_MAX).contains(&length)
        })
    };
    let mut left = found.to_vec();
    left.retain(|finding| !is_settled(finding));
    left
}

fn are_alike(one: &Content, other: &Content) -> bool {
    let is_same_file = one.main.is_some() && one.main == other.main;
    let is_same_paper = one.notation.is_some()
        && one.notation == other.notation
        && one.issued_on == other.issued_on
        && one.issuer == other.issuer;
    is_same_file || is_same_paper
}

fn is_draft(content: &Content) -> bool {
    content.direction == Direction::Outgoing
        && match content.state {
            DocumentState::Issued | DocumentState::Filed => false,
            DocumentState::Received
            | DocumentState::Registered
            | DocumentState::Presented
            | DocumentState::Directed
            | DocumentState::InProgress
            | DocumentState::Resolved
            | DocumentState::Draft
            | DocumentState::ContentReview
            | DocumentState::FormatReview
            | DocumentState::AwaitingInitials
            | DocumentState::AwaitingSignature
            | DocumentState::Signed => true,
        }
}

fn is_missing(content: &Content) -> bool {
    content.notation.is_none()
        || content.issued_on.is_none()
        || content.subject.trim().is_empty()
        || content.main.is_none()
}
