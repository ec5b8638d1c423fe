//! Two network namespaces and the line between them: cut, slowed, and its bytes counted.

use std::{fs, process::Command};

use anyhow::{Context as _, Result, bail, ensure};

/// The server's namespace and address.
pub(super) const SERVER: &str = "cvb-server";
pub(super) const SERVER_ADDRESS: [u8; 4] = [10, 99, 0, 1];
/// The desk's namespace.
pub(super) const DESK: &str = "cvb-desk";
/// The desk's end of the line.
const END: &str = "cvb-d0";
/// The server's end.
const FAR_END: &str = "cvb-s0";

/// The two namespaces; gone when dropped.
pub(super) struct Net(());

/// Bytes that crossed the line, as the desk's end counted them, frames with all their headers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bytes {
    pub(super) up: u64,
    pub(super) down: u64,
}

impl Bytes {
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            up: self.up.saturating_sub(before.up),
            down: self.down.saturating_sub(before.down),
        }
    }

    pub(super) fn both(self) -> u64 {
        self.up + self.down
    }
}

impl Net {
    /// Makes both and joins them. Needs root, and nothing of the outer network.
    pub(super) fn new() -> Result<Self> {
        remove();
        let net = Self(());
        for namespace in [SERVER, DESK] {
            ip(&["netns", "add", namespace])
                .context("network namespaces need root: run it as root")?;
            ip(&["-n", namespace, "link", "set", "lo", "up"])?;
        }
        ip(&[
            "-n", DESK, "link", "add", END, "type", "veth", "peer", "name", FAR_END, "netns",
            SERVER,
        ])?;
        let [a, b, c, d] = SERVER_ADDRESS;
        let server = format!("{a}.{b}.{c}.{d}/24");
        ip(&["-n", SERVER, "addr", "add", &server, "dev", FAR_END])?;
        ip(&["-n", DESK, "addr", "add", "10.99.0.2/24", "dev", END])?;
        ip(&["-n", SERVER, "link", "set", FAR_END, "up"])?;
        ip(&["-n", DESK, "link", "set", END, "up"])?;
        // The server's certificate is for localhost: in the desk's namespace that is the server.
        let folder = format!("/etc/netns/{DESK}");
        fs::create_dir_all(&folder)?;
        fs::write(
            format!("{folder}/hosts"),
            format!("{a}.{b}.{c}.{d} localhost\n"),
        )?;
        Ok(net)
    }

    /// Slows both directions to so many Mbit/s; none = as fast as the machine copies.
    pub(super) fn rate(&self, mbit: Option<u32>) -> Result<()> {
        for (namespace, end) in [(SERVER, FAR_END), (DESK, END)] {
            // Fails where there is none yet.
            let _ = Command::new("tc")
                .args(["-n", namespace, "qdisc", "del", "dev", end, "root"])
                .output();
            if let Some(mbit) = mbit {
                let rate = format!("{mbit}mbit");
                run(Command::new("tc").args([
                    "-n", namespace, "qdisc", "add", "dev", end, "root", "tbf", "rate", &rate,
                    "burst", "64kb", "latency", "200ms",
                ]))?;
            }
        }
        Ok(())
    }

    /// The line breaks: nothing gets through and nobody is told.
    pub(super) fn cut(&self) -> Result<()> {
        ip(&["-n", SERVER, "link", "set", FAR_END, "down"])
    }

    /// The line is back.
    pub(super) fn heal(&self) -> Result<()> {
        ip(&["-n", SERVER, "link", "set", FAR_END, "up"])
    }

    /// What has crossed so far.
    pub(super) fn bytes(&self) -> Result<Bytes> {
        let output = Command::new("ip")
            .args(["-n", DESK, "-s", "-j", "link", "show", "dev", END])
            .output()?;
        let all: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let count = |way: &str| {
            all[0]["stats64"][way]["bytes"]
                .as_u64()
                .context("ip counts no bytes")
        };
        Ok(Bytes {
            up: count("tx")?,
            down: count("rx")?,
        })
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        remove();
    }
}

fn remove() {
    for namespace in [SERVER, DESK] {
        let _ = Command::new("ip")
            .args(["netns", "del", namespace])
            .output();
        let _ = fs::remove_dir_all(format!("/etc/netns/{namespace}"));
    }
}

/// A command inside a namespace.
pub(super) fn inside(namespace: &str, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("ip");
    command.args(["netns", "exec", namespace]).arg(program);
    command
}

fn ip(arguments: &[&str]) -> Result<()> {
    run(Command::new("ip").args(arguments))
}

/// Runs it to its end; an error carries what it said.
pub(super) fn run(command: &mut Command) -> Result<()> {
    let output = command
        .output()
        .with_context(|| format!("{command:?} cannot be started"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(!said.is_empty(), "{command:?} failed: {}", output.status);
    bail!("{command:?}: {}", said.trim())
}
