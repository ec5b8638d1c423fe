//! A province in a temporary folder, and a client that trusts it.

use std::sync::{Arc, Mutex};

use congvan_model::{DeviceId, Sha256};
use congvan_protocol::{LoginRequest, SyncRequest};
use congvan_province::{Province, ProvinceConfig, RunningProvince, Seed};
use congvan_remote::{Patience, RemoteClient, RemoteConfig};
use congvan_testkit::{LEADER, Pki, TlsIdentity, linkchaos::Link};
use secrecy::{ExposeSecret as _, SecretString};
use tempfile::TempDir;
use uuid::Uuid;

/// The refresh tokens that a client gave away to be kept, oldest first.
pub(crate) type Kept = Arc<Mutex<Vec<String>>>;

pub(crate) fn start(change: impl FnOnce(&mut ProvinceConfig)) -> (TempDir, RunningProvince) {
    let dir = tempfile::tempdir().expect("folder");
    let mut config = ProvinceConfig::new(dir.path());
    config.seed = Seed::Empty;
    change(&mut config);
    let province = Province::start(config).expect("starts");
    (dir, province)
}

pub(crate) fn config_for(url: &str, ca_pem: &str) -> RemoteConfig {
    RemoteConfig::new(url.to_owned(), ca_pem.as_bytes().to_vec(), "H99".to_owned())
}

/// Patience for lines that a test has broken on purpose: what takes a person's time takes a second.
pub(crate) fn impatient() -> Patience {
    let second = std::time::Duration::from_secs(1);
    Patience {
        connect: 2 * second,
        silence: second,
        probe: 2 * second,
        round: 3 * second,
        ask: 2 * second,
        piece: second,
        events: second,
    }
}

/// A TLS identity, for a server that a line is opened to.
pub(crate) fn identity() -> TlsIdentity {
    Pki::tls(congvan_province::Clock::system().now()).expect("an identity")
}

/// A province behind a line that does what it is told, and an impatient client at its other end.
pub(crate) async fn behind_a_line(
    change: impl FnOnce(&mut ProvinceConfig),
) -> (TempDir, RunningProvince, Link, RemoteClient) {
    let tls = identity();
    let (dir, province) = start(|config| {
        config.tls = Some(tls.clone());
        change(config);
    });
    let link = Link::open(province.port, &tls).expect("a line");
    let mut config = config_for(&link.url, &province.ca_pem);
    config.patience = impatient();
    let (client, _) = client_of(&config);
    client
        .login(&login(LEADER.password))
        .await
        .expect("logs in");
    (dir, province, link, client)
}

pub(crate) fn client_for(url: &str, ca_pem: &str) -> (RemoteClient, Kept) {
    client_of(&config_for(url, ca_pem))
}

pub(crate) fn client_of(config: &RemoteConfig) -> (RemoteClient, Kept) {
    let kept = Kept::default();
    let keeper = Arc::clone(&kept);
    let sink = Arc::new(move |token: &SecretString| {
        let token = token.expose_secret().to_owned();
        keeper.lock().expect("not poisoned").push(token);
    });
    (RemoteClient::new(config, sink).expect("a client"), kept)
}

pub(crate) fn client(province: &RunningProvince) -> (RemoteClient, Kept) {
    client_for(&province.url, &province.ca_pem)
}

pub(crate) fn login(password: &str) -> LoginRequest {
    LoginRequest {
        username: LEADER.username.to_owned(),
        password: password.to_owned(),
        device: DeviceId(Uuid::from_u128(5)),
        device_name: "test".to_owned(),
    }
}

/// A client with the leader logged in.
pub(crate) async fn logged_in(province: &RunningProvince) -> (RemoteClient, Kept) {
    let (client, kept) = client(province);
    client
        .login(&login(LEADER.password))
        .await
        .expect("logs in");
    (client, kept)
}

pub(crate) fn empty_round() -> SyncRequest {
    SyncRequest {
        device: DeviceId(Uuid::from_u128(5)),
        incarnation: "test".to_owned(),
        cursor: None,
        settled_through: 0,
        highest_seq: 0,
        audit_head: None,
        ops: Vec::new(),
        given: Vec::new(),
        want: 200,
        takes: Vec::new(),
    }
}

pub(crate) fn sha(bytes: &[u8]) -> Sha256 {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    Sha256(digest.as_ref().try_into().expect("32 bytes"))
}

pub(crate) fn pattern(length: usize, seed: usize) -> Vec<u8> {
    (0..length)
        .map(|i| ((i * 31 + i / 977 + seed) % 251) as u8)
        .collect()
}
