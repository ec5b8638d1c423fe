use congvan_model::{FileId, RevisionId, Sha256};
use congvan_protocol::{Intent, OpOutcome, ProblemCode, Revision, SignatureLevel};
use congvan_store::{ActFate, NewRevision, Sent, StoreError, View};
use uuid::Uuid;

use crate::support::*;

fn signed(child: Sha256, parent: Sha256) -> NewRevision {
    NewRevision {
        document: id(1),
        file: FileId(Uuid::from_u128(50)),
        parent,
        child,
        size: 8,
        level: SignatureLevel::BB,
        certificate: Sha256([9; 32]),
        author: ME,
        author_name: "Lê Văn Hùng".to_owned(),
    }
}

#[test]
fn an_opinion_is_seen_at_once_and_waits_to_be_sent() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "Phòng cháy"), 4)]);
    let act = store
        .add_opinion(&opinion(id(1), "  Đồng ý.  "), NOW)
        .expect("records");
    let detail = store.document(id(1), NOW).expect("reads").expect("is here");
    let shown = detail.opinions.first().expect("one opinion");
    assert_eq!(shown.text, "Đồng ý.");
    assert_eq!(shown.received_at, None);
    assert_eq!(shown.ours, Some((act.op, Sent::SavedHere)));
    assert_eq!(detail.row.sent, Sent::SavedHere);
    let ops = store.ops(&[act.op]).expect("reads");
    let op = ops.first().expect("the op");
    assert_eq!((op.local_seq, op.base_rev, op.lane), (1, 4, id(1)));
    assert!(matches!(&op.intent, Intent::AddOpinion { text, .. } if text == "Đồng ý."));
    assert_eq!(store.settled_through().expect("reads"), 0);
    assert_eq!(store.audit_verify().expect("verifies"), None);
}

#[test]
fn an_opinion_without_words_or_document_leaves_nothing_behind() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    let empty = store.add_opinion(&opinion(id(1), " \n "), NOW);
    assert!(matches!(empty, Err(StoreError::Invalid { .. })));
    let nowhere = store.add_opinion(&opinion(id(99), "x"), NOW);
    assert!(matches!(nowhere, Err(StoreError::NoDocument { .. })));
    assert_eq!(store.outbox_counts().expect("counts"), (0, 0));
    assert_eq!(store.audit_head().expect("head").seq, 0);
}

#[test]
fn the_overlay_goes_when_the_mirror_shows_the_effect_and_not_before() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    let act = store
        .add_opinion(&opinion(id(1), "Đồng ý"), NOW)
        .expect("records");
    let done = result(act.op, OpOutcome::Applied { rev: 2 });
    let outcome = answer(&store, "c2", Vec::new(), vec![done]);
    assert_eq!(outcome.applied, 1);
    let between = store.document(id(1), NOW).expect("reads").expect("here");
    assert_eq!(
        between.opinions.len(),
        1,
        "settled, but not in the mirror yet"
    );
    let ops = store.acts(10).expect("acts");
    let Intent::AddOpinion {
        opinion: opinion_id,
        ..
    } = &ops.first().expect("one").op.intent
    else {
        panic!("an opinion");
    };
    pull(
        &store,
        "c3",
        vec![opinion_change(*opinion_id, id(1), "Đồng ý", 2)],
    );
    let after = store.document(id(1), NOW).expect("reads").expect("here");
    assert_eq!(after.opinions.len(), 1);
    let shown = after.opinions.first().expect("one");
    assert_eq!((shown.ours, shown.received_at), (None, Some(NOW)));
    assert_eq!(after.row.sent, Sent::Settled);
    assert_eq!(store.settled_through().expect("reads"), 1);
}

#[test]
fn a_rejected_act_stays_until_a_person_closes_it() {
    let (dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    let act = store
        .add_opinion(&opinion(id(1), "Không gửi được"), NOW)
        .expect("records");
    let refused = OpOutcome::Rejected {
        code: ProblemCode::Forbidden,
        detail: "no".to_owned(),
    };
    answer(&store, "c2", Vec::new(), vec![result(act.op, refused)]);
    drop(store);
    let (store, _) = open(dir.path());
    assert_eq!(store.outbox_counts().expect("counts"), (0, 1));
    let row = store
        .document_row(id(1), NOW)
        .expect("reads")
        .expect("here");
    assert_eq!(row.sent, Sent::NeedsAttention);
    let entry = store
        .acts(10)
        .expect("acts")
        .into_iter()
        .next()
        .expect("one");
    assert!(matches!(
        entry.fate,
        ActFate::Rejected {
            code: ProblemCode::Forbidden,
            ..
        }
    ));
    store.dismiss(act.op, NOW).expect("dismisses");
    assert_eq!(store.outbox_counts().expect("counts"), (0, 0));
    let detail = store.document(id(1), NOW).expect("reads").expect("here");
    assert!(detail.opinions.is_empty());
    assert_eq!(
        store.acts(10).expect("acts").len(),
        1,
        "the row itself stays"
    );
    assert!(matches!(
        store.dismiss(act.op, NOW),
        Err(StoreError::NoIntent { .. })
    ));
}

#[test]
fn an_unsent_act_cannot_be_dismissed() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    let act = store
        .add_opinion(&opinion(id(1), "x"), NOW)
        .expect("records");
    assert!(matches!(
        store.dismiss(act.op, NOW),
        Err(StoreError::NoIntent { .. })
    ));
    assert_eq!(store.outbox_counts().expect("counts"), (1, 0));
}

#[test]
fn reading_counts_once_and_does_not_call_the_row_unsent() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    assert_eq!(store.counts(NOW).expect("counts").incoming_unread, 1);
    assert!(store.mark_read(id(1), ME, NOW).expect("marks").is_some());
    assert!(store.mark_read(id(1), ME, NOW).expect("marks").is_none());
    assert_eq!(store.counts(NOW).expect("counts").incoming_unread, 0);
    let row = store
        .document_row(id(1), NOW)
        .expect("reads")
        .expect("here");
    assert_eq!((row.unread, row.sent), (false, Sent::Settled));
}

#[test]
fn a_signed_file_leaves_the_tray_and_comes_back_when_the_server_refuses() {
    let (_dir, store) = fresh();
    let parent = blob(&store, b"%PDF");
    let mut waiting = to_sign(document(1, "Quyết định"));
    waiting.files = vec![file(50, parent, 4)];
    pull(&store, "c1", vec![upsert(waiting, 1)]);
    assert_eq!(numbers(&store, View::ToSign, ""), [1]);

    let missing = store.link_revision(&signed(Sha256([1; 32]), parent), NOW);
    assert!(matches!(missing, Err(StoreError::BlobMissing { .. })));

    let child = store
        .blob_extend(parent, b"sign", NOW)
        .expect("extends")
        .sha256;
    let act = store
        .link_revision(&signed(child, parent), NOW)
        .expect("links");
    assert!(numbers(&store, View::ToSign, "").is_empty());
    let counts = store.counts(NOW).expect("counts");
    assert_eq!((counts.to_sign, counts.outgoing_all), (0, 1));
    let detail = store.document(id(1), NOW).expect("reads").expect("here");
    assert!(detail.row.signed_here);
    let head = detail
        .files
        .first()
        .and_then(|file| file.head())
        .expect("head");
    assert_eq!(
        (head.sha256, head.ours),
        (child, Some((act.op, Sent::SavedHere)))
    );
    let need = store
        .outbox_items()
        .expect("items")
        .into_iter()
        .next()
        .and_then(|i| i.upload);
    let need = need.expect("an upload");
    assert_eq!(
        (need.sha256, need.base, need.done),
        (child, Some((parent, 4)), false)
    );

    let clash = OpOutcome::Conflict {
        code: ProblemCode::HeadMoved,
        detail: "Nguyễn Văn A đã ký 08:14".to_owned(),
    };
    answer(&store, "c2", Vec::new(), vec![result(act.op, clash)]);
    assert_eq!(numbers(&store, View::ToSign, ""), [1]);
    let detail = store.document(id(1), NOW).expect("reads").expect("here");
    let head = detail
        .files
        .first()
        .and_then(|file| file.head())
        .expect("head");
    assert_eq!(head.sha256, parent);
    assert!(
        store.blob_present(child).expect("reads"),
        "the refused bytes stay"
    );
}

#[test]
fn the_servers_revision_replaces_ours_without_a_double() {
    let (_dir, store) = fresh();
    let parent = blob(&store, b"%PDF");
    let mut waiting = to_sign(document(1, "Quyết định"));
    waiting.files = vec![file(50, parent, 4)];
    pull(&store, "c1", vec![upsert(waiting.clone(), 1)]);
    let child = store
        .blob_extend(parent, b"sign", NOW)
        .expect("extends")
        .sha256;
    let act = store
        .link_revision(&signed(child, parent), NOW)
        .expect("links");
    let op = store
        .ops(&[act.op])
        .expect("reads")
        .into_iter()
        .next()
        .expect("op");
    let Intent::LinkRevision { revision, .. } = op.intent else {
        panic!("a revision");
    };
    waiting.state = congvan_model::DocumentState::Signed;
    waiting
        .files
        .first_mut()
        .expect("file")
        .revisions
        .push(Revision {
            id: RevisionId(revision.0),
            sha256: child,
            size: 8,
            parent: Some(parent),
            level: Some(SignatureLevel::BB),
            signed_by: Some("Lê Văn Hùng".to_owned()),
            at: NOW,
        });
    let done = result(act.op, OpOutcome::Applied { rev: 2 });
    answer(&store, "c2", vec![upsert(waiting, 2)], vec![done]);
    let detail = store.document(id(1), NOW).expect("reads").expect("here");
    let revisions = &detail.files.first().expect("file").revisions;
    assert_eq!(revisions.len(), 2);
    assert!(revisions.iter().all(|revision| revision.ours.is_none()));
    assert_eq!(detail.row.sent, Sent::Settled);
}

#[test]
fn a_blocked_act_asks_for_its_bytes_again_and_a_deferred_one_waits() {
    let (_dir, store) = fresh();
    let parent = blob(&store, b"%PDF");
    let mut waiting = to_sign(document(1, "x"));
    waiting.files = vec![file(50, parent, 4)];
    pull(&store, "c1", vec![upsert(waiting, 1)]);
    let child = store
        .blob_extend(parent, b"sign", NOW)
        .expect("extends")
        .sha256;
    let act = store
        .link_revision(&signed(child, parent), NOW)
        .expect("links");
    let state = congvan_store::UploadState {
        url: Some("/v1/uploads/1".to_owned()),
        done: true,
    };
    store.set_upload(child, &state).expect("notes");
    let blocked = OpOutcome::Blocked {
        missing: vec![child],
    };
    answer(&store, "c2", Vec::new(), vec![result(act.op, blocked)]);
    assert_eq!(
        store.upload(child).expect("reads"),
        congvan_store::UploadState::default()
    );
    let later = OpOutcome::Deferred { retry_after_s: 30 };
    answer(&store, "c3", Vec::new(), vec![result(act.op, later)]);
    let items = store.outbox_items().expect("items");
    assert_eq!(
        items.first().map(|item| item.not_before),
        Some(NOW.plus_ms(30_000))
    );
}
