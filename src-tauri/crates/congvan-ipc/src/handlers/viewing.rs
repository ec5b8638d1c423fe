use std::sync::Arc;

use congvan_core::{Desk, Hit};
use congvan_model::Sha256;

use super::{Answer, images::signature_image_png, parse};
use crate::{
    ErrorCode, IpcError,
    dto::{
        DocumentFile, FileHit, FileHits, FileOpened, FileRequest, FileSearch, HitBox, PageSize,
        PageText, PageTextRequest, PrintArgs, PrintMark, TextChange, TextCheck, TextComparison,
        TextRun, TextsCompare,
    },
};

const MM_PER_POINT: f32 = 25.4 / 72.0;
const DEFAULT_WIDTH_PX: u32 = 1_200;
/// In the place of a file's hash: what follows is the hash of a person's picture.
const SIGNATURE_IMAGE: &str = "signature-image";

/// See the command table.
///
/// # Errors
/// `FILE_NOT_HERE`, `PDF_CORRUPT`, `PDF_PASSWORD`, `WORKER_LOST`.
pub async fn file_open(desk: &Arc<Desk>, args: FileRequest) -> Answer<FileOpened> {
    let sha256 = parse(&args.sha256)?;
    Ok(opened(sha256, desk.pages(sha256).await?))
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, as [`file_open`].
pub async fn document_file_open(
    desk: &Arc<Desk>,
    args: DocumentFile,
) -> Answer<Option<FileOpened>> {
    let file = args.file.as_deref().map(parse).transpose()?;
    let found = desk.pages_of(parse(&args.document)?, file).await?;
    Ok(found.map(|(sha256, pages)| opened(sha256, pages)))
}

fn opened(sha256: Sha256, pages: Vec<congvan_core::PageSize>) -> FileOpened {
    FileOpened {
        sha256: sha256.to_hex(),
        pages: pages
            .into_iter()
            .map(|page| PageSize {
                width_mm: page.width_pt * MM_PER_POINT,
                height_mm: page.height_pt * MM_PER_POINT,
            })
            .collect(),
    }
}

/// See the command table.
///
/// # Errors
/// As [`file_open`], `PAGE_FAILED`, `NOT_FOUND` past the last page.
pub async fn page_text(desk: &Arc<Desk>, args: PageTextRequest) -> Answer<PageText> {
    let text = desk.page_text(parse(&args.sha256)?, args.page).await?;
    let mut runs = Vec::new();
    for line in text.lines {
        let last = line.words.len().saturating_sub(1);
        for (index, word) in line.words.into_iter().enumerate() {
            runs.push(TextRun {
                text: word.text,
                x: word.x,
                y: word.y,
                w: word.w,
                h: word.h,
                line_end: index == last,
            });
        }
    }
    Ok(PageText { runs })
}

/// See the command table.
///
/// # Errors
/// As [`page_text`]; `TEXT_EMPTY`, `TEXT_TOO_LONG`.
pub async fn file_search(desk: &Arc<Desk>, args: FileSearch) -> Answer<FileHits> {
    let found = desk
        .find_in_file(
            parse(&args.sha256)?,
            (&args.query, args.each_word),
            args.from,
        )
        .await?;
    Ok(FileHits {
        hits: found.hits.into_iter().map(hit).collect(),
        next: found.next,
        wordless: found.wordless,
    })
}

fn hit(it: Hit) -> FileHit {
    let boxes = it.boxes.into_iter().map(|part| HitBox {
        x: part.x,
        y: part.y,
        w: part.w,
        h: part.h,
    });
    FileHit {
        page: it.page,
        boxes: boxes.collect(),
    }
}

/// See the command table.
///
/// # Errors
/// As [`page_text`]; `TOO_MANY_PAGES`.
pub async fn texts_compare(desk: &Arc<Desk>, args: TextsCompare) -> Answer<TextCheck> {
    let check = desk
        .compare_texts(parse(&args.old)?, parse(&args.new)?)
        .await?;
    Ok(TextCheck {
        done: check.done,
        pages: check.pages,
        comparison: check.comparison.as_deref().map(comparison),
    })
}

fn comparison(found: &congvan_core::TextComparison) -> TextComparison {
    let hits = |hits: &[Hit]| hits.iter().cloned().map(hit).collect();
    let changes = found.changes.iter().map(|change| TextChange {
        old: hits(&change.old),
        new: hits(&change.new),
        old_text: change.old_text.clone(),
        new_text: change.new_text.clone(),
    });
    TextComparison {
        changes: changes.collect(),
        old_wordless: found.old_wordless,
        new_wordless: found.new_wordless,
    }
}

/// See the command table.
///
/// # Errors
/// `NOT_FOUND`, `FILE_NOT_HERE`, disk faults: then nothing may be printed.
pub async fn print_mark(desk: &Arc<Desk>, args: PrintArgs) -> Answer<PrintMark> {
    let mark = desk
        .printing(
            parse(&args.document)?,
            parse(&args.sha256)?,
            args.first..=args.last,
        )
        .await?;
    Ok(PrintMark {
        by: mark.by,
        unit: mark.unit,
        at: mark.at.0,
        notation: mark.notation,
        sha256: mark.sha256.to_hex(),
    })
}

/// A page for `page://localhost/{sha256}/{page}?w={pixels}`, or a person's picture for
/// `page://localhost/signature-image/{sha256}`: path and query as they came.
///
/// # Errors
/// As [`page_text`].
pub async fn page_png(desk: &Arc<Desk>, path: &str, query: &str) -> Answer<Vec<u8>> {
    crate::admit(desk, "page_png")?;
    let (sha256, page) = path
        .trim_start_matches('/')
        .split_once('/')
        .ok_or_else(|| IpcError::new(ErrorCode::InvalidRequest))?;
    if sha256 == SIGNATURE_IMAGE {
        return signature_image_png(desk, parse(page)?).await;
    }
    let sha256: Sha256 = parse(sha256)?;
    let page: u32 = parse(page)?;
    let width = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "w")
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(DEFAULT_WIDTH_PX);
    Ok(desk.page_png(sha256, page, width).await?)
}
