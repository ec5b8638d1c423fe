use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::SyncStatus;

/// No arguments, or no answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Empty {}

/// Where the program stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No province is configured: show how to get the configuration file.
    Unconfigured,
    /// Nobody is logged in.
    Login,
    /// The desk is open (perhaps offline).
    Desk,
    /// The desk is open and covered until its person's password is typed.
    Locked,
}

/// Answer of `app_status`: what a face needs to draw its frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AppStatus {
    /// Version of the program.
    pub version: String,
    /// Where it stands.
    pub phase: Phase,
    /// Name of the province's server, e.g. `Tỉnh H99 (thử nghiệm)`.
    pub province: Option<String>,
    /// Host of the server, for the login screen.
    pub server: Option<String>,
    /// Who is logged in.
    pub account: Option<AccountDto>,
    /// The line at the top right.
    pub sync: SyncStatus,
}

/// The person at the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AccountDto {
    /// Account number.
    pub id: i64,
    /// Account name.
    pub username: String,
    /// Name.
    pub full_name: String,
    /// Posts, the main one first.
    pub posts: Vec<PostDto>,
}

/// A post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PostDto {
    /// `leader`, `clerk` or `official`.
    pub role: String,
    /// Title.
    pub title: String,
    /// Name of the unit.
    pub agency: String,
    /// Code of the unit.
    pub agency_code: String,
}

/// Arguments of `login`.
#[derive(Clone, Deserialize, TS)]
pub struct LoginArgs {
    /// Account name.
    pub username: String,
    /// Password. This type has no `Debug`.
    pub password: String,
}

/// Arguments of `unlock`.
#[derive(Clone, Deserialize, TS)]
pub struct Unlock {
    /// Password. This type has no `Debug`.
    pub password: String,
}

/// Everything remembered for the face: theme, language, pane widths, last module. Values are
/// small strings the face understands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct Settings {
    /// By key.
    pub values: BTreeMap<String, String>,
}

/// Arguments of `setting_set`.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SettingArgs {
    /// 1 to 64 characters.
    pub key: String,
    /// At most 4,096 characters.
    pub value: String,
}

/// Arguments of `report_startup`: the face says when it became usable.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct StartupReport {
    /// Instant of the first paint with content.
    pub first_paint_at: i64,
    /// Instant at which the list was painted and its first row could be selected.
    pub usable_at: i64,
}
