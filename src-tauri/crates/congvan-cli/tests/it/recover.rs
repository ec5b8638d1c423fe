//! The keyring is lost, the agency's recovery key is not.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use congvan_model::{AccountId, Timestamp};
use congvan_store::{AccountKey, Home, KnownAccount, RecoveryKey, Store};

use crate::program::{Ran, cli, executable, run};

const SERVER: &str = "https://congvan.h99.example";
const NOW: Timestamp = Timestamp(1_795_280_400_000);

struct Desk {
    root: tempfile::TempDir,
    known: KnownAccount,
    key: AccountKey,
}

impl Desk {
    /// A desk whose key is wrapped to the agency's recovery key and in no keyring.
    fn without_keyring() -> Self {
        let root = tempfile::tempdir().unwrap();
        let home = Home::open(&root.path().join("data")).unwrap();
        let known = home.account(SERVER, "lanhdao").unwrap();
        home.set_account_id(&known, AccountId(7)).unwrap();
        let folder = home.store_dir(&known);
        let key = AccountKey::generate().unwrap();
        drop(Store::open(&folder, &key, NOW).unwrap());
        openssl_key(&root.path().join("agency.pem"));
        openssl_key(&root.path().join("stranger.pem"));
        let public = fs::read_to_string(root.path().join("agency.pub")).unwrap();
        let recovery = RecoveryKey::from_pem(&public).unwrap();
        assert!(recovery.keep_wrap(&folder, &key).unwrap());
        Self { root, known, key }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn recover(&self, key: &str, more: &[&str]) -> Ran {
        let mut command = cli();
        command
            .args(["recover", "--json", "--user", "LanhDao", "--key"])
            .arg(self.at(key))
            .arg("--data")
            .arg(self.at("data"))
            .args(more);
        run(&mut command)
    }
}

fn openssl_key(private: &Path) {
    let run = |command: &mut Command| {
        let out = command
            .output()
            .expect("openssl is installed by `cargo xtask setup`");
        assert!(out.status.success());
    };
    run(Command::new("openssl")
        .args([
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:3072",
            "-out",
        ])
        .arg(private));
    run(Command::new("openssl")
        .args(["pkey", "-pubout", "-in"])
        .arg(private)
        .arg("-out")
        .arg(private.with_extension("pub")));
}

#[test]
fn the_agencys_recovery_key_is_tried_without_touching_anything() {
    let desk = Desk::without_keyring();
    let line = desk
        .recover("agency.pem", &["--check"])
        .well()
        .line("recovered");
    assert_eq!(
        (&line["user"], &line["restored"]),
        (&"lanhdao".into(), &false.into())
    );

    let refused = desk.recover("stranger.pem", &["--check"]);
    assert_eq!(refused.code, 5, "{refused}");
    assert_eq!(refused.line("error")["code"], "RECOVERY_FAILED");
    let no_folder = run(cli()
        .args(["recover", "--user", "lanhdao", "--key", "x", "--data"])
        .arg(desk.at("nowhere")));
    assert!(
        no_folder.complaint.contains("[DATA_MISSING]"),
        "{no_folder}"
    );
    assert!(!desk.at("nowhere").exists(), "looking makes nothing");
    let unknown = run(cli()
        .args(["recover", "--user", "ai", "--key", "x", "--data"])
        .arg(desk.at("data")));
    assert!(unknown.complaint.contains("lanhdao"), "{unknown}");
}

#[test]
fn what_a_card_has_unwrapped_opens_the_data_and_other_bytes_do_not() {
    let desk = Desk::without_keyring();
    let with = |bytes: &[u8]| {
        fs::write(desk.at("unwrapped"), bytes).unwrap();
        run(cli()
            .args([
                "recover", "--json", "--check", "--user", "lanhdao", "--data",
            ])
            .arg(desk.at("data"))
            .arg("--unwrapped")
            .arg(desk.at("unwrapped")))
    };
    with(desk.key.expose()).well();
    assert_eq!(with(&[7; 32]).line("error")["code"], "STORE_KEY_WRONG");
    assert_eq!(with(&[7; 31]).line("error")["code"], "RECOVERY_FAILED");
}

#[test]
fn an_open_desk_is_not_disturbed() {
    let desk = Desk::without_keyring();
    let home = Home::open(&desk.at("data")).unwrap();
    let _open = Store::open(&home.store_dir(&desk.known), &desk.key, NOW).unwrap();
    let refused = desk.recover("agency.pem", &[]);
    assert_eq!(refused.line("error")["code"], "STORE_IN_USE");
}

#[test]
fn the_key_is_in_the_keyring_again() {
    let desk = Desk::without_keyring();
    let session = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../packaging/linux/session.sh");
    // secret-tool, which is not ours, reads it back in the same session.
    let script = r#""$1" recover --user lanhdao --key "$2" --data "$3" >&2 &&
        secret-tool lookup service vn.congvan.desk username "$4""#;
    let out = Command::new(session)
        .arg(desk.at("session"))
        .args(["sh", "-c", script, "sh"])
        .arg(executable())
        .args([desk.at("agency.pem"), desk.at("data")])
        .arg(format!("{} store key", desk.known.vault_name()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{said}");
    assert!(said.contains("Đã đưa khoá dữ liệu của lanhdao"), "{said}");
    assert_eq!(out.stdout, desk.key.expose());
}
