//! The standard security handler: from a password to the file's key (ISO 32000-2, 7.6.4).

use congvan_model::nfc;
use md5::{Digest, Md5};
use sha2::{Sha256, Sha384, Sha512};

use super::cipher;
use crate::{Dict, Object, PdfError};

/// What a password that is shorter than 32 bytes is filled up with (algorithm 2).
const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08,
    0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];

/// The numbers of an encryption dictionary with the standard handler (table 21).
#[derive(Debug)]
pub(super) struct Standard {
    /// /R: 2, 3, 4, 5 or 6.
    pub(super) revision: i64,
    /// /P as it counts: what is signed in the file is a set of bits.
    pub(super) rights: u32,
    /// Whether metadata streams are enciphered too.
    pub(super) seals_metadata: bool,
    key_bytes: usize,
    owner: Vec<u8>,
    user: Vec<u8>,
    owner_key: Vec<u8>,
    user_key: Vec<u8>,
    perms: Vec<u8>,
}

/// The file's key, and whether the password was the owner's.
pub(super) struct Opened {
    pub(super) key: Vec<u8>,
    pub(super) is_owner: bool,
}

impl Standard {
    /// Reads the dictionary, whose entries are direct.
    pub(super) fn read(dict: &Dict) -> Result<Self, PdfError> {
        let bad = |what| PdfError::malformed(None, what);
        let int = |key: &str| dict.get(key).and_then(Object::as_int);
        let text = |key: &str| {
            let value = dict.get(key).and_then(Object::as_string);
            value.map(<[u8]>::to_vec)
        };
        let (version, revision) = (int("V").unwrap_or(0), int("R").unwrap_or(0));
        let key_bytes = match (version, revision) {
            (1, 2 | 3) => 5,
            (2, 2) => 5,
            (2, 3) => key_bytes(int("Length")).ok_or_else(|| bad("/Length of the key"))?,
            (4, 4) => 16,
            (5, 5 | 6) => 32,
            _ => {
                return Err(PdfError::Encryption {
                    method: format!("V {version} R {revision}"),
                });
            }
        };
        let long = if version == 5 { 48 } else { 32 };
        // Some producers pad /O and /U of version 5 to 127 bytes with zeros.
        let entry = |key: &'static str, len: usize| {
            let mut value = text(key).filter(|value| value.len() >= len);
            if let Some(value) = &mut value {
                value.truncate(len);
            }
            value.ok_or_else(|| bad("an entry of the encryption dictionary"))
        };
        let only_in_5 = |key, len| {
            if version == 5 {
                entry(key, len)
            } else {
                Ok(Vec::new())
            }
        };
        let rights = int("P").ok_or_else(|| bad("/P of the encryption dictionary"))?;
        Ok(Self {
            revision,
            // Some producers write the 32 bits as a positive number.
            rights: rights as u32,
            seals_metadata: version < 4
                || dict.get("EncryptMetadata") != Some(&Object::Bool(false)),
            key_bytes,
            owner: entry("O", long)?,
            user: entry("U", long)?,
            owner_key: only_in_5("OE", 32)?,
            user_key: only_in_5("UE", 32)?,
            perms: only_in_5("Perms", 16)?,
        })
    }

    /// The file's key; none where the password opens nothing. The owner's password is only tried
    /// where one is given: a file whose owner set none would otherwise make everybody its owner.
    pub(super) fn open(&self, password: &str, file_id: &[u8]) -> Option<Opened> {
        if self.revision >= 5 {
            return self.open_modern(password);
        }
        let password = latin(password);
        if let Some(key) = self.try_user(&password, file_id) {
            return Some(Opened {
                key,
                is_owner: false,
            });
        }
        if password.is_empty() {
            return None;
        }
        let user = self.user_password(&password)?;
        let key = self.try_user(&user, file_id)?;
        Some(Opened {
            key,
            is_owner: true,
        })
    }

    /// Algorithms 4, 5 and 6: the key where the user password is right.
    fn try_user(&self, password: &[u8], file_id: &[u8]) -> Option<Vec<u8>> {
        let key = self.file_key(password, file_id)?;
        let expected = if self.revision == 2 {
            cipher::rc4(&key, PADDING.to_vec())?
        } else {
            let mut hash = Md5::new();
            hash.update(PADDING);
            hash.update(file_id);
            let mut value = hash.finalize().to_vec();
            for round in 0..20_u8 {
                value = cipher::rc4(&xor(&key, round), value)?;
            }
            value
        };
        let len = expected.len();
        (self.user.get(..len)? == expected).then_some(key)
    }

    /// Algorithm 2.
    fn file_key(&self, password: &[u8], file_id: &[u8]) -> Option<Vec<u8>> {
        let mut hash = Md5::new();
        hash.update(padded(password));
        hash.update(&self.owner);
        hash.update(self.rights.to_le_bytes());
        hash.update(file_id);
        if !self.seals_metadata {
            hash.update([0xff; 4]);
        }
        self.strengthened(hash.finalize().to_vec())
    }

    /// The 50 further rounds of revision 3 and 4, cut to the key's length.
    fn strengthened(&self, mut digest: Vec<u8>) -> Option<Vec<u8>> {
        if self.revision >= 3 {
            for _ in 0..50 {
                digest = Md5::digest(digest.get(..self.key_bytes)?).to_vec();
            }
        }
        digest.get(..self.key_bytes).map(<[u8]>::to_vec)
    }

    /// Algorithm 7: the user's password from the owner's.
    fn user_password(&self, owner: &[u8]) -> Option<Vec<u8>> {
        let mut digest = Md5::digest(padded(owner)).to_vec();
        if self.revision >= 3 {
            for _ in 0..50 {
                digest = Md5::digest(&digest).to_vec();
            }
        }
        let key = digest.get(..self.key_bytes)?;
        let mut value = self.owner.clone();
        if self.revision == 2 {
            return cipher::rc4(key, value);
        }
        for round in (0..20_u8).rev() {
            value = cipher::rc4(&xor(key, round), value)?;
        }
        Some(value)
    }

    /// Algorithms 2.A, 11 and 12, and revision 5 before them.
    fn open_modern(&self, password: &str) -> Option<Opened> {
        let password = nfc(password);
        let password = password.as_bytes();
        let password = password.get(..127).unwrap_or(password);
        let part = |value: &'_ [u8], at: usize, len: usize| {
            let part = value.get(at..at + len);
            part.map(<[u8]>::to_vec)
        };
        let try_one = |stored: &[u8], wrapped: &[u8], user: &[u8]| {
            let check = self.hash(password, &part(stored, 32, 8)?, user)?;
            if stored.get(..32)? != check.as_slice() {
                return None;
            }
            let key = self.hash(password, &part(stored, 40, 8)?, user)?;
            cipher::unwrap_key(&key, wrapped)
        };
        if let Some(key) = try_one(&self.user, &self.user_key, &[]) {
            return Some(Opened {
                key,
                is_owner: false,
            });
        }
        if password.is_empty() {
            return None;
        }
        let key = try_one(&self.owner, &self.owner_key, &self.user)?;
        Some(Opened {
            key,
            is_owner: true,
        })
    }

    /// The hash of revision 5, or of revision 6 (algorithm 2.B).
    fn hash(&self, password: &[u8], salt: &[u8], user: &[u8]) -> Option<[u8; 32]> {
        let mut value = Sha256::digest([password, salt, user].concat()).to_vec();
        if self.revision == 6 {
            let mut round = 0_u32;
            loop {
                let block = [password, &value, user].concat().repeat(64);
                let (key, iv) = (value.get(..16)?, value.get(16..32)?);
                let block = cipher::aes128_blocks(key, iv, &block)?;
                let sum: u32 = block.iter().take(16).map(|byte| u32::from(*byte)).sum();
                value = match sum % 3 {
                    0 => Sha256::digest(&block).to_vec(),
                    1 => Sha384::digest(&block).to_vec(),
                    _ => Sha512::digest(&block).to_vec(),
                };
                round += 1;
                let last = block.last().copied().map(u32::from)?;
                if round >= 64 && last + 32 <= round {
                    break;
                }
            }
        }
        value.get(..32)?.try_into().ok()
    }

    /// The rights that count: in version 5 /P is repeated in /Perms, under the key, so that it
    /// cannot be widened by hand (algorithm 13). What either forbids is forbidden.
    pub(super) fn checked_rights(&self, key: &[u8]) -> u32 {
        let repeated = || {
            let key: &[u8; 32] = key.try_into().ok()?;
            // One block of ECB is one block of CBC with a zero vector.
            let perms = cipher::unwrap_key(key, &self.perms)?;
            let tagged = perms.get(9..12)? == b"adb";
            let bits = perms.get(..4)?.try_into().ok()?;
            tagged.then(|| u32::from_le_bytes(bits))
        };
        if self.revision >= 5 {
            // Without a repetition that can be read nobody vouches for /P.
            self.rights & repeated().unwrap_or(0)
        } else {
            self.rights
        }
    }
}

/// /Length in bits, 40 when absent; some producers write bytes.
fn key_bytes(length: Option<i64>) -> Option<usize> {
    let bits = match length.unwrap_or(40) {
        bytes @ 5..=16 => bytes * 8,
        bits => bits,
    };
    let bytes = usize::try_from(bits).ok()? / 8;
    (bits % 8 == 0 && (5..=16).contains(&bytes)).then_some(bytes)
}

fn padded(password: &[u8]) -> Vec<u8> {
    let mut bytes = [password, &PADDING].concat();
    bytes.truncate(32);
    bytes
}

fn xor(key: &[u8], with: u8) -> Vec<u8> {
    key.iter().map(|byte| byte ^ with).collect()
}

/// PDFDocEncoding as far as it is Latin-1; other letters as their UTF-8 bytes, as the common tools
/// write them.
fn latin(password: &str) -> Vec<u8> {
    let narrow: Option<Vec<u8>> = password
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).ok())
        .collect();
    narrow.unwrap_or_else(|| password.as_bytes().to_vec())
}
