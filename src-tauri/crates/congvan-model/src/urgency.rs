use serde::{Deserialize, Serialize};

/// Mức độ khẩn. The numbers are those of edXML `Priority` (QCVN 102:2016/BTTTT).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Thường: no urgency mark.
    #[default]
    Normal,
    /// Khẩn.
    Urgent,
    /// Thượng khẩn.
    VeryUrgent,
    /// Hỏa tốc.
    Express,
    /// Hỏa tốc hẹn giờ: to be delivered by a stated hour.
    ExpressTimed,
}

impl Urgency {
    /// All of them, mildest first.
    pub const ALL: [Self; 5] = [
        Self::Normal,
        Self::Urgent,
        Self::VeryUrgent,
        Self::Express,
        Self::ExpressTimed,
    ];

    /// The edXML `Priority`, 0 to 4.
    #[must_use]
    pub fn priority(self) -> u8 {
        self as u8
    }

    /// The urgency with that edXML `Priority`.
    #[must_use]
    pub fn from_priority(priority: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|urgency| urgency.priority() == priority)
    }

    /// Whether the law wants it handled at once (Decree 30/2020, art. 18.1, 23).
    #[must_use]
    pub fn at_once(self) -> bool {
        self >= Self::Urgent
    }

    /// The words of the stamp; none for an ordinary document.
    #[must_use]
    pub fn stamp(self) -> Option<&'static str> {
        match self {
            Self::Normal => None,
            Self::Urgent => Some("KHẨN"),
            Self::VeryUrgent => Some("THƯỢNG KHẨN"),
            Self::Express | Self::ExpressTimed => Some("HỎA TỐC"),
        }
    }
}
