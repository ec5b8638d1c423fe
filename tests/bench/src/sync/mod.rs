//! 10,000 letters over a line between two network namespaces: our desk, `rsync --fsync` and
//! mbsync with dovecot, the same sizes in the same run; then what an idle poll, ten changes, a cut
//! line and a thin line cost.
//!
//! Bytes are those of the wire, with all headers, counted at the desk's end. What is not equal is
//! said: mail carries base64, rsync knows nothing of documents, and ours also checks SHA-256,
//! encrypts what it stores and keeps an index.

mod again;
mod client;
mod net;
mod peers;
mod server;
mod talk;

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use congvan_testkit::SplitMix;
use serde_json::{Value, json};

use net::Net;
use peers::{Took, count};
use talk::Role;

const DOCUMENTS: usize = 10_000;
const PAYLOAD: u64 = 2_000_000_000;
const BIG: u64 = 300_000_000;
/// The line for the cut, Mbit/s: slow enough to be cut in the middle.
const BIG_LINE: u32 = 200;
/// Turns of the peer and the desk.
const ROUNDS: usize = 5;
const DARK: Duration = Duration::from_secs(15);

/// The roles that this program also plays, each in a namespace.
pub(crate) fn role(name: &str, dir: &Path) -> Option<Result<()>> {
    match name {
        server::NAME => Some(server::run(dir)),
        client::NAME => Some(client::run(dir)),
        _ => None,
    }
}

/// Measures everything.
pub(crate) fn run() -> Result<()> {
    let documents = number("CONGVAN_BENCH_DOCUMENTS", DOCUMENTS as u64)?;
    let payload = number("CONGVAN_BENCH_BYTES", PAYLOAD)?;
    let big = number("CONGVAN_BENCH_BIG", BIG)?;
    let target = env::var_os("CONGVAN_BENCH_TARGET").context("run it by `cargo xtask bench`")?;
    // Others are told of it, who work elsewhere.
    let base = std::path::absolute(PathBuf::from(target).join("bench-sync"))?;
    if base.exists() {
        fs::remove_dir_all(&base)?;
    }
    let sizes = sizes(usize::try_from(documents)?, payload);
    let whole: u64 = sizes.iter().sum();
    println!(
        "{documents} letters, {:.1} MB, the smallest {} and the largest {} bytes",
        mega(whole),
        sizes.iter().min().copied().unwrap_or(0),
        sizes.iter().max().copied().unwrap_or(0)
    );
    let net = Net::new()?;
    let mut lines = Lines::default();
    mail(&net, &base.join("mail"), &sizes, &mut lines)?;
    let rsync = rsync(&net, &base.join("rsync"), &sizes, &mut lines)?;
    ours(&net, &base.join("ours"), (&sizes, big), rsync, &mut lines)?;
    again::run(&net, big, &mut lines)?;
    thin(&net, &base.join("thin"), &mut lines)?;
    fs::remove_dir_all(&base)?;
    lines.finish()
}

fn number(name: &str, otherwise: u64) -> Result<u64> {
    env::var(name).map_or(Ok(otherwise), |text| text.parse().context(name.to_owned()))
}

fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Lognormal sizes (a median of 2/3 of the mean, as a mailbox of letters and scans has), scaled to
/// the payload.
fn sizes(count: usize, payload: u64) -> Vec<u64> {
    let mut random = SplitMix::new(2026);
    let mut unit = || (random.bits() >> 11) as f64 / (1_u64 << 53) as f64;
    let raw: Vec<f64> = (0..count)
        .map(|_| {
            let (a, b) = (unit().max(1e-12), unit());
            ((-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos() * 0.9).exp()
        })
        .collect();
    let scale = payload as f64 / raw.iter().sum::<f64>();
    raw.iter().map(|size| (size * scale) as u64 + 64).collect()
}

/// What is told and written.
#[derive(Default)]
struct Lines(Vec<Value>);

impl Lines {
    fn took(&mut self, who: &str, took: &Took, whole: u64) {
        let ratio = took.bytes.both() as f64 / whole as f64;
        println!(
            "  {who:<34} {:>8.2} s  {:>9.2} MB on the wire  {ratio:>6.3} x payload",
            took.seconds,
            mega(took.bytes.both())
        );
        self.0.push(json!({
            "who": who, "s": took.seconds, "up": took.bytes.up, "down": took.bytes.down,
            "over_payload": ratio,
        }));
    }

    fn aim(&mut self, what: &str, value: f64, aim: (f64, &str)) {
        let (limit, unit) = aim;
        let word = if value <= limit { "met" } else { "MISSED" };
        println!("  {what:<58} {value:>11.3} {unit:<7} aim <= {limit}: {word}");
        self.0.push(json!({
            "what": what, "value": value, "unit": unit, "aim": limit, "met": value <= limit,
        }));
    }

    fn finish(self) -> Result<()> {
        let all = json!({
            "name": "bench sync", "machine": crate::machine::state(), "rows": self.0,
        });
        match env::var_os("CONGVAN_BENCH_REPORT") {
            Some(path) => Ok(fs::write(path, serde_json::to_vec_pretty(&all)?)?),
            None => bail!("run it by `cargo xtask bench`"),
        }
    }
}

/// The peer with an fsync for each file, in turns with the desk.
struct Peer {
    server: peers::Rsync,
    dir: PathBuf,
}

impl Peer {
    /// Everything, to a folder that is empty before and after.
    fn fetch(&self, net: &Net) -> Result<Took> {
        let out = self.dir.join("out-fsync");
        settle()?;
        let took = count(net, || self.server.fetch(&out, true))?;
        fs::remove_dir_all(out)?;
        Ok(took)
    }
}

/// rsync without an fsync for each file, and with nothing new.
fn rsync(net: &Net, dir: &Path, sizes: &[u64], lines: &mut Lines) -> Result<Peer> {
    let data = dir.join("data");
    peers::files(&data, sizes)?;
    let whole = sizes.iter().sum();
    let server = peers::Rsync::start(dir, &data)?;
    let out = dir.join("out-plain");
    settle()?;
    let plain = count(net, || server.fetch(&out, false))?;
    lines.took("rsync -a", &plain, whole);
    let idle = count(net, || server.fetch(&out, false))?;
    lines.took("rsync, nothing new", &idle, whole);
    fs::remove_dir_all(out)?;
    let dir = dir.to_owned();
    Ok(Peer { server, dir })
}

fn mail(net: &Net, dir: &Path, sizes: &[u64], lines: &mut Lines) -> Result<()> {
    let whole = sizes.iter().sum();
    fs::create_dir_all(dir)?;
    let server = peers::Mail::start(dir, sizes)?;
    settle()?;
    let took = count(net, || server.fetch(dir))?;
    lines.took("mbsync from dovecot, FSync yes", &took, whole);
    let idle = count(net, || server.fetch(dir))?;
    lines.took("mbsync, nothing new", &idle, whole);
    drop(server);
    fs::remove_dir_all(dir)?;
    Ok(())
}

/// What was written before is on the disk, so that nobody pays for another's bytes.
fn settle() -> Result<()> {
    net::run(&mut std::process::Command::new("sync"))
}

fn ours(
    net: &Net,
    dir: &Path,
    (sizes, big): (&[u64], u64),
    rsync: Peer,
    lines: &mut Lines,
) -> Result<()> {
    fs::create_dir_all(dir)?;
    let (mut server, _) = Role::start(net::SERVER, server::NAME, dir)?;
    for (block, some) in sizes.chunks(500).enumerate() {
        let words: Vec<String> = some.iter().map(u64::to_string).collect();
        server.ask(&format!("letters {block} {}", words.join(" ")))?;
    }
    let mut desk = first_pulls(net, dir, sizes, &rsync, lines)?;
    fs::remove_dir_all(&rsync.dir)?;
    drop(rsync);
    small(net, &mut server, &mut desk, lines)?;
    cut(net, (&mut server, &mut desk), (sizes.len(), big), lines)?;
    drop((server, desk));
    fs::remove_dir_all(dir)?;
    Ok(())
}

/// The peer and a new desk in turns: one disk does not take as long to sync from one minute to the
/// next, so what counts is the middle of the rounds' ratios. Gives the last desk.
fn first_pulls(
    net: &Net,
    dir: &Path,
    sizes: &[u64],
    rsync: &Peer,
    lines: &mut Lines,
) -> Result<Role> {
    let whole: u64 = sizes.iter().sum();
    let (mut over, mut slower) = (0.0_f64, Vec::new());
    let mut last: Option<Role> = None;
    for _ in 0..ROUNDS {
        if let Some(before) = last.take() {
            drop(before);
            fs::remove_dir_all(dir.join(client::DATA))?;
        }
        let floor = rsync.fetch(net)?;
        lines.took("rsync -a --fsync", &floor, whole);
        settle()?;
        let (mut desk, _) = Role::start(net::DESK, client::NAME, dir)?;
        let mut listed = Value::Null;
        let took = count(net, || {
            desk.ask("login 1")?;
            listed = desk.ask(&format!("drain {}", sizes.len()))?;
            Ok(())
        })?;
        lines.took("the desk", &took, whole);
        println!(
            "    all records listed after {:.2} s; the desk's peak memory {:.0} MiB",
            listed["listed_s"].as_f64().unwrap_or(f64::NAN),
            peak(desk.id())?
        );
        over = over.max(took.bytes.both() as f64 / whole as f64);
        slower.push(took.seconds / floor.seconds);
        last = Some(desk);
    }
    lines.aim(
        "first pull, bytes over payload, the worst",
        over,
        (1.03, "x"),
    );
    slower.sort_by(f64::total_cmp);
    let told: Vec<String> = slower.iter().map(|ratio| format!("{ratio:.3}")).collect();
    println!(
        "    time over rsync --fsync in each round: {}",
        told.join(", ")
    );
    let middle = slower.get(slower.len() / 2).context("no rounds")?;
    lines.aim(
        "first pull, time over rsync --fsync, the middle one",
        *middle,
        (1.2, "x"),
    );
    last.context("no rounds")
}

/// A poll that finds nothing, and ten records that changed.
fn small(net: &Net, server: &mut Role, desk: &mut Role, lines: &mut Lines) -> Result<()> {
    quiet(net)?;
    let idle = count(net, || desk.ask("round").map(drop))?;
    let kilo = idle.bytes.both() as f64 / 1_000.0;
    lines.aim("a round with nothing new", kilo, (1.5, "KB"));
    quiet(net)?;
    let before = net.bytes()?;
    server.ask("amend 10")?;
    desk.ask("round")?;
    quiet(net)?;
    let kilo = net.bytes()?.since(before).both() as f64 / 1_000.0;
    lines.aim("ten changed records", kilo, (8.0, "KB"));
    Ok(())
}

/// Waits until nothing has crossed the line for a second.
fn quiet(net: &Net) -> Result<()> {
    let started = Instant::now();
    loop {
        let before = net.bytes()?;
        std::thread::sleep(Duration::from_secs(1));
        if net.bytes()?.since(before).both() == 0 {
            return Ok(());
        }
        ensure!(
            started.elapsed() < Duration::from_secs(120),
            "it is never quiet"
        );
    }
}

/// A big file whole, and one whose line is cut in the middle: what the cut wastes.
fn cut(
    net: &Net,
    (server, desk): (&mut Role, &mut Role),
    (count, big): (usize, u64),
    lines: &mut Lines,
) -> Result<()> {
    net.rate(Some(BIG_LINE))?;
    let before = net.bytes()?;
    server.ask(&format!("letters 9001 {big}"))?;
    desk.ask("round")?;
    desk.ask(&format!("drain {}", count + 1))?;
    quiet(net)?;
    let plain = net.bytes()?.since(before);
    let before = net.bytes()?;
    server.ask(&format!("letters 9002 {big}"))?;
    desk.tell("round")?;
    while net.bytes()?.since(before).down < big / 2 {
        std::thread::sleep(Duration::from_millis(5));
    }
    desk.answer()?;
    net.cut()?;
    std::thread::sleep(DARK);
    net.heal()?;
    let healed = Instant::now();
    desk.ask(&format!("drain {}", count + 2))?;
    let resumed = healed.elapsed();
    quiet(net)?;
    let broken = net.bytes()?.since(before);
    net.rate(None)?;
    let waste = broken.both() as f64 - plain.both() as f64;
    println!(
        "  {:.0} MB at {BIG_LINE} Mbit/s: {:.2} MB whole, {:.2} MB with the line dark for {} s at half; \
         complete {:.1} s after the line was back, by itself",
        mega(big),
        mega(plain.both()),
        mega(broken.both()),
        DARK.as_secs(),
        resumed.as_secs_f64()
    );
    let mebi = waste / f64::from(1 << 20);
    lines.aim("a cut at half: bytes wasted", mebi, (1.0, "MiB"));
    Ok(())
}

/// A new desk on a line of 2 Mbit/s: when the first 200 letters can be worked with.
fn thin(net: &Net, dir: &Path, lines: &mut Lines) -> Result<()> {
    fs::create_dir_all(dir)?;
    let (mut server, _) = Role::start(net::SERVER, server::NAME, dir)?;
    let sizes = vec!["150000"; 300];
    server.ask(&format!("letters 1 {}", sizes.join(" ")))?;
    net.rate(Some(2))?;
    let (mut desk, _) = Role::start(net::DESK, client::NAME, dir)?;
    let told = desk.ask("login 200")?;
    net.rate(None)?;
    let usable = told["usable_s"].as_f64().context("usable")?;
    let login = told["login_s"].as_f64().context("login")?;
    println!("  at 2 Mbit/s: logged in after {login:.2} s");
    lines.aim("at 2 Mbit/s: 200 letters listed", usable, (2.0, "s"));
    drop((server, desk));
    fs::remove_dir_all(dir)?;
    Ok(())
}

/// Peak resident memory of a process, MiB.
fn peak(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kibi: f64 = line
        .and_then(|line| line.split_whitespace().nth(1))
        .context("VmHWM")?
        .parse()?;
    Ok(kibi / 1024.0)
}
