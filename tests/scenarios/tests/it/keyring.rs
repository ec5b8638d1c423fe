//! A desktop session with a real keyring (gnome-keyring), which outlives the desk's process.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdin, Command, Stdio},
};

use crate::office::{Office, checkout};

/// Tells where the session is, then lives until its standard input ends, and with it the session.
const STAY: &str = "env | grep -E '^(DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR|HOME)='; \
                    echo; exec cat >/dev/null";

/// The session; it ends when this is dropped, or when the test's process ends in any other way.
pub(crate) struct Keyring {
    child: Child,
    stdin: Option<ChildStdin>,
    environment: Vec<(String, String)>,
}

impl Keyring {
    /// Opens a session in a folder of its own.
    pub(crate) fn open(office: &Office) -> Self {
        let mut child = Command::new(checkout("packaging/linux/session.sh"))
            .arg(office.file("session"))
            .args(["sh", "-c", STAY])
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

    /// What a program needs to find it.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        self.environment.clone()
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}
