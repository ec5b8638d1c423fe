//! Feed and cursor: two writers that draw their places and commit, two readers whose pages come
//! late, twice or never, a crash between page and cursor, a server that is restored.

use std::collections::{BTreeMap, BTreeSet};

use stateright::{Model, Property};

use super::search;

const HEAD: u8 = 3;
const EPOCHS: u8 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    /// The place in the feed is drawn before the commit.
    DrawsBeforeCommit,
    /// The cursor becomes durable before the page it covers.
    CursorFirst,
    /// A page is taken in wherever the reader stands.
    TakesLatePages,
    /// A cursor of another history is taken for one of this.
    IgnoresTheEpoch,
}

/// Epoch and place.
type Cursor = (u8, u8);

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Message {
    Ask(usize, u8, Cursor),
    Page {
        reader: usize,
        history: u8,
        sent: Cursor,
        next: Cursor,
        rows: Vec<(u8, u8)>,
    },
    Stale(usize, u8),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Step {
    Draw(u8),
    Commit(u8),
    Ask(usize),
    Deliver(Message),
    CutAfterCursor(Message),
    Backup,
    Restore,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Server {
    epoch: u8,
    head: u8,
    /// Entity to its place, which is its version too.
    feed: BTreeMap<u8, u8>,
    drawn: BTreeMap<u8, u8>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Reader {
    cursor: Cursor,
    history: u8,
    /// Entity to version and the epoch it came from.
    mirror: BTreeMap<u8, Cursor>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct State {
    server: Server,
    backup: Option<Server>,
    epochs: u8,
    readers: Vec<Reader>,
    line: BTreeSet<Message>,
}

struct Feed {
    mistake: Option<Mistake>,
    readers: usize,
    /// Most messages that can still arrive.
    line: usize,
}

impl Feed {
    fn take(&self, state: &mut State, message: &Message, cut: bool) {
        match message {
            Message::Ask(reader, history, cursor) => {
                let server = &state.server;
                let fresh = *cursor == (0, 0);
                let known = cursor.0 == server.epoch && cursor.1 <= server.head;
                if !fresh && !known && self.mistake != Some(Mistake::IgnoresTheEpoch) {
                    state.line.insert(Message::Stale(*reader, *history));
                    return;
                }
                let rows = server.feed.iter().filter(|(_, seq)| **seq > cursor.1);
                let page = Message::Page {
                    reader: *reader,
                    history: *history,
                    sent: *cursor,
                    next: (server.epoch, server.head),
                    rows: rows.map(|(entity, seq)| (*entity, *seq)).collect(),
                };
                state.line.insert(page);
            }
            Message::Page {
                reader,
                history,
                sent,
                next,
                rows,
            } => {
                let reader = &mut state.readers[*reader];
                let fits = reader.cursor == *sent && reader.history == *history;
                if !fits && self.mistake != Some(Mistake::TakesLatePages) {
                    return;
                }
                reader.cursor = *next;
                if cut {
                    return;
                }
                for (entity, seq) in rows {
                    let known = reader.mirror.entry(*entity).or_default();
                    let newer = known.0 != next.0 || known.1 < *seq;
                    if newer {
                        *known = (next.0, *seq);
                    }
                }
            }
            Message::Stale(reader, history) => {
                let reader = &mut state.readers[*reader];
                if reader.history == *history {
                    reader.history += 1;
                    reader.cursor = (0, 0);
                }
            }
        }
    }

    fn draws_early(&self) -> bool {
        self.mistake == Some(Mistake::DrawsBeforeCommit)
    }
}

impl Model for Feed {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        let mut state = State::default();
        state.server.epoch = 1;
        state.epochs = 1;
        state.readers = vec![Reader::default(); self.readers];
        vec![state]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        for entity in 0..2 {
            if self.draws_early() {
                steps.push(Step::Draw(entity));
            }
            steps.push(Step::Commit(entity));
        }
        steps.extend((0..self.readers).map(Step::Ask));
        steps.extend([Step::Backup, Step::Restore]);
        steps.extend(state.line.iter().cloned().map(Step::Deliver));
        if self.mistake == Some(Mistake::CursorFirst) {
            steps.extend(state.line.iter().cloned().map(Step::CutAfterCursor));
        }
    }

    fn next_state(&self, before: &State, step: Step) -> Option<State> {
        let mut state = before.clone();
        match step {
            Step::Draw(entity) => {
                if state.server.head == HEAD || state.server.drawn.contains_key(&entity) {
                    return None;
                }
                state.server.head += 1;
                state.server.drawn.insert(entity, state.server.head);
            }
            Step::Commit(entity) => {
                let place = if self.draws_early() {
                    state.server.drawn.remove(&entity)?
                } else {
                    if state.server.head == HEAD {
                        return None;
                    }
                    state.server.head += 1;
                    state.server.head
                };
                state.server.feed.insert(entity, place);
            }
            Step::Ask(at) => {
                let reader = &state.readers[at];
                state
                    .line
                    .insert(Message::Ask(at, reader.history, reader.cursor));
            }
            Step::Deliver(message) => self.take(&mut state, &message, false),
            Step::CutAfterCursor(message) => self.take(&mut state, &message, true),
            Step::Backup => {
                if state.backup.is_some() {
                    return None;
                }
                state.backup = Some(state.server.clone());
            }
            Step::Restore => {
                if state.epochs == EPOCHS {
                    return None;
                }
                state.server = state.backup.clone()?;
                state.epochs += 1;
                state.server.epoch = state.epochs;
            }
        }
        (state != *before).then_some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always(
            "G4: who stands at a place has all before it",
            |model: &Self, state: &State| {
                let server = &state.server;
                state.readers.iter().all(|reader| {
                    let (epoch, seq) = reader.cursor;
                    // A reader that still stands in a lost history is told so with its next page.
                    let here = epoch == server.epoch
                        || (model.mistake == Some(Mistake::IgnoresTheEpoch) && epoch != 0);
                    !here
                        || server.feed.iter().filter(|(_, place)| **place <= seq).all(
                            |(entity, place)| {
                                reader.mirror.get(entity).is_some_and(|(from, version)| {
                                    *version >= *place && *from == server.epoch
                                })
                            },
                        )
                })
            },
        )]
    }

    fn within_boundary(&self, state: &State) -> bool {
        state.line.len() <= self.line
    }
}

#[test]
fn a_reader_at_a_place_of_the_feed_has_everything_before_it() {
    for (readers, line) in [(1, 6), (2, 4)] {
        let feed = Feed {
            mistake: None,
            readers,
            line,
        };
        assert_eq!(search(&format!("cursor, {readers} readers"), feed), None);
    }
}

#[test]
fn the_model_of_the_feed_finds_each_mistake_it_knows() {
    for mistake in [
        Mistake::DrawsBeforeCommit,
        Mistake::CursorFirst,
        Mistake::TakesLatePages,
        Mistake::IgnoresTheEpoch,
    ] {
        let found = search(
            &format!("cursor {mistake:?}"),
            Feed {
                mistake: Some(mistake),
                readers: 1,
                line: 6,
            },
        );
        let (property, trace) = found.unwrap_or_else(|| panic!("{mistake:?} survives"));
        println!("  {property}: {trace}");
    }
}
