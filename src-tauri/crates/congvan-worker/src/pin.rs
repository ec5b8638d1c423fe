use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serializer};

/// A PIN as typed. No `Clone`, no `Debug`, no `Serialize`: it can be handed over once and is wiped
/// when dropped.
pub struct Pin(SecretString);

impl Pin {
    /// Takes the typed text. The string's own buffer becomes the secret, without a copy when its
    /// capacity equals its length.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// Looks at the secret, for comparing it; only the simulated token of training mode does.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.0
    }

    /// Hands the secret over, without a copy, to the code that talks to the token.
    #[must_use]
    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

/// Writes and reads a PIN inside a worker message; private to the wire so that nothing else can
/// serialise one by accident.
pub(crate) mod on_the_wire {
    use super::{Deserialize, Deserializer, ExposeSecret, Pin, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        pin: &Option<Pin>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match pin {
            Some(pin) => serializer.serialize_some(pin.0.expose_secret()),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Pin>, D::Error> {
        Option::<String>::deserialize(deserializer).map(|text| text.map(Pin::new))
    }
}
