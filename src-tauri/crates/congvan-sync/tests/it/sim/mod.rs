//! Many worlds, each from one seed.

mod desk;
mod ledger;
mod line;
mod mistake;
mod mutants;
mod server;
mod weather;
mod world;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

use rand::Rng as _;

use world::{Broken, Flavour, World};

/// Seeds of a usual run; `cargo xtask soak sync` asks for more.
const SEEDS: u64 = 500;
const STEPS: u32 = 300;
/// Once the weather is calm everything must agree within this time: the longest wait of a refused
/// file, plus probes and polls.
const HEAL_MS: u64 = 3 * 3_600_000;
/// An urgent act of a desk that has just woken up is through within: the spread of reconnecting
/// holders of urgent acts, and G7's ten seconds.
const URGENT_MS: u64 = 15_000;

fn live(world: &mut World) {
    for _ in 0..STEPS {
        world.disturb();
        let pause = world.rng.random_range(0..30_000);
        let until = world.now.mono_ms + pause;
        while world.advance(until) {}
        world.check();
    }
    world.calm();
    heal(world);
    world.check_end();
    wake_with_something_urgent(world);
    world.check_end();
}

fn heal(world: &mut World) {
    let start = world.now.mono_ms;
    let before = world.requests;
    if world.flavour() == Flavour::Holes {
        // The daily look may be a day away; here people ask for it.
        for seat in 0..3 {
            world.feed(seat, congvan_sync::Event::CompareNow);
        }
    }
    while world.difference().is_some() && world.now.mono_ms - start < HEAL_MS {
        let until = world.now.mono_ms + 30_000;
        while world.advance(until) {}
        if matches!(world.flavour(), Flavour::Books | Flavour::Images) {
            world.close_books();
        }
    }
    if let Some(difference) = world.difference() {
        panic!("{difference} within {HEAL_MS} ms of calm");
    }
    // Healing asks a bounded number of times: no loop between desk and server.
    let asked = world.requests - before;
    let minutes = (world.now.mono_ms - start) / 60_000 + 1;
    assert!(
        asked < 1_000 + minutes * 60,
        "G8: {asked} requests in {minutes} minutes of healing"
    );
}

fn wake_with_something_urgent(world: &mut World) {
    let lanes = world.seats[0].desk.mirror.iter();
    let urgent = lanes
        .filter(|(doc, (rev, _))| doc.is_multiple_of(5) && *rev > 0)
        .map(|(doc, _)| *doc)
        .find(|doc| world.poisoned.iter().all(|(_, lane)| lane != doc));
    let Some(lane) = urgent else { return };
    world.sleep_now(0);
    let Some(op) = world.acts(0, lane, server::Act::Opinion) else {
        return;
    };
    let until = world.now.mono_ms + URGENT_MS;
    while world.advance(until) {}
    let waits = world.seats[0]
        .desk
        .outbox
        .iter()
        .any(|(intent, _)| intent.op == op);
    assert!(
        !waits,
        "G7: an urgent act waited {URGENT_MS} ms after waking up"
    );
}

/// Lives one world through. The error says what broke.
fn try_seed(seed: u64, broken: Broken) -> Result<World, (String, Box<World>)> {
    let mut world = World::new(seed, broken);
    match catch_unwind(AssertUnwindSafe(|| live(&mut world))) {
        Ok(()) => Ok(world),
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                .unwrap_or_default();
            Err((text, Box::new(world)))
        }
    }
}

/// A failing seed is told once, in our own words.
fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let done = work();
    std::panic::set_hook(hook);
    done
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

mod soak {
    use super::*;

    #[test]
    fn whatever_the_line_does_every_act_has_one_outcome_and_desks_and_server_agree() {
        let first = number("CONGVAN_SEED").unwrap_or(1);
        let seeds = number("CONGVAN_SOAK").unwrap_or(SEEDS);
        let start = Instant::now();
        let (mut requests, mut stalls) = (0, 0);
        for seed in first..first + seeds {
            match quietly(|| try_seed(seed, Broken::default())) {
                Ok(world) => {
                    requests += world.requests;
                    stalls += world.stalls;
                }
                Err((text, world)) => {
                    if seeds == 1 {
                        for seat in &world.seats {
                            println!("{:?} {:?}", seat.machine, seat.machine.wake_at());
                        }
                    }
                    let most = if seeds == 1 { usize::MAX } else { 80 };
                    let tail = world.trace.len().saturating_sub(most);
                    let trace = world.trace[tail..].join("\n");
                    panic!(
                        "{trace}\nseed {seed} ({:?}) fails: {text}\n\
                         cargo xtask soak sync --rounds 1 --seed {seed} replays it",
                        world.flavour()
                    );
                }
            }
            if seeds > SEEDS && seed % 1_000 == 0 {
                println!("{seed} {:?}", start.elapsed());
            }
        }
        println!(
            "{seeds} worlds, {requests} requests, {stalls} standstills ended, {:?}",
            start.elapsed()
        );
    }
}
