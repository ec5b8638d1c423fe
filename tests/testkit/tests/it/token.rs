use std::process::Command;

use congvan_testkit::{FIXED_NOW, LEADER, Pki, SignerKind, SoftHsm, softhsm_module, write_pem};

#[test]
fn the_token_holds_the_key_and_the_certificate_of_its_owner() {
    let dir = tempfile::tempdir().expect("dir");
    let pki = Pki::new(FIXED_NOW).expect("pki");
    let identity = pki.signer(&LEADER, SignerKind::Good).expect("signer");
    let token = SoftHsm::create(dir.path(), &identity).expect("token");
    let output = Command::new("pkcs11-tool")
        .args([
            "--module",
            &softhsm_module().expect("module").to_string_lossy(),
        ])
        .args([
            "--token-label",
            token.label,
            "--login",
            "--pin",
            token.pin,
            "--list-objects",
        ])
        .env("SOFTHSM2_CONF", &token.conf)
        .output()
        .expect("pkcs11-tool");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("Private Key Object; RSA"), "{text}");
    assert!(text.contains("Certificate Object"), "{text}");
    let copy = dir.path().join("copy.der");
    let read = Command::new("pkcs11-tool")
        .args([
            "--module",
            &softhsm_module().expect("module").to_string_lossy(),
        ])
        .args([
            "--token-label",
            token.label,
            "--read-object",
            "--type",
            "cert",
            "--id",
            "a1",
        ])
        .arg("--output-file")
        .arg(&copy)
        .env("SOFTHSM2_CONF", &token.conf)
        .status()
        .expect("pkcs11-tool");
    assert!(read.success());
    assert_eq!(std::fs::read(&copy).expect("copy"), identity.certificate);
    assert!(
        !dir.path().join("key.pem").exists(),
        "the key lives on the token only"
    );
}

#[test]
fn openssl_accepts_the_good_signer_and_refuses_the_others() {
    let dir = tempfile::tempdir().expect("dir");
    let pki = Pki::new(FIXED_NOW).expect("pki");
    let (root, sub) = (dir.path().join("root.pem"), dir.path().join("sub.pem"));
    write_pem(&root, "CERTIFICATE", &pki.root_der()).expect("write");
    write_pem(&sub, "CERTIFICATE", &pki.intermediate_der()).expect("write");
    let accepted = |kind: SignerKind| {
        let leaf = dir.path().join("leaf.pem");
        let identity = pki.signer(&LEADER, kind).expect("signer");
        write_pem(&leaf, "CERTIFICATE", &identity.certificate).expect("write");
        let seconds = (FIXED_NOW.0 / 1000).to_string();
        Command::new("openssl")
            .args([
                "verify",
                "-attime",
                &seconds,
                "-purpose",
                "smimesign",
                "-CAfile",
            ])
            .arg(&root)
            .arg("-untrusted")
            .arg(&sub)
            .arg(&leaf)
            .output()
            .expect("openssl")
            .status
            .success()
    };
    assert!(accepted(SignerKind::Good));
    for kind in [
        SignerKind::Expired,
        SignerKind::NotYetValid,
        SignerKind::WrongUsage,
        SignerKind::Untrusted,
    ] {
        assert!(!accepted(kind), "{kind:?}");
    }
}
