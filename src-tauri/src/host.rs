//! Starts the desk, opens its window and carries its events to the face.

use std::sync::Arc;

use congvan_core::{
    ChangeTag, Desk, DeskEvent, Notice, NoticeKind, NoticeTarget, PinAnswer, PinRequest,
};
use congvan_ipc::dto;
use serde::Serialize;
use tauri::{
    App, AppHandle, Emitter, Manager, RunEvent, WebviewUrl, WebviewWindowBuilder, WindowEvent,
};
use tokio::sync::broadcast::error::RecvError;

use crate::{commands, downloads, pages, paths, pin_window, scans, system_tray};

/// Runs the program until its window is closed.
pub(crate) fn run() -> anyhow::Result<()> {
    let app = tauri::Builder::default()
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_filter(|l| l == "main")
                .build(),
        )
        .register_asynchronous_uri_scheme_protocol("page", pages::serve)
        .invoke_handler(commands::handler())
        .setup(|app| Ok(set_up(app)?))
        .on_window_event(|window, event| {
            scans::dropped(window, event);
            system_tray::closing(window, event);
            if let (WindowEvent::Destroyed, Some(request)) =
                (event, pin_window::request_of(window.label()))
            {
                let desk = window.state::<Arc<Desk>>();
                desk.pin_answer(
                    request,
                    PinAnswer {
                        pin: None,
                        new_pin: None,
                        final_try_consent: false,
                    },
                );
            }
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        // Where another desk was there first, there is none to end.
        if let RunEvent::Exit = event
            && let Some(desk) = app.try_state::<Arc<Desk>>()
        {
            tauri::async_runtime::block_on(desk.inner().clone().shut_down());
        }
    });
    Ok(())
}

fn set_up(app: &mut App) -> anyhow::Result<()> {
    let config = paths::desk_config(app.handle())?;
    #[cfg(target_os = "linux")]
    if !tauri::async_runtime::block_on(crate::only_one::is_first(app.handle(), &config.data_dir)) {
        app.handle().exit(0);
        return Ok(());
    }
    let desk = tauri::async_runtime::block_on(async { Desk::launch(config) });
    app.manage(desk.clone());
    app.manage(system_tray::Shown::default());
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Công Văn")
        .inner_size(1366.0, 768.0)
        // 1366×768 at 200 % has 683×384.
        .min_inner_size(640.0, 360.0)
        .on_download(|_, event| downloads::allow(event))
        .build()?;
    #[cfg(target_os = "linux")]
    crate::input_method::show_composing(&window);
    #[cfg(not(target_os = "linux"))]
    drop(window);
    tauri::async_runtime::spawn(system_tray::run(app.handle().clone(), desk.clone()));
    tauri::async_runtime::spawn(carry_events(app.handle().clone(), desk));
    Ok(())
}

async fn carry_events(app: AppHandle, desk: Arc<Desk>) {
    let mut events = desk.events();
    loop {
        match events.recv().await {
            Ok(DeskEvent::Changed(tags)) => emit_changed(&app, &tags),
            Ok(DeskEvent::PinWanted(request)) => open_pin_window(&app, &desk, request).await,
            Ok(DeskEvent::PinClosed(request)) => {
                let handle = app.clone();
                let _ = app.run_on_main_thread(move || pin_window::close(&handle, request));
            }
            Ok(DeskEvent::Notify(notice)) => notify(&app, notice, desk.is_locked()),
            // We were too slow and missed some: re-read everything.
            Err(RecvError::Lagged(_)) => {
                emit_changed(
                    &app,
                    &[
                        ChangeTag::Documents,
                        ChangeTag::Sync,
                        ChangeTag::Session,
                        ChangeTag::Token,
                        ChangeTag::Intake,
                    ],
                );
            }
            Err(RecvError::Closed) => return,
        }
    }
}

fn emit_changed(app: &AppHandle, tags: &[ChangeTag]) {
    let _ = app.emit_to("main", "changed", dto::Changed::from(tags));
}

async fn open_pin_window(app: &AppHandle, desk: &Desk, request: PinRequest) {
    let settings = desk.settings().await.unwrap_or_default();
    let look: Vec<(String, String)> = [("theme", "theme"), ("language", "lang")]
        .into_iter()
        .filter_map(|(key, name)| Some((name.to_owned(), settings.get(key)?.clone())))
        .collect();
    let handle = app.clone();
    let _ = app.run_on_main_thread(move || pin_window::open(&handle, &request, &look));
}

#[derive(Clone, Serialize)]
struct OpenDocument {
    document: String,
}

fn open(app: &AppHandle, target: NoticeTarget) {
    match target {
        NoticeTarget::Document(document) => {
            let document = document.to_string();
            let _ = app.emit_to("main", "open-document", OpenDocument { document });
        }
        NoticeTarget::Tasks => system_tray::open_list(app, "tasks"),
    }
}

/// Heading and body of a notification.
fn words(notice: Notice, is_locked: bool) -> (String, String) {
    if is_locked {
        let heading = match notice.kind {
            NoticeKind::UrgentDocument => "Có văn bản khẩn mới",
            NoticeKind::TaskDeadline { .. } | NoticeKind::TaskDeadlines { .. } => {
                "Có nhiệm vụ đến hạn"
            }
        };
        let body = "Mở khoá bàn làm việc để xem.";
        return (heading.to_owned(), body.to_owned());
    }
    match notice.kind {
        NoticeKind::UrgentDocument => (format!("Văn bản khẩn: {}", notice.title), notice.body),
        NoticeKind::TaskDeadline { days_left: 0 } => {
            ("Nhiệm vụ đến hạn hôm nay".to_owned(), notice.title)
        }
        NoticeKind::TaskDeadline { days_left } if days_left < 0 => {
            ("Nhiệm vụ đã quá hạn".to_owned(), notice.title)
        }
        NoticeKind::TaskDeadline { days_left } => {
            let heading = format!("Nhiệm vụ còn {days_left} ngày làm việc");
            (heading, notice.title)
        }
        NoticeKind::TaskDeadlines { count } => {
            let heading = format!("{count} nhiệm vụ sắp đến hạn hoặc quá hạn");
            (heading, "Mở mục Nhiệm vụ để xem.".to_owned())
        }
    }
}

/// Shows a notification of the system; clicking it opens what it is about. While the desk is covered it
/// names none.
fn notify(app: &AppHandle, notice: Notice, is_locked: bool) {
    let app = app.clone();
    tauri::async_runtime::spawn_blocking(move || {
        let opens = notice.opens;
        let (heading, body) = words(notice, is_locked);
        let shown = notify_rust::Notification::new()
            .appname("Công Văn")
            .summary(&heading)
            .body(&body)
            .icon("congvan")
            .action(
                "default",
                match opens {
                    NoticeTarget::Document(_) => "Mở văn bản",
                    NoticeTarget::Tasks => "Xem nhiệm vụ",
                },
            )
            .show();
        match shown {
            #[cfg(all(unix, not(target_os = "macos")))]
            Ok(handle) => handle.wait_for_action(|action| {
                if action == "default" {
                    system_tray::present(&app);
                    open(&app, opens);
                }
            }),
            #[cfg(not(all(unix, not(target_os = "macos"))))]
            Ok(_) => drop(app),
            Err(error) => tracing::info!(%error, "no notification service"),
        }
    });
}
