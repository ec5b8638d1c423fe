//! Outbox and op log: two desks that may be copies of each other, answers that get lost, a server
//! that lets go of results. What a round carries is the real rule's choice.

use std::collections::{BTreeMap, BTreeSet};

use congvan_model::{DocumentId, OpId, Timestamp};
use congvan_sync::{Pending, sendable};
use stateright::{Model, Property};
use uuid::Uuid;

use super::search;

const OPS: u8 = 3;
const LIVES: u8 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    /// What comes twice is done twice.
    NoDedup,
    /// An unknown op is called settled because of its place in the outbox.
    BelievesTheSequence,
    /// The desk forgets an act with the answer that was lost.
    SendsOnce,
    /// Ids of acts whose result was stored are forgotten too.
    ForgetsTheId,
}

type Place = (u8, u8);

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Desk {
    life: u8,
    next_seq: u8,
    /// Op and its place.
    outbox: Vec<Place>,
    done: BTreeSet<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Message {
    Round {
        desk: u8,
        life: u8,
        settled: u8,
        highest: u8,
        ops: Vec<Place>,
    },
    Done {
        desk: u8,
        ops: Vec<u8>,
    },
    RolledBack {
        desk: u8,
        life: u8,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Step {
    Act(u8),
    Send(u8),
    Deliver(Message),
    TakeImage(u8),
    SetBack(u8),
    Copy,
    Prune,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct State {
    desks: Vec<Desk>,
    image: Option<Desk>,
    line: BTreeSet<Message>,
    made: u8,
    lives: u8,
    /// Acts that were set back or copied over on every desk.
    destroyed: BTreeSet<u8>,
    known: BTreeSet<u8>,
    effects: BTreeMap<u8, u8>,
    /// Of each life: settled, highest.
    devices: BTreeMap<u8, (u8, u8)>,
    wrongly_done: bool,
}

struct Log {
    mistake: Option<Mistake>,
    desks: u8,
    /// Most messages that can still arrive.
    line: usize,
}

fn settled_through(desk: &Desk) -> u8 {
    let first = desk.outbox.iter().map(|(_, seq)| *seq).min();
    first.map_or(desk.next_seq, |first| first - 1)
}

fn choose(desk: &Desk) -> Vec<Place> {
    let pending: Vec<Pending> = desk
        .outbox
        .iter()
        .map(|(op, seq)| Pending {
            op: OpId(Uuid::from_u128(u128::from(*op))),
            local_seq: u64::from(*seq),
            lane: DocumentId(Uuid::from_u128(1)),
            urgent: false,
            bulk: false,
            due: None,
            not_before: Timestamp(0),
            upload: None,
        })
        .collect();
    let chosen = sendable(&pending, Timestamp(0), |_| false);
    let is_chosen = |(op, _): &&Place| chosen.contains(&OpId(Uuid::from_u128(u128::from(*op))));
    desk.outbox.iter().filter(is_chosen).copied().collect()
}

impl State {
    fn replace(&mut self, desk: u8, new: Desk) {
        let old = std::mem::replace(&mut self.desks[usize::from(desk)], new);
        for (op, _) in old.outbox {
            let kept = self.desks.iter().any(|desk| {
                desk.done.contains(&op) || desk.outbox.iter().any(|(other, _)| *other == op)
            });
            if !kept {
                self.destroyed.insert(op);
            }
        }
    }
}

impl Log {
    fn round(&self, state: &mut State, message: &Message) {
        let Message::Round {
            desk,
            life,
            settled,
            highest,
            ops,
        } = message
        else {
            return;
        };
        let (known_settled, known_highest) = state.devices.get(life).copied().unwrap_or_default();
        let foreign: Vec<Place> = ops
            .iter()
            .filter(|(op, seq)| *seq <= known_settled && !state.known.contains(op))
            .copied()
            .collect();
        let believes = self.mistake == Some(Mistake::BelievesTheSequence);
        if known_highest > *highest || (!believes && !foreign.is_empty()) {
            state.line.insert(Message::RolledBack {
                desk: *desk,
                life: *life,
            });
            return;
        }
        let mut done = Vec::new();
        for place in ops {
            let op = place.0;
            let known = state.known.contains(&op) && self.mistake != Some(Mistake::NoDedup);
            if believes && foreign.contains(place) {
                state.wrongly_done = true;
            } else if !known {
                state.known.insert(op);
                *state.effects.entry(op).or_default() += 1;
            }
            done.push(op);
        }
        let sent = ops.iter().map(|(_, seq)| *seq).max().unwrap_or(0);
        let noted = (
            known_settled.max(*settled),
            known_highest.max(*highest).max(sent),
        );
        state.devices.insert(*life, noted);
        state.line.insert(Message::Done {
            desk: *desk,
            ops: done,
        });
    }
}

impl Model for Log {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        let mut state = State {
            lives: self.desks,
            desks: vec![Desk::default(); usize::from(self.desks)],
            ..State::default()
        };
        for (life, desk) in (1..).zip(&mut state.desks) {
            desk.life = life;
        }
        vec![state]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        for desk in 0..self.desks {
            steps.extend([Step::Act(desk), Step::Send(desk)]);
        }
        steps.extend([Step::TakeImage(0), Step::SetBack(0)]);
        if self.desks > 1 {
            steps.push(Step::Copy);
        }
        if self.mistake == Some(Mistake::ForgetsTheId) {
            steps.push(Step::Prune);
        }
        steps.extend(state.line.iter().cloned().map(Step::Deliver));
    }

    fn next_state(&self, before: &State, step: Step) -> Option<State> {
        let mut state = before.clone();
        match step {
            Step::Act(desk) => {
                if state.made == OPS {
                    return None;
                }
                state.made += 1;
                let op = state.made;
                let desk = &mut state.desks[usize::from(desk)];
                desk.next_seq += 1;
                desk.outbox.push((op, desk.next_seq));
            }
            Step::Send(at) => {
                let desk = &mut state.desks[usize::from(at)];
                let ops = choose(desk);
                if self.mistake == Some(Mistake::SendsOnce) {
                    desk.outbox.clear();
                }
                let round = Message::Round {
                    desk: at,
                    life: desk.life,
                    settled: settled_through(desk),
                    highest: desk.next_seq,
                    ops,
                };
                state.line.insert(round);
            }
            Step::Deliver(message) => match &message {
                Message::Round { .. } => self.round(&mut state, &message),
                Message::Done { desk, ops } => {
                    let desk = &mut state.desks[usize::from(*desk)];
                    for op in ops {
                        let waiting = desk.outbox.len();
                        desk.outbox.retain(|(other, _)| other != op);
                        if desk.outbox.len() < waiting {
                            desk.done.insert(*op);
                        }
                    }
                }
                Message::RolledBack { desk, life } => {
                    if state.desks[usize::from(*desk)].life == *life && state.lives < LIVES {
                        state.lives += 1;
                        state.desks[usize::from(*desk)].life = state.lives;
                    }
                }
            },
            Step::TakeImage(desk) => {
                if state.image.is_some() {
                    return None;
                }
                state.image = Some(state.desks[usize::from(desk)].clone());
            }
            Step::SetBack(desk) => {
                let image = state.image.clone()?;
                state.replace(desk, image);
            }
            Step::Copy => {
                let copy = state.desks[0].clone();
                state.replace(1, copy);
            }
            Step::Prune => {
                let settled: Vec<u8> = state.desks[0].done.iter().copied().collect();
                settled.into_iter().for_each(|op| {
                    state.known.remove(&op);
                });
            }
        }
        (state != *before).then_some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("G2: nothing is done twice", |_, state: &State| {
                state.effects.values().all(|times| *times <= 1)
            }),
            Property::always(
                "G1: what is shown as received was done",
                |_, state: &State| {
                    let done = state.desks.iter().flat_map(|desk| &desk.done);
                    !state.wrongly_done && done.into_iter().all(|op| state.effects.contains_key(op))
                },
            ),
            Property::always("G1: no act vanishes", |_, state: &State| {
                (1..=state.made).all(|op| {
                    state.destroyed.contains(&op)
                        || state.effects.contains_key(&op)
                        || state
                            .desks
                            .iter()
                            .any(|desk| desk.outbox.iter().any(|(other, _)| *other == op))
                })
            }),
        ]
    }

    fn within_boundary(&self, state: &State) -> bool {
        state.line.len() <= self.line
    }
}

#[test]
fn every_act_is_done_once_whatever_is_lost_repeated_set_back_or_copied() {
    for (desks, line) in [(1, 6), (2, 4)] {
        let log = Log {
            mistake: None,
            desks,
            line,
        };
        assert_eq!(search(&format!("outbox, {desks} desks"), log), None);
    }
}

#[test]
fn the_model_of_the_outbox_finds_each_mistake_it_knows() {
    for mistake in [
        Mistake::NoDedup,
        Mistake::BelievesTheSequence,
        Mistake::SendsOnce,
        Mistake::ForgetsTheId,
    ] {
        let found = search(
            &format!("outbox {mistake:?}"),
            Log {
                mistake: Some(mistake),
                desks: 1,
                line: 6,
            },
        );
        let (property, trace) = found.unwrap_or_else(|| panic!("{mistake:?} survives"));
        println!("  {property}: {trace}");
    }
}
