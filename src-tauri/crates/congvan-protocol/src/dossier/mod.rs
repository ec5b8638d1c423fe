//! Dossiers (hồ sơ công việc) and the year's list of them: what they are, who may do what to them in
//! which state ([`RULES`]), and what is looked at before one is closed. The server judges by it, the desk
//! offers by it and lays its unsent acts over what the server last said.
//!
//! Clauses are of Decree 30/2020/NĐ-CP, Articles 28 to 31 and Appendix V.
//!
//! Invariant: no I/O, no clock; a dossier names documents, it never holds a copy of one.

mod course;
mod findings;
mod rules;
#[cfg(test)]
mod tests;

use congvan_model::{AccountId, DocumentId, DossierId, Timestamp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AgencyInfo, handling::Named};

pub use course::{CODE_MAX, KEPT_BACK_MAX_YEARS, TITLE_MAX};
pub use findings::{Content, Finding, FindingKind, findings, unsettled};
pub use rules::{DossierRule, DossierWho, RULES, dossier_rule};

/// How long a dossier is kept (thời hạn bảo quản).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kept", rename_all = "snake_case")]
pub enum Retention {
    /// Vĩnh viễn.
    Permanent,
    /// So many years, 1 to 99.
    Years {
        /// How many.
        years: u16,
    },
}

impl Retention {
    /// As lists print it.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Permanent => "Vĩnh viễn".to_owned(),
            Self::Years { years } => format!("{years} năm"),
        }
    }

    /// Whether it goes to the agency's archive: kept for five years or more.
    #[must_use]
    pub fn is_handed_over(self) -> bool {
        match self {
            Self::Permanent => true,
            Self::Years { years } => years >= 5,
        }
    }
}

/// Where a dossier stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DossierState {
    /// Proposed for the year's list.
    Planned,
    /// In the list that the head has approved; not begun.
    Listed,
    /// Begun (mở hồ sơ): documents are added.
    Open,
    /// Ended (kết thúc hồ sơ).
    Closed,
    /// Before the archivist (nộp lưu).
    HandedOver,
    /// In the agency's archive.
    Archived,
}

/// What stands on a dossier (Appendix V; lengths of Appendix VI are warnings of the desk).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DossierFields {
    /// Year of its list (năm hình thành).
    pub year: u16,
    /// The number in `01.TCCB`; none lets the server give the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u16>,
    /// The letters in `01.TCCB`, 1 to 30 characters.
    pub code: String,
    /// Đề mục lớn, printed with a Roman number; may be empty.
    #[serde(default)]
    pub large: String,
    /// Đề mục nhỏ, printed with an Arabic number; may be empty.
    #[serde(default)]
    pub small: String,
    /// Tiêu đề, 1 to 500 characters.
    pub title: String,
    /// Thời hạn bảo quản.
    pub retention: Retention,
    /// Người lập, a person of the agency.
    pub creator: Named,
    /// Ghi chú; may be empty.
    #[serde(default)]
    pub note: String,
}

/// A document in a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DossierItem {
    /// Which.
    #[schema(value_type = String, format = Uuid)]
    pub document: DocumentId,
    /// Its place (STT). Never given twice while the dossier is open; without gaps once it is closed.
    pub ordinal: u32,
    /// Who put it in.
    pub by: Named,
    /// When the server took it.
    #[schema(value_type = i64)]
    pub at: Timestamp,
}

/// One step in the life of a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DossierStep {
    /// What was done.
    pub act: DossierActKind,
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// Who did it.
    pub by: Named,
    /// The reason or reference that was given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A dossier as one account may see it. The list is for everyone of the agency; what is inside is for
/// the creator's unit, the leaders and, once it is handed over, the archivists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dossier {
    /// Its id, made where it was proposed or begun.
    #[schema(value_type = String, format = Uuid)]
    pub id: DossierId,
    /// Whose list.
    pub agency: AgencyInfo,
    /// The creator's unit.
    pub unit: AgencyInfo,
    /// What stands on it.
    pub fields: DossierFields,
    /// Whether it is in the year's list; otherwise it was begun beside it.
    pub listed: bool,
    /// Where it stands.
    pub state: DossierState,
    /// Ngày bắt đầu.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub started_on: Option<Date>,
    /// Ngày kết thúc.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub ended_on: Option<Date>,
    /// Kept back from the archive until then, with the head's written consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub kept_until: Option<Date>,
    /// Whether this account sees what is inside.
    pub inside: bool,
    /// How many documents it has.
    pub count: u32,
    /// The documents by ordinal, for who sees inside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<DossierItem>,
    /// What happened, oldest first, for who sees inside; adding and taking out aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<DossierStep>,
}

/// A finding that a person lets stand, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LetStand {
    /// What was found.
    pub finding: Finding,
    /// Why it may stay, 1 to 500 characters.
    pub reason: String,
}

/// An act on a dossier. Reasons are NFC, 1 to 500 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum DossierAct {
    /// Proposes it for the year's list. Makes the dossier.
    Plan {
        /// What stands on it.
        fields: Box<DossierFields>,
    },
    /// Begins one that is not in the list. Makes the dossier; its creator is who does it.
    Start {
        /// What stands on it.
        fields: Box<DossierFields>,
        /// Ngày bắt đầu.
        #[schema(value_type = String)]
        started_on: Date,
    },
    /// The head approves it for the list.
    Approve {},
    /// Takes a proposal back out of the list: everyone gets a tombstone.
    Strike {
        /// Why.
        reason: String,
    },
    /// The creator begins it.
    Open {
        /// Ngày bắt đầu.
        #[schema(value_type = String)]
        started_on: Date,
    },
    /// Corrects what stands on it; year, number and creator stay.
    Amend {
        /// What stands on it from now on.
        fields: Box<DossierFields>,
    },
    /// Adds a document that the person sees. Done again it is applied.
    Add {
        /// Which.
        #[schema(value_type = String, format = Uuid)]
        document: DocumentId,
    },
    /// Takes a document out; the document itself stays where it is.
    Remove {
        /// Which.
        #[schema(value_type = String, format = Uuid)]
        document: DocumentId,
    },
    /// Ends it: what [`findings`] names must be gone or let stand.
    Close {
        /// Ngày kết thúc.
        #[schema(value_type = String)]
        ended_on: Date,
        /// What stays all the same.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        settled: Vec<LetStand>,
    },
    /// Begins it again while it is not handed over.
    Reopen {
        /// Why.
        reason: String,
    },
    /// Keeps it back from the archive, at most two years over its time.
    KeepBack {
        /// Until when.
        #[schema(value_type = String)]
        until: Date,
        /// Number of the head's written consent, 1 to 100 characters.
        reference: String,
        /// Why.
        reason: String,
    },
    /// Puts it before the archivist.
    HandOver {},
    /// The archivist takes it into the archive.
    Receive {},
    /// The archivist sends it back to its creator.
    SendBack {
        /// Why.
        reason: String,
    },
}

/// The acts without their facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DossierActKind {
    /// See [`DossierAct::Plan`].
    Plan,
    /// See [`DossierAct::Start`].
    Start,
    /// See [`DossierAct::Approve`].
    Approve,
    /// See [`DossierAct::Strike`].
    Strike,
    /// See [`DossierAct::Open`].
    Open,
    /// See [`DossierAct::Amend`].
    Amend,
    /// See [`DossierAct::Add`].
    Add,
    /// See [`DossierAct::Remove`].
    Remove,
    /// See [`DossierAct::Close`].
    Close,
    /// See [`DossierAct::Reopen`].
    Reopen,
    /// See [`DossierAct::KeepBack`].
    KeepBack,
    /// See [`DossierAct::HandOver`].
    HandOver,
    /// See [`DossierAct::Receive`].
    Receive,
    /// See [`DossierAct::SendBack`].
    SendBack,
}

impl DossierActKind {
    /// Its word in the desk's outbox and for the face.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Plan => "dossier_plan",
            Self::Start => "dossier_start",
            Self::Approve => "dossier_approve",
            Self::Strike => "dossier_strike",
            Self::Open => "dossier_open",
            Self::Amend => "dossier_amend",
            Self::Add => "dossier_add",
            Self::Remove => "dossier_remove",
            Self::Close => "dossier_close",
            Self::Reopen => "dossier_reopen",
            Self::KeepBack => "dossier_keep_back",
            Self::HandOver => "dossier_hand_over",
            Self::Receive => "dossier_receive",
            Self::SendBack => "dossier_send_back",
        }
    }
}

impl DossierAct {
    /// Which act it is.
    #[must_use]
    pub fn kind(&self) -> DossierActKind {
        match self {
            Self::Plan { .. } => DossierActKind::Plan,
            Self::Start { .. } => DossierActKind::Start,
            Self::Approve {} => DossierActKind::Approve,
            Self::Strike { .. } => DossierActKind::Strike,
            Self::Open { .. } => DossierActKind::Open,
            Self::Amend { .. } => DossierActKind::Amend,
            Self::Add { .. } => DossierActKind::Add,
            Self::Remove { .. } => DossierActKind::Remove,
            Self::Close { .. } => DossierActKind::Close,
            Self::Reopen { .. } => DossierActKind::Reopen,
            Self::KeepBack { .. } => DossierActKind::KeepBack,
            Self::HandOver {} => DossierActKind::HandOver,
            Self::Receive {} => DossierActKind::Receive,
            Self::SendBack { .. } => DossierActKind::SendBack,
        }
    }

    /// Whether it makes the dossier.
    #[must_use]
    pub fn makes(&self) -> Option<&DossierFields> {
        match self {
            Self::Plan { fields } | Self::Start { fields, .. } => Some(fields),
            Self::Approve {}
            | Self::Strike { .. }
            | Self::Open { .. }
            | Self::Amend { .. }
            | Self::Add { .. }
            | Self::Remove { .. }
            | Self::Close { .. }
            | Self::Reopen { .. }
            | Self::KeepBack { .. }
            | Self::HandOver {}
            | Self::Receive {}
            | Self::SendBack { .. } => None,
        }
    }
}

impl DossierFields {
    /// Số và ký hiệu hồ sơ, e.g. `01.TCCB`; the letters alone until the server has given the number.
    #[must_use]
    pub fn notation(&self) -> String {
        match self.number {
            Some(number) => format!("{number:02}.{}", self.code),
            None => self.code.clone(),
        }
    }
}

impl Dossier {
    /// Whether a person is its creator.
    #[must_use]
    pub fn is_of(&self, account: AccountId) -> bool {
        self.fields.creator.account == account
    }
}
