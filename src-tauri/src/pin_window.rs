//! The PIN's own window. Its capability lets it call one command; the main window may not call
//! that one.

use congvan_core::{PinRequest, PinState};
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};

/// Opens the window for a request, above the desk.
pub(crate) fn open(app: &AppHandle, request: &PinRequest, look: &[(String, String)]) {
    let look: Vec<(&str, &str)> = look
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let url = WebviewUrl::App(congvan_ipc::pin_page(request, &look).into());
    let mut window = WebviewWindowBuilder::new(app, label(request.id), url)
        .title("Mã PIN – Công Văn")
        // The last try has a warning and a box to tick.
        .inner_size(
            460.0,
            if request.pin_state == PinState::FinalTry {
                390.0
            } else {
                320.0
            },
        )
        .resizable(false)
        .minimizable(false)
        .maximizable(false)
        .always_on_top(true)
        .focused(true)
        .center();
    if let Some(main) = app.get_webview_window("main") {
        match window.parent(&main) {
            Ok(with_parent) => window = with_parent,
            Err(error) => {
                tracing::warn!(%error, "the PIN window has no parent");
                return;
            }
        }
    }
    if let Err(error) = window.build() {
        tracing::error!(%error, "the PIN window did not open");
    }
}

/// Closes the window of a request, if it is still there.
pub(crate) fn close(app: &AppHandle, request: u64) {
    if let Some(window) = app.get_webview_window(&label(request)) {
        let _ = window.destroy();
    }
}

/// The request a window belongs to.
pub(crate) fn request_of(label: &str) -> Option<u64> {
    label.strip_prefix("pin-")?.parse().ok()
}

fn label(request: u64) -> String {
    format!("pin-{request}")
}
