//! The card service's own word on insertions and removals, without any PKCS#11 module.

use std::{
    ffi::{CString, c_char, c_long, c_ulong, c_void},
    sync::mpsc::{Receiver, Sender, channel},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use libloading::{Library, Symbol};

const SCOPE_SYSTEM: c_ulong = 2;
const STATE_UNAWARE: c_ulong = 0;
const STATE_PRESENT: c_ulong = 0x20;
const INFINITE: c_ulong = 0xffff_ffff;
const MAX_ATR: usize = 33;

/// `SCARD_READERSTATE` of pcsc-lite.
#[repr(C)]
struct ReaderState {
    name: *const c_char,
    user_data: *mut c_void,
    current: c_ulong,
    event: c_ulong,
    atr_length: c_ulong,
    atr: [u8; MAX_ATR],
}

type Establish = unsafe extern "C" fn(c_ulong, *const c_void, *const c_void, *mut c_long) -> c_long;
type Status = unsafe extern "C" fn(c_long, c_ulong, *mut ReaderState, c_ulong) -> c_long;
type OfContext = unsafe extern "C" fn(c_long) -> c_long;

/// A card came or went.
#[derive(Clone, Copy, Debug)]
pub struct ServiceEvent {
    /// When the service said so.
    pub at: Instant,
    /// There is a card now.
    pub present: bool,
}

/// Listens with `SCardGetStatusChange` on a thread of its own.
pub struct ServiceEvents {
    events: Receiver<ServiceEvent>,
    context: c_long,
    library: &'static Library,
    thread: Option<JoinHandle<()>>,
}

impl ServiceEvents {
    /// Listens to the first slot of the virtual reader. What is there now is told first.
    ///
    /// # Errors
    /// When the service does not run.
    #[allow(unsafe_code, reason = "the card service's interface is C")]
    pub fn listen() -> Result<Self> {
        // SAFETY: the system's own library, without constructors that do anything. It stays loaded
        // because the thread uses it.
        let library = unsafe { Library::new("libpcsclite.so.1") };
        let library: &'static Library = Box::leak(Box::new(library.context("no libpcsclite")?));
        let mut context = 0;
        // SAFETY: the type is that of winscard.h; room for a context, the reserved pointers null.
        let rv = unsafe {
            let establish: Symbol<'_, Establish> = library.get(b"SCardEstablishContext")?;
            establish(
                SCOPE_SYSTEM,
                std::ptr::null(),
                std::ptr::null(),
                &raw mut context,
            )
        };
        ensure!(rv == 0, "no card service: {rv:#x}");
        // SAFETY: the type is that of winscard.h.
        let status: Symbol<'static, Status> = unsafe { library.get(b"SCardGetStatusChange")? };
        let (sender, events) = channel();
        let thread = std::thread::Builder::new()
            .name("card-service".to_owned())
            .spawn(move || hear(context, &status, &sender))?;
        Ok(Self {
            events,
            context,
            library,
            thread: Some(thread),
        })
    }

    /// The next event.
    ///
    /// # Errors
    /// When none comes in that time.
    pub fn next(&self, patience: Duration) -> Result<ServiceEvent> {
        let event = self.events.recv_timeout(patience);
        event.context("the card service said nothing")
    }
}

impl Drop for ServiceEvents {
    #[allow(unsafe_code, reason = "the card service's interface is C")]
    fn drop(&mut self) {
        let call = |name: &[u8]| {
            // SAFETY: the type is that of winscard.h, and the context is the one of `listen`.
            unsafe {
                if let Ok(function) = self.library.get::<OfContext>(name) {
                    function(self.context);
                }
            }
        };
        call(b"SCardCancel");
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
        call(b"SCardReleaseContext");
    }
}

/// Until it is cancelled or the service is gone.
#[allow(unsafe_code, reason = "the card service's interface is C")]
fn hear(context: c_long, status: &Symbol<'static, Status>, events: &Sender<ServiceEvent>) {
    let Ok(name) = CString::new("Virtual PCD 00 00") else {
        return;
    };
    let mut state = ReaderState {
        name: name.as_ptr(),
        user_data: std::ptr::null_mut(),
        current: STATE_UNAWARE,
        event: 0,
        atr_length: 0,
        atr: [0; MAX_ATR],
    };
    let mut told = None;
    loop {
        // SAFETY: one state, whose name outlives the call.
        let rv = unsafe { status(context, INFINITE, &raw mut state, 1) };
        if rv != 0 {
            return;
        }
        let (at, present) = (Instant::now(), state.event & STATE_PRESENT != 0);
        state.current = state.event;
        if told.replace(present) != Some(present)
            && events.send(ServiceEvent { at, present }).is_err()
        {
            return;
        }
    }
}
