//! Vietnamese typed with real keys through an input method that composes (IBus with Unikey, Telex):
//! what a person presses, from the X server to the server of the province.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use congvan_testkit::LEADER;
use thirtyfour::prelude::*;

use crate::{
    office::Office,
    process::Process,
    story::{Narrator, page_painted},
    window::Window,
};

/// The engine in its usual setting: Telex, the syllable underlined until it ends.
const ENGINE: &str = "Unikey";
/// The window of the desk, as the X server knows it.
const TITLE: &str = "Công Văn";
const PATIENCE: Duration = Duration::from_secs(20);

/// Notes what reaches the page: whether a syllable is being composed, and keys that came meanwhile.
const NOTES: &str = "\
    window.typed = { composing: false, starts: 0 }; \
    addEventListener('compositionstart', () => { typed.composing = true; typed.starts += 1; }, true); \
    addEventListener('compositionend', () => { typed.composing = false; }, true);";

/// Search, palette, an opinion sent in the middle of a syllable, a form left in the middle of one.
pub(crate) async fn play(
    tell: &mut Narrator,
    office: &Office,
    application: &Path,
) -> anyhow::Result<()> {
    let (_daemon, address) = input_method(office).await?;
    let mut environment = office.environment();
    environment.push(("GTK_IM_MODULE".to_owned(), "ibus".to_owned()));
    environment.push(("IBUS_ADDRESS".to_owned(), address));
    let window = Window::open(application, &environment, &office.logs()).await?;
    window.driver.execute(NOTES, Vec::new()).await?;
    focus().await?;
    enter(&window).await?;
    search(tell, &window).await?;
    palette(tell, &window).await?;
    opinion(tell, &window).await?;
    form(tell, &window).await?;
    window.close().await
}

/// Starts the daemon and waits until the engine is the one for all windows.
async fn input_method(office: &Office) -> anyhow::Result<(Process, String)> {
    let mut command = Command::new("ibus-daemon");
    command.args(["--panel", "disable", "--emoji-extension", "disable"]);
    let daemon = Process::start("ibus", &mut command, &office.logs())?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let address = ibus(&["address"])?;
        if address.starts_with("unix:") {
            // It says that it could not set the keyboard of a screen that has none, and chooses.
            ibus(&["engine", ENGINE])?;
            if ibus(&["engine"])? == ENGINE {
                return Ok((daemon, address));
            }
        }
        ensure!(Instant::now() < deadline, "the input method does not start");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn ibus(arguments: &[&str]) -> anyhow::Result<String> {
    let said = Command::new("ibus").args(arguments).output();
    let said = said.context("ibus does not run")?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

/// The leader's desk, whether somebody was there before or not.
async fn enter(window: &Window) -> anyhow::Result<()> {
    window
        .until(
            "a desk or its door",
            "return !!document.querySelector('[data-testid=\"login-form\"],[data-testid=\"nav-incoming\"]')",
        )
        .await?;
    if window.driver.find(By::Testid("login-form")).await.is_ok() {
        // The driver's own keys would pass the input method by and come out of order.
        click(window, "login-username").await?;
        strike(LEADER.username)?;
        says(window, "login-username", LEADER.username, true).await?;
        click(window, "login-password").await?;
        strike(LEADER.password)?;
        key("Return")?;
    }
    window.click("nav-incoming").await?;
    window.see("document-row").await?;
    window.click("view-incoming_all").await?;
    window.click("document-row").await?;
    page_painted(window).await
}

/// The keys go to the window that has the focus of the X server.
pub(crate) async fn focus() -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let done = Command::new("xdotool")
            .args(["search", "--onlyvisible", "--name", TITLE, "windowfocus"])
            .status()
            .context("xdotool does not run")?;
        if done.success() {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "no window {TITLE}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Clicks with the pointer of the X server: the driver's own clicks pass the input method by, which has
/// to end its syllable first.
async fn click(window: &Window, test_id: &str) -> anyhow::Result<()> {
    window.see(test_id).await?;
    let script = format!(
        "const place = document.querySelector('[data-testid=\"{test_id}\"]').getBoundingClientRect(); \
         return [place.x + place.width / 2, place.y + place.height / 2].map(Math.round)"
    );
    let place = window.driver.execute(&script, Vec::new()).await?;
    let place: Vec<u32> = place.convert()?;
    let [x, y] = place.as_slice() else {
        anyhow::bail!("{test_id} has no place");
    };
    let (x, y) = (x.to_string(), y.to_string());
    xdotool(&[
        "search",
        "--onlyvisible",
        "--name",
        TITLE,
        "mousemove",
        "--window",
        "%1",
        &x,
        &y,
        "click",
        "1",
    ])?;
    focused(window, test_id).await
}

/// Presses the keys of a text, one after the other, as fast as a good typist.
fn strike(text: &str) -> anyhow::Result<()> {
    xdotool(&["type", "--delay", "40", text])
}

pub(crate) fn key(name: &str) -> anyhow::Result<()> {
    xdotool(&["key", name])
}

pub(crate) fn xdotool(arguments: &[&str]) -> anyhow::Result<()> {
    let done = Command::new("xdotool").args(arguments).status()?;
    ensure!(done.success(), "xdotool {arguments:?}: {done}");
    Ok(())
}

/// Waits until a field says exactly that, each letter one sign, while its last syllable is composed or
/// after it has ended.
async fn says(window: &Window, field: &str, text: &str, composing: bool) -> anyhow::Result<()> {
    let script = format!(
        "const field = document.querySelector('[data-testid=\"{field}\"]'); \
         return field?.value === '{text}'.normalize('NFC') && typed.composing === {composing} \
           ? true : `${{field?.value}} ${{typed.composing}}`"
    );
    window.until(&format!("{field} says {text}"), &script).await
}

async fn search(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    click(window, "search").await?;
    strike("DDaauf tuw coong")?;
    says(window, "search", "Đầu tư công", true).await?;
    window
        .until(
            "what is composed is looked for already",
            "const rows = [...document.querySelectorAll('[data-testid=\"document-row\"]')]; \
             const total = Number(document.querySelector('[data-testid=\"document-list\"]')?.dataset.total); \
             return total < 20 && rows.some(row => /đầu tư công/i.test(row.textContent.normalize('NFC')))",
        )
        .await?;
    tell.say("Gõ Telex qua IBus: âm tiết đang gõ có gạch chân, danh sách lọc theo ngay");
    tell.photograph(window, "go-tim").await?;
    key("Return")?;
    says(window, "search", "Đầu tư công", false).await?;
    focused(window, "document-list").await?;
    key("slash")?;
    focused(window, "search").await?;
    strike("cair")?;
    says(window, "search", "cải", true).await?;
    key("Escape")?;
    says(window, "search", "", false).await
}

/// Its key works in the middle of a syllable, which stays whole where it was.
async fn palette(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    click(window, "search").await?;
    strike("vieejt")?;
    says(window, "search", "việt", true).await?;
    key("ctrl+k")?;
    focused(window, "palette-text").await?;
    says(window, "search", "việt", false).await?;
    strike("soor vawn")?;
    says(window, "palette-text", "sổ văn", true).await?;
    window
        .until(
            "the register is offered",
            "return /Sổ văn bản/.test(document.querySelector('[data-testid=\"palette-option\"][aria-selected=\"true\"]')?.textContent ?? '')",
        )
        .await?;
    tell.photograph(window, "go-tim-nhanh").await?;
    // One press ends the syllable and takes what is chosen.
    key("Return")?;
    window.see("book-table").await?;
    tell.say("Tìm nhanh: Ctrl+K giữa âm tiết không mất chữ, Enter kết thúc âm tiết và mở mục");
    window.click("nav-incoming").await?;
    click(window, "search").await?;
    key("ctrl+a")?;
    key("BackSpace")?;
    says(window, "search", "", false).await
}

/// Sent by Ctrl+Enter while its last syllable is still composed: whole, and once.
async fn opinion(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.click("document-row").await?;
    window.click("tab-opinions").await?;
    click(window, "opinion-text").await?;
    strike("Giao Vawn phofng chur trif")?;
    says(window, "opinion-text", "Giao Văn phòng chủ trì", true).await?;
    tell.photograph(window, "go-y-kien").await?;
    key("ctrl+Return")?;
    says(window, "opinion-text", "", false).await?;
    window
        .until(
            "the opinion is there once and whole",
            "return [...document.querySelectorAll('[data-testid=\"opinion-item\"]')] \
               .filter(one => one.textContent.includes('Giao Văn phòng chủ trì'.normalize('NFC'))).length === 1",
        )
        .await?;
    // The list takes its keys again, and none of them went into a text.
    focus_list(window).await?;
    let before = selected(window).await?;
    key("j")?;
    window
        .until(
            "j goes to the next letter",
            &format!(
                "return document.querySelector('[data-testid=\"document-row\"][aria-selected=\"true\"]')?.dataset.id !== '{before}'"
            ),
        )
        .await?;
    tell.say("Ý kiến gửi bằng Ctrl+Enter giữa âm tiết: đủ chữ, đúng một lần");
    Ok(())
}

/// A field that is left in the middle of a syllable keeps it, and the next field gets nothing of it.
async fn form(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    key("ctrl+d")?;
    click(window, "draft-subject").await?;
    strike("Ve vieecj traf soats hooj ngheof")?;
    says(window, "draft-subject", "Ve việc trà soát hộ nghèo", true).await?;
    click(window, "draft-symbol").await?;
    says(window, "draft-subject", "Ve việc trà soát hộ nghèo", false).await?;
    says(window, "draft-symbol", "", false).await?;
    strike("DDoo")?;
    key("BackSpace")?;
    key("BackSpace")?;
    says(window, "draft-symbol", "", false).await?;
    tell.say("Soạn dự thảo: rời ô giữa âm tiết thì chữ vẫn còn, ô sau không nhận thừa chữ");
    tell.photograph(window, "go-trich-yeu").await?;
    key("Escape")?;
    window
        .until(
            "the form is closed",
            "return !document.querySelector('[data-testid=\"draft-subject\"]')",
        )
        .await
}

async fn focused(window: &Window, test_id: &str) -> anyhow::Result<()> {
    let script = format!(
        "return document.activeElement?.dataset.testid === '{test_id}' || document.activeElement?.dataset.testid"
    );
    window
        .until(&format!("{test_id} has the focus"), &script)
        .await
}

async fn focus_list(window: &Window) -> anyhow::Result<()> {
    window
        .driver
        .execute(
            "document.querySelector('[data-testid=\"document-list\"]').focus()",
            Vec::new(),
        )
        .await?;
    focused(window, "document-list").await
}

async fn selected(window: &Window) -> anyhow::Result<String> {
    let row = window
        .see_css("[data-testid='document-row'][aria-selected='true']")
        .await?;
    row.attr("data-id").await?.context("no row is selected")
}
