//! Files in a batch that take no further signature, each with its reason; the others are signed.

use aws_lc_rs::{rand::SystemRandom, rsa::KeyPair as RsaKeyPair, signature::RSA_PKCS1_SHA256};
use congvan_model::Timestamp;
use congvan_pades::{FieldChoice, Permission, SignRequest, TrustAnchors, prepare};
use congvan_province::{Clock, Seed};
use congvan_testkit::{
    Pki, SignerKind,
    forms::{Draft, with_empty_field},
};
use serde_json::{Value, json};

use crate::{batch::agrees, office::Office, tray::in_state};

/// What somebody else has signed already, with a right key of this PKI.
fn signed(pki: &Pki, pdf: Vec<u8>, change: impl FnOnce(&mut SignRequest<'_>)) -> Vec<u8> {
    let now: Timestamp = Clock::system().now();
    let other = pki.signer_named("Trần Thị B", SignerKind::Good).unwrap();
    let mut request = SignRequest::new(&other.certificate, now);
    let chain = [pki.intermediate_der()];
    request.chain = &chain;
    change(&mut request);
    let prepared = prepare(&pdf, &request).unwrap();
    let key = RsaKeyPair::from_pkcs8(&other.key_pkcs8).unwrap();
    let mut raw = vec![0; key.public_modulus_len()];
    let message = prepared.to_be_signed().signed_attributes_der;
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut raw)
        .unwrap();
    let trust = TrustAnchors {
        roots: vec![pki.root_der()],
        intermediates: chain.to_vec(),
    };
    let verified = prepared.embed(&raw).unwrap().verify(&pdf, &trust, now);
    [pdf, verified.unwrap().into_tail()].concat()
}

#[tokio::test]
async fn a_certified_and_a_locked_file_are_skipped_with_their_reason_and_the_others_are_signed() {
    let pki = Pki::new(Clock::system().now()).unwrap();
    let office = Office::open_under(&pki, |config| config.seed = Seed::Empty);
    let plain = || Draft::new().classic();
    let certified = signed(&pki, plain(), |request| {
        request.certify = Some(Permission::Nothing);
    });
    let open = signed(&pki, plain(), |request| {
        request.certify = Some(Permission::Forms);
    });
    let lock = "/Lock<</Type/SigFieldLock/Action/All>>";
    let field = with_empty_field(Draft::new(), lock).classic();
    let locked = signed(&pki, field, |request| {
        request.field = FieldChoice::Existing("LanhDao".to_owned());
    });
    let files = [
        ("Một", plain()),
        ("Đã chứng nhận, không cho sửa", certified),
        ("Đã chứng nhận, cho ký", open),
        ("Đã khóa", locked),
        ("Hai", plain()),
    ];
    let drafts: Vec<String> = files
        .iter()
        .map(|(subject, pdf)| office.add_draft(subject, pdf))
        .collect();
    let desk = office.leader().await;
    assert_eq!(desk.read_and_mark_all().await, files.len());
    let args = desk.batch_args().await;
    let preflight = desk.ask("batch_preflight", args.clone()).await;
    assert_eq!(preflight["ready"], 3, "{preflight}");
    let report = desk.batch("batch_sign", args, office.pin()).await;
    assert_eq!(report["stage"], "FINISHED", "{report}");
    let found = |draft: &String| {
        let items = report["items"].as_array().unwrap();
        let item = items
            .iter()
            .find(|item| item["document"] == *draft)
            .unwrap();
        (
            item["state"].clone(),
            item["code"].clone(),
            item["reason"].clone(),
        )
    };
    let skipped = |reason: &str| (json!("SKIPPED"), json!("SIGN_REFUSED"), json!(reason));
    let done = (json!("SIGNED"), Value::Null, Value::Null);
    let expected = [
        done.clone(),
        skipped("CERTIFIED"),
        done.clone(),
        skipped("LOCKED_BY_SIGNATURE"),
        done,
    ];
    for ((draft, expected), (subject, _)) in drafts.iter().zip(expected).zip(&files) {
        assert_eq!(found(draft), expected, "{subject}: {report}");
    }
    assert_eq!(office.card_calls("C_Sign"), 3, "the token saw no other");
    assert_eq!(in_state(&report, "SIGNED").len(), 3);
    agrees(&office, &desk, &report).await;
}
