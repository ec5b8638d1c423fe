use std::io::Read;

use serde::{Deserialize, Serialize};

use crate::{CourierError, KeyId, Result, VERSION};

const MAGIC: &[u8; 5] = b"CVGCT";
/// The longest head, bytes.
const HEAD_MAX: usize = 2_048;

/// Which way a bundle goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// From a desk to the province.
    Outgoing,
    /// The province's answer to one.
    Answer,
}

/// What stands on a bundle in clear: as much as whoever carries it needs, and no person's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Which way it goes.
    pub kind: Kind,
    /// Code of the province, e.g. `H99`.
    pub province: String,
    /// Name of the office whose bundle it is, or whom it answers.
    pub office: String,
    /// Random; an answer bears that of the bundle that it answers.
    pub bundle: String,
    /// The key it is sealed to.
    pub to: KeyId,
}

impl Head {
    /// What stands before the encapsulated key, as it is written.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(self).map_err(|_| CourierError::TooLong)?;
        if json.len() > HEAD_MAX {
            return Err(CourierError::TooLong);
        }
        let length = u16::try_from(json.len()).map_err(|_| CourierError::TooLong)?;
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&json);
        Ok(bytes)
    }

    /// Reads it with the bytes that it stood in.
    pub(crate) fn read(source: &mut impl Read) -> Result<(Self, Vec<u8>)> {
        let mut fixed = [0; 8];
        source
            .read_exact(&mut fixed)
            .map_err(|error| cut(error, CourierError::NotOurs))?;
        let [m0, m1, m2, m3, m4, version, high, low] = fixed;
        if [m0, m1, m2, m3, m4] != *MAGIC {
            return Err(CourierError::NotOurs);
        }
        if version != VERSION {
            return Err(CourierError::Version { found: version });
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length > HEAD_MAX {
            return Err(CourierError::Damaged);
        }
        let mut json = vec![0; length];
        source
            .read_exact(&mut json)
            .map_err(|error| cut(error, CourierError::Damaged))?;
        let head = serde_json::from_slice(&json).map_err(|_| CourierError::Damaged)?;
        let mut bytes = fixed.to_vec();
        bytes.extend_from_slice(&json);
        Ok((head, bytes))
    }
}

/// The end of a file where none may be says what the caller makes of it; everything else is the disk's.
pub(crate) fn cut(error: std::io::Error, meaning: CourierError) -> CourierError {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => meaning,
        _ => CourierError::Io(error),
    }
}
