//! What is counted of one document.

use congvan_model::ReceiverRole;
use congvan_model::{AccountId, Direction, DocumentState, DocumentType, Timestamp};
use congvan_protocol::{
    Document, FileRole, Issuer, RegistrationFields,
    handling::{Handling, Outgoing, Receiver},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{book, handling::waits};

/// A document with the day that it counts on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fact {
    /// Tên loại.
    pub(super) kind: DocumentType,
    /// What else, by which way it went.
    pub(super) way: Way,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Way {
    In(Came),
    Out(Went),
}

/// A document that came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Came {
    pub(super) issuer: Issuer,
    /// Ngày văn bản: the issuer is the agency that it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) issued_on: Option<Date>,
    /// Code and name of its field of activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) activity: Option<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) leads: Vec<Lead>,
    /// The last instant in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) due: Option<Timestamp>,
    /// Still to be handled.
    pub(super) waits: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) done_at: Option<Timestamp>,
    /// Came over the axis, with no paper.
    pub(super) by_axis: bool,
    /// Taken over from a previous system: when it was resolved is not known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) imported: bool,
}

/// Who leads on a document, with what unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lead {
    pub(super) account: AccountId,
    pub(super) name: String,
    pub(super) unit: String,
    /// The unit's code, where it is known; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) code: String,
}

/// A document that was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Went {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) drafter: Option<(AccountId, String)>,
    /// A copy, which nobody signs by name.
    pub(super) copy: bool,
    /// Whoever stands under it has signed it.
    pub(super) signed: bool,
    /// Signed for the agency.
    pub(super) sealed: bool,
    /// Taken over from a previous system: how it was signed is not known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) imported: bool,
}

impl Fact {
    /// What is counted of a document, and on which day; none of what is not registered or not issued.
    pub(super) fn of(document: &Document) -> Option<(Date, Self)> {
        let (day, way) = match document.direction {
            Direction::Incoming if document.state == DocumentState::Received => return None,
            Direction::Incoming => (
                document.arrived_at.vietnam_date(),
                Way::In(Came::of(document)),
            ),
            Direction::Outgoing => match document.state {
                DocumentState::Issued | DocumentState::Filed => {
                    let day = document.issued_on;
                    let day = day.unwrap_or_else(|| document.arrived_at.vietnam_date());
                    (day, Way::Out(Went::of(document)))
                }
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
                | DocumentState::Signed => return None,
            },
        };
        let kind = document.kind;
        Some((day, Self { kind, way }))
    }

    /// Of a paper whose registration waits to be sent.
    pub(super) fn registered(fields: &RegistrationFields) -> Self {
        let activity = fields.activity.as_ref();
        Self {
            kind: fields.kind,
            way: Way::In(Came {
                issuer: Issuer {
                    code: fields.issuer_code.clone().unwrap_or_default(),
                    name: fields.issuer_name.clone(),
                },
                issued_on: fields.issued_on,
                activity: activity.map(|of| (of.code.clone(), of.name.clone())),
                leads: Vec::new(),
                due: fields.due.map(|due| due.instant()),
                waits: true,
                done_at: None,
                by_axis: false,
                imported: false,
            }),
        }
    }

    /// Whether it came in and is still to be handled.
    pub(super) fn waits(&self) -> bool {
        match &self.way {
            Way::In(came) => came.waits,
            Way::Out(_) => false,
        }
    }
}

impl Came {
    fn of(document: &Document) -> Self {
        let handling = document.handling.as_deref();
        let activity = document.activity.as_ref();
        Self {
            issuer: document.issuer.clone(),
            issued_on: document.issued_on,
            activity: activity.map(|of| (of.code.clone(), of.name.clone())),
            leads: handling.map(leads).unwrap_or_default(),
            due: document.due.map(|due| due.instant()),
            waits: waits(document.state),
            done_at: book::done_at(document),
            by_axis: handling.is_some_and(|handling| handling.from_axis),
            imported: is_imported(document),
        }
    }
}

fn is_imported(document: &Document) -> bool {
    let handling = document.handling.as_deref();
    handling.is_some_and(|handling| handling.imported.is_some())
}

/// A head who passed it on leads with the unit; the unit's code stands on the head alone.
fn leads(handling: &Handling) -> Vec<Lead> {
    let is_lead = |one: &&Receiver| one.role == ReceiverRole::Lead;
    let all = || handling.receivers.iter().filter(is_lead);
    let code = |unit: &str| {
        let mut heads = all().filter(|one| one.unit == unit && !one.heads.is_empty());
        heads.next().map(|one| one.heads.clone())
    };
    let lead = |one: &Receiver| Lead {
        account: one.account,
        name: one.full_name.clone(),
        unit: one.unit.clone(),
        code: code(&one.unit).unwrap_or_default(),
    };
    all().map(lead).collect()
}

impl Went {
    fn of(document: &Document) -> Self {
        let handling = document.handling.as_deref();
        let out: Option<&Outgoing> = handling.and_then(|handling| handling.outgoing.as_deref());
        let origin = handling.and_then(|handling| handling.origin.as_deref());
        Self {
            drafter: out.map(|out| (out.drafter.account, out.drafter.full_name.clone())),
            copy: origin.is_some_and(|origin| origin.relation.is_copy()),
            signed: is_signed(document),
            sealed: out.is_some_and(|out| out.sealed.is_some()),
            imported: is_imported(document),
        }
    }
}

/// Whether the main file bears a signature of the person whose name stands under it.
fn is_signed(document: &Document) -> bool {
    let signer = document.signer.full_name.as_str();
    let main = document
        .files
        .iter()
        .filter(|file| file.role == FileRole::Main);
    main.flat_map(|file| &file.revisions).any(|revision| {
        let by = revision.signed_by.as_deref();
        revision.level.is_some() && by.is_some_and(|by| !by.is_empty() && by == signer)
    })
}
