//! A network scanner that speaks eSCL, with every fault on demand: a real HTTP server on a free port
//! that hands out pages it was loaded with.

mod answers;
mod serve;

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use anyhow::Result;
use rustls::ServerConfig;

use crate::{TlsIdentity, linkchaos::server_side};

/// How the scanner misbehaves. Pages count from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScannerFault {
    /// Not at all.
    #[default]
    None,
    /// After so many pages paper is stuck.
    JamAfter(u32),
    /// After so many pages, and half of the next, the plug is pulled: nobody answers any more.
    UnpluggedAfter(u32),
    /// That page ends in the middle, and the line closes as if it were whole.
    HalfPage(u32),
    /// That page never ends.
    EndlessPage(u32),
    /// That page is a web page.
    NoPicture(u32),
    /// So many times it is busy when a job is sent, and says to come again in a second.
    BusyJobs(u32),
    /// So many times each page is not ready yet.
    PageNotReady(u32),
    /// After so many pages it gives the job up.
    AbortsAfter(u32),
    /// The cover of the feeder is open.
    CoverOpen,
    /// Its description never ends.
    EndlessAnswer,
    /// Its description is deeper than anything.
    DeepAnswer,
    /// A captive portal: 200 and a web page.
    WebPage,
    /// It sends everybody elsewhere.
    Redirects,
    /// Takes the question and never answers.
    Silent,
    /// It names its jobs by another host.
    OtherHost,
}

/// A scanner on a free port of 127.0.0.1. Ends when dropped.
pub struct ScannerSimulator {
    port: u16,
    is_secure: bool,
    shared: Arc<Shared>,
}

pub(super) struct Shared {
    state: Mutex<State>,
    /// Told at each change: faults that hold a line end.
    changed: Condvar,
    tls: Mutex<Option<Arc<ServerConfig>>>,
}

#[derive(Default)]
pub(super) struct State {
    /// In the feeder, or on the plate.
    pub(super) pages: Vec<Vec<u8>>,
    pub(super) fault: ScannerFault,
    pub(super) job: Option<Job>,
    pub(super) jobs: u32,
    pub(super) cancelled: u32,
    pub(super) orders: Vec<String>,
    pub(super) requests: u32,
    /// Refusals given so far, for faults that count.
    pub(super) refused: u32,
    pub(super) is_unplugged: bool,
    pub(super) ended: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Job {
    pub(super) number: u32,
    pub(super) given: u32,
    pub(super) feeder: bool,
    pub(super) over: bool,
}

impl ScannerSimulator {
    /// Takes a port.
    ///
    /// # Errors
    /// When there is none.
    pub fn start() -> Result<Self> {
        Self::with(None)
    }

    /// The same with TLS and a certificate that nobody knows.
    ///
    /// # Errors
    /// When there is no port or the identity is unusable.
    pub fn secure(identity: &TlsIdentity) -> Result<Self> {
        Self::with(Some(identity))
    }

    fn with(identity: Option<&TlsIdentity>) -> Result<Self> {
        let tls = identity.map(server_side).transpose()?.map(Arc::new);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let is_secure = tls.is_some();
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            tls: Mutex::new(tls),
        });
        let serving = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if serving.state().ended {
                    break;
                }
                let shared = serving.clone();
                std::thread::spawn(move || serve::answer(&shared, stream).ok());
            }
        });
        Ok(Self {
            port,
            is_secure,
            shared,
        })
    }

    /// Its address as a person writes it: `http://127.0.0.1:port/eSCL`.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.is_secure { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}/eSCL", self.port)
    }

    /// Lays pages (JPEG) into the feeder, or the first of them on the plate, in place of what was
    /// there.
    pub fn load(&self, pages: Vec<Vec<u8>>) {
        self.shared.state().pages = pages;
    }

    /// Lets it misbehave from now on; lines that a fault holds are released, and a plug that was
    /// pulled is in again.
    pub fn fault(&self, fault: ScannerFault) {
        let mut state = self.shared.state();
        state.fault = fault;
        state.refused = 0;
        if std::mem::take(&mut state.is_unplugged) {
            // It starts anew and knows of no job.
            state.job = None;
        }
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Gives it another certificate, as a reset does, or somebody in between.
    ///
    /// # Errors
    /// When the identity is unusable.
    pub fn certificate(&self, identity: &TlsIdentity) -> Result<()> {
        let config = Arc::new(server_side(identity)?);
        *self.shared.tls() = Some(config);
        Ok(())
    }

    /// How many sheets are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.shared.state().pages.len()
    }

    /// How many jobs were begun.
    #[must_use]
    pub fn jobs(&self) -> u32 {
        self.shared.state().jobs
    }

    /// How many jobs were cancelled by whoever began them.
    #[must_use]
    pub fn cancelled(&self) -> u32 {
        self.shared.state().cancelled
    }

    /// How many requests came.
    #[must_use]
    pub fn requests(&self) -> u32 {
        self.shared.state().requests
    }

    /// What was ordered last, as XML.
    #[must_use]
    pub fn last_order(&self) -> Option<String> {
        self.shared.state().orders.last().cloned()
    }
}

impl Shared {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn tls(&self) -> MutexGuard<'_, Option<Arc<ServerConfig>>> {
        self.tls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the fault is another one.
    pub(super) fn hold(&self, fault: ScannerFault) {
        let mut state = self.state();
        while state.fault == fault && !state.ended {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for ScannerSimulator {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.changed.notify_all();
        // The listener waits for somebody to call.
        let _ = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}
