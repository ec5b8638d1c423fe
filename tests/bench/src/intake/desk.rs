//! Two hundred scans from the drop until all can be confirmed, through the real core, while somebody
//! goes on asking the desk for its lists.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use congvan_core::{
    Desk, DeskConfig, Filter, LetterQuery, LetterState, ListQuery, ProvinceConfig, StackOrigin,
    VaultChoice, View, WorkerPaths,
};
use congvan_letters::{Half, sample};
use congvan_province::{Province, Seed};
use congvan_testkit::LEADER;
use serde_json::{Value, json};

use crate::{leader, memory, place};

/// The role of the desk's own process, whose memory is looked at from outside.
pub(super) const ROLE: &str = "intake-desk";

/// Pages of all scans together, for each scan.
const PAGES_EACH: usize = 3;

/// Between two rounds of questions.
const GLANCE: Duration = Duration::from_millis(40);

/// Longer than this nothing here may take.
const PATIENCE: Duration = Duration::from_secs(7_200);

/// Measures so many scans against ocrmypdf, which is given `theirs` of them, evenly chosen.
pub(super) fn run(scans: usize, theirs: usize, folder: &Path) -> Result<Value> {
    let papers = folder.join("scans");
    let (files, pages) = draw(scans, &papers)?;
    println!(
        "\n{} scans, {pages} pages, from the drop until all can be confirmed:",
        files.len()
    );
    let ours = at_the_desk(&files, folder)?;
    let told = |name: &str| ours[name].as_f64().unwrap_or(0.0);
    let (seconds, mib) = (told("ready_seconds"), told("own_mib"));
    println!(
        "  ours: safe after {:.1} s, all ready after {seconds:.1} s: {:.2} pages/s ({mib:.0} MiB, desk and workers)",
        told("safe_seconds"),
        pages as f64 / seconds
    );
    for (name, took) in ours["answers"].as_object().into_iter().flatten() {
        let met = if took["p99_ms"].as_f64().unwrap_or(f64::MAX) <= 100.0 {
            "ok"
        } else {
            "MISSED"
        };
        println!(
            "  {name:<14} answers in {:.1} ms (p50), {:.1} (p99), {:.1} (max) of {} questions   aim 100 ms   {met}",
            took["p50_ms"].as_f64().unwrap_or(0.0),
            took["p99_ms"].as_f64().unwrap_or(0.0),
            took["max_ms"].as_f64().unwrap_or(0.0),
            took["count"],
        );
    }
    let step = files.len().div_ceil(theirs.clamp(1, files.len()));
    let chosen: Vec<&Scan> = files.iter().step_by(step).collect();
    let their_pages: usize = chosen.iter().map(|scan| scan.pages).sum();
    let peer = ocrmypdf(&chosen, folder)?;
    // All pages of ours against all of theirs; by the page where they were given fewer.
    let ratio = (seconds / pages as f64) / (peer.seconds / their_pages as f64);
    let met = if ratio <= 1.0 / 3.0 { "ok" } else { "MISSED" };
    println!(
        "  ocrmypdf: {} scans, {their_pages} pages in {:.1} s: {:.2} pages/s ({:.0} MiB)\n  \
         fields of all scans in {ratio:.2} of its time   aim 0.33   {met}",
        chosen.len(),
        peer.seconds,
        their_pages as f64 / peer.seconds,
        peer.own
    );
    Ok(json!({
        "scans": files.len(), "pages": pages, "ours": ours, "ocrmypdf_scans": chosen.len(),
        "ocrmypdf_pages": their_pages, "ocrmypdf_seconds": peer.seconds,
        "ocrmypdf_mib": peer.own, "ratio": ratio,
    }))
}

/// A file that was drawn.
struct Scan {
    path: PathBuf,
    pages: usize,
}

/// Letters of the half to develop on, so that the other stays unseen; PDFs get pages of other
/// letters behind them, as appendices, until there are three pages for each scan.
fn draw(scans: usize, folder: &Path) -> Result<(Vec<Scan>, usize)> {
    fs::create_dir_all(folder)?;
    let mut files = Vec::with_capacity(scans);
    for number in 0..scans {
        let sample = sample(Half::Develop, number)?;
        let name = format!("{number:04}.{}", sample.format.extension());
        let path = folder.join(name);
        fs::write(&path, &sample.bytes)?;
        files.push(Scan {
            path,
            pages: sample.pages,
        });
    }
    let mut wanted = (scans * PAGES_EACH).saturating_sub(files.iter().map(|scan| scan.pages).sum());
    let is_pdf = |scan: &Scan| scan.path.extension().is_some_and(|ending| ending == "pdf");
    let pdfs: Vec<usize> = (0..files.len())
        .filter(|at| files.get(*at).is_some_and(is_pdf))
        .collect();
    ensure!(!pdfs.is_empty(), "no PDF among the scans");
    let originals: Vec<(PathBuf, usize)> = pdfs
        .iter()
        .filter_map(|at| files.get(*at))
        .map(|scan| (scan.path.clone(), scan.pages))
        .collect();
    let mut round = 1;
    while wanted > 0 {
        for (turn, at) in pdfs.iter().enumerate() {
            let (from, pages) = &originals[(turn + round) % originals.len()];
            let take = wanted.min(*pages);
            if take == 0 {
                break;
            }
            let scan = files.get_mut(*at).context("a scan")?;
            append(&scan.path, (from, take))?;
            scan.pages += take;
            wanted -= take;
        }
        round += 1;
    }
    let pages = files.iter().map(|scan| scan.pages).sum();
    Ok((files, pages))
}

/// Puts the first pages of another PDF behind one.
fn append(path: &Path, (from, pages): (&Path, usize)) -> Result<()> {
    let out = path.with_extension("longer");
    let range = format!("1-{pages}");
    let status = Command::new("qpdf")
        .arg(path)
        .arg("--pages")
        .arg(".")
        .arg(from)
        .arg(range)
        .arg("--")
        .arg(&out)
        .status()
        .context("qpdf: run `cargo xtask setup`")?;
    ensure!(status.success(), "qpdf: {status}");
    Ok(fs::rename(out, path)?)
}

/// The desk in a process of its own.
fn at_the_desk(files: &[Scan], folder: &Path) -> Result<Value> {
    let stage = folder.join("stage");
    fs::create_dir_all(&stage)?;
    let mut config = congvan_province::ProvinceConfig::new(stage.join("province"));
    config.seed = Seed::Few;
    let province = Province::start(config)?;
    fs::write(stage.join("ca.pem"), &province.ca_pem)?;
    fs::write(
        stage.join("client.toml"),
        format!(
            "server_url = {:?}\nprovince = \"H99\"\nname = \"Tỉnh H99\"\nca_file = \"ca.pem\"\n",
            province.url
        ),
    )?;
    let list: Vec<&Path> = files.iter().map(|scan| scan.path.as_path()).collect();
    fs::write(stage.join("files.json"), serde_json::to_vec(&list)?)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(ROLE).arg(&stage);
    let peak = memory::peak(&mut command, |code| code == 0)?;
    province.stop();
    let mut told: Value = serde_json::from_slice(&fs::read(stage.join("told.json"))?)?;
    told["own_mib"] = json!(peak.own);
    told["resident_mib"] = json!(peak.resident);
    Ok(told)
}

/// ocrmypdf on the same files, as many at once as there are cores: that is how it is fastest on
/// many short files.
fn ocrmypdf(chosen: &[&Scan], folder: &Path) -> Result<memory::Peak> {
    let list = folder.join("list");
    let names: Vec<String> = chosen
        .iter()
        .map(|scan| scan.path.display().to_string())
        .collect();
    fs::write(&list, names.join("\0"))?;
    let cores = std::thread::available_parallelism()?.to_string();
    let mut command = Command::new("xargs");
    command
        .args(["-0", "-P", &cores, "-a"])
        .arg(&list)
        .args(["-I{}", "ocrmypdf", "-l", "vie", "--output-type", "pdf"])
        .args(["--quiet", "-j", "1", "--image-dpi", "200", "{}", "{}.out"]);
    memory::peak(&mut command, |code| code == 0)
        .context("ocrmypdf: `cargo xtask bench intake` installs it")
}

/// The desk's own process.
pub(super) fn play(stage: &Path) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let told = runtime.block_on(drop_and_wait(stage))?;
    Ok(fs::write(
        stage.join("told.json"),
        serde_json::to_vec(&told)?,
    )?)
}

async fn drop_and_wait(stage: &Path) -> Result<Value> {
    let desk = Desk::launch(DeskConfig {
        data_dir: stage.join("desk"),
        vault: VaultChoice::Memory,
        province: Some(ProvinceConfig::load(&stage.join("client.toml"))?),
        workers: WorkerPaths {
            executable: place::program("congvan-worker")?,
            pdfium: leader::pdfium()?,
        },
        started: None,
    });
    desk.login(LEADER.username, LEADER.password.to_owned())
        .await?;
    quiet(&desk).await?;
    let files: Vec<PathBuf> = serde_json::from_slice(&fs::read(stage.join("files.json"))?)?;
    let count = u32::try_from(files.len())?;
    let started = Instant::now();
    let mut asked = Asked::default();
    let dropping = async {
        let added = desk.intake_add(files, StackOrigin::Dropped).await?;
        Ok::<_, anyhow::Error>((added, started.elapsed()))
    };
    let asking = async {
        while !asked.round(&desk, count).await? {
            ensure!(started.elapsed() < PATIENCE, "the scans are never ready");
            tokio::time::sleep(GLANCE).await;
        }
        Ok(started.elapsed())
    };
    let ((added, safe), ready) = tokio::try_join!(dropping, asking)?;
    let lost = added.files.iter().filter(|file| !file.is_safe()).count();
    ensure!(lost == 0, "{lost} files were not taken in");
    let unread = desk.intake_list(whole()).await?.letters;
    let unread = unread.iter().filter(|row| row.code.is_some()).count();
    desk.shut_down().await;
    Ok(json!({
        "safe_seconds": safe.as_secs_f64(), "ready_seconds": ready.as_secs_f64(),
        "unread": unread, "answers": asked.told(),
    }))
}

async fn quiet(desk: &Arc<Desk>) -> Result<()> {
    let started = Instant::now();
    loop {
        let status = desk.sync_status().await?;
        if status.last_sync.is_some() && !status.syncing && status.downloads_waiting == 0 {
            return Ok(());
        }
        ensure!(started.elapsed() < PATIENCE, "the documents do not arrive");
        tokio::time::sleep(GLANCE).await;
    }
}

fn whole() -> LetterQuery {
    LetterQuery {
        states: Vec::new(),
        offset: 0,
        limit: 500,
    }
}

/// How long each kind of question took, in milliseconds.
#[derive(Default)]
struct Asked {
    list: Vec<f64>,
    letter: Vec<f64>,
    documents: Vec<f64>,
    turn: usize,
}

impl Asked {
    /// Asks what a face asks; says whether all letters can be confirmed.
    async fn round(&mut self, desk: &Arc<Desk>, count: u32) -> Result<bool> {
        let at = Instant::now();
        let list = desk.intake_list(whole()).await?;
        self.list.push(ms(at));
        self.turn = self.turn.wrapping_add(1);
        if let Some(row) = list.letters.get(self.turn % list.letters.len().max(1)) {
            let at = Instant::now();
            desk.intake_letter(row.id).await?;
            self.letter.push(ms(at));
        }
        let at = Instant::now();
        desk.list(ListQuery {
            view: View::IncomingAll,
            filter: Filter::default(),
            search: String::new(),
            after: None,
            skip: 0,
            limit: 100,
            now: desk.now(),
        })
        .await?;
        self.documents.push(ms(at));
        let waits = list
            .letters
            .iter()
            .any(|row| row.state == LetterState::Reading);
        Ok(list.total == count && list.copying == 0 && !waits)
    }

    fn told(self) -> Value {
        json!({
            "intake_list": figures(self.list), "intake_letter": figures(self.letter),
            "documents_list": figures(self.documents),
        })
    }
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn figures(mut all: Vec<f64>) -> Value {
    all.sort_by(f64::total_cmp);
    let share = |part: f64| {
        let at = (all.len() as f64 * part) as usize;
        all.get(at.min(all.len().saturating_sub(1)))
            .copied()
            .unwrap_or(0.0)
    };
    json!({
        "count": all.len(), "p50_ms": share(0.5), "p99_ms": share(0.99), "max_ms": share(1.0),
    })
}
