//! The token's process is killed, by its id, at every step of a batch: the desk lives, says so, and
//! signs the rest under a PIN that a person types anew.

use std::process::Command;

use congvan_pkcs11_shim::TRIES;
use serde_json::{Value, json};

use crate::{
    batch::{agrees, tray_of},
    face::Face,
    office::Office,
    tray::in_state,
};

/// A call of the module in which the process is killed: the how-manieth of its run, and whether the
/// card has already done its work.
struct Step {
    call: &'static str,
    number: usize,
    hang: &'static str,
}

const fn step(call: &'static str, number: usize, hang: &'static str) -> Step {
    Step { call, number, hang }
}

/// Before and after the login, before a signature is begun (which is between two documents), in it,
/// and after it.
const STEPS: [Step; 6] = [
    step("C_Login", 1, "hang"),
    step("C_Login", 1, "hang-after"),
    step("C_SignInit", 1, "hang"),
    step("C_SignInit", 7, "hang"),
    step("C_Sign", 6, "hang"),
    step("C_Sign", 9, "hang-after"),
];

/// Kills the process when the card is asked for the last call; the report of the batch then.
async fn killed_in(
    office: &Office,
    desk: &Face,
    (call, number, hang): (&str, usize, &str),
) -> Value {
    office.card_hangs(call, number, hang).await;
    let id = office.token_worker().expect("a process holds the module");
    let killed = Command::new("kill")
        .args(["-KILL", &id.to_string()])
        .status();
    assert!(killed.unwrap().success());
    let report = desk.batch_ended().await;
    assert_ne!(office.token_worker(), Some(id));
    report
}

async fn begin(desk: &Face, report: Option<&Value>, pin: &str) {
    let ears = desk.listen().await;
    match report {
        Some(report) => {
            desk.ask("batch_resume", json!({ "id": report["id"] }))
                .await
        }
        None => desk.ask("batch_sign", desk.batch_args().await).await,
    };
    // Once: nobody would type into a second window, and the batch would not end.
    desk.type_pin(ears, pin, false).await;
}

#[tokio::test]
async fn a_batch_whose_token_process_is_killed_at_every_step_is_signed_once_and_asks_for_each_pin()
{
    let (office, desk) = tray_of(50).await;
    assert_eq!(desk.read_and_mark_all().await, 50);
    let (mut last, mut signed) = (None::<Value>, 0);
    for (typed, step) in STEPS.iter().enumerate() {
        let number = office.card_calls(step.call) + step.number;
        office.token_faults(&format!("{} {number} {}", step.call, step.hang));
        begin(&desk, last.as_ref(), office.pin()).await;
        let report = killed_in(&office, &desk, (step.call, number, step.hang)).await;
        office.mend_token();
        assert_eq!(report["stage"], "STOPPED", "{} {report}", step.call);
        assert_eq!(report["stopped_by"], "WORKER_LOST", "{report}");
        assert_eq!(
            office.card_calls("C_Login"),
            typed + 1,
            "a PIN was repeated"
        );
        assert_eq!(office.tries(), TRIES);
        let now = in_state(&report, "SIGNED").len();
        // Signed is what the card had answered; an answer that was lost with the process is none.
        let answered = if step.call.starts_with("C_Sign") {
            step.number - 1
        } else {
            0
        };
        assert_eq!(now, signed + answered, "{} {}", step.call, step.hang);
        assert_eq!(in_state(&report, "UNTOUCHED").len(), 50 - now);
        agrees(&office, &desk, &report).await;
        (last, signed) = (Some(report), now);
    }

    // At the end: the token is being logged out when its process goes.
    for hang in ["hang", "hang-after"] {
        let number = office.card_calls("C_Logout") + 1;
        let sign = office.card_calls("C_Sign") + 5;
        office.token_faults(&format!("C_Sign {sign} ckr 0x60\nC_Logout {number} {hang}"));
        begin(&desk, last.as_ref(), office.pin()).await;
        let report = killed_in(&office, &desk, ("C_Logout", number, hang)).await;
        office.mend_token();
        // A key that is gone is a session that is gone.
        assert_eq!(report["stopped_by"], "TOKEN_REMOVED", "{report}");
        let now = in_state(&report, "SIGNED").len();
        assert_eq!(now, signed + 4, "{report}");
        agrees(&office, &desk, &report).await;
        (last, signed) = (Some(report), now);
    }
    office.token_faults("");
    let report = desk.resume(&last.unwrap(), office.pin()).await;
    assert_eq!(report["stage"], "FINISHED", "{report}");
    assert_eq!(report["signed"], 50);
    assert_eq!(office.card_calls("C_Login"), STEPS.len() + 3);
    assert_eq!(office.tries(), TRIES);
    agrees(&office, &desk, &report).await;
}
