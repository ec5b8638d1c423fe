//! The way out through an office's proxy, with a real one.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_remote::{ManualProxy, ProxyChoice, RemoteError};

use crate::support::*;

/// A proxy that lets `thu:mật khẩu` through to anywhere, and nobody else.
struct OfficeProxy {
    url: String,
    tunnels: Arc<AtomicU32>,
}

fn office_proxy(forbids: bool) -> OfficeProxy {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let tunnels = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&tunnels);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let counted = Arc::clone(&counted);
            std::thread::spawn(move || tunnel(stream, forbids, &counted));
        }
    });
    OfficeProxy { url, tunnels }
}

fn tunnel(mut client: TcpStream, forbids: bool, tunnels: &AtomicU32) -> Option<()> {
    let mut head = Vec::new();
    let mut byte = [0; 1];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        head.extend_from_slice(&byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.strip_prefix("CONNECT ")?.split(' ').next()?.to_owned();
    let right = format!("basic {}", STANDARD.encode("thu:mật khẩu")).to_lowercase();
    let says = if forbids {
        "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"
    } else if !head.to_lowercase().contains(&right) {
        "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm=\"x\"\r\n\
         content-length: 0\r\n\r\n"
    } else {
        "HTTP/1.1 200 Connection established\r\n\r\n"
    };
    client.write_all(says.as_bytes()).ok()?;
    if !says.contains("200") {
        return None;
    }
    tunnels.fetch_add(1, Ordering::SeqCst);
    let mut server = TcpStream::connect(target).ok()?;
    let (mut from_client, mut to_server) = (client.try_clone().ok()?, server.try_clone().ok()?);
    std::thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
    std::io::copy(&mut server, &mut client).ok().map(drop)
}

fn manual(url: &str, login: Option<(&str, &str)>) -> ProxyChoice {
    ProxyChoice::Manual(ManualProxy {
        url: url.to_owned(),
        login: login.map(|(name, password)| (name.to_owned(), password.to_owned().into())),
    })
}

#[tokio::test]
async fn a_proxy_that_wants_a_login_says_so_and_lets_the_right_one_through() {
    let (_dir, province) = start(|_| {});
    let proxy = office_proxy(false);
    let probe = async |choice| {
        let mut config = config_for(&province.url, &province.ca_pem);
        config.proxy = choice;
        client_of(&config).0.probe().await
    };
    for login in [None, Some(("thu", "sai")), Some(("khác", "mật khẩu"))] {
        let refused = probe(manual(&proxy.url, login)).await;
        assert_eq!(
            refused.expect_err("no way"),
            RemoteError::ProxyAuthNeeded,
            "{login:?}"
        );
    }
    assert_eq!(proxy.tunnels.load(Ordering::SeqCst), 0);
    probe(manual(&proxy.url, Some(("thu", "mật khẩu"))))
        .await
        .expect("through the proxy");
    assert_eq!(proxy.tunnels.load(Ordering::SeqCst), 1);
    // The way around it is a choice too.
    probe(ProxyChoice::None).await.expect("straight");
    assert_eq!(proxy.tunnels.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_proxy_that_forbids_is_told_from_one_that_is_gone() {
    let (_dir, province) = start(|_| {});
    let mut config = config_for(&province.url, &province.ca_pem);
    config.proxy = manual(&office_proxy(true).url, None);
    let refused = client_of(&config).0.probe().await;
    assert_eq!(refused.expect_err("forbidden"), RemoteError::ProxyRefused);
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port");
    config.proxy = manual(&format!("http://{port}"), None);
    let gone = client_of(&config).0.probe().await;
    assert_eq!(gone.expect_err("nobody there"), RemoteError::Unreachable);
}

#[test]
fn an_unusable_proxy_is_said_before_anything_is_sent() {
    let mut config = config_for("https://h99.example", &identity().ca_pem);
    config.proxy = manual("::", None);
    let made = congvan_remote::RemoteClient::new(&config, Arc::new(|_| {}));
    assert!(matches!(
        made.err(),
        Some(RemoteError::Configuration { .. })
    ));
}
