//! `intake`: what is read of scanned letters, for support and measurement.

mod quality;
mod report;

use std::{
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    thread,
};

use clap::Args;
use congvan_intake::{Directory, Knowledge, Listed, Shortfall, Source, read_letter};
use congvan_model::ByteSource;
use congvan_pdf::{PdfError, pdf_of_image};
use congvan_worker::{
    LetterError, LetterText, OcrClient, OcrError, RenderClient, RenderError, read_for_fields,
};
use futures_util::{StreamExt as _, stream};
use tokio::runtime::Builder;

use crate::{
    exit,
    fault::{Fault, Result},
    files,
    output::Face,
    places,
    words::Code,
};

/// `intake`.
#[derive(Args, Debug)]
pub(crate) struct IntakeOptions {
    /// Số trang đọc cùng lúc, mỗi trang một lõi [mặc định: số lõi của máy]
    #[arg(long, value_name = "SỐ")]
    workers: Option<NonZeroUsize>,
    /// Tệp JSON chứa những gì máy đã học: cơ quan và ký hiệu
    #[arg(long, value_name = "TỆP")]
    known: Option<PathBuf>,
    /// Tệp JSON danh bạ cơ quan, như máy chủ trả về ở /v1/agencies, để đối chiếu tên đọc được
    #[arg(long, value_name = "TỆP")]
    directory: Option<PathBuf>,
    /// In cả các chữ đã đọc được, để tìm nguyên nhân khi đọc sai
    #[arg(long)]
    words: bool,
    /// Các tệp PDF, TIFF, JPEG, PNG, hoặc thư mục chứa chúng
    #[arg(required = true, value_name = "TỆP", help_heading = "Tệp")]
    files: Vec<PathBuf>,
}

/// A letter that was read.
struct Letter {
    text: LetterText,
    /// How the scan falls short of what the decree wants, with pages from 1; none where it is no scan.
    shortfalls: Option<Vec<(Shortfall, Vec<u32>)>>,
}

/// Reads every letter and tells what stands on it; in the order given, as each is done.
pub(crate) fn run(face: Face, options: &IntakeOptions) -> Result<ExitCode> {
    let known: Knowledge = data(options.known.as_deref())?;
    let listed: Agencies = data(options.directory.as_deref())?;
    let directory = Directory::new(listed.agencies, None);
    let letters = letters(&options.files)?;
    let cores = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let workers = options.workers.unwrap_or_else(cores);
    let render = RenderClient::new(places::workers()?);
    let ocr = OcrClient::new(places::ocr()?, workers);
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Fault::new(Code::WorkerFailed).with("detail", error))?;
    let mut code = exit::DONE;
    // One more than is read, so that a page is drawn while others are read.
    let ahead = workers.get() + 1;
    runtime.block_on(async {
        let read = |path: PathBuf| {
            let (render, ocr) = (render.clone(), ocr.clone());
            async move {
                let letter = one(&render, &ocr, &path).await;
                (path, letter)
            }
        };
        let mut done = stream::iter(letters).map(read).buffered(ahead);
        while let Some((path, letter)) = done.next().await {
            match letter {
                Ok(letter) => {
                    let mut reading = read_letter(&letter.text.pages, &known);
                    let settled = directory.settle(&mut reading);
                    report::tell(face, &path, &letter, (&reading, &settled));
                    if options.words && reading.secret.is_none() {
                        report::words(face, &letter.text.pages);
                    }
                }
                Err(fault) if fault.code.is_about_a_file() => {
                    code = exit::SOME_FAILED;
                    report::fault(face, &path, &fault);
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(ExitCode::from(code))
    })
}

async fn one(render: &RenderClient, ocr: &OcrClient, path: &Path) -> Result<Letter> {
    let source = files::Source::open(path)?;
    let mut head = [0_u8; 5];
    let is_pdf = source.read_at(0, &mut head).is_ok() && &head == b"%PDF-";
    let (source, images): (Arc<dyn ByteSource>, _) = if is_pdf || source.len() < 5 {
        (Arc::new(source), None)
    } else {
        let data = fs::read(path).map_err(|error| Fault::reading(&error, path))?;
        let pdf = pdf_of_image(&data).map_err(|error| not_an_image(&error, path))?;
        (Arc::new(pdf.bytes), Some(pdf.pages))
    };
    let text = read_for_fields(render, ocr, source.clone())
        .await
        .map_err(|error| unread(error, path))?;
    let shortfalls = quality::of(render, source, images.as_deref())
        .await
        .map_err(|error| unread(error.into(), path))?;
    Ok(Letter { text, shortfalls })
}

fn not_an_image(error: &PdfError, path: &Path) -> Fault {
    Fault::at(Code::ScanUnreadable, path).with("detail", error)
}

/// What is told of a file that cannot be read or shown.
pub(crate) fn unread(error: LetterError, path: &Path) -> Fault {
    let unreadable = |detail: String| Fault::at(Code::ScanUnreadable, path).with("detail", detail);
    match error {
        LetterError::Render(RenderError::PasswordNeeded) => {
            Fault::new(Code::PdfPassword).with("detail", path.display())
        }
        LetterError::Render(RenderError::Corrupt) => {
            Fault::new(Code::PdfCorrupt).with("detail", path.display())
        }
        LetterError::Render(error @ RenderError::WorkerLost { .. }) => {
            Fault::new(Code::WorkerFailed).with("detail", error)
        }
        LetterError::Ocr(OcrError::WorkerLost { loss }) => {
            Fault::new(Code::OcrMissing).with("detail", loss)
        }
        LetterError::Render(error) => unreadable(error.to_string()),
        LetterError::Ocr(error) => unreadable(error.to_string()),
    }
}

/// A page of a directory.
#[derive(Default, serde::Deserialize)]
struct Agencies {
    agencies: Vec<Listed>,
}

fn data<T: Default + serde::de::DeserializeOwned>(path: Option<&Path>) -> Result<T> {
    let Some(path) = path else {
        return Ok(T::default());
    };
    let text = fs::read_to_string(path).map_err(|error| Fault::reading(&error, path))?;
    serde_json::from_str(&text)
        .map_err(|error| Fault::at(Code::FileUnreadable, path).with("detail", error))
}

/// Files as they are named; of a folder all letters in it, by name.
fn letters(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in paths {
        if path.is_dir() {
            folder(path, &mut all)?;
        } else {
            all.push(path.clone());
        }
    }
    Ok(all)
}

fn folder(path: &Path, all: &mut Vec<PathBuf>) -> Result<()> {
    let failed = |error: std::io::Error| Fault::reading(&error, path);
    let entries: std::io::Result<Vec<PathBuf>> = fs::read_dir(path)
        .map_err(failed)?
        .map(|entry| Ok(entry?.path()))
        .collect();
    let mut entries = entries.map_err(failed)?;
    entries.sort();
    for entry in entries {
        let ending = entry
            .extension()
            .map(|ending| ending.to_string_lossy().to_lowercase());
        if entry.is_dir() {
            folder(&entry, all)?;
        } else if matches!(
            ending.as_deref(),
            Some("pdf" | "tif" | "tiff" | "jpg" | "jpeg" | "png")
        ) {
            all.push(entry);
        }
    }
    Ok(())
}

/// Whether the words came from the file itself.
fn is_text(letter: &Letter) -> bool {
    match letter.text.source {
        Source::TextLayer => true,
        Source::Ocr => false,
    }
}
