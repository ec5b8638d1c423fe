//! Scans: stacks, letters, changes of pages, and what goes.

use std::fs;

use congvan_model::{Sha256, Timestamp};
use congvan_store::{
    BlobInfo, LetterFields, LetterId, LetterQuery, LetterReading, LetterState, NewStack, PagesAct,
    Piece, Proposal, ScanRefusal, Sheet, StackContent, StackFault, StackId, StackOrigin, Store,
    StoreError,
};

use crate::support::*;

const DAY: i64 = 24 * 3_600_000;

fn blob(store: &Store, bytes: &[u8]) -> BlobInfo {
    let mut writer = store.blob_create().expect("begins");
    writer.write(bytes).expect("writes");
    writer.finish(None, NOW).expect("is durable")
}

fn add(store: &Store, name: &str, bytes: &[u8]) -> (StackId, Option<StackFault>) {
    let new = NewStack {
        name: name.to_owned(),
        origin: StackOrigin::Dropped,
        file: Ok(blob(store, bytes)),
        wish: None,
    };
    let added = store.stack_add(&new, NOW).expect("is entered");
    (added.id, added.code)
}

fn content(pdf: Sha256, pages: u32, pieces: &[&[u32]]) -> StackContent {
    StackContent {
        pdf,
        signed: false,
        sheets: vec![
            Sheet {
                width_pt: 595.0,
                height_pt: 842.0,
                ..Sheet::default()
            };
            usize::try_from(pages).expect("few")
        ],
        pieces: pieces
            .iter()
            .map(|pages| Piece {
                department: None,
                pages: pages.to_vec(),
            })
            .collect(),
        proposal: None,
    }
}

/// A stack of `pages` pages that is one letter.
fn letter(store: &Store, name: &str, pages: u32) -> (StackId, LetterId, BlobInfo) {
    let info = blob(store, name.as_bytes());
    let (stack, code) = add(store, name, name.as_bytes());
    assert_eq!(code, None);
    let all: Vec<u32> = (0..pages).collect();
    let made = store
        .stack_ready(stack, &content(info.sha256, pages, &[&all]), NOW)
        .expect("is made");
    (stack, made[0], info)
}

fn inbox(store: &Store) -> Vec<LetterId> {
    let list = store.letters(&LetterQuery {
        limit: 100,
        ..LetterQuery::default()
    });
    list.expect("lists").rows.iter().map(|row| row.id).collect()
}

/// Every page of every letter of the inbox, in order: stack, page, turns.
fn layout(store: &Store) -> Vec<Vec<(StackId, u32, u8, bool)>> {
    inbox(store)
        .into_iter()
        .map(|id| {
            let letter = store.letter(id).expect("reads").expect("is there");
            let pages = letter.pages.iter();
            pages
                .map(|page| (page.stack, page.page, page.turns, page.straighten))
                .collect()
        })
        .collect()
}

fn read(store: &Store, id: LetterId, subject: &str) -> bool {
    let rev = store
        .letter(id)
        .expect("reads")
        .expect("is there")
        .row
        .pages_rev;
    let reading = LetterReading {
        fields: LetterFields {
            subject: subject.to_owned(),
            ..LetterFields::default()
        },
        confidence: 0.5,
        ..LetterReading::default()
    };
    store.letter_read((id, rev), &reading, NOW).expect("keeps")
}

fn why(done: Result<(), StoreError>) -> ScanRefusal {
    match done {
        Err(StoreError::Scan { why }) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_same_bytes_make_one_stack_however_often_they_come() {
    let (_dir, store) = fresh();
    let (first, id, _) = letter(&store, "một.pdf", 2);
    for _ in 0..3 {
        let (again, code) = add(&store, "hai.pdf", "một.pdf".as_bytes());
        assert_ne!(again, first);
        assert_eq!(code, Some(StackFault::SameFile));
    }
    let shown = store.stacks_shown().expect("lists");
    assert_eq!(shown.len(), 1, "the same message is not repeated");
    assert_eq!(shown[0].same_as, Some(id));
    assert_eq!(inbox(&store), [id]);

    // A letter that was discarded by mistake may come again.
    store
        .pages_act(&PagesAct::Discard { letter: id }, NOW)
        .expect("goes");
    assert_eq!(add(&store, "hai.pdf", "một.pdf".as_bytes()).1, None);
}

#[test]
fn letters_of_a_stack_are_made_once() {
    let (_dir, store) = fresh();
    let (stack, id, info) = letter(&store, "a.pdf", 2);
    let again = store.stack_ready(stack, &content(info.sha256, 2, &[&[0, 1]]), NOW);
    assert_eq!(again.expect("answers"), []);
    assert_eq!(inbox(&store), [id]);
}

#[test]
fn a_scan_that_was_cut_off_keeps_the_pages_that_came() {
    let (dir, store) = fresh();
    let stack = store.stack_open("Quét 09:15", NOW).expect("opens");
    let empty = store.stack_open("Quét 09:16", NOW).expect("opens");
    for page in [b"page 1", b"page 2"] {
        let info = blob(&store, page);
        store.stack_page_add(stack, info).expect("is safe");
    }
    drop(store);
    let (store, _) = open(dir.path());
    assert_eq!(store.stacks_close_all().expect("closes"), 1);
    let pending = store.stacks_pending(10).expect("lists");
    assert_eq!(pending.len(), 1);
    assert_eq!((pending[0].id, pending[0].files.len()), (stack, 2));
    assert!(store.stack(empty).expect("reads").is_none());
    let late = store.stack_page_add(stack, blob(&store, b"page 3"));
    assert_eq!(why(late.map(drop)), ScanRefusal::State);
}

#[test]
fn wishes_stay_until_their_file_is_entered() {
    let (dir, store) = fresh();
    let paths = ["/a.pdf".to_owned(), "/b.pdf".to_owned()];
    let wishes = store.scan_wishes_add(&paths, NOW).expect("keeps");
    let new = NewStack {
        name: "a.pdf".to_owned(),
        origin: StackOrigin::Dropped,
        file: Err(StackFault::Empty),
        wish: Some(wishes[0]),
    };
    store.stack_add(&new, NOW).expect("is entered");
    drop(store);
    let (store, _) = open(dir.path());
    let left = store.scan_wishes().expect("lists");
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].path, "/b.pdf");
    assert_eq!(store.scans_pending().expect("counts"), 1);
}

/// A small generator, so that the walk is the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % limit.max(1) as u64).expect("small")
    }
}

fn any_act(store: &Store, dice: &mut Dice) -> PagesAct {
    let letters = inbox(store);
    let pick = |dice: &mut Dice| letters[dice.below(letters.len()) as usize];
    let letter = pick(dice);
    let pages = store
        .letter(letter)
        .expect("reads")
        .expect("is there")
        .pages
        .len();
    let page = dice.below(pages);
    match dice.below(8) {
        0 => PagesAct::Split { letter, page },
        1 => PagesAct::Merge { letter },
        2 => PagesAct::Order {
            letter,
            order: (0..u32::try_from(pages).expect("few")).rev().collect(),
        },
        3 => PagesAct::Turn {
            letter,
            page,
            turns: 1,
        },
        4 => PagesAct::Straighten {
            letter,
            page,
            on: true,
        },
        5 => {
            let from = pick(dice);
            PagesAct::Insert {
                letter,
                before: page,
                from,
                pages: vec![0],
            }
        }
        6 => PagesAct::Remove {
            letter,
            pages: vec![page],
        },
        _ => PagesAct::Discard { letter },
    }
}

#[test]
fn any_change_of_pages_can_be_undone_and_none_loses_or_doubles_a_page() {
    let (_dir, store) = fresh();
    for name in ["a.pdf", "b.pdf", "c.pdf"] {
        letter(&store, name, 5);
    }
    let mut dice = Dice(7);
    let mut stood = vec![layout(&store)];
    let (mut done, mut refused) = (0, 0);
    while done < 40 {
        if inbox(&store).len() < 2 {
            letter(&store, &format!("more {done}.pdf"), 5);
            // What was there before the new stack is not gone back to.
            stood = vec![layout(&store)];
        }
        let act = any_act(&store, &mut dice);
        let before = layout(&store).concat().len();
        match store.pages_act(&act, NOW) {
            Ok(()) => {
                done += 1;
                stood.push(layout(&store));
            }
            Err(StoreError::Scan { .. }) => {
                refused += 1;
                assert_eq!(
                    Some(&layout(&store)),
                    stood.last(),
                    "{act:?} was refused and changed something"
                );
            }
            Err(error) => panic!("{act:?}: {error}"),
        }
        let pages: Vec<_> = layout(&store).concat();
        let mut once: Vec<_> = pages.iter().map(|page| (page.0, page.1)).collect();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), pages.len(), "{act:?} doubled a page");
        let takes = matches!(act, PagesAct::Remove { .. } | PagesAct::Discard { .. });
        assert!(takes || pages.len() == before, "{act:?} lost a page");
    }
    println!("{done} changes, {refused} refused");
    let last = stood.pop();
    assert_eq!(last, Some(layout(&store)));
    while let Some(before) = stood.pop() {
        store.pages_undo(NOW).expect("goes back");
        assert_eq!(layout(&store), before);
    }
}

#[test]
fn a_cut_of_a_stack_counts_only_when_a_person_agrees() {
    let (_dir, store) = fresh();
    let (stack, code) = add(&store, "stack.pdf", b"stack");
    assert_eq!(code, None);
    let mut content = content(blob(&store, b"stack").sha256, 6, &[&[0, 1, 2, 3, 4, 5]]);
    content.proposal = Some(Proposal {
        begins: vec![2, 4],
        blank: vec![1],
        sheets: Vec::new(),
    });
    store.stack_ready(stack, &content, NOW).expect("is made");
    assert_eq!(layout(&store).len(), 1);
    let settle = |accept| PagesAct::SettleSplit { stack, accept };
    store.pages_act(&settle(true), NOW).expect("is cut");
    let pages: Vec<Vec<u32>> = layout(&store)
        .iter()
        .map(|letter| letter.iter().map(|page| page.1).collect())
        .collect();
    assert_eq!(pages, [vec![0, 1], vec![2, 3], vec![4, 5]]);
    assert_eq!(store.stacks_shown().expect("lists"), []);
    store.pages_undo(NOW).expect("goes back");
    assert_eq!(layout(&store).len(), 1);
    assert_eq!(store.stacks_shown().expect("lists").len(), 1);
    store.pages_act(&settle(false), NOW).expect("stays whole");
    assert_eq!(layout(&store).len(), 1);
    assert_eq!(
        why(store.pages_act(&settle(true), NOW)),
        ScanRefusal::NotThere
    );
}

#[test]
fn what_is_signed_is_neither_cut_nor_turned_nor_merged() {
    let (_dir, store) = fresh();
    let (_, other, _) = letter(&store, "a.pdf", 2);
    let (stack, _) = add(&store, "signed.pdf", b"signed");
    let content = StackContent {
        signed: true,
        ..content(blob(&store, b"signed").sha256, 3, &[&[0, 1, 2]])
    };
    let id = store.stack_ready(stack, &content, NOW).expect("is made")[0];
    let acts = [
        PagesAct::Split {
            letter: id,
            page: 1,
        },
        PagesAct::Merge { letter: id },
        PagesAct::Turn {
            letter: id,
            page: 0,
            turns: 1,
        },
        PagesAct::Order {
            letter: id,
            order: vec![2, 1, 0],
        },
        PagesAct::Remove {
            letter: id,
            pages: vec![0],
        },
        PagesAct::Insert {
            letter: other,
            before: 0,
            from: id,
            pages: vec![0],
        },
        PagesAct::Insert {
            letter: id,
            before: 0,
            from: other,
            pages: vec![0],
        },
    ];
    let before = layout(&store);
    for act in acts {
        assert_eq!(
            why(store.pages_act(&act, NOW)),
            ScanRefusal::Signed,
            "{act:?}"
        );
    }
    assert_eq!(layout(&store), before);
    assert!(!store.pages_can_undo().expect("reads"));
}

#[test]
fn a_reading_never_replaces_what_a_person_wrote_nor_counts_for_other_pages() {
    let (_dir, store) = fresh();
    let (_, id, _) = letter(&store, "a.pdf", 3);
    let old = store.letters_to_read(9).expect("lists")[0].pages_rev;
    store
        .pages_act(
            &PagesAct::Split {
                letter: id,
                page: 1,
            },
            NOW,
        )
        .expect("is cut");
    let reading = LetterReading::default();
    assert!(
        !store
            .letter_read((id, old), &reading, NOW)
            .expect("answers")
    );
    assert_eq!(store.letters_to_read(9).expect("lists").len(), 2);

    let fields = LetterFields {
        activity: "to-chuc".to_owned(),
        subject: "của người".to_owned(),
        ..LetterFields::default()
    };
    store.letter_save(id, &fields).expect("keeps");
    assert!(read(&store, id, "của máy"));
    let found = store.letter(id).expect("reads").expect("is there").row;
    assert_eq!(found.fields, fields);
    assert_eq!(found.state, LetterState::Ready);
}

#[test]
fn changing_the_pages_of_a_confirmed_letter_takes_the_confirmation_back() {
    let (_dir, store) = fresh();
    let (_, id, _) = letter(&store, "a.pdf", 3);
    assert!(read(&store, id, "đọc"));
    let fields = LetterFields::default();
    store.letter_confirm(id, &fields, NOW).expect("confirms");
    let turn = PagesAct::Turn {
        letter: id,
        page: 0,
        turns: 2,
    };
    store.pages_act(&turn, NOW).expect("turns");
    let state = |store: &Store| store.letter(id).expect("reads").expect("there").row.state;
    assert_eq!(state(&store), LetterState::Ready);
    store.pages_undo(NOW).expect("goes back");
    assert_eq!(state(&store), LetterState::Confirmed);
    store.letter_reopen(id, NOW).expect("opens");
    assert_eq!(why(store.letter_reopen(id, NOW)), ScanRefusal::State);
}

#[test]
fn the_most_doubtful_letter_comes_next() {
    let (_dir, store) = fresh();
    let mut ids = Vec::new();
    for (name, confidence) in [("a", 0.9), ("b", 0.2), ("c", 0.5)] {
        let (_, id, _) = letter(&store, name, 1);
        let reading = LetterReading {
            confidence,
            ..LetterReading::default()
        };
        assert!(store.letter_read((id, 0), &reading, NOW).expect("keeps"));
        ids.push(id);
    }
    assert_eq!(store.letter_next(None).expect("answers"), Some(ids[1]));
    assert_eq!(
        store.letter_next(Some(ids[1])).expect("answers"),
        Some(ids[2])
    );
    for id in &ids {
        let fields = LetterFields::default();
        store.letter_confirm(*id, &fields, NOW).expect("confirms");
    }
    assert_eq!(store.letter_next(None).expect("answers"), None);
    let counts = store.letter_counts(NOW).expect("counts");
    assert_eq!((counts.ready, counts.confirmed), (0, 3));
}

#[test]
fn nothing_of_a_secret_letter_stays_but_its_name_and_its_time() {
    let (dir, store) = fresh();
    let (_, id, info) = letter(&store, "thư.pdf", 2);
    let made = blob(&store, b"made of it");
    store
        .letter_pdf_set((id, 0), (made.sha256, 2))
        .expect("keeps");
    assert!(read(&store, id, "nội dung mật"));
    let fields = LetterFields {
        activity: "quoc-phong".to_owned(),
        ..LetterFields::default()
    };
    store.letter_save(id, &fields).expect("keeps");
    let lesson = (&*id.to_string(), "nội dung mật");
    store.lesson_put("activity", lesson, NOW).expect("learns");
    let files = |dir: &std::path::Path| {
        let shelves = fs::read_dir(dir.join("blobs")).expect("lists");
        shelves
            .filter_map(|shelf| fs::read_dir(shelf.expect("shelf").path()).ok())
            .map(Iterator::count)
            .sum::<usize>()
    };
    assert_eq!(files(dir.path()), 2);
    assert_eq!(store.letter_secret(id, NOW).expect("goes"), []);
    assert_eq!(files(dir.path()), 0, "no bytes stay");
    assert!(!store.blob_present(info.sha256).expect("asks"));
    let left = store.letter(id).expect("reads").expect("is there");
    assert_eq!(left.row.state, LetterState::Secret);
    assert_eq!(left.row.name, "thư.pdf");
    assert_eq!(left.row.fields, LetterFields::default());
    assert_eq!(store.lessons("activity").expect("asks"), []);
    assert_eq!((left.pages.len(), left.row.cover), (0, None));
    let fields = LetterFields::default();
    assert_eq!(why(store.letter_save(id, &fields)), ScanRefusal::State);
}

#[test]
fn the_pages_of_a_secret_letter_leave_a_stack_that_others_share() {
    let (_dir, store) = fresh();
    let whole = blob(&store, b"whole");
    let (stack, _) = add(&store, "stack.pdf", b"whole");
    let made = store
        .stack_ready(stack, &content(whole.sha256, 4, &[&[0, 1], &[2, 3]]), NOW)
        .expect("is made");
    assert_eq!(store.letter_secret(made[0], NOW).expect("goes"), [stack]);
    assert_eq!(store.stacks_to_redact().expect("lists"), [stack]);
    assert_eq!(store.stack_secret_pages(stack).expect("lists"), [0, 1]);
    let rest = blob(&store, b"without them");
    store.stack_redacted(stack, rest.sha256).expect("is put in");
    assert!(!store.blob_present(whole.sha256).expect("asks"));
    assert_eq!(store.stacks_to_redact().expect("lists"), []);
    let other = store.letter(made[1]).expect("reads").expect("is there");
    assert_eq!(other.pages[0].pdf, rest.sha256);
    assert_eq!(other.pages[0].page, 2, "pages keep their numbers");
}

#[test]
fn scans_stay_thirty_days_after_they_are_settled_and_no_upkeep_takes_them_before() {
    let (_dir, store) = fresh();
    let (_, id, info) = letter(&store, "a.pdf", 1);
    let (_, open, kept) = letter(&store, "b.pdf", 1);
    store
        .pages_act(&PagesAct::Discard { letter: id }, NOW)
        .expect("goes");
    let later = |days: i64| Timestamp(NOW.0 + days * DAY);
    store.tidy_blobs(later(29)).expect("tidies");
    store.trim_blobs(u64::MAX).expect("trims");
    assert_eq!(store.scans_purge(later(29)).expect("looks"), 0);
    assert!(store.blob_present(info.sha256).expect("asks"));
    assert_eq!(store.scans_purge(later(31)).expect("looks"), 1);
    assert!(!store.blob_present(info.sha256).expect("asks"));
    assert!(store.blob_present(kept.sha256).expect("asks"));
    assert_eq!(inbox(&store), [open]);
}

#[test]
fn a_lesson_is_kept_once_a_key_and_by_its_latest_word() {
    let (_dir, store) = fresh();
    let put = |value: &str| store.lesson_put("agency", ("so noi vu", value), NOW);
    put("Sở Nội Vụ").expect("keeps");
    put("Sở Nội vụ").expect("keeps");
    let kept = store.lessons("agency").expect("lists");
    assert_eq!(kept, [("so noi vu".to_owned(), "Sở Nội vụ".to_owned())]);
    assert_eq!(store.lessons("signer").expect("lists"), []);
}
