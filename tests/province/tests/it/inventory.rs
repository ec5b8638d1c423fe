use congvan_protocol::EntityType;
use congvan_protocol::{
    Change, ChangeKind, Intent, InventoryBodies, InventoryBodiesRequest, InventoryBucket,
    InventoryItem, InventoryKey, InventorySummary, ProblemCode, inventory_bucket, inventory_digest,
};
use congvan_province::Seed;
use congvan_testkit::{CLERK, LEADER, OFFICIAL};
use reqwest::{Method, StatusCode};
use uuid::Uuid;

use crate::office::{Desk, json, opinion, problem, start};

async fn summary(desk: &Desk, entity: &str) -> InventorySummary {
    let path = format!("/v1/inventory?entity={entity}");
    let response = desk
        .request(Method::GET, &path)
        .send()
        .await
        .expect("inventory");
    assert_eq!(response.status(), StatusCode::OK);
    json(response).await
}

/// The digests that a desk computes from what it pulled.
fn own(changes: &[Change], entity: EntityType) -> Vec<String> {
    let mut buckets = vec![Vec::new(); 256];
    for change in changes {
        if change.entity == entity && change.change == ChangeKind::Upsert {
            let item = InventoryItem {
                id: change.id,
                rev: change.rev,
            };
            buckets[usize::from(inventory_bucket(change.id))].push(item);
        }
    }
    buckets.into_iter().map(inventory_digest).collect()
}

#[tokio::test]
async fn the_inventory_is_exactly_what_a_pull_from_the_start_brings() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let ops = vec![
        leader.op(document, opinion("một")),
        leader.op(document, Intent::MarkRead),
    ];
    leader.sync(ops).await;
    for person in [&LEADER, &CLERK, &OFFICIAL] {
        let mut desk = office.login(person).await;
        let all = desk.pull().await;
        for (word, entity) in [
            ("document", EntityType::Document),
            ("opinion", EntityType::Opinion),
        ] {
            let theirs = summary(&desk, word).await;
            assert_eq!(
                theirs.buckets,
                own(&all, entity),
                "{} {word}",
                person.username
            );
            assert!(theirs.head_hint > 0);
        }
    }
}

#[tokio::test]
async fn a_bucket_lists_its_items_and_bodies_bring_what_is_there_and_tombstones_for_the_rest() {
    let office = start(Seed::Few);
    let mut clerk = office.login(&CLERK).await;
    let all = clerk.pull().await;
    let some = all
        .iter()
        .find(|change| change.entity == EntityType::Document)
        .expect("a document");
    let bucket = inventory_bucket(some.id);
    let path = format!("/v1/inventory?entity=document&bucket={bucket}");
    let response = clerk
        .request(Method::GET, &path)
        .send()
        .await
        .expect("bucket");
    let listed: InventoryBucket = json(response).await;
    assert_eq!(listed.bucket, bucket);
    assert!(
        listed
            .items
            .iter()
            .any(|item| item.id == some.id && item.rev == some.rev)
    );
    assert!(
        listed
            .items
            .iter()
            .all(|item| inventory_bucket(item.id) == bucket)
    );
    let gone = all
        .iter()
        .rfind(|change| change.entity == EntityType::Document)
        .expect("another");
    let document = congvan_model::DocumentId(gone.id);
    office.province.recall(document).expect("recall");
    let entity = EntityType::Document;
    let request = InventoryBodiesRequest {
        items: [some.id, gone.id, Uuid::now_v7()]
            .map(|id| InventoryKey { entity, id })
            .to_vec(),
    };
    let response = clerk
        .request(Method::POST, "/v1/inventory/bodies")
        .json(&request)
        .send()
        .await
        .expect("bodies");
    let bodies: InventoryBodies = json(response).await;
    assert_eq!(bodies.changes.len(), 2, "nothing is said of a stranger");
    assert_eq!(&bodies.changes[0], some);
    assert_eq!(bodies.changes[1].change, ChangeKind::Remove);
    assert!(bodies.changes[1].rev > gone.rev);
}

#[tokio::test]
async fn an_inventory_of_nothing_known_is_refused() {
    let office = start(Seed::Empty);
    let desk = office.login(&CLERK).await;
    for query in ["", "?entity=person", "?entity=document&bucket=256"] {
        let path = format!("/v1/inventory{query}");
        let response = desk
            .request(Method::GET, &path)
            .send()
            .await
            .expect("answer");
        let expected = (StatusCode::BAD_REQUEST, ProblemCode::InvalidRequest);
        assert_eq!(problem(response).await, expected, "{query}");
    }
    let entity = EntityType::Document;
    let items = (0..201)
        .map(|_| InventoryKey {
            entity,
            id: Uuid::now_v7(),
        })
        .collect();
    let response = desk
        .request(Method::POST, "/v1/inventory/bodies")
        .json(&InventoryBodiesRequest { items })
        .send()
        .await;
    let (status, _) = problem(response.expect("answer")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}
