//! Page one through the render worker, from nothing to a PNG in the desk's hands, against PDFium
//! alone, from nothing to its bitmap, in turns on the same pages.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::{Context as _, Result};
use congvan_core::WorkerPaths;
use congvan_letters::{Format, Half, clean, sample};
use congvan_worker::RenderClient;
use serde_json::{Value, json};

use crate::{
    figures::Series,
    leader,
    peer::{self, Peer},
    place,
};

/// Wide enough for a page that fills the window's reading pane, in dots.
const WIDTH: u32 = 1_000;
const ROUNDS: usize = 15;
/// Ours against PDFium alone.
const AIM: f64 = 1.3;
/// Scans of one JPEG to a page are to be faster than PDFium.
const SCAN_AIM: f64 = 1.0;

/// One document to open.
pub(super) struct Paper {
    pub(super) kind: &'static str,
    pub(super) bytes: Arc<Vec<u8>>,
}

/// As many letters, by turns printed by a program, scanned in colour at 300 dpi, and scanned grey
/// or black.
pub(super) fn papers(count: usize) -> Result<Vec<Paper>> {
    let mut papers = Vec::with_capacity(count);
    let mut scans = (0..).filter_map(|number| match sample(Half::Develop, number) {
        Ok(scan) if scan.format != Format::Pdf => None,
        other => Some(other),
    });
    let (mut colour, mut other) = (Vec::new(), Vec::new());
    for number in 0..count {
        let paper = match number % 3 {
            0 => Paper {
                kind: "text",
                bytes: Arc::new(clean(Half::Develop, number)?.bytes),
            },
            1 => next_scan("scan, colour 300 dpi", &mut colour, &mut other, &mut scans)?,
            _ => next_scan("scan, other", &mut other, &mut colour, &mut scans)?,
        };
        papers.push(paper);
    }
    Ok(papers)
}

const COLOUR: &str = "colour-300";

fn next_scan(
    kind: &'static str,
    wanted: &mut Vec<Vec<u8>>,
    beside: &mut Vec<Vec<u8>>,
    scans: &mut impl Iterator<Item = Result<congvan_letters::Sample>>,
) -> Result<Paper> {
    let is_colour = kind.contains("colour");
    loop {
        if let Some(bytes) = wanted.pop() {
            return Ok(Paper {
                kind,
                bytes: Arc::new(bytes),
            });
        }
        let scan = scans.next().context("no end of scans")??;
        if scan.layout.contains(COLOUR) == is_colour {
            wanted.push(scan.bytes);
        } else {
            beside.push(scan.bytes);
        }
    }
}

/// Runs both in turns over all papers.
pub(super) fn run(papers: &[Paper], folder: &Path) -> Result<Value> {
    println!("\nPage one, {WIDTH} dots wide, from the file's bytes: {ROUNDS} rounds in turns");
    let workers = WorkerPaths {
        executable: place::program("congvan-worker")?,
        pdfium: leader::pdfium()?,
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let render = runtime.block_on(async { RenderClient::new(workers) });
    let mut theirs = {
        let mut command = peer::command("page.py")?;
        command.arg(leader::pdfium()?).arg(WIDTH.to_string());
        Peer::start(command)?
    };
    let mut rows = Vec::new();
    for kind in ["text", "scan, colour 300 dpi", "scan, other"] {
        let chosen: Vec<&Paper> = papers.iter().filter(|paper| paper.kind == kind).collect();
        let mut files = Vec::new();
        for (number, paper) in chosen.iter().enumerate() {
            let file = folder.join(format!("{number}.pdf"));
            std::fs::write(&file, paper.bytes.as_slice())?;
            files.push(file);
        }
        let (mut ours, mut alone) = (Series::default(), Series::default());
        for round in 0..=ROUNDS {
            let clock = Instant::now();
            for paper in &chosen {
                runtime.block_on(first_page(&render, paper))?;
            }
            let took = clock.elapsed().as_secs_f64() * 1000.0 / chosen.len() as f64;
            let peer = theirs.round(&files, folder)?;
            // The first round starts the worker and fills the caches of both.
            if round > 0 {
                ours.0.push(took);
                alone.0.push(peer);
            }
        }
        let aim = if kind.contains("colour") {
            SCAN_AIM
        } else {
            AIM
        };
        let ratio = ours.over(&alone);
        let met = if ratio <= aim { "ok" } else { "MISSED" };
        println!(
            "  {kind:<22} ours {:>7.2} ms, PDFium alone {:>7.2} ms: {ratio:.2}   aim {aim}   {met}",
            ours.median(),
            alone.median()
        );
        rows.push(
            json!({"kind": kind, "documents": chosen.len(), "ours_ms": ours.0,
            "pdfium_ms": alone.0, "ratio": ratio, "aim": aim}),
        );
    }
    theirs.stop()?;
    Ok(Value::Array(rows))
}

async fn first_page(render: &RenderClient, paper: &Paper) -> Result<()> {
    let source: Arc<dyn congvan_model::ByteSource> = Arc::clone(&paper.bytes) as _;
    let open = render.open(source).await?;
    render.page_png(open.handle, 0, WIDTH).await?;
    render.close(open.handle);
    Ok(())
}
