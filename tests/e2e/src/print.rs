//! A letter printed as a person does: Ctrl+P, Enter, and the system's own dialog told to print to a
//! file. What came out is judged by programs that are not ours.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use congvan_testkit::LEADER;

use crate::{
    office::Office,
    process::Process,
    story::{Narrator, page_painted},
    tray::enter,
    typing::{focus, key, xdotool},
    window::Window,
};

const PATIENCE: Duration = Duration::from_secs(60);
/// After how long keys are pressed again.
const AGAIN: Duration = Duration::from_secs(10);
/// A4 in points, and how far a printer's description of it may be off.
const A4: [f32; 2] = [595.28, 841.89];
const TOLERANCE: f32 = 1.0;

/// Ctrl+P, the pages, the system's dialog, the paper. WebKit opens no dialog in a window that a driver
/// holds: the driver only looks what there is to print, and the keys then go to a window of its own.
pub(crate) async fn play(
    tell: &mut Narrator,
    office: &Office,
    application: &Path,
) -> anyhow::Result<()> {
    let letter = first_letter(office, application).await?;
    let folder = office.file("in");
    std::fs::create_dir_all(&folder)?;
    let logs = office.file("nhat-ky-in");
    let mut command = Command::new(application);
    // The dialog offers a file in the folder that the program was started in.
    command.envs(office.environment()).current_dir(&folder);
    let desk = Process::start("congvan", &mut command, &logs)?;
    usable(&logs.join("congvan.log")).await?;
    focus().await?;
    let dialog = system_dialog().await?;
    tell.photograph_screen("in-hop-thoai")?;
    tell.say("Ctrl+P, Enter: hộp in của hệ thống mở ra");
    let paper = print_to_file(&dialog, &folder).await?;
    judge(&paper, &letter)?;
    tell.say(&format!(
        "In ra tệp: {} trang A4, trang nào cũng ghi là bản in, của ai, lúc nào",
        letter.pages
    ));
    desk.kill()
}

/// What is printed.
struct Letter {
    notation: String,
    pages: usize,
}

/// The first letter of the list, looked at by the driver.
async fn first_letter(office: &Office, application: &Path) -> anyhow::Result<Letter> {
    let window = Window::open(application, &office.environment(), &office.logs()).await?;
    enter(&window).await?;
    window.click("document-row").await?;
    page_painted(&window).await?;
    let said = window
        .driver
        .execute(
            "const page = document.querySelector('section[aria-label^=\"Trang 1 /\"]'); \
             return [document.querySelector('main header strong').textContent, \
                     page.getAttribute('aria-label').split('/')[1].trim()]",
            Vec::new(),
        )
        .await?;
    window.close().await?;
    let [notation, pages]: [String; 2] = said.convert()?;
    Ok(Letter {
        notation,
        pages: pages.parse()?,
    })
}

/// Waits until the desk says that its list is there.
async fn usable(log: &Path) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !std::fs::read_to_string(log)
        .unwrap_or_default()
        .contains("the desk is usable")
    {
        ensure!(Instant::now() < deadline, "the desk is never usable");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Presses the keys, again where they came before the page was there, until the system's dialog is.
async fn system_dialog() -> anyhow::Result<String> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        key("ctrl+p")?;
        key("Return")?;
        let again = Instant::now() + AGAIN;
        while Instant::now() < again {
            if let Some(id) = dialog_now()? {
                return Ok(id);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    bail!("the system's dialog did not open")
}

/// The window of the system's dialog.
fn dialog_now() -> anyhow::Result<Option<String>> {
    let said = Command::new("xdotool")
        .args(["search", "--onlyvisible", "--name", "^Print$"])
        .output()
        .context("xdotool does not run")?;
    let said = String::from_utf8_lossy(&said.stdout);
    Ok(said.lines().next().map(str::to_owned))
}

/// Chooses the only printer, which is a file, and prints; the answer is the file, once it is whole.
async fn print_to_file(dialog: &str, folder: &Path) -> anyhow::Result<PathBuf> {
    let paper = folder.join("output.pdf");
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if dialog_now()?.as_deref() == Some(dialog) {
            xdotool(&["windowfocus", "--sync", dialog])?;
            key("Down")?;
            key("alt+p")?;
        }
        let again = Instant::now() + AGAIN;
        while Instant::now() < again {
            if paper.is_file() && ask("pdfinfo", &[], &paper).is_ok() {
                return Ok(paper);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    bail!("nothing was printed to a file")
}

/// As many pages as were asked for, each A4 with the picture of the page and the decree's mark.
fn judge(paper: &Path, letter: &Letter) -> anyhow::Result<()> {
    let info = ask("pdfinfo", &[], paper)?;
    let field = |name: &str| {
        let line = info.lines().find_map(|line| line.strip_prefix(name));
        line.map(str::trim)
            .with_context(|| format!("no {name} in\n{info}"))
    };
    let pages: usize = field("Pages:")?.parse()?;
    let count = letter.pages;
    ensure!(pages == count, "{pages} pages of paper for {count}");
    let sizes: Vec<f32> = field("Page size:")?
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let is_a4 = sizes.len() == A4.len()
        && sizes
            .iter()
            .zip(A4)
            .all(|(is, wanted)| (is - wanted).abs() <= TOLERANCE);
    ensure!(is_a4, "the paper is {sizes:?} points");
    let text = ask("pdftotext", &["-layout"], paper)?;
    for (i, sheet) in text.split('\u{c}').take(count).enumerate() {
        let what = format!("BẢN IN TỪ VĂN BẢN ĐIỆN TỬ số {}", letter.notation);
        let page = format!("Trang {}/{count}", i + 1);
        let by = format!("Người in: {}", LEADER.full_name);
        for mark in [what.as_str(), &page, &by, "In lúc ", "Mã tệp "] {
            ensure!(
                sheet.contains(mark),
                "page {} lacks {mark}:\n{sheet}",
                i + 1
            );
        }
    }
    let pictures = ask("pdfimages", &["-list"], paper)?;
    let pictures = pictures
        .lines()
        .filter(|line| line.contains(" image "))
        .count();
    ensure!(pictures == count, "{pictures} pictures on {count} pages");
    Ok(())
}

/// What a program says of a PDF.
fn ask(program: &str, arguments: &[&str], pdf: &Path) -> anyhow::Result<String> {
    let mut command = Command::new(program);
    command.args(arguments).arg(pdf);
    if program == "pdftotext" {
        command.arg("-");
    }
    let output = command
        .output()
        .with_context(|| format!("{program} does not run"))?;
    ensure!(output.status.success(), "{program} refuses the paper");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
