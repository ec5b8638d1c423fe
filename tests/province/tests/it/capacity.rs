//! Acts done in a capacity: by one of several posts, or in a leader's place by a mandate, which covers
//! what it says, from its beginning to its end or revocation, and is not passed on.

use congvan_model::{DocumentState, DocumentType, MandateId, Role, Timestamp};
use congvan_protocol::{
    AgencyInfo, Capacity, Mandate, MandateKind, NewMandate, Post, ProblemCode, SessionInfo,
    handling::ActKind,
};
use congvan_province::Seed;
use congvan_testkit::{CLERK, COLLEAGUE, HEAD, LEADER, OFFICIAL, OTHER_HEAD, Person};
use reqwest::{Method, Response, StatusCode};
use uuid::Uuid;

use crate::{
    clerk::Paper,
    handling::Staff,
    issuing::House,
    matrix::{DEEDS, Deed, Matrix, There},
    office::{applied, code, json as read, opinion, problem, start},
};

const MINUTE_MS: i64 = 60_000;

/// A delegation of everything to the head of the economic section, for ten minutes.
fn delegation(staff: &Staff) -> NewMandate {
    let now = staff.office.province.now();
    NewMandate {
        kind: MandateKind::Delegation,
        holder: staff.account(&HEAD),
        direct: true,
        sign: true,
        kinds: Vec::new(),
        since: now,
        until: now.plus_ms(10 * MINUTE_MS),
        reference: "05/GUQ-UBND".to_owned(),
    }
}

async fn put(staff: &Staff, person: &Person, id: MandateId, new: &NewMandate) -> Response {
    let path = format!("/v1/mandates/{id}");
    let request = staff.desk_of(person).request(Method::PUT, &path);
    request.json(new).send().await.expect("an answer")
}

async fn given(staff: &Staff, new: &NewMandate) -> Mandate {
    let answer = put(staff, &LEADER, MandateId(Uuid::now_v7()), new).await;
    assert_eq!(answer.status(), StatusCode::OK);
    read(answer).await
}

async fn revoke(staff: &Staff, person: &Person, id: MandateId) -> Response {
    let path = format!("/v1/mandates/{id}/revoke");
    let request = staff.desk_of(person).request(Method::POST, &path);
    request.send().await.expect("an answer")
}

fn by(mandate: &Mandate) -> Option<Capacity> {
    let mandate = mandate.id;
    Some(Capacity::Mandate { mandate })
}

async fn session(staff: &Staff, person: &Person) -> SessionInfo {
    let request = staff.desk_of(person).request(Method::GET, "/v1/session");
    read(request.send().await.expect("session")).await
}

#[tokio::test]
async fn an_act_names_the_post_it_was_done_in_and_only_that_post_counts() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    let province = &staff.office.province;
    province.appoint_clerk(OFFICIAL.username).expect("clerk");
    let posts = session(&staff, &OFFICIAL).await.account.posts;
    let roles: Vec<Role> = posts.iter().map(|post| post.role).collect();
    assert_eq!(roles, [Role::Official, Role::Clerk]);
    let post = |role| {
        let unit = OFFICIAL.unit_code.to_owned();
        Some(Capacity::Post { unit, role })
    };
    let year = staff.year;
    for (capacity, expected) in [
        (None, None),
        (post(Role::Clerk), None),
        (post(Role::Official), Some(ProblemCode::Forbidden)),
        (post(Role::Leader), Some(ProblemCode::CapacityEnded)),
    ] {
        let paper = Paper::scan(&staff.office, staff.desk_of(&OFFICIAL)).await;
        staff.desk(&OFFICIAL).capacity = capacity.clone();
        let intent = paper.intent(year, None);
        let result = staff.send(&OFFICIAL, paper.document, intent).await;
        assert_eq!(code(&result), expected, "{capacity:?}: {result:?}");
    }
    let before = staff.desk(&OFFICIAL).sync(Vec::new()).await.standing;
    let province = &staff.office.province;
    let gone = province.dismiss(OFFICIAL.username, OFFICIAL.unit_code, Role::Clerk);
    gone.expect("dismissed");
    let after = staff.desk(&OFFICIAL).sync(Vec::new()).await.standing;
    assert_ne!(before, after, "the desk is told to ask for its posts");
    let paper = Paper::scan(&staff.office, staff.desk_of(&OFFICIAL)).await;
    staff.desk(&OFFICIAL).capacity = post(Role::Clerk);
    let intent = paper.intent(year, None);
    let result = staff.send(&OFFICIAL, paper.document, intent).await;
    assert_eq!(code(&result), Some(ProblemCode::CapacityEnded));
}

#[tokio::test]
async fn by_a_mandate_a_leaders_directing_and_signing_can_be_done_and_nothing_else() {
    let mut matrix = Matrix::open().await;
    let new = delegation(&matrix.house.staff);
    let mandate = given(&matrix.house.staff, &new).await;
    let mut done = Vec::new();
    for (deed, there, _) in DEEDS {
        // Signing takes the holder's own certificate, and has a test of its own.
        if matches!(
            deed,
            Deed::Sign | Deed::Read | Deed::Opinion | Deed::Register | Deed::Make
        ) {
            continue;
        }
        let document = matrix.document(there).await;
        matrix.house.staff.desk(&HEAD).capacity = by(&mandate);
        if matrix.tried(deed, &HEAD, document).await == 'y' {
            done.push(format!("{deed:?} {there:?}"));
        }
        matrix.house.staff.desk(&HEAD).capacity = None;
    }
    assert_eq!(
        done,
        [
            "Act(Direct) Presented",
            "Act(Return) Presented",
            "Act(Direct) WithHead",
            "Act(AnswerExtension) Asked",
            "Act(Return) AwaitingSignature",
        ]
    );
    // What a person says is the person's own.
    let document = matrix.document(There::Presented).await;
    let staff = &mut matrix.house.staff;
    staff.desk(&HEAD).capacity = by(&mandate);
    let said = staff.send(&HEAD, document, opinion("Đã xem")).await;
    assert_eq!(code(&said), Some(ProblemCode::Forbidden));
}

#[tokio::test]
async fn a_mandate_is_in_force_from_its_beginning_to_its_end_by_the_servers_clock() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    let document = staff.document_in(DocumentState::Presented).await;
    let mut new = delegation(&staff);
    new.since = new.since.plus_ms(2 * MINUTE_MS);
    new.until = new.since.plus_ms(2 * MINUTE_MS);
    let mandate = given(&staff, &new).await;
    let told = session(&staff, &HEAD).await.mandates;
    assert_eq!(told.len(), 1, "its holder reads it before it begins");
    assert_eq!(told[0], mandate);
    staff.desk(&HEAD).capacity = by(&mandate);
    assert!(staff.sees(&HEAD, document).await.is_none());
    let act = staff.any(ActKind::AnswerExtension);
    let early = staff.act(&HEAD, document, act).await;
    assert_eq!(code(&early), Some(ProblemCode::CapacityEnded));

    let clock = staff.office.province.config.clock.clone();
    clock.advance_ms(2 * MINUTE_MS);
    let seen = staff
        .sees(&HEAD, document)
        .await
        .expect("lies before the giver");
    assert_eq!(seen.state, DocumentState::Presented);
    let direct = direction_to_other_head(&staff);
    staff.done(&HEAD, document, direct).await;

    clock.advance_ms(3 * MINUTE_MS);
    let act = direction_to_other_head(&staff);
    let late = staff.act(&HEAD, document, act).await;
    assert_eq!(code(&late), Some(ProblemCode::CapacityEnded));
    assert_eq!(session(&staff, &HEAD).await.mandates, []);
    assert!(
        staff.sees(&HEAD, document).await.is_some(),
        "what was seen stays seen"
    );
    let hidden = staff.document_in(DocumentState::Presented).await;
    assert!(staff.sees(&HEAD, hidden).await.is_none());
}

fn direction_to_other_head(staff: &Staff) -> congvan_protocol::handling::HandlingAct {
    congvan_protocol::handling::HandlingAct::Direct {
        opinion: congvan_model::OpinionId(Uuid::now_v7()),
        lead: staff.account(&OTHER_HEAD),
        supports: Vec::new(),
        informed: Vec::new(),
        due: None,
        deadlines: Vec::new(),
        text: "Giao Phòng Văn hóa – Xã hội".to_owned(),
    }
}

#[tokio::test]
async fn what_was_done_by_a_mandate_bears_both_names_and_the_giver_can_still_change_it() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    let new = delegation(&staff);
    let mandate = given(&staff, &new).await;
    let document = staff.document_in(DocumentState::Presented).await;
    assert!(
        staff.sees(&HEAD, document).await.is_some(),
        "as soon as it lies before the giver"
    );
    staff.desk(&HEAD).capacity = by(&mandate);
    let direct = direction_to_other_head(&staff);
    staff.done(&HEAD, document, direct).await;
    let seen = staff.sees(&OTHER_HEAD, document).await.expect("named");
    let step = seen.flow.last().expect("a step");
    assert_eq!(step.who, "Hoàng Văn E (thừa uỷ quyền của Nguyễn Văn A)");
    let handling = seen.handling.expect("handled");
    let director = handling.director.expect("directed");
    assert_eq!(director.account, staff.account(&LEADER));
    // Revoked, the holder is refused and the giver goes on.
    let others = revoke(&staff, &HEAD, mandate.id).await;
    assert_eq!(problem(others).await.1, ProblemCode::Forbidden);
    let strangers = revoke(&staff, &COLLEAGUE, mandate.id).await;
    assert_eq!(problem(strangers).await.1, ProblemCode::NotFound);
    for _ in 0..2 {
        let answer = revoke(&staff, &LEADER, mandate.id).await;
        let revoked: Mandate = read(answer).await;
        assert!(revoked.revoked_at.is_some());
    }
    let act = direction_to_other_head(&staff);
    let late = staff.act(&HEAD, document, act).await;
    assert_eq!(code(&late), Some(ProblemCode::CapacityEnded));
    let own = staff.direction();
    staff.done(&LEADER, document, own).await;
}

#[tokio::test]
async fn only_a_leader_gives_a_mandate_and_who_acts_by_one_does_not_pass_it_on() {
    let staff = Staff::of(start(Seed::Empty)).await;
    let new = delegation(&staff);
    let mandate = given(&staff, &new).await;
    let onward = NewMandate {
        holder: staff.account(&COLLEAGUE),
        ..new.clone()
    };
    let fresh = || MandateId(Uuid::now_v7());
    for (person, expected) in [
        (&HEAD, ProblemCode::NoRedelegation),
        (&OFFICIAL, ProblemCode::Forbidden),
        (&CLERK, ProblemCode::Forbidden),
    ] {
        let answer = put(&staff, person, fresh(), &onward).await;
        assert_eq!(problem(answer).await.1, expected, "{}", person.full_name);
    }
    let wrong: [NewMandate; 6] = [
        NewMandate {
            holder: staff.account(&LEADER),
            ..new.clone()
        },
        NewMandate {
            kind: MandateKind::Absence,
            ..new.clone()
        },
        NewMandate {
            direct: false,
            sign: false,
            ..new.clone()
        },
        NewMandate {
            until: new.since,
            ..new.clone()
        },
        NewMandate {
            since: Timestamp(0),
            until: Timestamp(1),
            ..new.clone()
        },
        NewMandate {
            reference: " ".to_owned(),
            ..new.clone()
        },
    ];
    for one in wrong {
        let answer = put(&staff, &LEADER, fresh(), &one).await;
        assert_eq!(
            problem(answer).await.1,
            ProblemCode::InvalidRequest,
            "{one:?}"
        );
    }
    // Said again, as after a lost answer, it is the same mandate; another one under its id is not.
    let again = put(&staff, &LEADER, mandate.id, &new).await;
    let again: Mandate = read(again).await;
    assert_eq!(again, mandate);
    let other = put(&staff, &LEADER, mandate.id, &onward).await;
    assert_eq!(problem(other).await.1, ProblemCode::Forbidden);
    assert_eq!(session(&staff, &LEADER).await.mandates, [mandate]);
}

#[tokio::test]
async fn a_document_signed_by_a_mandate_says_in_whose_place_and_only_the_kinds_it_names() {
    let mut house = House::open().await;
    let head = house.head.clone();
    let narrow = NewMandate {
        kinds: vec![DocumentType::OfficialLetter],
        ..delegation(&house.staff)
    };
    let narrow = given(&house.staff, &narrow).await;
    let document = house.before_the_leader().await;
    house.staff.desk(&HEAD).capacity = by(&narrow);
    let refused = house.sign(&HEAD, document, &head).await;
    assert_eq!(code(&refused), Some(ProblemCode::Forbidden), "{refused:?}");
    let wide = delegation(&house.staff);
    let wide = given(&house.staff, &wide).await;
    house.staff.desk(&HEAD).capacity = None;
    let refused = house.sign(&HEAD, document, &head).await;
    assert_eq!(code(&refused), Some(ProblemCode::Forbidden), "{refused:?}");
    house.staff.desk(&HEAD).capacity = by(&wide);
    let result = house.sign(&HEAD, document, &head).await;
    assert!(applied(&result), "{result:?}");
    let seen = house.staff.sees(&OFFICIAL, document).await.expect("there");
    assert_eq!(seen.state, DocumentState::Signed);
    assert_eq!(
        (
            seen.signer.position.as_str(),
            seen.signer.full_name.as_str()
        ),
        ("TUQ. Chủ tịch", HEAD.full_name)
    );
    let step = seen.flow.last().expect("a step");
    assert_eq!(step.who, "Hoàng Văn E (thừa uỷ quyền của Nguyễn Văn A)");
}

#[tokio::test]
async fn while_a_leader_is_away_a_deputy_directs_and_signs_in_the_leaders_place() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    let deputy = Post {
        role: Role::Leader,
        title: "Phó Chủ tịch".to_owned(),
        agency: AgencyInfo {
            code: LEADER.unit_code.to_owned(),
            name: LEADER.unit_name.to_owned(),
        },
        since: None,
        until: None,
    };
    let province = &staff.office.province;
    province
        .appoint(OTHER_HEAD.username, &deputy)
        .expect("deputy");
    let away = NewMandate {
        kind: MandateKind::Absence,
        holder: staff.account(&OTHER_HEAD),
        reference: String::new(),
        ..delegation(&staff)
    };
    let mandate = given(&staff, &away).await;
    assert_eq!(mandate.title(), "KT. Chủ tịch");
    let document = staff.document_in(DocumentState::Presented).await;
    staff.desk(&OTHER_HEAD).capacity = by(&mandate);
    let direct = staff.any(ActKind::Direct);
    // The deputy's own section may support.
    staff.done(&OTHER_HEAD, document, direct).await;
    let seen = staff.sees(&HEAD, document).await.expect("named");
    let step = seen.flow.last().expect("a step");
    assert_eq!(step.who, "Đặng Thị H (thay Nguyễn Văn A)");
}
