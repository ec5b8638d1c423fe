//! The office's memory in the real window of the clerk: a search as it is typed, a dossier that leaves as
//! one file, a bundle for a stick, statistics. Files go where the clerk says in the system's own window.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::{
    intake::type_into,
    office::Office,
    story::{Narrator, ask},
    window::Window,
};

const TITLE: &str = "Hồ sơ tiếp nhận văn bản trong ngày";
/// A file of that size is written in less.
const PATIENCE: Duration = Duration::from_secs(60);

/// With the letters that were registered just now.
pub(crate) async fn play(
    tell: &mut Narrator,
    office: &Office,
    window: &Window,
    documents: &[String],
) -> anyhow::Result<()> {
    search(tell, window).await?;
    dossier(tell, office, window, documents).await?;
    bundle(tell, office, window).await?;
    statistics(tell, window).await
}

async fn search(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.click("nav-search").await?;
    window.see("search-guide").await?;
    window.fill("search", "ke hoach").await?;
    window
        .until(
            "the plans are found",
            "const frame = document.querySelector('[data-testid=\"found-frame\"]'); \
             return frame?.dataset.text === 'ke hoach' && \
               document.querySelectorAll('[data-testid=\"found-row\"] mark').length > 0",
        )
        .await?;
    window
        .until(
            "rows lie one under the other",
            "const rows = [...document.querySelectorAll('[data-testid=\"found-row\"]')] \
               .map(one => one.getBoundingClientRect()).sort((a, b) => a.top - b.top); \
             return rows.every((one, at) => at === 0 || Math.abs(one.top - rows[at - 1].bottom) < 1)",
        )
        .await?;
    tell.say("Tra cứu khi đang gõ: “ke hoach” tìm thấy “Kế hoạch”, chỗ tìm thấy được tô");
    tell.photograph(window, "tra-cuu").await
}

async fn dossier(
    tell: &mut Narrator,
    office: &Office,
    window: &Window,
    documents: &[String],
) -> anyhow::Result<()> {
    window.click("nav-dossiers").await?;
    window.click("dossier-start").await?;
    window.fill("dossier-title", TITLE).await?;
    window.fill("dossier-code", "VT").await?;
    window.click("dossier-send").await?;
    window
        .see_css("[data-testid='dossier-pane'][data-state='open']")
        .await?;
    let year: u64 = window
        .see("dossier-year")
        .await?
        .value()
        .await?
        .and_then(|year| year.parse().ok())
        .context("the year of the list")?;
    let list = ask(window, "dossiers_list", json!({ "year": year })).await?;
    let id = list
        .pointer("/dossiers")
        .and_then(Value::as_array)
        .and_then(|all| all.iter().find(|one| one["title"] == TITLE))
        .and_then(|one| one["id"].as_str())
        .context("the dossier")?
        .to_owned();
    let args = json!({ "id": id, "documents": documents, "file": false });
    ask(window, "dossier_add", args).await?;
    window
        .until(
            "the letters are inside",
            "return document.querySelectorAll('[data-testid=\"dossier-item\"]').length === 3",
        )
        .await?;
    tell.say("Hồ sơ công việc: ba văn bản vừa vào sổ nằm trong hồ sơ, không sao chép");
    let package = office.file("Ho-so-van-thu.zip");
    window.click("dossier-save-contents").await?;
    window.click("dossier-save-contents-large").await?;
    type_into("Lưu hồ sơ kèm tệp", &package.display().to_string()).await?;
    whole(&package).await?;
    let listed = Command::new("python3")
        .args(["-m", "zipfile", "-l"])
        .arg(&package)
        .output()
        .context("python does not run")?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    ensure!(
        listed.contains("Ho-so.xml") && listed.matches(".pdf").count() == 1 + documents.len(),
        "not the whole dossier: {listed}"
    );
    window
        .until(
            "the clerk is told",
            "return document.body.innerText.includes('mục lục và thông tin đầu vào')",
        )
        .await?;
    tell.say("Cả hồ sơ kèm tệp văn bản thành một tệp ZIP ở nơi văn thư chọn; Python đọc lại đủ");
    tell.photograph(window, "ho-so-zip").await
}

async fn bundle(tell: &mut Narrator, office: &Office, window: &Window) -> anyhow::Result<()> {
    window.click("nav-sync").await?;
    window.see("courier").await?;
    let stick = office.file("goi-chuyen-tay.cvct");
    window.click("courier-write").await?;
    type_into("Ghi gói chuyển tay", &stick.display().to_string()).await?;
    window
        .see_css("[data-testid='courier-result'][data-act='write']")
        .await?;
    let bytes = fs::read(&stick)?;
    let secret = TITLE.as_bytes();
    ensure!(
        bytes.len() > 100 && !bytes.windows(secret.len()).any(|some| some == secret),
        "the bundle is not sealed"
    );
    tell.say("Gói chuyển tay ghi ra nơi văn thư chọn, niêm phong và ký");
    tell.photograph(window, "goi-chuyen-tay").await
}

async fn statistics(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.click("nav-statistics").await?;
    window.see("statistics-incoming").await?;
    window
        .until(
            "the figures are there",
            "const all = document.querySelector('[data-testid=\"statistics-incoming\"]'); \
             return Number(all?.dataset.count) > 10",
        )
        .await?;
    tell.say("Thống kê của văn thư: đúng hạn, trễ, quá hạn, theo đơn vị; bấm số để xem văn bản");
    tell.photograph(window, "thong-ke").await
}

/// Waits until a file has its name: it gets it when it is whole.
async fn whole(file: &Path) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !file.exists() {
        ensure!(Instant::now() < deadline, "{} never came", file.display());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
