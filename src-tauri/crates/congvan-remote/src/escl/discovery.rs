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

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use mdns_sd::ServiceInfo;

    use super::*;

    fn announced(address: &str, root: &str) -> Option<FoundScanner> {
        let facts = [("rs", root), ("ty", "Máy quét\u{7} X")];
        let service = ServiceInfo::new(
            PLAIN,
            "may-quet",
            "may-quet.local.",
            address,
            8080,
            &facts[..],
        );
        let service = service.unwrap().as_resolved_service();
        match found(&service, false)? {
            Sighting::Found(scanner) => Some(scanner),
            Sighting::Gone { .. } => None,
        }
    }

    #[test]
    fn an_announcement_is_believed_where_a_scanner_can_be_and_only_there() {
        let scanner = announced("8.8.8.8,192.168.1.9", "/eSCL").unwrap();
        assert_eq!(
            scanner.address.to_string(),
            "http://192.168.1.9:8080/eSCL",
            "of its addresses the one in the office"
        );
        assert_eq!(scanner.name, "Máy quét X");
        assert_eq!(scanner.service, "may-quet._uscan._tcp.local.");
        assert_eq!(announced("8.8.8.8", "eSCL"), None);
        assert_eq!(announced("127.0.0.1", "eSCL"), None);
        assert_eq!(announced("192.168.1.9", "../admin"), None);
    }

    #[tokio::test]
    async fn listening_begins_and_ends_at_once_whatever_the_network() {
        let started = Instant::now();
        // A port of its own: what the machine's network announces is no part of this.
        let ears = ScannerDiscovery::on_port(15_353).unwrap();
        let quiet = tokio::time::timeout(Duration::from_millis(50), ears.next()).await;
        assert!(quiet.is_err(), "nobody announces anything: {quiet:?}");
        drop(ears);
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}
