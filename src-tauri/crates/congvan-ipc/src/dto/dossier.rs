use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::SearchFormat;

/// Names a year's list of dossiers.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DossierQuery {
    /// The year.
    pub year: u16,
}

/// Arguments of `dossiers_export`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DossiersExport {
    /// The year.
    pub year: u16,
    /// Which list of it.
    pub paper: DossierPaper,
    /// How.
    pub format: SearchFormat,
}

/// Which list of a year's dossiers is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DossierPaper {
    /// Danh mục hồ sơ.
    List,
    /// Mục lục hồ sơ, tài liệu nộp lưu.
    HandedOver,
    /// Biên bản giao nhận hồ sơ, tài liệu.
    Minutes,
}

/// How a dossier is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DossierFormat {
    /// Its contents, to be printed.
    Pdf,
    /// Its contents as a table.
    Xlsx,
    /// What stands on it and its documents, for another system.
    Xml,
}

/// Arguments of `dossier_export`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DossierExport {
    /// The dossier.
    pub id: String,
    /// How.
    pub format: DossierFormat,
}

/// Hồ sơ công việc of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DossierListDto {
    /// The years that have any, the latest first.
    pub years: Vec<u16>,
    /// Those of the year, by number.
    pub dossiers: Vec<DossierDto>,
    /// Whether this person proposes dossiers for the list.
    pub may_plan: bool,
    /// Ids of the proposals that this person may approve.
    pub to_approve: Vec<String>,
}

/// A dossier as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DossierDto {
    /// The dossier.
    pub id: String,
    /// Year of its list.
    pub year: u16,
    /// Số và ký hiệu, e.g. `01.TCCB`; the letters alone until the server has given the number.
    pub notation: String,
    /// Whether the server has given the number.
    pub numbered: bool,
    /// The letters of the symbol.
    pub code: String,
    /// Đề mục lớn; may be empty.
    pub large: String,
    /// Đề mục nhỏ; may be empty.
    pub small: String,
    /// Tiêu đề.
    pub title: String,
    /// Years that it is kept; none: for ever (vĩnh viễn).
    pub retention_years: Option<u16>,
    /// Người lập.
    pub creator: String,
    /// The creator's account.
    pub creator_account: String,
    /// The creator's unit; empty until the server has said it.
    pub unit: String,
    /// Ghi chú.
    pub note: String,
    /// `planned`, `listed`, `open`, `closed`, `handed_over`, `archived`.
    pub state: String,
    /// Whether it is in the year's list.
    pub listed: bool,
    /// Whether this person is the creator.
    pub mine: bool,
    /// Whether this person sees what is inside.
    pub inside: bool,
    /// How many documents it has.
    pub count: u32,
    /// Day it was begun.
    pub started_on: Option<String>,
    /// Day it was ended.
    pub ended_on: Option<String>,
    /// Last day to hand it over to the archive; none while that is not asked.
    pub hand_over_by: Option<String>,
    /// Whether an act of this machine on it is not at the server yet.
    pub unsent: bool,
}

/// A document in a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DossierItemDto {
    /// The document.
    pub document: String,
    /// Its place.
    pub ordinal: u32,
    /// Whether the server has not said so yet.
    pub provisional: bool,
    /// Whether this person has the document; the rest is empty otherwise.
    pub here: bool,
    /// Số, ký hiệu.
    pub notation: String,
    /// Day of the document.
    pub issued_on: Option<String>,
    /// Tên loại, as its code.
    pub kind: String,
    /// Trích yếu.
    pub subject: String,
    /// Tác giả.
    pub issuer: String,
    /// Pages of its files, where they are known.
    pub pages: Option<u32>,
    /// `incoming` or `outgoing`.
    pub direction: String,
}

/// Something to be looked at before a dossier is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DossierFindingDto {
    /// `empty`, `duplicate`, `draft`, `not_registered`, `fields_missing`, `not_seen`.
    pub kind: String,
    /// On which document; none: the dossier as a whole.
    pub document: Option<String>,
}

/// One step in the life of a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DossierStepDto {
    /// Word of the act.
    pub act: String,
    /// When.
    pub at: i64,
    /// Who.
    pub by: String,
    /// Reason or reference.
    pub note: String,
}

/// A dossier with what is inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DossierContentsDto {
    /// The dossier.
    pub dossier: DossierDto,
    /// Its documents by ordinal.
    pub items: Vec<DossierItemDto>,
    /// What is to be looked at before it is closed.
    pub findings: Vec<DossierFindingDto>,
    /// Words of the acts that this person may do now.
    pub allowed: Vec<String>,
    /// What happened, oldest first.
    pub steps: Vec<DossierStepDto>,
}

/// What stands on a dossier.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DossierFieldsDto {
    /// Year of its list.
    pub year: u16,
    /// The number; none lets the server give the next one.
    pub number: Option<u16>,
    /// Letters of the symbol.
    pub code: String,
    /// Đề mục lớn; may be empty.
    pub large: String,
    /// Đề mục nhỏ; may be empty.
    pub small: String,
    /// Tiêu đề.
    pub title: String,
    /// Years that it is kept; none: for ever.
    pub retention_years: Option<u16>,
    /// Account of the creator; none: this person.
    pub creator: Option<String>,
    /// Ghi chú; may be empty.
    pub note: String,
}

/// A finding that stays, and why.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DossierLetStand {
    /// What was found.
    pub finding: DossierFindingDto,
    /// Why it may stay.
    pub reason: String,
}

/// Arguments of `dossier_make`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DossierMake {
    /// What stands on it.
    pub fields: DossierFieldsDto,
    /// Day it is begun, for one beside the list; none proposes it for the list.
    pub started_on: Option<String>,
}

/// An act on a dossier.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum DossierActDto {
    /// The head approves it for the list.
    Approve,
    /// Takes it back out of the list.
    Strike {
        /// Why.
        reason: String,
    },
    /// The creator begins it.
    Open {
        /// Day.
        started_on: String,
    },
    /// Corrects what stands on it.
    Amend {
        /// What stands on it from now on.
        fields: DossierFieldsDto,
    },
    /// Takes a document out.
    Remove {
        /// Which.
        document: String,
    },
    /// Ends it.
    Close {
        /// Day.
        ended_on: String,
        /// What stays all the same.
        settled: Vec<DossierLetStand>,
    },
    /// Begins it again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// Keeps it back from the archive.
    KeepBack {
        /// Until when.
        until: String,
        /// Number of the written consent.
        reference: String,
        /// Why.
        reason: String,
    },
    /// Puts it before the archivist.
    HandOver,
    /// The archivist takes it.
    Receive,
    /// The archivist sends it back.
    SendBack {
        /// Why.
        reason: String,
    },
}

/// Arguments of `dossier_act`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DossierActArgs {
    /// The dossiers: several are approved at once.
    pub ids: Vec<String>,
    /// What is done to each.
    pub act: DossierActDto,
}

/// Arguments of `dossier_add`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DossierAdd {
    /// The dossier.
    pub id: String,
    /// The documents.
    pub documents: Vec<String>,
    /// Whether those that can be filed now are filed, too.
    pub file: bool,
}

/// How many were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DossierAdded {
    /// Those in it before are not counted.
    pub added: u32,
}

/// Names a dossier.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DossierId {
    /// The dossier.
    pub id: String,
}

/// A dossier that was written out with its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DossierPacked {
    /// Name of the file.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// Files of documents in it.
    pub files: u32,
    /// Documents of the dossier that are not on this machine; only the table of contents has them.
    pub unseen: u32,
}

impl From<congvan_core::PackageWritten> for DossierPacked {
    fn from(written: congvan_core::PackageWritten) -> Self {
        Self {
            name: written.name,
            size: written.size,
            files: written.files,
            unseen: written.unseen,
        }
    }
}
