//! Everything that can be known before a PIN is asked for.

use std::{collections::HashMap, sync::Arc};

use congvan_model::{DocumentId, DocumentState, Timestamp};
use congvan_pades::inspect;
use congvan_protocol::ReadingRule;
use congvan_store::{
    BatchEntry, BatchTerms, DocumentDetail, Place, Store, StoreError, StoredPlacement, TrayMark,
};
use congvan_worker::{PinState, TokenError, TokenInfo};

use super::{BatchItemOrder, BatchOrder, Finding, Preflight, PreflightToken, Terms};
use crate::{
    Desk, DeskError, Placement, PlacementSource, Result,
    images::signature_picture,
    session::Session,
    signing::{Signer, chosen_certificate, pdf_fault, title},
    tokens::trust_anchors,
    tray::{counts, file_of, is_read, place_on, signable},
};

/// What decides whether a document may be signed, besides the document.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    pub(super) reading: ReadingRule,
    pub(super) now: Timestamp,
}

impl Desk {
    /// What signing these documents would meet; nothing is changed and no PIN is asked for.
    ///
    /// # Errors
    /// `NotLoggedIn`, disk errors. What a document, the token or the certificate lacks is in the
    /// answer.
    pub async fn batch_preflight(&self, order: BatchOrder) -> Result<Preflight> {
        let session = self.session().await?;
        let found = self.find_token(&order.module, &order.token_serial).await;
        let (token, certificate) = match found {
            Err(error) => (Err(error), None),
            Ok((_, token)) => {
                let signer = self.signer(&session, &token, order.certificate).await;
                (
                    usable(&token),
                    Some(signer.map(|signer| signer.summary.name.clone())),
                )
            }
        };
        let items = self.findings(&session, order.items).await?;
        Ok(Preflight {
            items,
            token,
            certificate,
        })
    }

    /// Token, certificate and documents of an order.
    pub(super) async fn batch_terms(
        &self,
        session: &Arc<Session>,
        order: BatchOrder,
    ) -> Result<(Terms, Vec<Finding>)> {
        let wanted = BatchTerms {
            module: order.module,
            token_serial: order.token_serial,
            token_label: String::new(),
            certificate: order.certificate,
        };
        let terms = self.token_terms(session, &wanted).await?;
        let findings = self.findings(session, order.items).await?;
        Ok((terms, findings))
    }

    /// Token and certificate, fit to sign.
    pub(super) async fn token_terms(
        &self,
        session: &Session,
        wanted: &BatchTerms,
    ) -> Result<Terms> {
        let (module, token) = self
            .find_token(&wanted.module, &wanted.token_serial)
            .await?;
        usable(&token)?;
        let signer = Arc::new(self.signer(session, &token, wanted.certificate).await?);
        self.check_not_revoked(&signer.der, &signer.anchors).await?;
        Ok(Terms {
            kept: BatchTerms {
                token_label: token.label.clone(),
                ..wanted.clone()
            },
            module,
            token,
            signer,
        })
    }

    async fn find_token(
        &self,
        module: &str,
        serial: &str,
    ) -> Result<(std::path::PathBuf, TokenInfo)> {
        let path = self.module_path(module).await?;
        let tokens = self.token().tokens(&path).await?;
        let token = tokens.into_iter().find(|token| token.serial == serial);
        Ok((path, token.ok_or(TokenError::TokenAbsent)?))
    }

    async fn signer(
        &self,
        session: &Session,
        token: &TokenInfo,
        certificate: congvan_model::Sha256,
    ) -> Result<Signer> {
        let info = session.info();
        let anchors = info.as_deref().map(trust_anchors).unwrap_or_default();
        let (der, summary) = chosen_certificate(token, certificate, &anchors, self.now())?;
        let picture = signature_picture(session).await?;
        Ok(Signer {
            picture,
            der,
            summary,
            anchors,
        })
    }

    /// One finding for each document; for all that are marked when none is named.
    async fn findings(
        &self,
        session: &Session,
        orders: Vec<BatchItemOrder>,
    ) -> Result<Vec<Finding>> {
        let rules = Rules {
            reading: session.reading_policy().rule,
            now: self.now(),
        };
        let orders = session
            .with_store(move |store| {
                if orders.is_empty() {
                    marked(store, rules.now)
                } else {
                    Ok(orders)
                }
            })
            .await?;
        self.look_for_places(session, &orders).await?;
        let places = self.places().clone();
        session
            .with_store(move |store| {
                let marks = marks(store)?;
                let mut findings = Vec::with_capacity(orders.len());
                for order in orders {
                    let found = places.known(order.shown).flatten();
                    findings.push(finding(store, order, (rules, found), &marks)?);
                }
                Ok(findings)
            })
            .await
    }

    /// Looks for the places that nobody has given or remembered; what was read in this run is known
    /// already.
    async fn look_for_places(&self, session: &Session, orders: &[BatchItemOrder]) -> Result<()> {
        for order in orders {
            if order.placement.is_some() || self.places().known(order.shown).is_some() {
                continue;
            }
            let (document, now) = (order.document, self.now());
            let wanted = session
                .with_store(move |store| {
                    let Some(detail) = store.document(document, now)? else {
                        return Ok(None);
                    };
                    let is_remembered = store.placement(detail.row.kind)?.is_some();
                    Ok((!is_remembered).then_some(detail))
                })
                .await?;
            if let Some(detail) = wanted {
                self.found_place(session, &detail, order.shown).await;
            }
        }
        Ok(())
    }
}

/// Whether the token takes a PIN at all.
fn usable(token: &TokenInfo) -> Result<PreflightToken> {
    match token.pin_state {
        PinState::Locked => Err(TokenError::PinLocked.into()),
        PinState::NotInitialised => Err(TokenError::PinNotInitialised.into()),
        PinState::Ok | PinState::CountLow | PinState::FinalTry => Ok(PreflightToken {
            label: token.label.clone(),
            pin_state: token.pin_state,
            pin_pad: token.protected_path,
        }),
    }
}

pub(super) type Marks = HashMap<DocumentId, TrayMark>;

pub(super) fn marks(store: &Store) -> std::result::Result<Marks, StoreError> {
    let marks = store.marks()?.into_iter();
    Ok(marks.map(|mark| (mark.document, mark)).collect())
}

/// Orders for everything that is marked, in the order of marking.
fn marked(store: &Store, now: Timestamp) -> std::result::Result<Vec<BatchItemOrder>, StoreError> {
    let mut orders = Vec::new();
    for mark in store.marks()? {
        let Some(detail) = store.document(mark.document, now)? else {
            continue;
        };
        if let Some((file, _)) = signable(&detail).filter(|_| counts(&detail, &mark)) {
            orders.push(BatchItemOrder {
                document: mark.document,
                file: file.file.id,
                shown: mark.sha256,
                placement: None,
            });
        }
    }
    Ok(orders)
}

fn finding(
    store: &Store,
    order: BatchItemOrder,
    (rules, found): (Rules, Option<Placement>),
    marks: &Marks,
) -> std::result::Result<Finding, StoreError> {
    let Some(detail) = store.document(order.document, rules.now)? else {
        return Ok(Finding {
            order,
            title: String::new(),
            place: Err(DeskError::NotFound),
        });
    };
    let place = match check_document(store, &detail, &order, (rules.reading, marks)) {
        Ok(()) => check_file(store, &detail, (&order, found)),
        Err(error) => Err(error),
    };
    Ok(Finding {
        order,
        title: title(&detail),
        place,
    })
}

/// Whether a document waits for this signature, and what was shown and read is what is here.
pub(super) fn check_document(
    store: &Store,
    detail: &DocumentDetail,
    order: &BatchItemOrder,
    (rule, marks): (ReadingRule, &Marks),
) -> Result<()> {
    if let Some(revoked_at) = store.blocked_since(order.document)? {
        return Err(DeskError::DocumentBlocked { revoked_at });
    }
    let file = file_of(detail, order.file).ok_or(DeskError::NotFound)?;
    let head = file.head().ok_or(DeskError::NotFound)?;
    if detail.row.state != DocumentState::AwaitingSignature {
        return Err(DeskError::AlreadySigned);
    }
    if head.sha256 != order.shown {
        let ours = file
            .revisions
            .iter()
            .any(|revision| revision.parent == Some(order.shown) && revision.ours.is_some());
        return Err(if ours {
            DeskError::AlreadySigned
        } else {
            DeskError::ShownIsStale
        });
    }
    if file.place != Place::Here {
        return Err(DeskError::FileNotHere);
    }
    // A mark upon an unread document was audited when it was made.
    let overridden = marks
        .get(&order.document)
        .is_some_and(|mark| mark.unread && mark.sha256 == order.shown);
    if !overridden && !is_read(rule, &store.reading(order.shown)?) {
        return Err(DeskError::ReadingRequired);
    }
    Ok(())
}

/// Whether the file takes a signature, and where it would go. Reads its structure only.
fn check_file(
    store: &Store,
    detail: &DocumentDetail,
    (order, place): (&BatchItemOrder, Option<Placement>),
) -> Result<(Placement, Option<PlacementSource>)> {
    let source = match store.blob_open(order.shown) {
        Err(StoreError::BlobMissing { .. } | StoreError::BlobCorrupt { .. }) => {
            return Err(DeskError::FileNotHere);
        }
        other => other?,
    };
    let found = inspect(&source).map_err(|error| pdf_fault(&error))?;
    if found.forbids_new_signature().is_some() {
        let reason = if found.certification.is_some() {
            "CERTIFIED"
        } else {
            "LOCKED_BY_SIGNATURE"
        };
        return Err(DeskError::SignRefused { reason });
    }
    if let Some(placement) = order.placement {
        if placement.page >= found.pages.len() {
            return Err(DeskError::NotFound);
        }
        return Ok((placement, None));
    }
    let remembered = store.placement(detail.row.kind)?;
    let (placement, origin) = place_on(&found.pages, remembered, place)?;
    Ok((placement, Some(origin)))
}

/// A finding as the batch keeps it.
pub(super) fn entry(finding: &Finding) -> BatchEntry {
    let place = finding.place.as_ref().ok().map(|(place, _)| *place);
    BatchEntry {
        document: finding.order.document,
        file: finding.order.file,
        shown: finding.order.shown,
        title: finding.title.clone(),
        placement: place.map(|at| StoredPlacement {
            page: u32::try_from(at.page).ok(),
            x: at.x,
            y: at.y,
            width: at.width,
            height: at.height,
        }),
    }
}
