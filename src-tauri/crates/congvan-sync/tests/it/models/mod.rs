//! All states of small models: leases of numbers, outbox and op log, feed and cursor, uploads. Where
//! there is a real rule (`congvan_protocol::numbers`, `congvan_sync::sendable`) the model asks it.
//! Each model also shows that it finds the mistake that its rule prevents.

mod cursor;
mod lease;
mod outbox;
mod upload;

use std::{fmt::Debug, hash::Hash, time::Instant};

use stateright::{Checker, HasDiscoveries, Model};

/// What must be possible, not always so.
const REACHED: &str = "it gets through";

/// Searches all states and says what was found: the broken property with its shortest trace.
fn search<M>(name: &str, model: M) -> Option<(&'static str, String)>
where
    M: Model + Send + Sync + 'static,
    M::State: Debug + Hash + Send + Sync + Clone + PartialEq,
    M::Action: Debug + Clone + PartialEq + Send + Sync,
{
    let start = Instant::now();
    let checker = model
        .checker()
        .threads(2)
        .finish_when(HasDiscoveries::AnyFailures)
        .spawn_bfs()
        .join();
    println!(
        "{name}: {} states, {} distinct, {:?}",
        checker.state_count(),
        checker.unique_state_count(),
        start.elapsed()
    );
    let mut found = checker.discoveries().into_iter();
    let found = found.find(|(property, _)| *property != REACHED);
    found.map(|(property, path)| {
        let trace: Vec<String> = path
            .into_actions()
            .iter()
            .map(|action| format!("{action:?}"))
            .collect();
        (property, trace.join(" | "))
    })
}
