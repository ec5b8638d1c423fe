//! Everything that can be known before a PIN is asked for.

use std::sync::Arc;

use congvan_model::{DocumentState, Sha256};
use congvan_pades::inspect;
use congvan_store::{
    BatchEntry, BatchTerms, DocumentDetail, Place, Store, StoreError, StoredPlacement,
};
use congvan_worker::{PinState, TokenError, TokenInfo};

use super::{BatchItemOrder, BatchOrder, Finding, Preflight, PreflightToken, Terms};
use crate::{
    Desk, DeskError, Placement, PlacementSource, Result,
    engine::pdf_fault,
    handling::check_signer,
    look::Look,
    places::{keep, place_on},
    register::copy,
    session::Session,
    shown::Judge,
    signing::title,
    tray::{ReadingPolicy, counts, file_of, is_read, signable},
};

/// What decides whether a document may be signed, and where, besides the document.
struct Rules {
    reading: ReadingPolicy,
    judge: Judge,
    look: Look,
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
        let (token, signer) = match found {
            Err(error) => (Err(error), None),
            Ok((_, token)) => {
                let signer = self.signer(&session, &token, order.certificate).await;
                (usable(&token), Some(signer))
            }
        };
        let look = match &signer {
            Some(Ok(signer)) => signer.look.clone(),
            Some(Err(_)) | None => self.look(&session, None).await?,
        };
        let certificate = signer.map(|signer| signer.map(|signer| signer.summary.name));
        let items = self.findings(&session, order.items, look).await?;
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
        let look = terms.signer.look.clone();
        let findings = self.findings(session, order.items, look).await?;
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

    /// One finding for each document; for all that are marked when none is named.
    async fn findings(
        &self,
        session: &Session,
        orders: Vec<BatchItemOrder>,
        look: Look,
    ) -> Result<Vec<Finding>> {
        let judge = self.judge(session);
        let orders = session
            .with_store(move |store| {
                if orders.is_empty() {
                    marked(store, &judge)
                } else {
                    current(store, orders, &judge)
                }
            })
            .await?;
        self.look_for_places(session, &orders, &look).await?;
        let (places, role) = (self.places().clone(), look.role);
        let rules = Rules {
            reading: session.reading_policy(),
            judge: self.judge(session),
            look,
        };
        session
            .with_store(move |store| {
                let mut findings = Vec::with_capacity(orders.len());
                for order in orders {
                    let found = places.known(order.shown, role).flatten();
                    findings.push(finding(store, order, (&rules, found))?);
                }
                Ok(findings)
            })
            .await
    }

    /// Looks for the places that nobody has given or remembered; what was read in this run is known
    /// already.
    async fn look_for_places(
        &self,
        session: &Session,
        orders: &[BatchItemOrder],
        look: &Look,
    ) -> Result<()> {
        for order in orders {
            let known = self.places().known(order.shown, look.role);
            if order.placement.is_some() || known.is_some() {
                continue;
            }
            let (document, now) = (order.document, self.now());
            let wanted = session
                .with_store(move |store| {
                    let Some(detail) = store.document(document, now)? else {
                        return Ok(None);
                    };
                    let is_remembered = store.placement(detail.row.kind)?.is_some()
                        || store.seal_wish(document)?.is_some();
                    Ok((!is_remembered).then_some(detail))
                })
                .await?;
            if let Some(detail) = wanted
                && let Some(file) = file_of(&detail, order.file)
            {
                let look = look.on(&detail.document, file.file.role);
                self.found_place(session, &detail, (order.shown, &look))
                    .await;
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

/// Orders for everything that is marked, in the order of marking.
fn marked(store: &Store, judge: &Judge) -> std::result::Result<Vec<BatchItemOrder>, StoreError> {
    let mut orders = Vec::new();
    for mut mark in store.marks()? {
        let Some(detail) = store.document(mark.document, judge.now)? else {
            continue;
        };
        let Some((file, _)) = signable(&detail) else {
            continue;
        };
        if let Some(head) = judge.still_shown(store, file, mark.sha256)? {
            mark.sha256 = head;
        }
        if counts(&detail, &mark) {
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

/// Orders whose documents were completed since they were shown, on what is current.
fn current(
    store: &Store,
    mut orders: Vec<BatchItemOrder>,
    judge: &Judge,
) -> std::result::Result<Vec<BatchItemOrder>, StoreError> {
    for order in &mut orders {
        if let Some(detail) = store.document(order.document, judge.now)?
            && let Some(file) = file_of(&detail, order.file)
            && let Some(head) = judge.still_shown(store, file, order.shown)?
        {
            order.shown = head;
        }
    }
    Ok(orders)
}

fn finding(
    store: &Store,
    order: BatchItemOrder,
    (rules, found): (&Rules, Option<Placement>),
) -> std::result::Result<Finding, StoreError> {
    let Some(detail) = store.document(order.document, rules.judge.now)? else {
        return Ok(Finding {
            order,
            title: String::new(),
            place: Err(DeskError::NotFound),
        });
    };
    let checked = check_document(store, &detail, &order, (rules.reading, &rules.judge));
    let place = match checked {
        Ok(_) => check_file(store, &detail, (&order, found, rules)),
        Err(error) => Err(error),
    };
    Ok(Finding {
        order,
        title: title(&detail),
        place,
    })
}

/// Whether a document waits for this signature, and what was shown and read is what is here. Gives
/// the bytes to be signed: those that were shown, or with completions since.
pub(super) fn check_document(
    store: &Store,
    detail: &DocumentDetail,
    order: &BatchItemOrder,
    (policy, judge): (ReadingPolicy, &Judge),
) -> Result<Sha256> {
    if let Some(revoked_at) = store.blocked_since(order.document)? {
        return Err(DeskError::DocumentBlocked { revoked_at });
    }
    let file = file_of(detail, order.file).ok_or(DeskError::NotFound)?;
    if file.head().is_none() {
        return Err(DeskError::NotFound);
    }
    // A scan of the registry's own waits for the agency's signature, wherever its document stands.
    let is_copy = store.seal_wish(order.document)?.is_some();
    if !is_copy && detail.row.state != DocumentState::AwaitingSignature {
        return Err(DeskError::AlreadySigned);
    }
    let acting = judge.acting.as_ref().ok_or(DeskError::CapacityEnded)?;
    check_signer(detail, acting)?;
    let Some(current) = judge.still_shown(store, file, order.shown)? else {
        let ours = file
            .revisions
            .iter()
            .any(|revision| revision.parent == Some(order.shown) && revision.ours.is_some());
        return Err(if ours {
            DeskError::AlreadySigned
        } else {
            DeskError::ShownIsStale
        });
    };
    if file.place != Place::Here {
        return Err(DeskError::FileNotHere);
    }
    // A mark upon an unread document was audited when it was made; it counts for as long as the
    // province admits it.
    let overridden = policy.unread_allowed
        && store
            .marks()?
            .iter()
            .any(|mark| mark.document == order.document && mark.unread && mark.sha256 == current);
    if !is_copy && !overridden && !is_read(policy.rule, &store.reading(current)?) {
        return Err(DeskError::ReadingRequired);
    }
    Ok(current)
}

/// Whether the file takes a signature, and where it would go. Reads its structure only.
fn check_file(
    store: &Store,
    detail: &DocumentDetail,
    (order, place, rules): (&BatchItemOrder, Option<Placement>, &Rules),
) -> Result<(Placement, Option<PlacementSource>)> {
    let file = file_of(detail, order.file).ok_or(DeskError::NotFound)?;
    let look = rules.look.on(&detail.document, file.file.role);
    let wish = store.seal_wish(order.document)?;
    match wish {
        Some(_) => rules.look.check_agency()?,
        None => look.check(rules.judge.now)?,
    }
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
    if let Some(wish) = wish {
        // A file that came signed is an original: it is not made a copy of the agency's.
        if !found.signed_fields.is_empty() {
            return Err(DeskError::SignRefused {
                reason: "CAME_SIGNED",
            });
        }
        return Ok((copy::placement(&found.pages, wish)?, None));
    }
    if let Some(placement) = order.placement {
        let kept = keep(&look.rule(), placement, &found.pages);
        return Ok((kept.ok_or(DeskError::NotFound)?, None));
    }
    let remembered = store.placement(detail.row.kind)?;
    let (placement, origin) = place_on(&found.pages, &look, (remembered, place))?;
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
