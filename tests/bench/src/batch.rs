//! A leader's 300 documents with one PIN, through the whole path: preflight, login, signatures,
//! verification, durable storage and queue. Against pyHanko, which signs the same files in one
//! session; and with a token that needs 300 ms for each, which must never wait for us.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use congvan_core::{
    BatchOrder, BatchStage, BatchView, Desk, DeskConfig, DeskEvent, Pin, PinAnswer, TrayQuery,
    VaultChoice, WorkerPaths,
};
use congvan_province::{Clock, Province, ProvinceConfig, Seed};
use congvan_testkit::{LEADER, Pki, SignerKind, SoftHsm, SplitMix, softhsm_module};

const DOCUMENTS: usize = 300;
const BYTES: usize = 200_000;
/// What a real token needs for a signature.
const SLOW_MS: u64 = 300;

/// Where everything of one measurement is.
struct Stage {
    dir: PathBuf,
    programs: PathBuf,
    token: SoftHsm,
    province: Option<congvan_province::RunningProvince>,
    papers: Vec<PathBuf>,
}

/// Runs both measurements and prints the two ratios.
pub(crate) fn run() -> Result<()> {
    let documents = std::env::var("CONGVAN_BENCH_DOCUMENTS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(DOCUMENTS);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mut stage = Stage::set(documents, None)?;
    let ours = runtime.block_on(stage.sign())?;
    let theirs = stage.pyhanko()?;
    let ratio = theirs.as_secs_f64() / ours.whole.as_secs_f64();
    println!(
        "{documents} documents of {BYTES} bytes, one PIN, every fsync in place:\n  \
         ours    {:7.2} s  {:6.2} ms each (preflight {:.2} s, token {:.2} s)\n  \
         pyHanko {:7.2} s  {:6.2} ms each\n  ratio   {ratio:7.2} x (aim: at least 5)",
        ours.whole.as_secs_f64(),
        each(ours.whole, documents),
        ours.preflight.as_secs_f64(),
        ours.token.as_secs_f64(),
        theirs.as_secs_f64(),
        each(theirs, documents),
    );
    drop(stage);
    let mut stage = Stage::set(documents, Some(SLOW_MS))?;
    let slow = runtime.block_on(stage.sign())?;
    let own = Duration::from_millis(SLOW_MS * documents as u64);
    let waits = slow.whole.as_secs_f64() / own.as_secs_f64();
    println!(
        "a token of {SLOW_MS} ms a signature:\n  whole   {:7.2} s\n  token   {:7.2} s\n  \
         ratio   {waits:7.3} x (aim: at most 1.05)",
        slow.whole.as_secs_f64(),
        own.as_secs_f64(),
    );
    let figures = serde_json::json!({
        "documents": documents, "bytes": BYTES,
        "ours_s": ours.whole.as_secs_f64(), "preflight_s": ours.preflight.as_secs_f64(),
        "pyhanko_s": theirs.as_secs_f64(), "ratio": ratio,
        "slow_s": slow.whole.as_secs_f64(), "slow_token_s": own.as_secs_f64(),
        "slow_ratio": waits,
    });
    if let Some(report) = std::env::var_os("CONGVAN_BENCH_REPORT") {
        fs::write(report, serde_json::to_vec_pretty(&figures)?)?;
    }
    Ok(())
}

fn each(whole: Duration, documents: usize) -> f64 {
    whole.as_secs_f64() * 1_000.0 / documents as f64
}

/// What a batch took.
struct Took {
    whole: Duration,
    preflight: Duration,
    token: Duration,
}

impl Stage {
    /// A province with the drafts, a token, and a worker; with `slow_ms` the token is behind the
    /// shim, which makes each signature take that much longer.
    fn set(documents: usize, slow_ms: Option<u64>) -> Result<Self> {
        let target = std::env::var_os("CONGVAN_BENCH_TARGET").context("run cargo xtask bench")?;
        let dir = PathBuf::from(target).join("bench-batch");
        if dir.exists() {
            fs::remove_dir_all(&dir)?;
        }
        fs::create_dir_all(dir.join("card"))?;
        let programs = PathBuf::from(std::env::var_os("CONGVAN_PROGRAMS").context("programs")?);
        let pki = Pki::new(Clock::system().now())?;
        let identity = pki.signer(&LEADER, SignerKind::Good)?;
        let token = SoftHsm::create(&dir.join("token"), &identity)?;
        let mut config = ProvinceConfig::new(dir.join("province"));
        config.seed = Seed::Empty;
        config.trust = vec![pki.root_der(), pki.intermediate_der()];
        config.signers = vec![(LEADER.username.to_owned(), identity.certificate)];
        let province = Province::start(config)?;
        let mut papers = Vec::with_capacity(documents);
        for number in 0..documents {
            let pdf = paper(number as u64);
            province.add_draft(&format!("Văn bản {number}"), &pdf)?;
            let path = dir.join(format!("{number:03}.pdf"));
            fs::write(&path, pdf)?;
            papers.push(path);
        }
        if let Some(milliseconds) = slow_ms {
            fs::write(
                dir.join("card/faults"),
                format!("C_Sign * slow {milliseconds}\n"),
            )?;
        }
        let stage = Self {
            dir,
            programs,
            token,
            province: Some(province),
            papers,
        };
        stage.write_worker()?;
        stage.write_client(slow_ms.is_some())?;
        Ok(stage)
    }

    /// The worker with the token's variables, which only a script can set for it.
    fn write_worker(&self) -> Result<()> {
        let script = format!(
            "#!/bin/sh\nexport SOFTHSM2_CONF='{}'\nexport CONGVAN_SHIM_MODULE='{}'\n\
             export CONGVAN_SHIM_STATE='{}'\nexec '{}' \"$@\"\n",
            self.token.conf.display(),
            softhsm_module()?.display(),
            self.dir.join("card").display(),
            self.programs.join("congvan-worker").display(),
        );
        let path = self.dir.join("worker");
        fs::write(&path, script)?;
        Ok(fs::set_permissions(
            &path,
            fs::Permissions::from_mode(0o755),
        )?)
    }

    fn write_client(&self, shim: bool) -> Result<()> {
        let province = self.province.as_ref().context("the province runs")?;
        fs::write(self.dir.join("ca.pem"), &province.ca_pem)?;
        let module = if shim {
            self.shim()?
        } else {
            softhsm_module()?
        };
        let text = format!(
            "server_url = {:?}\nprovince = \"H99\"\nname = \"Tỉnh H99\"\nca_file = \"ca.pem\"\n\
             pkcs11_modules = [{module:?}]\n",
            province.url,
        );
        Ok(fs::write(self.dir.join("client.toml"), text)?)
    }

    fn shim(&self) -> Result<PathBuf> {
        let name = "libcongvan_pkcs11_shim.so";
        let places = [
            self.programs.join(name),
            self.programs.join("deps").join(name),
        ];
        let found = places.into_iter().find(|path| path.is_file());
        found.context("the shim is not built for release")
    }

    /// Reads and marks everything, then signs it with one PIN.
    async fn sign(&mut self) -> Result<Took> {
        let desk = Desk::launch(DeskConfig {
            data_dir: self.dir.join("desk"),
            vault: VaultChoice::Memory,
            province: Some(congvan_core::ProvinceConfig::load(
                &self.dir.join("client.toml"),
            )?),
            workers: WorkerPaths {
                executable: self.dir.join("worker"),
                pdfium: pdfium()?,
            },
            started: None,
        });
        desk.login(LEADER.username, LEADER.password.to_owned())
            .await?;
        self.wait_for_documents(&desk).await?;
        let order = self.order(&desk).await?;
        // What is signed is queued; sending it is another measurement, and another machine's work.
        if let Some(province) = self.province.take() {
            province.stop();
        }
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
        let view = loop {
            match events.recv().await {
                Ok(DeskEvent::PinWanted(request)) => {
                    let answer = PinAnswer {
                        pin: Some(Pin::new(self.token.pin.to_owned())),
                        new_pin: None,
                        final_try_consent: false,
                    };
                    desk.pin_answer(request.id, answer);
                }
                Err(tokio::sync::broadcast::error::RecvError::Closed) => bail!("the desk is gone"),
                Ok(_) | Err(_) => {
                    if let Some(view) = over(&desk).await? {
                        break view;
                    }
                }
            }
        };
        let whole = started.elapsed();
        ensure!(
            view.stage == BatchStage::Finished,
            "{:?} {:?}",
            view.stage,
            view.stopped_by
        );
        ensure!(
            view.signed() == self.papers.len(),
            "{} signed",
            view.signed()
        );
        let unsent = desk.sync_status().await?.unsent as usize;
        ensure!(unsent == self.papers.len(), "{unsent} queued");
        desk.shut_down().await;
        Ok(Took {
            whole,
            preflight,
            token: Duration::from_millis(view.token_ms),
        })
    }

    async fn wait_for_documents(&self, desk: &Arc<Desk>) -> Result<()> {
        let mut events = desk.events();
        let deadline = tokio::time::Instant::now() + Duration::from_secs(300);
        loop {
            let status = desk.sync_status().await?;
            let counts = desk.counts().await?;
            if counts.to_sign as usize >= self.papers.len() && status.downloads_waiting == 0 {
                return Ok(());
            }
            let heard = tokio::time::timeout_at(deadline, events.recv()).await;
            ensure!(heard.is_ok(), "the documents do not arrive");
        }
    }

    async fn order(&self, desk: &Arc<Desk>) -> Result<BatchOrder> {
        let mut after = None;
        loop {
            let page = desk
                .tray(TrayQuery {
                    marked_only: false,
                    search: String::new(),
                    after,
                    limit: 200,
                })
                .await?;
            for row in &page.rows {
                let file = row.file.as_ref().context("a draft has a file")?;
                for number in 0..desk.pages(file.head).await?.len() {
                    let number = u32::try_from(number)?;
                    desk.page_seen((row.row.id, file.id), file.head, number)
                        .await?;
                }
                desk.mark(row.row.id, file.head, false).await?;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        for module in desk.modules().await? {
            for token in desk.tokens(&module.id).await.unwrap_or_default() {
                if let Some(held) = token.certificates.first() {
                    return Ok(BatchOrder {
                        items: Vec::new(),
                        module: module.id,
                        token_serial: token.serial,
                        certificate: held.summary.sha256,
                    });
                }
            }
        }
        bail!("no token")
    }

    /// The same files in one session of pyHanko, which writes each to disk and syncs nothing.
    fn pyhanko(&self) -> Result<Duration> {
        let python = std::env::var_os("CONGVAN_PYTHON").context("python")?;
        let script = self.dir.join("pyhanko_batch.py");
        fs::write(&script, include_str!("../peers/batch.py"))?;
        let output = Command::new(python)
            .arg(&script)
            .arg(softhsm_module()?)
            .args([self.token.label, self.token.pin])
            .args(&self.papers)
            .env("SOFTHSM2_CONF", &self.token.conf)
            .output()?;
        ensure!(
            output.status.success(),
            "pyHanko: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let seconds: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
        Ok(Duration::from_secs_f64(seconds))
    }
}

async fn over(desk: &Arc<Desk>) -> Result<Option<BatchView>> {
    let view = desk.batch_view().await?;
    Ok(view.filter(|view| matches!(view.stage, BatchStage::Finished | BatchStage::Stopped)))
}

fn pdfium() -> Result<PathBuf> {
    let path = std::env::var_os("CONGVAN_PDFIUM").map(PathBuf::from);
    path.filter(|path| Path::new(path).is_file())
        .context("no PDFium: run `cargo xtask setup`")
}

/// A page of words and a picture that no codec can shrink, so that every document has other bytes
/// and about 200 KB.
fn paper(number: u64) -> Vec<u8> {
    let mut random = SplitMix::new(number + 1);
    let side = 256_usize;
    let rows = (BYTES - 1_500) / (side * 3);
    let pixels: Vec<u8> = (0..side * 3 * rows).map(|_| random.bits() as u8).collect();
    let text = format!(
        "BT /F1 14 Tf 72 760 Td (Van ban so {number}) Tj ET\nq 400 0 0 400 90 250 cm /I Do Q\n"
    );
    let mut pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    let mut object = |pdf: &mut Vec<u8>, head: String, stream: Option<&[u8]>| {
        places.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n{head}\n", places.len()).as_bytes());
        if let Some(stream) = stream {
            pdf.extend_from_slice(b"stream\n");
            pdf.extend_from_slice(stream);
            pdf.extend_from_slice(b"\nendstream\n");
        }
        pdf.extend_from_slice(b"endobj\n");
    };
    object(
        &mut pdf,
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        None,
    );
    object(
        &mut pdf,
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        None,
    );
    object(
        &mut pdf,
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources \
         << /Font << /F1 5 0 R >> /XObject << /I 6 0 R >> >> >>"
            .to_owned(),
        None,
    );
    object(
        &mut pdf,
        format!("<< /Length {} >>", text.len()),
        Some(text.as_bytes()),
    );
    object(
        &mut pdf,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        None,
    );
    object(
        &mut pdf,
        format!(
            "<< /Type /XObject /Subtype /Image /Width {side} /Height {rows} /ColorSpace /DeviceRGB \
             /BitsPerComponent 8 /Length {} >>",
            pixels.len()
        ),
        Some(&pixels),
    );
    let start = pdf.len();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    for place in &places {
        table.push_str(&format!("{place:010} 00000 n \n"));
    }
    table.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        places.len() + 1
    ));
    pdf.extend_from_slice(table.as_bytes());
    pdf
}
