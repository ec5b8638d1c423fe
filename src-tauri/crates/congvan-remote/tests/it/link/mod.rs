//! Every kind of act over every fault of the line, with the real store, client and server. What
//! counts is the server's own rows: each act there once, none missing, none twice.
//!
//! `cargo xtask soak link` runs it for longer; a failure names its seed.

mod acts;
mod desk;

use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

use congvan_province::{AxisDelivery, ProvinceConfig, RunningProvince, Seed};
use congvan_testkit::{
    CLERK, LEADER, Pki, SignerKind, SigningIdentity, SplitMix, TlsIdentity, linkchaos::LinkFault,
};

use acts::{Act, KINDS, Kind};
pub(crate) use acts::{Who, revision};
use desk::{Office, TestDesk};

/// What the line can do, with what a seed decides about it.
fn faults(random: &mut SplitMix) -> Vec<LinkFault> {
    let mut number = |limit: usize| u32::try_from(random.below(limit)).expect("small");
    vec![
        LinkFault::LoseAnswer,
        LinkFault::LoseRequest,
        LinkFault::Duplicate,
        LinkFault::ReplayLater,
        LinkFault::HalfOpen,
        LinkFault::HalfOpenAfterCommit,
        LinkFault::Slow {
            rate: 1_000,
            bytes: 200 + number(500),
        },
        LinkFault::TruncateAnswer(number(300)),
        LinkFault::CutRequestAfter(number(400)),
        LinkFault::TlsCut,
        LinkFault::CutHandshake,
        LinkFault::StallAnswer(number(300)),
        LinkFault::Page200,
        LinkFault::Page502,
        LinkFault::ProxyAuth407,
        LinkFault::Latency(50 + number(250)),
    ]
}

/// Which request of an act a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Round,
    Begin,
    Append,
    /// The question where an upload stands, after its piece was cut.
    Ask,
}

impl Target {
    fn all(kind: Kind) -> &'static [Self] {
        if kind.has_file() {
            &[Self::Round, Self::Begin, Self::Append, Self::Ask]
        } else {
            &[Self::Round]
        }
    }

    fn request(self) -> (&'static str, &'static str) {
        match self {
            Self::Round => ("POST", "/v1/sync"),
            Self::Begin => ("POST", "/v1/uploads"),
            Self::Append => ("PATCH", "/v1/uploads/"),
            Self::Ask => ("HEAD", "/v1/uploads/"),
        }
    }
}

/// One act over one broken line.
#[derive(Clone, Copy, Debug)]
struct Episode {
    kind: Kind,
    fault: LinkFault,
    target: Target,
    seed: u64,
}

/// All kinds, faults and places once for each seed.
fn episodes(seeds: impl Iterator<Item = u64>) -> Vec<Episode> {
    let mut all = Vec::new();
    for seed in seeds {
        let mut random = SplitMix::new(seed);
        for kind in KINDS {
            for fault in faults(&mut random) {
                let targets = Target::all(kind);
                // One place for each, chosen by the seed; over the seeds all places come.
                let target = *random.pick(targets);
                all.push(Episode {
                    kind,
                    fault,
                    target,
                    seed,
                });
            }
        }
    }
    all
}

fn number(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// A province with a signer, and enough papers for every episode.
fn province(episodes: &[Episode]) -> (tempfile::TempDir, RunningProvince, Office) {
    let now = congvan_province::Clock::system().now();
    let pki = Pki::new(now).expect("a PKI");
    let leader = pki.signer(&LEADER, SignerKind::Good).expect("a signer");
    let tls: TlsIdentity = crate::support::identity();
    let count = |kind: Kind| episodes.iter().filter(|it| it.kind == kind).count();
    let (dir, province) = crate::support::start(|config: &mut ProvinceConfig| {
        config.seed = Seed::Few;
        config.drafts = Some((count(Kind::LinkRevision) + count(Kind::Handle)).max(3));
        config.tls = Some(tls.clone());
        config.trust = vec![pki.root_der(), pki.intermediate_der()];
        config.signers = vec![(LEADER.username.to_owned(), leader.certificate.clone())];
    });
    let letters = count(Kind::AddOpinion) + count(Kind::MarkRead);
    province
        .add_letters(&vec![1_500; letters], 1)
        .expect("letters");
    for number in 1..=count(Kind::RegisterReceived) {
        let delivery = AxisDelivery {
            axis_id: format!("H99.05,2026/11/22,{number}/STC-NS"),
            sender: "H99.05".to_owned(),
            sender_name: "Sở Tài chính".to_owned(),
            notation: format!("{number}/STC-NS").parse().expect("a notation"),
            subject: format!("V/v quyết toán {number}"),
        };
        let pdf = format!("%PDF-1.7\n% axis {number}\n%%EOF\n");
        let came = province.deliver_by_axis(&delivery, pdf.as_bytes());
        came.expect("comes over the axis");
    }
    let office = Office {
        tls,
        port: province.port,
        ca_pem: province.ca_pem.clone(),
        signer: Signer { pki, leader },
    };
    (dir, province, office)
}

/// What signs in the leader's place.
pub(crate) struct Signer {
    pub(crate) pki: Pki,
    pub(crate) leader: SigningIdentity,
}

/// What the episodes have done, for the comparison with the server.
#[derive(Default)]
struct Tally {
    acts: Vec<Act>,
    struck: usize,
    tries: usize,
    longest: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_every_act_arrives_once_over_every_fault_of_the_line() {
    let seed = number("CONGVAN_SEED", 1);
    let rounds = number("CONGVAN_SOAK", 2);
    let all = episodes(seed..seed + rounds);
    let (_dir, province, office) = province(&all);
    let office = Arc::new(office);
    let started = Instant::now();
    let tally = Arc::new(Mutex::new(Tally::default()));
    // The clerk's book has one desk at a time; the leader works on several machines at once.
    let (mut clerks, leaders): (Vec<Episode>, Vec<Episode>) =
        all.iter().partition(|episode| episode.kind.is_clerks());
    clerks.sort_by_key(|episode| episode.kind.turn());
    let mut lanes: Vec<(bool, Vec<Episode>)> = vec![(true, clerks)];
    for lane in 0..4 {
        let share = leaders.iter().skip(lane).step_by(4).copied().collect();
        lanes.push((false, share));
    }
    let mut tasks = tokio::task::JoinSet::new();
    let letters = Arc::new(Mutex::new(desk::Papers::default()));
    for (lane, (clerk, share)) in lanes.into_iter().enumerate() {
        let (office, tally, papers) = (office.clone(), tally.clone(), letters.clone());
        tasks.spawn(async move {
            let person = if clerk { &CLERK } else { &LEADER };
            let mut desk = TestDesk::open(&office, person, (lane, papers)).await;
            for episode in share {
                let done = desk.live_through(&office, episode).await;
                let mut tally = tally.lock().expect("tally");
                tally.acts.push(done.act);
                tally.struck += usize::from(done.struck);
                tally.tries += done.tries;
                tally.longest = tally.longest.max(done.tries);
            }
            desk.check_receipts().await;
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("a desk lives through all its faults");
    }
    let tally = Arc::into_inner(tally).expect("nobody else has it");
    let tally = tally.into_inner().expect("tally");
    assert_eq!(tally.acts.len(), all.len());
    assert_eq!(tally.struck, all.len(), "every fault has struck");
    desk::judge(&province, &office, &tally.acts).await;
    println!(
        "{} acts of {} kinds x {} faults x {rounds} seeds from {seed}: {} tries, at most {} for one act, {:.1} s; 0 lost, 0 doubled (95 % bound {:.2} %)",
        all.len(),
        KINDS.len(),
        faults(&mut SplitMix::new(0)).len(),
        tally.tries,
        tally.longest,
        started.elapsed().as_secs_f64(),
        300.0 / all.len() as f64
    );
}
