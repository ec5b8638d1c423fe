//! The registers of what goes out and of how incoming documents are handled, against what the documents
//! say.

use std::collections::BTreeSet;

use congvan_model::{Deadline, Direction, DocumentState, DocumentType, Timestamp, civil_date};
use congvan_protocol::{
    AgencyInfo, Document, VoidEntry,
    handling::{
        AxisCode, Delivery, DeliveryStatus, Done, Handling, HandlingAct, Named, Numbered, Origin,
        Outgoing, OutgoingNumber, Related, Relation, Resolution,
    },
};
use congvan_store::{BookWish, OutgoingLine, Progress, Store};
use proptest::prelude::*;

use crate::support::*;

const DAY: i64 = 86_400_000;

fn wish(book: &str, year: u16) -> BookWish {
    BookWish {
        book: book.to_owned(),
        year,
        limit: 10_000,
        ..BookWish::default()
    }
}

fn me() -> Named {
    Named {
        account: ME,
        full_name: "Trần Thị B".to_owned(),
    }
}

/// A decision that goes out with its number of a series, its day, and nothing more.
fn decision(seed: u128, book: &str, number: u32, day: (i16, i8, i8)) -> Document {
    let symbol = match book {
        "sao" => "SY-UBND",
        _ => "QĐ-UBND",
    };
    let notation: congvan_model::Notation = format!("{number}/{symbol}").parse().unwrap();
    let issued_on = civil_date(day.0, day.1, day.2).unwrap();
    let mut document = document(seed, "ban hành quy chế làm việc");
    document.direction = Direction::Outgoing;
    document.state = DocumentState::Signed;
    document.kind = DocumentType::Decision;
    document.arrival_number = None;
    document.notation = Some(notation.clone());
    document.issued_on = Some(issued_on);
    document.handling = Some(Box::new(Handling {
        outgoing: Some(Box::new(Outgoing {
            numbered: Some(Numbered {
                by: me(),
                at: NOW,
                number: Some(OutgoingNumber {
                    book: book.to_owned(),
                    year: u16::try_from(day.0).unwrap(),
                    notation,
                    issued_on,
                }),
            }),
            ..Outgoing::of(me(), symbol.to_owned())
        })),
        ..Handling::default()
    }));
    document
}

fn out(document: &mut Document) -> &mut Outgoing {
    let handling = document.handling.as_mut().unwrap();
    handling.outgoing.as_mut().unwrap()
}

/// It waits for its number since then.
fn asked(seed: u128, at: Timestamp) -> Document {
    let mut document = decision(seed, "di-QĐ", 1, (2026, 1, 5));
    (document.notation, document.issued_on) = (None, None);
    out(&mut document).numbered = Some(Numbered {
        by: me(),
        at,
        number: None,
    });
    document
}

fn void(number: u32, reason: &str) -> VoidEntry {
    VoidEntry {
        number,
        reason: reason.to_owned(),
        at: NOW,
        withdrawn: None,
    }
}

fn put(store: &Store, documents: Vec<Document>) {
    let changes = documents
        .into_iter()
        .enumerate()
        .map(|(rev, one)| upsert(one, rev as u64 + 1))
        .collect();
    pull(store, "c1", changes);
}

fn lines(store: &Store, wish: &BookWish) -> Vec<OutgoingLine> {
    store.outgoing_lines(wish).unwrap().lines
}

#[test]
fn what_was_issued_fills_the_ten_columns_and_its_note_says_what_became_of_it() {
    let (_dir, store) = fresh();
    let mut sent = decision(1, "di-QĐ", 7, (2026, 11, 2));
    sent.state = DocumentState::Issued;
    let status = |code, reason: &str| DeliveryStatus {
        code,
        at: NOW,
        reason: reason.to_owned(),
    };
    let to = |name: &str, statuses| Delivery {
        agency: AgencyInfo {
            code: name.to_owned(),
            name: name.to_owned(),
        },
        statuses,
    };
    let recalled = status(AxisCode::Recalled, "Nhầm phụ lục");
    let out = out(&mut sent);
    out.deliveries = vec![
        to("Sở Nội vụ", vec![status(AxisCode::Arrived, "")]),
        to(
            "Sở Tài chính",
            vec![status(AxisCode::Registered, ""), recalled],
        ),
        to("Công an xã", Vec::new()),
    ];
    out.places = vec!["- Như Điều 3".to_owned(), "- Lưu: VT, KT".to_owned()];
    out.issued = Some(Done { by: me(), at: NOW });
    sent.handling.as_mut().unwrap().derived = vec![Related {
        relation: Relation::Replacement,
        document: None,
        title: "9/QĐ-UBND".to_owned(),
        issued_on: None,
    }];
    put(&store, vec![sent]);
    let line = lines(&store, &wish("", 2026)).remove(0);
    assert_eq!(line.notation, "07/QĐ-UBND");
    assert_eq!(line.issued_on, civil_date(2026, 11, 2));
    assert_eq!(line.subject, "Quyết định: ban hành quy chế làm việc");
    assert_eq!(line.signer, "Trần Văn Đức");
    assert_eq!(
        line.recipients,
        "Sở Nội vụ; Sở Tài chính; Công an xã; Như Điều 3"
    );
    assert_eq!(line.kept, "VT, KT");
    assert_eq!((line.copies, line.received), (Some(3), 2));
    assert_eq!(line.sent_on, Some(NOW.vietnam_date()));
    assert_eq!(
        line.note,
        "Được thay thế bằng 9/QĐ-UBND; Thu hồi (Sở Tài chính): Nhầm phụ lục"
    );
}

#[test]
fn copies_stand_in_their_own_series_voids_with_their_reason_and_what_waits_at_the_end_without_a_number()
 {
    let (_dir, store) = fresh();
    let mut copy = decision(3, "sao", 1, (2026, 3, 1));
    copy.handling.as_mut().unwrap().origin = Some(Box::new(Origin {
        relation: Relation::TrueCopy,
        document: None,
        title: "15/QĐ-UBND".to_owned(),
        issued_on: None,
        pages: Vec::new(),
        left_out: String::new(),
    }));
    put(
        &store,
        vec![
            asked(9, NOW),
            decision(1, "di-QĐ", 3, (2026, 2, 1)),
            decision(2, "di-QĐ", 1, (2026, 1, 5)),
            copy,
        ],
    );
    store
        .set_voids(("di-QĐ", 2026), &[void(2, "Trả lại để sửa")])
        .unwrap();
    let all = store.outgoing_lines(&wish("", 2026)).unwrap();
    let told: Vec<(&str, Option<u32>, bool)> = all
        .lines
        .iter()
        .map(|line| (line.book.as_str(), line.number, line.is_void))
        .collect();
    assert_eq!(
        told,
        [
            ("di-QĐ", Some(1), false),
            ("di-QĐ", Some(2), true),
            ("di-QĐ", Some(3), false),
            ("sao", Some(1), false),
            ("di-QĐ", None, false),
        ]
    );
    assert_eq!(all.lines[1].note, "Trả lại để sửa");
    assert_eq!(all.lines[3].note, "Sao y 15/QĐ-UBND");
    assert_eq!(
        (&*all.lines[4].notation, all.lines[4].issued_on),
        ("QĐ-UBND", None)
    );
    assert_eq!(
        (all.books, all.unseen),
        (vec!["di-QĐ".to_owned(), "sao".to_owned()], 0)
    );
    assert_eq!(lines(&store, &wish("sao", 2026)).len(), 1);
}

#[test]
fn a_document_numbered_in_the_old_year_and_issued_in_the_new_one_stands_in_the_old_years_book() {
    let (_dir, store) = fresh();
    let mut late = decision(1, "di-QĐ", 812, (2026, 12, 31));
    late.state = DocumentState::Issued;
    out(&mut late).issued = Some(Done {
        by: me(),
        at: Timestamp(NOW.0 + 60 * DAY),
    });
    put(&store, vec![late, decision(2, "di-QĐ", 1, (2027, 1, 4))]);
    let old = lines(&store, &wish("", 2026));
    assert_eq!(old.len(), 1);
    assert_eq!(old[0].number, Some(812));
    assert_eq!(old[0].sent_on.unwrap().year(), 2027);
    let new = store.outgoing_lines(&wish("", 2027)).unwrap();
    assert_eq!(new.lines[0].number, Some(1));
    assert_eq!(new.years, [2027, 2026]);
}

#[test]
fn a_number_whose_document_is_sent_back_here_is_void_at_once_and_free_of_it_when_taken_back() {
    let (_dir, store) = fresh();
    put(&store, vec![decision(1, "di-QĐ", 5, (2026, 11, 2))]);
    let reason = "Sai thể thức".to_owned();
    store
        .handle(id(1), HandlingAct::Return { reason }, (ME, "B"), NOW)
        .unwrap();
    let line = lines(&store, &wish("", 2026)).remove(0);
    assert!(line.is_void && line.note == "Sai thể thức", "{line:?}");
    store.undo_handling(id(1), NOW).unwrap();
    assert!(!lines(&store, &wish("", 2026))[0].is_void);
}

#[test]
fn how_far_each_document_has_come_is_measured_by_its_deadline() {
    use Progress::{DoneInTime, DoneLate, Near, Open, Overdue};
    let (_dir, store) = fresh();
    let at = |days: i64| NOW.plus_ms(days * DAY);
    let handled = |number: u128, due: Option<i64>, done: Option<i64>| {
        let mut one = document(number, "x");
        one.due = due.map(|days| Deadline::At(at(days)));
        if let Some(days) = done {
            one.state = DocumentState::Resolved;
            one.handling = Some(Box::new(Handling {
                resolution: Some(Resolution {
                    reply: None,
                    reply_title: "88/UBND-VX".to_owned(),
                    text: String::new(),
                    by: me(),
                    at: at(days),
                }),
                ..Handling::default()
            }));
        }
        one
    };
    put(
        &store,
        vec![
            handled(1, None, None),
            handled(2, Some(9), None),
            handled(3, Some(2), None),
            handled(4, Some(-1), None),
            handled(5, Some(-3), Some(-4)),
            handled(6, Some(-3), Some(-2)),
            handled(7, None, Some(-2)),
        ],
    );
    let found = store.tracking_lines(&wish("den", 2026), NOW).unwrap();
    let told: Vec<(u32, Progress)> = found
        .lines
        .iter()
        .map(|line| (line.number, line.progress))
        .collect();
    assert_eq!(
        told,
        [
            (1, Open),
            (2, Open),
            (3, Near),
            (4, Overdue),
            (5, DoneInTime),
            (6, DoneLate),
            (7, DoneInTime)
        ]
    );
    assert_eq!(found.lines[5].reply, "88/UBND-VX");
    assert_eq!(
        found.lines[0].described,
        "Công văn số 01/UBND-VX ngày 05/01/2026 của Sở Tài chính"
    );
    let late = BookWish {
        progress: Some(DoneLate),
        ..wish("den", 2026)
    };
    assert_eq!(store.tracking_lines(&late, NOW).unwrap().total, 1);
}

/// What a number of a series is.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Here,
    Void,
    Unseen,
}

fn fates() -> impl Strategy<Value = Vec<Vec<Fate>>> {
    let fate = prop_oneof![4 => Just(Fate::Here), 1 => Just(Fate::Void), 1 => Just(Fate::Unseen)];
    prop::collection::vec(prop::collection::vec(fate, 0..12), 3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn every_number_stands_once_in_its_order_and_every_gap_is_counted(
        fates in fates(),
        waiting in 0_u128..4,
    ) {
        const BOOKS: [&str; 3] = ["di-BC", "di-QĐ", "sao"];
        let (_dir, store) = fresh();
        let (mut documents, mut expected, mut unseen) = (Vec::new(), Vec::new(), 0);
        for (book, fates) in BOOKS.iter().zip(&fates) {
            // A series of which nothing is on this machine is not known to it.
            let is_known = fates.iter().any(|fate| matches!(fate, Fate::Here))
                || (*book == "di-QĐ" && waiting > 0);
            if !is_known {
                continue;
            }
            let (mut voids, mut known) = (Vec::new(), BTreeSet::new());
            for (number, fate) in (1_u32..).zip(fates) {
                match fate {
                    Fate::Here => {
                        // Later numbers may have come to this desk first.
                        let seed = 1_000 - documents.len() as u128;
                        documents.push(decision(seed, book, number, (2026, 5, 6)));
                    }
                    Fate::Void => voids.push(void(number, "Bỏ trống")),
                    Fate::Unseen => continue,
                }
                known.insert(number);
                expected.push(((*book).to_owned(), Some(number)));
            }
            if let (Some(first), Some(last)) = (known.first(), known.last()) {
                unseen += (*first..=*last).filter(|number| !known.contains(number)).count();
            }
            store.set_voids((book, 2026), &voids).unwrap();
        }
        for seed in 0..waiting {
            let at = NOW.plus_ms(i64::try_from(seed).unwrap() * 1_000);
            documents.push(asked(2_000 + seed, at));
            expected.push(("di-QĐ".to_owned(), None));
        }
        put(&store, documents);
        let found = store.outgoing_lines(&wish("", 2026)).unwrap();
        let told: Vec<(String, Option<u32>)> = found
            .lines
            .iter()
            .map(|line| (line.book.clone(), line.number))
            .collect();
        prop_assert_eq!(&told, &expected);
        prop_assert_eq!((found.unseen, found.total), (unseen, expected.len()));
        // A page is a part of the whole, and a series the whole of its own.
        let part = BookWish { offset: 2, limit: 3, ..wish("", 2026) };
        let page = lines(&store, &part);
        let cut: Vec<OutgoingLine> = found.lines.iter().skip(2).take(3).cloned().collect();
        prop_assert_eq!(page, cut);
        for book in BOOKS {
            let own = lines(&store, &wish(book, 2026));
            let of: Vec<&OutgoingLine> = found.lines.iter().filter(|line| line.book == book).collect();
            prop_assert_eq!(own.iter().collect::<Vec<_>>(), of);
        }
    }
}
