//! One desk per session and folder of data: who starts the program again is shown the window that is
//! there, hidden in the tray or not. By `org.freedesktop.Application`, as desktops know it.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use tauri::AppHandle;
use zbus::{
    Connection, Proxy, connection,
    fdo::RequestNameFlags,
    zvariant::{OwnedValue, Value},
};

use crate::system_tray;

const PATH: &str = "/vn/congvan/desk";
const INTERFACE: &str = "org.freedesktop.Application";

struct Application {
    app: AppHandle,
}

#[zbus::interface(name = "org.freedesktop.Application")]
impl Application {
    fn activate(&self, _platform_data: HashMap<String, OwnedValue>) {
        system_tray::present(&self.app);
    }
}

/// Whether this is the only desk on that data. Where another is, its window has been brought to the
/// front. Without a session bus nobody can be asked, and the store's own lock decides.
pub(crate) async fn is_first(app: &AppHandle, data: &Path) -> bool {
    match take(app, data).await {
        Ok(is_first) => is_first,
        Err(error) => {
            tracing::info!(%error, "no session bus to ask for another desk");
            true
        }
    }
}

async fn take(app: &AppHandle, data: &Path) -> zbus::Result<bool> {
    let mut hasher = DefaultHasher::new();
    data.hash(&mut hasher);
    let name = format!("vn.congvan.desk.d{:016x}", hasher.finish());
    let bus = connection::Builder::session()?
        .serve_at(PATH, Application { app: app.clone() })?
        .build()
        .await?;
    let flags = RequestNameFlags::DoNotQueue.into();
    match bus.request_name_with_flags(name.as_str(), flags).await {
        Ok(_) => {
            // The name is ours until the program ends.
            tauri::Manager::manage(app, bus);
            Ok(true)
        }
        Err(zbus::Error::NameTaken) => {
            activate(&bus, &name).await?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

async fn activate(bus: &Connection, name: &str) -> zbus::Result<()> {
    let other = Proxy::new(bus, name, PATH, INTERFACE).await?;
    let nothing: HashMap<&str, Value<'_>> = HashMap::new();
    other.call("Activate", &(nothing,)).await
}
