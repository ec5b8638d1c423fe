use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::SearchFormat;

/// By what figures are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StatisticsBy {
    /// Unit that leads; of incoming documents only.
    Unit,
    /// Who leads, or drafted.
    Person,
    /// Month.
    Month,
    /// Field of activity; of incoming documents only.
    Activity,
    /// Kind of document.
    Kind,
    /// Who sent it, as it is called today; of incoming documents only.
    Sender,
    /// Level of who sent it; of incoming documents only.
    Level,
}

/// Arguments of `statistics`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct StatisticsQuery {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// By what.
    pub by: StatisticsBy,
}

/// One figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StatisticsMeasure {
    /// Came in.
    Incoming,
    /// Handled in time, or without a deadline.
    DoneInTime,
    /// Handled late.
    DoneLate,
    /// To be handled, in time.
    Open,
    /// To be handled, overdue.
    Overdue,
    /// Came over the axis.
    ByAxis,
    /// Came before the period, to be handled.
    Carried,
    /// Of those, overdue.
    CarriedOverdue,
    /// Issued.
    Outgoing,
    /// Of those, what a person signs.
    Personal,
    /// Of those, signed by that person.
    Signed,
    /// Issued and signed for the agency.
    Sealed,
    /// Issued with every signature that it needs.
    Electronic,
}

/// Whose documents are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StatisticsSight {
    /// The agency's.
    Agency,
    /// Those that this person may see.
    Own,
}

/// How many documents each figure has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FiguresDto {
    /// Came in.
    pub incoming: u32,
    /// Handled in time, or without a deadline.
    pub done_in_time: u32,
    /// Handled late.
    pub done_late: u32,
    /// To be handled, in time.
    pub open: u32,
    /// To be handled, overdue.
    pub overdue: u32,
    /// Came over the axis.
    pub by_axis: u32,
    /// Came before the period, to be handled.
    pub carried: u32,
    /// Of those, overdue.
    pub carried_overdue: u32,
    /// Issued.
    pub outgoing: u32,
    /// Of those, what a person signs.
    pub personal: u32,
    /// Of those, signed by that person.
    pub signed: u32,
    /// Issued and signed for the agency.
    pub sealed: u32,
    /// Issued with every signature that it needs.
    pub electronic: u32,
}

/// The figures of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct StatisticsGroup {
    /// Names it in `statistics_documents`; of a month `YYYY-MM`, of a kind and a level its word; empty
    /// for what belongs to none.
    pub key: String,
    /// What people call it; empty where it has no name.
    pub name: String,
    /// Its place by what was handled in time, of units and persons.
    pub place: Option<u32>,
    /// Its figures.
    pub figures: FiguresDto,
}

/// The dossiers of the years that a period is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DossierTallyDto {
    /// In the approved lists, or beside them.
    pub all: u32,
    /// Of those, begun.
    pub begun: u32,
    /// Of those, ended.
    pub ended: u32,
    /// Of those, handed over to the archive.
    pub handed_over: u32,
}

/// Answer of `statistics`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct StatisticsDto {
    /// The moment that decided what is overdue.
    pub at: i64,
    /// Whose documents are counted.
    pub sight: StatisticsSight,
    /// Of all documents, each once.
    pub total: FiguresDto,
    /// Of each group, in the order to be shown in.
    pub groups: Vec<StatisticsGroup>,
    /// Some documents are in several groups.
    pub overlap: bool,
    /// The day of the earliest document that can be counted.
    pub since: Option<String>,
    /// Dossiers.
    pub dossiers: DossierTallyDto,
}

/// Arguments of `statistics_documents`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct CountedQuery {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// By what groups are told apart.
    pub by: StatisticsBy,
    /// The moment of the figure.
    pub at: i64,
    /// The figure.
    pub measure: StatisticsMeasure,
    /// Key of a group; none for all.
    pub group: Option<String>,
    /// How many to leave out.
    pub offset: u32,
    /// How many at most; 200 are given.
    pub limit: u32,
}

/// A document behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CountedDocument {
    /// The document.
    pub id: String,
    /// Whether it can be opened.
    pub here: bool,
    /// `incoming` or `outgoing`.
    pub direction: String,
    /// The day that it counts on.
    pub day: String,
    /// Its arrival number.
    pub number: Option<u32>,
    /// Number and symbol; empty when it has none.
    pub notation: String,
    /// Its kind.
    pub kind: String,
    /// Who issued it, as called then.
    pub issuer: String,
    /// Its subject.
    pub subject: String,
    /// Last day in time.
    pub due: Option<String>,
}

/// Answer of `statistics_documents`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CountedPage {
    /// The latest first.
    pub rows: Vec<CountedDocument>,
    /// How many there are.
    pub total: u32,
}

/// Arguments of `statistics_export`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct StatisticsExport {
    /// What.
    pub query: StatisticsQuery,
    /// How.
    pub format: SearchFormat,
}
