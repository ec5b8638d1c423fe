//! Signing, B-B with no appearance, one session each: ours, pyHanko, the floor.

use anyhow::Result;

use crate::{
    figures::{Report, Series},
    floor::Floor,
    memory, ours, peer,
    peer::Peer,
    place::Place,
};

/// A size of document, and how many of them each contender signs in a round.
struct Size {
    name: &'static str,
    bytes: u64,
    ours: usize,
    peer: usize,
}

const SIZES: [Size; 2] = [
    Size {
        name: "200 KB",
        bytes: 200_000,
        ours: 300,
        peer: 20,
    },
    Size {
        name: "20 MB",
        bytes: 20_000_000,
        ours: 16,
        peer: 4,
    },
];
const ROUNDS: usize = 7;

pub(crate) fn run() -> Result<()> {
    let place = Place::new()?;
    let conf = place.token.conf.clone();
    let floor = floor(&place, &conf)?;
    let mut pyhanko = Peer::start(peer::signer(&place)?)?;
    let mut report = Report::default();
    println!("\nSigning, B-B, median of {ROUNDS} rounds");
    for size in &SIZES {
        measure(&place, &floor, &mut pyhanko, (size, &mut report))?;
    }
    pyhanko.stop()?;
    drop(floor);
    println!("\nMemory, one file of 300 MB");
    let big = place.papers("big", 300_000_000, 1)?;
    let out = place.outputs()?;
    let list = ours::list(&place, &big, &out)?;
    let peak = memory::peak(&mut ours::sign_command(&place, &list, true)?, |code| {
        code == 0
    })?;
    report.memory("sign 300 MB", "ours", &peak);
    let mut once = peer::signer(&place)?;
    once.arg("--once").args(&big).arg(place.path("peer.pdf"));
    report.memory(
        "sign 300 MB",
        "pyHanko",
        &memory::peak(&mut once, |code| code == 0)?,
    );
    report.finish("sign")
}

/// The module reads its configuration's place from the environment when it is loaded.
fn floor(place: &Place, conf: &std::path::Path) -> Result<Floor> {
    // SAFETY: no other thread runs yet.
    #[expect(
        unsafe_code,
        reason = "the only way to tell SoftHSM where its tokens are"
    )]
    unsafe {
        std::env::set_var("SOFTHSM2_CONF", conf);
    }
    Floor::open(&place.module, place.token.pin)
}

fn measure(
    place: &Place,
    floor: &Floor,
    pyhanko: &mut Peer,
    (size, report): (&Size, &mut Report),
) -> Result<()> {
    let files = place.papers(&format!("paper-{}", size.bytes), size.bytes, size.ours)?;
    let few = files.get(..size.peer).unwrap_or(&files);
    let mut series: [Series; 6] = Default::default();
    let [bare, bare_sync, fast, whole, safe, theirs] = &mut series;
    for _ in 0..ROUNDS {
        bare.0.push(floor.round(&files, &place.outputs()?, false)?);
        let took = ours::sign(place, &files, &place.outputs()?, false)?;
        fast.0.push(took.further);
        whole.0.push(took.whole);
        theirs.0.push(pyhanko.round(few, &place.outputs()?)?);
        bare_sync
            .0
            .push(floor.round(&files, &place.outputs()?, true)?);
        safe.0
            .push(ours::sign(place, &files, &place.outputs()?, true)?.further);
    }
    report.row(size.name, "floor: copy, SHA-256, C_Sign", bare);
    report.row(size.name, "ours", fast);
    report.row(size.name, "ours, with start and login", whole);
    report.row(size.name, "pyHanko", theirs);
    report.row(size.name, "floor, each file synced", bare_sync);
    report.row(size.name, "ours, each file synced", safe);
    let (peer, low) = (theirs.over(fast), fast.over(bare));
    report.ratio(
        &format!("{}: pyHanko / ours", size.name),
        peer,
        ">= 30",
        peer >= 30.0,
    );
    report.ratio(
        &format!("{}: ours / floor", size.name),
        low,
        "<= 1.3",
        low <= 1.3,
    );
    let low = safe.over(bare_sync);
    report.ratio(
        &format!("{}: ours / floor, synced", size.name),
        low,
        "<= 1.3",
        low <= 1.3,
    );
    Ok(())
}
