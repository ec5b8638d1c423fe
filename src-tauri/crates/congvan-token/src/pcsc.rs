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

/// Waits for readers and cards to come and go, on a thread of its own. It holds no lock of any
/// module, unlike their own C_WaitForSlotEvent: OpenSC's and C_GetTokenInfo wait for each other for
/// ever when a card goes at the wrong moment.
pub struct ReaderWaiter {
    #[cfg(target_os = "linux")]
    inner: linux::Waiter,
}

impl ReaderWaiter {
    /// Begins to listen to the card service.
    ///
    /// # Errors
    /// When there is none, or we do not ask it on this system yet.
    pub fn listen() -> Result<Self, CardService> {
        #[cfg(target_os = "linux")]
        {
            linux::Waiter::listen().map(|inner| Self { inner })
        }
        #[cfg(not(target_os = "linux"))]
        Err(CardService::Unknown)
    }

    /// Blocks until a reader or a card came or went; the first time it answers at once. Whether a
    /// card went.
    ///
    /// # Errors
    /// When the service has ended. Begin anew then.
    pub fn wait(&mut self) -> Result<bool, CardService> {
        #[cfg(target_os = "linux")]
        {
            self.inner.wait()
        }
        #[cfg(not(target_os = "linux"))]
        Err(CardService::Unknown)
    }
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
    const UNKNOWN_READER: u32 = 0x8010_0009;
    const TIMEOUT: u32 = 0x8010_000a;
    const SCOPE_SYSTEM: c_ulong = 2;
    const STATE_CHANGED: c_ulong = 0x02;
    const STATE_PRESENT: c_ulong = 0x20;
    const STATE_MUTE: c_ulong = 0x200;
    const MAX_ATR: usize = 33;
    const INFINITE: c_ulong = 0xffff_ffff;
    /// The name under which the service tells of readers.
    const READERS: &str = "\\\\?PnP?\\Notification";

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

    /// The service, connected.
    struct Service {
        library: Library,
        context: c_long,
    }

    impl Service {
        fn connect() -> Result<Self, CardService> {
            // SAFETY: the system's own library, without constructors that do anything.
            let library = unsafe { Library::new("libpcsclite.so.1") };
            let library = library.map_err(|_| CardService::NotInstalled)?;
            let mut context = 0;
            // SAFETY: the type is that of winscard.h; room for a context, the reserved pointers
            // are null.
            let rv = unsafe {
                let establish: Symbol<'_, Establish> = library
                    .get(b"SCardEstablishContext")
                    .map_err(|_| CardService::NotInstalled)?;
                establish(
                    SCOPE_SYSTEM,
                    std::ptr::null(),
                    std::ptr::null(),
                    &raw mut context,
                )
            };
            if code(rv) == SUCCESS {
                Ok(Self { library, context })
            } else {
                Err(failed(rv))
            }
        }

        fn names(&self) -> Result<Vec<String>, CardService> {
            // SAFETY: the type is that of winscard.h.
            let list = unsafe { self.library.get::<List>(b"SCardListReaders") };
            let list = list.map_err(|_| CardService::NotInstalled)?;
            names(self.context, &list).map_err(failed)
        }

        fn status(&self) -> Result<Symbol<'_, Status>, CardService> {
            // SAFETY: the type is that of winscard.h.
            let status = unsafe { self.library.get::<Status>(b"SCardGetStatusChange") };
            status.map_err(|_| CardService::NotInstalled)
        }
    }

    impl Drop for Service {
        fn drop(&mut self) {
            // SAFETY: the type is that of winscard.h; the context is not used afterwards.
            unsafe {
                if let Ok(release) = self.library.get::<Release>(b"SCardReleaseContext") {
                    release(self.context);
                }
            }
        }
    }

    pub(super) fn card_service() -> CardService {
        let ask = || {
            let service = Service::connect()?;
            let (names, status) = (service.names()?, service.status()?);
            let readers = names.into_iter();
            Ok(readers
                .map(|name| reader(service.context, &status, name))
                .collect())
        };
        ask().map_or_else(|fault| fault, CardService::Running)
    }

    /// What was last known of a reader, or of the list of readers.
    struct Known {
        name: CString,
        state: c_ulong,
        atr: Vec<u8>,
    }

    impl Known {
        fn new(name: &str) -> Option<Self> {
            Some(Self {
                name: CString::new(name).ok()?,
                state: 0,
                atr: Vec::new(),
            })
        }

        fn has_card(&self) -> bool {
            self.state & STATE_PRESENT != 0
        }

        /// Takes what was answered; whether a card came or went. That a program began to use the
        /// card, or ended, wakes us too and is nobody's business.
        fn take(&mut self, answered: &ReaderState) -> bool {
            let length = usize::try_from(answered.atr_length).unwrap_or(0);
            let atr = answered.atr.get(..length).unwrap_or_default();
            let state = answered.event & !STATE_CHANGED;
            // The number of insertions and removals stands in the upper half.
            let is_news = (state ^ self.state) & (STATE_PRESENT | STATE_MUTE | 0xffff_0000) != 0
                || atr != self.atr;
            self.state = state;
            self.atr = atr.to_vec();
            is_news
        }
    }

    pub(super) struct Waiter {
        service: Service,
        list: Known,
        readers: Vec<Known>,
    }

    impl Waiter {
        pub(super) fn listen() -> Result<Self, CardService> {
            Ok(Self {
                service: Service::connect()?,
                list: Known::new(READERS).ok_or(CardService::Unknown)?,
                readers: Vec::new(),
            })
        }

        /// Until there are news; whether a card went.
        pub(super) fn wait(&mut self) -> Result<bool, CardService> {
            loop {
                if let Some(gone) = self.wait_once()? {
                    return Ok(gone);
                }
            }
        }

        /// One answer of the service: none if it is no news, else whether a card went.
        fn wait_once(&mut self) -> Result<Option<bool>, CardService> {
            let names = self.service.names()?;
            let (mut is_news, mut gone) = (false, false);
            self.readers.retain(|known| {
                let stays = names
                    .iter()
                    .any(|name| known.name.to_bytes() == name.as_bytes());
                is_news |= !stays;
                gone |= !stays && known.has_card();
                stays
            });
            for name in &names {
                let is_known = |known: &Known| known.name.to_bytes() == name.as_bytes();
                if !self.readers.iter().any(is_known) {
                    self.readers.extend(Known::new(name));
                }
            }
            let all = || std::iter::once(&self.list).chain(&self.readers);
            let mut states: Vec<ReaderState> = all().map(asked).collect();
            let count = c_ulong::try_from(states.len()).unwrap_or(0);
            let status = self.service.status()?;
            // News of readers are told at once; else it blocks.
            let patience = if is_news { 0 } else { INFINITE };
            // SAFETY: so many states, whose names outlive the call.
            let rv = unsafe { status(self.service.context, patience, states.as_mut_ptr(), count) };
            match code(rv) {
                SUCCESS => {}
                // A reader went between the list and the question.
                TIMEOUT | UNKNOWN_READER => return Ok(is_news.then_some(gone)),
                _ => return Err(failed(rv)),
            }
            let mut answers = states.iter();
            for known in std::iter::once(&mut self.list).chain(&mut self.readers) {
                if let Some(answer) = answers.next() {
                    let had_card = known.has_card();
                    let is_new = known.take(answer);
                    is_news |= is_new;
                    gone |= is_new && had_card;
                }
            }
            Ok(is_news.then_some(gone))
        }
    }

    fn asked(known: &Known) -> ReaderState {
        ReaderState {
            name: known.name.as_ptr(),
            user_data: std::ptr::null_mut(),
            current: known.state,
            event: 0,
            atr_length: 0,
            atr: [0; MAX_ATR],
        }
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
