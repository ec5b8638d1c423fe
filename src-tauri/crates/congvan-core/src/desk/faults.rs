//! What faults below mean for the person at the desk.

use congvan_protocol::ProblemCode;
use congvan_remote::RemoteError;
use congvan_store::StoreError;

use crate::DeskError;

/// What a failed login means.
pub(super) fn login_fault(error: RemoteError) -> DeskError {
    match error {
        RemoteError::Refused {
            code: ProblemCode::BadCredentials,
            ..
        }
        | RemoteError::LoginNeeded => DeskError::BadCredentials,
        RemoteError::Refused {
            code: ProblemCode::TooManyAttempts,
            retry_after_s,
            ..
        } => DeskError::TooManyAttempts {
            seconds: retry_after_s.unwrap_or(60),
        },
        other => remote_fault(&other),
    }
}

/// What a failed call means for the person.
pub(crate) fn remote_fault(error: &RemoteError) -> DeskError {
    match error {
        RemoteError::Unreachable | RemoteError::Cancelled => DeskError::Unreachable,
        RemoteError::Untrusted => DeskError::Untrusted,
        RemoteError::WrongNetwork { .. } => DeskError::WrongNetwork,
        RemoteError::ProxyAuthNeeded => DeskError::ProxyAuthNeeded,
        RemoteError::ProxyRefused => DeskError::ProxyRefused,
        RemoteError::LoginNeeded => DeskError::NotLoggedIn,
        RemoteError::Refused { status, .. } if *status >= 500 || *status == 429 => {
            DeskError::ServerBusy
        }
        RemoteError::Refused { code, .. } => DeskError::ServerRefused {
            code: code.as_str().to_owned(),
        },
        RemoteError::Configuration { .. } => DeskError::Unconfigured,
        RemoteError::Protocol { what } => DeskError::Internal(format!("protocol: {what}")),
        RemoteError::Source => DeskError::Internal("upload source".to_owned()),
    }
}

/// The same fault once more: errors of the start are told to everyone who asks.
pub(super) fn again(error: &DeskError) -> DeskError {
    match error {
        DeskError::Store(error) => DeskError::Store(same(error)),
        other => DeskError::Internal(other.to_string()),
    }
}

pub(super) fn same(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full => StoreError::Full,
        StoreError::ReadOnly => StoreError::ReadOnly,
        StoreError::Locked => StoreError::Locked,
        StoreError::InUse => StoreError::InUse,
        StoreError::Corrupt { what } => StoreError::Corrupt { what },
        StoreError::NewerSchema { found, known } => StoreError::NewerSchema {
            found: *found,
            known: *known,
        },
        StoreError::KeyWrong => StoreError::KeyWrong,
        StoreError::KeyringUnavailable { reason } => StoreError::KeyringUnavailable {
            reason: reason.clone(),
        },
        _ => StoreError::Corrupt {
            what: "data folder",
        },
    }
}
