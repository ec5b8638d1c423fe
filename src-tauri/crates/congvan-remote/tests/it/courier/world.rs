//! One office with two machines, a stick that travels, and a line that comes and goes.

use std::{collections::BTreeMap, fs, path::Path};

use congvan_model::DeviceId;
use congvan_protocol::ProblemCode;
use congvan_province::{Mutant, ProvinceConfig, QuietProvince, Seed, Visitor};
use congvan_store::{CourierRefusal, StoreError};
use congvan_testkit::{CLERK, OFFICIAL, SplitMix};
use tempfile::TempDir;
use uuid::Uuid;

use super::desk::{Desk, Line, SOUND, code};

const STEPS: usize = 40;
/// More journeys of the stick than a desk can need at the end.
const JOURNEYS: usize = 12;

/// A seeded server, to be copied into each world.
pub(super) struct Template {
    dir: TempDir,
    mutant: Option<Mutant>,
}

fn config(dir: &Path, mutant: Option<Mutant>) -> ProvinceConfig {
    let mut config = ProvinceConfig::new(dir);
    config.seed = Seed::Few;
    config.mutant = mutant;
    config
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("reads") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copies");
        }
    }
}

impl Template {
    /// Its data, in a folder of its own.
    pub(super) fn server(
        &self,
        dir: &Path,
        change: impl FnOnce(&mut ProvinceConfig),
    ) -> QuietProvince {
        copy(self.dir.path(), dir);
        let mut config = config(dir, self.mutant);
        change(&mut config);
        QuietProvince::open(config).expect("opens")
    }

    pub(super) fn new(mutant: Option<Mutant>) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        drop(QuietProvince::open(config(dir.path(), mutant)).expect("seeds"));
        Self { dir, mutant }
    }
}

/// How often each thing happened.
#[derive(Debug, Default)]
pub(super) struct Tally(BTreeMap<&'static str, u64>);

impl Tally {
    fn note(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (what, count) in &other.0 {
            *self.0.entry(what).or_default() += count;
        }
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().map(|(what, count)| (*what, *count))
    }
}

pub(super) struct World {
    seed: u64,
    random: SplitMix,
    config: ProvinceConfig,
    server: Option<QuietProvince>,
    desks: Vec<Option<Desk>>,
    courier: Visitor,
    /// Whose, and the bytes: nothing that was written is ever out of the world.
    bundles: Vec<Vec<u8>>,
    answers: Vec<(usize, Vec<u8>)>,
    documents: u64,
    opinions: u64,
    tally: Tally,
    _dir: TempDir,
}

impl World {
    pub(super) fn new(template: &Template, seed: u64) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let data = dir.path().join("province");
        copy(template.dir.path(), &data);
        let config = config(&data, template.mutant);
        let server = QuietProvince::open(config.clone()).expect("opens");
        let desks = (0..2).map(|number| {
            let home = dir.path().join(format!("desk{number}"));
            Some(Desk::new(home, &server, (&CLERK, number)))
        });
        let desks = desks.collect();
        let device = DeviceId(Uuid::from_u128(99));
        let courier = server.log_in(OFFICIAL.username, device).expect("logs in");
        let stats = server.stats().expect("counts");
        Self {
            seed,
            random: SplitMix::new(seed),
            config,
            desks,
            courier,
            bundles: Vec::new(),
            answers: Vec::new(),
            documents: stats.documents,
            opinions: stats.opinions,
            tally: Tally::default(),
            server: Some(server),
            _dir: dir,
        }
    }

    /// Lives through it and looks at what is left.
    pub(super) fn live(mut self) -> Tally {
        for _ in 0..STEPS {
            self.step();
        }
        // In half of the worlds the network never comes back.
        if self.seed.is_multiple_of(2) {
            self.end_by_network();
        } else {
            self.end_by_stick();
        }
        self.judge();
        self.tally
    }

    fn server(&self) -> &QuietProvince {
        self.server.as_ref().expect("runs")
    }

    fn desk(&self, which: usize) -> &Desk {
        self.desks[which].as_ref().expect("runs")
    }

    fn step(&mut self) {
        let which = self.random.below(2);
        match self.random.below(16) {
            0..=4 => {
                let desk = self.desks[which].as_mut().expect("runs");
                desk.act(&mut self.random);
                self.tally.note("act");
            }
            5 | 6 => self.network(which),
            7..=9 => self.write(which),
            10 | 11 => self.carry(),
            12..=13 => self.receive(),
            14 => {
                let desk = self.desks[which].take().expect("runs");
                self.desks[which] = Some(desk.restart());
                self.tally.note("desk restarted");
            }
            _ => {
                drop(self.server.take());
                self.server = Some(QuietProvince::open(self.config.clone()).expect("opens"));
                self.tally.note("server restarted");
            }
        }
    }

    fn network(&mut self, which: usize) {
        let line = Line {
            uploads: self.random.below(4) > 0,
            loses_request: self.random.below(5) == 0,
            loses_answer: self.random.below(4) == 0,
        };
        self.desk(which).round(self.server(), line);
        self.tally.note("round");
    }

    /// A bundle is written; now and then the stick is pulled out, or holds little.
    fn write(&mut self, which: usize) {
        let room = *self.random.pick(&[1 << 30, 1 << 30, 60_000, 0]);
        let mut bundle = self.desk(which).bundle(room);
        if self.random.below(8) == 0 {
            bundle.truncate(self.random.below(bundle.len()));
            self.tally.note("bundle cut");
        } else {
            self.tally.note("bundle");
        }
        self.bundles.push(bundle);
    }

    /// Any bundle that ever was, once more or for the first time; its answer may be lost.
    fn carry(&mut self) {
        if self.bundles.is_empty() {
            return;
        }
        let bundle = self.random.pick(&self.bundles).clone();
        let answered = self.server().carry(self.courier, &bundle).expect("answers");
        match answered {
            Ok(answer) => {
                self.tally.note("carried");
                if self.random.below(5) > 0 {
                    self.answers.push((self.owner(&answer), answer));
                }
            }
            refused => {
                self.tally.note("cut bundle refused");
                assert_eq!(code(refused), ProblemCode::BundleDamaged);
            }
        }
    }

    /// Whose answer it is: the clear head names the key.
    fn owner(&self, answer: &[u8]) -> usize {
        let to = congvan_courier::look(answer).expect("a head").head.to;
        let is_of = |which: &usize| {
            let keys = self.desk(*which).store.courier_keys().expect("keys");
            let told = keys.told().expect("keys").sealing;
            congvan_courier::SealedTo::parse(&told).expect("a key").id() == to
        };
        (0..2).find(is_of).expect("one of ours")
    }

    /// Any answer that ever was, at any desk.
    fn receive(&mut self) {
        if self.answers.is_empty() {
            return;
        }
        let (owner, answer) = self.random.pick(&self.answers).clone();
        let which = self.random.below(2);
        match self.desk(which).take(&answer) {
            Ok(delivered) => {
                assert_eq!(which, owner);
                assert_eq!((delivered.refused, delivered.anew), (None, false));
                self.tally.note("answer");
            }
            Err(StoreError::Courier {
                why: CourierRefusal::OtherDesk,
            }) => {
                assert_ne!(which, owner);
                self.tally.note("answer of another desk");
            }
            Err(other) => panic!("{other}"),
        }
    }

    fn end_by_network(&mut self) {
        // Twice: what the second desk does the first has to hear.
        for which in [0, 1, 0, 1] {
            let mut quiet = false;
            while !quiet || self.desk(which).unsent() > 0 {
                quiet = self.desk(which).round(self.server(), SOUND);
            }
        }
    }

    fn end_by_stick(&mut self) {
        for which in [0, 1, 0, 1] {
            for journey in 0.. {
                assert!(journey < JOURNEYS, "the stick travels for ever");
                let bundle = self.desk(which).bundle(1 << 30);
                let answered = self.server().carry(self.courier, &bundle).expect("answers");
                let delivered = self.desk(which).take(&answered.expect("taken in"));
                let delivered = delivered.expect("an answer");
                if self.desk(which).unsent() == 0 && !delivered.more {
                    break;
                }
            }
        }
    }

    fn judge(&self) {
        let (_, key) = self.server().courier_keys().expect("keys");
        let sum = |of: fn(&Desk) -> u32| u64::from(of(self.desk(0)) + of(self.desk(1)));
        for desk in self.desks.iter().flatten() {
            desk.is_settled(&key);
            desk.agrees(self.server());
        }
        let stats = self.server().stats().expect("counts");
        let acts = sum(|desk| desk.acts);
        assert_eq!(stats.applied_ops, acts, "seed {}", self.seed);
        assert_eq!(stats.settled_ops, acts, "seed {}", self.seed);
        let registered = sum(|desk| desk.registered);
        assert_eq!(
            stats.documents,
            self.documents + registered,
            "seed {}",
            self.seed
        );
        assert_eq!(stats.opinions, self.opinions + sum(|desk| desk.opinions));
        let numbers = self.server().numbers().expect("reads");
        assert_eq!(
            numbers.violations,
            Vec::<String>::new(),
            "seed {}",
            self.seed
        );
        assert_eq!((numbers.registered, numbers.void), (registered, 0));
    }
}
