use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use congvan_testkit::LEADER;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::{
    judge,
    office::Office,
    process::{kill_hard, programs},
    window::{Window, screen},
};

const OPINION: &str =
    "Giao Phòng Kinh tế chủ trì, phối hợp Văn phòng tham mưu trước ngày 05/12/2026.";

/// Tells the story as it goes: one line per step, a photograph for most.
pub(crate) struct Narrator {
    pub(crate) output: PathBuf,
    step: u32,
    started: Instant,
    figures: BTreeMap<String, Value>,
}

impl Narrator {
    pub(crate) fn say(&mut self, line: &str) {
        self.step += 1;
        println!(
            "[{:>5.1} s] {:>2}. {line}",
            self.started.elapsed().as_secs_f32(),
            self.step
        );
    }

    pub(crate) async fn photograph(&self, window: &Window, name: &str) -> anyhow::Result<()> {
        window
            .photograph(&self.output.join(format!("{:02}-{name}.png", self.step)))
            .await
    }

    /// Photographs what no driver holds.
    pub(crate) fn photograph_screen(&self, name: &str) -> anyhow::Result<()> {
        screen(&self.output.join(format!("{:02}-{name}.png", self.step)))
    }

    pub(crate) fn figure(&mut self, name: &str, value: impl Into<Value>) {
        self.figures.insert(name.to_owned(), value.into());
    }
}

/// Plays the clerk's part alone: from the scanner to the book.
pub(crate) async fn play_clerk(output: &Path) -> anyhow::Result<Value> {
    let mut tell = narrator(output)?;
    let office = Office::open(&output.join("office")).await?;
    crate::intake::play(&mut tell, &office, &programs()?.join("congvan")).await?;
    let figures = std::mem::take(&mut tell.figures);
    Ok(json!(figures))
}

/// Plays alone what is typed through an input method.
pub(crate) async fn play_typing(output: &Path) -> anyhow::Result<Value> {
    let mut tell = narrator(output)?;
    let office = Office::open(&output.join("office")).await?;
    crate::typing::play(&mut tell, &office, &programs()?.join("congvan")).await?;
    let figures = std::mem::take(&mut tell.figures);
    Ok(json!(figures))
}

/// Plays alone what is printed.
pub(crate) async fn play_print(output: &Path) -> anyhow::Result<Value> {
    let mut tell = narrator(output)?;
    let office = Office::open(&output.join("office")).await?;
    crate::print::play(&mut tell, &office, &programs()?.join("congvan")).await?;
    let figures = std::mem::take(&mut tell.figures);
    Ok(json!(figures))
}

/// Plays alone the item in the system's tray.
pub(crate) async fn play_tray(output: &Path) -> anyhow::Result<Value> {
    let mut tell = narrator(output)?;
    let office = Office::open(&output.join("office")).await?;
    crate::tray::play(&mut tell, &office, &programs()?.join("congvan")).await?;
    let figures = std::mem::take(&mut tell.figures);
    Ok(json!(figures))
}

fn narrator(output: &Path) -> anyhow::Result<Narrator> {
    if output.exists() {
        fs::remove_dir_all(output)?;
    }
    fs::create_dir_all(output)?;
    Ok(Narrator {
        output: output.to_owned(),
        step: 0,
        started: Instant::now(),
        figures: BTreeMap::new(),
    })
}

/// Plays sync, read, sign, cut, kill, reconnect, and checks the outcome at the server.
pub(crate) async fn play(output: &Path) -> anyhow::Result<Value> {
    let mut tell = narrator(output)?;
    let application = programs()?.join("congvan");

    let mut office = Office::open(&output.join("office")).await?;
    let before = office.ask("/admin/stats").await?;
    tell.say("Máy chủ tỉnh đã chạy, token mô phỏng đã có chứng thư thử nghiệm");

    let window = Window::open(&application, &office.environment(), &office.logs()).await?;
    log_in(&mut tell, &window).await?;
    first_sync(&mut tell, &window).await?;
    read(&mut tell, &window).await?;
    urgent(&mut tell, &office, &window).await?;

    office.cut()?;
    call(&window, "sync_now").await?;
    window
        .text_when("network-line", "offline", |text| {
            text.contains("Ngoại tuyến")
        })
        .await?;
    tell.say("Mạng bị cắt: dòng trạng thái báo ngoại tuyến, danh sách vẫn còn nguyên");
    tell.photograph(&window, "ngoai-tuyen").await?;
    opinion(&mut tell, &window).await?;
    let document = first_to_sign(&window).await?;
    sign(&mut tell, &window, office.pin()).await?;

    let earlier = started_at(&window).await?;
    let program = window.program().await?;
    kill_hard(program)?;
    window.abandon().await?;
    tell.say("Chương trình bị tắt đột ngột (kill -9) giữa lúc đã ký và chưa gửi");

    let window = Window::open(&application, &office.environment(), &office.logs()).await?;
    second_start(&mut tell, &window, &earlier).await?;

    office.connect().await?;
    reconnect(&mut tell, &office, &window, &before).await?;
    signed_pdf(&mut tell, &office, &window, &document, output).await?;
    crate::batch::play(&mut tell, &office, &window).await?;
    crate::records::task(&mut tell, &window).await?;
    looks(&mut tell, &window).await?;
    window.close().await?;
    crate::typing::play(&mut tell, &office, &application).await?;
    crate::print::play(&mut tell, &office, &application).await?;
    crate::tray::play(&mut tell, &office, &application).await?;
    crate::intake::play(&mut tell, &office, &application).await?;
    tell.say("Xong: một bản ký, một ý kiến, ba văn bản vào sổ, không mất và không trùng");
    let figures = std::mem::take(&mut tell.figures);
    Ok(json!(figures))
}

async fn log_in(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.see("login-form").await?;
    tell.say("Màn hình đăng nhập");
    tell.photograph(window, "dang-nhap").await?;
    window.fill("login-username", LEADER.username).await?;
    window.fill("login-password", "sai-mat-khau").await?;
    window.click("login-submit").await?;
    let error = window
        .see_css("[data-testid='error-message'][data-code='BAD_CREDENTIALS']")
        .await?;
    ensure!(!error.text().await?.is_empty(), "the error has words");
    tell.say("Sai mật khẩu: báo rõ, kèm mã BAD_CREDENTIALS và cách xử lý");
    tell.photograph(window, "sai-mat-khau").await?;
    window.fill("login-password", LEADER.password).await?;
    window.click("login-submit").await?;
    window.see("document-list").await?;
    window.see("document-row").await?;
    tell.say("Đăng nhập xong, văn bản đang về");
    Ok(())
}

async fn first_sync(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    let started = Instant::now();
    let deadline = started + Duration::from_secs(120);
    loop {
        let status = call(window, "sync_status").await?;
        let waiting = status.get("downloads_waiting").and_then(Value::as_u64);
        if waiting == Some(0) && status.get("last_sync").is_some_and(Value::is_i64) {
            break;
        }
        ensure!(
            Instant::now() < deadline,
            "the files never all arrived: {status}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let counts = call(window, "view_counts").await?;
    let incoming = counts
        .get("incoming_all")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    ensure!(incoming >= 60, "only {incoming} incoming documents");
    tell.figure("incoming_documents", incoming);
    tell.figure("first_sync_s", seconds(started.elapsed()));
    tell.say(&format!(
        "Đã về đủ {incoming} văn bản đến và mọi tệp đính kèm"
    ));
    tell.photograph(window, "ban-lam-viec").await
}

async fn read(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.click("document-row").await?;
    window.see("page-image-0").await?;
    page_painted(window).await?;
    window
        .until(
            "the words of the page can be selected",
            "return (document.querySelector('[data-testid=\"page-text-0\"]')?.textContent ?? '').length > 40",
        )
        .await?;
    tell.say("Trang đầu hiện trước, chữ chọn được");
    tell.photograph(window, "doc-van-ban").await?;
    window.fill("search", "dau tu cong").await?;
    window
        .until(
            "only matching rows are shown",
            "const rows = [...document.querySelectorAll('[data-testid=\"document-row\"]')]; \
             const total = Number(document.querySelector('[data-testid=\"document-list\"]')?.dataset.total); \
             return total < 20 && rows.some(row => /đầu tư công/i.test(row.textContent.normalize('NFC')))",
        )
        .await?;
    tell.say("Gõ “dau tu cong” tìm thấy “đầu tư công”");
    tell.photograph(window, "tim-khong-dau").await?;
    window.see("search").await?.clear().await?;
    window
        .see("search")
        .await?
        .send_keys(Key::Enter + "")
        .await?;
    Ok(())
}

async fn urgent(tell: &mut Narrator, office: &Office, window: &Window) -> anyhow::Result<()> {
    let added = office.tell("/admin/urgent").await?;
    let document = crate::office::text(&added, "document")?;
    call(window, "sync_now").await?;
    let notation = notation_of(window, &document).await?;
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let history = Command::new("dunstctl").arg("history").output()?;
        let shown = Command::new("dunstctl").arg("count").output()?;
        let text = String::from_utf8_lossy(&history.stdout).into_owned();
        let counts = String::from_utf8_lossy(&shown.stdout).into_owned();
        if text.contains(&notation) {
            break;
        }
        // Still on the screen: close it, so that it moves to the history where it can be read.
        if counts.contains("Currently displayed: 1") {
            tell.photograph(window, "thong-bao").await?;
            Command::new("dunstctl").arg("close").status()?;
        }
        ensure!(
            Instant::now() < deadline,
            "no notification of {notation}: {counts}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tell.say(&format!(
        "Văn bản hỏa tốc {notation} đến: có thông báo trên màn hình"
    ));
    Ok(())
}

async fn opinion(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.click("nav-incoming").await?;
    window.click("document-row").await?;
    window.see("page-image-0").await?;
    page_painted(window).await?;
    window.click("tab-opinions").await?;
    window.fill("opinion-text", OPINION).await?;
    window.click("opinion-send").await?;
    window
        .text_when("opinion-item", "the opinion", |text| {
            text.contains("Phòng Kinh tế")
        })
        .await?;
    tell.say("Ngoại tuyến vẫn đọc được và ghi được ý kiến: “Đã lưu trên máy”");
    tell.photograph(window, "y-kien-ngoai-tuyen").await
}

async fn sign(tell: &mut Narrator, window: &Window, pin: &str) -> anyhow::Result<()> {
    window.click("nav-to_sign").await?;
    window.click("document-row").await?;
    page_painted(window).await?;
    window.click("sign-open").await?;
    window.see("sign-certificate").await?;
    window.see("sign-placement").await?;
    page_fits(window).await?;
    tell.say("Chọn token và chứng thư, đặt chỗ chữ ký");
    tell.photograph(window, "ky-so").await?;

    window.click("sign-submit").await?;
    enter_pin(window, "000000").await?;
    window
        .see_css("[data-testid='error-message'][data-code='PIN_INCORRECT']")
        .await?;
    tell.say("Sai PIN: báo rõ, không tự thử lại, chưa có gì được ghi");
    tell.photograph(window, "sai-pin").await?;

    window.click("sign-submit").await?;
    window.enter_pin_window().await?;
    window.see("pin-input").await?;
    tell.say("PIN có cửa sổ riêng, nêu tên token");
    tell.photograph(window, "cua-so-pin").await?;
    window.fill("pin-input", pin).await?;
    window.click_away("pin-submit").await?;
    let result = window
        .text_when("sign-result", "the result", |text| !text.is_empty())
        .await?;
    ensure!(
        result.contains("Đã lưu trên máy"),
        "the result says: {result}"
    );
    window
        .until(
            "the signed pages are painted",
            "const sha = document.querySelector('[data-testid=\"sign-result\"]')?.dataset.sha256; \
             const images = [...document.querySelectorAll('[data-testid^=\"page-image-\"]')]; \
             return !!sha && images.length > 0 && images.every(one => \
               one.src.includes(sha) && one.complete && one.naturalWidth > 100)",
        )
        .await?;
    tell.say("Đã ký PAdES B-B, tự kiểm tra, “Đã lưu trên máy”");
    tell.photograph(window, "da-ky").await
}

pub(crate) async fn enter_pin(window: &Window, pin: &str) -> anyhow::Result<()> {
    window.enter_pin_window().await?;
    window.fill("pin-input", pin).await?;
    window.click_away("pin-submit").await
}

async fn second_start(tell: &mut Narrator, window: &Window, earlier: &str) -> anyhow::Result<()> {
    window.see("document-row").await?;
    let report = startup(window, earlier).await?;
    tell.figure("second_start_usable_ms", report);
    let status = call(window, "sync_status").await?;
    let unsent = status.get("unsent").and_then(Value::as_u64).unwrap_or(0);
    ensure!(unsent >= 2, "unsent acts were lost: {status}");
    tell.say(&format!(
        "Mở lại: dùng được sau {report} ms, {unsent} việc chưa gửi còn nguyên"
    ));
    tell.photograph(window, "mo-lai").await
}

async fn reconnect(
    tell: &mut Narrator,
    office: &Office,
    window: &Window,
    before: &Value,
) -> anyhow::Result<()> {
    let started = Instant::now();
    call(window, "sync_now").await?;
    let deadline = started + Duration::from_secs(60);
    loop {
        let status = call(window, "sync_status").await?;
        if status.get("unsent").and_then(Value::as_u64) == Some(0) {
            ensure!(
                status.get("needs_attention").and_then(Value::as_u64) == Some(0),
                "an act was refused: {status}"
            );
            break;
        }
        ensure!(
            Instant::now() < deadline,
            "the acts never arrived: {status}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tell.figure("reconnect_settled_s", seconds(started.elapsed()));
    let stats = office.ask("/admin/stats").await?;
    ensure!(
        number(&stats, "opinions") == number(before, "opinions") + 1,
        "not exactly one opinion more at the server: {stats}"
    );
    let uploads = stats
        .get("uploads")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    ensure!(uploads.len() == 1, "not exactly one upload: {stats}");
    for upload in &uploads {
        tell.figure("signed_file_bytes", number(upload, "length"));
        tell.figure("signed_upload_bytes", number(upload, "received"));
        ensure!(
            number(upload, "seeded") > 0
                && number(upload, "received")
                    == number(upload, "length") - number(upload, "seeded"),
            "more than the tail was uploaded: {upload}"
        );
    }
    tell.say("Có mạng lại: đúng một bản ký và một ý kiến tới máy chủ, chỉ tải lên phần đuôi");
    window.click("nav-sync").await?;
    window.see("outbox-row").await?;
    tell.photograph(window, "da-gui").await
}

async fn signed_pdf(
    tell: &mut Narrator,
    office: &Office,
    window: &Window,
    document: &str,
    output: &Path,
) -> anyhow::Result<()> {
    let revisions = office
        .ask(&format!("/admin/documents/{document}/revisions"))
        .await?;
    let revisions = revisions.as_array().context("a list of revisions")?.clone();
    let signed: Vec<&Value> = revisions
        .iter()
        .filter(|one| one.get("signed_by").is_some_and(Value::is_string))
        .collect();
    let [signed] = signed.as_slice() else {
        bail!("not exactly one signed revision at the server: {revisions:?}");
    };
    let sha = crate::office::text(signed, "sha256")?;
    let file = judge::exhibit(output, "da-ky.pdf");
    let bytes = office.blob(&sha, &file).await?;
    tell.figure("signed_pdf_bytes", bytes);
    judge::judge(
        &file,
        &office.file("root.pem"),
        &office.file("intermediate.pem"),
    )?;
    ensure!(
        judge::count_signatures(&file)? == 1,
        "not exactly one signature"
    );
    tell.say("pyHanko, pdfsig và qpdf đều xác nhận chữ ký trên tệp ở máy chủ");
    window.click("nav-outgoing").await?;
    window.click("document-row").await?;
    page_painted(window).await?;
    Ok(())
}

/// The same desk in its other looks, for the eye.
async fn looks(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.click("nav-incoming").await?;
    window.click("document-row").await?;
    window.see("page-image-0").await?;
    page_painted(window).await?;
    set(window, "theme", "dark").await?;
    window
        .until(
            "the desk is dark",
            "return document.documentElement.dataset.theme === 'dark'",
        )
        .await?;
    tell.say("Giao diện tối");
    tell.photograph(window, "giao-dien-toi").await?;
    window.click("nav-settings").await?;
    tell.say("Cài đặt");
    tell.photograph(window, "cai-dat").await?;
    set(window, "theme", "light").await
}

pub(crate) async fn page_painted(window: &Window) -> anyhow::Result<()> {
    window
        .until(
            "the first page is painted",
            "const image = document.querySelector('[data-testid=\"page-image-0\"]'); \
             return !!image && image.complete && image.naturalWidth > 100",
        )
        .await
}

/// Waits until the page has taken the width that a panel beside it leaves.
pub(crate) async fn page_fits(window: &Window) -> anyhow::Result<()> {
    window
        .until(
            "the page fits beside the panel",
            "const pane = document.querySelector('[data-viewer]'); \
             return !!pane && pane.scrollWidth <= pane.clientWidth",
        )
        .await
}

/// The document at the top of the tray.
async fn first_to_sign(window: &Window) -> anyhow::Result<String> {
    let query = json!({ "view": "to_sign", "search": "", "after": null, "limit": 1 });
    let page = ask(window, "documents_list", json!(query)).await?;
    let row = page
        .get("rows")
        .and_then(|rows| rows.get(0))
        .context("nothing to sign")?;
    crate::office::text(row, "id")
}

/// The notation of a document once the desk has it.
async fn notation_of(window: &Window, document: &str) -> anyhow::Result<String> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Ok(detail) = ask(window, "document_get", json!({ "id": document })).await {
            return crate::office::text(detail.get("row").context("a row")?, "notation");
        }
        ensure!(Instant::now() < deadline, "the urgent document never came");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn number(value: &Value, name: &str) -> u64 {
    value.get(name).and_then(Value::as_u64).unwrap_or(0)
}

/// Asks the desk through the page's own door, as the UI does.
pub(crate) async fn call(window: &Window, command: &str) -> anyhow::Result<Value> {
    ask(window, command, json!({})).await
}

async fn set(window: &Window, key: &str, value: &str) -> anyhow::Result<()> {
    ask(window, "setting_set", json!({ "key": key, "value": value }))
        .await
        .map(drop)
}

pub(crate) async fn ask(window: &Window, command: &str, args: Value) -> anyhow::Result<Value> {
    let answer = window
        .driver
        .execute_async(
            "const [name, args, done] = arguments; \
             window.__TAURI_INTERNALS__.invoke(name, { args }) \
               .then(value => done({ value })).catch(error => done({ error }));",
            vec![json!(command), args],
        )
        .await?;
    let answer = answer.json().clone();
    ensure!(answer.get("error").is_none(), "{command} failed: {answer}");
    Ok(answer.get("value").cloned().unwrap_or(Value::Null))
}

/// Milliseconds from the start of this run to a usable list, as the page measured it.
async fn startup(window: &Window, earlier: &str) -> anyhow::Result<i64> {
    let deadline = Instant::now() + Duration::from_secs(10);
    while started_at(window).await? == earlier {
        ensure!(
            Instant::now() < deadline,
            "the page never reported its start"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(remembered(window, "startup.usable_ms").await?.parse()?)
}

/// Which run the last report of a start was about.
async fn started_at(window: &Window) -> anyhow::Result<String> {
    remembered(window, "startup.started_at").await
}

async fn remembered(window: &Window, name: &str) -> anyhow::Result<String> {
    let settings = call(window, "settings").await?;
    let value = settings.get("values").and_then(|values| values.get(name));
    Ok(value.and_then(Value::as_str).unwrap_or_default().to_owned())
}

pub(crate) fn seconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100.0).round() / 100.0
}
