//! Posts for a time: held from a day until a day by the server's clock, given and ended by who
//! manages the unit, who sees no document by it.

use congvan_model::{DocumentState, Role, Timestamp};
use congvan_protocol::{AgencyInfo, Capacity, NewPost, Post, ProblemCode, SessionInfo};
use congvan_province::Seed;
use congvan_testkit::{CLERK, COLLEAGUE, HEAD, LEADER, OFFICIAL, OTHER_HEAD, Person, UNIT_ADMIN};
use reqwest::{Method, Response, StatusCode};

use crate::{
    clerk::Paper,
    handling::Staff,
    office::{code, json as read, problem, start},
    outgoing,
};

const MINUTE_MS: i64 = 60_000;

async fn session(staff: &Staff, person: &Person) -> SessionInfo {
    let request = staff.desk_of(person).request(Method::GET, "/v1/session");
    read(request.send().await.expect("session")).await
}

fn roles(posts: &[Post]) -> Vec<Role> {
    posts.iter().map(|post| post.role).collect()
}

/// The code with which a registration by that person, in that capacity, is refused.
async fn registers(
    staff: &mut Staff,
    person: &Person,
    capacity: Option<Capacity>,
) -> Option<ProblemCode> {
    let year = staff.year;
    let paper = Paper::scan(&staff.office, staff.desk_of(person)).await;
    staff.desk(person).capacity = capacity;
    let intent = paper.intent(year, None);
    let result = staff.send(person, paper.document, intent).await;
    staff.desk(person).capacity = None;
    code(&result)
}

fn place(staff: &Staff, whose: &Person, unit: &str, role: &str) -> String {
    format!("/v1/posts/{}/{unit}/{role}", staff.account(whose).0)
}

fn for_ten_minutes(staff: &Staff, title: &str) -> NewPost {
    let now = staff.office.province.now();
    NewPost {
        title: title.to_owned(),
        since: now,
        until: Some(now.plus_ms(10 * MINUTE_MS)),
    }
}

async fn put(staff: &Staff, by: &Person, path: &str, new: &NewPost) -> Response {
    let request = staff.desk_of(by).request(Method::PUT, path);
    request.json(new).send().await.expect("an answer")
}

async fn end(staff: &Staff, by: &Person, path: &str) -> Response {
    let path = format!("{path}/end");
    let request = staff.desk_of(by).request(Method::POST, &path);
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn a_post_grants_nothing_before_its_day_and_from_its_end_on_by_the_servers_clock() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    let begins = staff.office.province.now().plus_ms(2 * MINUTE_MS);
    let clerk = Post {
        role: Role::Clerk,
        title: "Văn thư kiêm nhiệm".to_owned(),
        agency: AgencyInfo {
            code: OFFICIAL.unit_code.to_owned(),
            name: OFFICIAL.unit_name.to_owned(),
        },
        since: Some(begins),
        until: Some(begins.plus_ms(2 * MINUTE_MS)),
    };
    let province = &staff.office.province;
    province.appoint(OFFICIAL.username, &clerk).expect("coming");
    let told = session(&staff, &OFFICIAL).await;
    assert_eq!(roles(&told.account.posts), [Role::Official]);
    assert_eq!(told.coming, std::slice::from_ref(&clerk));
    let before = staff.desk(&OFFICIAL).sync(Vec::new()).await.standing;
    assert!(before.is_some(), "a desk that is offline then must know it");
    let as_clerk = || {
        Some(Capacity::Post {
            unit: OFFICIAL.unit_code.to_owned(),
            role: Role::Clerk,
        })
    };
    let ended = Some(ProblemCode::CapacityEnded);
    let early = registers(&mut staff, &OFFICIAL, as_clerk()).await;
    assert_eq!(early, ended);
    let early = registers(&mut staff, &OFFICIAL, None).await;
    assert_eq!(early, Some(ProblemCode::Forbidden));

    let clock = staff.office.province.config.clock.clone();
    clock.advance_ms(2 * MINUTE_MS);
    let within = staff.desk(&OFFICIAL).sync(Vec::new()).await.standing;
    assert_ne!(before, within, "the desk is told to ask for its posts");
    let told = session(&staff, &OFFICIAL).await;
    assert_eq!(told.account.posts.last(), Some(&clerk));
    assert_eq!(told.coming, []);
    assert_eq!(registers(&mut staff, &OFFICIAL, as_clerk()).await, None);
    assert_eq!(registers(&mut staff, &OFFICIAL, None).await, None);

    clock.advance_ms(2 * MINUTE_MS);
    assert_eq!(registers(&mut staff, &OFFICIAL, as_clerk()).await, ended);
    let late = registers(&mut staff, &OFFICIAL, None).await;
    assert_eq!(late, Some(ProblemCode::Forbidden));
    let told = session(&staff, &OFFICIAL).await;
    assert_eq!(roles(&told.account.posts), [Role::Official]);
    let after = staff.desk(&OFFICIAL).sync(Vec::new()).await.standing;
    assert_eq!(after, None, "one post and no mandate, as before it");
}

#[tokio::test]
async fn who_manages_a_unit_gives_and_ends_posts_in_it_and_nobody_else_does() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    staff.hire(&UNIT_ADMIN).await;
    let (section, agency) = (HEAD.unit_code, LEADER.unit_code);
    let refused = Some(ProblemCode::Forbidden);
    let invalid = Some(ProblemCode::InvalidRequest);
    let table = [
        (&UNIT_ADMIN, &COLLEAGUE, section, "unit_clerk", None),
        (&UNIT_ADMIN, &COLLEAGUE, section, "head", None),
        (&UNIT_ADMIN, &OTHER_HEAD, agency, "clerk", None),
        (&UNIT_ADMIN, &CLERK, agency, "archivist", None),
        // Leaders are appointed from above, and the management is not passed on.
        (&UNIT_ADMIN, &COLLEAGUE, agency, "leader", refused),
        (&UNIT_ADMIN, &COLLEAGUE, section, "unit_admin", refused),
        // Nothing for oneself, and nothing outside.
        (&UNIT_ADMIN, &UNIT_ADMIN, agency, "clerk", refused),
        (&UNIT_ADMIN, &COLLEAGUE, "H99.102", "clerk", refused),
        (&UNIT_ADMIN, &COLLEAGUE, "H99.1012", "clerk", refused),
        // What somebody holds for good is not made to end.
        (&UNIT_ADMIN, &COLLEAGUE, section, "official", invalid),
        (&UNIT_ADMIN, &COLLEAGUE, "H99.101.77", "official", invalid),
        (&UNIT_ADMIN, &COLLEAGUE, section, "king", invalid),
        (&LEADER, &COLLEAGUE, section, "unit_clerk", refused),
        (&HEAD, &COLLEAGUE, section, "unit_clerk", refused),
        (&CLERK, &COLLEAGUE, section, "unit_clerk", refused),
        (&OFFICIAL, &COLLEAGUE, section, "unit_clerk", refused),
    ];
    for (by, whose, unit, role, expected) in table {
        let path = place(&staff, whose, unit, role);
        let answer = put(&staff, by, &path, &for_ten_minutes(&staff, "Kiêm nhiệm")).await;
        let found = match answer.status() {
            StatusCode::OK => None,
            _ => Some(problem(answer).await.1),
        };
        let case = format!("{} {unit} {role}", by.full_name);
        assert_eq!(found, expected, "{case}");
        if expected == refused {
            let answer = end(&staff, by, &path).await;
            assert_eq!(problem(answer).await.1, ProblemCode::Forbidden, "{case}");
        }
    }
    let path = place(&staff, &COLLEAGUE, section, "unit_clerk");
    let good = for_ten_minutes(&staff, "Kiêm nhiệm");
    let wrong = [
        NewPost {
            title: " ".to_owned(),
            ..good.clone()
        },
        NewPost {
            until: Some(good.since),
            ..good.clone()
        },
        NewPost {
            since: Timestamp(0),
            until: Some(Timestamp(1)),
            ..good.clone()
        },
    ];
    for new in wrong {
        let answer = put(&staff, &UNIT_ADMIN, &path, &new).await;
        let (_, found) = problem(answer).await;
        assert_eq!(found, ProblemCode::InvalidRequest, "{new:?}");
    }
    let posts = session(&staff, &COLLEAGUE).await.account.posts;
    assert_eq!(roles(&posts), [Role::Official, Role::UnitClerk, Role::Head]);
    // Everybody of the agency knows them.
    let people = session(&staff, &OFFICIAL).await.people;
    let colleague = staff.account(&COLLEAGUE);
    let known = people.iter().find(|one| one.account == colleague);
    let known = known.expect("of the agency");
    assert_eq!(roles(&known.further), [Role::UnitClerk, Role::Head]);
    for _ in 0..2 {
        let answer = end(&staff, &UNIT_ADMIN, &path).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
    let posts = session(&staff, &COLLEAGUE).await.account.posts;
    assert_eq!(roles(&posts), [Role::Official, Role::Head]);
}

#[tokio::test]
async fn a_post_said_again_is_the_same_and_another_end_takes_the_place_of_the_first() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    staff.hire(&UNIT_ADMIN).await;
    let path = place(&staff, &COLLEAGUE, HEAD.unit_code, "unit_clerk");
    let mut new = for_ten_minutes(&staff, "Trợ lý kiêm nhiệm");
    new.until = Some(new.since.plus_ms(2 * MINUTE_MS));
    for _ in 0..2 {
        let answer = put(&staff, &UNIT_ADMIN, &path, &new).await;
        let post: Post = read(answer).await;
        assert_eq!((post.since, post.until), (Some(new.since), new.until));
    }
    let longer = NewPost { until: None, ..new };
    let answer = put(&staff, &UNIT_ADMIN, &path, &longer).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let clock = staff.office.province.config.clock.clone();
    clock.advance_ms(3 * MINUTE_MS);
    let posts = session(&staff, &COLLEAGUE).await.account.posts;
    assert_eq!(roles(&posts), [Role::Official, Role::UnitClerk]);
    assert_eq!(posts[1].until, None);
}

#[tokio::test]
async fn who_manages_a_unit_sees_no_document_of_it_in_any_state() {
    let mut staff = Staff::of(start(Seed::Empty)).await;
    staff.hire(&UNIT_ADMIN).await;
    for state in [
        DocumentState::Registered,
        DocumentState::Presented,
        DocumentState::InProgress,
        DocumentState::Filed,
    ] {
        let document = staff.document_in(state).await;
        assert_eq!(staff.sees(&UNIT_ADMIN, document).await, None, "{state:?}");
    }
    for state in [DocumentState::ContentReview, DocumentState::FormatReview] {
        let document = outgoing::document_in(&mut staff, state).await;
        assert_eq!(staff.sees(&UNIT_ADMIN, document).await, None, "{state:?}");
    }
}
