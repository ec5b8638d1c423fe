//! What becomes of a document after its registration: presented, sealed, withdrawn; and what a sender
//! over the axis is told.

use congvan_model::{AccountId, DocumentState, ReceiverRole};
use congvan_protocol::{Intent, OpOutcome, OpResult, ProblemCode, SessionInfo, VoidEntry};
use congvan_province::{AxisDelivery, Seed};
use congvan_testkit::{CLERK, LEADER, OFFICIAL, SignerKind};
use reqwest::{Method, StatusCode};

use crate::{
    clerk::{Clerk, Paper, books, check, number_of},
    office::{Child, Desk, applied, code, json as read, sha256, sign, start, start_signing},
};

async fn session(desk: &Desk) -> SessionInfo {
    let response = desk.request(Method::GET, "/v1/session").send().await;
    read(response.expect("session")).await
}

async fn voids(clerk: &Clerk) -> Vec<VoidEntry> {
    let path = format!("/v1/books/den/{}/voids", clerk.year);
    let response = clerk.desk.request(Method::GET, &path).send().await;
    read(response.expect("voids")).await
}

async fn present(desk: &mut Desk, paper: &Paper, to: AccountId) -> OpResult {
    let op = desk.op(paper.document, Intent::PresentDocument { to });
    desk.settle(&op).await
}

async fn withdraw(desk: &mut Desk, paper: &Paper, reason: &str) -> OpResult {
    let reason = reason.to_owned();
    let op = desk.op(paper.document, Intent::WithdrawRegistration { reason });
    desk.settle(&op).await
}

#[tokio::test]
async fn a_clerk_learns_the_leaders_and_presents_to_one_who_sees_the_document_and_acknowledges_it()
{
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let info = session(&clerk.desk).await;
    assert_eq!(info.registry.expect("a registry").code, "H99.101");
    let [leader_info] = info.leaders.as_slice() else {
        panic!("{:?}", info.leaders);
    };
    assert_eq!(leader_info.full_name, LEADER.full_name);
    assert_eq!(leader_info.title, LEADER.title);
    let mut leader = office.login(&LEADER).await;
    assert!(session(&leader).await.leaders.is_empty());
    let mut official = office.login(&OFFICIAL).await;

    let paper = Paper::scan(&office, &clerk.desk).await;
    let early = present(&mut clerk.desk, &paper, leader_info.account).await;
    assert_eq!(code(&early), Some(ProblemCode::NotFound));
    let (result, document) = clerk.register(&paper, None).await;
    assert!(applied(&result));
    let number = number_of(document.as_ref());
    assert!(leader.documents().await.is_empty());
    // To whom it cannot go, and who cannot do it.
    let other = session(&official).await.account.id;
    let refused = present(&mut clerk.desk, &paper, other).await;
    assert_eq!(code(&refused), Some(ProblemCode::InvalidRequest));
    let refused = present(&mut official, &paper, leader_info.account).await;
    assert_eq!(code(&refused), Some(ProblemCode::NotFound));

    let result = present(&mut clerk.desk, &paper, leader_info.account).await;
    assert!(applied(&result), "{result:?}");
    let seen = leader.documents().await.remove(0);
    assert_eq!(
        (seen.id, seen.state),
        (paper.document, DocumentState::Presented)
    );
    assert_eq!(seen.arrival_number, Some(number));
    assert_eq!(seen.role, Some(ReceiverRole::Lead));
    let step = seen.flow.last().expect("a step");
    assert_eq!(step.note, "Trình Chủ tịch Nguyễn Văn A");
    // Again, under another id: done already. The leader cannot do it.
    let again = present(&mut clerk.desk, &paper, leader_info.account).await;
    assert!(applied(&again), "{again:?}");
    let refused = present(&mut leader, &paper, leader_info.account).await;
    assert_eq!(code(&refused), Some(ProblemCode::Forbidden));
    assert_eq!(leader.documents().await.len(), 0, "nothing new");

    // The registry sees who has taken it over.
    clerk.desk.pull().await;
    let op = leader.op(paper.document, Intent::MarkRead);
    assert!(applied(&leader.settle(&op).await));
    let news = clerk.desk.documents().await;
    let entry = news[0].registration.as_ref().expect("entry");
    let taken = entry.acknowledged.as_ref().expect("taken over");
    assert_eq!(taken.who, LEADER.full_name);
}

#[tokio::test]
async fn a_withdrawn_document_leaves_its_entry_as_a_void_and_its_number_to_nobody() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let mut leader = office.login(&LEADER).await;
    let to = session(&clerk.desk).await.leaders[0].account;
    let mut papers = Vec::new();
    for _ in 0..3 {
        let paper = Paper::scan(&office, &clerk.desk).await;
        assert!(applied(&clerk.register(&paper, None).await.0));
        papers.push(paper);
    }
    assert!(applied(&present(&mut clerk.desk, &papers[1], to).await));
    assert_eq!(leader.documents().await.len(), 1);
    let refused = withdraw(&mut clerk.desk, &papers[1], "  ").await;
    assert_eq!(code(&refused), Some(ProblemCode::InvalidRequest));
    let refused = withdraw(&mut leader, &papers[1], "Nhầm").await;
    assert_eq!(code(&refused), Some(ProblemCode::Forbidden));
    let result = withdraw(&mut clerk.desk, &papers[1], "Gửi nhầm địa chỉ").await;
    assert!(applied(&result), "{result:?}");
    assert!(applied(
        &withdraw(&mut clerk.desk, &papers[1], "Lần nữa").await
    ));
    // Everyone who had it gets a tombstone.
    let changes = leader.pull().await;
    assert!(
        changes
            .iter()
            .any(|change| change.id == papers[1].document.0 && change.body.is_none())
    );
    let report = check(&office);
    assert_eq!((report.registered, report.void), (2, 1));
    let void = voids(&clerk).await.remove(0);
    assert_eq!((void.number, void.reason.as_str()), (2, "Gửi nhầm địa chỉ"));
    let before = void.withdrawn.expect("what stood there");
    assert_eq!(before.document, papers[1].document);
    assert_eq!(before.fields.issuer_name, "Sở Nội vụ");
    assert_eq!(books(&clerk.desk).await[0].next, 4);
    // The next paper gets the next number, never the void one; what the leader directed stays.
    let next = Paper::scan(&office, &clerk.desk).await;
    let (_, document) = clerk.register(&next, None).await;
    assert_eq!(number_of(document.as_ref()), 4);
    assert!(applied(&present(&mut clerk.desk, &next, to).await));
    let direct = Intent::AddOpinion {
        opinion: congvan_model::OpinionId(uuid::Uuid::now_v7()),
        opinion_kind: congvan_protocol::OpinionKind::Direction,
        text: "Giao Phòng Kinh tế".to_owned(),
        about: None,
    };
    let op = leader.op(next.document, direct);
    assert!(applied(&leader.settle(&op).await));
    let refused = withdraw(&mut clerk.desk, &next, "Muộn").await;
    assert_eq!(code(&refused), Some(ProblemCode::WrongState));
    let official = office.login(&OFFICIAL).await;
    let path = format!("/v1/books/den/{}/voids", clerk.year);
    let response = official.request(Method::GET, &path).send().await;
    assert_eq!(response.expect("answer").status(), StatusCode::FORBIDDEN);
    check(&office);
}

#[tokio::test]
async fn the_agencys_certificate_signs_the_scan_of_the_registry_once_and_moves_nothing() {
    let (office, signing) = start_signing();
    let identity = signing
        .pki
        .signer_named("UBND xã Bình Minh Đông", SignerKind::Good)
        .expect("signer");
    office
        .province
        .bind_signer(CLERK.username, &identity.certificate)
        .expect("bound");
    let mut clerk = Clerk::at(&office).await;
    // Any unsigned paper that the clerk can read serves as the scan.
    let all = clerk.desk.documents().await;
    let scan = all[0].files[0].head().expect("a head").sha256;
    let bytes = clerk.desk.get_blob(&scan).await.bytes().await;
    let bytes = bytes.expect("bytes").to_vec();
    clerk.desk.upload(&bytes, None).await;
    let mut paper = Paper::scan(&office, &clerk.desk).await;
    paper.bytes = bytes.clone();
    let (result, document) = clerk.register(&paper, None).await;
    assert!(applied(&result), "{result:?}");
    let document = document.expect("there");
    let link = |bytes: Vec<u8>, parent, certificate| Child {
        document: paper.document,
        file: document.files[0].id,
        parent,
        bytes,
        certificate,
    };
    let sealed_by = |identity: &congvan_testkit::SigningIdentity, bytes: &[u8]| {
        let (roots, chain) = (
            vec![signing.pki.root_der()],
            vec![signing.pki.intermediate_der()],
        );
        sign(bytes, identity, roots, chain, office.province.now())
    };
    let send = async |desk: &mut Desk, child: &Child| {
        desk.upload(&child.bytes, Some(child.parent)).await;
        let op = desk.op(child.document, child.intent());
        desk.settle(&op).await
    };
    let parent = sha256(&bytes);
    // Somebody else's certificate is not the agency's.
    let other = link(
        sealed_by(&signing.leader, &bytes),
        parent,
        signing.leader.fingerprint(),
    );
    let refused = send(&mut clerk.desk, &other).await;
    assert_eq!(code(&refused), Some(ProblemCode::SignerMismatch));
    let child = link(sealed_by(&identity, &bytes), parent, identity.fingerprint());
    let result = send(&mut clerk.desk, &child).await;
    assert!(applied(&result), "{result:?}");
    clerk.desk.cursor = None;
    let news = clerk.desk.documents().await;
    let news = news
        .iter()
        .find(|one| one.id == paper.document)
        .expect("news");
    assert_eq!(news.state, DocumentState::Registered);
    let head = news.files[0].head().expect("a head");
    assert_eq!(head.sha256, sha256(&child.bytes));
    // Once only: a second signature is nobody's business.
    let second = link(
        sealed_by(&identity, &child.bytes),
        sha256(&child.bytes),
        identity.fingerprint(),
    );
    let refused = send(&mut clerk.desk, &second).await;
    assert_eq!(code(&refused), Some(ProblemCode::WrongState));
}

#[tokio::test]
async fn a_sender_over_the_axis_is_told_of_delivery_and_of_registration_once_each() {
    let office = start(Seed::Empty);
    let mut clerk = Clerk::at(&office).await;
    let delivery = AxisDelivery {
        axis_id: "H99.05,2026/11/22,88/STC-NS".to_owned(),
        sender: "H99.05".to_owned(),
        sender_name: "Sở Tài chính".to_owned(),
        notation: "88/STC-NS".parse().expect("notation"),
        subject: "V/v quyết toán".to_owned(),
    };
    let pdf = b"%PDF-1.7\n% axis\n%%EOF\n";
    let id = office
        .province
        .deliver_by_axis(&delivery, pdf)
        .expect("delivered");
    assert_eq!(
        office
            .province
            .deliver_by_axis(&delivery, pdf)
            .expect("again"),
        id
    );
    let codes = || {
        let told = office.province.axis_statuses().expect("statuses");
        told.into_iter()
            .map(|one| (one.sender, one.code))
            .collect::<Vec<_>>()
    };
    let told = |code: &str| ("H99.05".to_owned(), code.to_owned());
    assert_eq!(codes(), [told("01")]);
    let document = clerk.desk.documents().await.remove(0);
    assert_eq!((document.id, document.state), (id, DocumentState::Received));
    // A paper that is registered beside it tells nobody anything.
    let paper = Paper::scan(&office, &clerk.desk).await;
    assert!(applied(&clerk.register(&paper, None).await.0));
    assert_eq!(codes(), [told("01")]);
    // The document itself is registered under its own id, with its own file.
    let mut own = Paper::scan(&office, &clerk.desk).await;
    own.document = id;
    let mut intent = own.intent(clerk.year, None);
    let head = document.files[0].head().expect("a head");
    if let Intent::RegisterIncoming { file, .. } = &mut intent {
        file.file = document.files[0].id;
        file.revision = head.id;
        file.sha256 = head.sha256;
        file.size = head.size;
    }
    let op = clerk.desk.op(id, intent);
    let result = clerk.desk.settle(&op).await;
    assert!(applied(&result), "{result:?}");
    assert_eq!(clerk.desk.settle(&op).await.outcome, result.outcome);
    assert!(matches!(result.outcome, OpOutcome::Applied { .. }));
    assert_eq!(codes(), [told("01"), told("03")]);
    clerk.desk.cursor = None;
    let all = clerk.desk.documents().await;
    let registered = all.iter().find(|one| one.id == id).expect("there");
    assert_eq!(number_of(Some(registered)), 2);
    assert_eq!(registered.state, DocumentState::Registered);
    check(&office);
}
