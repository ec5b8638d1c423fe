//! What the tests and the demo share: named people, a fixed clock, a throw-away PKI, a software
//! token and office documents that look like the real ones.
//!
//! Invariant: nothing here is shipped. Invariant: everything but keys is deterministic: the same
//! seed gives the same bytes.

mod agencies;
mod clock;
pub mod forms;
pub mod linkchaos;
mod office;
mod people;
mod pki;
mod pki_server;
mod pyhanko;
mod random;
mod registers;
mod scanner;
mod softhsm;
mod subset;

pub use agencies::{TWO_LEVELS, country_directory, province_directory};
pub use clock::{FIXED_NOW, day, fixed_now};
pub use office::{
    Block, Letter, SCAN_DPI, ScanOptions, Stationery, Topic, body, cached, letter_pdf,
    long_scheme_pdf, scan_jpegs, scan_pdf,
};
pub use people::{
    ARCHIVIST, CLERK, COLLEAGUE, HEAD, LEADER, NEIGHBOUR_CLERK, NEIGHBOUR_CODE, NEIGHBOUR_HEAD,
    NEIGHBOUR_LEADER, NEIGHBOURS, OFFICIAL, OTHER_HEAD, OTHER_ROLES, PEOPLE, Person, UNIT_ADMIN,
    UNIT_CLERK,
};
pub use pki::{Pki, SignerKind, SigningIdentity, TlsIdentity, write_pem};
pub use pki_server::{PkiServer, Service, ServiceFault};
pub use pyhanko::pyhanko_offline;
pub use random::SplitMix;
pub use registers::{LARGE_FILE, OldRegister, PLANTED, old_register};
pub use scanner::{ScannerFault, ScannerSimulator};
pub use softhsm::{SoftHsm, TOKEN_LABEL, TOKEN_PIN, softhsm_module};
pub use subset::FontSubset;
