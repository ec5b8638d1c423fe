//! The pipes to the desk, and the log.

use std::{
    fs::File,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver},
    },
    time::Duration,
};

use congvan_worker::frame;
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::system;

/// How long a worker may finish what it does after the desk has closed the pipe; time to log out
/// of a token.
const FAREWELL: Duration = Duration::from_secs(2);

/// Our own copies of the standard descriptors.
pub(crate) struct Pipes {
    pub(crate) input: File,
    pub(crate) output: File,
    pub(crate) log: File,
}

/// Copies the descriptors and takes the originals away from native code.
#[cfg(unix)]
pub(crate) fn take() -> io::Result<Pipes> {
    use std::os::fd::AsFd;
    let pipes = Pipes {
        input: io::stdin().as_fd().try_clone_to_owned()?.into(),
        output: io::stdout().as_fd().try_clone_to_owned()?.into(),
        log: io::stderr().as_fd().try_clone_to_owned()?.into(),
    };
    system::silence_standard_descriptors()?;
    Ok(pipes)
}

/// On Windows the C run-time of a library keeps the handles it found when it was loaded; the copies
/// here are ours, but the originals stay reachable.
#[cfg(windows)]
pub(crate) fn take() -> io::Result<Pipes> {
    use std::os::windows::io::AsHandle;
    Ok(Pipes {
        input: io::stdin().as_handle().try_clone_to_owned()?.into(),
        output: io::stdout().as_handle().try_clone_to_owned()?.into(),
        log: io::stderr().as_handle().try_clone_to_owned()?.into(),
    })
}

/// Sends our own log, and the words of a panic, to the desk's standard error; `CONGVAN_WORKER_LOG`
/// sets the level. cryptoki calls a session that ended with its token an error; we know.
pub(crate) fn log_to(log: File) {
    let log = Arc::new(log);
    let filter = tracing_subscriber::EnvFilter::try_from_env("CONGVAN_WORKER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,cryptoki=off"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(log)
        .init();
    // Where only: a panic's message could quote what it was working on.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "worker panicked");
    }));
}

/// The frames of the desk, read by a thread of their own so that the end of the desk is noticed
/// even while native code hangs.
#[derive(Clone)]
pub(crate) struct Channel {
    frames: Arc<Mutex<Receiver<Zeroizing<Vec<u8>>>>>,
    /// A lock of its own: another thread may send while one waits for the next frame.
    output: Arc<Mutex<File>>,
}

impl Channel {
    /// Starts the reading thread.
    pub(crate) fn start(mut input: File, output: File) -> io::Result<Self> {
        let (sender, frames) = mpsc::channel();
        std::thread::Builder::new()
            .name("pipe".to_owned())
            .spawn(move || {
                while let Ok(payload) = frame::read_from(&mut input) {
                    if sender.send(payload).is_err() {
                        break;
                    }
                }
                drop(sender);
                std::thread::sleep(FAREWELL);
                system::exit_now();
            })?;
        Ok(Self {
            frames: Arc::new(Mutex::new(frames)),
            output: Arc::new(Mutex::new(output)),
        })
    }

    /// The next message of the desk; nothing when the desk has closed the pipe.
    pub(crate) fn receive<T: DeserializeOwned>(&self) -> anyhow::Result<Option<T>> {
        let frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        match frames.recv() {
            Ok(payload) => Ok(Some(frame::decode(&payload)?)),
            Err(mpsc::RecvError) => Ok(None),
        }
    }

    /// Writes one message.
    pub(crate) fn send<T: Serialize>(&self, message: &T) -> anyhow::Result<()> {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(frame::write_to(&mut *output, message)?)
    }
}
