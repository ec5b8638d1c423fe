use axum::{Json, extract::State, http::StatusCode};
use congvan_protocol::{LoginRequest, Problem, ProblemCode, RefreshRequest, Tokens};

use super::{Caller, Refusal, Shared, blocking, problem::Body};
use crate::{accounts, auth, mutant::Mutant};

/// A hash to verify against when the name is unknown, so that time tells nobody which names exist.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Password for tokens.
#[utoipa::path(
    post, path = "/v1/auth/login", tag = "auth", request_body = LoginRequest,
    responses(
        (status = 200, description = "Logged in", body = Tokens),
        (status = 401, description = "BAD_CREDENTIALS", body = Problem),
        (status = 429, description = "TOO_MANY_ATTEMPTS, with Retry-After", body = Problem),
    )
)]
pub(crate) async fn login(
    State(office): State<Shared>,
    Body(request): Body<LoginRequest>,
) -> Result<Json<Tokens>, Refusal> {
    let name = request.username.trim().to_lowercase();
    if let Some(wait) = office
        .logins
        .wait_s(&name, office.now(), office.config.login_limit)
    {
        return Err(Refusal::after(ProblemCode::TooManyAttempts, wait));
    }
    let tokens = blocking(&office, move |office| {
        let now = office.now();
        let found = office.db.read(|tx| accounts::by_name(tx, &name))?;
        let stored = found.as_ref().map_or(NOBODY, |(_, hash)| hash.as_str());
        let matches = accounts::password_matches(&request.password, stored);
        let Some((account, _)) = found.filter(|_| matches) else {
            office.logins.failed(&name, now);
            return Ok(None);
        };
        office.logins.succeeded(&name);
        office.db.write(|tx| {
            let device = &request.device_name;
            let session = auth::open_session(tx, account, request.device, device, now)?;
            auth::issue(tx, (session, 1), account, now, office.config.access_ttl_s).map(Some)
        })
    })
    .await?;
    tokens
        .map(Json)
        .ok_or_else(|| Refusal::new(ProblemCode::BadCredentials))
}

/// Refresh token for new tokens. The old one stays good until the new one is first used here.
#[utoipa::path(
    post, path = "/v1/auth/refresh", tag = "auth", request_body = RefreshRequest,
    responses(
        (status = 200, description = "New tokens", body = Tokens),
        (status = 401, description = "REFRESH_REVOKED: log in again", body = Problem),
    )
)]
pub(crate) async fn refresh(
    State(office): State<Shared>,
    Body(request): Body<RefreshRequest>,
) -> Result<Json<Tokens>, Refusal> {
    let tokens = blocking(&office, move |office| {
        let (now, ttl) = (office.now(), office.config.access_ttl_s);
        office
            .db
            .write(|tx| auth::refresh(tx, &request.refresh_token, now, ttl))
    })
    .await?;
    tokens
        .map(Json)
        .ok_or_else(|| Refusal::new(ProblemCode::RefreshRevoked))
}

/// Ends the session of the access token.
#[utoipa::path(
    post, path = "/v1/auth/logout", tag = "auth", security(("bearer" = [])),
    responses(
        (status = 204, description = "Logged out: both tokens are dead"),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
    )
)]
pub(crate) async fn logout(
    State(office): State<Shared>,
    caller: Caller,
) -> Result<StatusCode, Refusal> {
    if office.config.mutant == Some(Mutant::ForgetsLogout) {
        return Ok(StatusCode::NO_CONTENT);
    }
    blocking(&office, move |office| {
        office.db.write(|tx| auth::revoke(tx, caller.session))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
