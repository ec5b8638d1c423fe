//! The failure stories of other programs, each as a mistake built in on purpose, and what caught it.
//! A mistake that survives fails the test.

use congvan_sync::Mutant;

use super::{
    mistake::Mistake,
    quietly, try_seed,
    world::{Broken, Flavour},
};

/// Most worlds that a mistake may live through unnoticed: as many as a usual run has, because that
/// is what a mistake of ours would meet.
const WORLDS: u64 = super::SEEDS;

fn worlds() -> u64 {
    super::number("CONGVAN_MUTANT_WORLDS").unwrap_or(WORLDS)
}

/// Mistakes that can show in worlds of one flavour only.
const ONLY_IN: [(Mistake, Flavour); 4] = [
    (Mistake::NoStopMark, Flavour::Books),
    (Mistake::TakesTheLostHistory, Flavour::Rollback),
    (Mistake::BelievesTheSequence, Flavour::Images),
    (Mistake::TakesLateBodies, Flavour::Holes),
];

/// The worlds for a mistake: all, or those of the only flavour in which it can show.
fn seeds(broken: Broken) -> impl Iterator<Item = u64> {
    let only = ONLY_IN.iter().find(|(it, _)| broken.world == Some(*it));
    let only = only.map(|(_, flavour)| *flavour);
    let fits = move |seed: &u64| only.is_none_or(|only| Flavour::of(*seed) == only);
    (1..)
        .filter(fits)
        .take(usize::try_from(worlds()).expect("some worlds"))
}

struct Story {
    /// Where it happened, or the rule it breaks.
    story: &'static str,
    broken: Broken,
}

const fn machine(story: &'static str, mutant: Mutant) -> Story {
    let broken = Broken {
        machine: Some(mutant),
        world: None,
    };
    Story { story, broken }
}

const fn world(story: &'static str, mistake: Mistake) -> Story {
    let broken = Broken {
        machine: None,
        world: Some(mistake),
    };
    Story { story, broken }
}

const STORIES: &[Story] = &[
    world(
        "1, 2 nextcloud/desktop#8511, owncloud/client#6677",
        Mistake::DeletesWhatIsNotListed,
    ),
    world("3 nextcloud/desktop#171 (server)", Mistake::IgnoresTheEpoch),
    world("3 offlineimap#276 (desk)", Mistake::OffersNothingAgain),
    machine("3 offlineimap#276 (machine)", Mutant::ForgetsToReoffer),
    world(
        "4 nextcloud/desktop#2913, syncthing#6335",
        Mistake::BelievesTheSequence,
    ),
    world(
        "5 nextcloud/desktop#10547, syncthing#3711",
        Mistake::RowBeforeBytes,
    ),
    world("6 owncloud/client#5357", Mistake::DiskFullIsDamage),
    world("7 owncloud/client#970", Mistake::KeepsThePortal),
    world("10 apache/pouchdb#1240", Mistake::CursorBeforePage),
    world("11 matrix-org/synapse#16473", Mistake::NumbersBeforeCommit),
    world(
        "12 laurent22/joplin#5738, borg#9870",
        Mistake::AsksByTheClock,
    ),
    machine(
        "13 powersync-native#15, powersync.dart#307",
        Mutant::NoWatchdog,
    ),
    machine("13 pulls wait for pushes", Mutant::PullWaitsForPush),
    machine(
        "17 owncloud/client#1061, nextcloud/desktop#2610",
        Mutant::SleepsOn,
    ),
    world("19 laurent22/joplin#7911", Mistake::LockOfTheDead),
    world("21 nextcloud/desktop#4912", Mistake::OverwritesDuringSync),
    world("hercycle-ai#313: 401 deletes", Mistake::DropsOn401),
    machine("an ended session is called offline", Mutant::SwallowsLogout),
    world("an op that comes twice is done twice", Mistake::NoDedup),
    world("the lost return of a lease", Mistake::NoStopMark),
    world("a rejection without a word", Mistake::RejectsSilently),
    world(
        "bodies of a comparison from before a round",
        Mistake::TakesLateBodies,
    ),
    world(
        "answers of a history that the server lost",
        Mistake::TakesTheLostHistory,
    ),
    machine("one poisoned file holds up all", Mutant::PoisonBlocksAll),
    machine("acts of a document in any order", Mutant::NoLaneOrder),
    machine("the inventory is never compared", Mutant::NeverCompares),
    machine("the hopeless is repeated", Mutant::RepeatsTheHopeless),
];

/// Stories whose mistake is not in these worlds, and the tests that stand for them; or none yet.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "6 owncloud/client#2939, #3144",
        "congvan-store faults::a_full_failing_forbidding_or_busy_disk_at_any_call_loses_and_doubles_nothing",
    ),
    (
        "8 tus/tusd#234, owncloud/core#31843, tus-js-client#37",
        "models::upload (LocksOut, BeginsAnew, AppendsAnywhere, SaysBeforeDurable)",
    ),
    (
        "16 owncloud/client#3914, #5234, nextcloud/desktop#9885",
        "congvan-store faults:: (EBUSY, EACCES)",
    ),
    (
        "18 mattermost-webapp#10960, teleport#6889, elastic-agent#13874",
        "traffic::desks_that_lost_their_server_together_do_not_come_back_together (NoJitter)",
    ),
    (
        "19 laurent22/joplin#10407",
        "models::lease (GivesWhileLeased)",
    ),
    (
        "20 chatmail/core#6915",
        "congvan-store recovery: a_damaged_database_is_set_aside_and_rebuilt_from_copy_journal_and_files",
    ),
    (
        "22 tauri-apps/tauri#11252",
        "congvan-store webview::nothing_that_must_last_is_kept_by_the_web_view_and_the_identifier_stays",
    ),
    (
        "9, 14, 15 owncloud/client#10023, myplanet#14415, owncloud/client#6338",
        "not covered: only their numbers were kept, and what they tell could not be read again",
    ),
];

#[test]
fn each_mistake_of_other_programs_is_caught() {
    let mut survivors = Vec::new();
    for Story { story, broken } in STORIES {
        let name = match (broken.machine, broken.world) {
            (Some(mutant), _) => format!("{mutant:?}"),
            (None, mistake) => format!("{:?}", mistake.expect("one of the two")),
        };
        let caught = quietly(|| {
            seeds(*broken).find_map(|seed| try_seed(seed, *broken).err().map(|it| (seed, it.0)))
        });
        match caught {
            Some((seed, text)) => {
                let check: String = text
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .chars()
                    .take(90)
                    .collect();
                let first = text.lines().next().unwrap_or_default();
                let check = if first.contains(": ") {
                    first.chars().take(90).collect()
                } else {
                    check
                };
                println!("{story:<52} {name:<24} seed {seed:>3}: {check}");
            }
            None => {
                println!("{story:<52} {name:<24} SURVIVES {} worlds", worlds());
                survivors.push(name);
            }
        }
    }
    for (story, place) in ELSEWHERE {
        println!("{story}: {place}");
    }
    assert!(survivors.is_empty(), "not caught: {survivors:?}");
}
