//! Files of hundreds of megabytes by hand, in bounded memory.

use congvan_model::{ByteSource as _, DeviceId};
use congvan_province::{ProvinceConfig, QuietProvince, Seed};
use congvan_testkit::{CLERK, OFFICIAL};
use uuid::Uuid;

use super::desk::{Desk, now};
use crate::big::{Endless, MIB, mebibytes, memory};

#[test]
fn soak_a_large_file_goes_by_hand_both_ways_in_bounded_memory() {
    let size = mebibytes(96).min(480) * MIB + 4_321;
    let dir = tempfile::tempdir().expect("a folder");
    let mut config = ProvinceConfig::new(dir.path().join("province"));
    config.seed = Seed::Empty;
    let server = QuietProvince::open(config).expect("opens");
    let mut sender = Desk::new(dir.path().join("sender"), &server, (&CLERK, 1));
    let receiver = Desk::new(dir.path().join("receiver"), &server, (&CLERK, 2));
    let device = DeviceId(Uuid::from_u128(99));
    let courier = server.log_in(OFFICIAL.username, device).expect("logs in");
    let source = Endless::new(size);
    let mut writer = sender.store.blob_create().expect("a blob");
    writer.write(b"%PDF-1.7\n").expect("writes");
    let mut at = 0;
    while at < size {
        let mut bytes = vec![0; usize::try_from((size - at).min(MIB)).expect("fits")];
        source.read_at(at, &mut bytes).expect("inside");
        writer.write(&bytes).expect("writes");
        at += bytes.len() as u64;
    }
    let scan = writer.finish(None, now()).expect("finishes");
    sender.enter((scan.sha256, scan.size), 1);

    let (_, before) = memory();
    let journey = |desk: &Desk, name: &str| {
        let bundle = dir.path().join(name);
        desk.bundle_file(&bundle);
        let answer = server.carry_file(courier, &bundle).expect("answers");
        desk.take_file(&answer.expect("taken in"))
    };
    let sent = journey(&sender, "one.cvct");
    assert_eq!((sent.outcome.applied, sent.files), (1, 0), "{sent:?}");
    let came = journey(&receiver, "two.cvct");
    assert_eq!((came.files, came.files_left), (1, 0), "{came:?}");
    assert!(receiver.store.blob_present(scan.sha256).expect("reads"));
    let (peak, _) = memory();
    let grown = peak.saturating_sub(before) / MIB;
    println!(
        "{} MiB both ways by hand: {grown} MiB more memory",
        size / MIB
    );
    assert!(grown < 32, "{grown} MiB for a file of {} MiB", size / MIB);
}
