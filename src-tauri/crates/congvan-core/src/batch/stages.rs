//! What happens to one document before and after the token: all of it on threads that may block.

use std::sync::Arc;

use congvan_model::ByteSource;
use congvan_pades::Prepared;
use congvan_store::{DocumentDetail, NewRevision, NotLinked, SealWish, SignedItem, StoreError};
use congvan_worker::SignAlgorithm;
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    BatchItemState,
    preflight::check_document,
    run::{Planned, Run},
};
use crate::{
    DeskError, Result,
    engine::{Signer, new_revision, prepare_copy, prepare_numbered, verify_bytes},
    numbering::Numbering,
    tray::file_of,
};

/// Documents that are checked and written at the same time; more would only wait for the disk.
const FINISHERS: usize = 2;
/// Documents that one transaction makes durable, at most.
const GROUP: usize = 32;

/// A document that the token can sign.
pub(super) struct Ready {
    pub(super) place: usize,
    planned: Planned,
    source: Arc<dyn ByteSource>,
    prepared: Prepared,
}

/// A document with the token's answer.
pub(super) struct Raw {
    ready: Ready,
    signature: Vec<u8>,
}

/// A verified signature whose bytes are durable.
pub(super) struct Sound {
    place: usize,
    revision: NewRevision,
}

impl Ready {
    /// What the token is to sign, and how.
    pub(super) fn wanted(&self) -> (SignAlgorithm, Vec<u8>) {
        let wanted = self.prepared.to_be_signed();
        (wanted.algorithm.on_token(), wanted.signed_attributes_der)
    }

    pub(super) fn signed(self, signature: Vec<u8>) -> Raw {
        Raw {
            ready: self,
            signature,
        }
    }
}

/// Finds what a document has for number and day, for when its turn comes.
pub(super) async fn look_at(run: &Run, planned: &Planned) -> Result<()> {
    let (document, now) = (planned.order.document, run.desk.now());
    let detail = run
        .session
        .with_store(move |store| store.document(document, now))
        .await?;
    if let Some(detail) = detail
        && let Some(file) = file_of(&detail, planned.order.file)
    {
        let shown = (file, planned.order.shown);
        run.desk.numbering(&run.session, &detail, shown).await;
    }
    Ok(())
}

/// Looks once more whether the document is what was shown, and makes the signature's place.
pub(super) async fn prepare_one(run: &Run, planned: Planned) -> Result<Ready> {
    let checked = check_one(run, planned).await?;
    let file = file_of(&checked.detail, checked.planned.order.file).ok_or(DeskError::NotFound)?;
    let shown = (file, checked.planned.order.shown);
    let numbering = match checked.wish {
        // A scan of a paper has its number.
        Some(_) => Numbering::Nothing,
        None => {
            let detail = &checked.detail;
            run.desk.numbering(&run.session, detail, shown).await
        }
    };
    let (signer, now) = (run.terms.signer.clone(), run.desk.now());
    let look = signer.look.on(&checked.detail.document, file.file.role);
    let prepare = move || {
        let source = checked.source.as_ref();
        let prepared = match checked.wish {
            Some(wish) => prepare_copy(source, (&signer, &checked.detail.document), wish, now),
            None => {
                let place = checked.planned.order.placement;
                prepare_numbered(source, (&signer, &look), (place, &numbering), now)
            }
        };
        Ok(Ready {
            place: checked.planned.place,
            prepared: prepared?,
            planned: checked.planned,
            source: checked.source,
        })
    };
    tokio::task::spawn_blocking(prepare).await?
}

/// A document that is still what was shown.
struct Checked {
    planned: Planned,
    detail: DocumentDetail,
    wish: Option<SealWish>,
    source: Arc<dyn ByteSource>,
}

async fn check_one(run: &Run, mut planned: Planned) -> Result<Checked> {
    let (policy, judge) = (run.session.reading_policy(), run.desk.judge(&run.session));
    let now = run.desk.now();
    run.session
        .with_store(move |store| {
            let document = planned.order.document;
            let Some(detail) = store.document(document, now)? else {
                return Ok(Err(DeskError::NotFound));
            };
            match check_document(store, &detail, &planned.order, (policy, &judge)) {
                Ok(current) => planned.order.shown = current,
                Err(error) => return Ok(Err(error)),
            }
            let source: Arc<dyn ByteSource> = match store.blob_open(planned.order.shown) {
                Err(StoreError::BlobMissing { .. } | StoreError::BlobCorrupt { .. }) => {
                    return Ok(Err(DeskError::FileNotHere));
                }
                other => Arc::new(other?),
            };
            Ok(Ok(Checked {
                wish: store.seal_wish(document)?,
                planned,
                detail,
                source,
            }))
        })
        .await?
}

/// Embeds, verifies and writes the bytes, a few documents at a time.
pub(super) async fn finish_all(
    run: &Run,
    mut signatures: mpsc::Receiver<Raw>,
    sound: mpsc::Sender<Sound>,
) {
    let mut work: JoinSet<(usize, Result<Sound>)> = JoinSet::new();
    let mut is_open = true;
    loop {
        tokio::select! {
            raw = signatures.recv(), if is_open && work.len() < FINISHERS => match raw {
                Some(raw) => {
                    let (store, signer) = (run.session.store.clone(), run.terms.signer.clone());
                    let (account, now) = (run.session.account.id, run.desk.now());
                    work.spawn_blocking(move || {
                        let place = raw.ready.place;
                        (place, finish_one(&store, raw, (account, &signer), now))
                    });
                }
                None => is_open = false,
            },
            Some(done) = work.join_next(), if !work.is_empty() => match done {
                Ok((_, Ok(finished))) => {
                    if sound.send(finished).await.is_err() {
                        return;
                    }
                }
                Ok((place, Err(error))) => run.refuse(place, error, true).await,
                Err(error) => run.stop(error.into()),
            },
            else => return,
        }
    }
}

fn finish_one(
    store: &congvan_store::Store,
    raw: Raw,
    (account, signer): (congvan_model::AccountId, &Signer),
    now: congvan_model::Timestamp,
) -> Result<Sound> {
    let Raw { ready, signature } = raw;
    let order = ready.planned.order;
    let verified = verify_bytes(
        (ready.source.as_ref(), ready.prepared),
        &signature,
        signer,
        now,
    )?;
    let place = (order.document, order.file);
    let revision = new_revision(place, order.shown, &verified, (account, signer));
    let written = store.blob_extend_unlisted(order.shown, &verified.into_tail())?;
    // The bytes on disk are the bytes that were verified, or nothing is recorded.
    if written.sha256 != revision.child {
        let expected = revision.child;
        return Err(StoreError::BlobMismatch { expected }.into());
    }
    Ok(Sound {
        place: ready.place,
        revision,
    })
}

/// Links what is durable: everything that has gathered, with one transaction. How many were signed.
pub(super) async fn link_all(run: &Run, mut finished: mpsc::Receiver<Sound>) -> usize {
    let mut signed = 0;
    let mut group = Vec::with_capacity(GROUP);
    while finished.recv_many(&mut group, GROUP).await > 0 {
        let items: Vec<SignedItem> = group
            .drain(..)
            .map(|sound: Sound| SignedItem {
                revision: sound.revision,
                item: Some((run.id, sound.place)),
            })
            .collect();
        let now = run.desk.now();
        let linked = run
            .session
            .with_store(move |store| {
                let linked = store.link_signed(&items, now)?;
                Ok(items.into_iter().zip(linked).collect::<Vec<_>>())
            })
            .await;
        let linked = match linked {
            Ok(linked) => linked,
            Err(error) => {
                run.stop(error);
                continue;
            }
        };
        for (item, linked) in linked {
            let Some((_, place)) = item.item else {
                continue;
            };
            match linked {
                Ok(_) => {
                    signed += 1;
                    let state = BatchItemState::Signed {
                        sha256: item.revision.child,
                        level: item.revision.level,
                    };
                    run.moved(place, state);
                }
                Err(NotLinked::Gone) => run.refuse(place, DeskError::NotFound, true).await,
                Err(NotLinked::Overtaken) => {
                    run.refuse(place, DeskError::ShownIsStale, true).await;
                }
            }
        }
    }
    signed
}
