use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why somebody stands in a leader's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MandateKind {
    /// Thừa uỷ quyền (TUQ.): a written delegation.
    Delegation,
    /// Ký thay (KT.): a deputy, while the leader is away.
    Absence,
}

/// Something that this person can act as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CapacityDto {
    /// To be given back when it is chosen; empty: by all posts together.
    pub key: String,
    /// Title, e.g. `Trưởng phòng` or `TUQ. Chủ tịch`.
    pub title: String,
    /// Name of the unit.
    pub unit: String,
    /// In whose place; none for a post of the person's own.
    pub for_whom: Option<String>,
}

/// A mandate that this person has given or holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MandateDto {
    /// Its id.
    pub id: String,
    /// Why.
    pub kind: MandateKind,
    /// The other side: who holds it, or who gave it.
    pub person: String,
    /// That person's title.
    pub position: String,
    /// Whether directing is covered.
    pub direct: bool,
    /// Whether signing is covered.
    pub sign: bool,
    /// Instant from which it is in force.
    pub since: i64,
    /// Instant at which it ends.
    pub until: i64,
    /// Number of the written delegation; may be empty.
    pub reference: String,
    /// Whether it is in force now, else it has not begun.
    pub in_force: bool,
}

/// What this person can act as, and the mandates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CapacitiesDto {
    /// What can be chosen; empty where there is nothing to choose.
    pub options: Vec<CapacityDto>,
    /// The key of what was chosen.
    pub chosen: String,
    /// Whether what was chosen has ended: nothing is done until it is chosen anew.
    pub ended: bool,
    /// Whether this person may give mandates: a leader.
    pub may_give: bool,
    /// Those that the person has given and that have not ended.
    pub given: Vec<MandateDto>,
    /// Those that the person holds and that have not ended.
    pub held: Vec<MandateDto>,
}

/// Arguments of `capacity_choose`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct CapacityArgs {
    /// The key of an option; empty: by all posts together.
    pub key: String,
}

/// Arguments of `mandate_give`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct MandateArgs {
    /// Why.
    pub kind: MandateKind,
    /// Account of who acts.
    pub holder: String,
    /// Whether directing is covered.
    pub direct: bool,
    /// Whether signing is covered.
    pub sign: bool,
    /// Instant from which it is in force.
    pub since: i64,
    /// Instant at which it ends.
    pub until: i64,
    /// Number of the written delegation.
    pub reference: String,
}

/// Arguments of `mandate_revoke`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct MandateId {
    /// Which.
    pub id: String,
}
