use std::{
    fs::File,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

/// The port of the virtual reader's first slot.
pub(crate) const PORT: u16 = 0x8c7b;

/// The system's card service with the virtual reader, for one test at a time. Dropping it ends the
/// service if it was started here.
pub struct CardService {
    process: Option<Child>,
    _one_at_a_time: File,
}

impl CardService {
    /// Waits for its turn and starts the service, unless the system's own runs.
    ///
    /// # Errors
    /// When pcscd or its virtual reader is missing.
    pub fn start() -> Result<Self> {
        let lock = File::create(std::env::temp_dir().join("congvan-virtual-reader"))?;
        lock.lock()?;
        let mut service = Self {
            process: None,
            _one_at_a_time: lock,
        };
        if !listening() {
            service.launch()?;
        }
        Ok(service)
    }

    fn launch(&mut self) -> Result<()> {
        let started = Command::new("pcscd")
            .arg("--foreground")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.process = Some(started.context("pcscd is missing: run `cargo xtask setup`")?);
        let deadline = Instant::now() + Duration::from_secs(10);
        while !listening() {
            ensure!(
                Instant::now() < deadline,
                "no virtual reader: is vsmartcard-vpcd installed?"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Whether this test started the service, or found the system's.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.process.is_some()
    }

    /// Restarts the service, as Windows does when the last reader leaves.
    ///
    /// # Errors
    /// When it is the system's own, or does not start again.
    pub fn restart(&mut self) -> Result<()> {
        ensure!(
            self.is_ours(),
            "the system's own card service cannot be restarted here"
        );
        self.stop();
        self.launch()
    }

    /// Kills it as a crash would, without a last word to its clients, and starts it again.
    ///
    /// # Errors
    /// As [`CardService::restart`].
    pub fn crash(&mut self) -> Result<()> {
        let process = self.process.as_mut();
        let process = process.context("the system's own card service cannot be killed here")?;
        process.kill()?;
        process.wait()?;
        self.process = None;
        self.launch()
    }

    fn stop(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        let terminated = Command::new("kill")
            .args(["-TERM", &process.id().to_string()])
            .status();
        let deadline = Instant::now() + Duration::from_secs(3);
        while let Ok(None) = process.try_wait() {
            if terminated.is_err() || Instant::now() > deadline {
                // It waits for a reader's thread; the next one clears up after it.
                process.kill().ok();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for CardService {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Whether the virtual reader waits for its card; connecting to see would look like a card.
fn listening() -> bool {
    let port = format!(":{PORT:04X} ");
    ["/proc/net/tcp", "/proc/net/tcp6"].iter().any(|table| {
        let table = std::fs::read_to_string(table).unwrap_or_default();
        table.lines().any(|line| {
            line.split_once(&port)
                .is_some_and(|(_, rest)| rest.contains(" 0A "))
        })
    })
}
