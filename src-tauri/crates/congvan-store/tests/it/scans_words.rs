//! Words of scans for search, and which entries are the same paper.

use congvan_model::{DocumentType, FileId, RevisionId, Sha256, Urgency};
use congvan_protocol::{RegisteredFile, RegistrationFields, Signer};
use congvan_store::{
    DuplicateReason, LetterAct, LetterFields, LetterId, LetterReading, NewRegistration, NewStack,
    PagesAct, PaperMarks, Piece, Sheet, StackContent, StackOrigin, Store, View,
};
use uuid::Uuid;

use crate::support::*;

/// A scan of one page that was read.
fn letter(store: &Store, name: &str, notation: &str) -> (LetterId, Sha256) {
    let mut writer = store.blob_create().expect("begins");
    writer.write(name.as_bytes()).expect("writes");
    let info = writer.finish(None, NOW).expect("is durable");
    let new = NewStack {
        name: name.to_owned(),
        origin: StackOrigin::Dropped,
        file: Ok(info),
        wish: None,
    };
    let stack = store.stack_add(&new, NOW).expect("is entered").id;
    let content = StackContent {
        pdf: info.sha256,
        signed: false,
        sheets: vec![Sheet::default()],
        pieces: vec![Piece {
            department: None,
            pages: vec![0],
        }],
        proposal: None,
    };
    let id = store.stack_ready(stack, &content, NOW).expect("is made")[0];
    read(store, id, notation);
    (id, info.sha256)
}

fn fields(notation: &str) -> LetterFields {
    LetterFields {
        issuer: "UBND xã Bình Minh".to_owned(),
        notation: notation.to_owned(),
        issued_on: "2026-01-05".to_owned(),
        ..LetterFields::default()
    }
}

fn read(store: &Store, id: LetterId, notation: &str) {
    let reading = LetterReading {
        fields: fields(notation),
        confidence: 0.9,
        ..LetterReading::default()
    };
    let rev = rev(store, id);
    assert!(store.letter_read((id, rev), &reading, NOW).expect("keeps"));
}

fn rev(store: &Store, id: LetterId) -> u32 {
    let letter = store.letter(id).expect("reads").expect("is there");
    letter.row.pages_rev
}

fn to_search(store: &Store) -> Vec<LetterId> {
    let letters = store.letters_to_search(9).expect("reads").into_iter();
    letters.map(|letter| letter.id).collect()
}

fn register(store: &Store, letter: LetterId, scan: Sha256) -> congvan_model::DocumentId {
    store
        .letter_confirm(letter, &fields("7/UBND-VP"), NOW)
        .expect("is confirmed");
    let new = NewRegistration {
        book: "den".to_owned(),
        year: 2026,
        received_at: NOW,
        fields: RegistrationFields {
            issuer_code: None,
            issuer_name: "UBND xã Bình Minh".to_owned(),
            notation: Some("7/UBND-VP".parse().expect("notation")),
            issued_on: congvan_model::civil_date(2026, 1, 5),
            kind: DocumentType::OfficialLetter,
            subject: "Về cầu".to_owned(),
            urgency: Urgency::Normal,
            signer: Signer {
                position: "Chủ tịch".to_owned(),
                full_name: "Lê Văn Bình".to_owned(),
            },
            due: None,
            activity: None,
        },
        file: RegisteredFile {
            file: FileId(Uuid::now_v7()),
            revision: RevisionId(Uuid::now_v7()),
            sha256: scan,
            size: 4,
            name: "scan.pdf".to_owned(),
            pages: Some(1),
        },
        from_lease: false,
        device: congvan_model::DeviceId(Uuid::from_u128(0x7f3a_9c01)),
        author: ME,
        author_name: "Văn thư".to_owned(),
    };
    let act = LetterAct {
        letter: Some(letter),
        ..LetterAct::default()
    };
    let done = store
        .register_letter(&new, act, NOW)
        .expect("is registered");
    done.document
}

#[test]
fn a_registered_scan_is_found_by_all_its_words_whichever_comes_first() {
    let (_dir, store) = fresh();
    let (early, scan) = letter(&store, "a.pdf", "7/UBND-VP");
    assert_eq!(to_search(&store), [early]);
    store
        .letter_words_set(
            (early, rev(&store, early)),
            ("nghiệm thu cầu Bến Lội", None),
        )
        .expect("keeps");
    assert_eq!(to_search(&store), []);
    let first = register(&store, early, scan);
    let mut mirrored = document(3, "Về cầu");
    mirrored.id = first;
    pull(&store, "1", vec![upsert(mirrored.clone(), 1)]);
    let found = |text: &str| {
        let page = store.list(&query(View::All, text)).expect("lists");
        page.rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(found("ben loi"), [first], "words before the document");

    // The server sends the document anew: it is still found.
    mirrored.subject = "Về cầu và đường".to_owned();
    pull(&store, "2", vec![upsert(mirrored, 2)]);
    assert_eq!(found("ben loi"), [first]);

    let (late, scan) = letter(&store, "b.pdf", "8/UBND-VP");
    let second = register(&store, late, scan);
    let mut mirrored = document(4, "Về trường");
    mirrored.id = second;
    pull(&store, "3", vec![upsert(mirrored, 1)]);
    assert_eq!(found("mam non"), []);
    store
        .letter_words_set((late, rev(&store, late)), ("trường mầm non", None))
        .expect("keeps");
    assert_eq!(found("mam non"), [second], "words after the document");
}

#[test]
fn words_of_other_pages_do_not_count_and_a_secret_letter_has_none() {
    let (_dir, store) = fresh();
    let (id, scan) = letter(&store, "a.pdf", "7/UBND-VP");
    let before = rev(&store, id);
    let turn = PagesAct::Turn {
        letter: id,
        page: 0,
        turns: 1,
    };
    store.pages_act(&turn, NOW).expect("turns");
    read(&store, id, "7/UBND-VP");
    store
        .letter_words_set((id, before), ("cũ", Some(scan)))
        .expect("keeps nothing");
    assert_eq!(to_search(&store), [id], "the page was turned since");
    store.letter_secret(id, NOW).expect("goes");
    store
        .letter_words_set((id, rev(&store, id)), ("mật", Some(scan)))
        .expect("keeps nothing");
    assert_eq!(store.searchable_copy(scan).expect("reads"), None);
    assert_eq!(to_search(&store), []);
}

#[test]
fn the_same_paper_is_the_same_number_and_agency_of_the_year_or_the_same_bytes() {
    let (_dir, store) = fresh();
    let mut with_file = document(6, "Báo cáo");
    let (other, scan) = letter(&store, "scan.pdf", "99/UBND-VP");
    with_file.files = vec![file(60, scan, 8)];
    pull(
        &store,
        "1",
        vec![upsert(document(5, "Dự toán"), 1), upsert(with_file, 1)],
    );
    let (id_of, _) = letter(&store, "x.pdf", "1/KHAC");
    let marks = |issuer: &str, day: &str| PaperMarks {
        notation: "05/UBND-VX".to_owned(),
        issued_on: day.to_owned(),
        issuer: issuer.to_owned(),
        issuer_code: None,
    };
    let found = |issuer: &str, day: &str| {
        store
            .same_papers(id_of, &marks(issuer, day))
            .expect("reads")
    };
    let same = found("SỞ TÀI CHÍNH", "2026-03-01");
    assert_eq!(same.len(), 1);
    assert_eq!(same[0].document, Some(id(5)));
    assert_eq!(same[0].reason, DuplicateReason::Notation);
    assert_eq!(same[0].number, Some(5));
    assert_eq!(found("Sở Tài chính", "2025-03-01"), [], "another year");
    assert_eq!(found("Sở Nội vụ", "2026-03-01"), [], "another agency");

    let bytes = store
        .same_papers(other, &PaperMarks::default())
        .expect("reads");
    assert_eq!(bytes.len(), 1, "the same bytes came over the axis");
    assert_eq!(bytes[0].document, Some(id(6)));
    assert_eq!(bytes[0].reason, DuplicateReason::Content);

    let (twin, _) = letter(&store, "y.pdf", "05/UBND-VX");
    let same = store
        .same_papers(id_of, &marks("Ủy ban nhân dân xã Bình Minh", "2026-01-09"))
        .expect("reads");
    assert_eq!(same[0].letter, Some(twin), "another letter of the inbox");
}
