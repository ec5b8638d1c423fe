use std::sync::Arc;

use congvan_core::{Desk, Phase, Status};
use congvan_model::Timestamp;

use super::{Answer, sync::status_dto, word};
use crate::dto::{
    self, AccountDto, AppStatus, Empty, LoginArgs, PostDto, SettingArgs, Settings, StartupReport,
    Unlock,
};

/// See the command table.
///
/// # Errors
/// The fault that kept the last person's desk from opening.
pub async fn app_status(desk: &Arc<Desk>, _: Empty) -> Answer<AppStatus> {
    Ok(desk.status().await?.into())
}

/// See the command table.
///
/// # Errors
/// Wrong password, network and keyring faults.
pub async fn login(desk: &Arc<Desk>, args: LoginArgs) -> Answer<AppStatus> {
    Ok(desk.login(&args.username, args.password).await?.into())
}

/// See the command table.
///
/// # Errors
/// Keyring faults.
pub async fn logout(desk: &Arc<Desk>, _: Empty) -> Answer<AppStatus> {
    Ok(desk.logout().await?.into())
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn lock(desk: &Arc<Desk>, _: Empty) -> Answer<AppStatus> {
    Ok(desk.lock().await?.into())
}

/// See the command table.
///
/// # Errors
/// `BAD_CREDENTIALS`, `TOO_MANY_ATTEMPTS`, `NOT_LOGGED_IN`, keyring and disk faults.
pub async fn unlock(desk: &Arc<Desk>, args: Unlock) -> Answer<AppStatus> {
    Ok(desk.unlock(args.password).await?.into())
}

/// How the desk looks, covered or not.
const APPEARANCE: [&str; 3] = ["theme", "language", "density"];

/// See the command table.
///
/// # Errors
/// Disk faults.
pub async fn settings(desk: &Arc<Desk>, _: Empty) -> Answer<Settings> {
    let mut values = desk.settings().await?;
    // Drafts of texts are among them.
    if desk.is_locked() {
        values.retain(|key, _| APPEARANCE.contains(&key.as_str()));
    }
    Ok(Settings { values })
}

/// See the command table.
///
/// # Errors
/// `TEXT_TOO_LONG`, disk faults.
pub async fn setting_set(desk: &Arc<Desk>, args: SettingArgs) -> Answer<Empty> {
    desk.set_setting(args.key, args.value).await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// Disk faults.
pub async fn report_startup(desk: &Arc<Desk>, args: StartupReport) -> Answer<Empty> {
    desk.report_startup(Timestamp(args.first_paint_at), Timestamp(args.usable_at))
        .await?;
    Ok(Empty {})
}

impl From<Status> for AppStatus {
    fn from(status: Status) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            phase: match status.phase {
                Phase::Unconfigured => dto::Phase::Unconfigured,
                Phase::Login => dto::Phase::Login,
                Phase::Open => dto::Phase::Desk,
                Phase::Locked => dto::Phase::Locked,
            },
            server: status
                .province
                .as_ref()
                .map(|province| province.host().to_owned()),
            province: status.province.map(|province| province.name),
            account: status.account.map(|account| AccountDto {
                id: account.id.0,
                username: account.username,
                full_name: account.full_name,
                posts: account
                    .posts
                    .into_iter()
                    .map(|post| PostDto {
                        role: word(&post.role),
                        title: post.title,
                        agency: post.agency.name,
                        agency_code: post.agency.code,
                    })
                    .collect(),
            }),
            sync: status_dto(status.sync),
        }
    }
}
