//! Tra cứu: the language of search, its orders, its counts, and the words of pages.

use congvan_model::{
    Direction, DocumentId, DocumentState, DocumentType, Urgency, civil_date, fold,
};
use congvan_protocol::Document;
use congvan_store::{AskedField, FoundPage, Narrow, SearchOrder, SearchQuery, Store, StoreError};
use proptest::prelude::*;

use crate::support::*;

fn wanted(text: &str) -> SearchQuery {
    SearchQuery {
        text: text.to_owned(),
        narrow: Narrow::default(),
        order: SearchOrder::Newest,
        skip: 0,
        limit: 200,
        now: NOW,
    }
}

fn ids(page: &FoundPage) -> Vec<u128> {
    page.rows
        .iter()
        .map(|found| found.row.id.0.as_u128())
        .collect()
}

fn find(store: &Store, text: &str) -> Vec<u128> {
    ids(&store.find(&wanted(text)).expect("finds"))
}

/// A letter of each of four agencies, of three years, in both directions.
fn office() -> (tempfile::TempDir, Store) {
    let (dir, store) = fresh();
    let mut all = Vec::new();
    for (number, subject, issuer, signer) in [
        (1, "V/v điều động cán bộ", "Sở Nội vụ", "Nguyễn Văn Hòa"),
        (2, "Báo cáo phòng chống bão", "Sở Tài chính", "Trần Thị Quý"),
        (3, "Kế hoạch hoà giải ở cơ sở", "UBND tỉnh", "Lê Đức Thuỷ"),
        (4, "Bảo vệ đê điều", "Sở Tài chính", "Lê Đức Thủy"),
    ] {
        let mut letter = document(number, subject);
        letter.issuer.name = issuer.to_owned();
        letter.signer.full_name = signer.to_owned();
        letter.arrived_at =
            NOW.plus_ms(-(5 - i64::try_from(number).expect("small")) * 31_536_000_000);
        letter.notation = Some(format!("{}/UBND-VX", number * 3).parse().expect("notation"));
        all.push(letter);
    }
    let [first, second, third, fourth] = all.as_mut_slice() else {
        panic!("four letters");
    };
    first.kind = DocumentType::Decision;
    first.issued_on = civil_date(2025, 3, 8);
    second.kind = DocumentType::Report;
    second.urgency = Urgency::Express;
    third.direction = Direction::Outgoing;
    third.state = DocumentState::Draft;
    third.notation = None;
    fourth.state = DocumentState::Resolved;
    pull(
        &store,
        "c1",
        all.into_iter().map(|letter| upsert(letter, 1)).collect(),
    );
    (dir, store)
}

#[test]
fn a_clerk_asks_each_field_by_its_name_with_or_without_marks() {
    let (_dir, store) = office();
    for (text, found) in [
        ("cơ quan:sở tài chính", &[4, 2][..]),
        ("co quan: tai chinh, bao cao", &[2]),
        ("người ký:thủy", &[4, 3]),
        ("nguoi ky: duc thuy", &[4, 3]),
        ("trích yếu:bão", &[4, 2]),
        ("trích yếu:\"phòng chống bão\"", &[2]),
        ("loại:quyết định", &[1]),
        ("loai:qđ", &[1]),
        ("loại:báo", &[2]),
        ("hướng:đi", &[3]),
        ("hướng:đến", &[4, 2, 1]),
        ("khẩn:hỏa tốc", &[2]),
        ("khẩn:có", &[2]),
        ("trạng thái:đã giải quyết", &[4]),
        ("trạng thái:dự thảo", &[3]),
        ("năm:2025", &[4]),
        ("năm:nay", &[]),
        ("từ:01/01/2024 đến:31/12/2025", &[4, 3]),
        ("tu:2024 den:2024", &[3]),
        ("ngày:8/3/2025", &[1]),
        ("ngày:03/2025", &[1]),
        ("số:12", &[4]),
        ("so 12", &[4]),
        ("số đến 2", &[2]),
        ("tài chính -bão", &[]),
        ("tài chính không:\"phòng chống\"", &[4]),
        ("-tài", &[3, 1]),
        ("không:loại", &[4, 3, 2, 1]),
        ("hạn:quá", &[]),
    ] {
        assert_eq!(find(&store, text), found, "{text}");
    }
}

#[test]
fn a_number_and_a_symbol_are_found_in_any_spelling() {
    let (_dir, store) = fresh();
    let mut letter = document(1, "x");
    letter.notation = Some("123/UBND-VX".parse().expect("notation"));
    let mut other = document(2, "y");
    other.notation = Some("5/GM-UBND".parse().expect("notation"));
    pull(&store, "c1", vec![upsert(letter, 1), upsert(other, 1)]);
    for typed in [
        "123/ubnd-vx",
        "123 ubnd vx",
        "số 123",
        "số:123/ubnd",
        "123/UBND–VX",
        "0123/UBND-VX",
        "ký hiệu:ubnd-vx",
        "\"123/UBND-VX\"",
    ] {
        assert_eq!(find(&store, typed), [1], "{typed}");
    }
    for typed in ["5/gm", "05/GM-UBND", "005/gm", "số 5"] {
        assert_eq!(find(&store, typed), [2], "{typed}");
    }
}

#[test]
fn what_is_not_understood_is_looked_for_as_words_and_told() {
    let (_dir, store) = office();
    let page = store.find(&wanted("năm:abc bão")).expect("finds");
    assert_eq!(page.unknown, ["năm: abc"]);
    assert_eq!(ids(&page), Vec::<u128>::new());
    let page = store.find(&wanted("abc:bão")).expect("finds");
    assert_eq!(page.unknown, ["abc:bão"]);
    let page = store
        .find(&wanted("cơ quan:tài chính năm:2025"))
        .expect("finds");
    let asked: Vec<(AskedField, &str)> = page
        .asked
        .iter()
        .map(|asked| (asked.field, asked.value.as_str()))
        .collect();
    assert_eq!(
        asked,
        [
            (AskedField::Agency, "tài chính"),
            (AskedField::Year, "2025")
        ]
    );
    assert_eq!(page.words, ["tai", "chinh"]);
}

#[test]
fn old_and_new_places_of_a_tone_and_i_and_y_are_one_spelling() {
    let (_dir, store) = office();
    for typed in ["hòa", "hoà", "hoa"] {
        assert_eq!(find(&store, typed), [3, 1], "{typed}");
    }
    assert_eq!(find(&store, "người ký:quí"), [2]);
    assert_eq!(find(&store, "người ký:quy"), [2]);
}

#[test]
fn on_request_the_words_as_they_were_typed_come_first() {
    let (_dir, store) = office();
    let best = |text: &str| {
        let query = SearchQuery {
            order: SearchOrder::Best,
            ..wanted(text)
        };
        ids(&store.find(&query).expect("finds"))
    };
    assert_eq!(find(&store, "bão"), [4, 2]);
    assert_eq!(best("bão"), [2, 4], "the storm before the protection");
    assert_eq!(best("bảo"), [4, 2]);
    assert_eq!(best("điều"), [4, 1], "whole in both: the newest first");
    let oldest = SearchQuery {
        order: SearchOrder::Oldest,
        ..wanted("")
    };
    assert_eq!(ids(&store.find(&oldest).expect("finds")), [1, 2, 3, 4]);
}

#[test]
fn what_is_chosen_narrows_and_is_counted() {
    let (_dir, store) = office();
    let facets = store.facets(&wanted("")).expect("counts");
    assert_eq!((facets.counted, facets.is_more), (4, false));
    let issuers: Vec<(&str, u32)> = facets
        .issuers
        .iter()
        .map(|one| (one.value.as_str(), one.count))
        .collect();
    assert_eq!(
        issuers,
        [("Sở Tài chính", 2), ("Sở Nội vụ", 1), ("UBND tỉnh", 1)]
    );
    let years: Vec<i16> = facets.years.iter().map(|one| one.value).collect();
    assert_eq!(years, [2025, 2024, 2023, 2022]);
    let narrowed = |narrow: Narrow| {
        let query = SearchQuery {
            narrow,
            ..wanted("tài chính")
        };
        ids(&store.find(&query).expect("finds"))
    };
    for (narrow, found) in [
        (
            Narrow {
                year: Some(2025),
                ..Narrow::default()
            },
            4,
        ),
        (
            Narrow {
                kind: Some(DocumentType::Report),
                ..Narrow::default()
            },
            2,
        ),
        (
            Narrow {
                state: Some(DocumentState::Resolved),
                ..Narrow::default()
            },
            4,
        ),
        (
            Narrow {
                urgency: Some(Urgency::Express),
                ..Narrow::default()
            },
            2,
        ),
    ] {
        assert_eq!(narrowed(narrow.clone()), [found], "{narrow:?}");
    }
    let issuer = Some("Sở Tài chính".to_owned());
    assert_eq!(
        narrowed(Narrow {
            issuer,
            ..Narrow::default()
        }),
        [4, 2]
    );
}

#[test]
fn pages_come_by_place_without_gap_or_repetition_in_every_order() {
    let (_dir, store) = fresh();
    let subject = |number: u128| match number % 3 {
        0 => "phòng chống bão lụt",
        1 => "bão và phòng dịch, chống hạn",
        _ => "bao phong toa chong chéo",
    };
    let changes = (1..=60).map(|number| upsert(document(number, subject(number)), 1));
    pull(&store, "c1", changes.collect());
    for order in [SearchOrder::Newest, SearchOrder::Oldest, SearchOrder::Best] {
        let whole = SearchQuery {
            order,
            ..wanted("phòng chống bão")
        };
        let whole_ids = ids(&store.find(&whole).expect("finds"));
        assert_eq!(whole_ids.len(), 60, "{order:?}");
        let mut paged = Vec::new();
        for skip in (0..60).step_by(7) {
            let part = SearchQuery {
                skip,
                limit: 7,
                ..whole.clone()
            };
            paged.extend(ids(&store.find(&part).expect("finds")));
        }
        assert_eq!(paged, whole_ids, "{order:?}");
    }
}

#[test]
fn our_own_unsent_acts_count_in_states() {
    let (_dir, store) = fresh();
    pull(
        &store,
        "c1",
        vec![
            upsert(overdue(document(1, "lũ")), 1),
            upsert(document(2, "lũ"), 1),
        ],
    );
    assert_eq!(find(&store, "hạn:quá"), [1]);
    assert_eq!(find(&store, "hạn:20/11/2026"), [1]);
    assert_eq!(find(&store, "trạng thái:đã vào sổ"), [2, 1]);
    let act = congvan_protocol::handling::HandlingAct::TakeUp {};
    store
        .handle(id(1), act, (ME, "Ánh"), NOW)
        .expect("recorded");
    assert_eq!(find(&store, "trạng thái:đã vào sổ"), [2]);
    assert_eq!(find(&store, "trạng thái:đang xử lý"), [1]);
    let facets = store.facets(&wanted("lu")).expect("counts");
    let states: Vec<DocumentState> = facets.states.iter().map(|one| one.value).collect();
    assert_eq!(
        states,
        [DocumentState::InProgress, DocumentState::Registered]
    );
}

#[test]
fn the_words_of_pages_find_the_document_and_are_shown_with_what_is_around() {
    let (_dir, store) = fresh();
    let sha256 = blob(&store, b"%PDF-1.7 letter");
    let mut letter = document(1, "V/v tập huấn");
    letter.files = vec![file(9, sha256, 15)];
    pull(
        &store,
        "c1",
        vec![upsert(letter.clone(), 1), upsert(document(2, "khác"), 1)],
    );
    assert_eq!(store.files_to_read(10).expect("asks"), [sha256]);
    let words = "Kính gửi các đơn vị. Lớp tập huấn mở tại nhà văn hóa thôn Đông, sáng thứ hai.";
    assert_eq!(store.file_text_set(sha256, words).expect("keeps"), 1);
    assert_eq!(store.files_to_read(10).expect("asks"), []);
    for typed in [
        "van hoá thon dong",
        "nội dung:\"nhà văn hóa\"",
        "tập huấn thôn",
    ] {
        assert_eq!(find(&store, typed), [1], "{typed}");
    }
    assert_eq!(find(&store, "trích yếu:thôn"), Vec::<u128>::new());
    let excerpts = store
        .excerpts("tập huấn thôn", NOW, &[id(1), id(2)])
        .expect("reads");
    assert_eq!(excerpts.len(), 1);
    assert!(excerpts[0].on_page && excerpts[0].text.contains("nhà văn hóa thôn Đông"));
    // What the server changes does not make the pages unread.
    letter.subject = "V/v tập huấn (mới)".to_owned();
    pull(&store, "c2", vec![upsert(letter, 2)]);
    assert_eq!(find(&store, "van hoa thon"), [1]);
    // Nothing is kept of what is gone.
    pull(&store, "c3", vec![remove(id(1), 3)]);
    assert_eq!(find(&store, "van hoa thon"), Vec::<u128>::new());
    assert_eq!(store.file_text_set(sha256, words).expect("of no effect"), 0);
}

#[test]
fn a_saved_search_tells_what_it_finds_now() {
    let (_dir, store) = office();
    let narrow = Narrow {
        direction: Some(Direction::Incoming),
        ..Narrow::default()
    };
    store
        .put_saved_search("Của Sở Tài chính", "cơ quan:tài chính", &narrow)
        .expect("kept");
    let counts = |store: &Store| -> Result<Vec<(String, u32)>, StoreError> {
        let all = store.saved_searches(NOW)?;
        Ok(all.into_iter().map(|one| (one.name, one.count)).collect())
    };
    assert_eq!(
        counts(&store).expect("counts"),
        [("Của Sở Tài chính".to_owned(), 2)]
    );
    let mut another = document(9, "thêm");
    another.issuer.name = "Sở Tài chính".to_owned();
    pull(&store, "c2", vec![upsert(another, 1)]);
    assert_eq!(counts(&store).expect("counts")[0].1, 3, "after a sync");
    store
        .put_saved_search("của sở tài chính", "bão", &Narrow::default())
        .expect("replaced");
    let all = store.saved_searches(NOW).expect("reads");
    assert_eq!(
        (all.len(), all[0].text.as_str(), all[0].count),
        (1, "bão", 2)
    );
    store.remove_saved_search(all[0].id).expect("forgotten");
    assert!(store.saved_searches(NOW).expect("reads").is_empty());
}

const SYLLABLES: [&str; 10] = [
    "bão", "bảo", "hòa", "hoà", "điều", "dieu", "quy", "qui", "12", "012",
];

/// What a document says of itself, folded, zeros gone: what brute force looks through.
fn said(document: &Document) -> Vec<String> {
    let notation = document.notation.as_ref().map(ToString::to_string);
    let text = format!(
        "{} {} {}",
        notation.unwrap_or_default(),
        document.subject,
        document.issuer.name
    );
    fold(&text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.trim_start_matches('0').to_owned())
        .collect()
}

/// `i` and `y` at the end of "qu" are one.
fn spellings(word: &str) -> Vec<String> {
    let word = fold(word).trim_start_matches('0').to_owned();
    match word.as_str() {
        "quy" | "qui" => vec!["quy".to_owned(), "qui".to_owned()],
        _ => vec![word],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_index_answers_like_a_walk_through_every_document(
        letters in prop::collection::vec(
            (prop::collection::vec(0..SYLLABLES.len(), 1..5), 0..3_usize, any::<bool>()), 1..14),
        queries in prop::collection::vec(
            (prop::collection::vec((0..SYLLABLES.len(), any::<bool>()), 0..4),
                prop::option::of(0..3_usize), prop::option::of(any::<bool>())), 1..8),
    ) {
        let issuers = ["Sở Xây dựng", "Phòng Kinh tế", "Xã Tân Lập"];
        let (_dir, store) = fresh();
        let mut all: Vec<Document> = Vec::new();
        for (number, (words, issuer, out)) in (1_u128..).zip(&letters) {
            let subject: Vec<&str> = words.iter().map(|word| SYLLABLES[*word]).collect();
            let mut letter = document(number * 100, &subject.join(" "));
            letter.issuer.name = issuers[*issuer].to_owned();
            if *out {
                letter = to_sign(letter);
            }
            all.push(letter);
        }
        pull(&store, "c1", all.iter().map(|letter| upsert(letter.clone(), 1)).collect());
        for (words, issuer, out) in &queries {
            let mut typed: Vec<String> = words
                .iter()
                .map(|(word, not)| format!("{}{}", if *not { "-" } else { "" }, SYLLABLES[*word]))
                .collect();
            if let Some(issuer) = issuer {
                typed.push(format!("cơ quan:\"{}\"", issuers[*issuer]));
            }
            if let Some(out) = out {
                typed.push(format!("hướng:{}", if *out { "đi" } else { "đến" }));
            }
            let fits = |letter: &Document| {
                let said = said(letter);
                let has = |word: &str| spellings(word)
                    .iter()
                    .any(|one| said.iter().any(|word| word.starts_with(one.as_str())));
                words.iter().all(|(word, not)| has(SYLLABLES[*word]) != *not)
                    && issuer.is_none_or(|issuer| letter.issuer.name == issuers[issuer])
                    && out.is_none_or(|out| (letter.direction == Direction::Outgoing) == out)
            };
            let mut expected: Vec<u128> = all
                .iter()
                .filter(|letter| fits(letter))
                .map(|letter| letter.id.0.as_u128())
                .collect();
            expected.reverse();
            let text = typed.join(" ");
            let page = store.find(&wanted(&text)).expect("finds");
            prop_assert_eq!(ids(&page), expected.clone(), "{}", &text);
            prop_assert_eq!(page.total as usize, expected.len());
            let best = SearchQuery { order: SearchOrder::Best, ..wanted(&text) };
            let mut best = ids(&store.find(&best).expect("finds"));
            best.sort_unstable();
            best.reverse();
            prop_assert_eq!(best, expected, "every tier together is all of it: {}", &text);
        }
    }

    #[test]
    fn whatever_is_typed_is_answered(text in "\\PC{0,60}") {
        let (_dir, store) = fresh();
        pull(&store, "c1", vec![upsert(document(1, "lũ lụt"), 1)]);
        for order in [SearchOrder::Newest, SearchOrder::Best] {
            let query = SearchQuery { order, ..wanted(&text) };
            store.find(&query).expect("finds");
        }
        store.facets(&wanted(&text)).expect("counts");
        let _ = store.excerpts(&text, NOW, &[DocumentId(uuid::Uuid::from_u128(1))]).expect("reads");
    }
}
