//! A resumable upload: pieces that come late, twice or never, a server that loses what was not yet
//! durable, a client that starts anew from what it remembers.

use std::collections::BTreeSet;

use stateright::{Checker, Model, Property};

use super::search;

/// Pieces of the file; piece n is the number n.
const PIECES: u8 = 3;
const CRASHES: u8 = 2;
const RESTARTS: u8 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    /// A piece is appended wherever the upload stands.
    AppendsAnywhere,
    /// "Complete" is said before the bytes are durable.
    SaysBeforeDurable,
    /// After any trouble the client begins a new upload.
    BeginsAnew,
    /// The hung request keeps the upload locked; the new one is refused.
    LocksOut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Message {
    Create,
    Created,
    Head,
    Piece(u8, u8),
    /// The server's offset.
    At(u8),
    Locked,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Step {
    Send,
    LookUp,
    Deliver(Message),
    Hang(Message),
    ServerCrash,
    ClientRestart,
    MakeDurable,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct State {
    /// What the server has, and how much of it is durable.
    bytes: Option<Vec<u8>>,
    durable: u8,
    complete: Option<Vec<u8>>,
    locked: bool,
    /// The client's belief; none before it knows.
    offset: Option<u8>,
    created: bool,
    line: BTreeSet<Message>,
    creates: u8,
    crashes: u8,
    restarts: u8,
}

struct Upload(Option<Mistake>);

impl Upload {
    fn deliver(&self, state: &mut State, message: Message) {
        match message {
            Message::Create => {
                // The same creation again (its id is the client's) is the same upload.
                if state.bytes.is_none() || self.0 == Some(Mistake::BeginsAnew) {
                    state.bytes = Some(Vec::new());
                    state.durable = 0;
                }
                state.line.insert(Message::Created);
            }
            Message::Created => {
                state.created = true;
                state.offset.get_or_insert(0);
            }
            Message::Head => {
                state.line.insert(Message::At(state.durable));
            }
            Message::Piece(offset, piece) => self.piece(state, offset, piece),
            Message::At(offset) => state.offset = Some(offset),
            Message::Locked => {
                if self.0 == Some(Mistake::BeginsAnew) {
                    state.created = false;
                    state.offset = None;
                }
            }
        }
    }

    fn piece(&self, state: &mut State, offset: u8, piece: u8) {
        let Some(bytes) = &mut state.bytes else {
            return;
        };
        if state.complete.is_some() {
            return;
        }
        if state.locked {
            state.line.insert(Message::Locked);
            return;
        }
        let at = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
        let fits = offset == at || self.0 == Some(Mistake::AppendsAnywhere);
        if fits {
            bytes.push(piece);
            if self.0 == Some(Mistake::SaysBeforeDurable) {
                self.answer(state);
            }
        } else if self.0 == Some(Mistake::BeginsAnew) {
            state.line.insert(Message::Locked);
        } else {
            state.line.insert(Message::At(state.durable));
        }
    }

    /// Says how far it is, and ends the upload when it is whole.
    fn answer(&self, state: &mut State) {
        let Some(bytes) = &state.bytes else { return };
        let at = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
        state.line.insert(Message::At(at));
        if at < PIECES {
            return;
        }
        let right = bytes.iter().copied().eq(0..PIECES);
        if right || self.0 == Some(Mistake::AppendsAnywhere) {
            state.complete = Some(bytes.clone());
        } else {
            state.bytes = None;
            state.durable = 0;
        }
    }
}

impl Model for Upload {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![State::default()]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        steps.extend([
            Step::Send,
            Step::LookUp,
            Step::ServerCrash,
            Step::ClientRestart,
        ]);
        steps.push(Step::MakeDurable);
        steps.extend(state.line.iter().map(|message| Step::Deliver(*message)));
        if self.0 == Some(Mistake::LocksOut) {
            steps.extend(state.line.iter().map(|message| Step::Hang(*message)));
        }
    }

    fn next_state(&self, before: &State, step: Step) -> Option<State> {
        let mut state = before.clone();
        match step {
            Step::Send => match (state.created, state.offset) {
                (false, _) => {
                    if state.line.insert(Message::Create) || self.0 == Some(Mistake::BeginsAnew) {
                        state.creates += 1;
                    }
                }
                (true, Some(offset)) if offset < PIECES => {
                    state.line.insert(Message::Piece(offset, offset));
                }
                (true, _) => return None,
            },
            Step::LookUp => {
                if !state.created {
                    return None;
                }
                state.line.insert(Message::Head);
            }
            Step::Deliver(message) => self.deliver(&mut state, message),
            Step::Hang(message) => {
                let Message::Piece(..) = message else {
                    return None;
                };
                state.locked = true;
            }
            Step::MakeDurable => {
                let length = state.bytes.as_ref().map_or(0, Vec::len);
                state.durable = u8::try_from(length).unwrap_or(u8::MAX);
                if state.complete.is_none() && self.0 != Some(Mistake::SaysBeforeDurable) {
                    self.answer(&mut state);
                }
            }
            Step::ServerCrash => {
                if state.crashes == CRASHES {
                    return None;
                }
                state.crashes += 1;
                let durable = usize::from(state.durable);
                for bytes in state.bytes.iter_mut().chain(&mut state.complete) {
                    bytes.truncate(durable);
                }
            }
            Step::ClientRestart => {
                if state.restarts == RESTARTS {
                    return None;
                }
                state.restarts += 1;
                // The address is durable; where it stands is asked.
                state.offset = None;
                if state.created {
                    state.line.insert(Message::Head);
                }
            }
        }
        (state != *before).then_some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("G6: what is complete is the file", |_, state: &State| {
                state
                    .complete
                    .as_ref()
                    .is_none_or(|bytes| bytes.iter().copied().eq(0..PIECES))
            }),
            Property::always("an upload is begun once", |_, state: &State| {
                state.creates <= 1
            }),
            Property::always(
                "a hung request does not lock out the next",
                |_, state: &State| !state.locked,
            ),
            Property::sometimes(super::REACHED, |_, state: &State| state.complete.is_some()),
        ]
    }

    fn within_boundary(&self, state: &State) -> bool {
        state.creates <= 3 && state.bytes.as_ref().map_or(0, Vec::len) <= usize::from(PIECES)
    }
}

#[test]
fn an_upload_ends_as_the_file_and_is_begun_once() {
    assert_eq!(search("upload", Upload(None)), None);
    let checker = Upload(None).checker().spawn_bfs().join();
    checker.assert_any_discovery(super::REACHED);
}

#[test]
fn the_model_of_uploads_finds_each_mistake_it_knows() {
    for mistake in [
        Mistake::AppendsAnywhere,
        Mistake::SaysBeforeDurable,
        Mistake::BeginsAnew,
        Mistake::LocksOut,
    ] {
        let found = search(&format!("upload {mistake:?}"), Upload(Some(mistake)));
        let (property, trace) = found.unwrap_or_else(|| panic!("{mistake:?} survives"));
        println!("  {property}: {trace}");
    }
}
