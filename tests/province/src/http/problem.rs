use axum::{
    Json,
    extract::{FromRequest, Request, rejection::JsonRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use congvan_protocol::{Problem, ProblemCode};
use serde::de::DeserializeOwned;

use crate::ProvinceError;

/// A request that is not served, as an RFC 9457 problem.
#[derive(Debug)]
pub(crate) struct Refusal {
    code: ProblemCode,
    retry_after_s: Option<u32>,
    headers: HeaderMap,
}

impl Refusal {
    pub(crate) fn new(code: ProblemCode) -> Self {
        Self {
            code,
            retry_after_s: None,
            headers: HeaderMap::new(),
        }
    }

    pub(crate) fn after(code: ProblemCode, seconds: u32) -> Self {
        Self {
            code,
            retry_after_s: Some(seconds),
            headers: HeaderMap::new(),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }
}

impl From<ProvinceError> for Refusal {
    fn from(error: ProvinceError) -> Self {
        tracing::error!(%error, "request failed");
        Self::new(ProblemCode::Internal)
    }
}

pub(super) fn status(code: ProblemCode) -> StatusCode {
    match code {
        ProblemCode::BadCredentials | ProblemCode::TokenExpired | ProblemCode::RefreshRevoked => {
            StatusCode::UNAUTHORIZED
        }
        ProblemCode::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        ProblemCode::CannotCalculateChanges
        | ProblemCode::DeviceRolledBack
        | ProblemCode::LeaseHeld
        | ProblemCode::LeaseStale
        | ProblemCode::YearClosed
        | ProblemCode::NumberTaken
        | ProblemCode::WrongState
        | ProblemCode::HeadMoved
        | ProblemCode::AlreadyRegistered
        | ProblemCode::OffsetMismatch => StatusCode::CONFLICT,
        ProblemCode::BundleDamaged
        | ProblemCode::BundleForeign
        | ProblemCode::BundleVersion
        | ProblemCode::BundleTooOld
        | ProblemCode::OpHashMismatch
        | ProblemCode::NotAnExtension
        | ProblemCode::SignatureInvalid
        | ProblemCode::SignerMismatch
        | ProblemCode::CertificateUntrusted => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemCode::NotFound => StatusCode::NOT_FOUND,
        ProblemCode::Forbidden
        | ProblemCode::CapacityEnded
        | ProblemCode::NoRedelegation
        | ProblemCode::BundleUnknownDesk => StatusCode::FORBIDDEN,
        ProblemCode::InvalidRequest | ProblemCode::DigestMismatch => StatusCode::BAD_REQUEST,
        ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemCode::UploadGone => StatusCode::GONE,
        ProblemCode::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        ProblemCode::Internal | ProblemCode::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

pub(super) fn retryable(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::TooManyAttempts
            | ProblemCode::OffsetMismatch
            | ProblemCode::Overloaded
            | ProblemCode::Internal
            | ProblemCode::TokenExpired
    )
}

/// The body of a refusal.
pub(super) fn describe(code: ProblemCode, retry_after_s: Option<u32>) -> Problem {
    Problem {
        type_uri: "about:blank".to_owned(),
        title: code.as_str().to_owned(),
        status: status(code).as_u16(),
        code,
        retryable: retryable(code),
        retry_after_s,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = describe(self.code, self.retry_after_s);
        let mut response = (status(self.code), self.headers, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// JSON whose refusal is a problem too.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(JsonRejection::BytesRejection(_)) => Err(Refusal::new(ProblemCode::TooLarge)),
            Err(_) => Err(Refusal::new(ProblemCode::InvalidRequest)),
        }
    }
}
