//! The real keyring: gnome-keyring inside a D-Bus session of its own. The test runs itself again
//! there, because bus and keyring are found through the environment.

use std::process::Command;

use congvan_store::{KeyVault, StoreError};
use secrecy::{ExposeSecret as _, SecretString};

fn walk_through(vault: &KeyVault) {
    assert!(vault.existing_key("a@h99").expect("asks").is_none());
    let key = vault.key("a@h99").expect("makes");
    let again = vault.key("a@h99").expect("finds");
    assert_eq!(key.expose(), again.expose());
    assert_ne!(vault.key("b@h99").expect("makes").expose(), key.expose());
    vault
        .set_refresh_token("a@h99", &SecretString::from("r1"))
        .expect("keeps");
    let token = vault
        .refresh_token("a@h99")
        .expect("asks")
        .expect("is there");
    assert_eq!(token.expose_secret(), "r1");
    vault.forget_refresh_token("a@h99").expect("forgets");
    vault.forget_refresh_token("a@h99").expect("twice is fine");
    assert!(vault.refresh_token("a@h99").expect("asks").is_none());
    assert!(vault.existing_key("a@h99").expect("asks").is_some());
    vault.delete_key("a@h99").expect("deletes");
    assert!(vault.existing_key("a@h99").expect("asks").is_none());
}

#[test]
fn the_vault_in_memory_keeps_secrets_apart() {
    walk_through(&KeyVault::in_memory());
}

#[test]
#[ignore = "run by the next test, inside its session"]
fn inside_the_session() {
    walk_through(&KeyVault::system("congvan test").expect("a keyring"));
}

#[test]
#[ignore = "run by a test below, without a session"]
fn without_a_session() {
    let vault = KeyVault::system("congvan test");
    assert!(matches!(vault, Err(StoreError::KeyringUnavailable { .. })));
}

#[test]
fn the_systems_keyring_keeps_secrets() {
    let home = tempfile::tempdir().expect("folder");
    let me = std::env::current_exe().expect("own path");
    let script = format!(
        "printf 'pw' | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null \
         && '{}' --ignored --exact keyring::inside_the_session",
        me.display()
    );
    let output = Command::new("dbus-run-session")
        .args(["--", "bash", "-c", &script])
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("share"))
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
        .expect("dbus-run-session is installed by `cargo xtask setup`");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[test]
fn no_keyring_is_an_error_of_its_own() {
    let me = std::env::current_exe().expect("own path");
    let output = Command::new(me)
        .args(["--ignored", "--exact", "keyring::without_a_session"])
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .output()
        .expect("runs itself");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}
