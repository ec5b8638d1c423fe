use congvan_model::DocumentId;
use congvan_protocol::{Change, EntityType, InventoryItem, inventory_bucket, inventory_digest};
use congvan_store::{RemovalProof, Store, View};

use crate::support::*;

fn filled(count: u128) -> (tempfile::TempDir, Store) {
    let (dir, store) = fresh();
    let all = (1..=count).map(|n| upsert(document(n, "x"), 1)).collect();
    pull(&store, "c1", all);
    (dir, store)
}

fn removals(count: u128) -> Vec<Change> {
    (1..=count).map(|n| remove(id(n), 2)).collect()
}

fn here(store: &Store) -> u32 {
    store.list(&query(View::All, "")).expect("lists").total
}

#[test]
fn a_single_recall_is_obeyed_at_once_and_a_mass_removal_is_held() {
    let (_dir, store) = filled(100);
    let outcome = pull(&store, "c2", removals(5));
    assert_eq!((outcome.removed.len(), outcome.held.len()), (5, 0));
    let outcome = pull(&store, "c3", (10..=20).map(|n| remove(id(n), 2)).collect());
    assert_eq!((outcome.removed.len(), outcome.held.len()), (0, 11));
    assert_eq!(here(&store), 95);
    assert_eq!(store.held_removals().expect("reads").len(), 11);
    assert_eq!(store.cursor().expect("reads").as_deref(), Some("c3"));
}

#[test]
fn many_small_pages_of_one_sync_do_not_slip_past_the_brake() {
    let (_dir, store) = filled(1_000);
    let mut removed = 0;
    for page in 0..20_u128 {
        let sent = store.cursor().expect("reads");
        let changes = (1..=5).map(|n| remove(id(page * 5 + n), 2)).collect();
        let mut response = response(&format!("p{page}"), changes, Vec::new());
        response.more = true;
        let page = congvan_store::Page {
            sent_cursor: sent.as_deref(),
            response: &response,
            now: NOW,
        };
        removed += store.apply_page(page).expect("applies").removed.len();
    }
    assert_eq!(removed, 20);
    assert_eq!(here(&store), 980);
}

#[test]
fn a_person_confirms_or_releases_and_the_servers_next_word_lifts_a_hold() {
    let (_dir, store) = filled(40);
    pull(&store, "c2", removals(10));
    assert_eq!(here(&store), 40);
    store.release_removals(&[id(1)]).expect("releases");
    pull(&store, "c3", vec![upsert(document(2, "x"), 3)]);
    let held: Vec<DocumentId> = held(&store);
    assert_eq!(held.len(), 8);
    let gone = store
        .confirm_removals(&held, RemovalProof::Person, NOW)
        .expect("confirms");
    assert_eq!(gone.removed.len(), 8);
    assert_eq!(here(&store), 32);
    assert!(store.held_removals().expect("reads").is_empty());
    assert_eq!(store.audit_verify().expect("verifies"), None);
}

fn held(store: &Store) -> Vec<DocumentId> {
    let held = store.held_removals().expect("reads");
    held.iter().map(|held| held.document).collect()
}

#[test]
fn an_inventory_bears_removals_out_or_contradicts_them_but_never_empties_a_desk() {
    let (_dir, store) = filled(60);
    pull(&store, "c2", removals(10));
    // The server has lost documents 1 to 5 only: 6 to 10 were a mistake of its feed.
    let mut borne_out = Vec::new();
    let mut contradicted = 0;
    for bucket in 0..=u8::MAX {
        let items: Vec<InventoryItem> = (6..=60)
            .map(|n| InventoryItem {
                id: id(n).0,
                rev: 1,
            })
            .filter(|item| inventory_bucket(item.id) == bucket)
            .collect();
        let diff = store
            .compare_bucket(EntityType::Document, bucket, &items)
            .expect("compares");
        assert!(diff.ask.is_empty());
        borne_out.extend(diff.borne_out);
        contradicted += diff.contradicted.len();
    }
    assert_eq!((borne_out.len(), contradicted), (5, 5));
    let gone = store
        .confirm_removals(&borne_out, RemovalProof::Inventory, NOW)
        .expect("confirms");
    assert_eq!(gone.removed.len(), 5);
    // Now everything: an inventory alone is not believed.
    pull(&store, "c3", (6..=60).map(|n| remove(id(n), 2)).collect());
    let all = held(&store);
    assert_eq!(all.len(), 55);
    let gone = store
        .confirm_removals(&all, RemovalProof::Inventory, NOW)
        .expect("answers");
    assert!(gone.removed.is_empty());
    assert_eq!(here(&store), 55);
}

#[test]
fn inventories_agree_with_the_protocol_and_find_what_differs() {
    let (_dir, store) = filled(50);
    let ours = store.inventory(EntityType::Document).expect("computes");
    assert_eq!(ours.items, 50);
    let items: Vec<InventoryItem> = (1..=50)
        .map(|n| InventoryItem {
            id: id(n).0,
            rev: 1,
        })
        .collect();
    let digests = |items: &[InventoryItem]| -> Vec<String> {
        (0..=u8::MAX)
            .map(|bucket| {
                let inside = items
                    .iter()
                    .filter(|item| inventory_bucket(item.id) == bucket);
                inventory_digest(inside.copied())
            })
            .collect()
    };
    assert_eq!(ours.digests(), digests(&items));
    assert!(
        ours.differing(&digests(&items))
            .expect("compares")
            .is_empty()
    );
    // One is newer there, one is missing here, one is only here, one went back there.
    let mut theirs = items;
    theirs.retain(|item| item.id != id(3).0);
    theirs.push(InventoryItem {
        id: id(51).0,
        rev: 1,
    });
    for item in &mut theirs {
        if item.id == id(4).0 {
            item.rev = 9;
        }
        if item.id == id(5).0 {
            item.rev = 0;
        }
    }
    let differing = ours.differing(&digests(&theirs)).expect("compares");
    let mut asked = Vec::new();
    for bucket in differing {
        let items: Vec<_> = theirs
            .iter()
            .filter(|item| inventory_bucket(item.id) == bucket)
            .copied()
            .collect();
        let diff = store
            .compare_bucket(EntityType::Document, bucket, &items)
            .expect("compares");
        asked.extend(diff.ask);
    }
    asked.sort_unstable();
    assert_eq!(asked, [3, 4, 5, 51].map(|n| id(n).0));
    // What the server does not know (3) is not in its answer and stays.
    let bodies = vec![
        upsert(document(4, "mới"), 9),
        upsert(document(51, "mới"), 1),
    ];
    let healed = store
        .apply_bodies(Some("c1"), &bodies, NOW)
        .expect("applies");
    assert_eq!(healed.changed.len(), 2);
    assert_eq!(here(&store), 51);
    assert_eq!(store.cursor().expect("reads").as_deref(), Some("c1"));
}
