//! The real programs as processes that can be killed.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
};

use serde_json::{Value, json};

/// A program of the build this test belongs to.
fn program(name: &str) -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let path = here.parent().unwrap().parent().unwrap().join(name);
    assert!(
        path.is_file(),
        "no program {}: run `cargo build --workspace`",
        path.display()
    );
    path
}

fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// A loopback port that is free now, for a server that must come back on it.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// A process that says one line of JSON when it is ready; killed when dropped.
pub(crate) struct Running {
    child: Child,
    pub(crate) said: Value,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let said = serde_json::from_str(&line).expect("the program says that it is ready");
        Self { child, said }
    }

    /// SIGKILL, and nothing of it is left.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// The province's server on this data and port.
pub(crate) fn server(data: &Path, port: u16) -> Running {
    Running::start(
        Command::new(program("congvan-province"))
            .arg("--data")
            .arg(data)
            .args(["--seed", "few", "--port", &port.to_string()])
            .env("RUST_LOG", "off"),
    )
}

/// The desk on this data: the real core behind HTTP.
pub(crate) fn desk(config: &Path, data: &Path, keyring: &Keyring) -> Running {
    Running::start(
        Command::new(program("congvan-web-host"))
            .arg("--config")
            .arg(config)
            .arg("--data")
            .arg(data)
            .arg("--ui")
            .arg(checkout("ui"))
            .args(["--port", "0", "--keyring", "system"])
            .envs(keyring.environment.clone())
            .env("CONGVAN_LOG", "off"),
    )
}

/// A session with a real keyring that outlives the desk; it ends when this is dropped.
pub(crate) struct Keyring {
    child: Child,
    stdin: Option<ChildStdin>,
    environment: Vec<(String, String)>,
}

impl Keyring {
    pub(crate) fn open(folder: &Path) -> Self {
        let stay = "env | grep -E '^(DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR|HOME)='; echo; \
                    exec cat >/dev/null";
        let mut child = Command::new(checkout("packaging/linux/session.sh"))
            .arg(folder)
            .args(["sh", "-c", stay])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the desktop session starts: run `cargo xtask setup`");
        let stdin = child.stdin.take();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let environment: Vec<(String, String)> = lines
            .map(Result::unwrap)
            .take_while(|line| !line.is_empty())
            .map(|line| {
                let (name, value) = line.split_once('=').unwrap();
                (name.to_owned(), value.to_owned())
            })
            .collect();
        assert_eq!(environment.len(), 3, "no keyring: run `cargo xtask setup`");
        Self {
            child,
            stdin,
            environment,
        }
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}

/// A way to the commands of a desk.
pub(crate) struct Commands {
    http: reqwest::Client,
    url: String,
}

impl Commands {
    pub(crate) fn of(desk: &Running) -> Self {
        Self {
            http: reqwest::Client::new(),
            url: desk.said["url"].as_str().unwrap().to_owned(),
        }
    }

    /// The answer; none when it was refused or the desk has gone.
    pub(crate) async fn call(&self, name: &str, args: Value) -> Option<Value> {
        let url = format!("{}/ipc/{name}", self.url);
        let answer = self.http.post(url).json(&args).send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        answer.json().await.ok()
    }

    pub(crate) async fn ask(&self, name: &str, args: Value) -> Value {
        let answer = self.call(name, args).await;
        answer.unwrap_or_else(|| panic!("{name} was refused"))
    }

    /// Hands bytes to an address beside the command table.
    pub(crate) async fn hand(&self, to: &str, bytes: String) {
        let sent = self.http.post(format!("{}{to}", self.url)).body(bytes);
        let answer = sent.send().await.expect("the desk answers");
        assert!(answer.status().is_success(), "{to}: {}", answer.status());
    }

    /// Looks again until it is so.
    pub(crate) async fn until(&self, what: &str, so: impl AsyncFn(&Self) -> bool) {
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
        while !so(self).await {
            let late = tokio::time::Instant::now() > deadline;
            assert!(!late, "waited in vain: {what}");
            // The command table has no way to wait; this is no synchronisation, only patience.
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
    }

    pub(crate) async fn status(&self) -> Value {
        self.ask("sync_status", json!({})).await
    }
}

/// Reads a file that a program wrote.
pub(crate) fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}
