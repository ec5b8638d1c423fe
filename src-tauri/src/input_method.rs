use tauri::WebviewWindow;
use webkit2gtk::{InputMethodContextExt, WebViewExt};

/// Has what an input method composes stand in the field itself, underlined. Wry turns that off, and then
/// a Vietnamese syllable shows only once it has ended, and is lost where the field is left before.
pub(crate) fn show_composing(window: &WebviewWindow) {
    let asked = window.with_webview(|webview| {
        if let Some(context) = webview.inner().input_method_context() {
            context.set_enable_preedit(true);
        }
    });
    if let Err(error) = asked {
        tracing::warn!(%error, "what an input method composes is not shown");
    }
}
