//! The clerk's morning in the real window: separator sheets printed, a stack of scans chosen in the
//! system's own window, cut, read, confirmed, registered, signed with the agency's token, in the
//! book.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use congvan_letters::{Half, Sample, sample};
use congvan_testkit::CLERK;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::{
    judge,
    office::{Office, text},
    story::{Narrator, ask, enter_pin, seconds},
    window::Window,
};

/// How many letters are in the stack.
const LETTERS: usize = 3;
/// Reading takes seconds a page, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(120);

/// From the scanner's stack to the book.
pub(crate) async fn play(
    tell: &mut Narrator,
    office: &Office,
    application: &Path,
) -> anyhow::Result<()> {
    let window = Window::open(application, &office.clerks_environment(), &office.logs()).await?;
    open_inbox(tell, &window).await?;
    let sheet = separator(tell, office, &window).await?;
    let stack = stack_of(&sheet, &tell.output.join("ca-xap.pdf"))?;
    choose(tell, &window, &stack).await?;
    read(tell, &window).await?;
    confirm(tell, &window).await?;
    let documents = register(tell, &window).await?;
    seal(tell, office, &window, &documents).await?;
    book(tell, &window, &documents).await?;
    crate::records::play(tell, office, &window, &documents).await?;
    window.close().await
}

async fn open_inbox(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.fill("login-username", CLERK.username).await?;
    window.fill("login-password", CLERK.password).await?;
    window.click("login-submit").await?;
    window.click("nav-scan").await?;
    window.see("scan-sources").await?;
    tell.say("Máy của văn thư: mục Quét và đăng ký trống, chỉ cách đưa bản quét vào");
    tell.photograph(window, "quet-trong").await
}

/// The sheet that is laid between letters, saved as the person saves it.
async fn separator(
    tell: &mut Narrator,
    office: &Office,
    window: &Window,
) -> anyhow::Result<PathBuf> {
    if window
        .driver
        .find(By::Testid("sheets-print"))
        .await
        .is_err()
    {
        window.click("sources-open").await?;
    }
    window.fill("sheet-departments", "Phòng Kinh tế").await?;
    window.click("sheets-print").await?;
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(sheet) = office.downloaded_pdf("")? {
            tell.say("Tờ phân cách có mã QR do chương trình in ra, ghi tên phòng");
            return Ok(sheet);
        }
        if Instant::now() > deadline {
            tell.photograph(window, "loi").await?;
            anyhow::bail!("the sheet was not saved");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Scanned letters with the sheet between them, as one file, as a feeder gives it.
fn stack_of(sheet: &Path, to: &Path) -> anyhow::Result<PathBuf> {
    let folder = to.with_extension("parts");
    fs::create_dir_all(&folder)?;
    let mut parts: Vec<PathBuf> = Vec::new();
    for letter in legible()? {
        if !parts.is_empty() {
            parts.push(sheet.to_owned());
        }
        let part = folder.join(format!("{}.pdf", parts.len()));
        fs::write(&part, &letter.bytes)?;
        parts.push(part);
    }
    let made = Command::new("qpdf")
        .args(["--empty", "--pages"])
        .args(&parts)
        .arg("--")
        .arg(to)
        .status()
        .context("qpdf does not run")?;
    ensure!(made.success(), "qpdf: {made}");
    fs::remove_dir_all(&folder)?;
    Ok(to.to_owned())
}

/// Whole letters that a scanner gave in colour, none of them secret.
fn legible() -> anyhow::Result<Vec<Sample>> {
    let mut found = Vec::new();
    for number in 0..200 {
        let letter = sample(Half::Develop, number)?;
        let is_plain = letter.layout.contains("colour-200") && letter.truth.secret.is_none();
        if is_plain && letter.truth.is_whole {
            found.push(letter);
        }
        if found.len() == LETTERS {
            return Ok(found);
        }
    }
    anyhow::bail!("not enough plain letters")
}

/// Chooses the file in the system's window, by keyboard.
async fn choose(tell: &mut Narrator, window: &Window, stack: &Path) -> anyhow::Result<()> {
    window.click("scans-choose").await?;
    let path = stack.display().to_string();
    type_into("Chọn bản quét", &path).await?;
    let began = Instant::now();
    let deadline = began + PATIENCE;
    loop {
        let page = inbox(window).await?;
        if page.get("total").and_then(Value::as_u64) == Some(LETTERS as u64) {
            break;
        }
        ensure!(Instant::now() < deadline, "the stack was not cut: {page}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tell.figure("stack_copied_and_cut_s", seconds(began.elapsed()));
    window.see("letter-card").await?;
    tell.say("Chọn tệp quét trong cửa sổ của hệ thống: chép vào máy, tách làm ba tại tờ phân cách");
    tell.photograph(window, "tach-ban-quet").await
}

/// Types a path into a file chooser of GTK and accepts it. A letter typed while the chooser still
/// opens its line is lost, so it is done again until the chooser has gone.
pub(crate) async fn type_into(title: &str, path: &str) -> anyhow::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(30);
    let id = loop {
        if let Some(id) = shown(title)? {
            break id;
        }
        ensure!(Instant::now() < deadline, "no window to choose files");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    while Instant::now() < deadline {
        for step in [
            vec!["windowfocus", &id],
            vec!["key", "ctrl+l", "ctrl+a"],
            vec!["type", "--delay", "20", path],
            vec!["key", "Return"],
        ] {
            let done = Command::new("xdotool").args(&step).status()?;
            ensure!(done.success(), "xdotool {step:?}: {done}");
        }
        let soon = Instant::now() + Duration::from_secs(3);
        while Instant::now() < soon {
            if shown(title)?.is_none() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // It says that there is no such file.
        Command::new("xdotool").args(["key", "Return"]).status()?;
    }
    anyhow::bail!("the chooser does not take {path}")
}

/// The window of that title, if it is on the screen.
fn shown(title: &str) -> anyhow::Result<Option<String>> {
    let found = Command::new("xdotool")
        .args(["search", "--onlyvisible", "--name", title])
        .output()
        .context("xdotool does not run")?;
    let ids = String::from_utf8_lossy(&found.stdout).into_owned();
    Ok(ids.lines().last().map(str::to_owned))
}

async fn read(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    let began = Instant::now();
    let deadline = began + PATIENCE;
    loop {
        let page = inbox(window).await?;
        let count = |state: &str| {
            page.pointer(&format!("/counts/{state}"))
                .and_then(Value::as_u64)
        };
        if count("ready") == Some(LETTERS as u64) && count("reading") == Some(0) {
            break;
        }
        ensure!(Instant::now() < deadline, "never read: {page}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tell.figure("three_letters_read_s", seconds(began.elapsed()));
    tell.say("Ba văn bản đã đọc xong, chờ xác nhận");
    Ok(())
}

async fn confirm(tell: &mut Narrator, window: &Window) -> anyhow::Result<()> {
    window.click("letter-card").await?;
    window.see("letter-form").await?;
    // Where all was read for sure the key to go on is waited for, and no field is lit.
    window.click("field-notation").await?;
    window.see("lit-place").await?;
    painted(window).await?;
    tell.say("Trang cạnh biểu mẫu: chỗ đọc được của ô đang chọn sáng lên trên trang");
    tell.photograph(window, "xac-nhan").await?;
    for left in (0..LETTERS).rev() {
        window.see("letter-accept").await?;
        window.click("letter-accept").await?;
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let page = inbox(window).await?;
            if page.pointer("/counts/ready").and_then(Value::as_u64) == Some(left as u64) {
                break;
            }
            ensure!(Instant::now() < deadline, "not confirmed: {page}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    tell.say("Cả ba văn bản đã xác nhận");
    tell.photograph(window, "da-xac-nhan").await
}

/// Gives the documents that are made, each with its number.
async fn register(tell: &mut Narrator, window: &Window) -> anyhow::Result<Vec<String>> {
    window.click("register-open").await?;
    window.see("register-dialog").await?;
    window
        .until(
            "the leader can be chosen",
            "const all = document.querySelector('[data-testid=\"register-leader\"]'); \
             if (!all || all.options.length < 2) return false; \
             if (all.value === '') { all.value = all.options[1].value; \
               all.dispatchEvent(new Event('change', { bubbles: true })); } \
             for (const what of ['stamp', 'sign']) { \
               const box = document.querySelector(`[data-testid=\"register-${what}\"]`); \
               if (!box.checked) box.click(); } \
             return all.value !== ''",
        )
        .await?;
    tell.say("Một lần vào sổ cho cả ba: sổ, ngày đến, trình lãnh đạo, dấu đến, ký số cơ quan");
    tell.photograph(window, "vao-so").await?;
    window.click("register-start").await?;
    window
        .see_css("[data-testid='register-report'][data-failed='0']")
        .await?;
    tell.photograph(window, "da-vao-so").await?;
    window.click("register-close").await?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let query = json!({ "states": ["REGISTERED"], "offset": 0, "limit": 10 });
        let page = ask(window, "intake_list", query).await?;
        let letters = page.get("letters").and_then(Value::as_array);
        let letters = letters.context("letters")?;
        let numbers: Vec<u64> = letters
            .iter()
            .filter_map(|one| one.get("number").and_then(Value::as_u64))
            .collect();
        if numbers.len() == LETTERS {
            let (low, high) = (numbers.iter().min(), numbers.iter().max());
            ensure!(
                low.zip(high)
                    .is_some_and(|(low, high)| high - low == LETTERS as u64 - 1),
                "the numbers are not consecutive: {numbers:?}"
            );
            tell.say(&format!("Máy chủ đã cấp số đến {numbers:?}, liền nhau"));
            return letters.iter().map(|one| text(one, "document")).collect();
        }
        ensure!(Instant::now() < deadline, "no numbers: {page}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The agency's signature on all of them with one PIN, judged by others at the server.
async fn seal(
    tell: &mut Narrator,
    office: &Office,
    window: &Window,
    documents: &[String],
) -> anyhow::Result<()> {
    window.click("seal-open").await?;
    window
        .see_css(&format!(
            "[data-testid='seal-queue'][data-ready='{LETTERS}']"
        ))
        .await?;
    window
        .until(
            "the agency's certificate is chosen",
            "return document.querySelector('[data-testid=\"seal-sign\"]')?.disabled === false",
        )
        .await?;
    tell.photograph(window, "ky-co-quan").await?;
    window.click("seal-sign").await?;
    enter_pin(window, office.pin()).await?;
    window.see("batch-report").await?;
    tell.say("Ba bản quét có dấu đến và chữ ký số của cơ quan, một lần nhập PIN");
    tell.photograph(window, "da-ky-co-quan").await?;
    window.click("batch-dismiss").await?;
    for (number, document) in documents.iter().enumerate() {
        let file = judge::exhibit(&tell.output, &format!("ban-quet-{}.pdf", number + 1));
        fetch_signed(office, document, &file).await?;
        judge::judge(
            &file,
            &office.file("root.pem"),
            &office.file("intermediate.pem"),
        )?;
        ensure!(
            judge::count_signatures(&file)? == 1,
            "not exactly one signature"
        );
    }
    tell.say("pyHanko, pdfsig và qpdf đều xác nhận ba bản quét đã ký ở máy chủ");
    Ok(())
}

async fn fetch_signed(office: &Office, document: &str, to: &Path) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let path = format!("/admin/documents/{document}/revisions");
        let revisions = office.ask(&path).await?;
        let all = revisions.as_array().context("revisions")?;
        let signed = all
            .iter()
            .find(|one| one.get("signed_by").is_some_and(Value::is_string));
        if let Some(signed) = signed {
            office.blob(&text(signed, "sha256")?, to).await?;
            return Ok(());
        }
        ensure!(
            Instant::now() < deadline,
            "the signature never came: {revisions}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn book(tell: &mut Narrator, window: &Window, documents: &[String]) -> anyhow::Result<()> {
    window.click("nav-book").await?;
    window.see("book-table").await?;
    window
        .until(
            "the book has its lines",
            "return document.querySelectorAll('[data-testid=\"book-line\"]').length > 2",
        )
        .await?;
    tell.figure("letters_registered", documents.len() as u64);
    tell.say("Sổ đăng ký văn bản đến: mười cột, ba văn bản vừa vào sổ");
    tell.photograph(window, "so-van-ban-den").await
}

async fn inbox(window: &Window) -> anyhow::Result<Value> {
    let query = json!({ "states": [], "offset": 0, "limit": 50 });
    ask(window, "intake_list", query).await
}

/// Waits until every picture of a page that is in sight is painted.
async fn painted(window: &Window) -> anyhow::Result<()> {
    window
        .until(
            "the pages are painted",
            "const all = [...document.querySelectorAll('img')].filter(one => one.offsetParent !== null); \
             return all.length > 0 && all.every(one => one.complete && one.naturalWidth > 0)",
        )
        .await
}
