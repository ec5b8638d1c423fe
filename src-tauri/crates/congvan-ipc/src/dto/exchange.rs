use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `sync_pause`.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct PauseArgs {
    /// When it goes on by itself; none until `sync_resume`.
    pub until: Option<i64>,
}

/// How much of the line files may take. Acts and urgent letters are never held back by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncLimits {
    /// Outside all hours below: kilobits a second; none for no limit, 0 for no files.
    pub limit_kbps: Option<u32>,
    /// Hours with a limit of their own; the first that fits counts.
    pub hours: Vec<LimitHours>,
}

/// Hours of the day with a limit of their own, by the clock of Vietnam.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LimitHours {
    /// Days it counts on: bit 0 is Monday.
    pub days: u8,
    /// Minutes after midnight.
    pub from_min: u16,
    /// Minutes after midnight, exclusive; not above `from_min` means past midnight.
    pub to_min: u16,
    /// Kilobits a second; none for no limit, 0 for no files.
    pub limit_kbps: Option<u32>,
}

/// A document that the server takes away in bulk and that stays until someone says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct HeldRemovalDto {
    /// The document.
    pub document: String,
    /// Its notation or subject.
    pub title: String,
    /// When the server's word came.
    pub since: i64,
}

/// Arguments of `removals_settle`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct RemovalsSettle {
    /// Which documents.
    pub documents: Vec<String>,
    /// They go, else they stay.
    pub remove: bool,
}

/// Arguments of `sync_history`.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct HistoryQuery {
    /// Lines before this one; none for the newest.
    pub before: Option<u64>,
}

/// A line of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct HappeningDto {
    /// Its position.
    pub seq: u64,
    /// When.
    pub at: i64,
    /// What, e.g. `RECEIVED`.
    pub code: String,
    /// How many.
    pub count: u64,
    /// An id or a code.
    pub detail: String,
}

/// How the server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProxyWay {
    /// As the system says.
    System,
    /// Straight.
    None,
    /// Through the proxy named.
    Manual,
}

/// Answer of `proxy_get`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProxyDto {
    /// How.
    pub way: ProxyWay,
    /// `http://host:port`, where it is `manual`.
    pub url: Option<String>,
    /// Name at the proxy.
    pub user: Option<String>,
    /// A password is kept in the keyring.
    pub password_kept: bool,
}

/// Arguments of `proxy_set` and `proxy_test`.
#[derive(Clone, Deserialize, TS)]
pub struct ProxyArgs {
    /// How.
    pub way: ProxyWay,
    /// `http://host:port`, where it is `manual`.
    pub url: Option<String>,
    /// Name at the proxy; none where it wants none.
    pub user: Option<String>,
    /// Its password; none for the one that is kept. This type has no `Debug`.
    pub password: Option<String>,
}

/// A person who has used this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PersonDto {
    /// Account name.
    pub username: String,
    /// The person's name.
    pub full_name: Option<String>,
    /// Acts the server had not received when they left.
    pub unsent: u32,
    /// They sit at the desk now.
    pub present: bool,
}

/// Arguments of `person_forget`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct PersonForget {
    /// Account name.
    pub username: String,
    /// Also while the server lacks acts of theirs: those are lost.
    pub unsent_too: bool,
}

/// Answer of `person_forget`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PersonForgotten {
    /// Nothing of them is here any more; else nothing was done, because of what is unsent.
    pub gone: bool,
    /// How many acts would be lost; none when it cannot be known, and when they are gone.
    pub unsent: Option<u32>,
}

/// Arguments of `document_rest`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct DocumentRest {
    /// The document.
    pub document: String,
    /// It rests, else it goes on.
    pub rest: bool,
}

/// A document whose acts and files rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RestingDocumentDto {
    /// The document.
    pub document: String,
    /// Its notation or subject.
    pub title: String,
}

/// Arguments of `outbox_again`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ActId {
    /// The op.
    pub id: String,
}
