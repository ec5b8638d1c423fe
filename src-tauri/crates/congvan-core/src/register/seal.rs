//! The organisation's signature on many scans with one PIN, through the machinery of every batch.

use std::sync::Arc;

use congvan_model::Sha256;
use congvan_store::{Letter, SealCounts, SealWish};
use congvan_worker::PageInk;

use super::{copy, room::Paper};
use crate::{BatchItemOrder, BatchOrder, BatchView, Desk, DeskError, Result, session::Session};

/// How the scan of a letter is signed for the organisation: stamp and words on blank paper of the PDF
/// that is registered. A page that cannot be looked at gets them at the usual places.
pub(super) async fn wish(
    session: &Session,
    (letter, pdf): (&Letter, Sha256),
    stamp: bool,
) -> SealWish {
    let wanted = copy::wanted_place(letter);
    let usual = SealWish {
        stamp,
        place: Some(wanted),
        ..SealWish::default()
    };
    let ink = match first_page_ink(session, pdf).await {
        Ok(ink) => ink,
        Err(error) => {
            tracing::warn!(letter = %letter.row.id, %error, "the stamp goes where it usually does");
            return usual;
        }
    };
    let Some(paper) = Paper::new(&ink) else {
        return usual;
    };
    let words = paper.words().map(|spot| spot.rect);
    let found = paper.stamp(wanted, words);
    if let Some(found) = found {
        let (standing, scale) = (found.standing, found.scale);
        tracing::info!(letter = %letter.row.id, ?standing, scale, "a place for the stamp");
    }
    SealWish {
        stamp,
        place: Some(found.map_or(wanted, |found| (found.spot.rect.x, found.spot.rect.y))),
        scale: found.map(|found| found.scale),
        words: words.map(|words| [words.x, words.y, words.width, words.height]),
    }
}

async fn first_page_ink(session: &Session, pdf: Sha256) -> Result<PageInk> {
    let render = &session.intake.render;
    let document = render.open(session.blob(pdf).await?).await?.handle;
    let ink = render.page_ink(document, 0).await;
    render.close(document);
    Ok(ink?)
}

impl Desk {
    /// How many scans wait for the organisation's signature.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors.
    pub async fn seal_queue(&self) -> Result<SealCounts> {
        let session = self.session().await?;
        session.with_store(|store| store.seal_counts()).await
    }

    /// Signs every scan that has its number with one PIN; answers before the PIN window opens, as
    /// [`Desk::batch_sign`].
    ///
    /// # Errors
    /// As [`Desk::batch_sign`]; `SignRefused` with `NOT_THE_AGENCY` for a certificate that is a
    /// person's own.
    pub async fn seal_sign(
        self: &Arc<Self>,
        (module, token_serial): (String, String),
        certificate: Sha256,
    ) -> Result<BatchView> {
        let session = self.session().await?;
        let waiting = session.with_store(|store| store.seal_items()).await?;
        if waiting.is_empty() {
            return Err(DeskError::NothingToSign);
        }
        let items = waiting
            .into_iter()
            .map(|item| BatchItemOrder {
                document: item.document,
                file: item.file,
                shown: item.head,
                placement: None,
            })
            .collect();
        self.batch_sign(BatchOrder {
            items,
            module,
            token_serial,
            certificate,
        })
        .await
    }
}
