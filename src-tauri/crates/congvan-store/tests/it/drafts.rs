//! Drafts that only this machine has: shown like any document, replaced by the server's word, and gone
//! with an intent that is taken back or refused.

use congvan_model::{DocumentId, DocumentState, DocumentType, OpId, Sha256, Urgency};
use congvan_protocol::{
    EntityType, Intent, OpOutcome, ProblemCode,
    handling::{DraftFields, HandlingAct},
};
use congvan_store::{DraftFile, OWNER_SETTING, Sent, Store, StoreError, View};

use crate::support::*;

fn fields(subject: &str) -> DraftFields {
    DraftFields {
        kind: DocumentType::Decision,
        symbol: "QĐ-UBND".to_owned(),
        subject: subject.to_owned(),
        urgency: Urgency::Normal,
    }
}

fn kept(store: &Store, words: &str) -> DraftFile {
    let mut writer = store.blob_create().expect("a blob");
    writer.write(words.as_bytes()).expect("writes");
    let info = writer.finish(None, NOW).expect("durable");
    DraftFile {
        sha256: info.sha256,
        size: info.size,
        name: "du-thao.pdf".to_owned(),
        pages: Some(1),
    }
}

fn desk() -> (tempfile::TempDir, Store) {
    let (dir, store) = fresh();
    let owner = r#"{"id":7,"username":"c","full_name":"Lê Văn C","posts":[]}"#;
    store.set_setting(OWNER_SETTING, owner).expect("kept");
    (dir, store)
}

fn drafted(store: &Store, subject: &str) -> (DocumentId, OpId) {
    let file = kept(store, subject);
    let document = store
        .draft_document(fields(subject), file, (ME, "Lê Văn C"), NOW)
        .expect("drafts");
    let items = store.outbox_items().expect("reads");
    let item = items.iter().find(|item| item.lane == document);
    (document, item.expect("an intent").op)
}

fn in_list(store: &Store, document: DocumentId) -> bool {
    let rows = list(store, View::Drafts).rows;
    rows.iter().any(|row| row.id == document)
}

fn list(store: &Store, view: View) -> congvan_store::ListPage {
    let query = congvan_store::ListQuery {
        view,
        search: String::new(),
        filter: congvan_store::Filter::default(),
        after: None,
        skip: 0,
        limit: 50,
        now: NOW,
    };
    store.list(&query).expect("lists")
}

#[test]
fn a_draft_is_listed_found_and_acted_upon_before_the_server_has_it() {
    let (_dir, store) = desk();
    let (document, op) = drafted(&store, "Kiện toàn Ban Chỉ huy");
    assert!(in_list(&store, document));
    let detail = store.document(document, NOW).expect("reads").expect("here");
    assert_eq!((detail.row.rev, detail.row.sent), (0, Sent::SavedHere));
    let first = detail.files[0].head().expect("a head").sha256;
    let need = store.outbox_items().expect("reads").remove(0).upload;
    assert_eq!(need.map(|need| need.sha256), Some(first));
    // Nothing that the server should have differs.
    let inventory = store.inventory(EntityType::Document).expect("counts");
    assert_eq!(inventory.items, 0);
    // A new version behind it is the head at once, and travels with its act.
    let second = kept(&store, "lần hai");
    let wanted = second.sha256;
    let act = HandlingAct::Revise {
        file: Some(Box::new(second.version_of(detail.files[0].file.id, NOW))),
        fields: Some(Box::new(fields("Kiện toàn, bản hai"))),
        text: String::new(),
    };
    store
        .handle(document, act, (ME, "Lê Văn C"), NOW)
        .expect("revises");
    let detail = store.document(document, NOW).expect("reads").expect("here");
    assert_eq!(detail.files[0].head().expect("a head").sha256, wanted);
    assert_eq!(detail.document.subject, "Kiện toàn, bản hai");
    let needs: Vec<Option<Sha256>> = store
        .outbox_items()
        .expect("reads")
        .into_iter()
        .map(|item| item.upload.map(|need| need.sha256))
        .collect();
    assert_eq!(needs, [Some(first), Some(wanted)]);
    let ops = store.ops(&[op]).expect("reads");
    assert!(matches!(&ops[0].intent, Intent::DraftDocument { .. }));
    // The version is taken back alone, then the draft with whatever stands behind it.
    store.undo_handling(document, NOW).expect("undoes");
    let detail = store.document(document, NOW).expect("reads").expect("here");
    assert_eq!(detail.files[0].head().expect("a head").sha256, first);
    store.undo_draft(document, NOW).expect("undoes");
    assert_eq!(store.document(document, NOW).expect("reads"), None);
    assert_eq!(store.outbox_counts().expect("counts"), (0, 0));
    assert_eq!(store.audit_verify().expect("verifies"), None);
}

#[test]
fn the_servers_word_takes_the_place_of_a_draft_and_a_sent_one_is_not_taken_back() {
    let (_dir, store) = desk();
    let (document_id, op) = drafted(&store, "Kiện toàn");
    store.take_ops(&[op], NOW).expect("takes");
    let late = store.undo_draft(document_id, NOW);
    assert!(matches!(late, Err(StoreError::AlreadySent)));
    let mine = store
        .document(document_id, NOW)
        .expect("reads")
        .expect("here");
    let mut theirs = mine.document.clone();
    theirs.issuer.name = "UBND xã Bình Minh Đông".to_owned();
    theirs.state = DocumentState::Draft;
    let outcome = OpOutcome::Applied { rev: 1 };
    answer(
        &store,
        "c1",
        vec![upsert(theirs, 1)],
        vec![result(op, outcome)],
    );
    let detail = store
        .document(document_id, NOW)
        .expect("reads")
        .expect("here");
    assert_eq!((detail.row.rev, detail.row.sent), (1, Sent::Settled));
    assert_eq!(detail.row.issuer, "UBND xã Bình Minh Đông");
    let inventory = store.inventory(EntityType::Document).expect("counts");
    assert_eq!(inventory.items, 1);
    assert!(in_list(&store, document_id));
}

#[test]
fn a_refused_draft_stays_until_a_person_has_seen_why() {
    let (_dir, store) = desk();
    let (document, op) = drafted(&store, "Kiện toàn");
    let outcome = OpOutcome::Rejected {
        code: ProblemCode::InvalidRequest,
        detail: "symbol".to_owned(),
    };
    answer(&store, "c1", Vec::new(), vec![result(op, outcome)]);
    let detail = store.document(document, NOW).expect("reads").expect("here");
    assert_eq!(detail.row.sent, Sent::NeedsAttention);
    let inventory = store.inventory(EntityType::Document).expect("counts");
    assert_eq!(inventory.items, 0);
    store.dismiss(op, NOW).expect("closes");
    assert_eq!(store.document(document, NOW).expect("reads"), None);
    assert!(!in_list(&store, document));
}

#[test]
fn a_draft_comes_back_out_of_the_journal_when_the_database_is_lost() {
    let (dir, store) = fresh();
    let (document, _) = drafted(&store, "Kiện toàn");
    let head = |store: &Store| {
        let detail = store.document(document, NOW).expect("reads").expect("here");
        detail.files[0].head().expect("a head").sha256
    };
    let before = head(&store);
    drop(store);
    for suffix in ["", "-wal", "-shm"] {
        std::fs::remove_file(dir.path().join(format!("desk.db{suffix}"))).ok();
    }
    let (store, opened) = open(dir.path());
    assert_eq!(opened.replayed, 1);
    assert_eq!(head(&store), before);
    assert!(in_list(&store, document));
    store.undo_draft(document, NOW).expect("undoes");
    assert_eq!(store.document(document, NOW).expect("reads"), None);
}

#[test]
fn a_number_that_was_asked_for_is_none_until_the_server_gives_it_and_is_told_to_a_restored_one() {
    let (_dir, store) = desk();
    let (id, draft) = drafted(&store, "Kiện toàn");
    let mine = store.document(id, NOW).expect("reads").expect("here");
    let mut signed = mine.document.clone();
    signed.state = DocumentState::Signed;
    let applied = result(draft, OpOutcome::Applied { rev: 1 });
    answer(&store, "c1", vec![upsert(signed, 1)], vec![applied]);
    let asked = store
        .handle(id, HandlingAct::Number {}, (ME, "Trần Thị B"), NOW)
        .expect("asks");
    let numbered = |store: &Store| {
        let detail = store.document(id, NOW).expect("reads").expect("here");
        let out = detail.document.handling.and_then(|it| it.outgoing);
        let numbered = out.expect("goes out").numbered.expect("asked for");
        (numbered.number, detail.row.notation)
    };
    assert_eq!(numbered(&store), (None, None));
    let given = |store: &Store| store.given_numbers(&[asked.op]).expect("reads");
    assert_eq!(given(&store), []);

    let shown = store.document(id, NOW).expect("reads").expect("here");
    let mut theirs = shown.document;
    theirs.notation = Some("7/QĐ-UBND".parse().expect("a notation"));
    let out = theirs.handling.as_mut().and_then(|it| it.outgoing.as_mut());
    let number = congvan_protocol::handling::OutgoingNumber {
        book: "di-QĐ".to_owned(),
        year: 2026,
        notation: "7/QĐ-UBND".parse().expect("a notation"),
        issued_on: congvan_model::civil_date(2026, 11, 22).expect("a day"),
    };
    let wanted = out.and_then(|out| out.numbered.as_mut());
    wanted.expect("asked for").number = Some(number.clone());
    let applied = result(asked.op, OpOutcome::Applied { rev: 2 });
    answer(&store, "c2", vec![upsert(theirs, 2)], vec![applied]);
    let notation = "07/QĐ-UBND".to_owned();
    assert_eq!(numbered(&store), (Some(number), Some(notation)));
    assert_eq!(given(&store), [], "the server knows");
    store.begin_new_history(NOW).expect("begins");
    let told = given(&store);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].op, told[0].number), (asked.op, 7));
}

#[test]
fn a_draft_that_was_taken_back_gives_its_room_back_and_nothing_else_does() {
    let (_dir, store) = desk();
    let old = NOW.plus_ms(25 * 3_600_000);
    let bytes_of = |document| {
        let detail = store.document(document, NOW).expect("reads").expect("here");
        detail.files[0].head().expect("a head").sha256
    };
    let (dropped, _) = drafted(&store, "Bỏ");
    let (unsent, _) = drafted(&store, "Chưa gửi");
    let (refused, refusal) = drafted(&store, "Bị từ chối");
    let (arrived, taken) = drafted(&store, "Đã đến");
    // The same bytes twice, of which one draft goes.
    let (twice, _) = drafted(&store, "Hai lần");
    let (again, _) = drafted(&store, "Hai lần");
    let never_drafted = kept(&store, "chưa thành dự thảo").sha256;
    let released = bytes_of(dropped);
    let needed = [unsent, refused, arrived, twice].map(bytes_of);
    let mut theirs = store.document(arrived, NOW).expect("reads").expect("here");
    theirs.document.state = DocumentState::Issued;
    store.undo_draft(dropped, NOW).expect("undoes");
    store.undo_draft(again, NOW).expect("undoes");
    let tidy = |now| store.tidy_blobs(now).expect("tidies").released;
    assert_eq!(tidy(old), 0, "the server has not told everything yet");
    let rejected = OpOutcome::Rejected {
        code: ProblemCode::InvalidRequest,
        detail: "symbol".to_owned(),
    };
    let results = vec![
        result(refusal, rejected),
        result(taken, OpOutcome::Applied { rev: 1 }),
    ];
    answer(&store, "c1", vec![upsert(theirs.document, 1)], results);
    assert_eq!(tidy(NOW), 0, "made within the day");
    assert_eq!(tidy(old), 1);
    assert!(!store.blob_present(released).expect("reads"));
    assert!(store.blob_open(released).is_err());
    let gone = store.tidy_blobs(old).expect("tidies");
    assert_eq!(gone, congvan_store::Tidied::default());
    for sha256 in needed.into_iter().chain([never_drafted]) {
        assert!(store.blob_open(sha256).is_ok());
    }
    // Closed by a person, then forgotten with the acts that a restored server may ask for again.
    store.dismiss(refusal, NOW).expect("closes");
    assert_eq!(tidy(old), 0, "still among the acts");
    let later = NOW.plus_ms(46 * 24 * 3_600_000);
    store.prune_acts(later).expect("forgets");
    assert_eq!(tidy(later), 1);
    assert!(store.blob_open(needed[1]).is_err());
    assert!(store.blob_open(needed[2]).is_ok(), "shown by its document");
    assert!(store.blob_open(needed[0]).is_ok(), "unsent");
    // Bytes that come again are uploaded again.
    let (anew, _) = drafted(&store, "Bỏ");
    assert!(store.blob_open(bytes_of(anew)).is_ok());
    assert!(!store.upload(released).expect("reads").done);
}
