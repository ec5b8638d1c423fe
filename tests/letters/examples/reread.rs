//! Reads the hard letters of the half to develop on and prints what is wrong, remembering what
//! Tesseract read, so that a change to the finding of fields is measured in a second.
//!
//! `reread COUNT [pages|pictures|nothing] [TAG]`: what is remembered. `pages` (the default): the words
//! of every letter; only the finding of fields runs. `pictures`: the words of every picture; the
//! letters are drawn by PDFium and parts of them read again where that is wanted now. `nothing`: all
//! is read, for a change to `congvan-ocr`. Memories lie under `target/letters/TAG` (`now` if none is
//! named), so that two states of the reading can be set side by side; the letters themselves under
//! `target/letters/hard`, to be removed after a change to how they are drawn.
//!
//! The worker is `CONGVAN_WORKER`, or the one of the debug build.

#![allow(clippy::print_stdout, reason = "a program for a person")]

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    env, fs,
    hash::{Hash as _, Hasher as _},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context, Result};
use congvan_intake::{Field, Knowledge, PageText, Reading, read_letter};
use congvan_letters::{Half, Measured, write_missing};
use congvan_model::ByteSource;
use congvan_pdf::pdf_of_image;
use congvan_worker::{
    GreyPicture, OcrClient, OcrError, OcrLayout, OcrLine, OcrPaths, OcrTurn, ReadPicture,
    RenderClient, WorkerPaths, read_for_fields,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let count: usize = arguments.next().context("reread COUNT")?.parse()?;
    let kept = arguments.next().unwrap_or_else(|| "pages".to_owned());
    let tag = arguments.next().unwrap_or_else(|| "now".to_owned());
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let folder = target.join("letters").join(tag);
    fs::create_dir_all(&folder)?;
    let letters = write_missing(Half::Hard, count, &target.join("letters/hard"))?;
    let worker = env::var_os("CONGVAN_WORKER")
        .map_or_else(|| target.join("debug/congvan-worker"), PathBuf::from);
    let reader = Arc::new(Reader {
        ocr: OcrClient::new(
            OcrPaths::beside(worker.clone()),
            NonZeroUsize::new(2).context("2")?,
        ),
        render: RenderClient::new(WorkerPaths {
            executable: worker,
            pdfium: target.join("tools/pdfium/libpdfium.so"),
        }),
        folder,
        first: AtomicU64::new(0),
        again: AtomicU64::new(0),
        forgets: kept == "nothing",
    });
    let files: Vec<PathBuf> = letters.files().map(Path::to_owned).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let lines = runtime.block_on(all(&reader, &files, kept == "pages"))?;
    let measured = Measured::of(&letters, &lines);
    for error in &measured.errors {
        println!("{error}");
    }
    println!("{}", measured.table());
    let read = |of: &AtomicU64| of.load(Ordering::Relaxed);
    println!(
        "  pictures read: {} pages and stamps, {} parts again",
        read(&reader.first),
        read(&reader.again)
    );
    Ok(())
}

/// Every letter as a line of JSON, four at a time.
async fn all(reader: &Arc<Reader>, files: &[PathBuf], only_fields: bool) -> Result<Vec<Value>> {
    let mut lines: BTreeMap<usize, Value> = BTreeMap::new();
    let mut tasks = JoinSet::new();
    for (number, file) in files.iter().enumerate() {
        if tasks.len() >= 4
            && let Some(done) = tasks.join_next().await
        {
            let (number, line): (usize, Value) = done??;
            lines.insert(number, line);
        }
        let (reader, file) = (Arc::clone(reader), file.clone());
        tasks.spawn(async move {
            let pages = reader.pages(&file, only_fields).await?;
            let reading = read_letter(&pages, &Knowledge::default());
            anyhow::Ok((number, line(&reading)))
        });
    }
    while let Some(done) = tasks.join_next().await {
        let (number, line) = done??;
        lines.insert(number, line);
    }
    Ok(lines.into_values().collect())
}

/// Tesseract with a memory on the disk.
struct Reader {
    ocr: OcrClient,
    render: RenderClient,
    folder: PathBuf,
    /// Pictures of pages and stamps in this run.
    first: AtomicU64,
    /// Parts of heads that were read again.
    again: AtomicU64,
    forgets: bool,
}

impl Reader {
    async fn pages(&self, file: &Path, only_fields: bool) -> Result<Vec<PageText>> {
        let data = fs::read(file)?;
        let saved = self.folder.join(format!("letter-{:016x}", hash(&data)));
        if only_fields && saved.exists() {
            return Ok(serde_json::from_slice(&fs::read(saved)?)?);
        }
        let pdf = if data.starts_with(b"%PDF-") {
            data
        } else {
            pdf_of_image(&data)?.bytes
        };
        let source: Arc<dyn ByteSource> = Arc::new(pdf);
        let text = read_for_fields(&self.render, self, source).await?;
        fs::write(saved, serde_json::to_vec(&text.pages)?)?;
        Ok(text.pages)
    }
}

impl ReadPicture for Reader {
    async fn read_picture(
        &self,
        picture: GreyPicture,
        layout: OcrLayout,
        turn: OcrTurn,
    ) -> Result<Vec<OcrLine>, OcrError> {
        let name = format!(
            "picture-{:016x}-{}-{layout:?}",
            hash(&picture.pixels),
            picture.width
        );
        let saved = self.folder.join(name);
        let count = match layout {
            OcrLayout::Page | OcrLayout::Sparse => &self.first,
            OcrLayout::Block => &self.again,
        };
        count.fetch_add(1, Ordering::Relaxed);
        let known = fs::read(&saved).ok().filter(|_| !self.forgets);
        if let Some(lines) = known.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            return Ok(lines);
        }
        let lines = self.ocr.read(picture, layout, turn).await?;
        fs::write(saved, serde_json::to_vec(&lines).unwrap_or_default()).ok();
        Ok(lines)
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// As `congvan-cli intake --json` tells it.
fn line(reading: &Reading) -> Value {
    if let Some(mark) = &reading.secret {
        return json!({ "secret": told(mark, |mark| mark.stamp().to_owned()) });
    }
    let signer = reading.signer.as_ref();
    json!({
        "agency": reading.agency.as_ref().map(|field| told(field, |agency| agency.name.clone())),
        "notation": reading.notation.as_ref().map(|field| told(field, ToString::to_string)),
        "date": reading.date.as_ref().map(|field| told(field, ToString::to_string)),
        "kind": told(&reading.kind, |kind| kind.name().to_owned()),
        "subject": reading.subject.as_ref().map(|field| told(field, Clone::clone)),
        "urgency": reading.urgency.as_ref().map(|field| told(field, |urgency| urgency.stamp().unwrap_or_default().to_owned())),
        "position": signer.map(|field| told(field, |signer| signer.position.clone())),
        "signer": signer.map(|field| told(field, |signer| signer.name.clone())),
        "addressees": reading.addressees.iter().map(|field| told(field, Clone::clone)).collect::<Vec<_>>(),
        "deadlines": reading.deadlines.iter().map(|field| told(field, ToString::to_string)).collect::<Vec<_>>(),
    })
}

fn told<T>(field: &Field<T>, value: impl Fn(&T) -> String) -> Value {
    json!({ "value": value(&field.value), "confidence": (field.confidence * 1000.0).round() / 1000.0 })
}
