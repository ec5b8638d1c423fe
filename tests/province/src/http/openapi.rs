use congvan_protocol::{Bundle, BundleAnswer, ProblemCode};
use serde_json::Value;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{
    agencies, auth, blobs, books, courier, events, examples, inventory, mandates, posts, problem,
    session, sync, uploads,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Công Văn: desk and province",
        version = "1"
    ),
    paths(
        auth::login,
        auth::refresh,
        auth::logout,
        session::health,
        session::session,
        sync::sync,
        sync::changes,
        events::events,
        mandates::give,
        mandates::revoke,
        posts::give,
        posts::end,
        inventory::inventory,
        inventory::bodies,
        agencies::agencies,
        books::list,
        books::voids,
        books::lease,
        books::give_back,
        books::break_lease,
        courier::carry,
        courier::keys,
        blobs::download,
        uploads::create,
        uploads::state,
        uploads::append,
        uploads::cancel,
    ),
    components(schemas(Bundle, BundleAnswer)),
    modifiers(&Bearer)
)]
struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        openapi
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The OpenAPI description as pretty JSON with a final line break: the text of `openapi.json`.
///
/// # Errors
/// Never for the types of the protocol; the error is serde's.
pub fn openapi_json() -> Result<String, serde_json::Error> {
    let mut value = serde_json::to_value(Description::openapi())?;
    if let Some(info) = value.get_mut("info").and_then(Value::as_object_mut) {
        info.insert("description".to_owned(), Value::String(text()));
    }
    examples::put(&mut value)?;
    Ok(serde_json::to_string_pretty(&sorted(value))? + "\n")
}

const RULES: &str = include_str!("protocol.md");

/// What no single endpoint says, and every code.
fn text() -> String {
    let mut text = format!(
        "{RULES}\n## Codes\n\n| code | status | retryable | meaning |\n|---|---|---|---|\n"
    );
    for (code, meaning) in ProblemCode::EXPLAINED {
        let status = problem::status(*code).as_u16();
        let again = if problem::retryable(*code) {
            "yes"
        } else {
            "no"
        };
        let row = format!("| {} | {status} | {again} |{meaning} |\n", code.as_str());
        text.push_str(&row);
    }
    text
}

/// With its keys in order: whether serde_json keeps or sorts them depends on what else is in the
/// build, and the file must not.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries
                .into_iter()
                .map(|(key, value)| (key, sorted(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        plain @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => plain,
    }
}
