use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::Context;
use thirtyfour::prelude::*;

use crate::process::{Process, descendant, kill_hard};

const PATIENCE: Duration = Duration::from_secs(30);

/// The real window, driven as a person would: by what can be seen and clicked.
pub(crate) struct Window {
    pub(crate) driver: WebDriver,
    tauri_driver: Process,
    /// Where a photograph of a failure goes.
    evidence: PathBuf,
    main: thirtyfour::WindowHandle,
}

impl Window {
    /// Opens the program under tauri-driver and waits for its page.
    pub(crate) async fn open(
        application: &Path,
        environment: &[(String, String)],
        logs: &Path,
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(tool("tauri-driver"));
        command.args(["--port", "4444", "--native-port", "4445"]);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        let tauri_driver = Process::start("tauri-driver", &mut command, logs)?;
        let mut capabilities = Capabilities::default();
        capabilities.set("browserName", "wry")?;
        capabilities.set(
            "tauri:options",
            serde_json::json!({ "application": application }),
        )?;
        let deadline = Instant::now() + PATIENCE;
        let driver = loop {
            match WebDriver::new("http://127.0.0.1:4444", capabilities.clone()).await {
                Ok(driver) => break driver,
                Err(error) if Instant::now() > deadline => {
                    return Err(error).context("tauri-driver does not answer");
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        };
        let main = driver.window().await?;
        Ok(Self {
            driver,
            tauri_driver,
            evidence: logs.join("loi.png"),
            main,
        })
    }

    /// The process of the program itself.
    pub(crate) async fn program(&self) -> anyhow::Result<u32> {
        descendant(self.tauri_driver.id(), "congvan").await
    }

    /// Waits until an element is there and returns it.
    pub(crate) async fn see(&self, test_id: &str) -> anyhow::Result<WebElement> {
        self.see_css(&format!("[data-testid='{test_id}']")).await
    }

    pub(crate) async fn see_css(&self, css: &str) -> anyhow::Result<WebElement> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Ok(element) = self.driver.find(By::Css(css)).await
                && element.is_displayed().await.unwrap_or(false)
            {
                return Ok(element);
            }
            if Instant::now() > deadline {
                return Err(self.lost(format!("{css} did not appear")));
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    pub(crate) async fn click(&self, test_id: &str) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let element = self.see(test_id).await?;
            match element.click().await {
                Ok(()) => return Ok(()),
                // Re-drawn or covered between the look and the click; or under the foot of a form, from
                // where a person scrolls it up.
                Err(_) if Instant::now() < deadline => {
                    let script = "arguments[0].scrollIntoView({ block: 'center' })";
                    let argument = element.to_json()?;
                    let _ = self.driver.execute(script, vec![argument]).await;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(error) => return Err(error).context(format!("{test_id} cannot be clicked")),
            }
        }
    }

    /// Clicks what closes its own window. The window may be gone before the driver has answered, so
    /// its answer says nothing; what the click brings about is looked for afterwards.
    pub(crate) async fn click_away(&self, test_id: &str) -> anyhow::Result<()> {
        let _ = self.see(test_id).await?.click().await;
        self.back_to_desk().await
    }

    pub(crate) async fn fill(&self, test_id: &str, text: &str) -> anyhow::Result<()> {
        let element = self.see(test_id).await?;
        element.clear().await?;
        element.send_keys(text).await?;
        Ok(())
    }

    /// The text of an element once it satisfies a condition.
    pub(crate) async fn text_when(
        &self,
        test_id: &str,
        what: &str,
        condition: impl Fn(&str) -> bool,
    ) -> anyhow::Result<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let text = match self.driver.find(By::Testid(test_id)).await {
                Ok(element) => element.text().await.unwrap_or_default(),
                Err(_) => String::new(),
            };
            if condition(&text) {
                return Ok(text);
            }
            if Instant::now() > deadline {
                return Err(self.lost(format!("{test_id} never showed {what}; last seen: {text}")));
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Waits until a script in the page answers true.
    pub(crate) async fn until(&self, what: &str, script: &str) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.driver.execute(script, Vec::new()).await;
            let said = match &answer {
                Ok(value) if value.json().as_bool() == Some(true) => return Ok(()),
                Ok(value) => value.json().to_string(),
                Err(error) => error.to_string(),
            };
            if Instant::now() > deadline {
                return Err(self.lost(format!("never came true: {what}; last answer: {said}")));
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// Leaves a photograph of what a person would see now, and the reason for giving up.
    fn lost(&self, reason: String) -> anyhow::Error {
        let _ = screen(&self.evidence);
        anyhow::anyhow!("{reason} (see {})", self.evidence.display())
    }

    /// Goes to the PIN window once it is open.
    pub(crate) async fn enter_pin_window(&self) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let windows = self.driver.windows().await?;
            if let Some(pin) = windows.into_iter().find(|window| *window != self.main) {
                self.driver.switch_to_window(pin).await?;
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(self.lost("the PIN window did not open".to_owned()));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn back_to_desk(&self) -> anyhow::Result<()> {
        self.driver.switch_to_window(self.main.clone()).await?;
        Ok(())
    }

    /// Photographs the whole screen after two frames: what a person sees, windows and all.
    pub(crate) async fn photograph(&self, file: &Path) -> anyhow::Result<()> {
        let _ = self
            .driver
            .execute_async(
                "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(true)));",
                Vec::new(),
            )
            .await;
        screen(file)
    }

    /// Closes the window in good order.
    pub(crate) async fn close(self) -> anyhow::Result<()> {
        self.driver.clone().quit().await?;
        // The native driver outlives its parent, and would open the next window as this one.
        self.abandon().await
    }

    /// Forgets the window after the program was killed: the native driver still believes in its
    /// session and must go too, or it would refuse the next one.
    pub(crate) async fn abandon(self) -> anyhow::Result<()> {
        let native = descendant(self.tauri_driver.id(), "WebKitWebDriver").await?;
        kill_hard(native)?;
        self.tauri_driver.kill()
    }
}

/// Photographs the root window of the display.
pub(crate) fn screen(file: &Path) -> anyhow::Result<()> {
    let status = Command::new("import")
        .args(["-window", "root"])
        .arg(file)
        .status()?;
    anyhow::ensure!(
        status.success(),
        "import (ImageMagick) could not photograph the screen"
    );
    Ok(())
}

/// A tool that `cargo xtask setup` installed, or the one on the path.
pub(crate) fn tool(name: &str) -> PathBuf {
    let local = crate::process::programs()
        .map(|folder| folder.join("../tools/bin").join(name))
        .unwrap_or_default();
    if local.is_file() { local } else { name.into() }
}
