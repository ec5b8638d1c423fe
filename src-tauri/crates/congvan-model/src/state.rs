use serde::{Deserialize, Serialize};

/// Whether a document came in (văn bản đến) or goes out (văn bản đi).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Văn bản đến.
    Incoming,
    /// Văn bản đi, from its draft on.
    Outgoing,
}

/// Where a document stands in its workflow. The server's state machine alone moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// Incoming: arrived, not yet in the register.
    Received,
    /// Incoming: has its arrival number (số đến).
    Registered,
    /// Incoming: with the leader for direction.
    Presented,
    /// Incoming: the leader has directed it (bút phê).
    Directed,
    /// Incoming: a unit or person works on it.
    InProgress,
    /// Incoming: resolved, with or without a reply.
    Resolved,
    /// Outgoing: being drafted.
    Draft,
    /// Outgoing: before who answers for its content (duyệt nội dung).
    ContentReview,
    /// Outgoing: at the registry, which checks its format (duyệt thể thức).
    FormatReview,
    /// Outgoing: waits for initials (ký nháy).
    AwaitingInitials,
    /// Outgoing: waits for the authorised person's signature (trình ký).
    AwaitingSignature,
    /// Outgoing: signed by the authorised person, waits for its number.
    Signed,
    /// Outgoing: sent to its recipients.
    Issued,
    /// Filed in a dossier (hồ sơ công việc).
    Filed,
}

/// What a recipient has to do with a document; exactly one leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiverRole {
    /// Chủ trì.
    Lead,
    /// Phối hợp.
    Support,
    /// Nhận để biết.
    Inform,
}

/// The post of a person in a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Lãnh đạo cơ quan.
    Leader,
    /// Văn thư cơ quan.
    Clerk,
    /// Trưởng phòng, trưởng đơn vị: gives what comes to the unit to its people.
    Head,
    /// Chuyên viên.
    Official,
    /// Văn thư phòng, trợ lý: sees what is given to the unit, and gives it to the unit's people for its
    /// head.
    UnitClerk,
    /// Lưu trữ: sees what is filed, and takes it over into the archive.
    Archivist,
    /// Quản trị đơn vị: gives and ends posts in the unit; sees no document by that.
    UnitAdmin,
}
