use congvan_protocol::ProblemCode;
use congvan_province::{FaultAction, FaultRule};
use congvan_remote::{RemoteClient, RemoteError};
use std::sync::Arc;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::support::*;

#[tokio::test]
async fn the_provinces_server_is_known_by_its_answer() {
    let (_dir, province) = start(|_| {});
    let (client, _) = client(&province);
    let health = client.probe().await.expect("is there");
    // Who comes back alone need not wait for others.
    assert_eq!(
        (health.province.as_str(), health.reconnect_window_s),
        ("H99", 0)
    );
}

#[tokio::test]
async fn a_stopped_server_is_unreachable_and_found_again() {
    let (_dir, province) = start(|_| {});
    let (client, _) = client(&province);
    client.probe().await.expect("is there");
    let config = province.stop();
    assert_eq!(
        client.probe().await.expect_err("gone"),
        RemoteError::Unreachable
    );
    let _again = congvan_province::Province::start(config).expect("starts");
    client.probe().await.expect("is there again");
    client.reset_connections();
    client.probe().await.expect("on new connections too");
}

#[tokio::test]
async fn a_server_under_another_authority_is_not_trusted() {
    let (_dir, province) = start(|_| {});
    let (_other_dir, other) = start(|_| {});
    let (client, _) = client_for(&province.url, &other.ca_pem);
    assert_eq!(
        client.probe().await.expect_err("a stranger"),
        RemoteError::Untrusted
    );
}

#[tokio::test]
async fn a_portal_and_another_province_are_the_wrong_network() {
    let (_dir, province) = start(|_| {});
    let (client, _) = client(&province);
    for action in [
        FaultAction::CaptivePortal,
        FaultAction::OtherProvince("H12".to_owned()),
    ] {
        province.fault(FaultRule::once("", "/v1/health", action.clone()));
        let error = client.probe().await.expect_err("not ours");
        assert!(
            matches!(error, RemoteError::WrongNetwork { .. }),
            "{action:?}: {error:?}"
        );
        assert!(error.is_outage());
    }
    province.fault(FaultRule::once("", "/v1/health", FaultAction::CutBefore));
    assert_eq!(
        client.probe().await.expect_err("cut"),
        RemoteError::Unreachable
    );
    client.probe().await.expect("is there again");
}

#[tokio::test]
async fn a_server_that_asks_for_patience_says_how_much() {
    let (_dir, province) = start(|_| {});
    let (client, _) = client(&province);
    province.fault(FaultRule::once(
        "",
        "/v1/health",
        FaultAction::Overloaded(17),
    ));
    let error = client.probe().await.expect_err("busy");
    let RemoteError::Refused {
        code,
        retryable,
        retry_after_s,
        ..
    } = error
    else {
        panic!("{error:?}");
    };
    assert_eq!(
        (code, retryable, retry_after_s),
        (ProblemCode::Overloaded, true, Some(17))
    );
}

#[test]
fn an_unusable_configuration_is_the_administrators_to_mend() {
    for (url, ca) in [
        ("http://h99.example", "x"),
        ("https://h99.example", "no certificate"),
        ("https://h99.example", ""),
    ] {
        let config = config_for(url, ca);
        let made = RemoteClient::new(&config, Arc::new(|_| {}));
        assert!(
            matches!(made.err(), Some(RemoteError::Configuration { .. })),
            "{url} {ca}"
        );
    }
}

/// A cable to the server; it lies until the test ends. Returns its address, and what makes all connections of now fall silent for
/// good; later ones carry.
#[expect(clippy::disallowed_methods, reason = "the runtime of the test owns it")]
async fn cable(to: u16) -> (String, watch::Sender<()>) {
    let door = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = door.local_addr().expect("an address").port();
    let (silence, _) = watch::channel(());
    let silenced = silence.clone();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = door.accept().await {
            let mut silent = silenced.subscribe();
            tokio::spawn(async move {
                let mut far = TcpStream::connect(("127.0.0.1", to)).await.expect("there");
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    _ = silent.changed() => std::future::pending().await,
                }
            });
        }
    });
    (format!("https://localhost:{port}"), silence)
}

#[tokio::test]
async fn a_connection_that_fell_silent_is_not_asked_again() {
    let (_dir, province) = start(|_| {});
    let (url, silence) = cable(province.port).await;
    let mut config = config_for(&url, &province.ca_pem);
    config.patience = impatient();
    let (client, _) = client_of(&config);
    client.probe().await.expect("is there");
    silence.send_replace(());
    let silent = client.probe().await.expect_err("nothing comes");
    assert_eq!(silent, RemoteError::Unreachable);
    client.probe().await.expect("a connection of its own");
}
