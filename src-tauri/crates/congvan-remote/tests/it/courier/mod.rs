//! Courier bundles and the network in any order, with the real store and the server's own judgement:
//! each act is done once, whatever is lost, repeated, late or cut.
//!
//! `cargo xtask soak courier` lives through more worlds; a failure names its seed.

mod desk;
mod files;
mod large;
mod refused;
mod world;

use std::time::Instant;

use congvan_province::Mutant;

use world::{Template, World};

fn number(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Lives through these worlds, two at a time.
fn live(seeds: std::ops::Range<u64>) -> world::Tally {
    let template = Template::new(None);
    let halves: Vec<Vec<u64>> = [0, 1]
        .map(|half| seeds.clone().filter(|seed| seed % 2 == half).collect())
        .to_vec();
    std::thread::scope(|scope| {
        let lives = halves.into_iter().map(|seeds| {
            let template = &template;
            scope.spawn(move || {
                let mut tally = world::Tally::default();
                for seed in seeds {
                    tally.add(&World::new(template, seed).live());
                }
                tally
            })
        });
        let lives: Vec<_> = lives.collect();
        let mut tally = world::Tally::default();
        for life in lives {
            tally.add(&life.join().expect("every world ends well"));
        }
        tally
    })
}

#[test]
fn soak_every_act_is_done_once_by_bundle_and_network_in_any_order() {
    let seed = number("CONGVAN_SEED", 1);
    let worlds = number("CONGVAN_SOAK", 40);
    let started = Instant::now();
    let tally = live(seed..seed + worlds);
    for (what, count) in tally.steps() {
        assert!(count > worlds / 10, "{what} came {count} times only");
    }
    println!(
        "{worlds} worlds from {seed}: {tally:?}, {:.1} s; 0 lost, 0 doubled (95 % bound {:.2} %)",
        started.elapsed().as_secs_f64(),
        300.0 / worlds as f64
    );
}

#[test]
fn a_server_that_does_an_op_again_is_found_out() {
    let template = Template::new(Some(Mutant::ReappliesDuplicates));
    let found = (1..20).any(|seed| {
        let world = World::new(&template, seed);
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.live())).is_err()
    });
    assert!(found);
}
