//! What goes first, and how often what failed is tried again.

use std::collections::BTreeMap;

use congvan_model::{Sha256, Timestamp};
use congvan_protocol::Load;
use congvan_sync::{
    Answer, BULK_PER_ROUND, Effect, Event, Failure, Healthy, OPS_PER_ROUND, Pending, Wanted,
    sendable,
};

use crate::rules::{DONE, Desk, downloads, facts, hash, op, pending, uploads, wanted, with_bytes};

const HOUR: i64 = 3_600_000;

fn due(hours: i64) -> Option<Timestamp> {
    Some(Timestamp(1_795_224_600_000 + hours * HOUR))
}

#[test]
fn inside_a_class_the_earliest_deadline_comes_first_and_then_the_smallest() {
    let file = |number, size, mine, urgent, due| Wanted {
        mine,
        urgent,
        due,
        ..wanted(number, size)
    };
    let files = vec![
        file(1, 10, false, false, due(1)),
        file(2, 10, true, false, None),
        file(3, 900, true, false, due(48)),
        file(4, 800, true, false, due(48)),
        file(5, 999, true, false, due(-3)),
        file(6, 999, false, true, due(90)),
    ];
    let (_, effects) = Desk::online(facts(Vec::new(), files));
    let order: Vec<Sha256> = downloads(&effects).iter().map(|it| it.1).collect();
    // Urgent; then mine: overdue, two of one day, without a deadline; then the others.
    assert_eq!(order, [6, 5, 4, 3, 2, 1].map(hash));
}

#[test]
fn uploads_and_acts_follow_the_deadline_of_their_document() {
    let with = |seq, lane, urgent, due| Pending {
        urgent,
        due,
        ..with_bytes(seq, lane, false)
    };
    let outbox = vec![
        with(1, 1, false, None),
        with(2, 2, false, due(48)),
        with(3, 3, false, due(2)),
        with(4, 4, true, None),
    ];
    let (mut desk, effects) = Desk::online(facts(outbox, Vec::new()));
    let mut order = Vec::new();
    let mut next = uploads(&effects);
    while let Some((ticket, sha256)) = next.first().copied() {
        order.push(sha256);
        next = uploads(&desk.answer(ticket, Answer::Upload(Ok(()))));
    }
    assert_eq!(order, [4, 3, 2, 1].map(hash));

    // More acts than a round takes: what is due goes along, in its document's order.
    let mut many: Vec<Pending> = (1..=200).map(|seq| pending(seq, u128::from(seq))).collect();
    for act in many.iter_mut().skip(198) {
        (act.lane, act.due) = (
            congvan_model::DocumentId(uuid::Uuid::from_u128(7_000)),
            due(1),
        );
    }
    let send = sendable(&many, Timestamp(0), |_| false);
    assert_eq!(send.len(), OPS_PER_ROUND);
    assert_eq!(send.get(98..), Some(&[op(199), op(200)][..]));
}

#[test]
fn rows_and_old_files_in_bulk_go_last_and_a_few_at_a_time() {
    let bulk = |seq, lane| Pending {
        bulk: true,
        ..pending(seq, lane)
    };
    let mut outbox: Vec<Pending> = (1..=30).map(|seq| bulk(seq, u128::from(seq))).collect();
    // An opinion on what has an old file waiting follows that file.
    outbox.extend([pending(31, 30), pending(32, 500), pending(33, 501)]);
    let send = sendable(&outbox, Timestamp(0), |_| false);
    assert_eq!(send.len(), BULK_PER_ROUND + 2);
    assert_eq!(send, [1, 2, 3, 4, 32, 33].map(op));
    // A full round of people's acts leaves no room for them.
    outbox.extend((100..200).map(|seq| pending(seq, u128::from(seq))));
    let send = sendable(&outbox, Timestamp(0), |_| false);
    assert_eq!(send.first(), Some(&op(32)));
    assert_eq!(send.len(), OPS_PER_ROUND);
}

/// A server that refuses every file for an hour, asked by a desk that wants so many. How often each
/// was asked for.
fn an_hour_of_refusals(files: Vec<Wanted>) -> BTreeMap<Sha256, u32> {
    let (mut desk, mut effects) = Desk::online(facts(Vec::new(), files));
    let end = desk.now.mono_ms + 3_600_000;
    let mut tries: BTreeMap<Sha256, u32> = BTreeMap::new();
    while desk.now.mono_ms < end {
        let mut more = Vec::new();
        for effect in &effects {
            let (ticket, answer) = match effect {
                Effect::Download { ticket, sha256, .. } => {
                    *tries.entry(*sha256).or_default() += 1;
                    let busy = Failure::Busy {
                        retry_after_s: None,
                    };
                    (*ticket, Answer::Download(Err(busy)))
                }
                Effect::Sync { ticket, .. } => (*ticket, Answer::Sync(Ok(DONE))),
                Effect::Probe { ticket } => {
                    let healthy = Healthy {
                        load: Load::Calm,
                        reconnect_window_s: 0,
                    };
                    (*ticket, Answer::Probe(Ok(healthy)))
                }
                _ => continue,
            };
            more.extend(desk.answer(ticket, answer));
        }
        effects = match more.is_empty() {
            false => more,
            true => {
                let wake = desk.machine.wake_at().expect("something to wait for");
                desk.pass(wake.saturating_sub(desk.now.mono_ms).max(1))
            }
        };
    }
    tries
}

#[test]
fn what_nobody_waits_for_is_tried_again_only_as_often_as_the_budget_says() {
    let files = |urgent| {
        let file = |number| Wanted {
            urgent,
            ..wanted(number, 10)
        };
        (1..=40).map(file).collect::<Vec<_>>()
    };
    let tries = an_hour_of_refusals(files(false));
    let retries: u32 = tries.values().map(|tries| tries - 1).sum();
    assert_eq!(tries.len(), 40, "each was asked for");
    // Ten that a rested budget has, one a minute, and a tenth for each of some sixty good rounds.
    assert!((60..=80).contains(&retries), "{retries} retries in an hour");
    // What people wait for is held back by its own waits only.
    let tries = an_hour_of_refusals(files(true));
    let retries: u32 = tries.values().map(|tries| tries - 1).sum();
    assert!(
        retries > 400,
        "{retries} retries of urgent files in an hour"
    );
}

#[test]
fn an_event_of_the_store_does_not_spend_the_budget() {
    let (mut desk, effects) = Desk::online(facts(Vec::new(), vec![wanted(1, 10)]));
    let (ticket, _) = *downloads(&effects).first().expect("starts");
    desk.answer(ticket, Answer::Download(Err(Failure::Unreachable)));
    for _ in 0..1_000 {
        desk.step(Event::Facts(facts(Vec::new(), vec![wanted(1, 10)])));
    }
    let ((_, sha256), waited) = desk.until(|effects| downloads(effects).first().copied());
    assert_eq!(sha256, hash(1));
    assert!(waited <= 60_000, "{waited}");
}
