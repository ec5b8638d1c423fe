//! Lines that break, crawl and fall silent, at the border of HTTP and below it.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use congvan_remote::{Bandwidth, RemoteError, ServerPath, UploadJob, UploadProgress, UploadStop};
use congvan_testkit::linkchaos::LinkFault;
use tokio_util::sync::CancellationToken;

use crate::support::*;

const MIB: usize = 1024 * 1024;

fn job(bytes: &[u8]) -> UploadJob {
    UploadJob {
        source: Arc::new(bytes.to_vec()),
        sha256: sha(bytes),
        base: None,
        resume: None,
    }
}

#[tokio::test]
async fn whoever_answers_a_greeting_without_tls_is_the_wrong_network() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut hello = [0; 64];
            let _ = stream.read(&mut hello);
            let _ = stream.write_all(
                b"HTTP/1.1 302 Found\r\nlocation: http://login.wifi/\r\ncontent-length: 0\r\n\r\n",
            );
        }
    });
    let (client, _) = client_for(&url, &identity().ca_pem);
    let error = client.probe().await.expect_err("a portal");
    assert!(
        matches!(error, RemoteError::WrongNetwork { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn each_fault_of_the_line_has_its_name_and_the_next_request_gets_through() {
    let (_dir, _province, link, client) = behind_a_line(|_| {}).await;
    let broken = RemoteError::Unreachable;
    let cases = [
        (LinkFault::LoseAnswer, Some(broken.clone())),
        (LinkFault::LoseRequest, Some(broken.clone())),
        (LinkFault::HalfOpen, Some(broken.clone())),
        (LinkFault::HalfOpenAfterCommit, Some(broken.clone())),
        (LinkFault::TruncateAnswer(20), Some(broken.clone())),
        (LinkFault::StallAnswer(20), Some(broken.clone())),
        (LinkFault::TlsCut, Some(broken.clone())),
        (LinkFault::CutRequestAfter(10), Some(broken)),
        (LinkFault::ProxyAuth407, Some(RemoteError::ProxyAuthNeeded)),
        (LinkFault::Duplicate, None),
        (LinkFault::Latency(120), None),
        (
            LinkFault::Slow {
                rate: 1_000,
                bytes: 600,
            },
            None,
        ),
    ];
    for (fault, expected) in cases {
        link.fault("POST", "/v1/sync", 0, fault);
        let ended = client.sync(&empty_round()).await.err();
        assert_eq!(ended, expected, "{fault:?}");
        assert_eq!(link.waiting(), 0, "{fault:?} has struck");
        client
            .sync(&empty_round())
            .await
            .unwrap_or_else(|error| panic!("after {fault:?}: {error:?}"));
    }
    for fault in [LinkFault::Page200, LinkFault::Page502] {
        link.fault("POST", "/v1/sync", 0, fault);
        let error = client.sync(&empty_round()).await.expect_err("a page");
        assert!(error.is_outage(), "{fault:?}: {error:?}");
    }
    link.fault("", "", 0, LinkFault::CutHandshake);
    client.reset_connections();
    let cut = client.sync(&empty_round()).await.err();
    assert_eq!(cut, Some(RemoteError::Unreachable), "in the handshake");
    let paths = client.paths();
    let sync = paths.iter().find(|door| door.path == ServerPath::Sync);
    assert!(sync.is_some_and(|door| door.failed >= 7 && door.delay.is_some()));
    let auth = paths.iter().find(|door| door.path == ServerPath::Auth);
    assert!(
        auth.is_some_and(|door| door.failed == 0 && door.answered == 1),
        "the doors are told apart"
    );
}

/// What the client handed to its line more than the file is long (what never left the machine's own
/// buffers is in it), and what of that was carried.
async fn waste_of_a_cut(at: u32, skip: u32) -> (u64, u64) {
    let (_dir, province, link, client) = behind_a_line(|_| {}).await;
    let bytes = pattern(8 * MIB + 77, 1);
    link.fault(
        "PATCH",
        "/v1/uploads/",
        skip,
        LinkFault::CutRequestAfter(at),
    );
    client
        .upload(&job(&bytes), |_| {}, &CancellationToken::new())
        .await
        .expect("gets there by itself");
    assert_eq!(link.waiting(), 0, "the cut has happened");
    assert_eq!(province.blob(&sha(&bytes)).expect("stored"), bytes);
    let seen: u64 = link
        .seen()
        .iter()
        .filter(|seen| seen.method == "PATCH")
        .map(|seen| seen.up)
        .sum();
    let length = bytes.len() as u64;
    (client.traffic().up - length, seen - length)
}

/// Counted outside the server, so that bodies which it never saw whole count too.
#[tokio::test]
async fn a_cut_wastes_at_most_a_mebibyte_of_what_the_client_sent() {
    for (skip, at) in [(0, 1_000), (0, 700_000), (1, 1_500_000), (2, 3_900_000)] {
        let (handed, seen) = waste_of_a_cut(at, skip).await;
        println!(
            "cut in piece {skip} after {at}: {handed} bytes handed over in vain, {seen} on the line"
        );
        assert!(handed > 0, "a cut costs something, or it was not counted");
        assert!(
            seen <= MIB as u64,
            "cut in piece {skip} after {at}: {seen} bytes in vain"
        );
    }
}

#[tokio::test]
async fn a_piece_that_nobody_takes_is_given_up_and_the_upload_goes_on() {
    let (_dir, province, link, client) = behind_a_line(|_| {}).await;
    let bytes = pattern(3 * MIB, 2);
    link.fault("PATCH", "/v1/uploads/", 1, LinkFault::HalfOpenAfterCommit);
    let started = Instant::now();
    client
        .upload(&job(&bytes), |_| {}, &CancellationToken::new())
        .await
        .expect("gets there by itself");
    assert!(started.elapsed() >= Duration::from_secs(1), "it did wait");
    assert_eq!(province.blob(&sha(&bytes)).expect("stored"), bytes);
}

#[tokio::test]
async fn progress_is_told_while_a_piece_travels_and_a_stop_at_the_border_sends_nothing_twice() {
    let (_dir, province) = start(|_| {});
    let (client, _) = logged_in(&province).await;
    let bytes = pattern(6 * MIB, 3);
    // Not faster than this: a machine that hands over a whole piece at once has nothing to tell in
    // between. What a quarter of a second saves up is a mebibyte, half of the second piece.
    client.set_bandwidth(Bandwidth {
        up: Some(4 * MIB as u64),
        down: None,
    });
    let stop = UploadStop::default();
    let steps = Mutex::new(Vec::new());
    let progress = |step: UploadProgress| {
        if step.sent > step.done && step.done >= MIB as u64 {
            stop.at_border.cancel();
        }
        steps.lock().expect("steps").push(step);
    };
    let ended = client.upload(&job(&bytes), progress, stop.clone()).await;
    assert_eq!(ended, Err(RemoteError::Cancelled));
    let steps = steps.into_inner().expect("steps");
    let last = steps.last().cloned().expect("a step");
    assert_eq!((last.done, last.sent), (3 * MIB as u64, 3 * MIB as u64));
    let between = |step: &&UploadProgress| {
        step.done == MIB as u64 && (1..2 * MIB as u64).contains(&(step.sent - step.done))
    };
    assert!(steps.iter().any(|step| between(&step)), "{steps:?}");
    assert_eq!(client.traffic().up, last.done);
    client.set_bandwidth(Bandwidth::default());
    let again = UploadJob {
        resume: Some(last.url),
        ..job(&bytes)
    };
    client
        .upload(&again, |_| {}, UploadStop::default())
        .await
        .expect("goes on");
    assert_eq!(client.traffic().up, bytes.len() as u64, "not a byte twice");
}

#[tokio::test]
async fn a_bandwidth_limit_holds_both_ways() {
    let (_dir, province) = start(|_| {});
    let (client, _) = logged_in(&province).await;
    let bytes = pattern(2 * MIB, 4);
    client.set_bandwidth(Bandwidth {
        up: Some(2 * MIB as u64),
        down: Some(2 * MIB as u64),
    });
    let started = Instant::now();
    client
        .upload(&job(&bytes), |_| {}, &CancellationToken::new())
        .await
        .expect("uploaded");
    assert!(started.elapsed() >= Duration::from_millis(700), "up");
    let started = Instant::now();
    let mut coming = client.download(sha(&bytes), 0).await.expect("comes");
    let mut got = Vec::new();
    while let Some(part) = coming.next().await.expect("bytes") {
        got.extend_from_slice(&part);
    }
    assert!(got == bytes);
    assert!(started.elapsed() >= Duration::from_millis(700), "down");
    assert_eq!(client.traffic().down, bytes.len() as u64);
}

#[tokio::test]
async fn a_download_comes_in_pieces_that_grow_with_the_line() {
    let (_dir, _province, link, client) = behind_a_line(|_| {}).await;
    let bytes = pattern(12 * MIB + 5, 5);
    client
        .upload(&job(&bytes), |_| {}, &CancellationToken::new())
        .await
        .expect("uploaded");
    let mut coming = client.download(sha(&bytes), 0).await.expect("comes");
    let mut got = Vec::new();
    while let Some(part) = coming.next().await.expect("bytes") {
        got.extend_from_slice(&part);
    }
    assert!(got == bytes);
    let sizes: Vec<u64> = link
        .seen()
        .iter()
        .filter(|seen| seen.path.starts_with("/v1/blobs/"))
        .map(|seen| seen.down)
        .collect();
    let mib = MIB as u64;
    assert_eq!(sizes, [mib, 2 * mib, 4 * mib, 5 * mib + 5]);
}
