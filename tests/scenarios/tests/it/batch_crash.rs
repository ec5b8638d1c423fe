//! The desk ends in the middle of a batch, at every step of a document's way: alone, or with the
//! whole machine.

use congvan_pkcs11_shim::TRIES;
use congvan_testkit::LEADER;
use serde_json::{Value, json};

use crate::{host::Host, keyring::Keyring, office::Office, tray::in_state};

/// Where the desk ends: before the PIN's login is used, after each stage, around the transaction.
const STEPS: [&str; 7] = [
    "batch.logged-in",
    "batch.prepared",
    "batch.token-answered",
    "blob.published",
    "batch.before-commit",
    "batch.committed",
    "batch.journalled",
];

/// Where the machine stops while the card is at work: the how-manieth call of the run, and whether
/// the card has done its work. The login happens once; the last is the end of a batch that a fault
/// of the key stopped.
const IN_THE_CARD: [(&str, usize, &str); 4] = [
    ("C_Login", 1, "hang-after"),
    ("C_Sign", 2, "hang"),
    ("C_Sign", 3, "hang-after"),
    ("C_Logout", 1, "hang"),
];

/// How the desk ends in one run.
enum End {
    /// By itself, at that step: alone, as a crash does it, or with all its processes, as a machine
    /// that stops.
    Step(String),
    /// With all its processes, while the card does this.
    InTheCard((&'static str, usize, &'static str)),
}

/// At which document of its run the desk ends; a soak ends it at every one.
fn stride() -> usize {
    let text = std::env::var("CONGVAN_BATCH_STRIDE").unwrap_or_default();
    text.parse().unwrap_or(4)
}

/// Every step alone and with the whole machine, then every moment in the card, and from the start.
fn end(kills: usize) -> End {
    let round = kills % (STEPS.len() * 2 + IN_THE_CARD.len());
    let Some(step) = STEPS.get(round / 2) else {
        return End::InTheCard(IN_THE_CARD[round - STEPS.len() * 2]);
    };
    // A login happens once in a run.
    let number = if *step == "batch.logged-in" {
        1
    } else {
        stride()
    };
    let whole = if round.is_multiple_of(2) { "" } else { ":all" };
    End::Step(format!("{step}:{number}{whole}"))
}

#[tokio::test]
async fn a_batch_of_fifty_killed_at_every_step_ends_with_exactly_one_signature_each() {
    let office = Office::open_with(|config| {
        config.drafts = Some(50);
        config.next_poll_s = 1;
    });
    let keyring = Keyring::open(&office);
    let host = Host::start(&office, &keyring);
    host.face.log_in(&LEADER).await.unwrap();
    host.face.everything_pulled().await;
    assert_eq!(host.face.read_and_mark_all().await, 50);
    let documents: Vec<String> = host
        .face
        .tray()
        .await
        .iter()
        .map(|row| row["document"].as_str().unwrap().to_owned())
        .collect();
    host.kill();

    let mut kills = 0;
    let mut signed_before = 0;
    loop {
        let end = end(kills);
        let mut host = match &end {
            End::Step(point) => {
                if point.starts_with("blob.") {
                    // Files that come from the server pass there, too.
                    let quiet = Host::start(&office, &keyring);
                    quiet.face.everything_pulled().await;
                    quiet.kill();
                }
                Host::start_to_die(&office, &keyring, point)
            }
            End::InTheCard(_) => Host::start(&office, &keyring),
        };
        let desk = &host.face;
        let view = desk.batch_view().await;
        let ears = desk.listen().await;
        if view.is_null() {
            desk.ask("batch_sign", desk.batch_args().await).await;
        } else {
            let signed = in_state(&view, "SIGNED");
            // The report is what the desk has: none or one new state, and never one too many.
            for document in &documents {
                let detail = desk.document(document).await;
                let states = detail["files"][0]["revisions"].as_array().unwrap().len();
                let expected = 1 + usize::from(signed.contains(document));
                assert_eq!(states, expected, "after {kills} kills: {view}");
                assert!(
                    office.signed(document).len() < states,
                    "the desk has lost a signature"
                );
            }
            assert!(signed.len() >= signed_before, "after {kills} kills: {view}");
            signed_before = signed.len();
            if signed.len() == documents.len() {
                assert_eq!(view["stage"], "FINISHED", "{view}");
                break;
            }
            assert_eq!(view["stage"], "INTERRUPTED", "{view}");
            assert_eq!(in_state(&view, "UNTOUCHED").len(), 50 - signed.len());
            desk.ask("batch_resume", json!({ "id": view["id"] })).await;
        }
        let typed = office.card_calls("C_Login");
        match end {
            End::Step(_) => {
                desk.type_pin(ears, office.pin(), false).await;
                match host.dies_or_ends().await {
                    None => kills += 1,
                    // So few were left that the point was not passed often enough.
                    Some(report) => assert_eq!(report["stopped_by"], Value::Null, "{report}"),
                }
                host.kill();
            }
            End::InTheCard(moment) => {
                let (call, number) = hang(&office, moment);
                desk.type_pin(ears, office.pin(), false).await;
                office.card_hangs(call, number, moment.2).await;
                host.power_off();
                office.token_faults("");
                kills += 1;
            }
        }
        assert_eq!(
            office.card_calls("C_Login"),
            typed + 1,
            "a PIN was repeated"
        );
        assert_eq!(office.tries(), TRIES);
        office.mend_token();
        assert!(kills < 200, "no progress");
    }
    println!("{kills} kills in a batch of fifty");
    let round = STEPS.len() * 2 + IN_THE_CARD.len();
    assert!(kills >= round, "only {kills} kills of {round}");

    let host = Host::start(&office, &keyring);
    host.face.everything_sent().await;
    let view = host.face.batch_view().await;
    assert_eq!(in_state(&view, "SIGNED").len(), 50, "{view}");
    for document in &documents {
        assert_eq!(office.signed(document).len(), 1, "{document}");
    }
    assert_eq!(office.stats().settled_ops, office.stats().applied_ops);
}

/// Tells the card to stop in that call of the next run; which one that is, counted from the first.
fn hang(
    office: &Office,
    (call, number, hang): (&'static str, usize, &str),
) -> (&'static str, usize) {
    let number = office.card_calls(call) + number;
    let fault = if call == "C_Logout" {
        format!("C_Sign {} ckr 0x60\n", office.card_calls("C_Sign") + 2)
    } else {
        String::new()
    };
    office.token_faults(&format!("{fault}{call} {number} {hang}"));
    (call, number)
}
