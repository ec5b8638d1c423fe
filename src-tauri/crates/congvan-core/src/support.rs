//! What whoever helps needs to see, without anything that people read or write: versions, states,
//! counts, codes and ids. No title, name, text, address of a page or file name.

use congvan_model::{OpId, Sha256, Timestamp};
use congvan_protocol::Intent;
use congvan_remote::{PathHealth, RemoteError};
use congvan_store::{ActEntry, ActFate, Happening, Store, StoreError};
use serde_json::{Value, json};

use crate::{CompletionStage, Desk, DeskError, ProxySetting, Result, SyncStatus};

/// Acts and lines of the history in a bundle.
const LINES: u32 = 200;

impl Desk {
    /// The bundle, as JSON for people and programs.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn support_bundle(&self) -> Result<String> {
        let session = self.session().await?;
        let status = session.driver.status().await;
        let (now, device) = (self.now(), session.known.device);
        let kept = session
            .with_store(move |store| from_store(store, now))
            .await?;
        let completions = self.completions().await?;
        let stages: Vec<Value> = completions
            .entries
            .iter()
            .map(|entry| {
                json!({
                    "file": entry.row.file.to_string(),
                    "stage": stage(entry.stage),
                    "attempts": entry.row.attempts,
                    "code": entry.row.code.as_deref().map(code_only),
                })
            })
            .collect();
        let (proxy, password_kept) = self.proxy_setting().await?;
        let bundle = json!({
            "bundle": 1,
            "at": now.0,
            "program": {
                "version": env!("CARGO_PKG_VERSION"),
                "os": std::env::consts::OS,
                "architecture": std::env::consts::ARCH,
                "started_at": self.started_at().0,
            },
            "province": self.province_config().map(|province| json!({
                "code": province.province,
                "host": province.host(),
                "modules_only_listed": province.pkcs11_only_listed,
                "recovery_key": province.recovery_key.is_some(),
            })),
            "device": device.0.to_string(),
            "session_known": session.info().is_some(),
            "exchange": exchange(&status),
            "proxy": {
                "way": way(&proxy),
                "password_kept": password_kept,
            },
            "doors": session.remote.paths().iter().map(door).collect::<Vec<_>>(),
            "store": kept,
            "completion": stages,
        });
        serde_json::to_string_pretty(&bundle)
            .map_err(|error| DeskError::Internal(error.to_string()))
    }
}

fn from_store(store: &Store, now: Timestamp) -> std::result::Result<Value, StoreError> {
    let acts = store.acts(LINES)?;
    let count = |wanted: &str| acts.iter().filter(|act| fate(act).0 == wanted).count();
    let room = store.room()?;
    let bandwidth = store.bandwidth()?;
    Ok(json!({
        "incarnation": store.incarnation()?,
        "epoch": store.epoch()?.as_deref().map(code_only),
        "has_cursor": store.cursor()?.is_some(),
        "highest_seq": store.highest_seq()?,
        "settled_through": store.settled_through()?,
        "audit_rows": store.audit_head()?.seq,
        "disk": { "free": room.free, "total": room.total },
        "limits": {
            "kbps": bandwidth.limit_kbps,
            "hours": bandwidth.windows.len(),
            "paused_since": store.pause(now)?.map(|pause| pause.since.0),
        },
        "held_removals": store
            .held_removals()?
            .iter()
            .map(|held| held.document.to_string())
            .collect::<Vec<_>>(),
        "latest_acts": {
            "waiting": count("waiting"),
            "applied": count("applied"),
            "conflict": count("conflict"),
            "rejected": count("rejected"),
        },
        "acts": acts.iter().map(act).collect::<Vec<_>>(),
        "history": store.happenings(None, LINES)?.iter().map(happening).collect::<Vec<_>>(),
    }))
}

fn exchange(status: &SyncStatus) -> Value {
    json!({
        "network": format!("{:?}", status.network),
        "since": status.since.0,
        "last_sync": status.last_sync.map(|at| at.0),
        "unsent": status.unsent,
        "needs_attention": status.needs_attention,
        "downloads_waiting": status.downloads_waiting,
        "syncing": status.syncing,
        "paused": status.paused,
        "load": format!("{:?}", status.load),
        "live": status.live,
        "comparing": status.comparing,
        "healed": status.healed,
        "stalls": status.stalls,
        "clock_wrong_by_ms": status.clock_wrong_by_ms,
        "moving": status.transfers.iter().map(|file| {
            json!({
                "file": start(file.sha256),
                "upload": file.upload,
                "done": file.done,
                "total": file.total,
                "rate": file.rate,
            })
        }).collect::<Vec<_>>(),
        "stuck": status.troubles.iter().map(|file| {
            json!({
                "file": start(file.sha256),
                "upload": file.upload,
                "kind": format!("{:?}", file.kind),
                "failures": file.failures,
                "given_up": file.given_up,
            })
        }).collect::<Vec<_>>(),
    })
}

/// An act by its ids. What the server wrote about a refusal may name people and stays out.
fn act(act: &ActEntry) -> Value {
    let (state, code) = fate(act);
    let attempts = match &act.fate {
        ActFate::Waiting { attempts } => Some(attempts),
        ActFate::Applied | ActFate::Conflict { .. } | ActFate::Rejected { .. } => None,
    };
    json!({
        "op": act.op.id.to_string(),
        "seq": act.op.local_seq,
        "document": act.op.lane.to_string(),
        "base_rev": act.op.base_rev,
        "kind": kind(&act.op.intent),
        "at": act.op.at.0,
        "state": state,
        "code": code,
        "attempts": attempts,
        "settled_at": act.settled_at.map(|at| at.0),
        "closed_at": act.dismissed_at.map(|at| at.0),
        "receipt": act.receipt.as_ref().map(|receipt| receipt.short()),
        "receipt_verified": act.receipt_ok,
    })
}

fn fate(act: &ActEntry) -> (&'static str, Option<&'static str>) {
    match &act.fate {
        ActFate::Waiting { .. } => ("waiting", None),
        ActFate::Applied => ("applied", None),
        ActFate::Conflict { code, .. } => ("conflict", Some(code.as_str())),
        ActFate::Rejected { code, .. } => ("rejected", Some(code.as_str())),
    }
}

fn kind(intent: &Intent) -> &'static str {
    match intent {
        Intent::AddOpinion { .. } => "add_opinion",
        Intent::LinkRevision { .. } => "link_revision",
        Intent::MarkRead => "mark_read",
        Intent::RegisterIncoming { .. } => "register_incoming",
        Intent::RegisterReceived { .. } => "register_received",
        Intent::VoidNumber { .. } => "void_number",
        Intent::PresentDocument { .. } => "present_document",
        Intent::Handle { act } => act.kind().word(),
        Intent::DraftDocument { .. } => "draft_document",
        Intent::WithdrawRegistration { .. } => "withdraw_registration",
        Intent::Dossier { act } => act.kind().word(),
        Intent::Task { act } => act.kind().word(),
        Intent::Calendar { act } => act.word(),
        Intent::ImportRows { .. } => "import_rows",
        Intent::ImportFile { .. } => "import_file",
    }
}

fn happening(line: &Happening) -> Value {
    json!({
        "at": line.at.0,
        "code": code_only(&line.code),
        "count": line.count,
        "detail": code_only(&line.detail),
    })
}

fn door(health: &PathHealth) -> Value {
    json!({
        "door": format!("{:?}", health.path),
        "answered": health.answered,
        "failed": health.failed,
        "failed_in_a_row": health.failed_in_a_row,
        "delay_ms": health.delay.map(|delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)),
        "last_fault": health.last_fault.as_ref().map(fault),
    })
}

fn fault(error: &RemoteError) -> String {
    match error {
        RemoteError::Unreachable => "UNREACHABLE".to_owned(),
        RemoteError::Untrusted => "UNTRUSTED".to_owned(),
        RemoteError::WrongNetwork { what } => format!("WRONG_NETWORK: {what}"),
        RemoteError::ProxyAuthNeeded => "PROXY_AUTH_NEEDED".to_owned(),
        RemoteError::ProxyRefused => "PROXY_REFUSED".to_owned(),
        RemoteError::LoginNeeded => "LOGIN_NEEDED".to_owned(),
        RemoteError::Refused { code, status, .. } => format!("{status} {}", code.as_str()),
        RemoteError::Protocol { what } => format!("PROTOCOL: {what}"),
        RemoteError::Source => "SOURCE".to_owned(),
        RemoteError::Cancelled => "CANCELLED".to_owned(),
        RemoteError::Configuration { what } => format!("CONFIGURATION: {what}"),
    }
}

fn way(proxy: &ProxySetting) -> &'static str {
    match proxy {
        ProxySetting::System => "system",
        ProxySetting::None => "none",
        ProxySetting::Manual { user: None, .. } => "manual",
        ProxySetting::Manual { user: Some(_), .. } => "manual, with a name",
    }
}

fn stage(stage: CompletionStage) -> &'static str {
    match stage {
        CompletionStage::Working => "working",
        CompletionStage::Waiting => "waiting",
        CompletionStage::Resting { .. } => "resting",
        CompletionStage::Closed => "closed",
        CompletionStage::Blocked => "blocked",
    }
}

/// Enough to tell two files apart, too little to prove which one it is.
fn start(sha256: Sha256) -> String {
    sha256.to_hex().chars().take(8).collect()
}

/// Lets codes and ids through and nothing that could be words of people.
fn code_only(text: &str) -> &str {
    let is_code = text
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let is_hex = text.len() >= 16 && text.chars().all(|c| c.is_ascii_hexdigit());
    if is_code || is_hex || text.parse::<OpId>().is_ok() {
        text
    } else {
        "…"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_ids_pass_and_words_do_not() {
        for passes in ["", "NEW_EPOCH", "0192f1c0aa55e1d2", "4"] {
            assert_eq!(code_only(passes), passes);
        }
        let id = "01a3a2b4-0000-7000-8000-000000000007".to_owned();
        assert_eq!(code_only(&id), id);
        for stays in ["Nguyễn Văn An", "lanhdao", "V/v rà soát", "a b"] {
            assert_eq!(code_only(stays), "…", "{stays}");
        }
    }
}
