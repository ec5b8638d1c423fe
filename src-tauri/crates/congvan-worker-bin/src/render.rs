//! The render worker's loop.

use std::{
    collections::HashMap,
    io::{self, Write},
    net::UdpSocket,
    process::Command,
};

use congvan_pdf::Colours;
use congvan_render::{Document, Engine, Lone, Part};
use congvan_worker::{
    RenderError, SandboxProbe,
    wire::{BLOCK, FromRender, RenderCall, RenderReply, ToRender, WirePart},
};

use crate::{
    pipes::Channel,
    source::{Failure, Source},
    vocabulary,
};

/// A document that is open.
struct Opened {
    document: Document,
    source: Source,
    /// Of each page.
    units: Vec<f32>,
    /// The sign that its bytes failed.
    failure: Failure,
}

impl Opened {
    fn unit(&self, page: u32) -> f32 {
        let at = usize::try_from(page).unwrap_or(usize::MAX);
        self.units.get(at).copied().unwrap_or(1.0)
    }
}

type Documents = HashMap<u64, Opened>;

/// Answers calls until the desk closes the pipe.
pub(crate) fn serve(engine: Engine, channel: Channel) -> anyhow::Result<()> {
    let mut documents = Documents::new();
    while let Some(message) = channel.receive()? {
        match message {
            ToRender::Call { id, call } => {
                let result = answer(engine, &channel, &mut documents, call);
                channel.send(&FromRender::Reply { id, result })?;
            }
            // Bytes nobody asked for: the two sides disagree, so start again in a new process.
            ToRender::Bytes(_) | ToRender::BytesFailed => anyhow::bail!("bytes out of turn"),
        }
    }
    Ok(())
}

fn answer(
    engine: Engine,
    channel: &Channel,
    documents: &mut Documents,
    call: RenderCall,
) -> Result<RenderReply, RenderError> {
    match call {
        RenderCall::Open {
            document,
            length,
            head,
            tail,
        } => {
            let failure = Failure::default();
            let source = Source::new(channel.clone(), document, length, failure.clone());
            source.know(0, &head);
            source.know(length.saturating_sub(1) / BLOCK, &tail);
            let opened = engine
                .open(source.clone())
                .map_err(|error| explain(error, &failure))?;
            let sizes = opened.page_sizes();
            if sizes.is_empty() {
                return Err(RenderError::Corrupt);
            }
            let units = user_units(&source, sizes.len());
            if failure.take() {
                return Err(RenderError::SourceFailed);
            }
            let pages = sizes.into_iter().zip(&units);
            let pages = pages.map(|(size, unit)| vocabulary::page_size(size, *unit));
            let reply = RenderReply::Opened(pages.collect());
            let opened = Opened {
                document: opened,
                source,
                units,
                failure,
            };
            documents.insert(document, opened);
            Ok(reply)
        }
        RenderCall::PagePng {
            document,
            page,
            width_px,
        } => {
            let opened = documents.get(&document).ok_or(RenderError::NotOpen)?;
            let lone = || lone_picture(&opened.source, page);
            let png = opened.document.page_png(page, width_px, lone);
            checked(png, &opened.failure).map(RenderReply::Png)
        }
        RenderCall::PageText { document, page } => {
            let opened = documents.get(&document).ok_or(RenderError::NotOpen)?;
            let text = opened.document.page_text(page);
            checked(text, &opened.failure)
                .map(|text| RenderReply::Text(vocabulary::page_text(text)))
        }
        RenderCall::PageScan {
            document,
            page,
            dpi,
            part,
        } => {
            let opened = documents.get(&document).ok_or(RenderError::NotOpen)?;
            let scan = opened
                .document
                .page_scan(page, opened.unit(page), (dpi, part));
            checked(scan, &opened.failure)
                .map(|scan| RenderReply::Scan(vocabulary::page_scan(scan, dpi)))
        }
        RenderCall::PageInk { document, page } => {
            let opened = documents.get(&document).ok_or(RenderError::NotOpen)?;
            let ink = opened.document.page_ink(page, opened.unit(page));
            checked(ink, &opened.failure).map(|ink| RenderReply::Ink(vocabulary::page_ink(ink)))
        }
        RenderCall::PageTypeset { document, page } => {
            let opened = documents.get(&document).ok_or(RenderError::NotOpen)?;
            let set = opened.document.page_typeset(page, opened.unit(page));
            checked(set, &opened.failure).map(|set| RenderReply::Typeset(vocabulary::typeset(set)))
        }
        RenderCall::Assemble { pages } => assemble(engine, channel, documents, &pages),
        RenderCall::Close { document } => {
            documents.remove(&document);
            Ok(RenderReply::Closed)
        }
        RenderCall::Probe => Ok(RenderReply::Probed(probe())),
    }
}

/// Sends the PDF in pieces as it is written, so that it is never whole in memory here.
fn assemble(
    engine: Engine,
    channel: &Channel,
    documents: &Documents,
    pages: &[WirePart],
) -> Result<RenderReply, RenderError> {
    let parts = pages
        .iter()
        .map(|part| match *part {
            WirePart::Page {
                document,
                page,
                turns,
                skew,
            } => {
                let opened = documents.get(&document).ok_or(RenderError::NotOpen)?;
                Ok(Part::Page {
                    document: &opened.document,
                    page,
                    turns,
                    skew,
                })
            }
            WirePart::Empty {
                width_pt,
                height_pt,
            } => Ok(Part::Empty {
                width_pt,
                height_pt,
            }),
        })
        .collect::<Result<Vec<_>, RenderError>>()?;
    let mut out = Pieces {
        channel: channel.clone(),
        pending: Vec::new(),
        sent: 0,
    };
    let made = engine.assemble(&parts, &mut out);
    // Of every document, so that no later page is called wrong for it.
    let failures = documents.values().filter(|opened| opened.failure.take());
    if failures.count() > 0 {
        return Err(RenderError::SourceFailed);
    }
    made.map_err(vocabulary::render_error)?;
    out.flush().map_err(|_| RenderError::SourceFailed)?;
    Ok(RenderReply::Assembled(out.sent))
}

/// Bytes of a piece.
const PIECE: usize = 1 << 20;

/// Writes to the desk.
struct Pieces {
    channel: Channel,
    pending: Vec<u8>,
    sent: u64,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let piece = std::mem::take(&mut self.pending);
        self.sent += piece.len() as u64;
        self.channel
            .send(&FromRender::Piece(piece))
            .map_err(io::Error::other)
    }
}

/// How many points one unit of each of the `count` pages is (ISO 32000-2, 7.7.3.3, /UserUnit), which
/// PDFium leaves out of its sizes. One where it cannot be told: PDFium mends more than we read.
fn user_units(source: &Source, count: usize) -> Vec<f32> {
    let read = congvan_pdf::Document::open(source)
        .and_then(|document| congvan_pdf::pages(&document))
        .ok()
        .filter(|pages| pages.len() == count);
    match read {
        // Between 0.001 and 10,000, to the precision of PDFium's own sizes.
        Some(pages) => pages.iter().map(|page| page.user_unit as f32).collect(),
        None => vec![1.0; count],
    }
}

/// What cannot be told is drawn as any other page.
fn lone_picture(source: &Source, page: u32) -> Lone {
    let page = usize::try_from(page).unwrap_or(usize::MAX);
    let found = congvan_pdf::Document::open(source)
        .and_then(|document| congvan_pdf::lone_picture(&document, page));
    match found {
        Ok(Some(Colours::Device)) => Lone::Plain,
        Ok(Some(Colours::Profile)) => Lone::Profiled,
        Ok(None) | Err(_) => Lone::No,
    }
}

/// A page made while bytes were missing is not the page, even if PDFium made one.
fn checked<T>(
    result: Result<T, congvan_render::RenderError>,
    failure: &Failure,
) -> Result<T, RenderError> {
    if failure.take() {
        return Err(RenderError::SourceFailed);
    }
    result.map_err(vocabulary::render_error)
}

fn explain(error: congvan_render::RenderError, failure: &Failure) -> RenderError {
    if failure.take() {
        RenderError::SourceFailed
    } else {
        vocabulary::render_error(error)
    }
}

/// Tries what must not work.
pub(crate) fn probe() -> SandboxProbe {
    let refused = |error: std::io::Error| error.kind() == std::io::ErrorKind::PermissionDenied;
    let (present, new) = if cfg!(windows) {
        (r"C:\Windows\win.ini", r"C:\Windows\Temp\congvan-probe")
    } else {
        ("/etc/passwd", "/tmp/congvan-probe")
    };
    SandboxProbe {
        file_refused: std::fs::File::open(present).is_err_and(refused),
        write_refused: std::fs::File::create(new).is_err_and(refused),
        socket_refused: UdpSocket::bind("127.0.0.1:0").is_err_and(refused),
        program_refused: Command::new(if cfg!(windows) {
            "hostname"
        } else {
            "/bin/true"
        })
        .spawn()
        .is_err_and(refused),
    }
}
