//! The directory of agencies: pages, tombstones, and finding one by what people type.

use congvan_model::AgencyId;
use congvan_protocol::{Agency, AgencyPage};
use congvan_store::{AgencyWish, Store};
use jiff::civil::{Date, date};

use crate::support::*;

const TODAY: Date = date(2026, 11, 21);

fn agency(id: i64, code: &str, name: &str) -> Agency {
    Agency {
        id: AgencyId(id),
        code: code.to_owned(),
        former_codes: Vec::new(),
        name: name.to_owned(),
        aliases: Vec::new(),
        symbol: None,
        parent: None,
        successors: Vec::new(),
        valid_from: None,
        valid_to: None,
    }
}

fn page(agencies: Vec<Agency>, removed: &[i64], cursor: &str) -> AgencyPage {
    AgencyPage {
        agencies,
        removed: removed.iter().map(|id| AgencyId(*id)).collect(),
        cursor: cursor.to_owned(),
        more: false,
    }
}

/// The province, its department, two communes of today and a district of before, and another
/// province's department.
fn entered() -> Vec<Agency> {
    vec![
        // Below one that comes later.
        Agency {
            parent: Some(AgencyId(2)),
            symbol: Some("SNV".to_owned()),
            former_codes: vec!["000.00.11.H99".to_owned()],
            ..agency(1, "H99.11", "Sở Nội vụ")
        },
        agency(2, "H99", "Ủy ban nhân dân tỉnh Hưng Thịnh"),
        Agency {
            parent: Some(AgencyId(2)),
            valid_from: Some(date(2025, 7, 1)),
            ..agency(3, "H99.101", "Ủy ban nhân dân xã Kim Sơn")
        },
        Agency {
            successors: vec![AgencyId(3)],
            valid_to: Some(date(2025, 6, 30)),
            former_codes: vec!["000.00.31.H99".to_owned()],
            ..agency(4, "H99.31", "Ủy ban nhân dân huyện Kim Sơn")
        },
        agency(5, "H10", "Ủy ban nhân dân tỉnh Minh Châu"),
        Agency {
            parent: Some(AgencyId(5)),
            symbol: Some("SNV".to_owned()),
            ..agency(6, "H10.11", "Sở Nội vụ")
        },
    ]
}

fn names(store: &Store, text: &str, on: Date) -> Vec<String> {
    let wish = AgencyWish {
        text,
        on,
        home: Some("H99"),
        limit: 10,
    };
    let found = store.agencies_find(wish).expect("finds");
    found.into_iter().map(|one| one.agency.code).collect()
}

#[test]
fn an_agency_is_found_by_words_in_any_order_by_symbol_by_either_code_and_by_what_is_above_it() {
    let (_dir, store) = fresh();
    let taken = store.apply_agencies(None, &page(entered(), &[], "a-6"));
    assert!(taken.expect("kept"));
    for typed in ["so noi vu", "Nội vụ", "vu noi", "snv", "SNV"] {
        assert_eq!(names(&store, typed, TODAY), ["H99.11", "H10.11"], "{typed}");
    }
    assert_eq!(names(&store, "noi vu minh chau", TODAY), ["H10.11"]);
    let provinces = names(&store, "ubnd tinh", TODAY);
    assert_eq!(provinces[..2], ["H99", "H10"], "before what is below them");
    for typed in ["H99.11", "000.00.11.H99"] {
        assert_eq!(names(&store, typed, TODAY)[0], "H99.11", "{typed}");
    }
    assert_eq!(names(&store, "khong co", TODAY), Vec::<String>::new());
    assert_eq!(names(&store, "\" OR * --", TODAY), Vec::<String>::new());
    let found = store.agencies_named("UBND tỉnh Hưng Thịnh").expect("asks");
    assert_eq!(found.len(), 1);
    let above = store.agency_of_code("H99.11", TODAY).expect("asks");
    let above = above.expect("is there").parent;
    assert_eq!(above.as_deref(), Some("Ủy ban nhân dân tỉnh Hưng Thịnh"));
}

#[test]
fn who_existed_on_the_day_of_the_document_comes_first_and_an_old_code_leads_to_what_it_became() {
    let (_dir, store) = fresh();
    store
        .apply_agencies(None, &page(entered(), &[], "a-6"))
        .expect("kept");
    let (before, first, last) = (date(2024, 5, 6), date(2025, 7, 1), date(2025, 6, 30));
    assert_eq!(names(&store, "kim son", TODAY), ["H99.101", "H99.31"]);
    assert_eq!(names(&store, "kim son", first), ["H99.101", "H99.31"]);
    assert_eq!(names(&store, "kim son", last), ["H99.31", "H99.101"]);
    assert_eq!(names(&store, "kim son", before), ["H99.31", "H99.101"]);
    let old = store.agency_of_code("000.00.31.H99", before).expect("asks");
    let old = old.expect("is there");
    assert_eq!(old.agency.id, AgencyId(4));
    assert_eq!(old.successors, ["Ủy ban nhân dân xã Kim Sơn"]);
}

#[test]
fn only_a_tombstone_removes_an_agency_and_a_page_for_another_place_changes_nothing() {
    let (dir, store) = fresh();
    assert_eq!(store.agencies_cursor().expect("asks"), None);
    store
        .apply_agencies(None, &page(entered(), &[], "a-6"))
        .expect("kept");
    // A late answer to the first question.
    let late = page(Vec::new(), &[1], "a-1");
    assert!(!store.apply_agencies(None, &late).expect("asks"));
    drop(store);

    let (store, _) = open(dir.path());
    assert_eq!(
        store.agencies_cursor().expect("asks").as_deref(),
        Some("a-6")
    );
    let renamed = agency(2, "H99", "Ủy ban nhân dân tỉnh Đông Hải");
    let news = page(vec![renamed], &[3], "a-8");
    assert!(store.apply_agencies(Some("a-6"), &news).expect("kept"));
    assert_eq!(names(&store, "kim son", TODAY), ["H99.31"]);
    assert_eq!(store.agency_of_code("H99.101", TODAY).expect("asks"), None);
    // What is below a renamed agency is found by its new name, and no longer by the old one.
    assert_eq!(names(&store, "noi vu dong hai", TODAY), ["H99.11"]);
    assert_eq!(
        names(&store, "noi vu hung thinh", TODAY),
        Vec::<String>::new()
    );

    // Another history of the server: all is asked for again, and what is here stays.
    store.restart_agencies().expect("kept");
    assert_eq!(store.agencies_cursor().expect("asks"), None);
    assert_eq!(store.agencies_all().expect("lists").len(), 5);
    let again = page(entered(), &[], "b-6");
    assert!(store.apply_agencies(None, &again).expect("kept"));
    assert_eq!(store.agencies_all().expect("lists").len(), 6);
    store.check().expect("sound");
}
