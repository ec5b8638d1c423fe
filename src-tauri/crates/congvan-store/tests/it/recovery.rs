//! The key is lost with the keyring; the agency's recovery key opens the store again.

use std::{fs, path::Path, process::Command};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_store::{KeyVault, RecoveryKey, Store, StoreError, recover_key};

use crate::support::*;

fn openssl(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl").args(arguments).output();
    let output = output.expect("openssl is installed by `cargo xtask setup`");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    output.stdout
}

/// A key pair of the agency, made by openssl: paths of the private and the public half.
fn agency_key(dir: &Path, bits: &str) -> (String, String) {
    let (private, public) = (dir.join("rec.pem"), dir.join("rec.pub.pem"));
    let (private_at, public_at) = (
        private.to_str().expect("works"),
        public.to_str().expect("works"),
    );
    let size = format!("rsa_keygen_bits:{bits}");
    openssl(&[
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        &size,
        "-out",
        private_at,
    ]);
    openssl(&["pkey", "-in", private_at, "-pubout", "-out", public_at]);
    (
        fs::read_to_string(private).expect("works"),
        fs::read_to_string(public).expect("works"),
    )
}

#[test]
fn a_lost_keyring_costs_no_unsent_intent_when_the_agency_has_its_recovery_key() {
    let tools = tempfile::tempdir().expect("works");
    let (private, public) = agency_key(tools.path(), "3072");
    let home = tempfile::tempdir().expect("works");
    let dir = home.path().join("store");
    let vault = KeyVault::in_memory();
    let key = vault.key_for("a@h99", &dir).expect("a new key");
    let (store, _) = Store::open(&dir, &key, NOW).expect("opens");
    let recovery = RecoveryKey::from_pem(&public).expect("reads");
    assert!(recovery.keep_wrap(&dir, &key).expect("writes"));
    assert!(!recovery.keep_wrap(&dir, &key).expect("is there"));
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    let act = store
        .add_opinion(&opinion(id(1), "một"), NOW)
        .expect("acts");
    drop((store, key, vault));

    // The keyring is gone. No new key is made, nothing is touched.
    let before = listing(&dir);
    let vault = KeyVault::in_memory();
    let refused = vault.key_for("a@h99", &dir);
    assert!(matches!(refused, Err(StoreError::KeyLost)));
    assert!(vault.existing_key("a@h99").expect("asks").is_none());
    let (stranger, _) = agency_key(tools.path(), "3072");
    let refused = recover_key(&dir, &stranger);
    assert!(matches!(refused, Err(StoreError::Recovery { .. })));
    assert_eq!(listing(&dir), before);

    let key = recover_key(&dir, &private).expect("recovers");
    vault.restore_key("a@h99", &key).expect("puts it back");
    let key = vault.key_for("a@h99", &dir).expect("is there again");
    let (store, _) = Store::open(&dir, &key, NOW).expect("opens");
    assert_eq!(store.ops(&[act.op]).expect("reads").len(), 1);
}

fn listing(dir: &Path) -> Vec<(std::ffi::OsString, u64)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .expect("works")
        .map(|entry| entry.expect("works"))
        .map(|entry| (entry.file_name(), entry.metadata().expect("works").len()))
        .collect();
    files.sort();
    files
}

#[test]
fn openssl_alone_opens_the_recovery_file() {
    let tools = tempfile::tempdir().expect("works");
    let (_, public) = agency_key(tools.path(), "3072");
    let dir = tempfile::tempdir().expect("works");
    let recovery = RecoveryKey::from_pem(&public).expect("reads");
    recovery.keep_wrap(dir.path(), &key()).expect("writes");
    let file = fs::read(dir.path().join("desk.recovery")).expect("works");
    let file: serde_json::Value = serde_json::from_slice(&file).expect("works");
    let wrapped = STANDARD
        .decode(file["wrapped"].as_str().expect("works"))
        .expect("works");
    let wrapped_at = tools.path().join("wrapped");
    fs::write(&wrapped_at, wrapped).expect("works");
    let plain = openssl(&[
        "pkeyutl",
        "-decrypt",
        "-inkey",
        tools.path().join("rec.pem").to_str().expect("works"),
        "-pkeyopt",
        "rsa_padding_mode:oaep",
        "-pkeyopt",
        "rsa_oaep_md:sha256",
        "-in",
        wrapped_at.to_str().expect("works"),
    ]);
    assert_eq!(plain, key().expose());
}

#[test]
fn a_short_or_malformed_recovery_key_is_refused() {
    let tools = tempfile::tempdir().expect("works");
    let (private, public) = agency_key(tools.path(), "2048");
    for pem in [
        public.as_str(),
        private.as_str(),
        "",
        "-----BEGIN PUBLIC KEY-----",
    ] {
        assert!(matches!(
            RecoveryKey::from_pem(pem),
            Err(StoreError::Recovery { .. })
        ));
    }
}

#[test]
fn without_key_and_without_recovery_file_the_fault_is_clear_and_nothing_is_deleted() {
    let (dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    drop(store);
    let before = listing(dir.path());
    let vault = KeyVault::in_memory();
    let refused = vault.key_for("a@h99", dir.path());
    assert!(matches!(refused, Err(StoreError::KeyLost)));
    let refused = recover_key(dir.path(), "x");
    assert!(matches!(refused, Err(StoreError::Recovery { .. })));
    assert_eq!(listing(dir.path()), before);
}
