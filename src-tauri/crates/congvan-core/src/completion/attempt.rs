//! One attempt to complete one file.

use std::{sync::Arc, time::Duration};

use aws_lc_rs::digest;
use congvan_model::{Sha256, Timestamp};
use congvan_pades::{Evidence, Level, TrustAnchors};
use congvan_protocol::SignatureLevel;
use congvan_remote::evidence::{
    Call, Completion, CompletionError, CompletionOrder, EvidenceError, complete_file,
};
use congvan_store::{CompletionRow, CompletionSetback, EvidenceKind, NewRevision, StoreError};
use rand::Rng as _;

use super::{authorities, rules};
use crate::{
    ChangeTag, Desk, DeskError, Result, revocation, session::Session, tokens::trust_anchors,
};

/// After the first failure; doubled with each.
const FIRST: Duration = Duration::from_secs(20);
const DOUBLINGS: u32 = 6;
/// Nothing was asked: look again soon.
const SOON: Duration = Duration::from_secs(5);
/// Nobody can be asked until an administrator has done something.
const RARELY: Duration = Duration::from_secs(600);

/// What an attempt led to, before it is written down.
enum Outcome {
    Gained(Box<Completion>, Sha256),
    Setback(CompletionSetback),
}

/// Makes an attempt and keeps what came of it.
///
/// # Errors
/// Disk errors: then the queue still has the file as it was.
pub(super) async fn run(
    desk: &Arc<Desk>,
    session: &Arc<Session>,
    row: &CompletionRow,
) -> Result<()> {
    let setback = match work(desk, session, row).await? {
        Outcome::Gained(done, parent) => keep(desk, session, row, (*done, parent)).await?,
        Outcome::Setback(setback) => Some(setback),
    };
    let Some(setback) = setback else {
        return Ok(());
    };
    let is_blocked = matches!(setback, CompletionSetback::Revoked { .. });
    let (row, now, certificate) = (row.clone(), desk.now(), row.certificate);
    session
        .with_store(move |store| store.completion_failed(&row, &setback, now))
        .await?;
    if is_blocked {
        // Whatever was heard of the certificate before is out of date: ask anew when it is shown.
        revocation::forget(session, certificate).await?;
        let tags = [
            ChangeTag::Documents,
            ChangeTag::Signatures,
            ChangeTag::Token,
        ];
        desk.events_bus().changed(&tags);
    }
    Ok(())
}

async fn work(desk: &Arc<Desk>, session: &Arc<Session>, row: &CompletionRow) -> Result<Outcome> {
    let later = |code: &str, pause| Ok(Outcome::Setback(rest(code, desk.now(), pause)));
    let Some(info) = session.info() else {
        return later("COMPLETION_NO_TRUST", RARELY);
    };
    let rules = rules(Some(&info));
    let head = match head(desk, session, row).await? {
        Ok(head) => head,
        Err(code) => {
            let code = code.to_owned();
            return Ok(Outcome::Setback(CompletionSetback::Closed { code }));
        }
    };
    let source = match session.blob(head).await {
        Ok(source) => source,
        Err(DeskError::FileNotHere) => return later("COMPLETION_FILE_NOT_HERE", SOON * 6),
        Err(other) => return Err(other),
    };
    let anchors = trust_anchors(&info);
    let order = CompletionOrder {
        source,
        target: level(rules.level),
        known: known(session, &anchors, desk.now()).await?,
        trust: Arc::new(anchors),
        tsas: authorities(&rules),
    };
    let here = &session.completion;
    let call = Call::new(desk.now(), here.cancel.child_token());
    match complete_file(&here.client, &order, &call).await {
        Ok(done) => Ok(Outcome::Gained(Box::new(done), head)),
        Err(error) => Ok(Outcome::Setback(setback(&error, row, desk.now()))),
    }
}

/// The file's current state, if our signature is in it; else a code that says why not.
async fn head(
    desk: &Desk,
    session: &Session,
    row: &CompletionRow,
) -> Result<std::result::Result<Sha256, &'static str>> {
    let (document, now) = (row.document, desk.now());
    let detail = session
        .with_store(move |store| store.document(document, now))
        .await?;
    let Some(detail) = detail else {
        return Ok(Err("COMPLETION_GONE"));
    };
    let file = detail.files.iter().find(|view| view.file.id == row.file);
    let Some(file) = file else {
        return Ok(Err("COMPLETION_GONE"));
    };
    let is_in = file.revisions.iter().any(|one| one.sha256 == row.head);
    match file.head() {
        Some(head) if is_in => Ok(Ok(head.sha256)),
        Some(_) | None => Ok(Err("COMPLETION_SUPERSEDED")),
    }
}

/// Cached answers about authorities. Not about signers: what was asked before the signature cannot
/// say that the certificate was good when it was made.
async fn known(session: &Session, anchors: &TrustAnchors, now: Timestamp) -> Result<Evidence> {
    let hashes: Vec<Sha256> = anchors
        .intermediates
        .iter()
        .map(|der| sha256(der))
        .collect();
    let kept = session
        .with_store(move |store| store.evidence(&hashes, now))
        .await?;
    let mut evidence = Evidence::default();
    for one in kept {
        match one.kind {
            EvidenceKind::Ocsp => evidence.ocsp.push(one.der),
            EvidenceKind::Crl => evidence.crls.push(one.der),
        }
    }
    Ok(evidence)
}

/// Stores what was gained: bytes first, then one transaction. What is left to do, if anything.
async fn keep(
    desk: &Arc<Desk>,
    session: &Arc<Session>,
    row: &CompletionRow,
    (done, parent): (Completion, Sha256),
) -> Result<Option<CompletionSetback>> {
    revocation::keep(session, &done.fetched, desk.now()).await?;
    let new = NewRevision {
        document: row.document,
        file: row.file,
        parent,
        child: done.sha256,
        size: done.size,
        level: signature_level(done.level),
        certificate: row.certificate,
        author: row.author,
        author_name: row.author_name.clone(),
    };
    let (at, desk_here, store) = (desk.now(), desk.clone(), session.store.clone());
    let (tail, tsa) = (done.tail, done.tsa);
    let judge = desk.judge(session);
    let linked = tokio::task::spawn_blocking(move || {
        let written = store.blob_extend(parent, &tail, at)?;
        if written.sha256 != new.child {
            return Err(StoreError::BlobMismatch {
                expected: new.child,
            });
        }
        // A signature that is being made on these bytes must find them as the file's current ones.
        let linked = desk_here.signing_desk().unless_signing(new.document, || {
            store.link_completion(&new, tsa.as_deref(), at)
        });
        let linked = linked.unwrap_or(Ok(None))?;
        if linked.is_some() {
            // What was read and marked stays so, once the bytes prove that nothing else was added.
            judge.follow_one(&store, (new.parent, new.child))?;
        }
        Ok(linked)
    })
    .await??;
    if linked.is_none() {
        let code = "COMPLETION_HEAD_MOVED";
        return Ok(Some(rest(code, desk.now(), SOON)));
    }
    desk.acted(session);
    let tags = [ChangeTag::Documents, ChangeTag::Signatures];
    desk.events_bus().changed(&tags);
    let shortfall = done.shortfall.as_ref();
    Ok(shortfall.map(|error| setback(error, row, desk.now())))
}

/// What to do after an attempt that failed.
fn setback(error: &CompletionError, row: &CompletionRow, now: Timestamp) -> CompletionSetback {
    tracing::info!(file = %row.file, code = error.code(), "a completion has to wait");
    let code = error.code().to_owned();
    match error {
        CompletionError::Revoked { at, .. } => CompletionSetback::Revoked { at: *at },
        CompletionError::Evidence(EvidenceError::Resting { until }) => {
            let soon = spread(SOON);
            CompletionSetback::Later {
                code,
                not_before: until.unwrap_or(now).max(now).plus_ms(ms(soon)),
                counts: false,
            }
        }
        CompletionError::Evidence(EvidenceError::NoAddress) => rest(&code, now, RARELY),
        CompletionError::Evidence(EvidenceError::Cancelled) => rest(&code, now, Duration::ZERO),
        error if error.is_temporary() => {
            let own = FIRST * (1 << row.attempts.min(DOUBLINGS));
            let asked = match error {
                CompletionError::Evidence(error) => error.retry_at(),
                CompletionError::Engine(_)
                | CompletionError::Revoked { .. }
                | CompletionError::Unconvincing { .. }
                | CompletionError::Internal => None,
            };
            let not_before = now.plus_ms(ms(spread(own)));
            CompletionSetback::Later {
                code,
                not_before: asked.map_or(not_before, |asked| asked.max(not_before)),
                counts: true,
            }
        }
        CompletionError::Evidence(_)
        | CompletionError::Engine(_)
        | CompletionError::Unconvincing { .. }
        | CompletionError::Internal => CompletionSetback::Closed { code },
    }
}

/// Not an attempt: nothing was asked.
fn rest(code: &str, now: Timestamp, pause: Duration) -> CompletionSetback {
    CompletionSetback::Later {
        code: code.to_owned(),
        not_before: now.plus_ms(ms(pause)),
        counts: false,
    }
}

/// From half of it to the whole: a province's desks do not come back all at once.
fn spread(whole: Duration) -> Duration {
    whole.mul_f64(rand::rng().random_range(0.5..=1.0))
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn sha256(der: &[u8]) -> Sha256 {
    let hash = digest::digest(&digest::SHA256, der);
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(hash.as_ref()) {
        *to = *from;
    }
    Sha256(bytes)
}

fn level(level: SignatureLevel) -> Level {
    match level {
        SignatureLevel::BB => Level::BB,
        SignatureLevel::BT => Level::BT,
        SignatureLevel::BLT => Level::BLT,
        SignatureLevel::BLTA => Level::BLTA,
    }
}

fn signature_level(level: Level) -> SignatureLevel {
    match level {
        Level::BB => SignatureLevel::BB,
        Level::BT => SignatureLevel::BT,
        Level::BLT => SignatureLevel::BLT,
        Level::BLTA => SignatureLevel::BLTA,
    }
}
