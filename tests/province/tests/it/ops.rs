use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_model::{DocumentState, Sha256, Timestamp};
use congvan_protocol::{
    Entity, Intent, OpOutcome, OpinionAbout, OpinionKind, ProblemCode, SessionInfo,
    content_hash_input,
};
use congvan_province::Seed;
use congvan_testkit::{CLERK, LEADER, OFFICIAL};
use reqwest::{Method, StatusCode};
use uuid::Uuid;

use crate::office::{applied, code, json, opinion, problem, sha256, start, start_signing};

#[tokio::test]
async fn the_same_op_twice_has_one_effect_and_the_same_answer_word_for_word() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let before = office.province.stats().expect("stats").opinions;
    let op = leader.op(document, opinion("Đồng ý với đề xuất"));
    let first = leader.settle(&op).await;
    assert!(applied(&first), "{first:?}");
    assert!(!first.duplicate);
    let mut known = first.clone();
    known.duplicate = true;
    assert_eq!(leader.settle(&op).await, known);
    let office = office.restart();
    leader.client = office.client();
    assert_eq!(leader.settle(&op).await, known, "also after a restart");
    let stats = office.province.stats().expect("stats");
    assert_eq!((stats.opinions, stats.applied_ops), (before + 1, 1));
}

#[tokio::test]
async fn many_copies_at_once_have_one_effect() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let op = leader.op(document, opinion("Một lần thôi"));
    let before = office.province.stats().expect("stats").opinions;
    let copies = (0..8).map(|_| leader.try_sync(vec![op.clone()]));
    let mut firsts = 0;
    for response in futures_util::future::join_all(copies).await {
        let answer: congvan_protocol::SyncResponse = json(response.expect("sync")).await;
        assert!(applied(&answer.results[0]));
        firsts += usize::from(!answer.results[0].duplicate);
    }
    assert_eq!(firsts, 1);
    assert_eq!(office.province.stats().expect("stats").opinions, before + 1);
}

#[tokio::test]
async fn another_content_under_the_same_id_is_refused_and_changes_nothing() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let op = leader.op(document, opinion("Bản đầu"));
    let first = leader.settle(&op).await;
    let mut other = op.clone();
    other.intent = opinion("Bản khác");
    let refused = leader.settle(&other).await;
    assert_eq!(code(&refused), Some(ProblemCode::OpHashMismatch));
    let mut clerk = office.login(&CLERK).await;
    assert_eq!(
        code(&clerk.settle(&op).await),
        Some(ProblemCode::OpHashMismatch)
    );
    let mut known = first;
    known.duplicate = true;
    assert_eq!(leader.settle(&op).await, known);
}

#[tokio::test]
async fn the_receipt_is_signed_by_the_key_of_the_session() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let op = leader.op(document, opinion("Có biên nhận"));
    let result = leader.settle(&op).await;
    let response = leader
        .request(Method::GET, "/v1/session")
        .send()
        .await
        .expect("session");
    let session: SessionInfo = json(response).await;
    let receipt = result.receipt.expect("a receipt");
    assert_eq!(
        receipt.request_hash,
        sha256(&content_hash_input(&op).expect("json"))
    );
    assert_eq!(
        receipt.result_hash,
        sha256(&content_hash_input(&result.outcome).expect("json"))
    );
    let key = UnparsedPublicKey::new(&ED25519, STANDARD.decode(session.receipt_key).expect("key"));
    let signature = STANDARD.decode(&receipt.signature).expect("signature");
    key.verify(receipt.signed_text(op.id).as_bytes(), &signature)
        .expect("genuine");
}

#[tokio::test]
async fn an_opinion_reaches_the_others_and_a_direction_only_comes_from_a_leader() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let mut clerk = office.login(&CLERK).await;
    clerk.pull().await;
    let document = leader
        .documents()
        .await
        .into_iter()
        .find(|document| document.state == DocumentState::Presented)
        .expect("a presented document");
    let direction = |text: &str| Intent::AddOpinion {
        opinion: congvan_model::OpinionId(Uuid::now_v7()),
        opinion_kind: OpinionKind::Direction,
        text: text.to_owned(),
        about: None,
    };
    let op = clerk.op(document.id, direction("Tự chỉ đạo"));
    assert_eq!(code(&clerk.settle(&op).await), Some(ProblemCode::Forbidden));
    // Decomposed letters come out composed.
    let op = leader.op(
        document.id,
        direction("  Giao Pho\u{300}ng Kinh tê\u{301} chủ trì  "),
    );
    assert!(applied(&leader.settle(&op).await));
    let news = clerk.pull().await;
    let texts: Vec<&str> = news
        .iter()
        .filter_map(|change| match change.body.as_ref() {
            Some(Entity::Opinion(opinion)) => Some(opinion.text.as_str()),
            Some(
                Entity::Document(_) | Entity::Dossier(_) | Entity::Task(_) | Entity::Calendar(_),
            )
            | None => None,
        })
        .collect();
    assert_eq!(texts, ["Giao Phòng Kinh tế chủ trì"]);
    let directed = crate::office::documents(news);
    assert_eq!(directed.len(), 1);
    assert_eq!(directed[0].state, DocumentState::Directed);
    assert_eq!(directed[0].flow.last().expect("a step").who, "Nguyễn Văn A");
}

#[tokio::test]
async fn empty_and_endless_opinions_are_rejected_for_good() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    for text in ["", "  \n ", &"ư".repeat(4001)] {
        let op = leader.op(document, opinion(text));
        let result = leader.settle(&op).await;
        assert_eq!(code(&result), Some(ProblemCode::InvalidRequest));
        assert!(result.receipt.is_some());
    }
    let op = leader.op(document, opinion(&"ư".repeat(4000)));
    assert!(applied(&leader.settle(&op).await));
}

fn about(text: &str, kind: OpinionKind, about: OpinionAbout) -> (congvan_model::OpinionId, Intent) {
    let opinion = congvan_model::OpinionId(Uuid::now_v7());
    let intent = Intent::AddOpinion {
        opinion,
        opinion_kind: kind,
        text: text.to_owned(),
        about: Some(about),
    };
    (opinion, intent)
}

#[tokio::test]
async fn a_note_keeps_its_place_and_only_a_note_of_the_document_is_settled_and_only_a_settled_one_reopened()
 {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let documents = leader.documents().await;
    let (here, elsewhere) = (documents[0].id, documents[1].id);
    let place = |w| OpinionAbout::Place {
        sha256: Sha256([7; 32]),
        page: 1,
        x: 9_000,
        y: 0,
        w,
        h: 500,
    };
    let kind = OpinionKind::Opinion;
    let (note, intent) = about("Sửa căn cứ", kind, place(1_000));
    let op = leader.op(here, intent);
    assert!(applied(&leader.settle(&op).await));

    let settled = OpinionAbout::Settled { note };
    let plain = leader.op(here, opinion("Không phải ghi chú"));
    let Intent::AddOpinion {
        opinion: plain_id, ..
    } = plain.intent
    else {
        panic!("an opinion");
    };
    assert!(applied(&leader.settle(&plain).await));
    let of_opinion = OpinionAbout::Settled { note: plain_id };
    let reopened = OpinionAbout::Reopened { note };
    for (document, kind, wrong) in [
        (here, kind, place(1_001)),
        (here, kind, place(0)),
        (here, OpinionKind::Direction, place(1_000)),
        (elsewhere, kind, settled),
        (here, kind, of_opinion),
        // Nobody has said yet that it is dealt with.
        (here, kind, reopened),
    ] {
        let op = leader.op(document, about("Sai", kind, wrong).1);
        let result = leader.settle(&op).await;
        assert_eq!(
            code(&result),
            Some(ProblemCode::InvalidRequest),
            "{wrong:?}"
        );
    }
    let op = leader.op(here, about("Đã xử lý", kind, settled).1);
    assert!(applied(&leader.settle(&op).await));
    let op = leader.op(elsewhere, about("Mở lại", kind, reopened).1);
    assert!(!applied(&leader.settle(&op).await));
    let op = leader.op(here, about("Mở lại", kind, reopened).1);
    assert!(applied(&leader.settle(&op).await));
    let mut other = office.login(&LEADER).await;
    let kept: Vec<OpinionAbout> = other
        .pull()
        .await
        .iter()
        .filter_map(|change| match change.body.as_ref() {
            Some(Entity::Opinion(opinion)) => opinion.about,
            Some(
                Entity::Document(_) | Entity::Dossier(_) | Entity::Task(_) | Entity::Calendar(_),
            )
            | None => None,
        })
        .collect();
    assert_eq!(kept.len(), 3, "{kept:?}");
    for said in [place(1_000), settled, reopened] {
        assert!(kept.contains(&said), "{kept:?}");
    }
}

#[tokio::test]
async fn the_earliest_opening_stays_and_others_see_nothing_of_it() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let mut clerk = office.login(&CLERK).await;
    clerk.pull().await;
    let document = leader.documents().await.remove(0);
    assert_eq!(document.read_at, None);
    for (at, expected) in [(5000, 5000), (9000, 5000), (3000, 3000)] {
        let mut op = leader.op(document.id, Intent::MarkRead);
        op.at = Timestamp(at);
        assert!(applied(&leader.settle(&op).await));
        leader.cursor = None;
        let now = leader
            .documents()
            .await
            .into_iter()
            .find(|other| other.id == document.id);
        assert_eq!(now.expect("still there").read_at, Some(Timestamp(expected)));
    }
    assert_eq!(clerk.pull().await, []);
}

#[tokio::test]
async fn a_document_of_others_is_not_there() {
    let office = start(Seed::Few);
    let mut clerk = office.login(&CLERK).await;
    let mut official = office.login(&OFFICIAL).await;
    let mine: Vec<_> = official
        .documents()
        .await
        .iter()
        .map(|document| document.id)
        .collect();
    let hidden = clerk
        .documents()
        .await
        .into_iter()
        .find(|other| !mine.contains(&other.id));
    let op = official.op(hidden.expect("a hidden one").id, opinion("Tò mò"));
    assert_eq!(
        code(&official.settle(&op).await),
        Some(ProblemCode::NotFound)
    );
}

#[tokio::test]
async fn an_unsettled_op_holds_its_own_lane_and_no_other() {
    let (office, _signing) = start_signing();
    let mut leader = office.login(&LEADER).await;
    let drafts: Vec<_> = leader
        .documents()
        .await
        .into_iter()
        .filter(|document| document.state == DocumentState::AwaitingSignature)
        .collect();
    let file = &drafts[0].files[0];
    let blocked = Intent::LinkRevision {
        file: file.id,
        revision: congvan_model::RevisionId(Uuid::now_v7()),
        parent: file.revisions[0].sha256,
        child: sha256(b"not uploaded"),
        size: 12,
        level: congvan_protocol::SignatureLevel::BB,
        certificate: sha256(b"x"),
    };
    let ops = vec![
        leader.op(drafts[0].id, blocked),
        leader.op(drafts[0].id, opinion("sau")),
        leader.op(drafts[1].id, opinion("khác")),
    ];
    let answer = leader.sync(ops).await;
    let missing = vec![sha256(b"not uploaded")];
    assert_eq!(answer.results[0].outcome, OpOutcome::Blocked { missing });
    assert!(answer.results[0].receipt.is_none());
    assert!(matches!(
        answer.results[1].outcome,
        OpOutcome::Deferred { .. }
    ));
    assert!(applied(&answer.results[2]));
    assert_eq!(office.province.stats().expect("stats").settled_ops, 1);
}

#[tokio::test]
async fn an_intent_of_a_newer_desk_waits_and_holds_up_nothing_but_its_lane() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let all = leader.documents().await;
    let ops = vec![
        leader.op(all[0].id, opinion("chưa biết")),
        leader.op(all[0].id, opinion("cùng văn bản")),
        leader.op(all[1].id, opinion("văn bản khác")),
    ];
    let mut body = serde_json::to_value(leader.body(ops)).expect("json");
    body["ops"][0]["intent"] = serde_json::json!({ "kind": "teleport", "to": "H98" });
    let request = leader.request(Method::POST, "/v1/sync").json(&body);
    let answer: congvan_protocol::SyncResponse = json(request.send().await.expect("sync")).await;
    assert!(matches!(
        answer.results[0].outcome,
        OpOutcome::Deferred {
            retry_after_s: 3600
        }
    ));
    assert!(matches!(
        answer.results[1].outcome,
        OpOutcome::Deferred { .. }
    ));
    assert!(applied(&answer.results[2]));
}

#[tokio::test]
async fn a_rejected_op_does_not_hold_its_lane() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let ops = vec![
        leader.op(document, opinion("")),
        leader.op(document, opinion("được")),
    ];
    let answer = leader.sync(ops).await;
    assert_eq!(code(&answer.results[0]), Some(ProblemCode::InvalidRequest));
    assert!(applied(&answer.results[1]));
}

#[tokio::test]
async fn the_answer_holds_the_effects_of_its_own_ops() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let op = leader.op(document, opinion("Thấy ngay"));
    let answer = leader.sync(vec![op]).await;
    assert_eq!(answer.changes.len(), 1);
}

const NO_ID: &str = r#"{"device":"01936f4e-0000-7000-8000-000000000000","incarnation":"i",
    "cursor":null,"settled_through":0,"ops":[{}],"want":1}"#;

#[tokio::test]
async fn malformed_and_oversized_requests_are_refused() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let ops = (0..101)
        .map(|_| leader.op(document, opinion("x")))
        .collect();
    let response = leader.try_sync(ops).await.expect("sync");
    let expected = (StatusCode::BAD_REQUEST, ProblemCode::InvalidRequest);
    assert_eq!(problem(response).await, expected);
    for body in ["", "{", "[]", "{\"ops\": 1}", NO_ID] {
        let request = leader.request(Method::POST, "/v1/sync");
        let response = request
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await;
        assert_eq!(problem(response.expect("answer")).await, expected, "{body}");
    }
}
