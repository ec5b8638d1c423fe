//! One rule per test.

use congvan_model::{DocumentId, OpId, Sha256, Timestamp};
use congvan_protocol::Load;
use congvan_sync::{
    Answer, Compared, Effect, Event, Facts, Failure, Healthy, Machine, Network, Now, Pending,
    PendingUpload, Round, Ticket, Wanted, sendable,
};
use rand::{SeedableRng as _, rngs::SmallRng};
use uuid::Uuid;

pub(crate) struct Desk {
    pub(crate) machine: Machine,
    pub(crate) now: Now,
    pub(crate) rng: SmallRng,
    /// The server knows neither streams nor inventories; for rules that are not about them.
    pub(crate) plain: bool,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            machine: Machine::new(),
            now: Now {
                mono_ms: 1_000_000,
                wall: Timestamp(1_795_224_600_000),
            },
            rng: SmallRng::seed_from_u64(5),
            plain: true,
        }
    }

    /// Started, logged in, and the first probe answered.
    pub(crate) fn online(facts: Facts) -> (Self, Vec<Effect>) {
        let mut desk = Self::new();
        let effects = desk.step(Event::Started {
            logged_in: true,
            facts,
        });
        let effects = desk.probe_ok(&effects, Load::Calm);
        (desk, effects)
    }

    pub(crate) fn step(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = self.machine.step(event, self.now, &mut self.rng);
        let mut more = Vec::new();
        for effect in effects.iter().filter(|_| self.plain) {
            match effect {
                Effect::Listen { ticket, .. } => {
                    more.push((*ticket, Answer::Listen(Err(Failure::Refused))));
                }
                Effect::CompareInventory { ticket, .. } => {
                    more.push((*ticket, Answer::Inventory(Ok(Compared::default()))));
                }
                _ => {}
            }
        }
        for (ticket, answer) in more {
            effects.extend(self.answer(ticket, answer));
        }
        effects
    }

    pub(crate) fn pass(&mut self, ms: u64) -> Vec<Effect> {
        self.now.mono_ms += ms;
        self.now.wall = self.now.wall.plus_ms(i64::try_from(ms).expect("small"));
        self.step(Event::Tick)
    }

    pub(crate) fn probe_ok(&mut self, effects: &[Effect], load: Load) -> Vec<Effect> {
        let ticket = probe(effects).expect("a probe");
        self.step(Event::Answered {
            ticket,
            answer: Answer::Probe(Ok(Healthy {
                load,
                reconnect_window_s: 120,
            })),
        })
    }

    pub(crate) fn answer(&mut self, ticket: Ticket, answer: Answer) -> Vec<Effect> {
        self.step(Event::Answered { ticket, answer })
    }

    /// Answers everything but uploads well.
    pub(crate) fn answer_all(&mut self, effects: &[Effect]) {
        for effect in effects {
            let (ticket, answer) = match effect {
                Effect::Sync { ticket, .. } => (*ticket, Answer::Sync(Ok(DONE))),
                Effect::Download { ticket, .. } => (*ticket, Answer::Download(Ok(()))),
                Effect::Probe { ticket } => (
                    *ticket,
                    Answer::Probe(Ok(Healthy {
                        load: Load::Calm,
                        reconnect_window_s: 0,
                    })),
                ),
                Effect::Upload { .. }
                | Effect::Listen { .. }
                | Effect::CompareInventory { .. }
                | Effect::NewHistory { .. }
                | Effect::NewIncarnation { .. }
                | Effect::Preempt { .. }
                | Effect::Cancel { .. }
                | Effect::DropConnections
                | Effect::NeedLogin
                | Effect::Status(_) => continue,
            };
            let effects = self.answer(ticket, answer);
            self.answer_all(&effects);
        }
    }

    /// Lets time pass from wake to wake until an effect of interest comes.
    pub(crate) fn until<T>(&mut self, find: impl Fn(&[Effect]) -> Option<T>) -> (T, u64) {
        let start = self.now.mono_ms;
        for _ in 0..1_000 {
            let at = self.machine.wake_at().expect("something to wait for");
            let effects = self.pass(at - self.now.mono_ms);
            if let Some(found) = find(&effects) {
                return (found, self.now.mono_ms - start);
            }
        }
        panic!("it never came");
    }
}

pub(crate) fn probe(effects: &[Effect]) -> Option<Ticket> {
    effects.iter().find_map(|effect| match effect {
        Effect::Probe { ticket } => Some(*ticket),
        _ => None,
    })
}

pub(crate) fn round(effects: &[Effect]) -> Option<(Ticket, Vec<OpId>)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Sync { ticket, send } => Some((*ticket, send.clone())),
        _ => None,
    })
}

pub(crate) fn uploads(effects: &[Effect]) -> Vec<(Ticket, Sha256)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Upload { ticket, sha256, .. } => Some((*ticket, *sha256)),
            _ => None,
        })
        .collect()
}

pub(crate) fn downloads(effects: &[Effect]) -> Vec<(Ticket, Sha256)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Download { ticket, sha256, .. } => Some((*ticket, *sha256)),
            _ => None,
        })
        .collect()
}

pub(crate) fn cancels(effects: &[Effect]) -> Vec<Ticket> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Cancel { ticket } => Some(*ticket),
            _ => None,
        })
        .collect()
}

pub(crate) fn op(seq: u64) -> OpId {
    OpId(Uuid::from_u128(u128::from(seq)))
}

pub(crate) fn hash(number: u8) -> Sha256 {
    Sha256([number; 32])
}

pub(crate) fn pending(seq: u64, lane: u128) -> Pending {
    Pending {
        op: op(seq),
        local_seq: seq,
        lane: DocumentId(Uuid::from_u128(lane)),
        urgent: false,
        bulk: false,
        due: None,
        not_before: Timestamp(0),
        upload: None,
    }
}

pub(crate) fn with_bytes(seq: u64, lane: u128, done: bool) -> Pending {
    Pending {
        upload: Some(PendingUpload {
            sha256: hash(u8::try_from(seq).expect("small")),
            size: 1_000,
            done,
        }),
        ..pending(seq, lane)
    }
}

pub(crate) fn wanted(number: u8, size: u64) -> Wanted {
    Wanted {
        sha256: hash(number),
        document: None,
        size,
        urgent: false,
        mine: false,
        due: None,
    }
}

pub(crate) fn facts(outbox: Vec<Pending>, wanted: Vec<Wanted>) -> Facts {
    Facts {
        outbox,
        wanted,
        compared_at: Some(Timestamp(1_795_224_600_000)),
        held_removals: 0,
    }
}

pub(crate) const DONE: Round = Round {
    more: false,
    next_poll_s: 60,
    load: Load::Calm,
};

#[test]
fn a_start_probes_first_and_then_talks_at_once() {
    let mut desk = Desk::new();
    let effects = desk.step(Event::Started {
        logged_in: true,
        facts: facts(vec![pending(1, 1)], vec![wanted(9, 10)]),
    });
    assert!(round(&effects).is_none() && downloads(&effects).is_empty());
    let effects = desk.probe_ok(&effects, Load::Calm);
    assert_eq!(round(&effects).map(|(_, send)| send), Some(vec![op(1)]));
    assert_eq!(downloads(&effects).len(), 1);
    assert_eq!(desk.machine.status().network, Network::Online);
}

#[test]
fn without_a_login_only_probes_are_made() {
    let mut desk = Desk::new();
    let effects = desk.step(Event::Started {
        logged_in: false,
        facts: facts(vec![pending(1, 1)], vec![wanted(9, 10)]),
    });
    let effects = desk.probe_ok(&effects, Load::Calm);
    assert!(round(&effects).is_none() && downloads(&effects).is_empty());
    assert!(desk.machine.status().needs_login);
    let effects = desk.step(Event::LoggedIn);
    assert!(round(&effects).is_some());
}

#[test]
fn a_pull_does_not_wait_for_a_stuck_upload() {
    let (mut desk, effects) = Desk::online(facts(vec![with_bytes(1, 1, false)], Vec::new()));
    let (ticket, send) = round(&effects).expect("a round");
    assert!(send.is_empty(), "the act waits for its bytes");
    let (upload, _) = *uploads(&effects).first().expect("an upload");
    desk.answer(ticket, Answer::Sync(Ok(DONE)));
    desk.answer(upload, Answer::Upload(Err(Failure::Refused)));
    let ((_, send), waited) = desk.until(round);
    assert!(send.is_empty());
    assert!(
        (42_000..=78_000).contains(&waited),
        "the usual poll, {waited}"
    );
}

#[test]
fn an_upload_that_ends_sends_its_act_at_once() {
    let (mut desk, effects) = Desk::online(facts(vec![with_bytes(1, 1, false)], Vec::new()));
    let (ticket, _) = round(&effects).expect("a round");
    desk.answer(ticket, Answer::Sync(Ok(DONE)));
    let (upload, sha256) = *uploads(&effects).first().expect("an upload");
    assert_eq!(sha256, hash(1));
    let effects = desk.answer(upload, Answer::Upload(Ok(())));
    assert_eq!(round(&effects).map(|(_, send)| send), Some(vec![op(1)]));
}

#[test]
fn one_stuck_document_holds_back_no_other_and_keeps_its_own_order() {
    let outbox = [
        with_bytes(1, 1, false),
        pending(2, 1),
        pending(3, 2),
        Pending {
            not_before: Timestamp(10_000),
            ..pending(4, 3)
        },
        pending(5, 3),
        pending(6, 2),
    ];
    let send = sendable(&outbox, Timestamp(5_000), |_| false);
    assert_eq!(send, [op(3), op(6)]);
    let send = sendable(&outbox, Timestamp(10_000), |resting| resting.op == op(3));
    assert_eq!(send, [op(4), op(5)]);
}

#[test]
fn a_clock_set_back_holds_no_act_for_days() {
    let late = Pending {
        not_before: Timestamp(2 * 86_400_000),
        ..pending(1, 1)
    };
    assert_eq!(sendable(&[late], Timestamp(0), |_| false), [op(1)]);
}

#[test]
fn a_round_carries_at_most_a_hundred_and_the_urgent_ones_first() {
    let mut outbox: Vec<Pending> = (1..=150).map(|n| pending(n, u128::from(n))).collect();
    if let Some(last) = outbox.last_mut() {
        last.urgent = true;
    }
    let send = sendable(&outbox, Timestamp(0), |_| false);
    assert_eq!(send.len(), 100);
    assert_eq!(send.last(), Some(&op(150)));
    assert_eq!(send.first(), Some(&op(1)));
}

#[test]
fn only_one_round_is_under_way_and_more_asks_again_at_once() {
    let (mut desk, effects) = Desk::online(Facts::default());
    let (ticket, _) = round(&effects).expect("a round");
    assert!(round(&desk.step(Event::SyncNow)).is_none());
    let more = Round { more: true, ..DONE };
    let effects = desk.answer(ticket, Answer::Sync(Ok(more)));
    let (second, _) = round(&effects).expect("at once");
    assert!(
        round(&desk.answer(ticket, Answer::Sync(Ok(more)))).is_none(),
        "an old ticket"
    );
    assert!(round(&desk.answer(second, Answer::Sync(Ok(DONE)))).is_none());
}

#[test]
fn what_a_person_asks_for_while_a_round_is_under_way_is_asked_when_that_has_ended() {
    let (mut desk, effects) = Desk::online(Facts::default());
    let (ticket, _) = round(&effects).expect("a round");
    assert!(round(&desk.step(Event::SyncNow)).is_none());
    let effects = desk.answer(ticket, Answer::Sync(Ok(DONE)));
    let (second, _) = round(&effects).expect("at once");
    assert!(round(&desk.answer(second, Answer::Sync(Ok(DONE)))).is_none());
}

#[test]
fn a_server_that_settles_nothing_is_not_asked_in_a_loop() {
    let (mut desk, mut effects) = Desk::online(facts(vec![pending(1, 1)], Vec::new()));
    let mut rounds = 0;
    let start = desk.now.mono_ms;
    while desk.now.mono_ms - start < 600_000 {
        if let Some((ticket, _)) = round(&effects) {
            rounds += 1;
            effects = desk.answer(ticket, Answer::Sync(Ok(DONE)));
            continue;
        }
        let at = desk.machine.wake_at().expect("a wake");
        effects = desk.pass(at - desk.now.mono_ms);
    }
    assert!(rounds < 60, "{rounds} rounds in ten minutes");
}

#[test]
fn a_failed_round_is_checked_by_a_probe_and_only_that_says_offline() {
    let (mut desk, effects) = Desk::online(Facts::default());
    let (ticket, _) = round(&effects).expect("a round");
    let effects = desk.answer(ticket, Answer::Sync(Err(Failure::Unreachable)));
    assert_eq!(desk.machine.status().network, Network::Online);
    let ticket = probe(&effects).expect("a probe");
    desk.answer(ticket, Answer::Probe(Err(Failure::Unreachable)));
    assert_eq!(desk.machine.status().network, Network::Offline);
    assert_eq!(desk.machine.status().since, desk.now.wall);
    let (_, waited) = desk.until(probe);
    assert!((1_000..=300_000).contains(&waited));
}

#[test]
fn a_portal_and_a_foreign_certificate_have_their_own_names() {
    for (failure, network) in [
        (Failure::WrongNetwork, Network::WrongNetwork),
        (Failure::Untrusted, Network::Untrusted),
        (Failure::Unreachable, Network::Offline),
    ] {
        let mut desk = Desk::new();
        let effects = desk.step(Event::Started {
            logged_in: true,
            facts: Facts::default(),
        });
        let ticket = probe(&effects).expect("a probe");
        desk.answer(ticket, Answer::Probe(Err(failure)));
        assert_eq!(desk.machine.status().network, network);
        assert!(!network.is_up());
    }
}

/// Offline and back: how long until the first round.
fn reconnect(facts: Facts) -> u64 {
    let (mut desk, effects) = Desk::online(facts);
    let (ticket, _) = round(&effects).expect("a round");
    let effects = desk.answer(ticket, Answer::Sync(Err(Failure::Unreachable)));
    let ticket = probe(&effects).expect("a probe");
    desk.answer(ticket, Answer::Probe(Err(Failure::Unreachable)));
    let (ticket, _) = desk.until(probe);
    let effects = desk.answer(
        ticket,
        Answer::Probe(Ok(Healthy {
            load: Load::Calm,
            reconnect_window_s: 120,
        })),
    );
    if round(&effects).is_some() {
        return 0;
    }
    desk.until(round).1
}

#[test]
fn reconnecting_desks_spread_themselves_and_urgent_acts_go_first() {
    let waited = reconnect(Facts::default());
    assert!((1_000..=120_000).contains(&waited), "{waited}");
    let urgent = Pending {
        urgent: true,
        ..pending(1, 1)
    };
    let waited = reconnect(facts(vec![urgent], Vec::new()));
    assert!(waited <= 5_000, "{waited}");
}

#[test]
fn a_person_who_asks_does_not_wait() {
    let (mut desk, effects) = Desk::online(Facts::default());
    let (ticket, _) = round(&effects).expect("a round");
    let effects = desk.answer(ticket, Answer::Sync(Err(Failure::Unreachable)));
    let ticket = probe(&effects).expect("a probe");
    desk.answer(ticket, Answer::Probe(Err(Failure::Unreachable)));
    let effects = desk.step(Event::SyncNow);
    let effects = desk.probe_ok(&effects, Load::Calm);
    assert!(round(&effects).is_some());
}

#[test]
fn a_person_may_ask_every_second_and_a_loaded_server_every_five() {
    for (load, every) in [
        (Load::Calm, 1_000),
        (Load::Busy, 5_000),
        (Load::Critical, 5_000),
    ] {
        let (mut desk, effects) = Desk::online(Facts::default());
        let (ticket, _) = round(&effects).expect("a round");
        let effects = desk.answer(ticket, Answer::Sync(Err(Failure::Unreachable)));
        let effects = desk.probe_ok(&effects, load);
        let (ticket, _) = round(&effects).unwrap_or_else(|| desk.until(round).0);
        desk.answer(ticket, Answer::Sync(Ok(Round { load, ..DONE })));
        let (ticket, _) = round(&desk.step(Event::SyncNow)).expect("at once");
        desk.answer(ticket, Answer::Sync(Ok(Round { load, ..DONE })));
        assert!(round(&desk.step(Event::SyncNow)).is_none(), "too soon");
        let (_, waited) = desk.until(round);
        assert!(
            waited <= every && waited + 100 >= every,
            "{load:?}: {waited}"
        );
    }
}

#[test]
fn retry_after_is_kept_as_a_floor() {
    let (mut desk, effects) = Desk::online(Facts::default());
    let (ticket, _) = round(&effects).expect("a round");
    let busy = Failure::Busy {
        retry_after_s: Some(30),
    };
    desk.answer(ticket, Answer::Sync(Err(busy)));
    assert_eq!(desk.machine.status().network, Network::Busy);
    let (_, waited) = desk.until(round);
    assert!((30_000..=36_000).contains(&waited), "{waited}");
}

#[test]
fn what_a_person_opened_comes_first_and_pushes_a_big_file_aside() {
    let files = vec![
        wanted(1, 9_000_000),
        wanted(2, 1_200_000),
        wanted(3, 5_000_000),
    ];
    let (mut desk, effects) = Desk::online(facts(Vec::new(), files));
    let running = downloads(&effects);
    let order: Vec<Sha256> = running.iter().map(|(_, sha256)| *sha256).collect();
    assert_eq!(order, [hash(2), hash(3)], "smallest first, two at a time");
    let effects = desk.step(Event::FileOpened(wanted(7, 5_000_000)));
    let large = running.last().map(|(ticket, _)| *ticket);
    assert_eq!(cancels(&effects).first().copied(), large);
    assert_eq!(downloads(&effects).first().map(|d| d.1), Some(hash(7)));
    let ticket = downloads(&effects).first().map(|d| d.0).expect("a ticket");
    let effects = desk.answer(ticket, Answer::Download(Ok(())));
    assert_eq!(
        downloads(&effects).first().map(|d| d.1),
        Some(hash(3)),
        "it goes on"
    );
}

#[test]
fn small_files_come_thirty_two_at_a_time_and_none_joins_a_large_one_as_third() {
    let mut files: Vec<Wanted> = (1..=36).map(|number| wanted(number, 1_000)).collect();
    files.push(wanted(60, 2_000_000));
    files.push(wanted(61, 3_000_000));
    let (mut desk, effects) = Desk::online(facts(Vec::new(), files));
    let mut running = downloads(&effects);
    assert_eq!(running.len(), 32);
    for _ in 0..4 {
        let (ticket, _) = running.remove(0);
        let effects = desk.answer(ticket, Answer::Download(Ok(())));
        running.extend(downloads(&effects));
        assert_eq!(running.len(), 32, "one ends, one begins");
    }
    while running.len() > 2 {
        let (ticket, _) = running.remove(0);
        let effects = desk.answer(ticket, Answer::Download(Ok(())));
        assert!(downloads(&effects).is_empty() || running.len() < 2);
    }
    let (ticket, _) = running.remove(0);
    let effects = desk.answer(ticket, Answer::Download(Ok(())));
    assert_eq!(
        downloads(&effects)
            .iter()
            .map(|it| it.1)
            .collect::<Vec<_>>(),
        [hash(60)],
        "a large one beside the last small one, and no second"
    );
}

#[test]
fn a_busy_server_is_asked_for_nothing_that_can_wait() {
    let mut desk = Desk::new();
    let urgent = Wanted {
        urgent: true,
        ..wanted(2, 100)
    };
    let effects = desk.step(Event::Started {
        logged_in: true,
        facts: facts(Vec::new(), vec![wanted(1, 10), urgent]),
    });
    let effects = desk.probe_ok(&effects, Load::Busy);
    let order: Vec<Sha256> = downloads(&effects).iter().map(|d| d.1).collect();
    assert_eq!(order, [hash(2)]);
    assert_eq!(desk.machine.status().network, Network::Busy);
}

#[test]
fn a_file_the_server_refuses_delays_no_other() {
    let (mut desk, effects) = Desk::online(facts(
        vec![with_bytes(1, 1, false), with_bytes(2, 2, false)],
        vec![wanted(8, 1), wanted(9, 2), wanted(10, 3)],
    ));
    let (upload, sha256) = *uploads(&effects).first().expect("one");
    assert_eq!((uploads(&effects).len(), sha256), (1, hash(1)));
    desk.answer_all(&effects);
    let effects = desk.answer(upload, Answer::Upload(Err(Failure::Refused)));
    assert_eq!(uploads(&effects).first().map(|u| u.1), Some(hash(2)));
    let second = uploads(&effects).first().map(|u| u.0).expect("one");
    desk.answer(second, Answer::Upload(Ok(())));
    let start = desk.now.mono_ms;
    let again = loop {
        let at = desk.machine.wake_at().expect("a wake");
        let effects = desk.pass(at - desk.now.mono_ms);
        if uploads(&effects).iter().any(|upload| upload.1 == hash(1)) {
            break desk.now.mono_ms - start;
        }
        desk.answer_all(&effects);
    };
    assert!((500_000..=700_000).contains(&again), "{again}");
}

#[test]
fn the_end_of_the_session_is_said_once_and_stops_everything() {
    let (mut desk, effects) = Desk::online(facts(Vec::new(), vec![wanted(1, 1)]));
    let (ticket, _) = round(&effects).expect("a round");
    let effects = desk.answer(ticket, Answer::Sync(Err(Failure::LoginNeeded)));
    assert!(effects.contains(&Effect::NeedLogin));
    assert_eq!(cancels(&effects).len(), 1);
    let effects = desk.pass(3_600_000);
    assert!(round(&effects).is_none() && !effects.contains(&Effect::NeedLogin));
    let effects = desk.step(Event::LoggedIn);
    assert!(round(&effects).is_some());
}

#[test]
fn after_sleep_connections_are_dropped_and_the_server_is_probed() {
    let (mut desk, effects) = Desk::online(facts(Vec::new(), vec![wanted(1, 1)]));
    let (ticket, _) = round(&effects).expect("a round");
    desk.now.wall = desk.now.wall.plus_ms(3_600_000);
    let effects = desk.step(Event::Tick);
    assert!(effects.contains(&Effect::DropConnections));
    assert!(cancels(&effects).contains(&ticket));
    assert!(probe(&effects).is_some());
    let late = desk.answer(ticket, Answer::Sync(Ok(DONE)));
    assert!(
        round(&late).is_none(),
        "an answer from before the sleep is ignored"
    );
}

#[test]
fn what_stays_silent_is_given_up() {
    let (mut desk, effects) = Desk::online(Facts::default());
    let (ticket, _) = round(&effects).expect("a round");
    let (given_up, waited) = desk.until(|effects| cancels(effects).first().copied());
    assert_eq!(given_up, ticket);
    assert_eq!(waited, 120_000);
    assert!(desk.machine.wake_at().is_some());
}

#[test]
fn a_transfer_that_moves_is_not_given_up() {
    let (mut desk, effects) = Desk::online(facts(Vec::new(), vec![wanted(1, 1)]));
    let (ticket, _) = round(&effects).expect("a round");
    desk.answer(ticket, Answer::Sync(Ok(DONE)));
    let (ticket, _) = *downloads(&effects).first().expect("one");
    for done in 1..=20 {
        desk.step(Event::Progress {
            ticket,
            done,
            total: 100,
        });
        let effects = desk.pass(60_000);
        assert!(!cancels(&effects).contains(&ticket));
        if let Some((round, _)) = round(&effects) {
            desk.answer(round, Answer::Sync(Ok(DONE)));
        }
    }
}

#[test]
fn an_old_file_that_a_person_opened_is_not_forgotten_when_the_store_does_not_list_it() {
    let (mut desk, _) = Desk::online(Facts::default());
    let effects = desk.step(Event::FileOpened(wanted(7, 10)));
    let (ticket, _) = *downloads(&effects).first().expect("starts");
    desk.answer(ticket, Answer::Download(Err(Failure::Unreachable)));
    desk.step(Event::Facts(Facts::default()));
    let ((_, sha256), _) = desk.until(|effects| downloads(effects).first().copied());
    assert_eq!(sha256, hash(7));
}
