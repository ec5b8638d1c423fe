use congvan_protocol::ProblemCode;
use congvan_province::{FaultAction, FaultRule};
use congvan_remote::{RemoteClient, RemoteError};
use std::sync::Arc;

use crate::support::*;

#[tokio::test]
async fn the_provinces_server_is_known_by_its_answer() {
    let (_dir, province) = start(|_| {});
    let (client, _) = client(&province);
    let health = client.probe().await.expect("is there");
    assert_eq!(
        (health.province.as_str(), health.reconnect_window_s),
        ("H99", 120)
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
