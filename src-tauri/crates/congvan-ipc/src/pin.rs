use congvan_core::{PinRequest, PinState};

/// The address of the PIN window's page for a request; `look` adds theme and language. The
/// window's context travels in the query, so that the window needs no command but its one.
#[must_use]
pub fn pin_page(request: &PinRequest, look: &[(&str, &str)]) -> String {
    let state = match request.pin_state {
        PinState::Ok => "ok",
        PinState::CountLow => "count_low",
        PinState::FinalTry => "final_try",
        PinState::Locked => "locked",
        PinState::NotInitialised => "not_initialised",
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("request", &request.id.to_string())
        .append_pair("token", &request.token)
        .append_pair("state", state)
        .append_pair("subject", &request.subject)
        .append_pair("document", &request.document)
        .extend_pairs(look);
    format!("pin.html?{}", query.finish())
}
