//! The system's card service (PC/SC): which readers there are and what is in them, for telling "no
//! reader" from "no card" from "no middleware". Loaded at run time, because a machine without the
//! service must start, too. Linux only so far.

/// What the system's card service says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardService {
    /// Its library is not installed (package pcscd on Debian).
    NotInstalled,
    /// It is installed but not running.
    NotRunning,
    /// It runs; the list is empty when no reader is plugged in.
    Running(Vec<Reader>),
    /// It answered an error, by its number.
    Failed(u32),
    /// We do not ask it on this system yet.
    Unknown,
}

/// A card reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub content: Content,
}

/// What is in a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Empty,
    /// A card; its answer to reset tells the kind of card and is no secret.
    Card {
        /// The answer to reset.
        atr: Vec<u8>,
    },
    /// A card that does not answer: upside down, or broken.
    Mute,
}

/// Asks the card service; takes milliseconds and does not talk to cards.
#[must_use]
pub fn card_service() -> CardService {
    #[cfg(target_os = "linux")]
    {
        linux::card_service()
    }
    #[cfg(not(target_os = "linux"))]
    CardService::Unknown
}

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::{CString, c_char, c_long, c_ulong, c_void};

    use libloading::{Library, Symbol};

    use super::{CardService, Content, Reader};

    const SUCCESS: u32 = 0;
    const NO_SERVICE: u32 = 0x8010_001d;
    const SERVICE_STOPPED: u32 = 0x8010_001e;
    const NO_READERS: u32 = 0x8010_002e;
    const SCOPE_SYSTEM: c_ulong = 2;
    const STATE_PRESENT: c_ulong = 0x20;
    const STATE_MUTE: c_ulong = 0x200;
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

    type Establish =
        unsafe extern "C" fn(c_ulong, *const c_void, *const c_void, *mut c_long) -> c_long;
    type List = unsafe extern "C" fn(c_long, *const c_char, *mut c_char, *mut c_ulong) -> c_long;
    type Status = unsafe extern "C" fn(c_long, c_ulong, *mut ReaderState, c_ulong) -> c_long;
    type Release = unsafe extern "C" fn(c_long) -> c_long;

    pub(super) fn card_service() -> CardService {
        // SAFETY: the system's own library, without constructors that do anything.
        let Ok(library) = (unsafe { Library::new("libpcsclite.so.1") }) else {
            return CardService::NotInstalled;
        };
        // SAFETY: the functions have these types in pcsc-lite's winscard.h.
        let functions = unsafe {
            let establish: Result<Symbol<'_, Establish>, _> = library.get(b"SCardEstablishContext");
            let list: Result<Symbol<'_, List>, _> = library.get(b"SCardListReaders");
            let status: Result<Symbol<'_, Status>, _> = library.get(b"SCardGetStatusChange");
            let release: Result<Symbol<'_, Release>, _> = library.get(b"SCardReleaseContext");
            (establish, list, status, release)
        };
        let (Ok(establish), Ok(list), Ok(status), Ok(release)) = functions else {
            return CardService::NotInstalled;
        };
        let mut context = 0;
        // SAFETY: room for a context; the reserved pointers are null.
        let rv = unsafe {
            establish(
                SCOPE_SYSTEM,
                std::ptr::null(),
                std::ptr::null(),
                &raw mut context,
            )
        };
        if code(rv) != SUCCESS {
            return failed(rv);
        }
        let service = match names(context, &list) {
            Ok(names) => CardService::Running(
                names
                    .into_iter()
                    .map(|name| reader(context, &status, name))
                    .collect(),
            ),
            Err(rv) => failed(rv),
        };
        // SAFETY: the context from above, not used afterwards.
        unsafe { release(context) };
        service
    }

    fn names(context: c_long, list: &List) -> Result<Vec<String>, c_long> {
        let mut room = [0_u8; 4096];
        let mut length = 4096;
        // SAFETY: a buffer and its length.
        let rv = unsafe {
            list(
                context,
                std::ptr::null(),
                room.as_mut_ptr().cast(),
                &raw mut length,
            )
        };
        match code(rv) {
            SUCCESS => {}
            NO_READERS => return Ok(Vec::new()),
            _ => return Err(rv),
        }
        let used = usize::try_from(length).unwrap_or(0);
        let names = room
            .get(..used)
            .unwrap_or_default()
            .split(|byte| *byte == 0);
        Ok(names
            .filter(|name| !name.is_empty())
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect())
    }

    fn reader(context: c_long, status: &Status, name: String) -> Reader {
        let mut content = Content::Empty;
        if let Ok(text) = CString::new(name.as_str()) {
            let mut state = ReaderState {
                name: text.as_ptr(),
                user_data: std::ptr::null_mut(),
                current: 0,
                event: 0,
                atr_length: 0,
                atr: [0; MAX_ATR],
            };
            // SAFETY: one state, whose name outlives the call; a timeout of 0 answers at once.
            let rv = unsafe { status(context, 0, &raw mut state, 1) };
            let length = usize::try_from(state.atr_length).unwrap_or(0);
            if code(rv) == SUCCESS && state.event & STATE_PRESENT != 0 {
                content = if state.event & STATE_MUTE == 0 {
                    Content::Card {
                        atr: state.atr.get(..length).unwrap_or_default().to_vec(),
                    }
                } else {
                    Content::Mute
                };
            }
        }
        Reader { name, content }
    }

    fn failed(rv: c_long) -> CardService {
        match code(rv) {
            NO_SERVICE | SERVICE_STOPPED => CardService::NotRunning,
            code => CardService::Failed(code),
        }
    }

    /// The values are 32 bits wide, whatever the width of a long.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn code(rv: c_long) -> u32 {
        rv as u32
    }
}
