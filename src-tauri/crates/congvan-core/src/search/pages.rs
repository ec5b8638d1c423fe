//! The words of documents' pages, read in the background when nothing else is to do: from then on their
//! words find the document. Only what a file says itself is read; a picture of a page has no words here.

use std::sync::Arc;

use congvan_model::Sha256;
use congvan_worker::RenderError;

use crate::{ChangeTag, Desk, DeskError, Result, session::Session};

/// Longest text of a file that is kept for search, in bytes: 200 full pages.
const MOST_TEXT: usize = 1 << 20;
/// Pages of a file that are read.
const MOST_PAGES: u32 = 300;

/// Reads one file. Gives it and whether it may be asked for again.
pub(crate) async fn read(desk: Arc<Desk>, session: Arc<Session>, sha256: Sha256) -> (Sha256, bool) {
    let work = read_one(&desk, &session, sha256);
    match session.intake.cancel.run_until_cancelled(work).await {
        None => (sha256, true),
        Some(Ok(documents)) => {
            if documents > 0 {
                desk.events_bus().changed(&[ChangeTag::Documents]);
            }
            (sha256, true)
        }
        Some(Err(error)) => {
            tracing::warn!(file = %sha256, %error, "a file is not read for search");
            (sha256, false)
        }
    }
}

async fn read_one(desk: &Desk, session: &Arc<Session>, sha256: Sha256) -> Result<usize> {
    let words = match words(desk, session, sha256).await {
        Ok(words) => words,
        // A file that nobody can read is found by what is said of it.
        Err(DeskError::FileNotHere) => String::new(),
        Err(error) => return Err(error),
    };
    session
        .with_store(move |store| store.file_text_set(sha256, &words))
        .await
}

async fn words(desk: &Desk, session: &Arc<Session>, sha256: Sha256) -> Result<String> {
    let source = session.blob(sha256).await?;
    let render = &session.intake.render;
    let opened = match render.open(source).await {
        Ok(opened) => opened,
        Err(error) => return unreadable(error),
    };
    let count = u32::try_from(opened.pages.len()).unwrap_or(u32::MAX);
    let mut text = String::new();
    for page in 0..count.min(MOST_PAGES) {
        desk.after_signing().await;
        let page = match render.page_text(opened.handle, page).await {
            Ok(page) => page,
            Err(error) => {
                render.close(opened.handle);
                return unreadable(error);
            }
        };
        for line in &page.lines {
            for word in &line.words {
                text.push_str(&word.text);
                text.push(' ');
            }
            text.push('\n');
        }
        if text.len() > MOST_TEXT {
            break;
        }
    }
    render.close(opened.handle);
    Ok(text)
}

/// What says something of the file leaves it without words; what says something of us is an error.
fn unreadable(error: RenderError) -> Result<String> {
    match error {
        RenderError::Corrupt
        | RenderError::PasswordNeeded
        | RenderError::PageOutOfRange { .. }
        | RenderError::TooLarge { .. }
        | RenderError::Engine { .. }
        | RenderError::PageFailed { .. } => Ok(String::new()),
        other => Err(other.into()),
    }
}
