use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    CardKey,
    memory::{AID, Memory},
    service::PORT,
};

/// A card that can be plugged in and pulled. Dropping it pulls it.
pub struct Card {
    memory: Arc<Mutex<Memory>>,
    line: Option<TcpStream>,
}

impl Card {
    /// A new card with two RSA keys of its own: 9A, and 9C, which asks for the PIN at each
    /// signature. Cards of different numbers have different serial numbers.
    ///
    /// # Errors
    /// When the key generator fails.
    pub fn new(pin: &str, number: u8) -> Result<Self> {
        let keys = vec![CardKey::self_signed(0x9a)?, CardKey::self_signed(0x9c)?];
        Ok(Self::holding(pin, number, keys))
    }

    /// A new card with these keys.
    #[must_use]
    pub fn holding(pin: &str, number: u8, keys: Vec<CardKey>) -> Self {
        Self {
            memory: Arc::new(Mutex::new(Memory::new(pin, number, keys))),
            line: None,
        }
    }

    /// What it remembers and how it behaves.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The certificate of a key, DER; empty when there is no such key.
    #[must_use]
    pub fn certificate(&self, reference: u8) -> Vec<u8> {
        let memory = self.memory();
        let key = memory.keys().iter().find(|key| key.reference == reference);
        key.map(|key| key.certificate.clone()).unwrap_or_default()
    }

    /// Plugs it into the virtual reader.
    ///
    /// # Errors
    /// When the reader does not take a card within five seconds.
    pub fn plug(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(5);
        let line = loop {
            match TcpStream::connect(("127.0.0.1", PORT)) {
                Ok(line) => break line,
                Err(error) if Instant::now() > deadline => bail!("no virtual reader: {error}"),
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        self.line = Some(line.try_clone()?);
        let memory = Arc::clone(&self.memory);
        std::thread::Builder::new()
            .name("piv-card".to_owned())
            .spawn(move || serve(line, &memory))?;
        Ok(())
    }

    /// Pulls it. What it remembers stays; that a PIN was right does not.
    pub fn pull(&mut self) {
        if let Some(line) = self.line.take() {
            line.shutdown(Shutdown::Both).ok();
        }
        self.memory().power_off();
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        self.pull();
    }
}

/// The reader sends a length and then the message, and waits for the first to be acknowledged; by
/// default that takes 40 ms, for each of the hundred commands with which OpenSC looks at a card.
#[allow(unsafe_code, reason = "std has no name for this option")]
fn acknowledge_at_once(line: &TcpStream) {
    use std::os::fd::AsRawFd as _;
    let yes: libc::c_int = 1;
    let size = libc::socklen_t::try_from(size_of::<libc::c_int>()).unwrap_or(4);
    // SAFETY: an open socket and a number that outlives the call. A line that has just been cut
    // has no options, and the next read says so.
    unsafe {
        libc::setsockopt(
            line.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_QUICKACK,
            (&raw const yes).cast(),
            size,
        );
    }
}

/// Answers the reader until the line is cut.
fn serve(mut line: TcpStream, memory: &Mutex<Memory>) {
    line.set_nodelay(true).ok();
    let mut head = [0; 2];
    while line.read_exact(&mut head).is_ok() {
        acknowledge_at_once(&line);
        let mut message = vec![0; usize::from(u16::from_be_bytes(head))];
        if line.read_exact(&mut message).is_err() {
            return;
        }
        let answer = match message.as_slice() {
            [0..=2] => {
                held(memory).power_off();
                continue;
            }
            [4] => atr(),
            apdu => match answer(apdu, memory) {
                Some(answer) => answer,
                None => {
                    line.shutdown(Shutdown::Both).ok();
                    return;
                }
            },
        };
        let Ok(length) = u16::try_from(answer.len()) else {
            return;
        };
        let framed = [&length.to_be_bytes(), answer.as_slice()].concat();
        if line.write_all(&framed).is_err() {
            return;
        }
    }
}

/// The answer to a command; none when the card is pulled instead.
fn answer(apdu: &[u8], memory: &Mutex<Memory>) -> Option<Vec<u8>> {
    if !Memory::signs(apdu) {
        return Some(held(memory).command(apdu));
    }
    let begun = Instant::now();
    let (pulled, answer, slow) = {
        let mut memory = held(memory);
        let pulled = memory.pulled_by_this_signature();
        let answer = (!pulled).then(|| memory.command(apdu));
        (pulled, answer, memory.slow)
    };
    std::thread::sleep(slow.saturating_sub(begun.elapsed()));
    let mut memory = held(memory);
    if pulled {
        memory.power_off();
    } else {
        memory.signed(begun);
    }
    answer
}

fn held(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An answer to reset whose historical bytes name PIV, which is how OpenSC knows the card.
#[must_use]
pub fn atr() -> Vec<u8> {
    let mut atr = vec![0x3b, 0xdd, 0x18, 0x00, 0x81, 0x31, 0xfe, 0x45, 0x80, 0xf9];
    atr.extend(AID);
    atr.extend([0x00, 0x00, 0x10, 0x00]);
    atr.push(atr.iter().skip(1).fold(0, |sum, byte| sum ^ byte));
    atr
}

/// OpenSC's module, which reads this card.
///
/// # Errors
/// When it is not installed.
pub fn opensc() -> Result<PathBuf> {
    let known = [
        "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
        "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so",
        "/usr/lib64/opensc-pkcs11.so",
    ];
    let found = known.iter().map(PathBuf::from).find(|path| path.is_file());
    found.context("OpenSC is missing: run `cargo xtask setup`")
}
