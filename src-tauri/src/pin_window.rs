//! The PIN's own window. Its capability lets it call one command; the main window may not call
//! that one.

use congvan_core::{PinMode, PinRequest, PinState};
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
        .inner_size(WIDTH, height(request))
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

/// Width in CSS pixels.
const WIDTH: f64 = 460.0;

/// Tall enough for what the page asks, in CSS pixels: a last try has a warning and a box to tick, a
/// change has three fields.
fn height(request: &PinRequest) -> f64 {
    let fields = match request.mode {
        PinMode::Sign => 320.0,
        PinMode::Change => 470.0,
        PinMode::Pad => 320.0,
    };
    let warning = match request.pin_state {
        PinState::Ok | PinState::NotInitialised => 0.0,
        PinState::CountLow => 50.0,
        PinState::FinalTry => 110.0,
        PinState::Locked => 40.0,
    };
    fields + warning
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
