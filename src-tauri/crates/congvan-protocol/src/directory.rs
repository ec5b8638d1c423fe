use congvan_model::AgencyId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An agency under one name, for as long as it had that name. A merger, a division or a new name ends
/// it and names what came after it; old documents keep the old one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Agency {
    /// Number in the directory; never given to another agency.
    #[schema(value_type = i64)]
    pub id: AgencyId,
    /// Code now, e.g. `H33.05.01` (Decision 20/2020/QĐ-TTg); empty when it has none.
    pub code: String,
    /// Codes before, e.g. `000.01.05.H33` (QCVN 102:2016/BTTTT): documents of their time carry them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_codes: Vec<String>,
    /// Name as on its letters, without the agency above: `Sở Nội vụ`.
    pub name: String,
    /// Other ways of writing the name: `UBND xã Bình Minh Đông`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Its group in symbols of documents, e.g. `SNV`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
    /// The agency above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub parent: Option<AgencyId>,
    /// What it became when it ended; several after a division. Its predecessors are those that name it
    /// here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<i64>)]
    pub successors: Vec<AgencyId>,
    /// First day; none when it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub valid_from: Option<Date>,
    /// Last day; none while it exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub valid_to: Option<Date>,
}

impl Agency {
    /// Whether it existed under this name on a day.
    #[must_use]
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// Answer of `GET /v1/agencies`: the next part of the directory after the request's cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgencyPage {
    /// New or changed ones. Whoever is named as parent or successor may come on a later page.
    pub agencies: Vec<Agency>,
    /// Entered by mistake and taken out again: the only thing that removes one from a desk. An agency
    /// that ended stays, with its last day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<i64>)]
    pub removed: Vec<AgencyId>,
    /// To be stored in the same transaction.
    pub cursor: String,
    /// Whether more is waiting.
    pub more: bool,
}
