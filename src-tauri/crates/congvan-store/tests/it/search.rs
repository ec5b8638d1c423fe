use congvan_model::{DocumentType, Timestamp};
use congvan_store::{Narrow, SearchOrder, SearchQuery, View};

use crate::support::*;

#[test]
fn words_without_marks_find_words_with_them() {
    let (_dir, store) = fresh();
    let decomposed: String = "Ho\u{00e0} bi\u{0300}nh".to_owned();
    pull(
        &store,
        "c1",
        vec![
            upsert(document(1, "V/v điều động cán bộ"), 1),
            upsert(document(2, "Đường liên xã Ủy ban"), 1),
            upsert(document(3, &decomposed), 1),
        ],
    );
    let find = |typed| numbers(&store, View::All, typed);
    assert_eq!(find("dieu dong"), [1]);
    assert_eq!(find("ĐIỀU ĐỘNG"), [1]);
    assert_eq!(find("duong lien"), [2]);
    assert_eq!(find("uy b"), [2], "prefixes find");
    assert_eq!(
        find("hòa bình"),
        [3],
        "both spellings, both forms of Unicode"
    );
    assert_eq!(find("dieu xa"), Vec::<u128>::new(), "every word counts");
    assert_eq!(
        find("so tai chinh duc"),
        [3, 2, 1],
        "issuer and signer are found too"
    );
}

#[test]
fn half_a_notation_finds_the_letter() {
    let (_dir, store) = fresh();
    let with = |number: u128, notation: &str| {
        let mut document = document(number, "x");
        document.notation = Some(notation.parse().expect("notation"));
        document.kind = DocumentType::Decision;
        upsert(document, 1)
    };
    let changes = vec![
        with(1, "12/QĐ-UBND"),
        with(2, "123/QĐ-UBND"),
        with(3, "5/GM-UBND"),
        with(4, "12/TB-UBND"),
    ];
    pull(&store, "c1", changes);
    let find = |typed| numbers(&store, View::All, typed);
    assert_eq!(find("12/qd"), [1]);
    assert_eq!(find("12/QĐ-UB"), [1]);
    assert_eq!(find("5/gm"), [3]);
    assert_eq!(find("05/GM-UBND"), [3]);
    assert_eq!(find("12/"), [4, 1]);
    assert_eq!(find("123"), [2]);
    assert_eq!(find("qd-ubnd"), [2, 1]);
}

#[test]
fn a_changed_document_is_found_by_its_new_words_only() {
    let (_dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "bão số ba"), 1)]);
    let mut moved = document(1, "hạn hán");
    moved.arrived_at = NOW;
    pull(&store, "c2", vec![upsert(moved, 2)]);
    assert!(numbers(&store, View::All, "bao so").is_empty());
    assert_eq!(numbers(&store, View::All, "han han"), [1]);
    assert_eq!(numbers(&store, View::All, ""), [1]);
}

#[test]
fn search_stays_inside_its_list() {
    let (_dir, store) = fresh();
    let changes = vec![
        upsert(document(1, "lũ lụt"), 1),
        upsert(to_sign(document(2, "lũ lụt")), 1),
    ];
    pull(&store, "c1", changes);
    assert_eq!(numbers(&store, View::IncomingAll, "lu lut"), [1]);
    assert_eq!(numbers(&store, View::ToSign, "lu lut"), [2]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]
    #[test]
    fn nothing_typed_breaks_the_query(typed in proptest::prop_oneof![
        "\\PC{0,40}",
        "[\"*():^+\\-{} a-z]{0,30}",
        "(AND|OR|NOT|NEAR|folded:|exact:|\"|\\*| ){0,12}",
    ]) {
        thread_local!(static STORE: (tempfile::TempDir, congvan_store::Store) = {
            let (dir, store) = fresh();
            pull(&store, "c1", vec![upsert(document(1, "near and or not"), 1)]);
            (dir, store)
        });
        STORE.with(|(_, store)| {
            proptest::prop_assert!(store.list(&query(View::All, &typed)).is_ok());
            Ok(())
        })?;
    }
}

/// Enough for counting to stop at its limit; `cargo xtask bench queue` has 100,000, optimised.
#[test]
fn many_documents_are_listed_and_found() {
    const MANY: u128 = 20_000;
    let (_dir, store) = fresh();
    let mut next = 1_u128;
    while next <= MANY {
        let page = (next..(next + 2_000).min(MANY + 1)).map(|number| {
            let subject = match number % 1_000 {
                0 => format!("Điều động phương tiện số {number}"),
                _ => format!("Báo cáo tháng {} năm {}", number % 12, 2000 + number % 26),
            };
            upsert(document(number, &subject), 1)
        });
        pull(&store, &format!("c{next}"), page.collect());
        next += 2_000;
    }
    let all = store.list(&query(View::IncomingAll, "")).expect("lists");
    assert_eq!(u128::from(all.total), MANY);
    let times: Vec<Timestamp> = all.rows.iter().map(|row| row.arrived_at).collect();
    assert!(times.is_sorted_by(|a, b| a >= b));
    let rare = store
        .list(&query(View::All, "dieu dong phuong"))
        .expect("finds");
    assert_eq!(u128::from(rare.total), MANY / 1_000);
    assert_eq!(rare.rows.first().map(|row| row.id), Some(id(MANY)));
    let common = store.list(&query(View::All, "bao cao")).expect("finds");
    assert_eq!(common.total, 10_000, "counting stops there");
    let asked = SearchQuery {
        text: "bao cao".to_owned(),
        narrow: Narrow::default(),
        order: SearchOrder::Newest,
        skip: 0,
        limit: 50,
        now: NOW,
    };
    let page = store.find(&asked).expect("finds");
    assert_eq!((page.total, page.is_more), (1_000, true), "at every key");
    let counted = store.facets(&asked).expect("counts");
    assert_eq!((counted.counted, counted.is_more), (10_000, true));
    assert_eq!(numbers(&store, View::All, "19999/ubnd"), [19_999]);
}
