//! All words of a letter, after everything that a person waits for: a copy with the words under its
//! pictures, and what search finds the registered document by.

use std::{collections::BTreeSet, sync::Arc};

use congvan_intake::{PageText, Source, has_head};
use congvan_model::{ByteSource, Sha256, Timestamp};
use congvan_pdf::{Document, LayerPage, LayerWord, add_text_layer};
use congvan_store::{LetterId, LetterToRead, SheetFacts, StackId, Store, StoreError};
use congvan_worker::read_whole_page;

use super::{
    preparing,
    reading::{DeskLetterError, Opened},
};
use crate::{ChangeTag, Desk, DeskError, Result, session::Session};

/// Longest text of a letter that is kept for search, in bytes: 500 full pages.
const MOST_TEXT: usize = 2 << 20;

/// Reads the whole of a letter. Gives its id and whether it may be asked for again.
pub(super) async fn rest(
    desk: Arc<Desk>,
    session: Arc<Session>,
    letter: LetterToRead,
) -> (LetterId, bool) {
    let id = letter.id;
    let work = read_all(&desk, &session, &letter);
    match session.intake.cancel.run_until_cancelled(work).await {
        None => (id, true),
        Some(Ok(())) => {
            // The page on the screen has words now, and search may find more.
            let tags = [ChangeTag::Intake, ChangeTag::Documents];
            desk.events_bus().changed(&tags);
            (id, true)
        }
        Some(Err(error)) => {
            tracing::warn!(letter = %id, %error, "a letter is not read for search");
            (id, false)
        }
    }
}

async fn read_all(desk: &Arc<Desk>, session: &Arc<Session>, letter: &LetterToRead) -> Result<()> {
    let (id, rev) = (letter.id, letter.pages_rev);
    let pages = match pages(desk, session, letter).await {
        Ok(pages) => pages,
        // A page that nobody can read keeps the others from being found, but nothing else.
        Err(DeskLetterError::Letter(error)) => {
            tracing::info!(letter = %id, %error, "a letter has no words for search");
            Vec::new()
        }
        Err(DeskLetterError::Desk(error)) => return Err(error),
    };
    heads(session, letter, &pages).await?;
    let searchable = match pages.iter().any(|page| page.source == Source::Ocr) {
        true => copy(desk, session, (id, &pages)).await?,
        false => None,
    };
    let words = text(&pages);
    session
        .with_store(move |store| {
            congvan_store::fail_point("intake.words");
            store.letter_words_set((id, rev), (&words, searchable))
        })
        .await
}

/// Where pages inside a letter begin like a letter, cuts are proposed to a person: that is known of a
/// scan once its pages are read, which is here.
async fn heads(session: &Arc<Session>, letter: &LetterToRead, pages: &[PageText]) -> Result<()> {
    let found: Vec<(StackId, u32)> = letter
        .pages
        .iter()
        .zip(pages)
        // With the first page it begins anyway.
        .skip(1)
        .filter(|(_, text)| has_head(text))
        .map(|(page, _)| (page.stack, page.page))
        .collect();
    if found.is_empty() {
        return Ok(());
    }
    session
        .with_store(move |store| {
            let facts = SheetFacts {
                has_head: Some(true),
                ..SheetFacts::default()
            };
            for (stack, page) in &found {
                store.stack_facts(*stack, *page, &facts)?;
            }
            let stacks: BTreeSet<StackId> = found.iter().map(|(stack, _)| *stack).collect();
            for stack in stacks {
                let sheets = store.stack_sheets(stack)?;
                // Who laid sheets between the letters has said where they end.
                if sheets.iter().any(|sheet| sheet.facts.code.is_some()) {
                    continue;
                }
                let (_, proposal) = preparing::cut(&sheets, false);
                if let Some(proposal) = proposal {
                    store.stack_propose(stack, Some(&proposal))?;
                }
            }
            Ok(())
        })
        .await
}

async fn pages(
    desk: &Arc<Desk>,
    session: &Arc<Session>,
    letter: &LetterToRead,
) -> std::result::Result<Vec<PageText>, DeskLetterError> {
    let opened = Opened::open(session, &letter.pages).await?;
    let render = &session.intake.render;
    let numbered: Vec<_> = opened.pages.iter().copied().zip(0_u32..).collect();
    let read = |(page, index)| read_whole_page(render, desk.ocr(), page, index);
    let mut texts = Vec::with_capacity(numbered.len());
    // Two at once: a page is drawn while another is read.
    for pair in numbered.chunks(2) {
        desk.after_signing().await;
        match *pair {
            [one, other] => {
                let (one, other) = tokio::join!(read(one), read(other));
                texts.push(one?);
                texts.push(other?);
            }
            [one] => texts.push(read(one).await?),
            _ => {}
        }
    }
    Ok(texts)
}

/// The copy with the words under the pictures: the letter's PDF and a tail. None where there is
/// nothing to add, or the file is one that is not extended (signed, encrypted, damaged).
async fn copy(
    desk: &Arc<Desk>,
    session: &Arc<Session>,
    (id, pages): (LetterId, &[PageText]),
) -> Result<Option<Sha256>> {
    let letter = session.with_store(move |store| store.letter(id)).await?;
    if letter.is_none_or(|letter| letter.row.signed) {
        return Ok(None);
    }
    let (pdf, _) = match desk.letter_pdf(id).await {
        Ok(made) => made,
        Err(DeskError::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let layers: Vec<LayerPage> = pages
        .iter()
        .filter(|page| page.source == Source::Ocr)
        .map(layer)
        .collect();
    let now = desk.now();
    session
        .with_store(move |store| extended(store, pdf, &layers, now))
        .await
}

fn extended(
    store: &Store,
    pdf: Sha256,
    layers: &[LayerPage],
    now: Timestamp,
) -> std::result::Result<Option<Sha256>, StoreError> {
    let reader = store.blob_open(pdf)?;
    let source: &dyn ByteSource = &reader;
    // It names this state of the file; the same letter gives the same copy.
    let seed = pdf.0.first_chunk::<16>().copied().unwrap_or_default();
    let tail = Document::open(source)
        .and_then(|document| add_text_layer(&document, layers, congvan_pades::TINOS, seed));
    match tail {
        Ok(Some(tail)) => Ok(Some(store.blob_extend(pdf, &tail.bytes, now)?.sha256)),
        Ok(None) => Ok(None),
        Err(error) => {
            tracing::info!(%error, "a letter gets no searchable copy");
            Ok(None)
        }
    }
}

fn layer(page: &PageText) -> LayerPage {
    let word = |word: &congvan_intake::Word| LayerWord {
        text: word.text.clone(),
        x: word.area.x,
        y: word.area.y,
        w: word.area.w,
        h: word.area.h,
    };
    LayerPage {
        index: usize::try_from(page.page).unwrap_or(usize::MAX),
        lines: page
            .lines
            .iter()
            .map(|line| line.words.iter().map(word).collect())
            .collect(),
    }
}

/// The words line by line, so that no phrase runs from one line into another by accident.
fn text(pages: &[PageText]) -> String {
    let mut text = String::new();
    for line in pages.iter().flat_map(|page| &page.lines) {
        for word in &line.words {
            if text.len().saturating_add(word.text.len()) > MOST_TEXT {
                return text;
            }
            text.push_str(&word.text);
            text.push(' ');
        }
        text.push('\n');
    }
    text
}
