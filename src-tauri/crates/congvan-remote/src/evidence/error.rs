use congvan_model::Timestamp;

/// Why a piece of evidence could not be had, told apart by who can do something about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// The proxy between here and the world refuses or cannot be reached: the office's network.
    #[error("the proxy refuses (status {status:?})")]
    Proxy {
        /// HTTP status, where the proxy answered at all.
        status: Option<u16>,
    },
    /// Nobody answers at the address: no name, no route, refused, cut, TLS not trusted.
    #[error("the host cannot be reached")]
    Host,
    /// The host accepted and then said nothing for too long.
    #[error("no answer in time")]
    TimedOut,
    /// The service says that it is in trouble.
    #[error("the service fails (status {status})")]
    Service {
        /// HTTP status.
        status: u16,
    },
    /// The quota is used up, by our ledger or by the authority's word.
    #[error("the quota is used up")]
    Quota {
        /// When to ask again, where it is known.
        until: Option<Timestamp>,
    },
    /// The authority understood and refused.
    #[error("refused with status {status}")]
    Refused {
        /// PKIStatus (RFC 3161, 2.4.2) or the status of the OCSP answer (RFC 6960, 4.2.1).
        status: u8,
        /// First bit of PKIFailureInfo, where it was given.
        failure: Option<u8>,
    },
    /// What came is not what was asked for: a web page, another type, damaged or oversized bytes,
    /// a time stamp that does not verify.
    #[error("not an answer: {what}")]
    Garbage {
        /// What gave it away.
        what: &'static str,
    },
    /// Every endpoint is resting after failures.
    #[error("all endpoints are resting")]
    Resting {
        /// When the first may be asked again; none while one is being tried out.
        until: Option<Timestamp>,
    },
    /// There is no address to ask: none configured, none in the certificate.
    #[error("there is nobody to ask")]
    NoAddress,
    /// The caller cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The proxy's address or the certificates are unusable. The administrator's fault.
    #[error("configuration: {what}")]
    Configuration {
        /// Which part.
        what: &'static str,
    },
}

impl EvidenceError {
    /// A stable name, for persistence and for the texts of a face.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Proxy { .. } => "EVIDENCE_PROXY",
            Self::Host => "EVIDENCE_HOST",
            Self::TimedOut => "EVIDENCE_TIMED_OUT",
            Self::Service { .. } => "EVIDENCE_SERVICE",
            Self::Quota { .. } => "EVIDENCE_QUOTA",
            Self::Refused { .. } => "EVIDENCE_REFUSED",
            Self::Garbage { .. } => "EVIDENCE_GARBAGE",
            Self::Resting { .. } => "EVIDENCE_RESTING",
            Self::NoAddress => "EVIDENCE_NO_ADDRESS",
            Self::Cancelled => "EVIDENCE_CANCELLED",
            Self::Configuration { .. } => "EVIDENCE_CONFIGURATION",
        }
    }

    /// When asking again makes sense, where that is known.
    #[must_use]
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Quota { until } | Self::Resting { until } => *until,
            Self::Proxy { .. }
            | Self::Host
            | Self::TimedOut
            | Self::Service { .. }
            | Self::Refused { .. }
            | Self::Garbage { .. }
            | Self::NoAddress
            | Self::Cancelled
            | Self::Configuration { .. } => None,
        }
    }
}
