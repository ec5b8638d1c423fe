//! The desk's item in the system's tray, asked and pressed over the session bus as a desktop does: we
//! are the desktop that shows it.

use std::{
    collections::HashMap,
    path::Path,
    process::Command,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use congvan_testkit::LEADER;
use serde_json::Value as Json;
use thirtyfour::prelude::*;
use zbus::{
    Connection, Proxy, connection,
    zvariant::{OwnedValue, Structure, Value},
};

use crate::{
    office::Office,
    story::{Narrator, call},
    window::Window,
};

const PATIENCE: Duration = Duration::from_secs(20);
const TITLE: &str = "Công Văn";

/// What a window manager sends when a person presses the cross: asks the window to close.
const CROSS: &str = r"
import ctypes, sys
from ctypes import c_int, c_long, c_ulong, c_void_p
x = ctypes.CDLL('libX11.so.6')
x.XOpenDisplay.restype = c_void_p
x.XInternAtom.restype = c_ulong
display = c_void_p(x.XOpenDisplay(None))
window = int(sys.argv[1])
class Message(ctypes.Structure):
    _fields_ = [('type', c_int), ('serial', c_ulong), ('sent', c_int), ('display', c_void_p),
                ('window', c_ulong), ('kind', c_ulong), ('format', c_int), ('data', c_long * 5),
                ('rest', c_long * 12)]
atom = lambda name: x.XInternAtom(display, name, 0)
message = Message(33, 0, 1, display, window, atom(b'WM_PROTOCOLS'), 32,
                  (c_long * 5)(atom(b'WM_DELETE_WINDOW'), 0, 0, 0, 0))
x.XSendEvent(display, c_ulong(window), 0, 0, ctypes.byref(message))
x.XSync(display, 0)
";

/// The part of a desktop that items of the tray report to.
struct Watcher {
    items: Arc<Mutex<Vec<String>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        items.push(service);
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// A tray, and the item that reported to it.
struct Desktop {
    bus: Connection,
    items: Arc<Mutex<Vec<String>>>,
}

/// An entry of the menu as it travels: its number, what it has, what is below it.
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// A line of the item's menu.
struct Entry {
    id: i32,
    label: String,
}

impl Desktop {
    async fn start() -> anyhow::Result<Self> {
        let items = Arc::new(Mutex::new(Vec::new()));
        let watcher = Watcher {
            items: items.clone(),
        };
        let bus = connection::Builder::session()?
            .serve_at("/StatusNotifierWatcher", watcher)?
            .name("org.kde.StatusNotifierWatcher")?
            .build()
            .await?;
        Ok(Self { bus, items })
    }

    async fn item(&self) -> anyhow::Result<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let known = self
                .items
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .last()
                .cloned();
            if let Some(item) = known {
                return Ok(item);
            }
            ensure!(Instant::now() < deadline, "no item came to the tray");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn menu_proxy(&self) -> anyhow::Result<Proxy<'static>> {
        let item = self.item().await?;
        Ok(Proxy::new(&self.bus, item, "/MenuBar", "com.canonical.dbusmenu").await?)
    }

    async fn menu(&self) -> anyhow::Result<Vec<Entry>> {
        let names: Vec<&str> = Vec::new();
        let (_, (_, _, children)): (u32, Node) = self
            .menu_proxy()
            .await?
            .call("GetLayout", &(0_i32, -1_i32, names))
            .await?;
        let mut entries = Vec::new();
        for child in children {
            let fields = Structure::try_from(child)?.into_fields();
            let mut fields = fields.into_iter();
            let id = i32::try_from(fields.next().context("an id")?)?;
            let properties: HashMap<String, Value<'_>> =
                fields.next().context("properties")?.try_into()?;
            if let Some(Value::Str(label)) = properties.get("label") {
                let label = label.to_string();
                entries.push(Entry { id, label });
            }
        }
        Ok(entries)
    }

    async fn labels(&self) -> anyhow::Result<Vec<String>> {
        let menu = self.menu().await?;
        Ok(menu.into_iter().map(|entry| entry.label).collect())
    }

    /// The menu once it says that.
    async fn menu_when(
        &self,
        what: &str,
        is_so: impl Fn(&[String]) -> bool,
    ) -> anyhow::Result<Vec<String>> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let labels = self.labels().await?;
            if is_so(&labels) {
                return Ok(labels);
            }
            ensure!(Instant::now() < deadline, "never {what}: {labels:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn press(&self, label: &str) -> anyhow::Result<()> {
        let menu = self.menu().await?;
        let entry = menu.iter().find(|entry| entry.label.starts_with(label));
        let id = entry.with_context(|| format!("no {label} in the menu"))?.id;
        let event = (id, "clicked", Value::from(""), 0_u32);
        let menu = self.menu_proxy().await?;
        Ok(menu.call("Event", &event).await?)
    }
}

/// Counts, hiding and coming back, a list from the menu, the covered desk, the end.
pub(crate) async fn play(
    tell: &mut Narrator,
    office: &Office,
    application: &Path,
) -> anyhow::Result<()> {
    let desktop = Desktop::start().await?;
    let window = Window::open(application, &office.environment(), &office.logs()).await?;
    enter(&window).await?;
    counts(tell, &desktop, &window).await?;

    cross()?;
    visible(false).await?;
    said_once().await?;
    tell.say("Đóng cửa sổ: Công Văn ẩn vào khay hệ thống và nói rõ một lần");
    desktop.press("Quá hạn").await?;
    visible(true).await?;
    window
        .until(
            "the list of what is overdue is open",
            "return document.querySelector('[data-testid=\"view-incoming_overdue\"]')?.getAttribute('aria-selected') === 'true'",
        )
        .await?;
    tell.say("Bấm “Quá hạn” trong khay: cửa sổ hiện lại đúng danh sách ấy");
    tell.photograph(&window, "khay-qua-han").await?;

    cross()?;
    visible(false).await?;
    let again = Command::new(application)
        .envs(office.environment())
        .status()?;
    ensure!(again.success(), "the second start ended with {again}");
    visible(true).await?;
    tell.say("Mở chương trình lần nữa khi đang ẩn: cửa sổ cũ hiện lại, không mở bàn thứ hai");

    // The tray goes away while the window is hidden in it.
    cross()?;
    visible(false).await?;
    drop(desktop);
    visible(true).await?;
    tell.say("Khay hệ thống mất: cửa sổ tự hiện lại");

    let desktop = Desktop::start().await?;
    desktop.press("Khoá bàn làm việc").await?;
    window.see_css("[data-testid='lock-screen']").await?;
    let covered = desktop
        .menu_when("covered", |labels| labels.len() == 2)
        .await?;
    ensure!(covered == ["Mở khoá…", "Thoát"], "it tells: {covered:?}");
    let program = window.program().await?;
    desktop.press("Thoát").await?;
    let deadline = Instant::now() + PATIENCE;
    while Path::new(&format!("/proc/{program}/exe")).exists() {
        ensure!(Instant::now() < deadline, "the desk does not end");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tell.say("Bàn làm việc đã khoá: khay không nói gì thêm; “Thoát” kết thúc chương trình");
    window.abandon().await
}

pub(crate) async fn enter(window: &Window) -> anyhow::Result<()> {
    window
        .until(
            "a desk or its door",
            "return !!document.querySelector('[data-testid=\"login-form\"],[data-testid=\"nav-incoming\"]')",
        )
        .await?;
    if window.driver.find(By::Testid("login-form")).await.is_ok() {
        window.fill("login-username", LEADER.username).await?;
        window.fill("login-password", LEADER.password).await?;
        window.click("login-submit").await?;
    }
    window.click("nav-incoming").await?;
    window.see("document-row").await.map(drop)
}

/// The menu says what the desk's own counts say.
async fn counts(tell: &mut Narrator, desktop: &Desktop, window: &Window) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let counts = call(window, "view_counts").await?;
        let labels = desktop.labels().await?;
        let wanted: Vec<String> = [
            ("Quá hạn", "incoming_overdue"),
            ("Chờ xử lý", "incoming_pending"),
            ("Trình ký", "to_sign"),
        ]
        .iter()
        .filter_map(|(word, key)| Some(format!("{word}: {}", counts.get(key)?.as_u64()?)))
        .collect();
        let has_some = counts.get("incoming_overdue").and_then(Json::as_u64) > Some(0);
        if has_some && wanted.iter().all(|line| labels.contains(line)) {
            ensure!(
                labels.contains(&"Trực tuyến".to_owned()),
                "no line: {labels:?}"
            );
            tell.say(&format!("Khay hệ thống: {}", labels.join(" · ")));
            return Ok(());
        }
        ensure!(
            Instant::now() < deadline,
            "the menu says {labels:?}, the desk {counts}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn cross() -> anyhow::Result<()> {
    let id = on_screen()?.context("no window to close")?;
    let done = Command::new("/usr/bin/python3")
        .args(["-c", CROSS, &id])
        .status()?;
    ensure!(done.success(), "the window was not asked to close: {done}");
    Ok(())
}

fn on_screen() -> anyhow::Result<Option<String>> {
    let found = Command::new("xdotool")
        .args(["search", "--onlyvisible", "--name", TITLE])
        .output()
        .context("xdotool does not run")?;
    let ids = String::from_utf8_lossy(&found.stdout).into_owned();
    Ok(ids.lines().last().map(str::to_owned))
}

async fn visible(wanted: bool) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while on_screen()?.is_some() != wanted {
        ensure!(
            Instant::now() < deadline,
            "the window is {}",
            if wanted { "hidden" } else { "shown" }
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn said_once() -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let history = Command::new("dunstctl").arg("history").output()?;
        if String::from_utf8_lossy(&history.stdout).contains("khay hệ thống") {
            return Ok(());
        }
        // What is still on the screen moves to the history, where it can be read.
        Command::new("dunstctl").arg("close-all").status()?;
        ensure!(
            Instant::now() < deadline,
            "it was not said where the window went"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
