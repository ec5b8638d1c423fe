//! The desk in its namespace: the real core on a real store, without a window.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use congvan_core::{
    Desk, DeskConfig, Filter, ListQuery, ProvinceConfig, SyncStatus, VaultChoice, View, WorkerPaths,
};
use congvan_testkit::LEADER;
use serde_json::{Value, json};

use super::talk;
use crate::leader;

/// The role's name on the command line.
pub(super) const NAME: &str = "sync-client";
/// Its folder within the run's.
pub(super) const DATA: &str = "desk";
/// How often the desk is asked for its list until that is there.
const LOOK: Duration = Duration::from_millis(20);
/// How often it is asked how far it is while it works. Asking costs the desk a few milliseconds.
const GLANCE: Duration = Duration::from_millis(250);
/// Longer than this nothing here may take.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// `login ROWS` logs in and waits for so many rows in the list; `drain COUNT` waits until so many
/// documents and all their files are here; `round` asks for a round and waits for its end; `ready
/// COUNT` waits for so many drafts and their files; `sign PIN` reads, marks and signs them all; `sent`
/// waits until the server has confirmed every act.
pub(super) fn run(dir: &Path) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let desk = {
        let _inside = runtime.enter();
        Desk::launch(DeskConfig {
            data_dir: dir.join(DATA),
            vault: VaultChoice::Memory,
            province: Some(ProvinceConfig::load(&dir.join("client.toml"))?),
            workers: WorkerPaths {
                // There only where something is signed.
                executable: dir.join("worker"),
                pdfium: leader::pdfium()?,
            },
            started: None,
        })
    };
    let mut since = Instant::now();
    talk::serve(&json!({"ready": true}), |words| {
        runtime.block_on(async {
            match words {
                ["login", rows] => {
                    since = Instant::now();
                    login(&desk, rows.parse()?, since).await
                }
                ["drain", count] => drain(&desk, count.parse()?, since).await,
                ["from-now"] => {
                    since = Instant::now();
                    Ok(json!({}))
                }
                ["round"] => {
                    let before = desk.sync_status().await?.last_sync;
                    desk.sync_now().await?;
                    until(&desk, |status| {
                        status.last_sync != before && !status.syncing
                    })
                    .await?;
                    Ok(json!({}))
                }
                ["ready", count] => ready(&desk, count.parse()?).await,
                ["sign", pin] => {
                    leader::read_and_mark(&desk).await?;
                    let order = leader::order(&desk).await?;
                    Ok(json!({"signed": leader::sign(&desk, order, pin).await?}))
                }
                ["sent"] => {
                    until(&desk, |status| status.unsent == 0 && !status.syncing).await?;
                    Ok(json!({}))
                }
                _ => bail!("{words:?}"),
            }
        })
    })
}

async fn login(desk: &Arc<Desk>, rows: usize, since: Instant) -> Result<Value> {
    desk.login(LEADER.username, LEADER.password.to_owned())
        .await?;
    let logged_in = since.elapsed();
    loop {
        let page = desk
            .list(ListQuery {
                view: View::IncomingAll,
                search: String::new(),
                filter: Filter::default(),
                now: desk.now(),
                after: None,
                skip: 0,
                limit: u32::try_from(rows)?,
            })
            .await?;
        if page.rows.len() >= rows {
            return Ok(json!({
                "login_s": logged_in.as_secs_f64(), "usable_s": since.elapsed().as_secs_f64(),
            }));
        }
        ensure!(since.elapsed() < PATIENCE, "no list");
        tokio::time::sleep(LOOK).await;
    }
}

async fn ready(desk: &Arc<Desk>, count: u32) -> Result<Value> {
    let started = Instant::now();
    while desk.counts().await?.to_sign < count {
        ensure!(started.elapsed() < PATIENCE, "the drafts do not arrive");
        tokio::time::sleep(GLANCE).await;
    }
    until(desk, |status| {
        status.downloads_waiting == 0 && !status.syncing && status.transfers.is_empty()
    })
    .await?;
    Ok(json!({}))
}

async fn drain(desk: &Arc<Desk>, count: u32, since: Instant) -> Result<Value> {
    loop {
        if desk.counts().await?.incoming_all >= count {
            break;
        }
        ensure!(since.elapsed() < PATIENCE, "documents do not arrive");
        tokio::time::sleep(GLANCE).await;
    }
    let listed = since.elapsed();
    until(desk, |status| {
        status.downloads_waiting == 0 && !status.syncing && status.transfers.is_empty()
    })
    .await?;
    Ok(json!({"listed_s": listed.as_secs_f64(), "s": since.elapsed().as_secs_f64()}))
}

async fn until(desk: &Arc<Desk>, is_so: impl Fn(&SyncStatus) -> bool) -> Result<()> {
    let started = Instant::now();
    loop {
        let status = desk.sync_status().await.context("status")?;
        if is_so(&status) {
            return Ok(());
        }
        ensure!(started.elapsed() < PATIENCE, "it does not end: {status:?}");
        tokio::time::sleep(GLANCE).await;
    }
}
