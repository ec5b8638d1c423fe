//! The machine of documents that go out: every act by every part in every state, and what the acts do.

use congvan_model::{
    AccountId, Direction, DocumentState, DocumentType, FileId, RevisionId, Sha256, Urgency,
};
use uuid::Uuid;

use super::{
    ActKind, Actor, Course, DraftFields, Handling, HandlingAct, Refusal, in_words,
    tests::{AT, CLERK, COLLEAGUE, HEAD, LEADER, OFFICIAL, OTHER_HEAD, STATES, act, people, post},
};
use crate::{Intent, RegisteredFile};

pub(super) fn file(number: u8) -> RegisteredFile {
    RegisteredFile {
        file: FileId(Uuid::nil()),
        revision: RevisionId(Uuid::from_bytes([number; 16])),
        sha256: Sha256([number; 32]),
        size: 10,
        name: "du-thao.pdf".to_owned(),
        pages: Some(1),
    }
}

pub(super) fn fields() -> DraftFields {
    DraftFields {
        kind: DocumentType::Decision,
        symbol: "QĐ-UBND".to_owned(),
        subject: "Kiện toàn Ban Chỉ huy".to_owned(),
        urgency: Urgency::Normal,
    }
}

pub(super) fn drafted() -> Course {
    let people = people();
    let person = people.iter().find(|one| one.account.0 == OFFICIAL);
    let person = person.expect("the official");
    let posts = [post(person)];
    let actor = Actor {
        account: person.account,
        full_name: &person.full_name,
        posts: &posts,
    };
    Course::drafted(&fields(), &file(1), &actor, AT).expect("drafted")
}

pub(super) fn submit(to: i64, supports: &[i64]) -> HandlingAct {
    HandlingAct::Submit {
        to: AccountId(to),
        supports: supports.iter().copied().map(AccountId).collect(),
        text: String::new(),
    }
}

pub(super) fn approve() -> HandlingAct {
    HandlingAct::Approve {
        text: String::new(),
    }
}

pub(super) fn check_format(signer: i64, initials: &[i64]) -> HandlingAct {
    HandlingAct::CheckFormat {
        signer: AccountId(signer),
        initials: initials.iter().copied().map(AccountId).collect(),
        text: String::new(),
    }
}

pub(super) fn revise(number: u8) -> HandlingAct {
    HandlingAct::Revise {
        file: Some(Box::new(file(number))),
        fields: None,
        text: "Sửa căn cứ".to_owned(),
    }
}

pub(super) fn give_back() -> HandlingAct {
    HandlingAct::Return {
        reason: "Thiếu căn cứ".to_owned(),
    }
}

/// Before the leader, the head and the clerk having been named to initial it; the head has.
pub(super) fn initialling() -> Course {
    let mut course = drafted();
    act(&mut course, OFFICIAL, &submit(HEAD, &[OTHER_HEAD])).expect("submitted");
    act(&mut course, HEAD, &approve()).expect("approved");
    act(&mut course, CLERK, &check_format(LEADER, &[HEAD, CLERK])).expect("checked");
    act(&mut course, HEAD, &HandlingAct::Initial {}).expect("initialled");
    course
}

/// What the table must say, written a second time and by persons: the official drafted it, the head
/// answers for its content and has initialled it, the clerk is to.
#[test]
fn every_act_by_every_part_in_every_state_is_allowed_or_refused_as_written() {
    use DocumentState::{
        AwaitingInitials, AwaitingSignature, ContentReview, Draft, Filed, FormatReview, Issued,
        Signed,
    };
    let allowed: &[(ActKind, i64, &[DocumentState])] = &[
        (ActKind::Submit, OFFICIAL, &[Draft]),
        (ActKind::Discard, OFFICIAL, &[Draft]),
        (
            ActKind::TakeBack,
            OFFICIAL,
            &[
                ContentReview,
                FormatReview,
                AwaitingInitials,
                AwaitingSignature,
            ],
        ),
        (ActKind::Approve, HEAD, &[ContentReview]),
        (ActKind::CheckFormat, CLERK, &[FormatReview]),
        (ActKind::Initial, CLERK, &[AwaitingInitials]),
        (ActKind::Return, HEAD, &[ContentReview]),
        (
            ActKind::Return,
            CLERK,
            &[FormatReview, AwaitingInitials, Signed],
        ),
        (ActKind::Return, LEADER, &[AwaitingSignature]),
        (ActKind::Number, CLERK, &[Signed]),
        (ActKind::Mail, CLERK, &[Issued, Filed]),
        (ActKind::Lend, CLERK, &[Issued, Filed]),
        (ActKind::File, OFFICIAL, &[Issued]),
        (ActKind::File, CLERK, &[Issued]),
        (ActKind::Copy, CLERK, &[Issued, Filed]),
        (ActKind::Amend, CLERK, &[Issued, Filed]),
        (ActKind::Amend, OFFICIAL, &[Issued, Filed]),
    ];
    let mut checked = 0;
    for state in STATES {
        let mut course = initialling();
        course.state = state;
        for person in people() {
            let posts = [post(&person)];
            let actor = Actor {
                account: person.account,
                full_name: &person.full_name,
                posts: &posts,
            };
            for kind in ActKind::ALL {
                checked += 1;
                let may = allowed.iter().any(|(act, who, states)| {
                    *act == kind && *who == person.account.0 && states.contains(&state)
                });
                let answer = course.judge(kind, &actor).is_ok();
                assert_eq!(answer, may, "{kind:?} {} {state:?}", person.full_name);
            }
        }
    }
    assert_eq!(checked, STATES.len() * 6 * ActKind::ALL.len());
}

#[test]
fn who_has_a_draft_revises_it_and_each_version_has_its_number() {
    let mut course = drafted();
    assert_eq!(course.direction, Direction::Outgoing);
    act(&mut course, OFFICIAL, &revise(2)).expect("by the drafter");
    act(&mut course, OFFICIAL, &submit(HEAD, &[])).expect("submitted");
    assert_eq!(
        act(&mut course, OFFICIAL, &revise(3)),
        Err(Refusal::NotNow),
        "it is with the head now"
    );
    act(&mut course, HEAD, &revise(3)).expect("by who answers for it");
    assert_eq!(
        act(&mut course, HEAD, &revise(2)),
        Err(Refusal::Fact("file")),
        "the same bytes are no new version"
    );
    act(&mut course, HEAD, &approve()).expect("approved");
    assert_eq!(act(&mut course, HEAD, &revise(4)), Err(Refusal::NotNow));
    let out = course.handling.outgoing.as_ref().expect("goes out");
    let versions: Vec<_> = out
        .versions
        .iter()
        .map(|version| (version.number, version.by.account.0))
        .collect();
    assert_eq!(versions, [(1, OFFICIAL), (2, OFFICIAL), (3, HEAD)]);
    let nothing = HandlingAct::Revise {
        file: None,
        fields: None,
        text: String::new(),
    };
    let mut fresh = drafted();
    assert_eq!(
        act(&mut fresh, OFFICIAL, &nothing),
        Err(Refusal::Fact("file"))
    );
}

#[test]
fn a_symbol_belongs_to_its_kind_and_what_is_missing_is_named() {
    let with = |change: &dyn Fn(&mut DraftFields)| {
        let mut fields = fields();
        change(&mut fields);
        fields.check()
    };
    assert_eq!(with(&|_| {}), Ok(()));
    let letter = |fields: &mut DraftFields| {
        fields.kind = DocumentType::OfficialLetter;
        fields.symbol = "UBND-VX".to_owned();
    };
    assert_eq!(with(&letter), Ok(()));
    for symbol in ["", "UBND-VX", "KH-UBND", "QĐ UBND"] {
        let wrong = |fields: &mut DraftFields| fields.symbol = symbol.to_owned();
        assert_eq!(with(&wrong), Err(Refusal::Fact("symbol")), "{symbol}");
    }
    let named = |fields: &mut DraftFields| fields.kind = DocumentType::OfficialLetter;
    assert_eq!(with(&named), Err(Refusal::Fact("symbol")));
    let other = |fields: &mut DraftFields| fields.kind = DocumentType::Other;
    assert_eq!(with(&other), Err(Refusal::Fact("kind")));
    let silent = |fields: &mut DraftFields| fields.subject = "  ".to_owned();
    assert_eq!(with(&silent), Err(Refusal::Fact("subject")));
}

#[test]
fn it_reaches_the_leader_when_all_have_initialled_it_or_at_once_when_nobody_was_named() {
    let mut course = initialling();
    assert_eq!(course.state, DocumentState::AwaitingInitials);
    assert_eq!(
        act(&mut course, HEAD, &HandlingAct::Initial {}),
        Err(Refusal::NotNow),
        "once each"
    );
    assert_eq!(
        act(&mut course, OTHER_HEAD, &HandlingAct::Initial {}),
        Err(Refusal::NotYours)
    );
    act(&mut course, CLERK, &HandlingAct::Initial {}).expect("the last one");
    assert_eq!(course.state, DocumentState::AwaitingSignature);
    let mut straight = drafted();
    act(&mut straight, OFFICIAL, &submit(HEAD, &[])).expect("submitted");
    act(&mut straight, HEAD, &approve()).expect("approved");
    let before = straight.clone();
    for (wrong, fact) in [
        (check_format(HEAD, &[]), "signer"),
        (check_format(LEADER, &[LEADER]), "initials"),
        (check_format(LEADER, &[HEAD, HEAD]), "initials"),
        (check_format(LEADER, &[99]), "initials"),
    ] {
        assert_eq!(
            act(&mut straight, CLERK, &wrong),
            Err(Refusal::Fact(fact)),
            "{wrong:?}"
        );
        assert_eq!(straight, before);
    }
    act(&mut straight, CLERK, &check_format(LEADER, &[])).expect("checked");
    assert_eq!(straight.state, DocumentState::AwaitingSignature);
}

#[test]
fn only_the_leader_before_whom_a_draft_was_put_signs_it_and_of_others_nothing_is_said() {
    let (leader, other) = (AccountId(LEADER), AccountId(OTHER_HEAD));
    let course = initialling();
    assert!(course.handling.may_sign(leader) && !course.handling.may_sign(other));
    let nobody = drafted();
    assert!(!nobody.handling.may_sign(leader), "not put before anybody");
    let foreign = Handling::default();
    assert!(foreign.may_sign(leader) && foreign.may_sign(other));
}

#[test]
fn what_is_sent_back_or_taken_back_is_with_the_drafter_and_begins_anew() {
    let mut course = initialling();
    act(&mut course, CLERK, &give_back()).expect("sent back");
    assert_eq!(course.state, DocumentState::Draft);
    assert_eq!(course.holder().expect("one").account.0, OFFICIAL);
    let out = course.handling.outgoing.clone().expect("goes out");
    assert_eq!(out.sent_back.expect("why").reason, "Thiếu căn cứ");
    assert!(out.initials.is_empty() && out.checker.is_none());
    assert_eq!(course.handling.director, None);
    // Who checked it before is told that it is over, nobody else has anything to do with it.
    assert_eq!(act(&mut course, HEAD, &give_back()), Err(Refusal::NotNow));
    assert_eq!(
        act(&mut course, COLLEAGUE, &give_back()),
        Err(Refusal::NotYours)
    );
    act(&mut course, OFFICIAL, &revise(2)).expect("mended");
    act(&mut course, OFFICIAL, &submit(OTHER_HEAD, &[])).expect("to another");
    let out = course.handling.outgoing.as_ref().expect("goes out");
    assert_eq!(out.sent_back, None);
    assert_eq!(act(&mut course, HEAD, &approve()), Err(Refusal::NotYours));
    act(&mut course, OFFICIAL, &HandlingAct::TakeBack {}).expect("taken back");
    assert_eq!(course.state, DocumentState::Draft);
    let out = course.handling.outgoing.as_ref().expect("goes out");
    assert_eq!(out.sent_back, None, "nobody sent it back");
    for (wrong, fact) in [
        (submit(OFFICIAL, &[]), "to"),
        (submit(COLLEAGUE, &[]), "to"),
        (submit(HEAD, &[HEAD]), "supports"),
        (submit(HEAD, &[OFFICIAL]), "supports"),
    ] {
        assert_eq!(
            act(&mut course, OFFICIAL, &wrong),
            Err(Refusal::Fact(fact)),
            "{wrong:?}"
        );
    }
    let silent = HandlingAct::Discard {
        reason: " ".to_owned(),
    };
    assert_eq!(
        act(&mut course, OFFICIAL, &silent),
        Err(Refusal::Fact("reason"))
    );
}

#[test]
fn an_act_on_a_draft_reads_as_a_sentence_and_brings_its_bytes_along() {
    let before = drafted();
    let mut after = before.clone();
    let sent = submit(HEAD, &[OTHER_HEAD]);
    act(&mut after, OFFICIAL, &sent).expect("submitted");
    assert_eq!(
        in_words(&sent, &before, &after),
        "Trình duyệt nội dung Người 4 (Đơn vị H99.101.03); xin ý kiến Người 6 (Đơn vị H99.101.04)"
    );
    let mut revised = before.clone();
    act(&mut revised, OFFICIAL, &revise(2)).expect("revised");
    assert_eq!(
        in_words(&revise(2), &before, &revised),
        "Thay dự thảo, lần 2: Sửa căn cứ"
    );
    let intent = Intent::Handle {
        act: Box::new(revise(2)),
    };
    assert_eq!(intent.needs(), Some(Sha256([2; 32])));
    let text = serde_json::to_string(&intent).expect("json");
    let back: Intent = serde_json::from_str(&text).expect("reads");
    assert_eq!(back, intent);
    let draft = Intent::DraftDocument {
        fields: Box::new(fields()),
        file: Box::new(file(1)),
        origin: None,
    };
    assert_eq!(draft.needs(), Some(Sha256([1; 32])));
    let text = serde_json::to_string(&draft).expect("json");
    assert!(
        text.starts_with(r#"{"kind":"draft_document","fields":{"kind":"decision","symbol":"#),
        "{text}"
    );
}
