use congvan_model::DocumentState;
use congvan_pades::{Evidence, TrustAnchors, add_evidence};
use congvan_protocol::{OpOutcome, ProblemCode, SignatureLevel};
use congvan_testkit::{CLERK, LEADER, OFFICIAL, Pki, SignerKind, SigningIdentity};

use crate::office::{Child, Desk, Office, Signing, applied, code, sha256, sign, start_signing};

/// A draft of the leader, its bytes, and its ids.
async fn draft(desk: &mut Desk) -> Child {
    desk.cursor = None;
    let document = desk
        .documents()
        .await
        .into_iter()
        .find(|document| document.state == DocumentState::AwaitingSignature)
        .expect("a draft");
    let file = &document.files[0];
    let parent = file.head().expect("a head").sha256;
    let bytes = desk
        .get_blob(&parent)
        .await
        .bytes()
        .await
        .expect("bytes")
        .to_vec();
    Child {
        document: document.id,
        file: file.id,
        parent,
        bytes,
        certificate: sha256(b""),
    }
}

fn signed(office: &Office, pki: &Pki, identity: &SigningIdentity, mut child: Child) -> Child {
    let roots = vec![pki.root_der()];
    let now = office.province.now();
    child.bytes = sign(
        &child.bytes,
        identity,
        roots,
        vec![pki.intermediate_der()],
        now,
    );
    child.certificate = identity.fingerprint();
    child
}

async fn link(desk: &mut Desk, child: &Child) -> congvan_protocol::OpResult {
    desk.upload(&child.bytes, Some(child.parent)).await;
    let op = desk.op(child.document, child.intent());
    desk.settle(&op).await
}

async fn ready() -> (Office, Signing, Desk, Child) {
    let (office, signing) = start_signing();
    let mut leader = office.login(&LEADER).await;
    let child = draft(&mut leader).await;
    (office, signing, leader, child)
}

#[tokio::test]
async fn a_sound_signature_moves_the_draft_to_signed_and_everyone_sees_it() {
    let (office, signing, mut leader, child) = ready().await;
    let mut official = office.login(&OFFICIAL).await;
    official.pull().await;
    let parent_size = child.bytes.len() as u64;
    let child = signed(&office, &signing.pki, &signing.leader, child);
    let result = link(&mut leader, &child).await;
    assert!(applied(&result), "{result:?}");
    let news = official.documents().await;
    assert_eq!((news.len(), news[0].state), (1, DocumentState::Signed));
    let head = news[0].files[0].head().expect("a head");
    assert_eq!(head.sha256, sha256(&child.bytes));
    assert_eq!(head.parent, Some(child.parent));
    assert_eq!(head.level, Some(SignatureLevel::BB));
    assert_eq!(head.signed_by.as_deref(), Some("Nguyễn Văn A"));
    let step = news[0].flow.last().expect("a step");
    assert_eq!(
        (step.state, step.who.as_str()),
        (DocumentState::Signed, "Nguyễn Văn A")
    );
    let revisions = office
        .province
        .revisions(child.document)
        .expect("revisions");
    assert_eq!(revisions.len(), 2);
    // Only the tail travelled.
    let upload = office.province.stats().expect("stats").uploads.remove(0);
    assert_eq!(upload.seeded, parent_size);
    assert_eq!(upload.received, upload.length - parent_size);
    // Whoever may read the document may read the new bytes.
    let bytes = official
        .get_blob(&head.sha256)
        .await
        .bytes()
        .await
        .expect("bytes");
    assert_eq!(bytes.as_ref(), child.bytes);
}

#[tokio::test]
async fn the_same_bytes_under_another_op_id_are_applied_without_a_second_revision() {
    let (office, signing, mut leader, child) = ready().await;
    let child = signed(&office, &signing.pki, &signing.leader, child);
    assert!(applied(&link(&mut leader, &child).await));
    assert!(applied(&link(&mut leader, &child).await));
    assert_eq!(
        office
            .province
            .revisions(child.document)
            .expect("revisions")
            .len(),
        2
    );
}

#[tokio::test]
async fn a_second_signature_on_the_same_parent_is_a_conflict_and_both_files_stay() {
    let (office, signing, mut leader, first) = ready().await;
    let parent_bytes = first.bytes.clone();
    let first = signed(&office, &signing.pki, &signing.leader, first);
    assert!(applied(&link(&mut leader, &first).await));
    // Another certificate of the same person, so that the bytes are others.
    let spare = signing
        .pki
        .signer(&LEADER, SignerKind::Good)
        .expect("signer");
    office
        .province
        .bind_signer("lanhdao", &spare.certificate)
        .expect("bind");
    let second = Child {
        bytes: parent_bytes,
        certificate: first.certificate,
        ..first
    };
    let second = signed(&office, &signing.pki, &spare, second);
    let result = link(&mut leader, &second).await;
    assert_eq!(code(&result), Some(ProblemCode::HeadMoved), "{result:?}");
    assert!(matches!(result.outcome, OpOutcome::Conflict { .. }));
    let bytes = leader
        .get_blob(&sha256(&second.bytes))
        .await
        .bytes()
        .await
        .expect("bytes");
    assert_eq!(bytes.as_ref(), second.bytes);
    assert_eq!(
        office
            .province
            .revisions(second.document)
            .expect("revisions")
            .len(),
        2
    );
}

#[tokio::test]
async fn a_certificate_of_somebody_else_is_a_signer_mismatch() {
    let (office, signing, mut leader, child) = ready().await;
    let other = signing
        .pki
        .signer(&CLERK, SignerKind::Good)
        .expect("signer");
    let child = signed(&office, &signing.pki, &other, child);
    let result = link(&mut leader, &child).await;
    assert_eq!(
        code(&result),
        Some(ProblemCode::SignerMismatch),
        "{result:?}"
    );
    assert_eq!(
        office
            .province
            .revisions(child.document)
            .expect("revisions")
            .len(),
        1
    );
}

#[tokio::test]
async fn a_certificate_of_an_unknown_root_is_untrusted() {
    let (office, _signing, mut leader, child) = ready().await;
    let stranger = Pki::new(office.province.now()).expect("pki");
    let identity = stranger.signer(&LEADER, SignerKind::Good).expect("signer");
    office
        .province
        .bind_signer("lanhdao", &identity.certificate)
        .expect("bind");
    let child = signed(&office, &stranger, &identity, child);
    let result = link(&mut leader, &child).await;
    assert_eq!(
        code(&result),
        Some(ProblemCode::CertificateUntrusted),
        "{result:?}"
    );
}

#[tokio::test]
async fn an_expired_certificate_is_untrusted_by_the_servers_clock() {
    let (office, signing, mut leader, child) = ready().await;
    let child = signed(&office, &signing.pki, &signing.leader, child);
    // A session outlives no four years; this one logs in again then.
    office
        .province
        .config
        .clock
        .advance_ms(4 * 365 * 86_400_000);
    leader.tokens = office.login(&LEADER).await.tokens;
    let result = link(&mut leader, &child).await;
    assert_eq!(
        code(&result),
        Some(ProblemCode::CertificateUntrusted),
        "{result:?}"
    );
}

#[tokio::test]
async fn bytes_that_do_not_start_with_the_parent_are_no_extension() {
    let (office, signing, mut leader, child) = ready().await;
    let mut child = signed(&office, &signing.pki, &signing.leader, child);
    child.bytes[1000] ^= 1;
    let parent = child.parent;
    leader.upload(&child.bytes, None).await;
    let op = leader.op(child.document, child.intent());
    let result = leader.settle(&op).await;
    assert_eq!(
        code(&result),
        Some(ProblemCode::NotAnExtension),
        "{result:?}"
    );
    assert_eq!(
        office
            .province
            .revisions(child.document)
            .expect("revisions")[0]
            .sha256,
        parent
    );
}

#[tokio::test]
async fn a_harmed_signature_and_bytes_that_are_no_signature_are_invalid() {
    let (office, signing, mut leader, child) = ready().await;
    let plain = child.bytes.clone();
    let child = signed(&office, &signing.pki, &signing.leader, child);
    // A digit inside the signed part of the tail.
    let mut harmed = child.bytes.clone();
    let tail = plain.len() + 40;
    harmed[tail] ^= 1;
    let mut junk = plain.clone();
    junk.extend(b"\n% nothing signed here\n");
    for bytes in [harmed, junk] {
        let child = Child {
            bytes,
            ..child_of(&child)
        };
        let result = link(&mut leader, &child).await;
        assert_eq!(
            code(&result),
            Some(ProblemCode::SignatureInvalid),
            "{result:?}"
        );
    }
    assert_eq!(
        office
            .province
            .revisions(child.document)
            .expect("revisions")
            .len(),
        1
    );
}

fn child_of(child: &Child) -> Child {
    Child {
        bytes: Vec::new(),
        ..*child
    }
}

#[tokio::test]
async fn only_a_leader_signs_and_only_what_waits_for_a_signature() {
    let (office, signing, mut leader, child) = ready().await;
    let mut clerk = office.login(&CLERK).await;
    let clerks = signing
        .pki
        .signer(&CLERK, SignerKind::Good)
        .expect("signer");
    office
        .province
        .bind_signer("vanthu", &clerks.certificate)
        .expect("bind");
    let theirs = signed(
        &office,
        &signing.pki,
        &clerks,
        Child {
            bytes: child.bytes.clone(),
            ..child
        },
    );
    let result = link(&mut clerk, &theirs).await;
    assert_eq!(code(&result), Some(ProblemCode::Forbidden), "{result:?}");
    leader.cursor = None;
    let incoming = leader
        .documents()
        .await
        .into_iter()
        .find(|document| document.state == DocumentState::Presented)
        .expect("an incoming document");
    let file = &incoming.files[0];
    let parent = file.head().expect("a head").sha256;
    let bytes = leader
        .get_blob(&parent)
        .await
        .bytes()
        .await
        .expect("bytes")
        .to_vec();
    let certificate = sha256(b"");
    let child = Child {
        document: incoming.id,
        file: file.id,
        parent,
        bytes,
        certificate,
    };
    let child = signed(&office, &signing.pki, &signing.leader, child);
    let result = link(&mut leader, &child).await;
    assert_eq!(code(&result), Some(ProblemCode::WrongState), "{result:?}");
}

#[tokio::test]
async fn a_child_of_others_stays_missing_for_who_did_not_upload_it() {
    let (office, signing, mut leader, child) = ready().await;
    let child = signed(&office, &signing.pki, &signing.leader, child);
    let clerk = office.login(&CLERK).await;
    clerk.upload(&child.bytes, Some(child.parent)).await;
    let op = leader.op(child.document, child.intent());
    let result = leader.settle(&op).await;
    let missing = vec![sha256(&child.bytes)];
    assert_eq!(result.outcome, OpOutcome::Blocked { missing });
    leader.upload(&child.bytes, Some(child.parent)).await;
    assert!(applied(&leader.settle(&op).await));
}

/// The child with the revocation lists that its signature needs.
fn completed(office: &Office, signing: &Signing, signed: &Child) -> Child {
    let now = office.province.now();
    let evidence = Evidence {
        crls: signing.pki.revocation_lists(now).expect("lists"),
        ..Evidence::default()
    };
    let trust = TrustAnchors {
        roots: vec![signing.pki.root_der()],
        intermediates: vec![signing.pki.intermediate_der()],
    };
    let tail = add_evidence(&signed.bytes, &trust, &evidence, now).expect("complete");
    Child {
        parent: sha256(&signed.bytes),
        bytes: [signed.bytes.as_slice(), tail.tail()].concat(),
        ..*signed
    }
}

#[tokio::test]
async fn the_author_completes_a_signature_and_the_document_stays_signed() {
    let (office, signing, mut leader, child) = ready().await;
    let child = signed(&office, &signing.pki, &signing.leader, child);
    assert!(applied(&link(&mut leader, &child).await));
    let completed = completed(&office, &signing, &child);
    let result = link(&mut leader, &completed).await;
    assert!(applied(&result), "{result:?}");
    leader.cursor = None;
    let all = leader.documents().await;
    let document = all.iter().find(|one| one.id == child.document);
    let document = document.expect("still there");
    assert_eq!(document.state, DocumentState::Signed);
    let head = document.files[0].head().expect("a head");
    assert_eq!(head.sha256, sha256(&completed.bytes));
    let steps = document.flow.iter();
    let signed_steps = steps.filter(|step| step.state == DocumentState::Signed);
    assert_eq!(signed_steps.count(), 1, "completing is no second signing");
    // Again, under another op id: settled without a further revision.
    assert!(applied(&link(&mut leader, &completed).await));
    let revisions = office.province.revisions(child.document);
    assert_eq!(revisions.expect("revisions").len(), 3);
}

#[tokio::test]
async fn only_the_author_of_a_signature_completes_it() {
    let (office, signing, mut leader, child) = ready().await;
    let child = signed(&office, &signing.pki, &signing.leader, child);
    assert!(applied(&link(&mut leader, &child).await));
    let completed = completed(&office, &signing, &child);
    let mut official = office.login(&OFFICIAL).await;
    official.pull().await;
    let result = link(&mut official, &completed).await;
    assert_eq!(
        code(&result),
        Some(ProblemCode::SignerMismatch),
        "{result:?}"
    );
    // Nor under a certificate that did not sign.
    let other = Child {
        certificate: sha256(b"another"),
        ..completed
    };
    let result = link(&mut leader, &other).await;
    assert_eq!(
        code(&result),
        Some(ProblemCode::SignerMismatch),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_change_disguised_as_a_completion_is_refused() {
    let (office, signing, mut leader, child) = ready().await;
    let child = signed(&office, &signing.pki, &signing.leader, child);
    assert!(applied(&link(&mut leader, &child).await));
    let mut forged = completed(&office, &signing, &child);
    // An object of the page written once more behind the evidence.
    let at = forged.bytes.len();
    let text = String::from_utf8_lossy(&forged.bytes).into_owned();
    let previous = text.rsplit("startxref").next().expect("a start").trim();
    let previous = previous.split_whitespace().next().expect("a number");
    let root = text.rsplit("/Root ").next().expect("a root");
    let root = root.split(" R").next().expect("a reference");
    let page = text.find("/Type /Page\n").or(text.find("/Type/Page/"));
    let page = page.or(text.find("/Type /Page")).expect("a page");
    let number = text
        .split_at(page)
        .0
        .rsplit(" 0 obj")
        .nth(1)
        .expect("a number");
    let number = number.rsplit(['\n', '\r']).next().expect("a number");
    let tail = format!(
        "{number} 0 obj\n<</Type/Page>>\nendobj\nxref\n{number} 1\n{at:010} 00000 n \ntrailer\n\
         <</Size 900/Root {root} R/Prev {previous}>>\nstartxref\n{}\n%%EOF\n",
        at + format!("{number} 0 obj\n<</Type/Page>>\nendobj\n").len()
    );
    forged.bytes.extend(tail.bytes());
    let result = link(&mut leader, &forged).await;
    assert_eq!(
        code(&result),
        Some(ProblemCode::SignatureInvalid),
        "{result:?}"
    );
}
