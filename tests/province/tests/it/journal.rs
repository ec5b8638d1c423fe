//! Ops over time: pruning, machines that went back, servers that went back.

use congvan_model::OpId;
use congvan_protocol::{OpOutcome, ProblemCode};
use congvan_province::Seed;
use congvan_testkit::LEADER;
use reqwest::StatusCode;
use uuid::Uuid;

use crate::office::{applied, opinion, problem, start};

const DAY_MS: i64 = 86_400_000;

#[tokio::test]
async fn a_result_is_kept_until_its_device_has_it_and_sixty_days_have_passed() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let first = leader.op(document, opinion("một"));
    let second = leader.op(document, opinion("hai"));
    leader.sync(vec![first.clone(), second.clone()]).await;
    let opinions = office.province.stats().expect("stats").opinions;
    leader.settled = 1;
    leader.sync(Vec::new()).await;
    office.province.config.clock.advance_ms(59 * DAY_MS);
    assert_eq!(office.province.prune().expect("prune"), 0, "too early");
    office.province.config.clock.advance_ms(2 * DAY_MS);
    assert_eq!(
        office.province.prune().expect("prune"),
        1,
        "only what the device has"
    );
    // Logged in again: the tokens are sixty days old.
    let tokens = office.login(&LEADER).await.tokens;
    leader.tokens = tokens;
    let again = leader.settle(&first).await;
    assert_eq!(again.outcome, OpOutcome::AlreadySettled {});
    assert!(again.duplicate && again.receipt.is_none());
    assert!(leader.settle(&second).await.duplicate);
    assert!(applied(&leader.settle(&second).await));
    assert_eq!(office.province.stats().expect("stats").opinions, opinions);
}

#[tokio::test]
async fn a_machine_that_went_back_in_time_is_told_and_none_of_its_ops_is_touched() {
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let ops = vec![
        leader.op(document, opinion("một")),
        leader.op(document, opinion("hai")),
    ];
    leader.sync(ops.clone()).await;
    let settled = office.province.stats().expect("stats").settled_ops;
    // The restored copy knows of one op only.
    leader.seq = 1;
    let response = leader.try_sync(Vec::new()).await.expect("sync");
    let expected = (StatusCode::CONFLICT, ProblemCode::DeviceRolledBack);
    assert_eq!(problem(response).await, expected);
    // It writes another op under the number of one that is known; an old desk does not even count.
    let other = leader.op(document, opinion("khác"));
    assert_eq!(other.local_seq, 2);
    leader.seq = 0;
    let response = leader.try_sync(vec![other.clone()]).await.expect("sync");
    assert_eq!(problem(response).await, expected);
    assert_eq!(office.province.stats().expect("stats").settled_ops, settled);
    // With a new incarnation it offers everything again: what is known stays once.
    leader.incarnation = "i2".to_owned();
    leader.seq = 3;
    let mut offered = ops[0].clone();
    offered.local_seq = 3;
    let known = leader.settle(&offered).await;
    assert!(known.duplicate && applied(&known), "{known:?}");
    assert!(!leader.settle(&other).await.duplicate);
    assert_eq!(
        office.province.stats().expect("stats").settled_ops,
        settled + 1
    );
}

#[tokio::test]
async fn a_server_that_lost_its_tail_takes_what_the_desk_offers_again_and_nothing_twice() {
    let dir = tempfile::tempdir().expect("dir");
    let office = start(Seed::Few);
    let mut leader = office.login(&LEADER).await;
    let document = leader.documents().await[0].id;
    let kept = leader.op(document, opinion("trước sao lưu"));
    leader.settle(&kept).await;
    // The backup, taken while the server stands still.
    let office = office.stopped(|config| copy(&config.data_dir, dir.path()));
    leader.client = office.client();
    let lost = leader.op(document, opinion("sau sao lưu"));
    leader.settle(&lost).await;
    let epoch = leader.sync(Vec::new()).await.epoch;
    let office = office.stopped(|config| {
        std::fs::remove_dir_all(&config.data_dir).expect("the disk is lost");
        copy(dir.path(), &config.data_dir);
        congvan_province::restore_mark(&config.data_dir, None).expect("mark");
    });
    leader.client = office.client();
    let response = leader.try_sync(Vec::new()).await.expect("sync");
    let expected = (StatusCode::CONFLICT, ProblemCode::CannotCalculateChanges);
    assert_eq!(problem(response).await, expected);
    leader.cursor = None;
    let answer = leader.sync(vec![kept.clone(), lost.clone()]).await;
    assert_ne!(answer.epoch, epoch);
    assert!(answer.results[0].duplicate && applied(&answer.results[0]));
    assert!(!answer.results[1].duplicate && applied(&answer.results[1]));
    let mut words: Vec<OpId> = answer.results.iter().map(|result| result.id).collect();
    words.dedup();
    assert_eq!(words.len(), 2);
    assert_eq!(office.province.stats().expect("stats").applied_ops, 2);
}

pub(crate) fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("dir");
    for entry in std::fs::read_dir(from).expect("read") {
        let entry = entry.expect("entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copy");
        }
    }
}

#[test]
fn there_is_nothing_to_mark_where_no_province_is() {
    let dir = std::env::temp_dir().join(Uuid::now_v7().to_string());
    assert!(congvan_province::restore_mark(&dir, None).is_err());
}

#[tokio::test]
async fn each_head_of_a_desks_audit_chain_is_kept_once_with_its_moment() {
    let office = start(Seed::Few);
    let leader = office.login(&LEADER).await;
    for head in ["3:aa", "3:aa", "5:bb", "3:aa"] {
        let mut body = leader.body(Vec::new());
        body.audit_head = Some(head.to_owned());
        let request = leader.request(reqwest::Method::POST, "/v1/sync");
        let answer = request.json(&body).send().await.expect("sync");
        assert_eq!(answer.status(), StatusCode::OK);
        office.province.config.clock.advance_ms(1_000);
    }
    let path = office.province.config.data_dir.join("province.db");
    let db = rusqlite::Connection::open(path).expect("opens");
    let heads: Vec<(String, i64)> = db
        .prepare("SELECT head, at FROM anchor ORDER BY at")
        .expect("prepares")
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("reads")
        .map(|row| row.expect("row"))
        .collect();
    let named: Vec<&str> = heads.iter().map(|(head, _)| head.as_str()).collect();
    assert_eq!(named, ["3:aa", "5:bb"]);
    assert!(heads[1].1 - heads[0].1 >= 2_000, "the first moment stays");
}
