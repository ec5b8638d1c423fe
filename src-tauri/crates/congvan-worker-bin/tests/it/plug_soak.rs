//! Hot plug against the card service's own word: whatever the service itself takes, ours is seen
//! within a second of it.
//!
//! An ordinary run plugs three times and judges only that every change is told, in order and once:
//! time on a busy machine is nobody's fault. `cargo xtask soak token` plugs up to 100 times and
//! fails above the second.

use std::time::{Duration, Instant};

use congvan_piv_card::{Card, CardService, ServiceEvents, opensc};
use congvan_worker::{TokenClient, TokenEvent};
use tokio::{sync::mpsc::UnboundedReceiver, time::timeout};

use crate::support::{PIN, paths};

const PATIENCE: Duration = Duration::from_secs(10);
/// How much later than the card service a change may be told.
const LATER: Duration = Duration::from_secs(1);

/// When each of them told of a change, counted from the hand that made it.
#[derive(Clone, Copy)]
struct Seen {
    service: Duration,
    ours: Duration,
}

impl Seen {
    fn later(self) -> Duration {
        self.ours.saturating_sub(self.service)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_comes_or_goes_is_told_within_a_second_of_the_card_service() {
    let soak = std::env::var("CONGVAN_SOAK").ok();
    let rounds = soak.as_ref().map_or(3, |rounds| {
        (rounds.parse::<usize>().unwrap() / 50).clamp(10, 100)
    });
    let _service = CardService::start().unwrap();
    let client = TokenClient::new(paths());
    let mut events = client.watch(&opensc().unwrap());
    let service = ServiceEvents::listen().unwrap();
    assert!(!service.next(PATIENCE).unwrap().present);
    let mut card = Card::new(PIN, 8).unwrap();
    let (mut came, mut went) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let start = Instant::now();
        card.plug().unwrap();
        came.push(seen(&mut events, &service, (start, true)).await);
        let start = Instant::now();
        card.pull();
        went.push(seen(&mut events, &service, (start, false)).await);
    }
    let figures = serde_json::json!({
        "changes": rounds * 2, "inserted": figures(&came), "removed": figures(&went),
    });
    eprintln!(
        "{}",
        serde_json::json!({"name": "soak token: hot plug", "figures": figures, "peers": {}})
    );
    let latest = came.iter().chain(&went).map(|seen| seen.later()).max();
    assert!(soak.is_none() || latest.unwrap() <= LATER, "{figures}");
}

/// The next change as both tell it; it is this one.
async fn seen(
    events: &mut UnboundedReceiver<TokenEvent>,
    service: &ServiceEvents,
    (start, comes): (Instant, bool),
) -> Seen {
    let told = timeout(PATIENCE, async {
        loop {
            match events.recv().await.unwrap() {
                TokenEvent::Inserted(_) => break true,
                TokenEvent::Removed(_) => break false,
                TokenEvent::Failed(_) | TokenEvent::Healed | TokenEvent::Updated(_) => {}
            }
        }
    });
    let told = told.await.expect("nothing is told");
    let ours = start.elapsed();
    let event = service.next(PATIENCE).unwrap();
    assert_eq!((told, event.present), (comes, comes));
    Seen {
        service: event.at.duration_since(start),
        ours,
    }
}

/// Milliseconds: the middle, the 99th of a hundred, and the worst.
fn figures(seen: &[Seen]) -> serde_json::Value {
    let of = |value: fn(&Seen) -> Duration| {
        let mut sorted: Vec<u128> = seen.iter().map(|one| value(one).as_millis()).collect();
        sorted.sort_unstable();
        let at = |share: usize| sorted[(sorted.len() * share / 100).min(sorted.len() - 1)];
        serde_json::json!({"p50_ms": at(50), "p99_ms": at(99), "max_ms": at(100)})
    };
    serde_json::json!({
        "service": of(|seen| seen.service),
        "ours": of(|seen| seen.ours),
        "later_than_service": of(|seen| seen.later()),
    })
}
