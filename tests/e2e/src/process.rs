use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use serde_json::Value;

/// A program we started; killed, by its own id, when dropped. What it prints goes to a file.
pub(crate) struct Process {
    child: Child,
    name: String,
}

impl Process {
    pub(crate) fn start(name: &str, command: &mut Command, logs: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(logs)?;
        let log = File::options()
            .create(true)
            .append(true)
            .open(logs.join(format!("{name}.log")))?;
        let child = command
            .stdin(Stdio::null())
            .stderr(log.try_clone()?)
            .stdout(Stdio::from(log))
            .spawn()
            .with_context(|| format!("{name} did not start"))?;
        Ok(Self {
            child,
            name: name.to_owned(),
        })
    }

    /// Starts a program that says it is ready by one line of JSON on its standard output.
    pub(crate) fn start_and_wait(
        name: &str,
        command: &mut Command,
        logs: &Path,
    ) -> anyhow::Result<(Self, Value)> {
        fs::create_dir_all(logs)?;
        let log = File::options()
            .create(true)
            .append(true)
            .open(logs.join(format!("{name}.log")))?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{name} did not start"))?;
        let output = child.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(output).lines();
        let ready = loop {
            match lines.next().transpose()? {
                Some(line) => {
                    if let Ok(value) = serde_json::from_str::<Value>(&line) {
                        break value;
                    }
                }
                None => bail!("{name} ended before it was ready; see its log"),
            }
        };
        // Keep reading, or the program would block on a full pipe.
        std::thread::spawn(move || for _ in lines.map_while(Result::ok) {});
        Ok((
            Self {
                child,
                name: name.to_owned(),
            },
            ready,
        ))
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.child.try_wait().ok().flatten().is_none() {
            let _ = self.child.kill();
            if self.child.wait().is_err() {
                eprintln!("{} could not be ended", self.name);
            }
        }
    }
}

/// The process of that program below a parent, waiting for it to appear.
pub(crate) async fn descendant(parent: u32, program: &str) -> anyhow::Result<u32> {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if let Some(pid) = find_below(parent, program) {
            return Ok(pid);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("no process {program} below {parent}")
}

fn find_below(parent: u32, program: &str) -> Option<u32> {
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).ok()?;
    children
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .find_map(|pid: u32| {
            let name = fs::read_link(format!("/proc/{pid}/exe")).ok()?;
            if name.file_name()?.to_string_lossy() == program {
                Some(pid)
            } else {
                find_below(pid, program)
            }
        })
}

/// `kill -9`: what a power cut or the out-of-memory killer does to a program.
pub(crate) fn kill_hard(pid: u32) -> anyhow::Result<()> {
    let status = Command::new("kill")
        .args(["-9", &pid.to_string()])
        .status()?;
    anyhow::ensure!(status.success(), "kill -9 {pid} failed");
    while Path::new(&format!("/proc/{pid}")).exists() {
        let state = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        if state.contains(") Z ") {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// The folder of the built programs: the one we run from.
pub(crate) fn programs() -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    Ok(here
        .parent()
        .context("the program is in a folder")?
        .to_owned())
}
