use std::collections::HashSet;

use congvan_model::{DocumentState, Urgency};
use congvan_protocol::{Change, ChangeKind, Entity, EntityType, ProblemCode, SyncResponse};
use congvan_province::Seed;
use congvan_testkit::{CLERK, LEADER, OFFICIAL};
use reqwest::{Method, StatusCode};

use crate::office::{Desk, documents, json, opinion, problem, start};

async fn changes(desk: &Desk, query: &str) -> reqwest::Response {
    desk.request(Method::GET, &format!("/v1/changes{query}"))
        .send()
        .await
        .expect("changes")
}

#[tokio::test]
async fn each_account_sees_its_own_documents_and_no_others() {
    let office = start(Seed::Few);
    let leader = office.login(&LEADER).await.documents().await;
    let clerk = office.login(&CLERK).await.documents().await;
    let official = office.login(&OFFICIAL).await.documents().await;
    assert_eq!(clerk.len(), 15, "the registry sees everything");
    assert!(leader.len() < clerk.len());
    assert!(
        leader
            .iter()
            .all(|document| document.state != DocumentState::Received)
    );
    assert!(official.len() < leader.len());
    assert!(clerk.iter().all(|document| document.role.is_none()));
}

#[tokio::test]
async fn the_first_pull_brings_unfinished_and_urgent_documents_first() {
    let office = start(Seed::Few);
    let all = office.login(&CLERK).await.documents().await;
    let urgencies: Vec<Urgency> = all.iter().map(|document| document.urgency).collect();
    let mut sorted = urgencies.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    assert_eq!(urgencies, sorted);
    assert_eq!(urgencies.first(), Some(&Urgency::Express));
}

#[tokio::test]
async fn small_pages_bring_exactly_what_one_big_page_brings() {
    let office = start(Seed::Few);
    let desk = office.login(&CLERK).await;
    let whole: SyncResponse = json(changes(&desk, "").await).await;
    assert!(!whole.more);
    let mut pieces: Vec<Change> = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let page: SyncResponse = json(changes(&desk, &query).await).await;
        assert!(page.changes.len() <= 3);
        pieces.extend(page.changes);
        if !page.more {
            break;
        }
        query = format!("?limit=3&since={}", page.cursor);
    }
    assert_eq!(pieces, whole.changes);
}

#[tokio::test]
async fn what_changes_during_the_first_pull_comes_after_it() {
    let office = start(Seed::Few);
    let desk = office.login(&CLERK).await;
    let first: SyncResponse = json(changes(&desk, "?limit=5").await).await;
    let urgent = office.province.add_urgent_document().expect("urgent");
    let mut seen: HashSet<uuid::Uuid> = first.changes.iter().map(|change| change.id).collect();
    let mut cursor = first.cursor;
    loop {
        let page: SyncResponse = json(changes(&desk, &format!("?since={cursor}")).await).await;
        for change in page.changes {
            assert!(seen.insert(change.id), "nothing comes twice");
        }
        cursor = page.cursor;
        if !page.more {
            break;
        }
    }
    assert!(seen.contains(&urgent.0));
}

#[tokio::test]
async fn a_new_document_reaches_everyone_it_concerns_and_an_idle_pull_is_small() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    leader.pull().await;
    let response = leader.try_sync(Vec::new()).await.expect("sync");
    let size = response.bytes().await.expect("body").len();
    assert!(size <= 400, "an idle answer has {size} bytes");
    let id = office.province.add_urgent_document().expect("urgent");
    let news = documents(leader.pull().await);
    assert_eq!(news.len(), 1);
    assert_eq!((news[0].id, news[0].urgency), (id, Urgency::Express));
}

#[tokio::test]
async fn an_entity_is_in_the_feed_once_however_often_it_changed() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    for number in 0..3 {
        let op = leader.op(document, opinion(&format!("Ý kiến {number}")));
        leader.try_sync(vec![op]).await.expect("sync");
    }
    let op = leader.op(document, congvan_protocol::Intent::MarkRead);
    leader.try_sync(vec![op]).await.expect("sync");
    let news = leader.pull().await;
    let ids: HashSet<_> = news.iter().map(|change| change.id).collect();
    assert_eq!(
        (news.len(), ids.len()),
        (4, 4),
        "three opinions and one document"
    );
}

#[tokio::test]
async fn a_recalled_document_leaves_by_tombstones_only_for_those_who_had_it() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await.remove(0);
    let op = leader.op(document.id, opinion("Đồng ý"));
    leader.settle(&op).await;
    let blob = document.files[0].revisions[0].sha256;
    assert_eq!(leader.get_blob(&blob).await.status(), StatusCode::OK);
    leader.pull().await;
    office.province.recall(document.id).expect("recall");
    let news = leader.pull().await;
    assert!(news.len() >= 2, "the document and its opinions: {news:?}");
    for change in &news {
        assert_eq!(
            (change.change, change.body.is_none()),
            (ChangeKind::Remove, true)
        );
    }
    assert!(
        news.iter()
            .any(|change| change.entity == EntityType::Document)
    );
    assert_eq!(leader.get_blob(&blob).await.status(), StatusCode::NOT_FOUND);
    let late = leader.op(document.id, opinion("Muộn"));
    let result = leader.settle(&late).await;
    assert_eq!(crate::office::code(&result), Some(ProblemCode::NotFound));
}

#[tokio::test]
async fn a_cursor_of_another_history_account_or_hand_is_refused_without_touching_any_op() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let mut clerk = office.login(&CLERK).await;
    clerk.pull().await;
    let good = leader.cursor.clone().expect("cursor");
    let mut forged = good.clone().into_bytes();
    forged[8] ^= 1;
    let bad = [
        clerk.cursor.clone().expect("cursor"),
        String::from_utf8(forged).expect("text"),
        "c1.".to_owned(),
        String::new(),
    ];
    for cursor in bad {
        leader.cursor = Some(cursor);
        let op = leader.op(document, opinion("Không được ghi"));
        let response = leader.try_sync(vec![op]).await.expect("sync");
        let expected = (StatusCode::CONFLICT, ProblemCode::CannotCalculateChanges);
        assert_eq!(problem(response).await, expected);
    }
    assert_eq!(office.province.stats().expect("stats").settled_ops, 0);
    leader.cursor = Some(good);
    office.province.new_epoch().expect("epoch");
    let response = leader.try_sync(Vec::new()).await.expect("sync");
    assert_eq!(
        problem(response).await.1,
        ProblemCode::CannotCalculateChanges
    );
    leader.cursor = None;
    assert!(!leader.pull().await.is_empty());
}

#[tokio::test]
async fn a_cursor_ahead_of_the_server_proves_that_the_server_went_back() {
    let office = start(Seed::Few);
    let mut desk = office.login(&LEADER).await;
    desk.pull().await;
    // A copy of the data now is the backup; the desk then sees more.
    let config = office.province.config.clone();
    let backup = tempfile::tempdir().expect("dir");
    let office_dir = config.data_dir.clone();
    let mut office = office;
    let province = office.province.stop();
    copy(&office_dir, backup.path());
    office.province = congvan_province::Province::start(province).expect("start");
    office.province.add_urgent_document().expect("urgent");
    desk.client = office.client();
    assert_eq!(desk.pull().await.len(), 1);
    let config = office.province.stop();
    std::fs::remove_dir_all(&office_dir).expect("lost");
    copy(backup.path(), &office_dir);
    office.province = congvan_province::Province::start(config).expect("start");
    desk.client = office.client();
    let response = desk.try_sync(Vec::new()).await.expect("sync");
    assert_eq!(
        problem(response).await.1,
        ProblemCode::CannotCalculateChanges
    );
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("dir");
    for entry in std::fs::read_dir(from).expect("dir") {
        let entry = entry.expect("entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copy");
        }
    }
}

#[tokio::test]
async fn every_seeded_document_has_a_file_that_can_be_read_and_a_history_that_ends_in_its_state() {
    let office = start(Seed::Few);
    let mut clerk = office.login(&CLERK).await;
    for change in clerk.pull().await {
        let Some(Entity::Document(document)) = change.body else {
            continue;
        };
        let file = &document.files[0];
        let head = file.head().expect("a head");
        let bytes = clerk
            .get_blob(&head.sha256)
            .await
            .bytes()
            .await
            .expect("bytes");
        assert_eq!(crate::office::sha256(&bytes), head.sha256);
        assert_eq!(bytes.len() as u64, head.size);
        assert!(bytes.starts_with(b"%PDF-1."));
        assert!(file.pages.is_some_and(|pages| pages > 0));
        assert_eq!(document.flow.last().expect("a step").state, document.state);
        let now = office.province.now();
        assert!(document.arrived_at <= now, "{}", document.subject);
        assert!(
            document.flow.iter().all(|step| step.at <= now),
            "{:?}",
            document.flow
        );
        assert!(
            document.flow.is_sorted_by_key(|step| step.at),
            "{:?}",
            document.flow
        );
    }
}
