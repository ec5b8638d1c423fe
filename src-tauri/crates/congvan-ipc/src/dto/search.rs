//! Tra cứu: what is looked for, what is found, and searches that are kept.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::DocumentRow;

/// What results are narrowed to besides the words; an empty text chooses nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchNarrow {
    /// `incoming`, `outgoing`.
    pub direction: String,
    /// Tên loại, by the code of the protocol, e.g. `official_letter`.
    pub kind: String,
    /// Cơ quan ban hành, by its whole name.
    pub issuer: String,
    /// Year of arrival, e.g. `2026`.
    pub year: String,
    /// State, as in the protocol.
    pub state: String,
    /// `normal`, `urgent`, `very_urgent`, `express`, `express_timed`.
    pub urgency: String,
}

/// The order of what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SearchOrder {
    /// What came last first.
    Newest,
    /// What came first first.
    Oldest,
    /// The words as typed first, marks and all.
    Best,
}

/// Arguments of `search_find` and `search_facets`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SearchArgs {
    /// As typed.
    pub text: String,
    /// What was chosen.
    pub narrow: SearchNarrow,
    /// The order; of no account for `search_facets`.
    pub order: SearchOrder,
    /// Rows passed over first.
    pub skip: u32,
    /// Rows wanted, at most 200.
    pub limit: u32,
}

/// A document that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FoundRow {
    /// As the lists show it.
    pub row: DocumentRow,
    /// `incoming`, `outgoing`.
    pub direction: String,
    /// Người ký.
    pub signer: String,
}

/// A part of what was typed, as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SearchAsked {
    /// `number`, `arrival`, `day`, `agency`, `signer`, `subject`, `pages`, `other`, `from`, `to`,
    /// `year`, `kind`, `direction`, `urgency`, `state`, `due`, `without`.
    pub field: String,
    /// Its value.
    pub value: String,
    /// It must not be so.
    pub not: bool,
}

/// Answer of `search_find`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FoundPage {
    /// The rows.
    pub rows: Vec<FoundRow>,
    /// How many there are, up to 1,000; with the first row only, else 0. The counts of
    /// `search_facets` go further.
    pub total: u32,
    /// There are more than were counted.
    pub is_more: bool,
    /// What was typed, as it was understood.
    pub asked: Vec<SearchAsked>,
    /// What was not understood and is looked for as words.
    pub unknown: Vec<String>,
    /// The words to be marked, folded: each is the beginning of a word.
    pub words: Vec<String>,
}

/// A value that results can be narrowed to, and how many have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SearchFacet {
    /// As [`SearchNarrow`] takes it.
    pub value: String,
    /// The name of a kind in Vietnamese; of others as the value.
    pub name: String,
    /// How many of those that were counted.
    pub count: u32,
}

/// Answer of `search_facets`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SearchFacets {
    /// In and out.
    pub directions: Vec<SearchFacet>,
    /// Tên loại, the most frequent first.
    pub kinds: Vec<SearchFacet>,
    /// Cơ quan ban hành, the most frequent twelve.
    pub issuers: Vec<SearchFacet>,
    /// Years of arrival, the latest first.
    pub years: Vec<SearchFacet>,
    /// Where they stand.
    pub states: Vec<SearchFacet>,
    /// Độ khẩn.
    pub urgencies: Vec<SearchFacet>,
    /// How many were counted: all, or the newest 10,000.
    pub counted: u32,
    /// There are more.
    pub is_more: bool,
}

/// Arguments of `search_excerpts`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SearchExcerptArgs {
    /// As typed.
    pub text: String,
    /// The documents, at most sixty.
    pub documents: Vec<String>,
}

/// Where words stand that no column shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SearchExcerpt {
    /// The document.
    pub document: String,
    /// The words with some before and after.
    pub text: String,
    /// They stand on a page; else in an opinion.
    pub on_page: bool,
}

/// A search that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SavedSearchDto {
    /// The search.
    pub id: String,
    /// What this person calls it.
    pub name: String,
    /// As typed.
    pub text: String,
    /// What was chosen.
    pub narrow: SearchNarrow,
    /// How many it finds now, up to 10,000.
    pub count: u32,
    /// There are more.
    pub is_more: bool,
}

/// Arguments of `search_save`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SearchSave {
    /// Its name, 1 to 100 characters; one that is called so already gives way.
    pub name: String,
    /// As typed.
    pub text: String,
    /// What was chosen.
    pub narrow: SearchNarrow,
}

/// Names a search that is kept.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SavedSearchId {
    /// The search.
    pub id: String,
}

/// A column that results can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SearchColumn {
    /// Số, ký hiệu.
    Notation,
    /// Ngày văn bản.
    Issued,
    /// Cơ quan ban hành.
    Issuer,
    /// Trích yếu.
    Subject,
    /// Tên loại.
    Kind,
    /// Người ký.
    Signer,
    /// Số đến.
    Arrival,
    /// Ngày đến.
    Arrived,
    /// Thời hạn.
    Due,
    /// Trạng thái.
    State,
    /// Độ khẩn.
    Urgency,
    /// Đến hay đi.
    Direction,
}

/// How what was found is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SearchFormat {
    /// To be printed, A4 across.
    Pdf,
    /// A table.
    Xlsx,
}

/// Arguments of `search_export`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SearchExport {
    /// What; the first 5,000 of it.
    pub query: SearchArgs,
    /// The columns, in their order.
    pub columns: Vec<SearchColumn>,
    /// How.
    pub format: SearchFormat,
    /// What was chosen, in words.
    pub narrowed: String,
}
