//! What a line is made of: identities, pages of strangers, and how fast bytes go.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

use super::{LinkFault, Server, Upstream};
use crate::TlsIdentity;

/// How fast bytes go, for a while.
pub(super) struct Crawl {
    rate: u32,
    left: usize,
}

impl Crawl {
    pub(super) fn none() -> Self {
        Self { rate: 0, left: 0 }
    }

    pub(super) fn new(rate: u32, bytes: u32) -> Self {
        Self {
            rate: rate.max(1),
            left: usize::try_from(bytes).unwrap_or(usize::MAX),
        }
    }

    /// Waits as long as so many bytes take.
    pub(super) fn pass(&mut self, bytes: usize) {
        let slow = bytes.min(self.left);
        self.left -= slow;
        if slow > 0 {
            let seconds = slow as f64 / f64::from(self.rate);
            std::thread::sleep(Duration::from_secs_f64(seconds));
        }
    }

    pub(super) fn write(&mut self, client: &mut Server, bytes: &[u8]) -> Result<()> {
        if self.left == 0 {
            client.write_all(bytes)?;
            return Ok(());
        }
        for part in bytes.chunks(256) {
            self.pass(part.len());
            client.write_all(part)?;
            client.flush()?;
        }
        Ok(())
    }
}

/// The answer that some faults give by themselves.
pub(super) fn page(fault: LinkFault) -> Option<String> {
    let (status, extra, words) = match fault {
        LinkFault::Page200 => (
            "200 OK",
            "",
            "<!doctype html><title>Đăng nhập Wi-Fi</title>",
        ),
        LinkFault::Page502 => (
            "502 Bad Gateway",
            "",
            "<html><h1>502 Bad Gateway</h1></html>",
        ),
        LinkFault::ProxyAuth407 => (
            "407 Proxy Authentication Required",
            "proxy-authenticate: Basic realm=\"proxy\"\r\n",
            "<html>407</html>",
        ),
        _ => return None,
    };
    Some(format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\n{extra}content-length: {}\r\n\r\n{words}",
        words.len()
    ))
}

pub(super) fn cut(socket: &TcpStream) {
    let _ = socket.shutdown(Shutdown::Both);
}

pub(super) fn nap(ms: u32) {
    std::thread::sleep(Duration::from_millis(u64::from(ms)));
}

pub(super) fn pump(from: &mut Upstream, to: &mut Server) -> Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let count = match from.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => 0,
            Err(error) => return Err(error.into()),
        };
        if count == 0 {
            return Ok(());
        }
        to.write_all(buffer.get(..count).unwrap_or_default())?;
        to.flush()?;
    }
}

pub(crate) fn server_side(identity: &TlsIdentity) -> Result<ServerConfig> {
    let chain = CertificateDer::pem_slice_iter(identity.certificate_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .context("the certificate")?;
    let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes()).context("the key")?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

pub(super) fn client_side(identity: &TlsIdentity) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(identity.ca_pem.as_bytes()).context("the CA")?)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
