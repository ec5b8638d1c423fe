//! Two machines, one book, a line that loses, repeats and reorders, two officials who break leases.

use std::collections::{BTreeMap, BTreeSet};

use congvan_model::{DeviceId, Timestamp};
use congvan_protocol::{
    Lease,
    numbers::{Ask, GrantState, Holder, NumberRecord, Series, next_leased},
};
use stateright::{Model, Property};
use uuid::Uuid;

use super::search;

const DEVICES: u8 = 2;
/// Numbers in a block, numbers in the book, leases ever.
const WANT: u32 = 2;
const LAST: u32 = 4;
const FENCES: u64 = 2;
/// 2026-11-22 12:00 in Vietnam.
const NOON: Timestamp = Timestamp(1_795_323_600_000);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    /// The device asks to return its lease and goes on giving numbers until it hears the answer.
    NoStopMark,
    /// The server gives numbers of its own while a lease is out.
    GivesWhileLeased,
    /// A broken lease's block is given again.
    ReusesTheBlock,
    /// The return does not say the last number.
    ForgetsTheLast,
    /// A late answer brings a returned lease back to life.
    TakesOldLeases,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Message {
    Ask(u8),
    Granted(u8, u64, u32, u32),
    Return(u8, u64, u32),
    Returned(u8, u64),
    Paper(u64, u32),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Step {
    Ask(u8),
    Print(u8),
    GiveBack(u8),
    ServerGives,
    Break,
    Deliver(Message),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Machine {
    lease: Option<(u64, u32, u32)>,
    used_hi: u32,
    stopped: bool,
    /// Leases up to this fence are over here.
    over: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct State {
    series: Series,
    records: BTreeMap<u32, NumberRecord>,
    machines: [Machine; DEVICES as usize],
    /// What may arrive: any time, in any order, more than once, never.
    line: BTreeSet<Message>,
    /// How often a number was put on a paper.
    printed: BTreeMap<u32, u8>,
    refused: bool,
}

struct Book(Option<Mistake>);

fn holder(device: u8) -> Holder {
    Holder {
        device: DeviceId(Uuid::from_u128(u128::from(device))),
        incarnation: String::new(),
    }
}

impl Book {
    fn print(state: &mut State, number: u32) {
        *state.printed.entry(number).or_default() += 1;
    }

    fn deliver(&self, state: &mut State, message: Message) {
        match message {
            Message::Ask(device) => {
                let recorded = state.records.keys().max().copied().unwrap_or(0);
                let ask = Ask {
                    holder: holder(device),
                    want: WANT,
                    until: NOON,
                    recorded_hi: recorded,
                };
                if let Ok(grant) = state.series.lease(&ask) {
                    let answer = Message::Granted(device, grant.fence, grant.lo, grant.hi);
                    state.line.insert(answer);
                }
            }
            Message::Granted(device, fence, lo, hi) => {
                let machine = &mut state.machines[usize::from(device)];
                let old = fence <= machine.over && self.0 != Some(Mistake::TakesOldLeases);
                match &mut machine.lease {
                    _ if old => {}
                    Some((known, _, until)) if *known == fence => *until = hi.max(*until),
                    Some(_) => {}
                    None => {
                        machine.lease = Some((fence, lo, hi));
                        machine.used_hi = 0;
                        machine.stopped = false;
                    }
                }
            }
            Message::Return(device, fence, used_hi) => {
                let on_record = state.series.grant(fence).map_or(0, |grant| {
                    let numbers = state.records.range(grant.lo..=grant.hi).rev();
                    numbers.map(|(number, _)| *number).next().unwrap_or(0)
                });
                let on_record = match self.0 {
                    Some(Mistake::ForgetsTheLast) => 0,
                    _ => on_record,
                };
                let Ok(closing) = state.series.give_back(fence, used_hi, on_record) else {
                    return;
                };
                for (range, record) in [
                    (closing.promised, NumberRecord::Promised),
                    (closing.void, NumberRecord::Void),
                ] {
                    let (lo, hi) = range.unwrap_or((1, 0));
                    for number in lo..=hi {
                        state.records.entry(number).or_insert(record);
                    }
                }
                state.line.insert(Message::Returned(device, fence));
            }
            Message::Returned(device, fence) => {
                let machine = &mut state.machines[usize::from(device)];
                if machine.lease.is_some_and(|(known, ..)| known == fence) {
                    machine.lease = None;
                    machine.over = machine.over.max(fence);
                }
            }
            Message::Paper(fence, number) => {
                let record = state.records.get(&number).copied();
                // The same op again is answered from the op log.
                if record == Some(NumberRecord::Registered) {
                    return;
                }
                let grant = state.series.grant(fence);
                match grant.map(|grant| grant.admit(number, record)) {
                    Some(Ok(())) => {
                        state.records.insert(number, NumberRecord::Registered);
                    }
                    Some(Err(_)) | None => state.refused = true,
                }
            }
        }
    }
}

impl Model for Book {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![State::default()]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        for device in 0..DEVICES {
            steps.extend([
                Step::Ask(device),
                Step::Print(device),
                Step::GiveBack(device),
            ]);
        }
        steps.extend([Step::ServerGives, Step::Break]);
        steps.extend(state.line.iter().map(|message| Step::Deliver(*message)));
    }

    fn next_state(&self, before: &State, step: Step) -> Option<State> {
        let mut state = before.clone();
        match step {
            Step::Ask(device) => {
                state.line.insert(Message::Ask(device));
            }
            Step::Print(device) => {
                let machine = &mut state.machines[usize::from(device)];
                let (fence, lo, hi) = machine.lease?;
                let lease = Lease {
                    book: String::new(),
                    year: 2026,
                    fence,
                    lo,
                    hi,
                    expires_at: NOON,
                };
                let number = next_leased(&lease, machine.used_hi, machine.stopped, NOON)?;
                machine.used_hi = number;
                Self::print(&mut state, number);
                state.line.insert(Message::Paper(fence, number));
            }
            Step::GiveBack(device) => {
                let machine = &mut state.machines[usize::from(device)];
                let (fence, lo, _) = machine.lease?;
                machine.stopped = self.0 != Some(Mistake::NoStopMark);
                let used_hi = match self.0 {
                    Some(Mistake::ForgetsTheLast) => lo - 1,
                    _ => machine.used_hi.max(lo - 1),
                };
                state.line.insert(Message::Return(device, fence, used_hi));
            }
            Step::ServerGives => {
                if self.0 == Some(Mistake::GivesWhileLeased) {
                    state.series.next += 1;
                } else {
                    state.series.issue().ok()?;
                }
                let number = state.series.next - 1;
                Self::print(&mut state, number);
                state.records.insert(number, NumberRecord::Registered);
            }
            Step::Break => {
                let broken = state.series.break_lease()?;
                if self.0 == Some(Mistake::ReusesTheBlock) {
                    state.series.next = broken.lo;
                }
            }
            Step::Deliver(message) => self.deliver(&mut state, message),
        }
        (state != *before).then_some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("N1: a number is on one paper", |_, state: &State| {
                state.printed.values().all(|times| *times <= 1)
            }),
            Property::always("N2: no printed number is void", |_, state: &State| {
                let void = |number: &u32| state.records.get(number) == Some(&NumberRecord::Void);
                !state.printed.keys().any(void)
            }),
            Property::always("N4: no printed number is refused", |_, state: &State| {
                !state.refused
            }),
            Property::always("N2: no gap at rest", |_, state: &State| {
                let broken =
                    |grant: &congvan_protocol::numbers::Grant| grant.state == GrantState::Broken;
                let rest = state.series.open.is_none() && !state.series.past.iter().any(broken);
                !rest || (1..state.series.next).all(|number| state.records.contains_key(&number))
            }),
        ]
    }

    fn within_boundary(&self, state: &State) -> bool {
        state.series.next <= LAST + 1
            && state.series.fence <= FENCES
            && state.machines.iter().all(|machine| machine.used_hi <= LAST)
    }
}

#[test]
fn no_order_of_lost_and_repeated_messages_gives_a_number_twice_or_leaves_a_gap() {
    assert_eq!(search("lease", Book(None)), None);
}

#[test]
fn the_lost_answer_to_a_return_is_found_without_the_stop_mark() {
    let found = search(
        "lease without the stop mark",
        Book(Some(Mistake::NoStopMark)),
    );
    let (property, trace) = found.expect("the model is blind to it");
    println!("  {property}: {trace}");
    assert!(
        trace.contains("GiveBack") && trace.contains("Print"),
        "{trace}"
    );
}

#[test]
fn the_model_of_leases_finds_each_mistake_it_knows() {
    for mistake in [
        Mistake::GivesWhileLeased,
        Mistake::ReusesTheBlock,
        Mistake::ForgetsTheLast,
        Mistake::TakesOldLeases,
    ] {
        let found = search(&format!("lease {mistake:?}"), Book(Some(mistake)));
        let (property, trace) = found.unwrap_or_else(|| panic!("{mistake:?} survives"));
        println!("  {property}: {trace}");
    }
}
