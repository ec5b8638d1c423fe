use std::{
    fmt,
    net::{IpAddr, Ipv6Addr, SocketAddr},
};

use reqwest::Url;

use super::ScannerError;

/// Where scanners keep eSCL unless they say otherwise.
const ROOT: &str = "eSCL";
/// Longer host names and paths are no address of a scanner.
const LONGEST: usize = 253;

/// Where a scanner answers: `http://host:port/root`. As text it is the scanner's id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScannerAddress {
    secure: bool,
    host: String,
    port: u16,
    root: String,
    /// Where a found scanner is, whatever a name server says of its name; none = ask for the name.
    at: Option<SocketAddr>,
}

impl ScannerAddress {
    /// What a person wrote: a host name or address, with or without port, scheme and path. The ways
    /// to try, in order: without scheme and port it may be plain or TLS.
    ///
    /// # Errors
    /// [`ScannerError::Address`] when it cannot be one.
    pub fn by_hand(text: &str) -> Result<Vec<Self>, ScannerError> {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST {
            return Err(malformed());
        }
        if text.contains("://") {
            return Ok(vec![Self::from_url(text)?]);
        }
        // An IPv6 address without brackets would be taken for a host with a port.
        let bare = text.parse::<Ipv6Addr>().map(|ip| format!("[{ip}]"));
        let host = bare.unwrap_or_else(|_| text.to_owned());
        let plain = Self::from_url(&format!("http://{host}"))?;
        if plain.port != 80 {
            let secure = Self {
                secure: true,
                ..plain.clone()
            };
            return Ok(vec![plain, secure]);
        }
        Ok(vec![plain, Self::from_url(&format!("https://{host}"))?])
    }

    /// The address that stands in an id.
    ///
    /// # Errors
    /// [`ScannerError::Address`] when it is none.
    pub fn from_url(text: &str) -> Result<Self, ScannerError> {
        let url = Url::parse(text).map_err(|_| malformed())?;
        let secure = match url.scheme() {
            "http" => false,
            "https" => true,
            _ => return Err(malformed()),
        };
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return Err(malformed());
        }
        let host = url.host_str().filter(|host| host.len() <= LONGEST);
        let ip = host.and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
        if ip.is_some_and(|ip| ip.is_unspecified() || ip.is_multicast() || is_broadcast(ip)) {
            return Err(malformed());
        }
        Ok(Self {
            secure,
            host: host.ok_or_else(malformed)?.to_owned(),
            port: url.port_or_known_default().ok_or_else(malformed)?,
            root: root(url.path())?,
            at: None,
        })
    }

    /// An announced scanner. Of its addresses the first usable one is taken, IPv4 before IPv6.
    ///
    /// # Errors
    /// [`ScannerError::Address`] when none of them is private or link-local: whoever announces a
    /// public address, or this machine's own, wants us to knock on another door.
    pub fn found(
        secure: bool,
        addresses: &[SocketAddr],
        root_path: &str,
    ) -> Result<Self, ScannerError> {
        let near = addresses.iter().filter(|address| is_near(address.ip()));
        let at = near
            .min_by_key(|address| (address.is_ipv6(), **address))
            .ok_or(ScannerError::Address {
                what: "announced outside the office's network",
            })?;
        Ok(Self {
            secure,
            host: match at.ip() {
                IpAddr::V4(ip) => ip.to_string(),
                IpAddr::V6(ip) => format!("[{ip}]"),
            },
            port: at.port(),
            root: root(root_path)?,
            at: Some(*at),
        })
    }

    pub(super) fn is_secure(&self) -> bool {
        self.secure
    }

    /// The host as TLS and HTTP name it, and where it is when that is known.
    pub(super) fn place(&self) -> (&str, Option<SocketAddr>) {
        (&self.host, self.at)
    }

    /// The address of something below the scanner's root.
    pub(super) fn below(&self, path: &str) -> String {
        format!("{self}/{path}")
    }

    /// The path of a job that the scanner made. It may call itself by a name that nobody here can
    /// resolve, or by somebody else's: only the path counts.
    pub(super) fn job_path(&self, location: &str) -> Result<String, ScannerError> {
        let odd = ScannerError::Protocol {
            what: "a job without an address",
        };
        let path = match location.split_once("://") {
            Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)),
            None => Some(location),
        };
        let path = path.unwrap_or_default().trim_end_matches('/');
        let is_plain = path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= LONGEST
            && path.bytes().all(|byte| byte.is_ascii_graphic())
            && !path.contains("/..");
        is_plain.then(|| path.to_owned()).ok_or(odd)
    }

    /// The address of a path from the host's root.
    pub(super) fn at_path(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}:{}", self.host, self.port)
    }
}

impl fmt::Display for ScannerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.origin(), self.root)
    }
}

fn malformed() -> ScannerError {
    ScannerError::Address {
        what: "no host, or more than a host, a port and a path",
    }
}

/// A path of plain words, `eSCL` where there is none.
fn root(path: &str) -> Result<String, ScannerError> {
    let path = path.trim_matches('/');
    let is_plain = path.split('/').all(|word| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        word != ".." && word != "." && word.bytes().all(plain)
    });
    match path {
        "" => Ok(ROOT.to_owned()),
        path if is_plain && path.len() <= LONGEST => Ok(path.to_owned()),
        _ => Err(malformed()),
    }
}

fn is_broadcast(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_broadcast(),
        IpAddr::V6(_) => false,
    }
}

/// In the office's own network.
fn is_near(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(mapped) => mapped.is_private() || mapped.is_link_local(),
            None => ip.is_unique_local() || ip.is_unicast_link_local(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_writes_becomes_the_ways_to_try() {
        let ways = |text| {
            let ways = ScannerAddress::by_hand(text).unwrap();
            ways.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            ways(" 192.168.1.20 "),
            [
                "http://192.168.1.20:80/eSCL",
                "https://192.168.1.20:443/eSCL"
            ]
        );
        assert_eq!(
            ways("may-quet:8080"),
            ["http://may-quet:8080/eSCL", "https://may-quet:8080/eSCL"]
        );
        assert_eq!(
            ways("https://10.0.0.7/eSCL/"),
            ["https://10.0.0.7:443/eSCL"]
        );
        assert_eq!(
            ways("fd00::7"),
            ["http://[fd00::7]:80/eSCL", "https://[fd00::7]:443/eSCL"]
        );
        for wrong in [
            "",
            "ftp://may-quet",
            "http://a:b@may-quet/",
            "http://may-quet/?x=1",
            "http://may-quet/a b",
            "0.0.0.0",
            "239.1.2.3",
            "255.255.255.255",
            "a b",
        ] {
            assert!(ScannerAddress::by_hand(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_announced_scanner_is_in_the_offices_network_or_is_none() {
        let found = |addresses: &[&str]| {
            let addresses: Vec<SocketAddr> =
                addresses.iter().map(|text| text.parse().unwrap()).collect();
            ScannerAddress::found(false, &addresses, "eSCL").map(|address| address.to_string())
        };
        assert_eq!(
            found(&["[fe80::1]:80", "192.168.1.9:80", "8.8.8.8:80"]).unwrap(),
            "http://192.168.1.9:80/eSCL"
        );
        for strangers in [
            &["8.8.8.8:80"][..],
            &["127.0.0.1:80"],
            &["[2001:db8::1]:80"],
            &["[::ffff:8.8.8.8]:80"],
            &["[::1]:80"],
            &["0.0.0.0:80"],
            &[],
        ] {
            assert!(found(strangers).is_err(), "{strangers:?}");
        }
        let near = ["10.1.2.3:80".parse().unwrap()];
        for odd in ["../admin", "a b", "eSCL?x", "a/%2e%2e/b"] {
            assert!(ScannerAddress::found(false, &near, odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn of_a_jobs_address_only_the_path_counts() {
        let address = ScannerAddress::from_url("http://10.0.0.7/eSCL").unwrap();
        let path = |location| address.job_path(location);
        assert_eq!(
            path("http://elsewhere.example/eSCL/ScanJobs/1").unwrap(),
            "/eSCL/ScanJobs/1"
        );
        assert_eq!(path("/eSCL/ScanJobs/1/").unwrap(), "/eSCL/ScanJobs/1");
        for odd in [
            "",
            "ScanJobs/1",
            "//evil/x",
            "http://evil",
            "/a/../b",
            "/a b",
        ] {
            assert!(path(odd).is_err(), "{odd}");
        }
    }
}
