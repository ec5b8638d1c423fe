use std::{
    ffi::OsString,
    io,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

use crate::{
    Loss,
    frame::{self, FrameError},
    wire::{Hello, MAGIC, PROTOCOL, Role},
};

/// How long a new worker may take to say hello. Loading PDFium takes 30 ms; a machine that is
/// swapping needs the rest.
const HELLO_DEADLINE: Duration = Duration::from_secs(20);

/// Where the native parts are installed. Both come from the installation, never from the network
/// or from a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerPaths {
    /// The `congvan-worker` program.
    pub executable: PathBuf,
    /// PDFium's library.
    pub pdfium: PathBuf,
}

/// How to start one worker.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub(crate) executable: PathBuf,
    pub(crate) role: Role,
    /// PDFium's library, Tesseract's, or the PKCS#11 module, or nothing for discovery.
    pub(crate) library: Option<PathBuf>,
    /// What the PKCS#11 module is told when it is initialised; the folder of Tesseract's models.
    pub(crate) parameters: Option<String>,
    /// Added to the inherited environment.
    pub(crate) environment: Vec<(OsString, OsString)>,
}

/// What a process that was not asked has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// A message is to be read.
    Message,
    /// It has ended.
    Ended,
}

/// A running worker process. Dropping it kills the process.
pub(crate) struct Worker {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    hello: Hello,
    calls: u32,
}

impl Worker {
    /// Starts the program and waits for its hello.
    pub(crate) async fn start(launch: &Launch) -> Result<Self, Loss> {
        let mut command = Command::new(&launch.executable);
        command.arg(match launch.role {
            Role::Render => "render",
            Role::Token => "token",
            Role::Ocr => "ocr",
        });
        command.args(launch.library.as_ref());
        command.args(launch.parameters.as_ref());
        match launch.role {
            // Hostile files are read there: it gets nothing it does not need. Locale matters to
            // nobody, and secrets in the environment stay here.
            Role::Render | Role::Ocr => {
                command.env_clear();
                for name in ["CONGVAN_WORKER_LOG", "SystemRoot", "TEMP"] {
                    if let Some(value) = std::env::var_os(name) {
                        command.env(name, value);
                    }
                }
            }
            // Vendors' modules read HOME, their own variables and the display.
            Role::Token => {}
        }
        command.envs(launch.environment.iter().cloned());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        // A terminal's Ctrl-C goes to a whole group of processes. What becomes of the workers then
        // is for us to say: a call under way must not look like one that crashed.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn().map_err(|error| not_started(&error))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(not_started(&io::Error::other("no pipes")));
        };
        let hello = Hello {
            magic: MAGIC,
            protocol: PROTOCOL,
            role: launch.role,
            sandbox: unconfined(),
        };
        let mut worker = Self {
            child,
            stdin,
            stdout: BufReader::with_capacity(1 << 16, stdout),
            hello,
            calls: 0,
        };
        let greeted = timeout(HELLO_DEADLINE, worker.receive::<Hello>()).await;
        let hello = match greeted {
            Ok(Ok(hello)) => hello,
            Ok(Err(Loss::Ended { code, signal })) => {
                return Err(Loss::NotStarted {
                    reason: format!("ended at once (code {code:?}, signal {signal:?})"),
                });
            }
            Ok(Err(loss)) => return Err(loss),
            Err(_) => {
                return Err(Loss::NotStarted {
                    reason: "no hello in time".to_owned(),
                });
            }
        };
        if hello.magic != MAGIC || hello.role != launch.role {
            return Err(Loss::Garbage);
        }
        if hello.protocol != PROTOCOL {
            return Err(Loss::Version {
                ours: PROTOCOL,
                theirs: hello.protocol,
            });
        }
        tracing::info!(role = ?hello.role, pid = worker.child.id(), sandbox = ?hello.sandbox,
            "worker started");
        worker.hello = hello;
        Ok(worker)
    }

    /// What it said about itself.
    pub(crate) fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Its process id, for the diagnosis view and tests.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// The number for the next call.
    pub(crate) fn next_call(&mut self) -> u32 {
        self.calls = self.calls.wrapping_add(1);
        self.calls
    }

    /// Writes one message.
    pub(crate) async fn send<T: Serialize>(&mut self, message: &T) -> Result<(), Loss> {
        let buffer = frame::encode(message).map_err(|_| Loss::Garbage)?;
        match self.stdin.write_all(&buffer).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.ended().await),
        }
    }

    /// Reads one message.
    pub(crate) async fn receive<T: DeserializeOwned>(&mut self) -> Result<T, Loss> {
        let mut head = [0; 4];
        if self.stdout.read_exact(&mut head).await.is_err() {
            return Err(self.ended().await);
        }
        let length = frame::check_length(head).map_err(|_| Loss::Garbage)?;
        let mut payload = vec![0; length];
        if self.stdout.read_exact(&mut payload).await.is_err() {
            return Err(self.ended().await);
        }
        frame::decode(&payload).map_err(|error| match error {
            FrameError::Garbage | FrameError::Closed | FrameError::Pipe(_) => Loss::Garbage,
        })
    }

    /// Waits until it has something to say, or has ended. Can be given up at any time without
    /// losing a byte.
    pub(crate) async fn news(&mut self) -> News {
        match self.stdout.fill_buf().await {
            Ok([]) | Err(_) => News::Ended,
            Ok(_) => News::Message,
        }
    }

    /// Ends the process now and waits until it is gone, so that it holds no token any more.
    pub(crate) async fn kill(mut self) {
        if let Err(error) = self.child.kill().await {
            tracing::warn!(%error, "worker could not be killed");
        }
    }

    /// The pipe is closed: waits briefly for the status that says why.
    async fn ended(&mut self) -> Loss {
        match timeout(Duration::from_secs(2), self.child.wait()).await {
            Ok(Ok(status)) => Loss::Ended {
                code: status.code(),
                signal: signal_of(status),
            },
            Ok(Err(_)) | Err(_) => Loss::Ended {
                code: None,
                signal: None,
            },
        }
    }
}

fn not_started(error: &io::Error) -> Loss {
    Loss::NotStarted {
        reason: error.to_string(),
    }
}

fn unconfined() -> crate::Sandbox {
    use crate::Guard::NotUsed;
    crate::Sandbox {
        file_system: NotUsed,
        system_calls: NotUsed,
        memory: NotUsed,
        dies_with_parent: NotUsed,
    }
}

#[cfg(unix)]
fn signal_of(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal_of(_status: ExitStatus) -> Option<i32> {
    None
}
