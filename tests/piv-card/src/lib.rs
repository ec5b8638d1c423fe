//! A PIV card in software, plugged into the virtual reader `vpcd` of the system's card service, so
//! that OpenSC sees a card that can be pulled, is slow, and counts PIN tries. Never shipped.
//!
//! The reader listens on a port of this machine and the card connects to it. Messages are two bytes
//! of length and then an APDU, or one byte of control: off, on, reset, ATR.

mod card;
mod events;
mod key;
mod memory;
mod service;

pub use card::{Card, atr, opensc};
pub use events::{ServiceEvent, ServiceEvents};
pub use key::CardKey;
pub use memory::{CARD_TRIES, Memory, Signing};
pub use service::CardService;
