//! A server that says what a test writes for it, for answers that the province never gives.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::Arc,
    time::Duration,
};

use congvan_remote::RemoteClient;
use congvan_testkit::TlsIdentity;
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

use crate::support::{client_of, config_for, identity, impatient};

/// What the server does for one request.
pub(crate) enum Step {
    /// Sends these bytes.
    Say(String),
    /// Waits.
    Pause(Duration),
}

/// An answer with this status line, type and body.
pub(crate) fn answer(status: &str, kind: &str, body: &str) -> Vec<Step> {
    vec![Step::Say(format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))]
}

/// An impatient client, logged in, of a server that answers each path with what `script` says.
pub(crate) async fn scripted(
    script: impl Fn(&str) -> Vec<Step> + Send + Sync + 'static,
) -> RemoteClient {
    let tls = identity();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let config = Arc::new(server_config(&tls));
    let script = Arc::new(script);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (config, script) = (Arc::clone(&config), Arc::clone(&script));
            std::thread::spawn(move || serve(stream, config, &*script));
        }
    });
    let mut config = config_for(&url, &tls.ca_pem);
    config.patience = impatient();
    let (client, _) = client_of(&config);
    client.resume("a-refresh-token".to_owned().into()).await;
    client
}

const TOKENS: &str = r#"{"access_token":"a","access_expires_s":600,"refresh_token":"b",
    "account":{"id":1,"username":"x","full_name":"X","posts":[]}}"#;

fn serve(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    script: &(dyn Fn(&str) -> Vec<Step> + Send + Sync),
) -> Option<()> {
    let mut stream = StreamOwned::new(ServerConnection::new(config).ok()?, stream);
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        head.extend_from_slice(&buffer[..count]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1)?.to_owned();
    let steps = if path.starts_with("/v1/auth/refresh") {
        answer("200 OK", "application/json", TOKENS)
    } else {
        script(&path)
    };
    for step in steps {
        match step {
            Step::Say(text) => {
                stream.write_all(text.as_bytes()).ok()?;
                stream.flush().ok()?;
            }
            Step::Pause(time) => std::thread::sleep(time),
        }
    }
    stream.conn.send_close_notify();
    stream.flush().ok()
}

fn server_config(tls: &TlsIdentity) -> ServerConfig {
    let chain = CertificateDer::pem_slice_iter(tls.certificate_pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .expect("certificates");
    let key = PrivateKeyDer::from_pem_slice(tls.key_pem.as_bytes()).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate")
}
