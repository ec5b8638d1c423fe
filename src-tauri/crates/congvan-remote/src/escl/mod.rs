//! Network scanners that speak eSCL (AirScan): found by mDNS or written down, asked what they can
//! do, and scanned from page by page. HTTP and a little XML; no driver on any system.
//!
//! A scanner is a stranger on the office's network: its answers are bounded in size, depth and time,
//! it is asked without a proxy and never redirects us, and its certificate, which nobody signed, is
//! remembered at first contact. Nothing of this touches the province's client.
//!
//! Invariant: found scanners are private or link-local addresses; any other must be written down.

mod address;
mod capabilities;
mod client;
mod discovery;
mod error;
mod job;
mod page;
mod settings;
mod status;
mod tls;
mod xml;

pub use address::ScannerAddress;
pub use capabilities::{ScannerCapabilities, ScannerInput};
pub use client::{ScanPatience, Scanner};
pub use discovery::{FoundScanner, ScannerDiscovery, Sighting};
pub use error::ScannerError;
pub use job::ScannerJob;
pub use page::{PageKind, ScannerPage};
pub use settings::ScanSettings;
pub use status::{FeederState, ScannerState, ScannerStatus};
pub use tls::CertificatePin;
