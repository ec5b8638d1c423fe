//! The lists of what goes out, by what each document asks of this person; and the groups of recipients.

use congvan_model::{AccountId, Direction, DocumentState, Role};
use congvan_protocol::{
    AccountInfo, AgencyInfo, Document, OpOutcome, Post, ProblemCode,
    handling::{Done, Handling, HandlingAct, Initials, Named, Numbered, Outgoing},
};
use congvan_store::{OWNER_SETTING, Store, StoreError, View};

use crate::{support::*, upgrade::connect};

const OTHER: AccountId = AccountId(8);
const LISTS: [View; 5] = [
    View::Drafts,
    View::OutgoingCheck,
    View::ToSign,
    View::OutgoingIssue,
    View::OutgoingIssued,
];

fn desk_of(role: Role) -> (tempfile::TempDir, Store) {
    let (dir, store) = fresh();
    let owner = AccountInfo {
        id: ME,
        username: "a".to_owned(),
        full_name: "Nguyễn Thị Ánh".to_owned(),
        posts: vec![Post {
            role,
            title: "Công chức".to_owned(),
            agency: agency("H99.101", "UBND xã Bình Minh Đông"),
            since: None,
            until: None,
        }],
    };
    let owner = serde_json::to_string(&owner).expect("JSON");
    store.set_setting(OWNER_SETTING, &owner).expect("kept");
    (dir, store)
}

fn agency(code: &str, name: &str) -> AgencyInfo {
    AgencyInfo {
        code: code.to_owned(),
        name: name.to_owned(),
    }
}

fn named(account: AccountId) -> Named {
    Named {
        account,
        full_name: "Trần Thị B".to_owned(),
    }
}

/// A document that goes out, drafted, answered for, initialled and signed by these.
fn outgoing(
    number: u128,
    state: DocumentState,
    [drafter, reviewer, initials, signer]: [AccountId; 4],
) -> Document {
    let mut document = document(number, "x");
    document.direction = Direction::Outgoing;
    document.state = state;
    document.handling = Some(Box::new(Handling {
        director: Some(named(signer)),
        outgoing: Some(Box::new(Outgoing {
            reviewer: Some(named(reviewer)),
            initials: vec![Initials {
                person: named(initials),
                at: None,
            }],
            ..Outgoing::of(named(drafter), "QĐ-UBND".to_owned())
        })),
        ..Handling::default()
    }));
    document
}

/// One in each state for each part that a person can have in it, and two from elsewhere.
fn all() -> Vec<Document> {
    use DocumentState::{
        AwaitingInitials, AwaitingSignature, ContentReview, Draft, Filed, FormatReview, Issued,
        Signed,
    };
    let o = OTHER;
    let mut initialled = outgoing(8, AwaitingInitials, [o, o, ME, o]);
    let done = initialled.handling.as_mut().and_then(|handling| {
        let out = handling.outgoing.as_deref_mut()?;
        out.initials.first_mut()
    });
    done.expect("initials").at = Some(NOW);
    let mut foreign = to_sign(document(13, "x"));
    foreign.handling = None;
    let mut scanned = document(14, "x");
    (scanned.direction, scanned.state) = (Direction::Outgoing, Signed);
    vec![
        outgoing(1, Draft, [ME, o, o, o]),
        outgoing(2, Draft, [o, ME, ME, ME]),
        outgoing(3, ContentReview, [o, ME, o, o]),
        outgoing(4, ContentReview, [ME, o, o, o]),
        outgoing(5, FormatReview, [o, o, o, o]),
        outgoing(6, FormatReview, [ME, o, o, o]),
        outgoing(7, AwaitingInitials, [o, o, ME, o]),
        initialled,
        outgoing(9, AwaitingSignature, [o, o, o, ME]),
        outgoing(10, AwaitingSignature, [ME, o, o, o]),
        outgoing(11, Signed, [o, o, o, ME]),
        outgoing(12, Signed, [ME, o, o, o]),
        foreign,
        scanned,
        outgoing(15, Issued, [o, o, o, o]),
        outgoing(16, Filed, [ME, o, o, o]),
    ]
}

fn pulled(role: Role) -> (tempfile::TempDir, Store) {
    let (dir, store) = desk_of(role);
    let changes = all().into_iter().map(|one| upsert(one, 1)).collect();
    pull(&store, "c1", changes);
    (dir, store)
}

/// Each list, and that the counts say the same.
fn lists(store: &Store) -> [Vec<u128>; 5] {
    let found = LISTS.map(|view| numbers(store, view, ""));
    let counts = store.counts(NOW).expect("counts");
    let told = [
        counts.drafts,
        counts.outgoing_check,
        counts.to_sign,
        counts.outgoing_issue,
    ];
    for (list, count) in found.iter().zip(told) {
        assert_eq!(list.len(), count as usize, "{found:?} {counts:?}");
    }
    found
}

#[test]
fn what_goes_out_is_in_the_list_of_what_it_asks_of_this_person_and_in_no_other() {
    let issued = || vec![16, 15];
    let (_dir, official) = pulled(Role::Official);
    assert_eq!(
        lists(&official),
        [vec![12, 10, 6, 4, 1], vec![7, 3], vec![9], vec![], issued()],
        "what waits for the leader is not an official's to sign"
    );
    let (_dir, clerk) = pulled(Role::Clerk);
    assert_eq!(
        lists(&clerk),
        [
            vec![10, 4, 1],
            vec![7, 6, 5, 3],
            vec![9],
            vec![12, 11],
            issued()
        ]
    );
    let (_dir, leader) = pulled(Role::Leader);
    assert_eq!(
        lists(&leader),
        [
            vec![12, 10, 6, 4, 1],
            vec![7, 3],
            vec![13, 9],
            vec![],
            issued()
        ],
        "of what was drafted elsewhere a leader signs"
    );
}

#[test]
fn the_upgrade_puts_what_is_here_in_the_same_lists() {
    let upgrade = include_str!("../../src/schema/0018.sql");
    let (upgrade, _) = upgrade
        .split_once("-- Lists by state alone are gone.")
        .expect("its first part");
    for role in [Role::Official, Role::Clerk, Role::Leader, Role::Head] {
        let (dir, store) = pulled(role);
        let before = lists(&store);
        drop(store);
        let db = connect(&dir.path().join("desk.db"));
        db.execute("UPDATE document SET own_part = NULL", [])
            .expect("forgets");
        db.execute_batch(upgrade).expect("upgrades");
        drop(db);
        let (store, _) = open(dir.path());
        assert_eq!(lists(&store), before, "{role:?}");
    }
}

#[test]
fn an_act_moves_what_goes_out_at_once_and_taken_back_or_refused_it_comes_back() {
    let (_dir, store) = desk_of(Role::Clerk);
    let mut ready = outgoing(1, DocumentState::Signed, [OTHER; 4]);
    let out = ready
        .handling
        .as_mut()
        .and_then(|handling| handling.outgoing.as_deref_mut())
        .expect("goes out");
    out.numbered = Some(Numbered {
        by: named(ME),
        at: NOW,
        number: None,
    });
    out.sealed = Some(Done {
        by: named(ME),
        at: NOW,
    });
    pull(&store, "c1", vec![upsert(ready, 1)]);
    let issue = || HandlingAct::Issue {
        to: vec![agency("H99.102", "UBND phường An Phú Tây")],
        places: Vec::new(),
    };
    let act = |what| {
        store
            .handle(id(1), what, (ME, "Nguyễn Thị Ánh"), NOW)
            .expect("kept")
    };
    act(issue());
    let [_, _, _, waits, issued] = lists(&store);
    assert_eq!((waits, issued), (vec![], vec![1]));
    store.undo_handling(id(1), NOW).expect("taken back");
    assert_eq!(lists(&store)[3], [1]);
    let again = act(issue());
    let refused = OpOutcome::Rejected {
        code: ProblemCode::WrongState,
        detail: String::new(),
    };
    answer(&store, "c2", vec![], vec![result(again.op, refused)]);
    assert_eq!(lists(&store)[3], [1]);
}

#[test]
fn groups_of_recipients_are_kept_renamed_and_forgotten_and_no_two_read_alike() {
    let (dir, store) = fresh();
    let near = [
        agency("H99.102", "UBND phường An Phú Tây"),
        agency("H99.103", "UBND xã Tân Hòa"),
    ];
    let put = |store: &Store, id, name: &str, members: &[AgencyInfo]| {
        store.put_recipient_group(id, (name, members))
    };
    assert!(put(&store, None, " Các xã lân cận ", &near).expect("kept"));
    assert!(put(&store, None, "Báo, đài", &near[..1]).expect("kept"));
    // Written decomposed, in capitals and without marks it reads the same.
    for name in [
        "CÁC XÃ LÂN CẬN",
        "Ca\u{301}c xa\u{303} lân cận",
        "cac xa lan can",
    ] {
        let taken = put(&store, None, name, &near);
        assert!(matches!(taken, Err(StoreError::GroupTaken)), "{name}");
    }
    drop(store);
    let (store, _) = open(dir.path());
    let groups = store.recipient_groups().expect("reads");
    let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["Báo, đài", "Các xã lân cận"]);
    assert_eq!(groups[1].members, near);
    let (press, communes) = (groups[0].id, groups[1].id);
    let taken = put(&store, Some(press), "các xã lân cận", &near);
    assert!(matches!(taken, Err(StoreError::GroupTaken)));
    assert!(put(&store, Some(communes), "Các Xã lân cận", &near[1..]).expect("changed"));
    store.remove_recipient_group(press).expect("forgotten");
    assert!(!put(&store, Some(press), "Báo chí", &near).expect("asked"));
    let groups = store.recipient_groups().expect("reads");
    assert_eq!(groups.len(), 1);
    assert_eq!(
        (groups[0].name.as_str(), groups[0].members.as_slice()),
        ("Các Xã lân cận", &near[1..])
    );
}
