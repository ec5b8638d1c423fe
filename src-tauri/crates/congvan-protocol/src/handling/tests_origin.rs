//! Copies, and what corrects or replaces a document: what may be made of what.

use congvan_model::{
    AccountId, Direction, DocumentId, DocumentState, DocumentType, FileId, RevisionId, Sha256,
    Urgency,
};
use uuid::Uuid;

use super::{
    ActKind, Actor, Course, DraftFields, Handling, Origin, Related, Relation, made_from, made_of,
    tests::{CLERK, people},
};
use crate::{Post, RegisteredFile};

fn origin(relation: Relation) -> Origin {
    let is_extract = relation == Relation::Extract;
    Origin {
        relation,
        document: Some(DocumentId(Uuid::nil())),
        title: "12/QĐ-UBND".to_owned(),
        issued_on: None,
        pages: if is_extract { vec![1, 3] } else { Vec::new() },
        left_out: if is_extract { "Phụ lục" } else { "" }.to_owned(),
    }
}

fn fields(symbol: &str) -> DraftFields {
    DraftFields {
        kind: DocumentType::Decision,
        symbol: symbol.to_owned(),
        subject: "Kiện toàn Ban Chỉ huy".to_owned(),
        urgency: Urgency::Normal,
    }
}

fn file() -> RegisteredFile {
    RegisteredFile {
        file: FileId(Uuid::nil()),
        revision: RevisionId(Uuid::nil()),
        sha256: Sha256([1; 32]),
        size: 1,
        name: "qd.pdf".to_owned(),
        pages: Some(3),
    }
}

fn with_clerk<T>(then: impl FnOnce(&Actor<'_>) -> T) -> T {
    let all = people();
    let clerk = all.iter().find(|one| one.account == AccountId(CLERK));
    let clerk = clerk.expect("a clerk");
    let posts = [Post {
        role: clerk.role,
        title: clerk.title.clone(),
        agency: clerk.unit.clone(),
        since: None,
        until: None,
    }];
    then(&Actor {
        account: clerk.account,
        full_name: &clerk.full_name,
        posts: &posts,
    })
}

fn copied(fields: &DraftFields, origin: &Origin) -> Result<Course, super::Refusal> {
    with_clerk(|clerk| Course::copied((fields, &file()), origin, clerk))
}

fn standing(direction: Direction, of: Option<Relation>) -> Course {
    Course {
        direction,
        state: DocumentState::Issued,
        due: None,
        handling: Handling {
            origin: of.map(|relation| Box::new(origin(relation))),
            ..Handling::default()
        },
    }
}

#[test]
fn a_copy_begins_before_its_number_and_is_given_up_but_never_sent_back() {
    for (relation, symbol) in [
        (Relation::TrueCopy, "SY-UBND"),
        (Relation::CopyOfCopy, "SL-UBND"),
        (Relation::Extract, "TrS-UBND"),
    ] {
        let course = copied(&fields(symbol), &origin(relation)).expect("a copy");
        assert_eq!(course.state, DocumentState::Signed);
        assert!(course.is_copy());
        let allowed = with_clerk(|clerk| course.allowed(clerk));
        assert_eq!(allowed, [ActKind::Discard, ActKind::Number], "{relation:?}");
    }
}

#[test]
fn what_a_copy_lacks_is_named() {
    let refused = |fields: &DraftFields, origin: &Origin| copied(fields, origin).expect_err("no");
    let fact = super::Refusal::Fact;
    for symbol in ["", "SY", "SY-", "SL-UBND", "QĐ-UBND", "SY-U B"] {
        let found = refused(&fields(symbol), &origin(Relation::TrueCopy));
        assert_eq!(found, fact("symbol"), "{symbol}");
    }
    let with = |change: &dyn Fn(&mut Origin)| {
        let mut one = origin(Relation::Extract);
        change(&mut one);
        refused(&fields("TrS-UBND"), &one)
    };
    assert_eq!(with(&|one| one.pages.clear()), fact("pages"));
    assert_eq!(with(&|one| one.pages = vec![0]), fact("pages"));
    assert_eq!(with(&|one| one.pages = vec![3, 1]), fact("pages"));
    assert_eq!(
        with(&|one| one.left_out = "x".repeat(501)),
        fact("left_out")
    );
    assert_eq!(with(&|one| one.left_out = " ".to_owned()), fact("left_out"));
    assert_eq!(with(&|one| one.document = None), fact("origin"));
    let whole = Origin {
        pages: vec![1],
        ..origin(Relation::TrueCopy)
    };
    assert_eq!(refused(&fields("SY-UBND"), &whole), fact("pages"));
    let amendment = origin(Relation::Correction);
    assert_eq!(refused(&fields("SY-UBND"), &amendment), fact("origin"));
}

/// `y` may be made of it: sao y, sao lục, trích sao, đính chính by a letter, by a decision, thay thế by a
/// decision, by a letter; of a decision.
#[test]
fn what_may_be_made_of_which_document_is_as_written() {
    use Relation::{CopyOfCopy, Correction, Extract, Replacement, TrueCopy};
    let (decision, letter) = (DocumentType::Decision, DocumentType::OfficialLetter);
    let tried = [
        (TrueCopy, decision),
        (CopyOfCopy, decision),
        (Extract, decision),
        (Correction, letter),
        (Correction, decision),
        (Replacement, decision),
        (Replacement, letter),
    ];
    for (course, expected) in [
        (standing(Direction::Outgoing, None), "y.yy.y."),
        (standing(Direction::Outgoing, Some(TrueCopy)), ".yyy.y."),
        (standing(Direction::Outgoing, Some(Correction)), "y.yy.y."),
        (standing(Direction::Incoming, None), "yyyy.y."),
        (standing(Direction::Incoming, Some(Extract)), ".yyy.y."),
    ] {
        let may = |(relation, new)| match course.takes(relation, (decision, new)) {
            true => 'y',
            false => '.',
        };
        let found: String = tried.into_iter().map(may).collect();
        assert_eq!(found, expected, "{course:?}");
    }
}

#[test]
fn what_was_replaced_is_not_amended_again_but_what_was_corrected_is() {
    let mut course = standing(Direction::Outgoing, None);
    let by = |relation| Related {
        relation,
        document: None,
        title: "13/UBND-VP".to_owned(),
        issued_on: None,
    };
    let may = |course: &Course| with_clerk(|clerk| course.judge(ActKind::Amend, clerk).is_ok());
    course.handling.derived = vec![by(Relation::Correction), by(Relation::TrueCopy)];
    assert!(may(&course));
    course.handling.derived.push(by(Relation::Replacement));
    assert!(!may(&course));
}

#[test]
fn a_copy_and_an_amendment_read_as_sentences_on_both_documents() {
    assert_eq!(
        made_of(Relation::Extract, "12/QĐ-UBND"),
        "Trích sao 12/QĐ-UBND"
    );
    assert_eq!(made_of(Relation::TrueCopy, ""), "Sao y");
    assert_eq!(
        made_from(Relation::TrueCopy, "05/SY-UBND"),
        "Sao y: 05/SY-UBND"
    );
    assert_eq!(
        made_from(Relation::Replacement, "13/QĐ-UBND"),
        "Được thay thế bởi 13/QĐ-UBND"
    );
}
