//! A whole PKI on loopback: root, subordinate authority, signers, OCSP, lists, two time stamp
//! authorities. certomancer runs it; its clock is ours to set.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::python;

/// Running; ends when dropped.
pub(crate) struct Authority {
    child: Child,
    folder: TempDir,
    /// `http://127.0.0.1:PORT/kiemthu`
    pub(crate) url: String,
}

impl Authority {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/authority.py");
        let mut child = Command::new(python())
            .arg(script)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let said: Value = serde_json::from_str(&line).expect("certomancer starts");
        Self {
            child,
            folder,
            url: said["url"].as_str().unwrap().to_owned(),
        }
    }

    /// `NAME.pem`, `NAME.der` or `NAME.key`.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Trust in the root, with the subordinate authority known.
    pub(crate) fn trust(&self) -> Vec<PathBuf> {
        [
            "--trust".into(),
            self.file("root.pem"),
            "--trust".into(),
            self.file("sub.pem"),
        ]
        .into()
    }

    /// The address of a time stamp authority, `tsa` or `tsa2`.
    pub(crate) fn tsa(&self, name: &str) -> String {
        format!("{}/tsa/{name}", self.url)
    }

    /// From now on it is this time at the authority, as ISO 8601.
    pub(crate) fn set_clock(&self, time: &str) {
        let body = self.http("POST", "/clock", time);
        assert!(body.is_empty());
    }

    /// Fetches a file, for evidence at hand.
    pub(crate) fn fetch(&self, path: &str) -> Vec<u8> {
        self.http("GET", &format!("/kiemthu/{path}"), "")
    }

    /// HTTP/1.0: the answer ends with the connection.
    fn http(&self, method: &str, path: &str, body: &str) -> Vec<u8> {
        let host = self.url.strip_prefix("http://").unwrap();
        let host = host.split('/').next().unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        assert!(head.contains(" 200 "), "{method} {path}: {head}");
        answer.split_off(end + 4)
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        // It ends by itself when its input ends; this is for one that hangs.
        self.child.kill().ok();
        self.child.wait().unwrap();
    }
}
