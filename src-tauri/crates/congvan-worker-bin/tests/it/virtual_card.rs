//! A PIV card in software, plugged into the virtual reader `vpcd` of the system's card service, so
//! that OpenSC sees a card that can be pulled, is slow, and counts PIN tries.
//!
//! The reader listens on a port of this machine and the card connects to it. Messages are two bytes
//! of length and then an APDU, or one byte of control: off, on, reset, ATR.

use std::{
    fs::File,
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use num_bigint::BigUint;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use x509_cert::der::{Decode, Reader, SliceReader, asn1::OctetStringRef, asn1::UintRef};

/// The port of the virtual reader's first slot.
const PORT: u16 = 0x8c7b;
/// The card's application, "PIV".
const AID: [u8; 5] = [0xa0, 0x00, 0x00, 0x03, 0x08];
pub(crate) const CARD_TRIES: u8 = 3;

const OK: u16 = 0x9000;
const NOT_FOUND: u16 = 0x6a82;
const SECURITY: u16 = 0x6982;
const LOCKED: u16 = 0x6983;

/// The system's card service with the virtual reader, for one test at a time.
pub(crate) struct CardService {
    process: Option<Child>,
    _one_at_a_time: File,
}

impl CardService {
    pub(crate) fn start() -> Self {
        let lock = File::create(std::env::temp_dir().join("congvan-virtual-reader")).unwrap();
        lock.lock().unwrap();
        let mut service = Self {
            process: None,
            _one_at_a_time: lock,
        };
        if !listening() {
            service.launch();
        }
        service
    }

    fn launch(&mut self) {
        let started = Command::new("pcscd")
            .arg("--foreground")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.process = Some(started.expect("pcscd is missing: run `cargo xtask setup`"));
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", PORT)).is_err() {
            assert!(
                Instant::now() < deadline,
                "no virtual reader: is vsmartcard-vpcd installed?"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether this test started the service, or found the system's.
    pub(crate) fn is_ours(&self) -> bool {
        self.process.is_some()
    }

    /// Restarts the service, as Windows does when the last reader leaves.
    pub(crate) fn restart(&mut self) {
        assert!(
            self.process.is_some(),
            "the system's own card service cannot be restarted here"
        );
        self.stop();
        self.launch();
    }

    fn stop(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        crate::support::signal(process.id(), "-TERM");
        let deadline = Instant::now() + Duration::from_secs(3);
        while process.try_wait().unwrap().is_none() {
            if Instant::now() > deadline {
                // It waits for a reader's thread; the next one clears up after it.
                process.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for CardService {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Whether the virtual reader waits for its card; connecting to see would look like a card.
fn listening() -> bool {
    let port = format!(":{PORT:04X} ");
    ["/proc/net/tcp", "/proc/net/tcp6"].iter().any(|table| {
        let table = std::fs::read_to_string(table).unwrap_or_default();
        table.lines().any(|line| {
            line.split_once(&port)
                .is_some_and(|(_, rest)| rest.contains(" 0A "))
        })
    })
}

/// A key of the card and its certificate.
struct Slot {
    reference: u8,
    tag: [u8; 3],
    modulus: BigUint,
    exponent: BigUint,
    certificate: Vec<u8>,
}

/// What the card remembers and how it behaves.
pub(crate) struct Memory {
    slots: Vec<Slot>,
    guid: [u8; 16],
    pin: Vec<u8>,
    pub(crate) tries: u8,
    verified: bool,
    /// The PIN was the last thing that was checked.
    fresh: bool,
    /// How often a PIN was checked.
    pub(crate) verifications: usize,
    /// How often a signature was made.
    pub(crate) signatures: usize,
    /// How long a signature takes; real tokens need 300 ms.
    pub(crate) slow: Duration,
    /// The card is pulled when the next signature begins.
    pub(crate) pull_when_signing: bool,
    chained: Vec<u8>,
    answer: Vec<u8>,
}

/// A card that can be plugged in and pulled.
pub(crate) struct Card {
    memory: Arc<Mutex<Memory>>,
    line: Option<TcpStream>,
}

impl Card {
    /// A new card with two RSA keys: 9A, and 9C, which asks for the PIN at each signature.
    pub(crate) fn new(pin: &str, number: u8) -> Self {
        let mut pin = pin.as_bytes().to_vec();
        pin.resize(8, 0xff);
        let memory = Memory {
            slots: vec![
                slot(0x9a, [0x5f, 0xc1, 0x05]),
                slot(0x9c, [0x5f, 0xc1, 0x0a]),
            ],
            guid: [number; 16],
            pin,
            tries: CARD_TRIES,
            verified: false,
            fresh: false,
            verifications: 0,
            signatures: 0,
            slow: Duration::ZERO,
            pull_when_signing: false,
            chained: Vec::new(),
            answer: Vec::new(),
        };
        Self {
            memory: Arc::new(Mutex::new(memory)),
            line: None,
        }
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap()
    }

    /// The certificate of the key 9A, or of 9C.
    pub(crate) fn certificate(&self, reference: u8) -> Vec<u8> {
        let memory = self.memory();
        let slot = memory
            .slots
            .iter()
            .find(|slot| slot.reference == reference)
            .unwrap();
        slot.certificate.clone()
    }

    pub(crate) fn plug(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(5);
        let line = loop {
            match TcpStream::connect(("127.0.0.1", PORT)) {
                Ok(line) => break line,
                Err(error) => assert!(Instant::now() < deadline, "{error}"),
            }
        };
        self.line = Some(line.try_clone().unwrap());
        let memory = Arc::clone(&self.memory);
        std::thread::spawn(move || serve(line, &memory));
    }

    pub(crate) fn pull(&mut self) {
        if let Some(line) = self.line.take() {
            line.shutdown(Shutdown::Both).ok();
        }
        let mut memory = self.memory();
        memory.verified = false;
        memory.fresh = false;
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        self.pull();
    }
}

fn slot(reference: u8, tag: [u8; 3]) -> Slot {
    let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    let certificate = CertificateParams::new(Vec::new())
        .unwrap()
        .self_signed(&pair)
        .unwrap();
    let (modulus, exponent) = private_numbers(&pair.serialize_der());
    Slot {
        reference,
        tag,
        modulus,
        exponent,
        certificate: certificate.der().to_vec(),
    }
}

/// The modulus and the private exponent of a PKCS#8 file.
fn private_numbers(pkcs8: &[u8]) -> (BigUint, BigUint) {
    let inner = SliceReader::new(pkcs8)
        .unwrap()
        .sequence(|outer| {
            outer.decode::<u8>()?;
            outer.tlv_bytes()?;
            outer.decode::<OctetStringRef<'_>>()
        })
        .unwrap();
    SliceReader::new(inner.as_bytes())
        .unwrap()
        .sequence(|key| {
            key.decode::<u8>()?;
            let modulus = BigUint::from_bytes_be(UintRef::decode(key)?.as_bytes());
            UintRef::decode(key)?;
            let exponent = BigUint::from_bytes_be(UintRef::decode(key)?.as_bytes());
            while !key.is_finished() {
                UintRef::decode(key)?;
            }
            Ok::<_, x509_cert::der::Error>((modulus, exponent))
        })
        .unwrap()
}

/// The reader sends a length and then the message, and waits for the first to be acknowledged; by
/// default that takes 40 ms, for each of the hundred commands with which OpenSC looks at a card.
#[allow(unsafe_code, reason = "std has no name for this option")]
fn acknowledge_at_once(line: &TcpStream) {
    use std::os::fd::AsRawFd;
    let yes: libc::c_int = 1;
    let size = libc::socklen_t::try_from(size_of::<libc::c_int>()).unwrap();
    // SAFETY: an open socket and a number that outlives the call.
    let set = unsafe {
        libc::setsockopt(
            line.as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_QUICKACK,
            (&raw const yes).cast(),
            size,
        )
    };
    assert_eq!(set, 0);
}

/// Answers the reader until the line is cut.
fn serve(mut line: TcpStream, memory: &Mutex<Memory>) {
    let mut head = [0; 2];
    while line.read_exact(&mut head).is_ok() {
        acknowledge_at_once(&line);
        let mut message = vec![0; usize::from(u16::from_be_bytes(head))];
        if line.read_exact(&mut message).is_err() {
            return;
        }
        let answer = match message.as_slice() {
            [0..=2] => {
                let mut memory = memory.lock().unwrap();
                memory.verified = false;
                memory.fresh = false;
                continue;
            }
            [4] => atr(),
            apdu => {
                let slow = memory.lock().unwrap().delay(apdu);
                std::thread::sleep(slow);
                let mut memory = memory.lock().unwrap();
                if memory.pull_when_signing && memory.signs(apdu) {
                    memory.pull_when_signing = false;
                    memory.verified = false;
                    line.shutdown(Shutdown::Both).ok();
                    return;
                }
                memory.command(apdu)
            }
        };
        let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
        if line
            .write_all(&[&length, answer.as_slice()].concat())
            .is_err()
        {
            return;
        }
    }
}

/// An answer to reset whose historical bytes name PIV, which is how OpenSC knows the card.
pub(crate) fn atr() -> Vec<u8> {
    let mut atr = vec![0x3b, 0xdd, 0x18, 0x00, 0x81, 0x31, 0xfe, 0x45, 0x80, 0xf9];
    atr.extend(AID);
    atr.extend([0x00, 0x00, 0x10, 0x00]);
    atr.push(atr.iter().skip(1).fold(0, |sum, byte| sum ^ byte));
    atr
}

impl Memory {
    /// Whether the command completes a GENERAL AUTHENTICATE.
    fn signs(&self, apdu: &[u8]) -> bool {
        matches!(apdu, [0x00, 0x87, ..])
    }

    fn delay(&self, apdu: &[u8]) -> Duration {
        if self.signs(apdu) {
            self.slow
        } else {
            Duration::ZERO
        }
    }

    fn command(&mut self, apdu: &[u8]) -> Vec<u8> {
        let [class, instruction, p1, p2, rest @ ..] = apdu else {
            return status(0x6700);
        };
        let data = match rest {
            [0, high, low, data @ ..] if !data.is_empty() => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                &data[..length.min(data.len())]
            }
            [length, data @ ..] if !data.is_empty() => {
                &data[..usize::from(*length).min(data.len())]
            }
            _ => &[],
        };
        if *class == 0x10 {
            self.chained.extend(data);
            return status(OK);
        }
        let mut whole = std::mem::take(&mut self.chained);
        whole.extend(data);
        let fresh = std::mem::take(&mut self.fresh);
        let (mut body, word) = match instruction {
            0xa4 if whole.starts_with(&AID) => (application(), OK),
            0xa4 => (Vec::new(), NOT_FOUND),
            0x20 => (Vec::new(), self.verify(*p2, &whole)),
            0x24 => (Vec::new(), self.change(&whole)),
            0xcb => self.object(&whole),
            0xc0 => (std::mem::take(&mut self.answer), OK),
            0x87 => self.authenticate(*p1, *p2, &whole, fresh),
            _ => (Vec::new(), 0x6d00),
        };
        if body.len() > 256 {
            self.answer = body.split_off(256);
            let more = u8::try_from(self.answer.len()).unwrap_or(0);
            body.extend([0x61, more]);
            return body;
        }
        body.extend(word.to_be_bytes());
        body
    }

    fn verify(&mut self, reference: u8, pin: &[u8]) -> u16 {
        if reference != 0x80 {
            return 0x6a88;
        }
        if pin.is_empty() {
            return match (self.verified, self.tries) {
                (true, _) => OK,
                (false, 0) => LOCKED,
                (false, tries) => 0x63c0 | u16::from(tries),
            };
        }
        self.check(pin)
    }

    /// Checks a PIN; each wrong one costs a try.
    fn check(&mut self, pin: &[u8]) -> u16 {
        self.verifications += 1;
        if self.tries == 0 {
            return LOCKED;
        }
        self.verified = pin == self.pin;
        self.fresh = self.verified;
        if self.verified {
            self.tries = CARD_TRIES;
            return OK;
        }
        self.tries -= 1;
        if self.tries == 0 {
            LOCKED
        } else {
            0x63c0 | u16::from(self.tries)
        }
    }

    fn change(&mut self, pins: &[u8]) -> u16 {
        let Some((old, new)) = pins.split_at_checked(8) else {
            return 0x6700;
        };
        let word = self.check(old);
        if word == OK {
            self.pin = new.to_vec();
        }
        word
    }

    fn object(&self, request: &[u8]) -> (Vec<u8>, u16) {
        match request {
            [0x5c, 0x01, 0x7e, ..] => {
                let mut policy = tlv(&[0x4f], &[&AID[..], &[0, 0, 0x10, 0, 1, 0]].concat());
                policy.extend(tlv(&[0x5f, 0x2f], &[0x40, 0x00]));
                (tlv(&[0x7e], &policy), OK)
            }
            [0x5c, 0x03, 0x5f, 0xc1, 0x02, ..] => {
                // OpenSC makes the serial number of these 25 bytes.
                let mut body = tlv(&[0x30], &[self.guid[0]; 25]);
                body.extend(tlv(&[0x34], &self.guid));
                body.extend(tlv(&[0x35], b"20351231"));
                body.extend([0x3e, 0x00, 0xfe, 0x00]);
                (tlv(&[0x53], &body), OK)
            }
            [0x5c, 0x03, tag @ ..] => match self.slots.iter().find(|s| tag.starts_with(&s.tag)) {
                Some(slot) => {
                    let mut body = tlv(&[0x70], &slot.certificate);
                    body.extend([0x71, 0x01, 0x00, 0xfe, 0x00]);
                    (tlv(&[0x53], &body), OK)
                }
                None => (Vec::new(), NOT_FOUND),
            },
            _ => (Vec::new(), NOT_FOUND),
        }
    }

    /// Raw RSA with the key; the reader's side has made the padding.
    fn authenticate(&mut self, p1: u8, p2: u8, data: &[u8], fresh: bool) -> (Vec<u8>, u16) {
        let Some(slot) = self.slots.iter().find(|slot| slot.reference == p2) else {
            return (Vec::new(), 0x6a88);
        };
        let allowed = if p2 == 0x9c { fresh } else { self.verified };
        if !allowed {
            return (Vec::new(), SECURITY);
        }
        // The 256 bytes of the challenge are the template's last.
        let block = data.len().checked_sub(256).and_then(|at| data.get(at..));
        let (0x07, Some(block)) = (p1, block) else {
            return (Vec::new(), 0x6a80);
        };
        let number = BigUint::from_bytes_be(block).modpow(&slot.exponent, &slot.modulus);
        let number = number.to_bytes_be();
        let mut signature = vec![0; 256 - number.len()];
        signature.extend(number);
        self.signatures += 1;
        (tlv(&[0x7c], &tlv(&[0x82], &signature)), OK)
    }
}

fn application() -> Vec<u8> {
    let mut body = tlv(&[0x4f], &[0, 0, 0x10, 0, 1, 0]);
    body.extend(tlv(&[0x79], &tlv(&[0x4f], &AID)));
    tlv(&[0x61], &body)
}

fn tlv(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let mut out = tag.to_vec();
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    match value.len() {
        0..=0x7f => out.push(length[1]),
        0x80..=0xff => out.extend([0x81, length[1]]),
        _ => out.extend([0x82, length[0], length[1]]),
    }
    out.extend(value);
    out
}

fn status(word: u16) -> Vec<u8> {
    word.to_be_bytes().to_vec()
}
