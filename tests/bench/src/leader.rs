//! What a leader does at the desk: reads what waits for a signature, marks it, signs it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use congvan_core::{BatchOrder, BatchStage, BatchView, Desk, DeskEvent, Pin, PinAnswer, TrayQuery};
use tokio::sync::broadcast::error::RecvError;

/// Reads every page of everything in the tray, and marks it.
pub(crate) async fn read_and_mark(desk: &Arc<Desk>) -> Result<()> {
    let mut after = None;
    loop {
        let query = TrayQuery {
            marked_only: false,
            search: String::new(),
            after,
            limit: 200,
        };
        let page = desk.tray(query).await?;
        for row in &page.rows {
            let file = row.file.as_ref().context("a draft has a file")?;
            for number in 0..desk.pages(file.head).await?.len() {
                let number = u32::try_from(number)?;
                desk.page_seen((row.row.id, file.id), file.head, number)
                    .await?;
            }
            desk.mark(row.row.id, file.head, None).await?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Everything that is marked, with the token. A card that was just plugged in is waited for, and so
/// is the server's word on whose certificate it is.
pub(crate) async fn order(desk: &Arc<Desk>) -> Result<BatchOrder> {
    let mut events = desk.events();
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        for module in desk.modules().await? {
            for token in desk.tokens(&module.id).await.unwrap_or_default() {
                if let Some(held) = token.certificates.iter().find(|held| held.registered) {
                    return Ok(BatchOrder {
                        items: Vec::new(),
                        module: module.id,
                        token_serial: token.serial,
                        certificate: held.summary.sha256,
                    });
                }
            }
        }
        ensure!(Instant::now() < deadline, "no token with the leader's key");
        // Any change may be the one; what the server says of certificates makes none.
        let wait = Duration::from_millis(200);
        tokio::time::timeout(wait, events.recv()).await.ok();
    }
}

/// Signs what is ordered, typing the PIN when asked; how many signatures it made.
pub(crate) async fn sign(desk: &Arc<Desk>, order: BatchOrder, pin: &str) -> Result<usize> {
    let mut events = desk.events();
    desk.batch_sign(order).await?;
    let view = loop {
        match events.recv().await {
            Ok(DeskEvent::PinWanted(request)) => {
                let answer = PinAnswer {
                    pin: Some(Pin::new(pin.to_owned())),
                    new_pin: None,
                    final_try_consent: false,
                };
                desk.pin_answer(request.id, answer);
            }
            Err(RecvError::Closed) => bail!("the desk is gone"),
            Ok(_) | Err(RecvError::Lagged(_)) => {
                if let Some(view) = over(desk).await? {
                    break view;
                }
            }
        }
    };
    let (stage, fault) = (view.stage, &view.stopped_by);
    ensure!(stage == BatchStage::Finished, "{stage:?} {fault:?}");
    Ok(view.signed())
}

/// The batch, once it is over.
pub(crate) async fn over(desk: &Arc<Desk>) -> Result<Option<BatchView>> {
    let view = desk.batch_view().await?;
    Ok(view.filter(|view| matches!(view.stage, BatchStage::Finished | BatchStage::Stopped)))
}

/// The library that the workers show pages with.
pub(crate) fn pdfium() -> Result<PathBuf> {
    let path = std::env::var_os("CONGVAN_PDFIUM").map(PathBuf::from);
    path.filter(|path| Path::new(path).is_file())
        .context("no PDFium: run `cargo xtask setup`")
}
