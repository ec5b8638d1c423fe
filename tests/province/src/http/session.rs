use axum::{
    Extension, Json,
    extract::{Query, State},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_protocol::{Health, Problem, SessionInfo, UploadLimits};
use serde::Deserialize;

use super::{Caller, Refusal, Shared, blocking, inject::OtherProvince};
use crate::{accounts, activities, books, mandates, mutant::Mutant, ops::people_of};

/// Query of the probe.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Probe {
    /// Nonce to echo.
    #[serde(default)]
    n: String,
}

/// Whether this is the province's server, and how busy it is. Needs no token.
#[utoipa::path(
    get, path = "/v1/health", tag = "session", params(Probe),
    responses((status = 200, description = "Here", body = Health))
)]
pub(crate) async fn health(
    State(office): State<Shared>,
    other: Option<Extension<OtherProvince>>,
    Query(probe): Query<Probe>,
) -> Json<Health> {
    let province = other.map_or_else(|| office.config.province.clone(), |Extension(o)| o.0);
    Json(Health {
        province,
        epoch: office.keys().epoch.clone(),
        time: office.now(),
        load: office.load(),
        reconnect_window_s: office.returning.window_s(office.config.reconnect_window_s),
        nonce: probe.n.chars().take(128).collect(),
    })
}

/// Who is logged in, limits, and what is needed to sign and to check signatures.
#[utoipa::path(
    get, path = "/v1/session", tag = "session", security(("bearer" = [])),
    responses(
        (status = 200, description = "The session", body = SessionInfo),
        (status = 401, description = "TOKEN_EXPIRED", body = Problem),
    )
)]
pub(crate) async fn session(
    State(office): State<Shared>,
    caller: Caller,
) -> Result<Json<SessionInfo>, Refusal> {
    let (account, signers, registry, (people, mandates, coming)) =
        blocking(&office, move |office| {
            office.db.read(|tx| {
                let account = accounts::info(tx, caller.account)?;
                let registry = books::registry(tx, caller.account)?.filter(|own| own.is_clerk);
                let registry = match registry {
                    Some(own) => Some((
                        accounts::agency(tx, &own.agency)?,
                        (
                            accounts::leaders(tx, &own.agency)?,
                            activities::of(tx, &own.agency)?,
                        ),
                    )),
                    None => None,
                };
                let signers = accounts::signers(tx, caller.account)?;
                let people = people_of(tx, caller.account)?;
                let mandates = match office.config.mutant {
                    Some(Mutant::HidesMandates) => Vec::new(),
                    Some(_) | None => mandates::of(tx, caller.account, office.now())?,
                };
                let coming = accounts::coming(tx, caller.account)?;
                let named = (people, mandates, coming);
                Ok::<_, crate::ProvinceError>((account, signers, registry, named))
            })
        })
        .await?;
    let (registry, own) = registry.unzip();
    let (leaders, activities) = own.unwrap_or_default();
    let encode = |list: &[Vec<u8>]| list.iter().map(|der| STANDARD.encode(der)).collect();
    Ok(Json(SessionInfo {
        account,
        upload: UploadLimits {
            max_file: office.config.max_file,
            max_append: office.config.max_append,
        },
        trust_roots: encode(&office.trust.roots),
        trust_intermediates: encode(&office.trust.intermediates),
        signers,
        signing: office.config.signing,
        completion: office.config.completion.clone(),
        leaders,
        people,
        mandates,
        registry,
        activities,
        coming,
        receipt_key: STANDARD.encode(office.keys().receipt_public()),
        courier_key: Some(office.keys().courier.public().to_text()),
        server_time: office.now(),
    }))
}
