//! The office's memory in the real window: a task of the leader; the clerk's search as it is typed, a
//! dossier that leaves as one file, a bundle for a stick, statistics, a previous system's register. Files
//! go where the clerk says in the system's own window.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::{
    intake::type_into,
    office::Office,
    story::{Narrator, ask},
    window::Window,
};

const TITLE: &str = "Hồ sơ tiếp nhận văn bản trong ngày";
const TASK: &str = "Rà soát hộ nghèo, hộ cận nghèo trên địa bàn xã";
/// A previous system's register: three rows with their letters, and one that has no day.
const OLD_ROWS: [(&str, &str); 4] = [
    ("812/QĐ-UBND", "05/03/2018"),
    ("813/QĐ-UBND", "06/03/2018"),
    ("814/QĐ-UBND", ""),
    ("815/QĐ-UBND", "08/03/2018"),
];
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
    statistics(tell, window).await?;
    old_register(tell, office, window).await
}

/// The leader gives a task and sees it on the board of their unit.
pub(crate) async fn task(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.click("nav-tasks").await?;
    window.click("task-give").await?;
    window.fill("task-title", TASK).await?;
    window.click("part-lead").await?;
    window.click("due-plus-10").await?;
    tell.photograph(window, "giao-nhiem-vu").await?;
    window.click("task-send").await?;
    window
        .until(
            "the task stands in the list and is opened",
            &format!(
                "const row = document.querySelector('[data-testid=\"task-row\"][aria-selected=\"true\"]'); \
                 const pane = document.querySelector('[data-testid=\"task-pane\"]'); \
                 return !!row?.textContent.includes('{TASK}') && !!pane?.textContent.includes('{TASK}')"
            ),
        )
        .await?;
    tell.say("Nhiệm vụ: giao cho người chủ trì, hạn mười ngày làm việc");
    tell.photograph(window, "nhiem-vu").await?;
    let board = window
        .driver
        .find(By::XPath(
            "//*[@role='radio' and contains(., 'Bảng theo dõi')]",
        ))
        .await?;
    board.click().await?;
    window
        .until(
            "the board has the task",
            &format!(
                "const cards = [...document.querySelectorAll('[data-testid=\"task-card\"]')]; \
                 return cards.some(one => one.textContent.includes('{TASK}'))"
            ),
        )
        .await?;
    tell.say("Bảng theo dõi nhiệm vụ theo đơn vị");
    tell.photograph(window, "bang-nhiem-vu").await
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

/// The table and the folder are chosen in the system's own windows; what is wrong is told with its row.
async fn old_register(tell: &mut Narrator, office: &Office, window: &Window) -> anyhow::Result<()> {
    let (table, folder) = (
        office.file("so-van-ban-den-2018.csv"),
        office.file("tep-cu"),
    );
    fs::create_dir_all(&folder)?;
    let mut lines = vec!["Số đến;Ngày đến;Số/Ký hiệu;Cơ quan ban hành;Trích yếu;Tệp".to_owned()];
    for (row, (notation, day)) in OLD_ROWS.iter().enumerate() {
        let file = format!("{}.pdf", row + 1);
        fs::copy(tell.output.join("ca-xap.pdf"), folder.join(&file))?;
        lines.push(format!(
            "{};{day};{notation};UBND huyện Châu Thành cũ;Về việc giao đất đợt {};{file}",
            row + 1,
            row + 1
        ));
    }
    fs::write(&table, lines.join("\r\n"))?;
    window.click("nav-sync").await?;
    window.click("import-open").await?;
    window.click("import-choose-table").await?;
    type_into("Chọn bảng dữ liệu cũ", &table.display().to_string()).await?;
    window.see("import-table").await?;
    window.click("import-choose-folder").await?;
    type_into("Chọn thư mục tệp", &folder.display().to_string()).await?;
    window.see("import-folder").await?;
    tell.say("Nhập dữ liệu cũ: bảng và thư mục chọn trong cửa sổ của hệ thống, cột được đoán");
    tell.photograph(window, "nhap-du-lieu-cu").await?;
    window.click("import-check").await?;
    let good = window
        .text_when("import-good", "what is good", |text| !text.is_empty())
        .await?;
    let fault = window.see("import-fault").await?;
    ensure!(
        good == "3" && fault.attr("data-code").await?.as_deref() == Some("MISSING"),
        "the row without a day is told: {good} are good"
    );
    window.click("import-start").await?;
    window
        .text_when("import-waiting", "that the server has all", |text| {
            text.contains("Máy chủ đã nhận tất cả")
        })
        .await?;
    tell.say("Ba dòng cũ và tệp đã vào, dòng thiếu ngày được báo đúng chỗ");
    tell.photograph(window, "nhap-du-lieu-cu-xong").await?;
    window.click("nav-search").await?;
    window.fill("search", "815 qd chau thanh cu").await?;
    window
        .until(
            "the old letter is found",
            "const frame = document.querySelector('[data-testid=\"found-frame\"]'); \
             return frame?.dataset.text === '815 qd chau thanh cu' && \
               [...document.querySelectorAll('[data-testid=\"found-row\"]')] \
                 .some(one => one.textContent.includes('815/QĐ-UBND'))",
        )
        .await?;
    tell.say("Văn bản cũ tra cứu được ngay theo tên cơ quan cũ");
    tell.photograph(window, "tra-cuu-du-lieu-cu").await
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
