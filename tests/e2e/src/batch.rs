//! The leader's tray in the real window: eight documents with one PIN, and everything that can go
//! wrong with the token and the network on the way.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::{
    office::{Office, text},
    story::{Narrator, ask, call, enter_pin, page_fits, page_painted, seconds},
    window::Window,
};

/// How many documents are signed together.
const DOCUMENTS: usize = 8;
/// How many of them are read and marked by keys, as the leader does; the others by the same
/// commands, which saves a minute of leafing.
const BY_HAND: usize = 2;

/// Reads, marks, signs; with a wrong PIN, the last try, a pulled token, a locked one, and no time
/// stamp authority.
pub(crate) async fn play(
    tell: &mut Narrator,
    office: &Office,
    window: &Window,
) -> anyhow::Result<()> {
    mark(tell, window).await?;
    wrong_pin(tell, window).await?;
    last_try_and_pulled(tell, office, window).await?;
    locked(tell, office, window).await?;
    to_the_end(tell, office, window).await?;
    completed(tell, office, window).await?;
    saved(tell, office, window).await
}

async fn mark(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.click("nav-to_sign").await?;
    page_painted(window).await?;
    for number in 1..=BY_HAND {
        if number > 1 {
            press(window, "j").await?;
        }
        let here = format!("[role='option'][aria-selected='true'][aria-posinset='{number}']");
        window.see_css(&here).await?;
        read_to_the_end(window).await?;
        press(window, " ").await?;
        window
            .see_css(&format!("{here}[data-marked='true']"))
            .await?;
    }
    let query = json!({ "marked_only": false, "search": "", "after": null, "limit": 50 });
    let tray = ask(window, "signing_tray", query).await?;
    let rows = tray.get("rows").and_then(Value::as_array).context("rows")?;
    for row in rows.iter().take(DOCUMENTS).skip(BY_HAND) {
        mark_by_command(window, row).await?;
    }
    window
        .until(
            "eight documents are marked",
            &format!(
                "return document.querySelector('[data-testid=\"tray-sign\"]')\
                 ?.textContent.includes('Ký {DOCUMENTS} văn bản') ?? false"
            ),
        )
        .await?;
    tell.say("Trình ký: đọc từng văn bản, Space để đánh dấu, tám văn bản chờ một lần ký");
    tell.photograph(window, "trinh-ky").await?;
    window.click("tray-sign").await?;
    window
        .see_css(&format!(
            "[data-testid='batch-preflight'][data-ready='{DOCUMENTS}']"
        ))
        .await?;
    page_fits(window).await?;
    tell.say("Kiểm tra trước khi ký: nêu token, chứng thư và số văn bản sẵn sàng");
    tell.photograph(window, "ky-loat-kiem-tra").await
}

/// The keys of the tray, with the focus on its list.
async fn press(window: &Window, keys: &str) -> anyhow::Result<()> {
    window.see("document-list").await?.send_keys(keys).await?;
    Ok(())
}

/// Screen after screen, until every page counts as read.
async fn read_to_the_end(window: &Window) -> anyhow::Result<()> {
    page_painted(window).await?;
    let deadline = Instant::now() + Duration::from_secs(40);
    loop {
        let line = window.see("tray-reading").await?.text().await?;
        let counts = line
            .split_whitespace()
            .find_map(|word| word.split_once('/'))
            .context("how much was read")?;
        if counts.0 == counts.1 {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "never read to the end: {line}");
        // A page counts only after it was on the screen for a while.
        tokio::time::sleep(Duration::from_millis(450)).await;
        press(window, &Key::PageDown.value().to_string()).await?;
    }
}

async fn mark_by_command(window: &Window, row: &Value) -> anyhow::Result<()> {
    let (document, file) = (text(row, "document")?, text(row, "file")?);
    let shown = text(row, "sha256")?;
    let mut page = 0;
    loop {
        let args = json!({ "document": document, "file": file, "shown": shown, "page": page });
        let reading = ask(window, "page_seen", args).await?;
        page += 1;
        if reading.get("pages").and_then(Value::as_u64) <= Some(page) {
            break;
        }
    }
    let args = json!({ "document": document, "shown": shown, "marked": true, "unread": null });
    ask(window, "tray_mark", args).await.map(drop)
}

async fn wrong_pin(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.click("batch-sign").await?;
    window.enter_pin_window().await?;
    window.see("pin-input").await?;
    tell.say("Cửa sổ PIN nêu token, chứng thư và số văn bản");
    tell.photograph(window, "ky-loat-pin").await?;
    window.fill("pin-input", "000000").await?;
    window.click_away("pin-submit").await?;
    report(window, "PIN_INCORRECT", 0).await?;
    tell.say("Sai PIN: dừng ngay, mất đúng một lượt, không văn bản nào bị ký");
    tell.photograph(window, "ky-loat-sai-pin").await
}

async fn last_try_and_pulled(
    tell: &mut Narrator,
    office: &Office,
    window: &Window,
) -> anyhow::Result<()> {
    office.card.set_tries(1)?;
    office.card.pull_at_signature(4)?;
    window.click("batch-resume").await?;
    window.enter_pin_window().await?;
    window.fill("pin-input", office.pin()).await?;
    let submit = window.see("pin-submit").await?;
    ensure!(!submit.is_enabled().await?, "the last try needs consent");
    tell.say("Lượt thử cuối: phải đánh dấu đồng ý mới ký được");
    tell.photograph(window, "ky-loat-luot-cuoi").await?;
    window.click("pin-consent").await?;
    window.click_away("pin-submit").await?;
    report(window, "TOKEN_REMOVED", 3).await?;
    tell.say("Rút token giữa chừng: ba văn bản đã ký vẫn nguyên, năm văn bản chưa động tới");
    tell.photograph(window, "ky-loat-rut-token").await
}

async fn locked(tell: &mut Narrator, office: &Office, window: &Window) -> anyhow::Result<()> {
    office.card.plug()?;
    office.card.set_tries(0)?;
    window
        .see_css("[data-testid='token-line'][data-look='warn']")
        .await?;
    window.click("batch-resume").await?;
    window
        .see_css("[data-testid='error-message'][data-code='PIN_LOCKED']")
        .await?;
    tell.say("Token bị khoá: nói rõ là khoá, không phải sai PIN, và phải làm gì");
    tell.photograph(window, "ky-loat-bi-khoa").await?;
    office.card.set_tries(3)?;
    window
        .see_css("[data-testid='token-line'][data-look='ready']")
        .await
        .map(drop)
}

async fn to_the_end(tell: &mut Narrator, office: &Office, window: &Window) -> anyhow::Result<()> {
    window.click("batch-resume").await?;
    let started = Instant::now();
    enter_pin(window, office.pin()).await?;
    window
        .see_css(&format!(
            "[data-testid='batch-report'][data-signed='{DOCUMENTS}'][data-untouched='0']"
        ))
        .await?;
    tell.figure("batch_documents", DOCUMENTS);
    tell.figure("batch_resumed_s", seconds(started.elapsed()));
    tell.say("Ký tiếp: đủ tám văn bản, không văn bản nào ký hai lần");
    tell.photograph(window, "ky-loat-xong").await?;
    window.click("batch-dismiss").await?;
    window
        .until(
            "nothing is left over the page",
            "return !document.querySelector('[data-testid=\"batch-panel\"]')",
        )
        .await?;
    window.click("nav-sync").await?;
    window
        .see_css("[data-testid='completion-entry'][data-level='B-B']")
        .await?;
    tell.say("Máy chủ dấu thời gian không trả lời: mọi việc vẫn chạy, văn bản giữ mức B-B và chờ");
    tell.photograph(window, "cho-dau-thoi-gian").await
}

async fn completed(tell: &mut Narrator, office: &Office, window: &Window) -> anyhow::Result<()> {
    office.services_answer(true);
    let started = Instant::now();
    window.click("completion-retry-all").await?;
    let deadline = started + Duration::from_secs(60);
    loop {
        let list = call(window, "completion_list").await?;
        let entries = list.get("entries").and_then(Value::as_array);
        if entries.is_some_and(Vec::is_empty) {
            break;
        }
        ensure!(Instant::now() < deadline, "not all were completed: {list}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    tell.figure("batch_completed_s", seconds(started.elapsed()));
    window
        .until(
            "nothing waits for completion",
            "return !document.querySelector('[data-testid=\"completion-entry\"]')",
        )
        .await?;
    tell.say("Máy chủ dấu thời gian trả lời lại: cả tám lên mức B-LT, không hỏi PIN lần nữa");
    tell.photograph(window, "da-bo-sung").await
}

/// The report of a batch that stopped for that reason after so many signatures.
async fn report(window: &Window, code: &str, signed: usize) -> anyhow::Result<()> {
    window
        .see_css(&format!(
            "[data-testid='batch-report'][data-signed='{signed}'] [data-code='{code}']"
        ))
        .await
        .map(drop)
}

/// The redacted report of the token, as a file where a person looks for it.
async fn saved(tell: &mut Narrator, office: &Office, window: &Window) -> anyhow::Result<()> {
    window.click("nav-settings").await?;
    window.click("settings-token").await?;
    window.click("token-save").await?;
    // The diagnosis asks every module, which a busy machine takes its time for.
    let deadline = Instant::now() + Duration::from_secs(60);
    let text = loop {
        if let Some(text) = office.downloaded()? {
            break text;
        }
        if Instant::now() > deadline {
            tell.photograph(window, "loi").await?;
            anyhow::bail!("the report was never saved");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    ensure!(text.len() > 100, "the report says nothing: {text}");
    ensure!(
        !text.contains(congvan_testkit::LEADER.full_name),
        "the report names a person"
    );
    tell.say("Lưu báo cáo chẩn đoán token: tệp nằm trong thư mục Tải xuống, không có tên người");
    tell.photograph(window, "luu-bao-cao").await
}
