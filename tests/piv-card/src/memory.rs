use std::time::{Duration, Instant};

use num_bigint::BigUint;

use crate::CardKey;

/// The card's application, "PIV".
pub(crate) const AID: [u8; 5] = [0xa0, 0x00, 0x00, 0x03, 0x08];
/// Tries of a new card.
pub const CARD_TRIES: u8 = 3;

const OK: u16 = 0x9000;
const NOT_FOUND: u16 = 0x6a82;
const SECURITY: u16 = 0x6982;
const LOCKED: u16 = 0x6983;

/// When the card was busy with a signature.
#[derive(Clone, Copy, Debug)]
pub struct Signing {
    /// The command had come.
    pub begun: Instant,
    /// The answer went.
    pub ended: Instant,
}

/// What the card remembers and how it behaves.
pub struct Memory {
    keys: Vec<CardKey>,
    guid: [u8; 16],
    pin: Vec<u8>,
    /// PIN tries left.
    pub tries: u8,
    verified: bool,
    /// The PIN was the last thing that was checked.
    fresh: bool,
    /// How often a PIN was checked.
    pub verifications: usize,
    /// Every signature that was made.
    pub signings: Vec<Signing>,
    /// How long a signature takes at least; real tokens need 300 ms.
    pub slow: Duration,
    /// The card is pulled during the signature after so many more.
    pub pull_after: Option<usize>,
    chained: Vec<u8>,
    answer: Vec<u8>,
}

impl Memory {
    pub(crate) fn new(pin: &str, number: u8, keys: Vec<CardKey>) -> Self {
        let mut pin = pin.as_bytes().to_vec();
        pin.resize(8, 0xff);
        Self {
            keys,
            guid: [number; 16],
            pin,
            tries: CARD_TRIES,
            verified: false,
            fresh: false,
            verifications: 0,
            signings: Vec::new(),
            slow: Duration::ZERO,
            pull_after: None,
            chained: Vec::new(),
            answer: Vec::new(),
        }
    }

    /// How many signatures it has made.
    #[must_use]
    pub fn signatures(&self) -> usize {
        self.signings.len()
    }

    /// How long it was busy with signatures.
    #[must_use]
    pub fn busy(&self) -> Duration {
        let spans = self.signings.iter();
        spans
            .map(|span| span.ended.duration_since(span.begun))
            .sum()
    }

    pub(crate) fn keys(&self) -> &[CardKey] {
        &self.keys
    }

    /// Without power it forgets that a PIN was right.
    pub(crate) fn power_off(&mut self) {
        self.verified = false;
        self.fresh = false;
        self.chained.clear();
    }

    /// Whether the command completes a GENERAL AUTHENTICATE.
    pub(crate) fn signs(apdu: &[u8]) -> bool {
        matches!(apdu, [0x00, 0x87, ..])
    }

    /// Whether this signature is the one during which the card is pulled.
    pub(crate) fn pulled_by_this_signature(&mut self) -> bool {
        match self.pull_after {
            Some(0) => {
                self.pull_after = None;
                true
            }
            Some(more) => {
                self.pull_after = Some(more - 1);
                false
            }
            None => false,
        }
    }

    /// The signature that was begun then is ready.
    pub(crate) fn signed(&mut self, begun: Instant) {
        if let Some(last) = self.signings.last_mut().filter(|last| last.ended >= begun) {
            *last = Signing {
                begun,
                ended: Instant::now(),
            };
        }
    }

    /// Does what a command says; the answer.
    pub(crate) fn command(&mut self, apdu: &[u8]) -> Vec<u8> {
        let [class, instruction, p1, p2, rest @ ..] = apdu else {
            return status(0x6700);
        };
        let data = match rest {
            [0, high, low, data @ ..] if !data.is_empty() => {
                first(data, usize::from(u16::from_be_bytes([*high, *low])))
            }
            [length, data @ ..] if !data.is_empty() => first(data, usize::from(*length)),
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
            0x87 => self.authenticate(*p1, *p2, (&whole, fresh)),
            _ => (Vec::new(), 0x6d00),
        };
        if body.len() > 256 {
            self.answer = body.split_off(256);
            // 0 says "256 or more".
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
                let [number, ..] = self.guid;
                // OpenSC makes the serial number of these 25 bytes.
                let mut body = tlv(&[0x30], &[number; 25]);
                body.extend(tlv(&[0x34], &self.guid));
                body.extend(tlv(&[0x35], b"20351231"));
                body.extend([0x3e, 0x00, 0xfe, 0x00]);
                (tlv(&[0x53], &body), OK)
            }
            [0x5c, 0x03, tag @ ..] => match self.keys.iter().find(|k| tag.starts_with(&k.tag())) {
                Some(key) => {
                    let mut body = tlv(&[0x70], &key.certificate);
                    body.extend([0x71, 0x01, 0x00, 0xfe, 0x00]);
                    (tlv(&[0x53], &body), OK)
                }
                None => (Vec::new(), NOT_FOUND),
            },
            _ => (Vec::new(), NOT_FOUND),
        }
    }

    /// Raw RSA with the key; the reader's side has made the padding.
    fn authenticate(&mut self, p1: u8, p2: u8, (data, fresh): (&[u8], bool)) -> (Vec<u8>, u16) {
        let Some(key) = self.keys.iter().find(|key| key.reference == p2) else {
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
        let number = BigUint::from_bytes_be(block).modpow(&key.exponent, &key.modulus);
        let number = number.to_bytes_be();
        let mut signature = vec![0; 256_usize.saturating_sub(number.len())];
        signature.extend(number);
        let now = Instant::now();
        self.signings.push(Signing {
            begun: now,
            ended: now,
        });
        (tlv(&[0x7c], &tlv(&[0x82], &signature)), OK)
    }
}

/// At most so many of the bytes.
fn first(data: &[u8], length: usize) -> &[u8] {
    data.get(..length).unwrap_or(data)
}

fn application() -> Vec<u8> {
    let mut body = tlv(&[0x4f], &[0, 0, 0x10, 0, 1, 0]);
    body.extend(tlv(&[0x79], &tlv(&[0x4f], &AID)));
    tlv(&[0x61], &body)
}

fn tlv(tag: &[u8], value: &[u8]) -> Vec<u8> {
    let mut out = tag.to_vec();
    let [high, low] = u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes();
    match value.len() {
        0..=0x7f => out.push(low),
        0x80..=0xff => out.extend([0x81, low]),
        _ => out.extend([0x82, high, low]),
    }
    out.extend(value);
    out
}

fn status(word: u16) -> Vec<u8> {
    word.to_be_bytes().to_vec()
}
