use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What one document is to another, as in the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DocumentRelation {
    /// Sao y.
    TrueCopy,
    /// Sao lục.
    CopyOfCopy,
    /// Trích sao.
    Extract,
    /// Đính chính.
    Correction,
    /// Thay thế.
    Replacement,
}

/// What a person may make of a document now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CopyOffer {
    /// Forms of a copy; empty where it may not be copied.
    pub copies: Vec<DocumentRelation>,
    /// How it may be amended; empty where it may not be.
    pub amendments: Vec<DocumentRelation>,
    /// What the symbol of a copy ends with, e.g. `UBND`; empty where that is not known.
    pub agency: String,
    /// Whether its file bears electronic signatures.
    pub is_electronic: bool,
}

/// Arguments of `copy_make`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct CopyArgs {
    /// Of which document.
    pub source: String,
    /// Which form of a copy.
    pub relation: DocumentRelation,
    /// What stands behind the abbreviation of the form in its symbol.
    pub agency: String,
    /// Of an extract: the pages in their order, from 1; else empty.
    pub pages: Vec<u32>,
    /// Of an extract: what is left out, 1 to 500 characters; else empty.
    pub left_out: String,
}

/// That a draft corrects or replaces an issued document.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DraftAbout {
    /// Which.
    pub document: String,
    /// `correction` by an official letter, `replacement` by a document of the same kind.
    pub relation: DocumentRelation,
}

/// Another document that one has to do with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RelatedDto {
    /// What the one is to the other.
    pub relation: DocumentRelation,
    /// The other one, where it is here and can be opened.
    pub document: Option<String>,
    /// Its number and symbol, or its subject; empty while it waits for its number.
    pub title: String,
    /// Its day, `YYYY-MM-DD`.
    pub issued_on: Option<String>,
    /// Of an extract: the pages, from 1.
    pub pages: Vec<u32>,
    /// Of an extract: what was left out.
    pub left_out: String,
}
