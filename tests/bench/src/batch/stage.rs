//! A province with drafts, a desk that has them, and a leader who signs.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use congvan_core::{
    BatchOrder, BatchStage, Desk, DeskConfig, DeskEvent, Pin, PinAnswer, VaultChoice, WorkerPaths,
};
use congvan_province::{Clock, Province, ProvinceConfig, RunningProvince, Seed};
use congvan_testkit::{LEADER, Pki, SignerKind, SigningIdentity};
use tokio::sync::broadcast::error::RecvError;

use super::{BYTES, token::Token};
use crate::{leader, paper};

/// Where everything of one measurement is.
pub(super) struct Stage {
    pub(super) dir: PathBuf,
    pub(super) token: Token,
    pub(super) papers: Vec<PathBuf>,
    province: Option<RunningProvince>,
}

/// What a batch took. The time in which the PIN is typed is none: a program types it.
pub(super) struct Took {
    /// From preflight until everything is durable and queued.
    pub(super) whole: Duration,
    pub(super) preflight: Duration,
    /// From the order to the PIN window.
    pub(super) to_window: Duration,
    /// From the PIN to the end.
    pub(super) after_pin: Duration,
    /// In calls of the token.
    pub(super) token: Duration,
}

impl Stage {
    /// A province with the drafts and a token with its leader's key.
    pub(super) fn set(
        documents: usize,
        token: impl FnOnce(&Path, &SigningIdentity) -> Result<Token>,
    ) -> Result<Self> {
        let target = std::env::var_os("CONGVAN_BENCH_TARGET").context("run cargo xtask bench")?;
        let dir = PathBuf::from(target).join("bench-batch");
        if dir.exists() {
            fs::remove_dir_all(&dir)?;
        }
        fs::create_dir_all(&dir)?;
        let pki = Pki::new(Clock::system().now())?;
        let identity = pki.signer(&LEADER, SignerKind::Good)?;
        let token = token(&dir, &identity)?;
        let mut config = ProvinceConfig::new(dir.join("province"));
        config.seed = Seed::Empty;
        config.trust = vec![pki.root_der(), pki.intermediate_der()];
        config.signers = vec![(LEADER.username.to_owned(), identity.certificate)];
        let province = Province::start(config)?;
        let mut papers = Vec::with_capacity(documents);
        for number in 0..documents {
            let pdf = paper::one_page(number as u64, BYTES);
            province.add_draft(&format!("Văn bản {number}"), &pdf)?;
            let path = dir.join(format!("{number:03}.pdf"));
            fs::write(&path, pdf)?;
            papers.push(path);
        }
        let stage = Self {
            dir,
            token,
            papers,
            province: Some(province),
        };
        stage.write_worker()?;
        stage.write_client()?;
        Ok(stage)
    }

    /// The worker with the token's variables, which only a script can set for it.
    fn write_worker(&self) -> Result<()> {
        let programs = PathBuf::from(std::env::var_os("CONGVAN_PROGRAMS").context("programs")?);
        let variables: String = self
            .token
            .variables
            .iter()
            .map(|(name, value)| format!("export {name}='{}'\n", value.display()))
            .collect();
        let worker = programs.join("congvan-worker");
        let script = format!("#!/bin/sh\n{variables}exec '{}' \"$@\"\n", worker.display());
        let path = self.dir.join("worker");
        fs::write(&path, script)?;
        Ok(fs::set_permissions(
            &path,
            fs::Permissions::from_mode(0o755),
        )?)
    }

    fn write_client(&self) -> Result<()> {
        let province = self.province.as_ref().context("the province runs")?;
        fs::write(self.dir.join("ca.pem"), &province.ca_pem)?;
        let text = format!(
            "server_url = {:?}\nprovince = \"H99\"\nname = \"Tỉnh H99\"\nca_file = \"ca.pem\"\n\
             pkcs11_modules = [{:?}]\npkcs11_only_listed = true\n",
            province.url, self.token.module,
        );
        Ok(fs::write(self.dir.join("client.toml"), text)?)
    }

    /// Reads and marks everything, then signs it with one PIN.
    pub(super) async fn sign(&mut self) -> Result<Took> {
        let desk = Desk::launch(DeskConfig {
            data_dir: self.dir.join("desk"),
            vault: VaultChoice::Memory,
            province: Some(congvan_core::ProvinceConfig::load(
                &self.dir.join("client.toml"),
            )?),
            workers: WorkerPaths {
                executable: self.dir.join("worker"),
                pdfium: leader::pdfium()?,
            },
            started: None,
        });
        desk.login(LEADER.username, LEADER.password.to_owned())
            .await?;
        self.wait_for_documents(&desk).await?;
        leader::read_and_mark(&desk).await?;
        let order = leader::order(&desk).await?;
        // What is signed is queued; sending it is another measurement, and another machine's work.
        if let Some(province) = self.province.take() {
            province.stop();
        }
        let took = self.measure(&desk, order).await?;
        let unsent = desk.sync_status().await?.unsent as usize;
        ensure!(unsent == self.papers.len(), "{unsent} queued");
        desk.shut_down().await;
        Ok(took)
    }

    async fn measure(&self, desk: &Arc<Desk>, order: BatchOrder) -> Result<Took> {
        let mut events = desk.events();
        let started = Instant::now();
        let found = desk.batch_preflight(order.clone()).await?;
        let preflight = started.elapsed();
        ensure!(
            found.ready() == self.papers.len(),
            "{} ready",
            found.ready()
        );
        desk.batch_sign(order).await?;
        let mut typed = Instant::now();
        let view = loop {
            match events.recv().await {
                Ok(DeskEvent::PinWanted(request)) => {
                    typed = Instant::now();
                    let answer = PinAnswer {
                        pin: Some(Pin::new(self.token.pin.to_owned())),
                        new_pin: None,
                        final_try_consent: false,
                    };
                    desk.pin_answer(request.id, answer);
                }
                Err(RecvError::Closed) => bail!("the desk is gone"),
                Ok(_) | Err(RecvError::Lagged(_)) => {
                    if let Some(view) = leader::over(desk).await? {
                        break view;
                    }
                }
            }
        };
        let took = Took {
            whole: started.elapsed(),
            preflight,
            to_window: typed.duration_since(started).saturating_sub(preflight),
            after_pin: typed.elapsed(),
            token: Duration::from_millis(view.token_ms),
        };
        let (stage, fault) = (view.stage, &view.stopped_by);
        ensure!(stage == BatchStage::Finished, "{stage:?} {fault:?}");
        let signed = view.signed();
        ensure!(signed == self.papers.len(), "{signed} signed");
        Ok(took)
    }

    async fn wait_for_documents(&self, desk: &Arc<Desk>) -> Result<()> {
        let mut events = desk.events();
        let deadline = tokio::time::Instant::now() + Duration::from_secs(300);
        loop {
            let status = desk.sync_status().await?;
            let quiet =
                status.last_sync.is_some() && !status.syncing && status.downloads_waiting == 0;
            if quiet && desk.counts().await?.to_sign as usize >= self.papers.len() {
                return Ok(());
            }
            let heard = tokio::time::timeout_at(deadline, events.recv()).await;
            ensure!(heard.is_ok(), "the documents do not arrive");
        }
    }
}
