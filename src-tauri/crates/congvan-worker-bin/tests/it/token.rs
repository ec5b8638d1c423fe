//! Reading tokens and signing on real modules.

use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use congvan_worker::{
    Guard, Hash, KeyKind, ModuleHint, PinState, SignAlgorithm, TokenClient, TokenError,
    token::{ModuleFit, ModuleOrigin},
};

use crate::support::{Key, LABEL, PIN, TestToken, paths, public_key, softhsm};

const MESSAGE: &[u8] = b"signed attributes";

#[tokio::test]
async fn modules_are_found_with_no_set_up_and_the_administrators_come_first() {
    let client = TokenClient::new(paths());
    let missing = PathBuf::from("/opt/vgca/libbit4xpki.so");
    let extra = vec![ModuleHint {
        path: missing.clone(),
        parameters: None,
        name: Some("Thẻ của tỉnh".to_owned()),
    }];
    let modules = client.modules(extra).await.unwrap();
    assert_eq!(modules[0].path, missing);
    assert_eq!(modules[0].fit, ModuleFit::Missing);
    assert_eq!(modules[0].origin, ModuleOrigin::Administrator);
    let simulator = modules
        .iter()
        .find(|module| module.path == softhsm())
        .unwrap();
    assert!(simulator.simulator);
    assert_eq!(simulator.fit, ModuleFit::Fits);
    assert!(
        modules.iter().any(|module| module.name == "OpenSC"),
        "{modules:?}"
    );
    let paths: std::collections::HashSet<_> = modules.iter().map(|module| &module.path).collect();
    assert_eq!(paths.len(), modules.len(), "a module is listed twice");
}

#[tokio::test]
async fn a_token_shows_its_label_its_pin_state_and_its_certificate_without_login() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    let seen = token.only(&client, &softhsm()).await;
    assert_eq!(seen.label, LABEL);
    assert_eq!(seen.pin_state, PinState::Ok);
    assert!(!seen.protected_path);
    assert_eq!(seen.certificates.len(), 1);
    let certificate = &seen.certificates[0];
    assert_eq!(certificate.der, token.certificate);
    assert_eq!(
        (certificate.key_kind, certificate.key_bits),
        (KeyKind::Rsa, 2048)
    );
    assert_eq!(certificate.label, "ký số");
}

#[tokio::test]
async fn an_rsa_signature_verifies_with_the_certificate() {
    let token = TestToken::new(Key::Rsa);
    let client = token.client();
    let session = token.open(&client, &softhsm(), PIN).await.unwrap();
    let algorithm = SignAlgorithm::RsaPkcs1(Hash::Sha256);
    let signature = client.sign(&session, algorithm, MESSAGE).await.unwrap();
    let key = public_key(&token.certificate);
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(MESSAGE, &signature)
        .unwrap();
    for algorithm in [
        SignAlgorithm::RsaPkcs1(Hash::Sha512),
        SignAlgorithm::RsaPss(Hash::Sha256),
        SignAlgorithm::RsaPss(Hash::Sha384),
    ] {
        client.sign(&session, algorithm, MESSAGE).await.unwrap();
    }
    let refused = client
        .sign(&session, SignAlgorithm::Ecdsa(Hash::Sha256), MESSAGE)
        .await;
    assert!(matches!(
        refused,
        Err(TokenError::AlgorithmUnsupported { .. })
    ));
    client.close_session(session.clone()).await.unwrap();
    let late = client.sign(&session, algorithm, MESSAGE).await;
    assert_eq!(late, Err(TokenError::SessionLost));
}

#[tokio::test]
async fn a_raw_ecdsa_signature_comes_out_as_der() {
    let token = TestToken::new(Key::Ec);
    let client = token.client();
    let session = token.open(&client, &softhsm(), PIN).await.unwrap();
    let key = public_key(&token.certificate);
    // Often enough that r or s has a leading zero or a high bit in some of them.
    for round in 0..40_u8 {
        let algorithm = SignAlgorithm::Ecdsa(Hash::Sha256);
        let signature = client.sign(&session, algorithm, &[round]).await.unwrap();
        let verified = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &key);
        verified.verify(&[round], &signature).unwrap();
    }
}

#[tokio::test]
async fn a_module_that_is_missing_or_no_library_is_named() {
    let client = TokenClient::new(paths());
    let missing = PathBuf::from("/nonexistent/libbit4xpki.so");
    let result = client.tokens(&missing).await;
    assert_eq!(result, Err(TokenError::ModuleNotFound { path: missing }));
    let text = client.tokens(Path::new("/etc/passwd")).await;
    assert!(
        matches!(text, Err(TokenError::ModuleUnloadable { .. })),
        "{text:?}"
    );
    // A library without the entry point, as when the administrator picked the wrong file.
    let wrong = client.tokens(&paths().pdfium).await;
    assert!(
        matches!(wrong, Err(TokenError::ModuleUnloadable { .. })),
        "{wrong:?}"
    );
}

#[tokio::test]
async fn the_worker_says_what_confines_it() {
    let token = TestToken::new(Key::Ec);
    let client = token.client();
    client.tokens(&softhsm()).await.unwrap();
    let (_, sandbox) = client.status(&softhsm()).await.unwrap();
    assert_eq!(sandbox.dies_with_parent, Guard::Applied);
}
