//! Dossiers: the year's list, who may do what, who sees inside, numbers and ordinals, closing, the
//! archive.

use congvan_model::{DocumentId, DocumentState};
use congvan_protocol::{
    Change, ChangeKind, Entity, EntityType, Intent, OpResult, ProblemCode,
    dossier::{
        Dossier, DossierAct, DossierFields, DossierState, Finding, FindingKind, LetStand, Retention,
    },
    handling::Named,
};
use congvan_province::Seed;
use congvan_testkit::{ARCHIVIST, CLERK, COLLEAGUE, HEAD, LEADER, OFFICIAL, OTHER_HEAD, Person};
use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::{
    handling::Staff,
    office::{applied, code, start_with},
};

const STARTED: Date = date(2026, 1, 5);
const ENDED: Date = date(2026, 11, 20);

async fn staff(per_heading: bool) -> Staff {
    let office = start_with(Seed::Empty, |config| {
        config.dossiers_per_heading = per_heading;
    });
    let mut staff = Staff::of(office).await;
    staff.hire(&ARCHIVIST).await;
    staff
}

fn fields(staff: &Staff, creator: &Person, large: &str) -> Box<DossierFields> {
    Box::new(DossierFields {
        year: 2026,
        number: None,
        code: "KT".to_owned(),
        large: large.to_owned(),
        small: String::new(),
        title: "Hồ sơ về công tác kinh tế năm 2026".to_owned(),
        retention: Retention::Years { years: 20 },
        creator: Named {
            account: staff.account(creator),
            full_name: String::new(),
        },
        note: String::new(),
    })
}

fn id() -> DocumentId {
    DocumentId(Uuid::now_v7())
}

async fn act(staff: &mut Staff, who: &Person, id: DocumentId, act: DossierAct) -> OpResult {
    let intent = Intent::Dossier { act: Box::new(act) };
    staff.send(who, id, intent).await
}

async fn done(staff: &mut Staff, who: &Person, id: DocumentId, wanted: DossierAct) {
    let result = act(staff, who, id, wanted).await;
    assert!(applied(&result), "{result:?}");
}

/// A dossier beside the list, begun by the official.
async fn begun(staff: &mut Staff) -> DocumentId {
    let id = id();
    let start = DossierAct::Start {
        fields: fields(staff, &OFFICIAL, ""),
        started_on: STARTED,
    };
    done(staff, &OFFICIAL, id, start).await;
    id
}

/// What the feed of a person says of it from its beginning.
async fn shown(staff: &mut Staff, who: &Person, id: DocumentId) -> Option<Change> {
    let desk = staff.desk(who);
    desk.cursor = None;
    let changes = desk.pull().await;
    changes
        .into_iter()
        .rfind(|change| change.entity == EntityType::Dossier && change.id == id.0)
}

async fn seen(staff: &mut Staff, who: &Person, id: DocumentId) -> Option<Dossier> {
    match shown(staff, who, id).await?.body {
        Some(Entity::Dossier(dossier)) => Some(*dossier),
        Some(Entity::Document(_) | Entity::Opinion(_) | Entity::Task(_) | Entity::Calendar(_))
        | None => None,
    }
}

#[tokio::test]
async fn a_dossier_is_proposed_approved_and_begun_by_its_creator_and_the_list_is_everyones() {
    let mut staff = staff(false).await;
    let one = id();
    let plan = |staff: &Staff| DossierAct::Plan {
        fields: fields(staff, &OFFICIAL, "Kinh tế"),
    };
    let wanted = plan(&staff);
    let result = act(&mut staff, &COLLEAGUE, id(), wanted).await;
    assert_eq!(code(&result), Some(ProblemCode::Forbidden));
    let wanted = plan(&staff);
    done(&mut staff, &CLERK, one, wanted).await;
    let result = act(&mut staff, &CLERK, one, DossierAct::Approve {}).await;
    assert_eq!(code(&result), Some(ProblemCode::Forbidden));
    let open = DossierAct::Open {
        started_on: STARTED,
    };
    let result = act(&mut staff, &OFFICIAL, one, open.clone()).await;
    assert_eq!(code(&result), Some(ProblemCode::WrongState));
    done(&mut staff, &LEADER, one, DossierAct::Approve {}).await;
    let result = act(&mut staff, &COLLEAGUE, one, open.clone()).await;
    assert_eq!(code(&result), Some(ProblemCode::Forbidden));
    done(&mut staff, &OFFICIAL, one, open).await;
    let dossier = seen(&mut staff, &OTHER_HEAD, one).await.expect("the list");
    assert_eq!(dossier.fields.notation(), "01.KT");
    assert_eq!(dossier.fields.creator.full_name, OFFICIAL.full_name);
    assert_eq!(dossier.unit.code, OFFICIAL.unit_code);
    assert!(!dossier.inside && dossier.steps.is_empty());
    let two = id();
    let wanted = plan(&staff);
    done(&mut staff, &CLERK, two, wanted).await;
    let strike = DossierAct::Strike {
        reason: "Trùng".to_owned(),
    };
    done(&mut staff, &LEADER, two, strike).await;
    let gone = shown(&mut staff, &OTHER_HEAD, two).await;
    assert_eq!(gone.map(|change| change.change), Some(ChangeKind::Remove));
}

#[tokio::test]
async fn numbers_run_over_the_list_or_under_each_heading_and_a_chosen_one_is_given_once() {
    for (per_heading, expected) in [(false, [1, 2, 3]), (true, [1, 1, 2])] {
        let mut staff = staff(per_heading).await;
        let mut numbers = Vec::new();
        for large in ["Tổ chức", "Kinh tế", "Kinh tế"] {
            let one = id();
            let fields = fields(&staff, &OFFICIAL, large);
            done(&mut staff, &CLERK, one, DossierAct::Plan { fields }).await;
            let dossier = seen(&mut staff, &CLERK, one).await.expect("is there");
            numbers.extend(dossier.fields.number);
        }
        assert_eq!(numbers, expected);
        let mut chosen = fields(&staff, &OFFICIAL, "Tổ chức");
        chosen.number = Some(1);
        let result = act(
            &mut staff,
            &CLERK,
            id(),
            DossierAct::Plan { fields: chosen },
        )
        .await;
        assert_eq!(code(&result), Some(ProblemCode::NumberTaken));
    }
}

#[tokio::test]
async fn two_people_add_to_one_dossier_each_document_once_and_only_what_they_see() {
    let mut staff = staff(false).await;
    let one = begun(&mut staff).await;
    let first = staff.document_in(DocumentState::Directed).await;
    let second = staff.document_in(DocumentState::Resolved).await;
    let add = |document| DossierAct::Add { document };
    done(&mut staff, &OFFICIAL, one, add(first)).await;
    done(&mut staff, &HEAD, one, add(second)).await;
    // The same again changes nothing.
    done(&mut staff, &HEAD, one, add(first)).await;
    let result = act(&mut staff, &OTHER_HEAD, one, add(first)).await;
    assert_eq!(code(&result), Some(ProblemCode::Forbidden));
    let result = act(&mut staff, &COLLEAGUE, one, add(id())).await;
    assert_eq!(code(&result), Some(ProblemCode::NotFound));
    for who in [&OFFICIAL, &COLLEAGUE, &LEADER] {
        let dossier = seen(&mut staff, who, one).await.expect("is there");
        let items: Vec<_> = dossier.items.iter().map(|item| item.document).collect();
        assert_eq!(items, [first, second]);
        let ordinals: Vec<u32> = dossier.items.iter().map(|item| item.ordinal).collect();
        assert_eq!(ordinals, [1, 2]);
    }
    for who in [&OTHER_HEAD, &ARCHIVIST] {
        let dossier = seen(&mut staff, who, one).await.expect("the list");
        assert!(dossier.items.is_empty() && !dossier.inside);
    }
    // One document in another dossier, too.
    let two = begun(&mut staff).await;
    done(&mut staff, &OFFICIAL, two, add(first)).await;
    let dossier = seen(&mut staff, &OFFICIAL, two).await.expect("is there");
    assert_eq!((dossier.count, dossier.items.len()), (1, 1));
}

#[tokio::test]
async fn a_dossier_is_closed_with_its_findings_settled_and_goes_to_the_archive_and_back() {
    let mut staff = staff(false).await;
    let one = begun(&mut staff).await;
    let close = |settled| DossierAct::Close {
        ended_on: ENDED,
        settled,
    };
    let result = act(&mut staff, &OFFICIAL, one, close(Vec::new())).await;
    assert_eq!(code(&result), Some(ProblemCode::WrongState));
    let empty = LetStand {
        finding: Finding {
            kind: FindingKind::Empty,
            document: None,
        },
        reason: "Không phát sinh văn bản".to_owned(),
    };
    let result = act(&mut staff, &COLLEAGUE, one, close(vec![empty.clone()])).await;
    assert_eq!(code(&result), Some(ProblemCode::Forbidden));
    done(&mut staff, &OFFICIAL, one, close(vec![empty])).await;
    let add = DossierAct::Add { document: id() };
    let result = act(&mut staff, &OFFICIAL, one, add).await;
    assert_eq!(code(&result), Some(ProblemCode::WrongState));
    let result = act(&mut staff, &ARCHIVIST, one, DossierAct::Receive {}).await;
    assert_eq!(code(&result), Some(ProblemCode::WrongState));
    done(&mut staff, &OFFICIAL, one, DossierAct::HandOver {}).await;
    let back = DossierAct::SendBack {
        reason: "Thiếu mục lục".to_owned(),
    };
    done(&mut staff, &ARCHIVIST, one, back).await;
    done(&mut staff, &OFFICIAL, one, DossierAct::HandOver {}).await;
    let result = act(&mut staff, &OFFICIAL, one, DossierAct::Receive {}).await;
    assert_eq!(code(&result), Some(ProblemCode::Forbidden));
    done(&mut staff, &ARCHIVIST, one, DossierAct::Receive {}).await;
    let dossier = seen(&mut staff, &ARCHIVIST, one).await.expect("is there");
    assert_eq!(dossier.state, DossierState::Archived);
    assert!(dossier.inside);
    let reopen = DossierAct::Reopen {
        reason: "Bổ sung".to_owned(),
    };
    let result = act(&mut staff, &OFFICIAL, one, reopen).await;
    assert_eq!(code(&result), Some(ProblemCode::WrongState));
}

#[tokio::test]
async fn a_desk_that_does_not_know_dossiers_gets_none_and_its_cursor_goes_on() {
    let mut staff = staff(false).await;
    begun(&mut staff).await;
    let desk = staff.desk(&OFFICIAL);
    desk.cursor = None;
    let mut body = desk.body(Vec::new());
    body.takes.clear();
    let request = desk.request(reqwest::Method::POST, "/v1/sync");
    let answer = request.json(&body).send().await.expect("an answer");
    let answer: congvan_protocol::SyncResponse = crate::office::json(answer).await;
    assert!(!answer.more);
    let dossiers = |change: &&Change| change.entity == EntityType::Dossier;
    assert_eq!(answer.changes.iter().filter(dossiers).count(), 0);
    desk.cursor = Some(answer.cursor);
    assert_eq!(desk.pull().await.iter().filter(dossiers).count(), 0);
}
