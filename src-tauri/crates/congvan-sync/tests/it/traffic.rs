//! Listening, comparing, pausing, yielding, giving up: one rule per test.

use std::collections::BTreeSet;

use congvan_model::{DocumentId, Timestamp};
use congvan_protocol::Load;
use congvan_sync::{
    Answer, Compared, Effect, Event, Facts, Failure, Healthy, Listen, Network, Schedule, Ticket,
    Wanted, Why, Window, Wishes,
};
use uuid::Uuid;

use crate::rules::{
    DONE, Desk, cancels, downloads, facts, hash, op, pending, probe, round, uploads, wanted,
    with_bytes,
};

fn listens(effects: &[Effect]) -> Option<(Ticket, Listen)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Listen { ticket, how } => Some((*ticket, *how)),
        _ => None,
    })
}

fn compares(effects: &[Effect]) -> Option<(Ticket, Why)> {
    effects.iter().find_map(|effect| match effect {
        Effect::CompareInventory { ticket, why } => Some((*ticket, *why)),
        _ => None,
    })
}

/// Online, and the first pull has ended.
fn pulled(given: Facts) -> (Desk, Vec<Effect>) {
    let mut desk = Desk::new();
    desk.plain = false;
    let effects = desk.step(Event::Started {
        logged_in: true,
        facts: given,
    });
    let mut effects = desk.probe_ok(&effects, Load::Calm);
    let (ticket, _) = round(&effects).expect("a round");
    effects.extend(desk.answer(ticket, Answer::Sync(Ok(DONE))));
    (desk, effects)
}

#[test]
fn a_hint_of_the_stream_asks_soon_and_the_same_hint_again_asks_nothing() {
    let (mut desk, effects) = pulled(facts(Vec::new(), Vec::new()));
    let (ticket, how) = listens(&effects).expect("listens after the first pull");
    assert_eq!(how, Listen::Stream);
    desk.step(Event::HeadMoved { ticket, head: 7 });
    let ((asked, _), waited) = desk.until(round);
    assert!(waited <= 1_000, "{waited}");
    desk.answer(asked, Answer::Sync(Ok(DONE)));
    assert!(desk.machine.status().live);
    desk.step(Event::HeadMoved { ticket, head: 7 });
    desk.step(Event::Heartbeat { ticket });
    let effects = desk.pass(30_000);
    assert!(round(&effects).is_none());
}

#[test]
fn a_hint_that_comes_while_a_round_is_under_way_is_asked_about_when_that_has_ended() {
    let (mut desk, effects) = pulled(facts(Vec::new(), Vec::new()));
    let (ticket, _) = listens(&effects).expect("listens after the first pull");
    let (asked, _) = round(&desk.step(Event::SyncNow)).expect("a round");
    desk.step(Event::HeadMoved { ticket, head: 7 });
    desk.answer(asked, Answer::Sync(Ok(DONE)));
    let (_, waited) = desk.until(round);
    assert!(waited <= 1_000, "{waited}");
}

#[test]
fn a_proxy_that_holds_streams_back_gets_long_polls_and_then_polls_alone() {
    let (mut desk, effects) = pulled(facts(Vec::new(), Vec::new()));
    let mut ways = vec![listens(&effects).expect("listens").1];
    let mut polls = 0;
    while ways.len() < 5 && desk.now.mono_ms < 3_600_000 {
        let at = desk.machine.wake_at().expect("a wake");
        let effects = desk.pass(at - desk.now.mono_ms);
        if let Some(asked) = probe(&effects) {
            let healthy = Healthy {
                load: Load::Calm,
                reconnect_window_s: 0,
            };
            desk.answer(asked, Answer::Probe(Ok(healthy)));
        }
        if let Some((asked, _)) = round(&effects) {
            polls += 1;
            desk.answer(asked, Answer::Sync(Ok(DONE)));
        }
        ways.extend(listens(&effects).map(|it| it.1));
    }
    use Listen::{LongPoll, Stream};
    assert_eq!(ways, [Stream, Stream, LongPoll, LongPoll, Stream]);
    assert!(polls > 20, "polls go on without hints: {polls}");
}

#[test]
fn a_busy_server_that_comes_back_is_asked_again() {
    let (mut desk, effects) = Desk::online(facts(Vec::new(), Vec::new()));
    let (ticket, _) = round(&effects).expect("a round");
    let effects = desk.answer(ticket, Answer::Sync(Err(Failure::Unreachable)));
    let ticket = probe(&effects).expect("a probe");
    desk.answer(ticket, Answer::Probe(Err(Failure::Unreachable)));
    let (ticket, _) = desk.until(probe);
    let busy = Failure::Busy {
        retry_after_s: Some(1),
    };
    desk.answer(ticket, Answer::Probe(Err(busy)));
    assert_eq!(desk.machine.status().network, Network::Busy);
    desk.until(round);
}

#[test]
fn the_mirror_is_compared_daily_and_at_once_when_removals_are_held() {
    let (mut desk, effects) = pulled(facts(Vec::new(), Vec::new()));
    assert_eq!(compares(&effects), None, "compared a moment ago");
    let mut held = facts(Vec::new(), Vec::new());
    held.held_removals = 30;
    let effects = desk.step(Event::Facts(held));
    let (ticket, why) = compares(&effects).expect("at once");
    assert_eq!(why, Why::Removals);
    let found = Compared { healed: 2 };
    let effects = desk.answer(ticket, Answer::Inventory(Ok(found)));
    assert_eq!(compares(&effects), None);
    assert_eq!(desk.machine.status().healed, 2);

    let mut old = facts(Vec::new(), Vec::new());
    old.compared_at = Some(Timestamp(old.compared_at.expect("a time").0 - 86_400_000));
    let (_, effects) = pulled(old);
    assert_eq!(compares(&effects).map(|it| it.1), Some(Why::Daily));
}

#[test]
fn removals_that_are_held_while_a_comparison_is_under_way_are_looked_at_by_one_more() {
    let mut old = facts(Vec::new(), Vec::new());
    old.compared_at = None;
    let (mut desk, effects) = pulled(old.clone());
    let (ticket, why) = compares(&effects).expect("the first");
    assert_eq!(why, Why::Daily);
    old.held_removals = 40;
    let effects = desk.step(Event::Facts(old));
    assert_eq!(compares(&effects), None, "one at a time");
    // It looked before they were held.
    let effects = desk.answer(ticket, Answer::Inventory(Ok(Compared::default())));
    let (ticket, why) = compares(&effects).expect("one more");
    assert_eq!(why, Why::Removals);
    let effects = desk.answer(ticket, Answer::Inventory(Ok(Compared::default())));
    assert_eq!(compares(&effects), None);
}

#[test]
fn whoever_asks_to_compare_while_it_is_under_way_gets_one_more_comparison() {
    let (mut desk, _) = pulled(facts(Vec::new(), Vec::new()));
    let asked = |desk: &mut Desk| {
        let effects = desk.step(Event::CompareNow);
        let now = round(&effects);
        let (ticket, _) = now.unwrap_or_else(|| desk.until(round).0);
        desk.answer(ticket, Answer::Sync(Ok(DONE)))
    };
    let effects = asked(&mut desk);
    let (ticket, why) = compares(&effects).expect("at once");
    assert_eq!(why, Why::Asked);
    // It may have looked at the mirror before what made a person ask again.
    for _ in 0..3 {
        assert_eq!(compares(&asked(&mut desk)), None, "one at a time");
    }
    let effects = desk.answer(ticket, Answer::Inventory(Ok(Compared::default())));
    let (ticket, why) = compares(&effects).expect("one more");
    assert_eq!(why, Why::Asked);
    let effects = desk.answer(ticket, Answer::Inventory(Ok(Compared::default())));
    assert_eq!(compares(&effects), None);
}

#[test]
fn a_stale_cursor_begins_a_new_history_and_a_set_back_desk_a_new_incarnation() {
    for (failure, is_history) in [(Failure::StaleCursor, true), (Failure::RolledBack, false)] {
        let (mut desk, effects) = Desk::online(facts(vec![pending(1, 1)], Vec::new()));
        let (ticket, _) = round(&effects).expect("a round");
        let effects = desk.answer(ticket, Answer::Sync(Err(failure)));
        assert!(round(&effects).is_none(), "first the new beginning");
        let (ticket, answer) = effects
            .iter()
            .find_map(|effect| match effect {
                Effect::NewHistory { ticket } if is_history => {
                    Some((*ticket, Answer::NewHistory(Ok(()))))
                }
                Effect::NewIncarnation { ticket } if !is_history => {
                    Some((*ticket, Answer::NewIncarnation(Ok(()))))
                }
                _ => None,
            })
            .expect("the remedy");
        let effects = desk.answer(ticket, answer);
        assert_eq!(round(&effects).map(|it| it.1), Some(vec![op(1)]));
    }
}

#[test]
fn a_pause_stops_everything_but_probes_and_one_of_a_document_only_that() {
    let lane = DocumentId(Uuid::from_u128(1));
    let paused = |paused: bool, documents: BTreeSet<DocumentId>| {
        Event::Wishes(Wishes {
            paused,
            paused_documents: documents,
            background: Schedule::default(),
        })
    };
    let (mut desk, effects) =
        Desk::online(facts(vec![with_bytes(1, 1, false)], vec![wanted(9, 1)]));
    let running = [
        round(&effects).map(|it| it.0),
        uploads(&effects).first().map(|it| it.0),
    ];
    let effects = desk.step(paused(true, BTreeSet::new()));
    for ticket in running.into_iter().flatten() {
        assert!(cancels(&effects).contains(&ticket));
    }
    let effects = desk.pass(600_000);
    assert!(round(&effects).is_none() && downloads(&effects).is_empty());
    assert!(desk.machine.status().paused);
    let effects = desk.step(paused(false, BTreeSet::from([lane])));
    assert!(round(&effects).is_some_and(|it| it.1.is_empty()));
    assert!(uploads(&effects).is_empty() && downloads(&effects).len() == 1);
    let effects = desk.step(paused(false, BTreeSet::new()));
    assert_eq!(uploads(&effects).len(), 1);
}

#[test]
fn files_that_nobody_waits_for_wait_for_their_hours() {
    let urgent = Wanted {
        urgent: true,
        ..wanted(2, 100)
    };
    let (mut desk, effects) = Desk::online(facts(Vec::new(), Vec::new()));
    let (ticket, _) = round(&effects).expect("a round");
    desk.answer(ticket, Answer::Sync(Ok(DONE)));
    // It is 08:30 in Vietnam.
    desk.step(Event::Wishes(Wishes {
        background: Schedule {
            open: vec![Window {
                from: 9 * 60,
                to: 10 * 60,
            }],
        },
        ..Wishes::default()
    }));
    let effects = desk.step(Event::Facts(facts(Vec::new(), vec![wanted(1, 10), urgent])));
    let order: Vec<_> = downloads(&effects).iter().map(|it| it.1).collect();
    assert_eq!(order, [hash(2)]);
    let start = desk.now.mono_ms;
    let begun = loop {
        let at = desk.machine.wake_at().expect("a wake");
        let effects = desk.pass(at - desk.now.mono_ms);
        if downloads(&effects).iter().any(|it| it.1 == hash(1)) {
            break desk.now.mono_ms - start;
        }
        desk.answer_all(&effects);
    };
    assert!(begun <= 30 * 60_000, "{begun}");
}

#[test]
fn an_urgent_upload_makes_a_running_one_yield_at_its_next_piece() {
    let (mut desk, effects) = Desk::online(facts(vec![with_bytes(1, 1, false)], Vec::new()));
    let (running, _) = *uploads(&effects).first().expect("an upload");
    let mut urgent = with_bytes(2, 2, false);
    urgent.urgent = true;
    let all = vec![with_bytes(1, 1, false), urgent];
    let effects = desk.step(Event::Facts(facts(all, Vec::new())));
    assert!(effects.contains(&Effect::Preempt { ticket: running }));
    assert!(uploads(&effects).is_empty(), "the piece is finished first");
    let effects = desk.answer(running, Answer::Upload(Err(Failure::Cancelled)));
    assert_eq!(uploads(&effects).first().map(|it| it.1), Some(hash(2)));
}

#[test]
fn a_file_too_large_for_the_server_is_told_and_not_repeated() {
    let (mut desk, effects) = Desk::online(facts(vec![with_bytes(1, 1, false)], Vec::new()));
    desk.answer_all(&effects);
    let (upload, _) = *uploads(&effects).first().expect("an upload");
    desk.answer(upload, Answer::Upload(Err(Failure::TooLarge)));
    let trouble = *desk.machine.status().troubles.first().expect("told");
    assert!(trouble.given_up && trouble.upload);
    assert_eq!(trouble.failure, Failure::TooLarge);
    for _ in 0..200 {
        let at = desk.machine.wake_at().expect("a wake");
        let effects = desk.pass(at - desk.now.mono_ms);
        assert!(uploads(&effects).is_empty());
        desk.answer_all(&effects);
    }
    desk.pass(10_000);
    let effects = desk.step(Event::SyncNow);
    assert_eq!(uploads(&effects).len(), 1, "a person may try again");
}

#[test]
fn a_transfer_tells_how_fast_it_is_and_how_long_it_takes() {
    let (mut desk, effects) = Desk::online(facts(Vec::new(), vec![wanted(1, 10_000_000)]));
    let (ticket, _) = *downloads(&effects).first().expect("one");
    for second in 0..=10 {
        desk.step(Event::Progress {
            ticket,
            done: 2_000_000 + second * 100_000,
            total: 10_000_000,
        });
        desk.pass(1_000);
    }
    let moving = *desk.machine.status().moving.first().expect("one");
    assert_eq!(moving.rate, Some(100_000));
    assert_eq!(moving.remaining_s, Some(70));
    assert_eq!(desk.machine.status().remaining_s, Some(70));
}

#[test]
fn what_stands_still_for_two_minutes_is_started_anew_and_counted() {
    let (mut desk, effects) = pulled(facts(Vec::new(), vec![wanted(1, 10)]));
    let (stream, _) = listens(&effects).expect("listens");
    let (download, _) = *downloads(&effects).first().expect("downloads");
    let start = desk.now.mono_ms;
    // The stream lives, so polls are rare; the download gives signs of life and comes no further.
    while desk.machine.status().stalls == 0 {
        assert!(desk.now.mono_ms - start < 300_000, "nobody noticed");
        desk.step(Event::Heartbeat { ticket: stream });
        desk.step(Event::Progress {
            ticket: download,
            done: 5,
            total: 10,
        });
        let effects = desk.pass(20_000);
        if let Some((ticket, _)) = round(&effects) {
            desk.answer(ticket, Answer::Sync(Ok(DONE)));
        }
    }
    assert!(desk.now.mono_ms - start >= 120_000);
    let effects = desk.pass(1_000);
    assert!(
        downloads(&effects).is_empty(),
        "it was started with the alarm"
    );
    assert_eq!(desk.machine.status().moving.len(), 1);
}

/// How many of two hundred desks ask in the busiest second after their server came back.
fn busiest_second(make: impl Fn() -> congvan_sync::Machine) -> usize {
    use rand::{SeedableRng as _, rngs::SmallRng};
    let mut seconds = vec![0_usize; 200];
    for seed in 0..200 {
        let mut desk = Desk::new();
        desk.machine = make();
        desk.rng = SmallRng::seed_from_u64(seed);
        let effects = desk.step(Event::Started {
            logged_in: true,
            facts: facts(Vec::new(), Vec::new()),
        });
        let effects = desk.probe_ok(&effects, Load::Calm);
        let (ticket, _) = round(&effects).expect("a round");
        let effects = desk.answer(ticket, Answer::Sync(Err(Failure::Unreachable)));
        let ticket = probe(&effects).expect("a probe");
        desk.answer(ticket, Answer::Probe(Err(Failure::Unreachable)));
        // All hear at the same moment that the server is back.
        desk.pass(10_000 - (desk.now.mono_ms - 1_000_000));
        let effects = desk.step(Event::SyncNow);
        let asked = probe(&effects).or_else(|| Some(desk.until(probe).0));
        desk.pass(6_000);
        let effects = desk.probe_ok(
            &[Effect::Probe {
                ticket: asked.expect("one"),
            }],
            Load::Calm,
        );
        let second = match round(&effects) {
            Some(_) => 0,
            None => desk.until(round).1 / 1_000,
        };
        seconds[usize::try_from(second).expect("small")] += 1;
    }
    seconds.into_iter().max().unwrap_or(0)
}

#[test]
fn desks_that_lost_their_server_together_do_not_come_back_together() {
    let spread = busiest_second(congvan_sync::Machine::new);
    assert!(spread <= 12, "{spread} of 200 in one second");
    let herd =
        busiest_second(|| congvan_sync::Machine::with_mutant(congvan_sync::Mutant::NoJitter));
    assert!(
        herd > 150,
        "the mistake of mattermost-webapp#10960 is caught: {herd}"
    );
}
