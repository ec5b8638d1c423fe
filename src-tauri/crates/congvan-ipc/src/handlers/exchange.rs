use std::sync::Arc;

use congvan_core::{Bandwidth, BandwidthWindow, Desk, Forgotten, ProxySetting};
use congvan_model::Timestamp;

use super::{Answer, parse};
use crate::{
    ErrorCode, IpcError,
    dto::{
        ActId, AppStatus, DocumentRest, Empty, HappeningDto, HeldRemovalDto, HistoryQuery,
        LimitHours, PauseArgs, PersonDto, PersonForget, PersonForgotten, ProxyArgs, ProxyDto,
        ProxyWay, RemovalsSettle, RestingDocumentDto, SyncLimits, TextExport,
    },
};

/// Lines of the history at a time.
const LINES: u32 = 50;
const DAY_MINUTES: u16 = 24 * 60;

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn sync_pause(desk: &Arc<Desk>, args: PauseArgs) -> Answer<Empty> {
    desk.pause_exchange(args.until.map(Timestamp)).await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn sync_resume(desk: &Arc<Desk>, _: Empty) -> Answer<Empty> {
    desk.resume_exchange().await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`.
pub async fn sync_compare(desk: &Arc<Desk>, _: Empty) -> Answer<Empty> {
    desk.compare_now().await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn sync_limits(desk: &Arc<Desk>, _: Empty) -> Answer<SyncLimits> {
    let bandwidth = desk.bandwidth().await?;
    Ok(SyncLimits {
        limit_kbps: bandwidth.limit_kbps,
        hours: bandwidth
            .windows
            .into_iter()
            .map(|window| LimitHours {
                days: window.days,
                from_min: window.from_min,
                to_min: window.to_min,
                limit_kbps: window.limit_kbps,
            })
            .collect(),
    })
}

/// See the command table.
///
/// # Errors
/// `INVALID_REQUEST`, `NOT_LOGGED_IN`, disk faults.
pub async fn sync_limits_set(desk: &Arc<Desk>, args: SyncLimits) -> Answer<Empty> {
    let in_day = |hours: &LimitHours| hours.from_min < DAY_MINUTES && hours.to_min < DAY_MINUTES;
    if args.hours.len() > 16 || !args.hours.iter().all(in_day) {
        return Err(IpcError::new(ErrorCode::InvalidRequest));
    }
    desk.set_bandwidth(Bandwidth {
        limit_kbps: args.limit_kbps,
        windows: args
            .hours
            .into_iter()
            .map(|hours| BandwidthWindow {
                days: hours.days,
                from_min: hours.from_min,
                to_min: hours.to_min,
                limit_kbps: hours.limit_kbps,
            })
            .collect(),
    })
    .await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn removals_held(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<HeldRemovalDto>> {
    let held = desk.held_removals().await?;
    Ok(held
        .into_iter()
        .map(|held| HeldRemovalDto {
            document: held.document.to_string(),
            title: held.title,
            since: held.since.0,
        })
        .collect())
}

/// See the command table.
///
/// # Errors
/// `INVALID_REQUEST`, `NOT_LOGGED_IN`, disk faults: then nothing changed.
pub async fn removals_settle(desk: &Arc<Desk>, args: RemovalsSettle) -> Answer<Empty> {
    let documents = args
        .documents
        .iter()
        .map(|id| parse(id))
        .collect::<Answer<Vec<_>>>()?;
    desk.settle_removals(documents, args.remove).await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn sync_history(desk: &Arc<Desk>, args: HistoryQuery) -> Answer<Vec<HappeningDto>> {
    let lines = desk.happenings(args.before, LINES).await?;
    Ok(lines
        .into_iter()
        .map(|line| HappeningDto {
            seq: line.seq,
            at: line.at.0,
            code: line.code,
            count: line.count,
            detail: line.detail,
        })
        .collect())
}

/// See the command table.
///
/// # Errors
/// Keyring and disk faults.
pub async fn proxy_get(desk: &Arc<Desk>, _: Empty) -> Answer<ProxyDto> {
    let (setting, password_kept) = desk.proxy_setting().await?;
    let (way, url, user) = match setting {
        ProxySetting::System => (ProxyWay::System, None, None),
        ProxySetting::None => (ProxyWay::None, None, None),
        ProxySetting::Manual { url, user } => (ProxyWay::Manual, Some(url), user),
    };
    Ok(ProxyDto {
        way,
        url,
        user,
        password_kept,
    })
}

/// See the command table.
///
/// # Errors
/// `INVALID_REQUEST` for an address that is none; keyring and disk faults.
pub async fn proxy_set(desk: &Arc<Desk>, args: ProxyArgs) -> Answer<Empty> {
    let setting = setting(&args)?;
    desk.set_proxy(setting, args.password.map(Into::into))
        .await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `INVALID_REQUEST` for an address that is none; why the way leads nowhere.
pub async fn proxy_test(desk: &Arc<Desk>, args: ProxyArgs) -> Answer<Empty> {
    let setting = setting(&args)?;
    desk.test_proxy(setting, args.password.map(Into::into))
        .await?;
    Ok(Empty {})
}

fn setting(args: &ProxyArgs) -> Answer<ProxySetting> {
    Ok(match args.way {
        ProxyWay::System => ProxySetting::System,
        ProxyWay::None => ProxySetting::None,
        ProxyWay::Manual => {
            let url = args.url.as_deref().unwrap_or_default().trim();
            let host = url
                .strip_prefix("http://")
                .or_else(|| url.strip_prefix("https://"))
                .unwrap_or_default();
            if host.is_empty() || host.contains(char::is_whitespace) {
                return Err(IpcError::new(ErrorCode::InvalidRequest));
            }
            ProxySetting::Manual {
                url: url.to_owned(),
                user: args.user.clone().filter(|user| !user.trim().is_empty()),
            }
        }
    })
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn support_bundle(desk: &Arc<Desk>, _: Empty) -> Answer<TextExport> {
    let day = desk.now().vietnam_date();
    Ok(TextExport {
        file_name: format!(
            "congvan-support-{:04}{:02}{:02}.json",
            day.year(),
            day.month(),
            day.day()
        ),
        text: desk.support_bundle().await?,
    })
}

/// See the command table.
///
/// # Errors
/// Disk faults.
pub async fn people(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<PersonDto>> {
    let people = desk.people().await?;
    Ok(people
        .into_iter()
        .map(|person| PersonDto {
            username: person.username,
            full_name: person.full_name,
            unsent: person.unsent,
            present: person.present,
        })
        .collect())
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn switch_user(desk: &Arc<Desk>, _: Empty) -> Answer<AppStatus> {
    Ok(desk.switch_user().await?.into())
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, `DISK_IN_USE` for whoever sits at the desk, keyring and disk faults.
pub async fn person_forget(desk: &Arc<Desk>, args: PersonForget) -> Answer<PersonForgotten> {
    let forgotten = desk.forget_person(&args.username, args.unsent_too).await?;
    Ok(match forgotten {
        Forgotten::Gone => PersonForgotten {
            gone: true,
            unsent: None,
        },
        Forgotten::Unsent(unsent) => PersonForgotten {
            gone: false,
            unsent,
        },
    })
}

/// See the command table.
///
/// # Errors
/// `INVALID_REQUEST`, `NOT_LOGGED_IN`, disk faults.
pub async fn document_rest(desk: &Arc<Desk>, args: DocumentRest) -> Answer<Empty> {
    desk.pause_document(parse(&args.document)?, args.rest)
        .await?;
    Ok(Empty {})
}

/// See the command table.
///
/// # Errors
/// `NOT_LOGGED_IN`, disk faults.
pub async fn documents_resting(desk: &Arc<Desk>, _: Empty) -> Answer<Vec<RestingDocumentDto>> {
    let resting = desk.resting_documents().await?;
    Ok(resting
        .into_iter()
        .map(|(document, title)| RestingDocumentDto {
            document: document.to_string(),
            title,
        })
        .collect())
}

/// The bytes for `page://localhost/copy/{op}`: a signed file that the server refused.
///
/// # Errors
/// `INVALID_REQUEST`, `NOT_FOUND`, `FILE_NOT_HERE`, disk faults.
pub async fn refused_copy(desk: &Arc<Desk>, op: &str) -> Answer<Vec<u8>> {
    crate::admit(desk, "refused_copy")?;
    Ok(desk.refused_copy(parse(op)?).await?)
}

/// See the command table.
///
/// # Errors
/// `INVALID_REQUEST`, `NOT_FOUND`, disk faults: then the refusal stays open.
pub async fn outbox_again(desk: &Arc<Desk>, args: ActId) -> Answer<Empty> {
    desk.do_again(parse(&args.id)?).await?;
    Ok(Empty {})
}
