use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::RecipientDto;

/// Nhóm nơi nhận: agencies that this person sends to together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RecipientGroupDto {
    /// The group.
    pub id: String,
    /// What this person calls it.
    pub name: String,
    /// The agencies, in the order of naming.
    pub members: Vec<RecipientDto>,
}

/// Arguments of `recipient_group_put`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct RecipientGroupPut {
    /// The group that is changed; none makes a new one.
    pub id: Option<String>,
    /// Its name, 1 to 100 characters; no two groups are called alike.
    pub name: String,
    /// 1 to 500 agencies, each once.
    pub members: Vec<RecipientDto>,
}

/// Names a group of recipients.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct RecipientGroupId {
    /// The group.
    pub id: String,
}
