//! The exchange with the server as people steer it, and what the desk does when the server went
//! back in time, takes too much away, or says that something is new.

use std::{path::Path, sync::Arc};

use congvan_core::{Bandwidth, Desk, NetworkState, ProxySetting};
use congvan_province::{Province, ProvinceConfig};
use serde_json::json;

use crate::{face::Face, office::Office};

fn core(face: &Face) -> &Arc<Desk> {
    let Face::Here(core) = face else {
        panic!("in this process")
    };
    core
}

fn opinion(document: &str, text: &str) -> serde_json::Value {
    json!({ "document": document, "kind": "opinion", "text": text })
}

async fn first(desk: &Face) -> String {
    let rows = desk.rows("incoming_all", "").await;
    rows[0]["id"].as_str().unwrap().to_owned()
}

/// Polls are a minute apart, so what comes within seconds came because the server said so.
#[tokio::test]
async fn an_urgent_document_comes_by_the_servers_hint() {
    let office = Office::open_with(|config| config.next_poll_s = 3_600);
    let desk = office.leader().await;
    desk.until("the server tells by itself", async |desk| {
        core(desk).sync_status().await.unwrap().live.then_some(())
    })
    .await;
    let document = office.province().add_urgent_document().unwrap();
    desk.arrives(&document.to_string()).await;
}

#[tokio::test]
async fn a_paused_desk_sends_nothing_and_goes_on_when_told() {
    let office = Office::open();
    let desk = office.leader().await;
    let before = office.stats().applied_ops;
    core(&desk).pause_exchange(None).await.unwrap();
    desk.until("it rests", async |desk| {
        core(desk).sync_status().await.unwrap().paused.then_some(())
    })
    .await;
    desk.ask("opinion_add", opinion(&first(&desk).await, "Tạm dừng"))
        .await;
    assert_eq!(desk.unsent().await, 1);
    // While another machine of the same person starts, pulls and sends, this one rests.
    let other = office.leader().await;
    other
        .ask(
            "opinion_add",
            opinion(&first(&other).await, "Không tạm dừng"),
        )
        .await;
    other.everything_sent().await;
    assert_eq!(office.stats().applied_ops, before + 1);
    assert_eq!(desk.unsent().await, 1);
    core(&desk).resume_exchange().await.unwrap();
    desk.everything_sent().await;
    assert_eq!(office.stats().applied_ops, before + 2);
}

#[tokio::test]
async fn a_document_that_rests_keeps_its_acts_here_while_the_others_go() {
    let office = Office::open();
    let desk = office.leader().await;
    let rows = desk.rows("incoming_all", "").await;
    let [resting, other] = [&rows[0], &rows[1]].map(|row| row["id"].as_str().unwrap().to_owned());
    let rest = |rest| json!({ "document": resting, "rest": rest });
    let before = office.stats().applied_ops;
    desk.ask("document_rest", rest(true)).await;
    let listed = desk.ask("documents_resting", json!({})).await;
    assert_eq!(listed[0]["document"], json!(resting));
    assert!(!listed[0]["title"].as_str().unwrap().is_empty());
    desk.ask("opinion_add", opinion(&resting, "Để sau")).await;
    desk.ask("opinion_add", opinion(&other, "Gửi ngay")).await;
    desk.until("the other is sent", async |desk| {
        (office.stats().applied_ops > before && desk.unsent().await == 1).then_some(())
    })
    .await;
    desk.ask("document_rest", rest(false)).await;
    desk.everything_sent().await;
    assert_eq!(desk.ask("documents_resting", json!({})).await, json!([]));
}

#[tokio::test]
async fn documents_taken_away_in_bulk_stay_until_the_inventory_bears_it_out() {
    let office = Office::open();
    let letters = office.province().add_letters(&[900; 40], 3).unwrap();
    let desk = office.leader().await;
    let before = desk.rows("incoming_all", "").await.len();
    for letter in &letters {
        office.province().recall(*letter).unwrap();
    }
    desk.sync_now().await;
    // The brake holds them; the comparison with the inventory, which follows by itself, proves them.
    desk.until("the removals are proven", async |desk| {
        let status = core(desk).sync_status().await.unwrap();
        let rows = desk.rows("incoming_all", "").await.len();
        (status.held_removals == 0 && rows == before - letters.len()).then_some(())
    })
    .await;
    let lines = core(&desk).happenings(None, 50).await.unwrap();
    assert!(
        lines.iter().any(|line| line.code == "HELD"),
        "the brake was pulled: {lines:?}"
    );
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The operator restores last night's backup and marks it as one.
fn restore(config: &ProvinceConfig, backup: &Path) {
    std::fs::remove_dir_all(&config.data_dir).unwrap();
    copy(backup, &config.data_dir);
}

#[tokio::test]
async fn a_server_restored_from_its_backup_gets_back_what_this_desk_was_told_it_had() {
    let mut office = Office::open();
    let desk = office.leader().await;
    let document = first(&desk).await;
    desk.ask("opinion_add", opinion(&document, "Trước bản sao lưu"))
        .await;
    desk.everything_sent().await;
    let backup = tempfile::tempdir().unwrap();
    let config = office.province().config.clone();
    office.cut();
    copy(&config.data_dir, backup.path());
    office.connect();
    desk.ask("opinion_add", opinion(&document, "Sau bản sao lưu"))
        .await;
    desk.everything_sent().await;
    let before = office.stats().opinions;
    let documents = desk.rows("incoming_all", "").await.len();
    office.cut();
    restore(&config, backup.path());
    let marked = Province::start(config).unwrap();
    assert_eq!(marked.stats().unwrap().opinions, before - 1, "it is lost");
    marked.new_epoch().unwrap();
    drop(marked);
    office.connect();
    desk.until("the server has it again", async |desk| {
        desk.sync_now().await;
        (office.stats().opinions == before).then_some(())
    })
    .await;
    desk.everything_sent().await;
    assert_eq!(desk.rows("incoming_all", "").await.len(), documents);
    let opinions = desk.document(&document).await["opinions"].clone();
    let mine = ["Trước bản sao lưu", "Sau bản sao lưu"];
    for text in mine {
        let count = opinions.as_array().unwrap().iter();
        assert_eq!(count.filter(|it| it["text"] == text).count(), 1, "{text}");
    }
}

#[tokio::test]
async fn a_comparison_with_a_sound_server_heals_nothing() {
    let office = Office::open();
    let desk = office.leader().await;
    core(&desk).compare_now().await.unwrap();
    desk.until("it has been compared", async |desk| {
        let status = core(desk).sync_status().await.unwrap();
        let paths = core(desk).server_paths().await.unwrap();
        let asked = paths
            .iter()
            .any(|door| door.path.as_str() == "inventory" && door.answered >= 2);
        (asked && !status.comparing).then_some(())
    })
    .await;
    assert_eq!(core(&desk).sync_status().await.unwrap().healed, 0);
}

#[tokio::test]
async fn hours_without_files_hold_back_no_act() {
    let office = Office::open();
    let desk = office.leader().await;
    let none = Bandwidth {
        limit_kbps: Some(0),
        windows: Vec::new(),
    };
    core(&desk).set_bandwidth(none.clone()).await.unwrap();
    assert_eq!(core(&desk).bandwidth().await.unwrap(), none);
    let before = office.stats().applied_ops;
    desk.ask("opinion_add", opinion(&first(&desk).await, "Ngoài giờ"))
        .await;
    desk.everything_sent().await;
    assert_eq!(office.stats().applied_ops, before + 1);
}

#[tokio::test]
async fn a_proxy_that_leads_nowhere_is_told_and_changed_back() {
    let office = Office::open();
    let desk = office.leader().await;
    let gone = ProxySetting::Manual {
        url: "http://127.0.0.1:9".to_owned(),
        user: None,
    };
    let tested = core(&desk).test_proxy(gone.clone(), None).await;
    assert!(tested.is_err(), "tested before it is chosen");
    core(&desk).set_proxy(gone.clone(), None).await.unwrap();
    assert_eq!(core(&desk).proxy_setting().await.unwrap(), (gone, false));
    desk.until("the server is out of reach", async |desk| {
        desk.sync_now().await;
        let network = core(desk).sync_status().await.unwrap().network;
        (network == NetworkState::Offline).then_some(())
    })
    .await;
    core(&desk)
        .test_proxy(ProxySetting::None, None)
        .await
        .unwrap();
    core(&desk)
        .set_proxy(ProxySetting::None, None)
        .await
        .unwrap();
    desk.until("the server is there again", async |desk| {
        desk.sync_now().await;
        let network = core(desk).sync_status().await.unwrap().network;
        (network == NetworkState::Online).then_some(())
    })
    .await;
}
