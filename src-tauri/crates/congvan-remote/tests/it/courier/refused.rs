//! What is not taken in, at the server and at the desk, and that nothing is changed by it.

use congvan_model::DeviceId;
use congvan_protocol::ProblemCode;
use congvan_province::{ProvinceConfig, QuietProvince, Visitor};
use congvan_store::{CourierRefusal, StoreError};
use congvan_testkit::{CLERK, LEADER, OFFICIAL, SplitMix};
use tempfile::TempDir;
use uuid::Uuid;

use super::{
    desk::{Desk, SOUND, code, now},
    world::Template,
};

struct Scene {
    dir: TempDir,
    server: QuietProvince,
    desk: Desk,
    courier: Visitor,
}

impl Scene {
    fn new(change: impl FnOnce(&mut ProvinceConfig)) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let template = Template::new(None);
        let server = template.server(&dir.path().join("province"), change);
        let mut desk = Desk::new(dir.path().join("desk"), &server, (&CLERK, 1));
        assert!(desk.round(&server, SOUND));
        desk.act(&mut SplitMix::new(1));
        let device = DeviceId(Uuid::from_u128(99));
        let courier = server.log_in(OFFICIAL.username, device).expect("logs in");
        Self {
            dir,
            server,
            desk,
            courier,
        }
    }

    fn carry(&self, bundle: &[u8]) -> Result<Vec<u8>, ProblemCode> {
        self.server.carry(self.courier, bundle).expect("answers")
    }

    fn other_desk(&self) -> Desk {
        Desk::new(self.dir.path().join("other"), &self.server, (&LEADER, 2))
    }
}

fn why(taken: Result<congvan_store::Delivered, StoreError>) -> CourierRefusal {
    match taken {
        Err(StoreError::Courier { why }) => why,
        other => panic!("{other:?}"),
    }
}

/// What of a desk an answer may change.
fn state(desk: &Desk) -> impl PartialEq + std::fmt::Debug {
    let store = &desk.store;
    (
        store.cursor().expect("reads"),
        store.outbox_counts().expect("counts"),
        store.synced_at().expect("reads"),
        store.audit_head().expect("reads"),
        store.incarnation().expect("reads"),
    )
}

#[test]
fn a_bundle_with_a_changed_byte_changes_nothing_at_the_server() {
    let scene = Scene::new(|_| {});
    let mut bundle = scene.desk.bundle(0);
    let before = scene.server.footprint().expect("reads");
    for at in 0..bundle.len() {
        bundle[at] ^= 1 << (at % 8);
        assert!(scene.carry(&bundle).is_err(), "byte {at}");
        bundle[at] ^= 1 << (at % 8);
    }
    for length in (0..bundle.len()).step_by(61) {
        assert!(scene.carry(&bundle[..length]).is_err(), "{length} bytes");
    }
    assert_eq!(scene.server.footprint().expect("reads"), before);
    scene.carry(&bundle).expect("the true one is taken in");
}

#[test]
fn an_answer_with_a_changed_byte_changes_nothing_at_the_desk() {
    let mut scene = Scene::new(|_| {});
    scene.desk.order.answer_room = 0;
    let mut answer = scene.carry(&scene.desk.bundle(1 << 30)).expect("taken in");
    let before = state(&scene.desk);
    for at in 0..answer.len() {
        answer[at] ^= 1 << (at % 8);
        assert!(scene.desk.take(&answer).is_err(), "byte {at}");
        answer[at] ^= 1 << (at % 8);
    }
    for length in (0..answer.len()).step_by(61) {
        assert!(
            scene.desk.take(&answer[..length]).is_err(),
            "{length} bytes"
        );
    }
    assert_eq!(state(&scene.desk), before);
    let taken = scene.desk.take(&answer).expect("the true one is taken in");
    assert_eq!(taken.outcome.applied, 1);
}

#[test]
fn whoever_carries_can_open_neither_bundle_nor_answer() {
    let scene = Scene::new(|_| {});
    let bundle = scene.desk.bundle(1 << 30);
    let answer = scene.carry(&bundle).expect("taken in");
    let other = scene.other_desk();
    assert_eq!(why(other.take(&answer)), CourierRefusal::OtherDesk);
    assert_eq!(why(other.take(&bundle)), CourierRefusal::Outgoing);
    assert_eq!(why(scene.desk.take(&bundle)), CourierRefusal::Outgoing);
    let holds = |text: &str| {
        let text = text.as_bytes();
        let is_in = |file: &[u8]| file.windows(text.len()).any(|part| part == text);
        is_in(&bundle) || is_in(&answer)
    };
    assert!(holds("UBND xã Bình Minh Đông"));
    for secret in [CLERK.full_name, CLERK.username, "applied", "local_seq"] {
        assert!(!holds(secret), "{secret}");
    }
}

#[test]
fn an_answer_is_the_servers_and_of_this_province() {
    let mut scene = Scene::new(|_| {});
    let answer = scene.carry(&scene.desk.bundle(1 << 30)).expect("taken in");
    let stranger = congvan_courier::SigningKey::generate().expect("a key");
    let true_key = scene.desk.server.key.clone();
    scene.desk.server.key = stranger.public().expect("a key");
    assert_eq!(why(scene.desk.take(&answer)), CourierRefusal::NotSigned);
    scene.desk.server.key = true_key;
    scene.desk.server.province = "H98".to_owned();
    assert_eq!(why(scene.desk.take(&answer)), CourierRefusal::OtherProvince);
}

#[test]
fn a_bundle_of_another_province_is_not_opened() {
    let mut scene = Scene::new(|_| {});
    scene.desk.order.province = "H98".to_owned();
    let bundle = scene.desk.bundle(1 << 30);
    assert_eq!(code(scene.carry(&bundle)), ProblemCode::BundleForeign);
    scene.desk.order.province = super::desk::PROVINCE.to_owned();
    let other = congvan_courier::SealingKey::generate().expect("a key");
    scene.desk.order.to = other.public().clone();
    let bundle = scene.desk.bundle(1 << 30);
    assert_eq!(code(scene.carry(&bundle)), ProblemCode::BundleForeign);
}

#[test]
fn a_desk_whose_login_has_ended_is_not_known_until_it_logs_in_again() {
    let scene = Scene::new(|_| {});
    let bundle = scene.desk.bundle(1 << 30);
    scene.server.log_out(scene.desk.visitor).expect("logs out");
    assert_eq!(code(scene.carry(&bundle)), ProblemCode::BundleUnknownDesk);
    let again = scene.server.log_in(CLERK.username, scene.desk.who.device);
    let told = scene.desk.store.courier_keys().expect("keys").told();
    let known = scene
        .server
        .know(again.expect("logs in"), &told.expect("keys"));
    known.expect("answers").expect("known");
    let answer = scene.carry(&bundle).expect("taken in");
    assert_eq!(
        scene.desk.take(&answer).expect("an answer").outcome.applied,
        1
    );
}

#[test]
fn nobody_tells_the_keys_of_another_as_their_own() {
    let scene = Scene::new(|_| {});
    let told = scene.desk.store.courier_keys().expect("keys").told();
    let known = scene.server.know(scene.courier, &told.expect("keys"));
    let refused = known.expect("answers").expect_err("refused");
    assert_eq!(refused, ProblemCode::Forbidden);
    scene.carry(&scene.desk.bundle(1 << 30)).expect("taken in");
}

#[test]
fn a_bundle_is_refused_once_the_server_may_have_forgotten_what_is_in_it() {
    let scene = Scene::new(|_| {});
    let written = |days: i64| {
        let at = now().plus_ms(-days * 86_400_000);
        scene.desk.bundle_at((1 << 30, at))
    };
    let old = code(scene.carry(&written(46)));
    assert_eq!(old, ProblemCode::BundleTooOld);
    scene.carry(&written(44)).expect("taken in");
}

#[test]
fn a_restored_server_is_found_out_by_bundle_too_and_nothing_is_lost() {
    let scene = Scene::new(|_| {});
    let before = scene.desk.bundle(1 << 30);
    let old = scene.carry(&before).expect("taken in");
    scene.server.new_epoch().expect("restored");
    let answer = scene.carry(&scene.desk.bundle(1 << 30)).expect("answered");
    let taken = scene.desk.take(&answer).expect("an answer");
    assert!(taken.anew);
    // An answer of the lost history settles nothing, and the refusal is acted on once.
    let late = scene.desk.take(&old).expect("an answer");
    assert_eq!(late.outcome.applied, 0);
    assert!(scene.desk.take(&answer).is_ok_and(|again| !again.anew));
    assert_eq!(scene.desk.unsent(), 1);
    let answer = scene.carry(&scene.desk.bundle(1 << 30)).expect("taken in");
    assert_eq!(
        scene.desk.take(&answer).expect("an answer").outcome.applied,
        1
    );
    scene.desk.agrees(&scene.server);
}
