use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use congvan_model::Sha256;
use congvan_protocol::{Load, ProblemCode};
use congvan_province::{FaultAction, FaultRule, RunningProvince};
use congvan_remote::{RemoteClient, RemoteError, UploadJob};
use tokio_util::sync::CancellationToken;

use crate::support::*;

const MIB: usize = 1024 * 1024;

/// Uploads until it is done, as the desk does: each try goes on with the last address.
async fn upload_stubbornly(client: &RemoteClient, bytes: &[u8], base: Option<Sha256>) -> usize {
    let mut url = None;
    for attempt in 1..=20 {
        let job = UploadJob {
            source: Arc::new(bytes.to_vec()),
            sha256: sha(bytes),
            base,
            resume: url.clone(),
        };
        let seen = Mutex::new(None);
        let progress = |step: congvan_remote::UploadProgress| {
            *seen.lock().expect("seen") = Some(step.url);
        };
        let ended = client
            .upload(&job, progress, &CancellationToken::new())
            .await;
        url = seen.into_inner().expect("seen").or(url);
        match ended {
            Ok(()) => return attempt,
            Err(error) => assert!(error.is_outage(), "{error:?}"),
        }
    }
    panic!("twenty tries were not enough");
}

fn complete(province: &RunningProvince, bytes: &[u8]) -> u64 {
    let stats = province.stats().expect("figures");
    let mine: Vec<_> = stats
        .uploads
        .iter()
        .filter(|upload| upload.sha256 == sha(bytes))
        .collect();
    assert_eq!(
        mine.iter()
            .filter(|upload| upload.state == "complete")
            .count(),
        1,
        "{mine:?}"
    );
    assert_eq!(province.blob(&sha(bytes)).expect("stored"), bytes);
    mine.iter().map(|upload| upload.received).sum()
}

#[tokio::test]
async fn an_upload_ends_whole_wherever_the_line_is_cut() {
    let (_dir, province) = start(|_| {});
    let (client, _) = logged_in(&province).await;
    let cuts: [(&str, u32, FaultAction); 9] = [
        ("POST", 0, FaultAction::CutBefore),
        ("POST", 0, FaultAction::CutAfter),
        ("PATCH", 0, FaultAction::CutBefore),
        ("PATCH", 0, FaultAction::CutAfter),
        ("PATCH", 0, FaultAction::CutBodyAfter(300_000)),
        ("PATCH", 1, FaultAction::CutBodyAfter(1_500_000)),
        ("PATCH", 1, FaultAction::CutAfter),
        ("PATCH", 2, FaultAction::CutAfter),
        ("PATCH", 2, FaultAction::CutBefore),
    ];
    for (index, (method, skip, action)) in cuts.into_iter().enumerate() {
        let bytes = pattern(4 * MIB + 77, index);
        let mut rule = FaultRule::once(method, "/v1/uploads", action.clone());
        rule.skip = skip;
        province.fault(rule);
        let before = client.traffic().up;
        upload_stubbornly(&client, &bytes, None).await;
        province.clear_faults();
        complete(&province, &bytes);
        // What the client handed over, buffers that never left this machine included: at most the
        // piece that was cut. What was carried in vain is measured in `lines`.
        let wasted = client.traffic().up - before - bytes.len() as u64;
        assert!(
            wasted <= 2 * MIB as u64,
            "{method} {skip} {action:?}: {wasted} bytes in vain"
        );
    }
}

#[tokio::test]
async fn a_line_cut_at_every_request_still_gets_there() {
    let (_dir, province) = start(|_| {});
    let (client, _) = logged_in(&province).await;
    let bytes = pattern(3 * MIB, 5);
    // Every piece loses its line after 400,000 bytes, and every other question too.
    let cut = FaultAction::CutBodyAfter(400_000);
    province.fault(FaultRule::always("/v1/uploads/", cut));
    let tries = upload_stubbornly(&client, &bytes, None).await;
    province.clear_faults();
    assert!(tries <= 20);
    complete(&province, &bytes);
}

#[tokio::test]
async fn a_server_that_takes_only_small_pieces_gets_small_ones_after_a_cut_too() {
    let (_dir, province) = start(|config| config.max_append = 100_000);
    let (client, _) = logged_in(&province).await;
    let bytes = pattern(MIB, 6);
    for action in [FaultAction::CutBefore, FaultAction::CutBodyAfter(50_000)] {
        let mut rule = FaultRule::once("PATCH", "/v1/uploads/", action);
        rule.skip = 2;
        province.fault(rule);
    }
    assert_eq!(upload_stubbornly(&client, &bytes, None).await, 1);
    assert_eq!(province.faults_left(), 0);
    complete(&province, &bytes);
}

#[tokio::test]
async fn an_upload_goes_on_after_the_client_was_restarted() {
    let (_dir, province) = start(|_| {});
    let (client, kept) = logged_in(&province).await;
    let bytes = pattern(5 * MIB, 1);
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let url = Mutex::new(String::new());
    let job = UploadJob {
        source: Arc::new(bytes.clone()),
        sha256: sha(&bytes),
        base: None,
        resume: None,
    };
    let progress = |step: congvan_remote::UploadProgress| {
        *url.lock().expect("url") = step.url;
        if step.done > 0 {
            stop.cancel();
        }
    };
    let ended = client.upload(&job, progress, &cancel).await;
    assert_eq!(ended.expect_err("cancelled"), RemoteError::Cancelled);
    drop(client);
    let token = kept.lock().expect("kept").last().cloned().expect("token");
    let (client, _) = crate::support::client(&province);
    client.resume(secrecy::SecretString::from(token)).await;
    let job = UploadJob {
        resume: Some(url.into_inner().expect("url")),
        ..job
    };
    let steps = Mutex::new(Vec::new());
    let progress = |step: congvan_remote::UploadProgress| {
        steps.lock().expect("steps").push(step.done);
    };
    client
        .upload(&job, progress, &CancellationToken::new())
        .await
        .expect("goes on");
    let first = steps.into_inner().expect("steps").first().copied();
    assert_eq!(first, Some(MIB as u64), "from where it stood");
    complete(&province, &bytes);
}

#[tokio::test]
async fn a_signed_file_uploads_only_its_tail() {
    let (_dir, province) = start(|_| {});
    let (client, _) = logged_in(&province).await;
    let base = pattern(3 * MIB, 2);
    upload_stubbornly(&client, &base, None).await;
    let mut signed = base.clone();
    signed.extend_from_slice(&pattern(5_000, 3));
    upload_stubbornly(&client, &signed, Some(sha(&base))).await;
    assert_eq!(complete(&province, &signed), 5_000);
}

#[tokio::test]
async fn a_forgotten_upload_is_begun_again() {
    let (_dir, province) = start(|_| {});
    let (client, _) = logged_in(&province).await;
    let bytes = pattern(MIB, 4);
    let job = UploadJob {
        source: Arc::new(bytes.clone()),
        sha256: sha(&bytes),
        base: None,
        resume: Some(format!("{}/v1/uploads/00000000", province.url)),
    };
    client
        .upload(&job, |_| {}, &CancellationToken::new())
        .await
        .expect("begins again");
    complete(&province, &bytes);
}

#[tokio::test]
async fn an_address_outside_the_server_is_never_followed() {
    let (_dir, province) = start(|_| {});
    let (client, _) = logged_in(&province).await;
    for address in [
        "https://elsewhere.example/v1/uploads/1",
        "//elsewhere.example/x",
    ] {
        let job = UploadJob {
            source: Arc::new(vec![1]),
            sha256: sha(&[1]),
            base: None,
            resume: Some(address.to_owned()),
        };
        let ended = client.upload(&job, |_| {}, &CancellationToken::new()).await;
        assert!(
            matches!(ended, Err(RemoteError::Protocol { .. })),
            "{address}"
        );
    }
}

#[tokio::test]
async fn a_smaller_limit_of_the_server_is_kept() {
    let (_dir, province) = start(|config| config.max_append = 100_000);
    let (client, _) = logged_in(&province).await;
    let bytes = pattern(450_000, 6);
    upload_stubbornly(&client, &bytes, None).await;
    complete(&province, &bytes);
}

#[tokio::test]
async fn a_download_goes_on_where_the_line_broke() {
    let (_dir, province) = start(|_| {});
    let (client, _) = logged_in(&province).await;
    let pdf = pattern(2 * MIB + 9, 7);
    province.add_draft("x", &pdf).expect("a draft");
    let mut faults: VecDeque<FaultAction> = VecDeque::from([
        FaultAction::CutAnswerAfter(700_000),
        FaultAction::CutBefore,
        FaultAction::CutAnswerAfter(1),
    ]);
    let mut got = Vec::new();
    let mut tries = 0;
    while got.len() < pdf.len() {
        tries += 1;
        assert!(tries < 10);
        if let Some(action) = faults.pop_front() {
            province.fault(FaultRule::once("GET", "/v1/blobs", action));
        }
        let Ok(mut coming) = client.download(sha(&pdf), got.len() as u64).await else {
            continue;
        };
        assert_eq!(
            (coming.from, coming.total),
            (got.len() as u64, pdf.len() as u64)
        );
        while let Ok(Some(bytes)) = coming.next().await {
            got.extend_from_slice(&bytes);
        }
    }
    assert_eq!(tries, 4);
    assert!(got == pdf);
}

#[tokio::test]
async fn a_blob_of_nobody_and_a_portals_page_are_no_downloads() {
    let (_dir, province) = start(|_| {});
    let (client, _) = logged_in(&province).await;
    let missing = client.download(Sha256([3; 32]), 0).await.err();
    assert!(
        matches!(missing, Some(RemoteError::Refused { status: 404, .. })),
        "{missing:?}"
    );
    province.fault(FaultRule::once("", "/v1/blobs", FaultAction::CaptivePortal));
    let portal = client.download(Sha256([3; 32]), 0).await.err();
    assert!(
        matches!(portal, Some(RemoteError::WrongNetwork { .. })),
        "{portal:?}"
    );
}

#[tokio::test]
async fn a_server_in_need_still_carries_the_files_that_somebody_waits_for() {
    let (_dir, province) = start(|_| {});
    let (client, _) = logged_in(&province).await;
    let bytes = pattern(3 * MIB, 8);
    let stop = CancellationToken::new();
    let job = UploadJob {
        source: Arc::new(bytes.clone()),
        sha256: sha(&bytes),
        base: None,
        resume: None,
    };
    province.say_load(Load::Critical);
    let refused = client.upload(&job, |_| {}, &stop).await;
    assert_eq!(code(refused.err()), Some(ProblemCode::Overloaded));
    let pressing = client.hurried(true);
    let sent = pressing.upload(&job, |_| {}, &stop).await;
    sent.expect("served: somebody waits");

    let refused = client.download(sha(&bytes), 0).await;
    assert_eq!(code(refused.err()), Some(ProblemCode::Overloaded));
    let mut coming = pressing.download(sha(&bytes), 0).await.expect("served");
    let mut got = Vec::new();
    // In more than one piece: each asks as urgently as the first.
    while let Some(part) = coming.next().await.expect("bytes") {
        got.extend_from_slice(&part);
    }
    assert!(got == bytes);
}

fn code(error: Option<RemoteError>) -> Option<ProblemCode> {
    match error {
        Some(RemoteError::Refused { code, .. }) => Some(code),
        _ => None,
    }
}
