//! NSS softokn: a module that must be told where its keys lie.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use aws_lc_rs::digest;
use congvan_model::Sha256;
use congvan_worker::{
    Discovery, Hash, ModuleHint, ModuleOrigin, Pin, SignAlgorithm, TokenClient, TokenError,
};

use crate::support::{PIN, WRONG_PIN, paths};

fn softokn() -> PathBuf {
    let known = [
        "/usr/lib/x86_64-linux-gnu/libsoftokn3.so",
        "/usr/lib/x86_64-linux-gnu/nss/libsoftokn3.so",
        "/usr/lib/aarch64-linux-gnu/libsoftokn3.so",
        "/usr/lib64/libsoftokn3.so",
    ];
    let found = known.iter().map(PathBuf::from).find(|path| path.is_file());
    found.expect("NSS is missing: run `cargo xtask setup`")
}

fn run(program: &str, arguments: &[&str], folder: &Path) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}: run `cargo xtask setup`"));
    assert!(output.status.success(), "{program}: {output:?}");
}

/// A database with one RSA key and its certificate.
fn database(folder: &Path) -> Sha256 {
    fs::write(folder.join("pin"), PIN).unwrap();
    run("certutil", &["-N", "-d", "sql:.", "-f", "pin"], folder);
    #[rustfmt::skip]
    run("openssl", &[
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
        "-subj", "/CN=NSS", "-days", "30",
    ], folder);
    #[rustfmt::skip]
    run("openssl", &[
        "pkcs12", "-export", "-inkey", "key.pem", "-in", "cert.pem", "-name", "ky", "-out",
        "ky.p12", "-passout", "pass:",
    ], folder);
    run(
        "pk12util",
        &["-i", "ky.p12", "-d", "sql:.", "-k", "pin", "-W", ""],
        folder,
    );
    run(
        "openssl",
        &[
            "x509", "-in", "cert.pem", "-outform", "der", "-out", "cert.der",
        ],
        folder,
    );
    let der = fs::read(folder.join("cert.der")).unwrap();
    let hash = digest::digest(&digest::SHA256, &der);
    Sha256(hash.as_ref().try_into().unwrap())
}

#[tokio::test]
async fn nss_is_told_where_its_keys_lie_and_signs() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = database(folder.path());
    let client = TokenClient::new(paths());
    let hint = ModuleHint {
        path: softokn(),
        name: Some("Kho khoá NSS".to_owned()),
        parameters: Some(format!(
            "configdir='sql:{}' certPrefix='' keyPrefix='' secmod='secmod.db'",
            folder.path().display()
        )),
    };
    let request = Discovery {
        extra: vec![hint],
        only_listed: true,
    };
    let found = client.discover(None, request).await.unwrap();
    let nss = found
        .iter()
        .find(|module| module.path == softokn())
        .unwrap();
    assert!(nss.allowed && nss.reasons.contains(&ModuleOrigin::Administrator));
    assert!(
        found
            .iter()
            .all(|module| module.allowed == (module.path == softokn())),
        "only the administrator's module is allowed: {found:?}"
    );
    let tokens = client.tokens(&softokn()).await.unwrap();
    let token = tokens
        .iter()
        .find(|token| !token.certificates.is_empty())
        .unwrap_or_else(|| panic!("{tokens:?}"));
    let open = async |pin: &str| {
        let pin = Some(Pin::new(pin.to_owned()));
        client
            .open_session(&softokn(), &token.serial, certificate, pin, false)
            .await
    };
    let wrong = open(WRONG_PIN).await;
    assert!(
        matches!(wrong, Err(TokenError::PinIncorrect { .. })),
        "{wrong:?}"
    );
    let session = open(PIN).await.unwrap();
    for algorithm in [
        SignAlgorithm::RsaPkcs1(Hash::Sha256),
        SignAlgorithm::RsaPss(Hash::Sha256),
    ] {
        let signature = client.sign(&session, algorithm, b"one").await.unwrap();
        assert_eq!(signature.len(), 256);
    }
}
