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
    /// What may be signed by a mandate, by the protocol's words; empty: documents of all kinds.
    pub kinds: Vec<String>,
    /// Instant from which it can be chosen; none: now.
    pub since: Option<i64>,
    /// Instant at which it ends; none: no end is set.
    pub until: Option<i64>,
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
    /// What may be signed, by the protocol's words; empty: documents of all kinds.
    pub kinds: Vec<String>,
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
    /// Whether this person manages a unit, so that `unit_posts` has something to say.
    pub may_manage: bool,
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
    /// What may be signed, by the protocol's words; empty: documents of all kinds.
    pub kinds: Vec<String>,
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

/// A post in a unit that this person manages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct UnitPostDto {
    /// Account of whose it is.
    pub account: String,
    /// The person's name.
    pub person: String,
    /// `leader`, `clerk`, `head`, `official`, `unit_clerk`, `archivist`, `unit_admin`.
    pub role: String,
    /// The title as signed.
    pub title: String,
    /// Name of the unit.
    pub unit: String,
    /// Code of the unit.
    pub unit_code: String,
    /// Instant from which it is held; none: no beginning is kept.
    pub since: Option<i64>,
    /// Instant at which it ends; none: no end is set.
    pub until: Option<i64>,
    /// Whether it was given for a time, so that this person can end it.
    pub may_end: bool,
}

/// Arguments of `unit_post_give`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct UnitPostArgs {
    /// Account of who gets it.
    pub account: String,
    /// Code of the unit.
    pub unit_code: String,
    /// `head`, `official`, `unit_clerk`, `clerk`, `archivist`.
    pub role: String,
    /// The title as signed.
    pub title: String,
    /// Instant from which it is held.
    pub since: i64,
    /// Instant at which it ends; none: no end is set.
    pub until: Option<i64>,
}

/// Arguments of `unit_post_end`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct UnitPostPlace {
    /// Account of whose it is.
    pub account: String,
    /// Code of the unit.
    pub unit_code: String,
    /// The role.
    pub role: String,
}
