use congvan_core::{PinMode, PinRequest, PinState};

/// The address of the PIN window's page for a request; `look` adds theme and language. The
/// window's context travels in the query, so that the window needs no command but its one:
/// `mode` is `sign`, `change` (old, new, repeat) or `pad` (typed on the reader); `min` and `max` are
/// the PIN's length, where the token says so.
#[must_use]
pub fn pin_page(request: &PinRequest, look: &[(&str, &str)]) -> String {
    let state = match request.pin_state {
        PinState::Ok => "ok",
        PinState::CountLow => "count_low",
        PinState::FinalTry => "final_try",
        PinState::Locked => "locked",
        PinState::NotInitialised => "not_initialised",
    };
    let mode = match request.mode {
        PinMode::Sign => "sign",
        PinMode::Change => "change",
        PinMode::Pad => "pad",
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("request", &request.id.to_string())
        .append_pair("token", &request.token)
        .append_pair("state", state)
        .append_pair("subject", &request.subject)
        .append_pair("document", &request.document)
        .append_pair("mode", mode)
        .append_pair("count", &request.count.to_string())
        .extend_pairs(look);
    let (min, max) = request.length;
    if max > 0 {
        query
            .append_pair("min", &min.to_string())
            .append_pair("max", &max.to_string());
    }
    format!("pin.html?{}", query.finish())
}
