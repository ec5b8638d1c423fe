//! The command table as Tauri commands. Bodies live in `congvan-ipc`.

use std::sync::Arc;

use congvan_core::Desk;
use congvan_ipc::{IpcError, dto};
use tauri::State;

macro_rules! tauri_commands {
    ($($(#[$doc:meta])* $name:ident($args:ident) -> $answer:ty;)*) => {
        pub(crate) mod table {
            #[allow(clippy::wildcard_imports)]
            use super::{dto::*, *};
            $(
                $(#[$doc])*
                #[tauri::command]
                pub(crate) async fn $name(
                    desk: State<'_, Arc<Desk>>,
                    args: dto::$args,
                ) -> Result<$answer, IpcError> {
                    congvan_ipc::admit(&desk, stringify!($name))?;
                    congvan_ipc::$name(&desk, args).await
                }
            )*
        }

        /// Routes the webview's calls; which window may call what is in `capabilities/`.
        pub(crate) fn handler()
        -> impl Fn(tauri::ipc::Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![
                $(table::$name,)*
                crate::scans::choose_scans,
                crate::scans::choose_draft_file,
                crate::scans::choose_scan_folder,
                crate::outside::courier_write,
                crate::outside::courier_carry,
                crate::outside::courier_receive,
                crate::outside::dossier_package,
                crate::importing::import_choose_table,
                crate::importing::import_choose_folder
            ]
        }
    };
}

congvan_ipc::for_each_command!(tauri_commands);
