//! The desk in a process of its own, which can be killed: the web host, over HTTP.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use reqwest::Response;
use serde_json::Value;

use crate::{
    face::{Face, Heard, Refusal},
    keyring::Keyring,
    office::{Office, checkout, pdfium, program},
};

/// A running desk on a keyring that outlives it. Killed when dropped.
pub(crate) struct Host {
    child: Child,
    pub(crate) face: Face,
}

impl Host {
    /// Starts the desk on the data that an earlier one left.
    pub(crate) fn start(office: &Office, keyring: &Keyring) -> Self {
        Self::start_to_die(office, keyring, "")
    }

    /// The same; it ends by itself when it passes this point the n-th time: `name:n`.
    pub(crate) fn start_to_die(office: &Office, keyring: &Keyring, point: &str) -> Self {
        Self::spawn(office, keyring, (point, None))
    }

    /// A desk whose data lie on a disk of so many megabytes, with a keyring that ends with it. The
    /// second is that disk as this process reaches it, as long as the desk runs.
    pub(crate) fn start_on_small_disk(office: &Office, megabytes: u32) -> (Self, PathBuf) {
        let data = office.file("small");
        fs::create_dir(&data).unwrap();
        // A name space of its own, in which anybody may mount.
        let script = "mount -t tmpfs -o size=\"$1\"m tmpfs \"$2\" && shift 2 && exec \"$@\"";
        let mut command = Command::new("unshare");
        command
            .args([
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                script,
                "sh",
            ])
            .arg(megabytes.to_string())
            .arg(&data)
            .arg(program("congvan-web-host"))
            .arg("--config")
            .arg(office.client_toml())
            .arg("--data")
            .arg(&data)
            .arg("--ui")
            .arg(checkout("ui/dist"))
            .args(["--port", "0", "--keyring", "memory"])
            .envs(office.environment())
            .env("CONGVAN_PDFIUM", pdfium())
            .env("CONGVAN_LOG", "off")
            .stderr(Stdio::inherit());
        let host = Self::spawned(&mut command);
        let inside = data.strip_prefix("/").unwrap();
        let disk = Path::new("/proc")
            .join(host.child.id().to_string())
            .join("root")
            .join(inside);
        (host, disk)
    }

    fn spawn(office: &Office, keyring: &Keyring, (point, log): (&str, Option<File>)) -> Self {
        let level = match &log {
            Some(_) => "trace".to_owned(),
            None => std::env::var("CONGVAN_LOG").unwrap_or("off".to_owned()),
        };
        let mut command = Command::new(program("congvan-web-host"));
        command
            .arg("--config")
            .arg(office.client_toml())
            .arg("--data")
            .arg(office.file("host"))
            .arg("--ui")
            .arg(checkout("ui/dist"))
            .args(["--port", "0", "--keyring", "system"])
            .envs(keyring.environment())
            .envs(office.environment())
            .env("CONGVAN_PDFIUM", pdfium())
            .env("CONGVAN_DIE_AT", point)
            .env("CONGVAN_LOG", level)
            .stderr(log.map_or_else(Stdio::inherit, Stdio::from));
        Self::spawned(&mut command)
    }

    fn spawned(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: Value = serde_json::from_str(&line).expect("the web host says where it is");
        let line = Line {
            http: reqwest::Client::new(),
            url: ready["url"].as_str().unwrap().to_owned(),
        };
        Self {
            child,
            face: Face::There(line),
        }
    }

    /// The same with everything that it logs in a file.
    pub(crate) fn start_logging(office: &Office, keyring: &Keyring, log: &Path) -> Self {
        let file = File::create(log).unwrap();
        Self::spawn(office, keyring, ("", Some(file)))
    }

    /// A browser drops a file on the window.
    pub(crate) async fn drop_file(&self, name: &str, bytes: Vec<u8>) {
        match &self.face {
            Face::There(line) => line.drop_file(name, bytes).await,
            Face::Here(_) => panic!("a host is in a process of its own"),
        }
    }

    /// Waits until it has ended by itself.
    pub(crate) fn is_dead(&mut self) {
        assert!(
            !self.child.wait().unwrap().success(),
            "it ended in good order"
        );
    }

    /// Drops a file on the window, as a browser hands it over. Whether the desk lived to say that it
    /// is safe.
    pub(crate) async fn add_scan(&self, name: &str, bytes: &[u8]) -> bool {
        let Face::There(line) = &self.face else {
            return false;
        };
        let url = format!("{}/intake?name={name}", line.url);
        let answer = line.http.post(url).body(bytes.to_vec()).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// The same for a file that is not taken in: the code.
    pub(crate) async fn refused_scan(&self, name: &str, bytes: &[u8]) -> String {
        let Face::There(line) = &self.face else {
            panic!("a host is in a process of its own");
        };
        let url = format!("{}/intake?name={name}", line.url);
        let answer = line.http.post(url).body(bytes.to_vec()).send().await;
        let answer = answer.unwrap();
        assert!(!answer.status().is_success(), "it was taken in");
        let body: Value = answer.json().await.unwrap();
        body["code"].as_str().unwrap_or_default().to_owned()
    }

    /// `kill -9`, as the out-of-memory killer does it; waits until nothing of it is left.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// The machine stops: the desk and all its workers end in the same moment.
    pub(crate) fn power_off(mut self) {
        let group = format!("-{}", self.child.id());
        let killed = Command::new("kill").args(["-KILL", "--", &group]).status();
        assert!(killed.unwrap().success());
        self.child.wait().unwrap();
    }

    /// Waits until it has ended by itself, as the point of its death wants it, or the batch has
    /// ended before that point was passed; the report then.
    pub(crate) async fn dies_or_ends(&mut self) -> Option<Value> {
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
        let mut ears = self.face.listen().await;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(!status.success(), "it ended in good order");
                return None;
            }
            if let Ok(answer) = self.face.call("batch_view", serde_json::json!({})).await {
                let stage = answer["batch"]["stage"].as_str().unwrap_or_default();
                if ["FINISHED", "STOPPED"].contains(&stage) {
                    return Some(answer["batch"].clone());
                }
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "neither dead nor done"
            );
            // A death makes no event, so the next look does not wait for one for ever.
            let _ = tokio::time::timeout(std::time::Duration::from_millis(200), ears.hear()).await;
        }
    }

    fn end(&mut self) {
        // SIGKILL. An error says that it has ended by itself, which the caller would notice.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.end();
    }
}

/// The way to a web host.
pub(crate) struct Line {
    http: reqwest::Client,
    url: String,
}

impl Line {
    pub(crate) async fn call(&self, name: &str, args: Value) -> Result<Value, Refusal> {
        let url = format!("{}/ipc/{name}", self.url);
        let answer = self.http.post(url).json(&args).send().await;
        let Ok(answer) = answer else {
            return Err(Refusal {
                code: "HOST_GONE".to_owned(),
                args: Value::Null,
            });
        };
        let sound = answer.status().is_success();
        let body: Value = answer.json().await.unwrap_or_default();
        if sound {
            return Ok(body);
        }
        Err(Refusal {
            code: body["code"].as_str().unwrap_or("HOST_GONE").to_owned(),
            args: body["args"].clone(),
        })
    }

    /// The bytes of a file, as a browser sends them. A host that dies meanwhile answers nothing.
    pub(crate) async fn drop_file(&self, name: &str, bytes: Vec<u8>) {
        let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let url = format!("{}/intake?name={name}", self.url);
        if let Ok(answer) = self.http.post(url).body(bytes).send().await {
            assert!(answer.status().is_success(), "{answer:?}");
        }
    }

    /// The desk's events from now on. A host that dies meanwhile, as one that was started to die may,
    /// tells none.
    pub(crate) async fn events(&self) -> Stream {
        let answer = self.http.get(format!("{}/events", self.url)).send().await;
        Stream {
            answer: answer.ok(),
            text: String::new(),
        }
    }
}

/// Server-sent events.
pub(crate) struct Stream {
    /// None where the host had ended before it answered.
    answer: Option<Response>,
    text: String,
}

impl Stream {
    /// The next event; never one after the host has ended.
    pub(crate) async fn hear(&mut self) -> Heard {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let heard = heard(event);
                self.text = rest.to_owned();
                if let Some(heard) = heard {
                    return heard;
                }
            }
            let chunk = match &mut self.answer {
                Some(answer) => answer.chunk().await.ok().flatten(),
                None => None,
            };
            match chunk {
                Some(chunk) => self.text.push_str(&String::from_utf8_lossy(&chunk)),
                None => std::future::pending().await,
            }
        }
    }
}

fn heard(event: &str) -> Option<Heard> {
    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
    match field("event: ")? {
        "changed" => Some(Heard::Changed),
        "pin" => {
            let data: Value = serde_json::from_str(field("data: ")?).unwrap();
            let (_, query) = data["url"].as_str()?.split_once('?')?;
            let mut facts = form_urlencoded::parse(query.as_bytes());
            let (_, request) = facts.find(|(name, _)| name == "request")?;
            Some(Heard::Pin(request.into_owned()))
        }
        _ => None,
    }
}
