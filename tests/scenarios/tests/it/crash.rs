//! The desk is killed around a signing, as a power cut would do it.

use std::time::{Duration, Instant};

use congvan_testkit::{LEADER, SplitMix};
use serde_json::json;

use crate::{face::Face, host::Host, keyring::Keyring, office::Office};

const OPINION: &str = "Đồng ý ban hành.";

/// Kills per run, unless the time is up first.
const KILLS: usize = 30;
const AT_MOST: Duration = Duration::from_secs(35);

async fn first_draft(desk: &Face) -> String {
    let rows = desk.rows("to_sign", "").await;
    rows[0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_desk_killed_between_store_and_upload_sends_everything_exactly_once() {
    let mut office = Office::open();
    let keyring = Keyring::open(&office);
    let host = Host::start(&office, &keyring);
    host.face.log_in(&LEADER).await.unwrap();
    host.face.everything_pulled().await;
    let before = office.stats();
    let draft = first_draft(&host.face).await;

    office.cut();
    let opinion = json!({ "document": draft, "kind": "opinion", "text": OPINION });
    host.face.ask("opinion_add", opinion).await;
    let signed = host.face.sign(&draft, office.pin()).await.unwrap();
    host.kill();

    // No server, no password: it is all still there.
    let host = Host::start(&office, &keyring);
    let desk = &host.face;
    assert_eq!(desk.ask("app_status", json!({})).await["phase"], "desk");
    assert_eq!(desk.unsent().await, 2);
    let detail = desk.document(&draft).await;
    assert_eq!(detail["files"][0]["head"], signed["sha256"]);
    assert!(detail["opinions"].to_string().contains(OPINION));

    // Killed once more, while it sends.
    office.connect();
    desk.sync_now().await;
    host.kill();
    let host = Host::start(&office, &keyring);
    host.face.everything_sent().await;
    assert_eq!(office.signed(&draft), [signed["sha256"].as_str().unwrap()]);
    let after = office.stats();
    assert_eq!(after.opinions, before.opinions + 1);
    assert_eq!(after.applied_ops, before.applied_ops + 2);
    let detail = host.face.document(&draft).await;
    assert_eq!(detail["files"][0]["revisions"].as_array().unwrap().len(), 2);
    assert_eq!(detail["opinions"].to_string().matches(OPINION).count(), 1);
}

/// What the kills met.
#[derive(Debug, Default)]
struct Tally {
    /// Killed before anything was stored.
    none: usize,
    /// Stored here, not yet at the server.
    here: usize,
    /// Already at the server.
    there: usize,
}

#[tokio::test]
async fn a_desk_killed_at_any_moment_of_a_signing_leaves_none_or_one_and_never_two() {
    let started = Instant::now();
    let office = Office::open_with(|config| config.next_poll_s = 1);
    let keyring = Keyring::open(&office);
    let mut host = Host::start(&office, &keyring);
    host.face.log_in(&LEADER).await.unwrap();
    host.face.everything_pulled().await;
    let draft = first_draft(&host.face).await;
    let head = host.face.document(&draft).await["files"][0]["head"].clone();
    let paper = office.blob(head.as_str().unwrap());

    // How long it takes from the PIN to the server.
    let clock = Instant::now();
    host.face.sign(&draft, office.pin()).await.unwrap();
    host.face.everything_sent().await;
    let whole = clock.elapsed();

    let mut random = SplitMix::new(20_261_121);
    let mut tally = Tally::default();
    let mut kills = 0;
    while kills < KILLS && started.elapsed() < AT_MOST {
        let document = office.add_draft(&format!("Bản thảo {kills}"), &paper);
        host.face.arrives(&document).await;
        let order = host.face.sign_args(&document).await;
        let moment = whole.mul_f64(random.below(1_000) as f64 / 1_000.0);
        let end = tokio::time::sleep(moment);
        let signed = host.face.sign_unless(order, office.pin(), end).await;
        if let Some(Ok(_)) = &signed {
            // The rest of the time passes while it sends.
            tokio::time::sleep(moment / 2).await;
        }
        host.kill();
        kills += 1;
        office.mend_token();

        let there = office.signed(&document).len();
        host = Host::start(&office, &keyring);
        let detail = host.face.document(&document).await;
        let states = detail["files"][0]["revisions"].as_array().unwrap().len();
        assert!(states <= 2, "{kills}: {detail}");
        assert!(
            there < states,
            "{kills}: the server has what the desk has lost"
        );
        if let Some(signed) = signed {
            assert_eq!(states, 2, "{kills}: it said that it was stored: {signed:?}");
        }
        match (states, there) {
            (1, _) => tally.none += 1,
            (_, 0) => tally.here += 1,
            _ => tally.there += 1,
        }
        host.face.everything_sent().await;
        assert_eq!(office.signed(&document).len(), states - 1, "{kills}");
        if states == 1 {
            // Nothing was done, so it can be done now.
            host.face.sign(&document, office.pin()).await.unwrap();
            host.face.everything_sent().await;
        }
        assert_eq!(office.signed(&document).len(), 1, "{kills}");
    }
    println!("{kills} kills in {:?}: {tally:?}", started.elapsed());
    assert!(kills >= 12, "only {kills} kills in {:?}", started.elapsed());
    assert!(tally.none > 0 && tally.here + tally.there > 0, "{tally:?}");
}
