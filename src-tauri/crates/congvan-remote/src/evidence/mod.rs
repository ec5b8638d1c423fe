//! Evidence for signatures from the network: RFC 3161 time stamps, OCSP answers, lists of revoked
//! certificates; and [`complete_file`], which brings a signed file to a level with them.
//!
//! Bytes in, bytes out: `congvan_pades` makes the requests and judges the answers. What is decided
//! here is whom to ask and when: an ordered list of authorities, a circuit breaker for each
//! endpoint, a ledger of quotas, four requests at a time, a limit on every answer.
//!
//! Invariant: nothing that comes from the network is believed here. Addresses may come from
//! certificates, so a request carries nothing but the question: no cookie, no credential.

mod client;
mod complete;
mod error;
mod exchange;
mod fetch;
mod health;
mod issuers;
mod quota;

pub use client::{
    Call, EndpointReport, EvidenceClient, EvidenceConfig, LedgerSink, Patience, ProxyChoice,
};
pub use complete::{Completion, CompletionError, CompletionOrder, complete_file};
pub use error::EvidenceError;
pub use fetch::TimeStampAnswer;
pub use health::Circuit;
pub use issuers::IssuerHosts;
pub use quota::{QuotaUse, Tsa};
