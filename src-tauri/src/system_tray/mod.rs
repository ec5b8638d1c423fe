//! The desk's item in the system's tray: what there is to do, how the line stands, and the few acts
//! that need no window. Where there is no tray the window closes as it always did.
//!
//! Invariant: a covered desk tells the tray nothing.

// Only Linux has an item by now.
#![cfg_attr(not(target_os = "linux"), allow(dead_code))]

mod facts;
mod icon;
#[cfg(target_os = "linux")]
mod item;
mod words;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use congvan_core::Desk;
use serde::Serialize;
use tauri::{AppHandle, Emitter, Manager, Window, WindowEvent};

use facts::{Act, Facts};
use words::Words;

/// What the person wants of the window's closing; anything else hides it in the tray.
const CLOSE: &str = "window.close";
const QUIT: &str = "quit";
/// It was said once that the desk goes on in the tray.
const SAID: &str = "window.close.said";

/// Whether somebody shows our item: only then may the window hide.
#[derive(Default)]
pub(crate) struct Shown(AtomicBool);

impl Shown {
    fn set(&self, shown: bool) {
        self.0.store(shown, Ordering::Release);
    }

    fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Keeps the item as the desk is, until the desk ends. Without a tray it ends at once.
#[cfg(target_os = "linux")]
pub(crate) async fn run(app: AppHandle, desk: Arc<Desk>) {
    item::run(app, desk).await;
}

/// Keeps the item as the desk is, until the desk ends. Without a tray it ends at once.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn run(_: AppHandle, _: Arc<Desk>) {}

/// Closing the desk's window hides it, where the tray shows our item and somebody works here.
pub(crate) fn closing(window: &Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else {
        return;
    };
    let app = window.app_handle().clone();
    if window.label() != "main" || !app.state::<Shown>().get() {
        return;
    }
    api.prevent_close();
    let desk = app.state::<Arc<Desk>>().inner().clone();
    tauri::async_runtime::spawn(async move {
        let settings = desk.settings().await.unwrap_or_default();
        let wants_end = settings.get(CLOSE).is_some_and(|value| value == QUIT);
        if wants_end || matches!(Facts::of(&desk).await, Facts::Nobody) {
            app.exit(0);
            return;
        }
        if let Some(window) = app.get_webview_window("main") {
            let _ = window.hide();
        }
        if !settings.contains_key(SAID) {
            say_once(&desk, Words::of(&settings)).await;
        }
    });
}

async fn say_once(desk: &Desk, words: Words) {
    let (heading, body) = (
        words.say("systemTray.hidden"),
        words.say("systemTray.hiddenText"),
    );
    tauri::async_runtime::spawn_blocking(move || {
        let shown = notify_rust::Notification::new()
            .appname("Công Văn")
            .summary(&heading)
            .body(&body)
            .icon("congvan")
            .show();
        if let Err(error) = shown {
            tracing::info!(%error, "no notification service");
        }
    });
    if let Err(error) = desk.set_setting(SAID.to_owned(), "1".to_owned()).await {
        tracing::info!(%error, "it will be said again that the desk is in the tray");
    }
}

/// Brings the desk's window before everything else.
pub(crate) fn present(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Shows a list of the main window.
pub(crate) fn open_list(app: &AppHandle, view: &'static str) {
    #[derive(Clone, Serialize)]
    struct OpenList {
        view: &'static str,
    }
    let _ = app.emit_to("main", "open-list", OpenList { view });
}

/// Does what was chosen in the tray.
fn act(app: &AppHandle, act: Act) {
    let desk = app.state::<Arc<Desk>>().inner().clone();
    match act {
        Act::Open => present(app),
        Act::List(view) => {
            present(app);
            open_list(app, view);
        }
        Act::SyncNow => {
            tauri::async_runtime::spawn(async move {
                if let Err(error) = desk.sync_now().await {
                    tracing::info!(%error, "no sync from the tray");
                }
            });
        }
        Act::Lock => {
            tauri::async_runtime::spawn(async move {
                if let Err(error) = desk.lock().await {
                    tracing::warn!(%error, "the desk was not covered");
                }
            });
        }
        Act::Quit => app.exit(0),
    }
}
