use std::time::Duration;

use congvan_protocol::{ProblemCode, format_digest};
use congvan_province::{FaultAction, FaultRule, Seed};
use congvan_testkit::{CLERK, LEADER};
use reqwest::{Method, StatusCode};

use crate::office::{Office, client, header, noise, problem, sha256, start, start_with};

const MIB: usize = 1 << 20;

fn figures(office: &Office) -> congvan_province::UploadStat {
    office
        .province
        .stats()
        .expect("stats")
        .uploads
        .pop()
        .expect("an upload")
}

#[tokio::test]
async fn an_upload_in_pieces_becomes_the_blob_and_says_so_when_asked_again() {
    let office = start(Seed::Empty);
    let desk = office.login(&LEADER).await;
    let bytes = noise(3 * MIB + 17, 3);
    let created = desk.create(&bytes, None).send().await.expect("create");
    assert_eq!(header(&created, "upload-draft-interop-version"), "8");
    assert!(header(&created, "upload-limit").contains("max-append-size="));
    let at = header(&created, "location");
    let mut offset = 0;
    for piece in bytes.chunks(MIB) {
        let last = offset + piece.len() == bytes.len();
        let request = desk
            .patch(&at, offset as u64, piece.to_vec(), last)
            .header("content-digest", format_digest(&sha256(piece)));
        let response = request.send().await.expect("patch");
        offset += piece.len();
        assert_eq!(header(&response, "upload-offset"), offset.to_string());
        assert_eq!(
            header(&response, "upload-complete"),
            if last { "?1" } else { "?0" }
        );
    }
    let state = desk.request(Method::HEAD, &at).send().await.expect("head");
    assert_eq!(header(&state, "upload-complete"), "?1");
    assert_eq!(header(&state, "upload-length"), bytes.len().to_string());
    assert_eq!(office.province.blob(&sha256(&bytes)).expect("blob"), bytes);
    // The answer to the last piece was lost: sending nothing more at the end is no error.
    let response = desk
        .patch(&at, bytes.len() as u64, Vec::new(), true)
        .send()
        .await;
    assert_eq!(response.expect("patch").status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_wrong_offset_is_answered_with_the_right_one() {
    let office = start(Seed::Empty);
    let desk = office.login(&LEADER).await;
    let bytes = noise(2 * MIB, 4);
    let created = desk.create(&bytes, None).send().await.expect("create");
    let at = header(&created, "location");
    desk.patch(&at, 0, bytes[..1000].to_vec(), false)
        .send()
        .await
        .expect("patch");
    for wrong in [0, 999, 1001, 5_000_000] {
        let response = desk
            .patch(&at, wrong, bytes[1000..].to_vec(), true)
            .send()
            .await;
        let response = response.expect("patch");
        assert_eq!(header(&response, "upload-offset"), "1000");
        let expected = (StatusCode::CONFLICT, ProblemCode::OffsetMismatch);
        assert_eq!(problem(response).await, expected);
    }
    assert_eq!(desk.offset(&at).await, 1000);
}

#[tokio::test]
async fn a_piece_with_another_digest_leaves_the_offset_where_it_was() {
    let office = start(Seed::Empty);
    let desk = office.login(&LEADER).await;
    let bytes = noise(2 * MIB, 5);
    let at = header(
        &desk.create(&bytes, None).send().await.expect("create"),
        "location",
    );
    let request = desk
        .patch(&at, 0, bytes[..MIB + 5].to_vec(), false)
        .header("content-digest", format_digest(&sha256(b"other")));
    let response = request.send().await.expect("patch");
    assert_eq!(
        problem(response).await,
        (StatusCode::BAD_REQUEST, ProblemCode::DigestMismatch)
    );
    assert_eq!(desk.offset(&at).await, 0);
}

#[tokio::test]
async fn other_bytes_than_announced_never_become_the_blob() {
    let office = start(Seed::Empty);
    let desk = office.login(&LEADER).await;
    let bytes = noise(5000, 6);
    let at = header(
        &desk.create(&bytes, None).send().await.expect("create"),
        "location",
    );
    let response = desk
        .patch(&at, 0, noise(5000, 7), true)
        .send()
        .await
        .expect("patch");
    assert_eq!(
        problem(response).await,
        (StatusCode::BAD_REQUEST, ProblemCode::DigestMismatch)
    );
    let response = desk.request(Method::GET, &at).send().await.expect("state");
    assert_eq!(
        problem(response).await,
        (StatusCode::GONE, ProblemCode::UploadGone)
    );
    assert!(office.province.blob(&sha256(&bytes)).is_err());
    desk.upload(&bytes, None).await;
}

#[tokio::test]
async fn too_many_bytes_and_too_few_are_refused() {
    let office = start_with(Seed::Empty, |config| {
        config.max_file = 10_000;
        config.max_append = 6000;
    });
    let desk = office.login(&LEADER).await;
    let response = desk
        .create(&noise(10_001, 1), None)
        .send()
        .await
        .expect("create");
    assert_eq!(
        problem(response).await,
        (StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge)
    );
    let bytes = noise(5000, 8);
    let at = header(
        &desk.create(&bytes, None).send().await.expect("create"),
        "location",
    );
    let response = desk
        .patch(&at, 0, noise(6001, 1), false)
        .send()
        .await
        .expect("patch");
    assert_eq!(problem(response).await.1, ProblemCode::TooLarge);
    let response = desk
        .patch(&at, 0, noise(5001, 1), false)
        .send()
        .await
        .expect("patch");
    assert_eq!(problem(response).await.1, ProblemCode::InvalidRequest);
    assert_eq!(desk.offset(&at).await, 0);
    let response = desk
        .patch(&at, 0, bytes[..10].to_vec(), true)
        .send()
        .await
        .expect("patch");
    assert_eq!(problem(response).await.1, ProblemCode::InvalidRequest);
    assert_eq!(desk.offset(&at).await, 10, "what came is kept");
}

#[tokio::test]
async fn malformed_headers_are_refused() {
    let office = start(Seed::Empty);
    let desk = office.login(&LEADER).await;
    let bytes = noise(100, 9);
    for (name, value) in [
        ("upload-length", "-1"),
        ("upload-length", "0"),
        ("upload-complete", "1"),
        ("repr-digest", "md5=:AAAA:"),
        ("upload-draft-interop-version", "7"),
        ("base-digest", "x"),
    ] {
        let mut request = desk.create(&bytes, None).build().expect("request");
        request
            .headers_mut()
            .insert(name, value.parse().expect("value"));
        let response = desk.client.execute(request).await.expect("create");
        assert_eq!(
            response.status(),
            StatusCode::BAD_REQUEST,
            "{name}: {value}"
        );
    }
}

#[tokio::test]
async fn an_upload_belongs_to_its_account_and_can_be_given_up() {
    let office = start(Seed::Empty);
    let desk = office.login(&LEADER).await;
    let clerk = office.login(&CLERK).await;
    let bytes = noise(100, 10);
    let at = header(
        &desk.create(&bytes, None).send().await.expect("create"),
        "location",
    );
    for method in [Method::HEAD, Method::DELETE] {
        let response = clerk.request(method, &at).send().await.expect("answer");
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }
    let response = desk
        .request(Method::DELETE, &at)
        .send()
        .await
        .expect("delete");
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let response = desk.patch(&at, 0, bytes, true).send().await.expect("patch");
    assert_eq!(response.status(), StatusCode::GONE);
}

#[tokio::test]
async fn a_lost_creation_answer_costs_no_second_upload() {
    let office = start(Seed::Empty);
    let desk = office.login(&LEADER).await;
    let bytes = noise(100, 11);
    let first = header(
        &desk.create(&bytes, None).send().await.expect("create"),
        "location",
    );
    desk.patch(&first, 0, bytes[..40].to_vec(), false)
        .send()
        .await
        .expect("patch");
    let again = desk.create(&bytes, None).send().await.expect("create");
    assert_eq!(header(&again, "location"), first);
    assert_eq!(header(&again, "upload-offset"), "40");
}

#[tokio::test]
async fn after_a_cut_at_most_the_bytes_in_flight_are_lost() {
    for http1 in [true, false] {
        let office = start(Seed::Empty);
        let desk = office
            .login_with(&LEADER, client(&office.province, http1))
            .await;
        let bytes = noise(4 * MIB, 12);
        let at = header(
            &desk.create(&bytes, None).send().await.expect("create"),
            "location",
        );
        let cut = 2 * MIB as u64 + 4321;
        let rule = FaultRule::once("PATCH", "/v1/uploads/", FaultAction::CutBodyAfter(cut));
        office.province.fault(rule);
        desk.patch(&at, 0, bytes.clone(), true)
            .send()
            .await
            .expect_err("cut");
        let offset = desk.offset(&at).await;
        assert_eq!(offset, cut, "all that was handled is durable");
        let rest = bytes[usize::try_from(offset).expect("offset")..].to_vec();
        let response = desk
            .patch(&at, offset, rest, true)
            .send()
            .await
            .expect("patch");
        assert_eq!(header(&response, "upload-complete"), "?1");
        assert_eq!(
            figures(&office).received,
            bytes.len() as u64,
            "nothing was sent twice"
        );
    }
}

#[tokio::test]
async fn a_new_request_takes_the_upload_from_one_that_hangs() {
    let office = start(Seed::Empty);
    let desk = office.login(&LEADER).await;
    let bytes = noise(3 * MIB, 13);
    let at = header(
        &desk.create(&bytes, None).send().await.expect("create"),
        "location",
    );
    let hang = MIB as u64 + 100;
    let rule = FaultRule::once("PATCH", "/v1/uploads/", FaultAction::HangBodyAfter(hang));
    office.province.fault(rule);
    let hung = desk.patch(&at, 0, bytes.clone(), true).send();
    let taker = async {
        // Until the hung request has written all that it will get.
        while figures(&office).durable < MIB as u64 {
            tokio::task::yield_now().await;
        }
        let offset = desk.offset(&at).await;
        let rest = bytes[usize::try_from(offset).expect("offset")..].to_vec();
        desk.patch(&at, offset, rest, true)
            .send()
            .await
            .expect("patch")
    };
    let both = async { tokio::join!(hung, taker) };
    let (hung, taken) = tokio::time::timeout(Duration::from_secs(30), both)
        .await
        .expect("in time");
    assert_eq!(header(&taken, "upload-complete"), "?1");
    assert_eq!(hung.expect("an answer").status(), StatusCode::CONFLICT);
    assert_eq!(office.province.blob(&sha256(&bytes)).expect("blob"), bytes);
}

#[tokio::test]
async fn an_upload_survives_a_restart_of_the_server() {
    let mut office = start(Seed::Empty);
    let mut desk = office.login(&LEADER).await;
    let bytes = noise(3 * MIB, 14);
    let at = header(
        &desk.create(&bytes, None).send().await.expect("create"),
        "location",
    );
    desk.patch(&at, 0, bytes[..MIB + 77].to_vec(), false)
        .send()
        .await
        .expect("patch");
    office = office.restart();
    desk.client = office.client();
    assert_eq!(desk.offset(&at).await, MIB as u64 + 77);
    let response = desk
        .patch(&at, MIB as u64 + 77, bytes[MIB + 77..].to_vec(), true)
        .send()
        .await;
    assert_eq!(header(&response.expect("patch"), "upload-complete"), "?1");
    assert_eq!(office.province.blob(&sha256(&bytes)).expect("blob"), bytes);
}

#[tokio::test]
async fn a_server_killed_in_the_middle_of_a_piece_knows_what_is_durable() {
    let mut office = start(Seed::Empty);
    let desk = office.login(&LEADER).await;
    let bytes = noise(4 * MIB, 15);
    let at = header(
        &desk.create(&bytes, None).send().await.expect("create"),
        "location",
    );
    let hang = 2 * MIB as u64 + 500_000;
    let rule = FaultRule::once("PATCH", "/v1/uploads/", FaultAction::HangBodyAfter(hang));
    office.province.fault(rule);
    let hung = desk.patch(&at, 0, bytes.clone(), true).send();
    let killer = async {
        while figures(&office).durable < 2 * MIB as u64 {
            tokio::task::yield_now().await;
        }
        tokio::task::spawn_blocking(move || office.restart())
            .await
            .expect("restart")
    };
    let (hung, restarted) = tokio::join!(hung, killer);
    office = restarted;
    // A server that is being ended may still get a word out before its connection dies.
    if let Ok(answer) = hung {
        assert!(answer.status().is_server_error(), "killed: {answer:?}");
    }
    let offset = desk.offset(&at).await;
    assert!(
        offset >= 2 * MIB as u64,
        "at most a mebibyte is lost: {offset}"
    );
    let rest = bytes[usize::try_from(offset).expect("offset")..].to_vec();
    let response = desk
        .patch(&at, offset, rest, true)
        .send()
        .await
        .expect("patch");
    assert_eq!(header(&response, "upload-complete"), "?1");
    assert_eq!(office.province.blob(&sha256(&bytes)).expect("blob"), bytes);
}

#[tokio::test]
async fn a_base_that_the_account_may_read_is_put_in_and_another_is_not() {
    let office = start(Seed::Few);
    let leader = office.login(&LEADER).await;
    let clerk = office.login(&CLERK).await;
    let base = noise(2 * MIB, 16);
    leader.upload(&base, None).await;
    let mut longer = base.clone();
    longer.extend(b"and a tail");
    let created = leader
        .create(&longer, Some(sha256(&base)))
        .send()
        .await
        .expect("create");
    assert_eq!(header(&created, "upload-offset"), base.len().to_string());
    let at = header(&created, "location");
    let response = leader
        .patch(&at, base.len() as u64, b"and a tail".to_vec(), true)
        .send()
        .await;
    assert_eq!(header(&response.expect("patch"), "upload-complete"), "?1");
    assert_eq!(
        office.province.blob(&sha256(&longer)).expect("blob"),
        longer
    );
    let created = clerk
        .create(&longer, Some(sha256(&base)))
        .send()
        .await
        .expect("create");
    assert_eq!(header(&created, "upload-offset"), "0");
}
