use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::DeviceId;

/// What a paper is called between its registration without the server and its real number:
/// `T-7F3A9C01-12`. It begins with a letter, so no reader of numbers and no reader of notations
/// takes it for one, and it names the machine, so two desks never give the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProvisionalId {
    device: u32,
    n: u32,
}

/// The text is no provisional id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a provisional id")]
pub struct ProvisionalIdError;

impl ProvisionalId {
    /// The n-th of this machine, from 1.
    #[must_use]
    pub fn new(device: DeviceId, n: u32) -> Self {
        // The last bits of a UUIDv7 are its random ones; the first are the clock.
        let [.., a, b, c, d] = device.0.into_bytes();
        Self {
            device: u32::from_be_bytes([a, b, c, d]),
            n,
        }
    }

    /// Its place among those of its machine.
    #[must_use]
    pub fn n(self) -> u32 {
        self.n
    }
}

impl fmt::Display for ProvisionalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T-{:08X}-{}", self.device, self.n)
    }
}

impl FromStr for ProvisionalId {
    type Err = ProvisionalIdError;
    fn from_str(text: &str) -> Result<Self, ProvisionalIdError> {
        let rest = text.strip_prefix("T-").ok_or(ProvisionalIdError)?;
        let (device, n) = rest.split_once('-').ok_or(ProvisionalIdError)?;
        let id = Self {
            device: u32::from_str_radix(device, 16).map_err(|_| ProvisionalIdError)?,
            n: n.parse().map_err(|_| ProvisionalIdError)?,
        };
        // One spelling only: the id is printed, scanned and compared as text.
        (id.n > 0 && id.to_string() == text)
            .then_some(id)
            .ok_or(ProvisionalIdError)
    }
}

impl Serialize for ProvisionalId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ProvisionalId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Notation;

    proptest::proptest! {
        #[test]
        fn a_provisional_id_is_never_read_as_a_number_or_a_notation(
            device in proptest::prelude::any::<u128>(), n in 1_u32..,
        ) {
            let id = ProvisionalId::new(DeviceId(uuid::Uuid::from_u128(device)), n);
            let text = id.to_string();
            proptest::prop_assert_eq!(text.parse(), Ok(id));
            proptest::prop_assert!(text.parse::<u64>().is_err());
            proptest::prop_assert!(text.parse::<i64>().is_err());
            proptest::prop_assert!(text.parse::<f64>().is_err());
            proptest::prop_assert!(text.parse::<Notation>().is_err());
        }

        #[test]
        fn no_number_is_read_as_a_provisional_id(number in "[0-9]{1,8}(/[A-Z-]{1,8})?") {
            proptest::prop_assert!(number.parse::<ProvisionalId>().is_err());
        }
    }

    #[test]
    fn there_is_one_spelling() {
        for other in [
            "T-7f3a9c01-1",
            "T-7F3A9C01-01",
            "T-7F3A9C01-0",
            "T-1-1",
            "T-7F3A9C01-+1",
        ] {
            assert!(other.parse::<ProvisionalId>().is_err(), "{other}");
        }
        assert!("T-7F3A9C01-1".parse::<ProvisionalId>().is_ok());
    }
}
