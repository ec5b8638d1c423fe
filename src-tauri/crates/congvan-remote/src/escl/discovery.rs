use std::net::{IpAddr, SocketAddr, SocketAddrV6};

use mdns_sd::{Receiver, ResolvedService, ScopedIp, ServiceDaemon, ServiceEvent};

use super::{ScannerAddress, capabilities::plain_name};

const PLAIN: &str = "_uscan._tcp.local.";
const SECURE: &str = "_uscans._tcp.local.";

/// A scanner that announces itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundScanner {
    /// Where it is.
    pub address: ScannerAddress,
    /// Make and model, without control characters; may be empty.
    pub name: String,
    /// The announcement's own name, by which it is taken back.
    pub service: String,
}

/// What is seen on the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// A scanner, or other facts of one.
    Found(FoundScanner),
    /// The scanner of that announcement says goodbye, or was not heard of for long.
    Gone {
        /// Its [`FoundScanner::service`].
        service: String,
    },
}

/// Listens for scanners (`_uscan._tcp`, `_uscans._tcp`) until dropped. Without a network nothing is
/// ever seen, and nothing waits for it.
pub struct ScannerDiscovery {
    daemon: ServiceDaemon,
    plain: Receiver<ServiceEvent>,
    secure: Receiver<ServiceEvent>,
}

impl ScannerDiscovery {
    /// Begins to listen and ask, on a thread of its own; returns at once.
    #[must_use]
    pub fn start() -> Option<Self> {
        Self::with(ServiceDaemon::new().ok()?)
    }

    /// As [`ScannerDiscovery::start`] on another port than that of mDNS, for tests.
    #[must_use]
    pub fn on_port(port: u16) -> Option<Self> {
        Self::with(ServiceDaemon::new_with_port(port).ok()?)
    }

    fn with(daemon: ServiceDaemon) -> Option<Self> {
        let (plain, secure) = (daemon.browse(PLAIN).ok()?, daemon.browse(SECURE).ok()?);
        Some(Self {
            daemon,
            plain,
            secure,
        })
    }

    /// What is seen next; none when listening has ended.
    pub async fn next(&self) -> Option<Sighting> {
        loop {
            let (event, is_secure) = tokio::select! {
                event = self.plain.recv_async() => (event.ok()?, false),
                event = self.secure.recv_async() => (event.ok()?, true),
            };
            #[expect(clippy::wildcard_enum_match_arm, reason = "mdns-sd's own enum")]
            let sighting = match event {
                ServiceEvent::ServiceResolved(service) => found(&service, is_secure),
                ServiceEvent::ServiceRemoved(_, service) => Some(Sighting::Gone { service }),
                _ => None,
            };
            if sighting.is_some() {
                return sighting;
            }
        }
    }
}

impl Drop for ScannerDiscovery {
    fn drop(&mut self) {
        // A full queue or a thread that has gone: it ends with its sender either way.
        let _ = self.daemon.shutdown();
    }
}

fn found(service: &ResolvedService, is_secure: bool) -> Option<Sighting> {
    let addresses: Vec<SocketAddr> = service
        .get_addresses()
        .iter()
        .filter_map(|ip| socket(ip, service.get_port()))
        .collect();
    let root = service.get_property_val_str("rs").unwrap_or_default();
    let address = ScannerAddress::found(is_secure, &addresses, root).ok()?;
    let name = service.get_property_val_str("ty").unwrap_or_default();
    Some(Sighting::Found(FoundScanner {
        address,
        name: plain_name(name),
        service: service.get_fullname().to_owned(),
    }))
}

fn socket(ip: &ScopedIp, port: u16) -> Option<SocketAddr> {
    if port == 0 {
        return None;
    }
    match ip {
        // Link-local only means something together with the interface it was heard on.
        ScopedIp::V6(v6) => Some(SocketAddr::V6(SocketAddrV6::new(
            *v6.addr(),
            port,
            0,
            v6.scope_id().index,
        ))),
        ScopedIp::V4(v4) => Some(SocketAddr::new(IpAddr::V4(*v4.addr()), port)),
        _ => None,
    }
}
