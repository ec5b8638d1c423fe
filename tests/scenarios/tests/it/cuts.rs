//! The connection dies at each stage of sending a signed file.

use congvan_province::FaultAction::{
    self, CutAfter, CutAnswerAfter, CutBefore, CutBodyAfter, OtherProvince,
};
use congvan_province::{FaultRule, UploadStat};

use crate::{face::Face, office::Office};

/// Small, so that a signature of some tens of kilobytes goes up in several pieces.
const PIECE: u64 = 8 << 10;
/// Seconds between looks for news: often where only uploads are cut, seldom where the only round
/// must be the one that carries the signature.
const OFTEN: u32 = 1;
const SELDOM: u32 = 60;

/// A cut: method, path, how many such requests pass first, what happens.
type Cut = (&'static str, &'static str, u32, FaultAction);

const CREATE: (&str, &str) = ("POST", "/v1/uploads");
const PATCH: (&str, &str) = ("PATCH", "/v1/uploads/");
const HEAD: (&str, &str) = ("HEAD", "/v1/uploads/");
const ROUND: (&str, &str) = ("POST", "/v1/sync");

struct Stage {
    office: Office,
    desk: Face,
    paper: Vec<u8>,
    every_s: u32,
}

impl Stage {
    /// A desk that looks for news every so many seconds.
    async fn open(every_s: u32) -> Self {
        let office = Office::open_with(|config| {
            config.max_append = PIECE;
            config.next_poll_s = every_s;
        });
        let desk = office.leader().await;
        let row = &desk.rows("to_sign", "").await[0];
        let detail = desk.document(row["id"].as_str().unwrap()).await;
        let paper = office.blob(detail["files"][0]["head"].as_str().unwrap());
        Self {
            office,
            desk,
            paper,
            every_s,
        }
    }

    /// Signs a new draft while the cuts happen, and checks that the server ends with exactly one
    /// signed revision. Answers with its upload.
    async fn survives(&self, stage: &str, cuts: &[Cut]) -> UploadStat {
        let (office, desk) = (&self.office, &self.desk);
        let document = office.add_draft(stage, &self.paper);
        if self.every_s == SELDOM {
            desk.sync_now().await;
        }
        desk.arrives(&document).await;
        desk.everything_sent().await;
        let before = office.stats();
        for (method, path, skip, action) in cuts {
            let rule = FaultRule::once(method, path, action.clone());
            office.fault(FaultRule {
                skip: *skip,
                ..rule
            });
        }
        let signed = desk.sign(&document, office.pin()).await.unwrap();
        desk.everything_sent().await;
        assert_eq!(office.province().faults_left(), 0, "{stage}: was not cut");

        let sha256 = signed["sha256"].as_str().unwrap();
        let revisions = office.revisions(&document);
        assert_eq!(revisions.len(), 2, "{stage}: {revisions:?}");
        assert_eq!(revisions[1].sha256.to_hex(), sha256, "{stage}");
        assert_eq!(revisions[1].parent, Some(revisions[0].sha256), "{stage}");
        assert!(office.blob(sha256).starts_with(&self.paper), "{stage}");
        let after = office.stats();
        assert_eq!(after.applied_ops, before.applied_ops + 1, "{stage}");
        let of_this = |upload: &&UploadStat| upload.sha256 == revisions[1].sha256;
        let uploads: Vec<UploadStat> = after.uploads.iter().filter(of_this).cloned().collect();
        let complete: Vec<&UploadStat> = uploads
            .iter()
            .filter(|upload| upload.state == "complete")
            .collect();
        assert_eq!(complete.len(), 1, "{stage}: {uploads:?}");

        let detail = desk.document(&document).await;
        let states = detail["files"][0]["revisions"].as_array().unwrap();
        assert_eq!(states.len(), 2, "{stage}: {states:?}");
        assert_eq!(states[1]["at_server"], true, "{stage}");
        complete[0].clone()
    }
}

#[tokio::test]
async fn an_upload_cut_at_any_stage_ends_with_exactly_one_signed_revision() {
    let stage = Stage::open(OFTEN).await;
    let whole = stage.survives("no cut at all", &[]).await;
    let pieces = whole.requests;
    assert!(
        pieces >= 3,
        "the signature should travel in several pieces: {whole:?}"
    );
    assert_eq!(
        whole.seeded,
        stage.paper.len() as u64,
        "only the tail travels"
    );
    let last = u32::try_from(pieces).unwrap() - 1;

    let cut = |(method, path): (&'static str, &'static str), skip, action| -> Cut {
        (method, path, skip, action)
    };
    stage
        .survives("before the creation", &[cut(CREATE, 0, CutBefore)])
        .await;
    stage
        .survives("the creation's answer lost", &[cut(CREATE, 0, CutAfter)])
        .await;
    stage
        .survives("before the first piece", &[cut(PATCH, 0, CutBefore)])
        .await;
    let resumed = stage
        .survives(
            "in the middle of a piece",
            &[cut(PATCH, 1, CutBodyAfter(3_000))],
        )
        .await;
    let tail = resumed.length - resumed.seeded;
    assert!(
        resumed.received <= tail + PIECE,
        "started over: {resumed:?}"
    );
    let kept = stage
        .survives("a piece's answer lost", &[cut(PATCH, 0, CutAfter)])
        .await;
    assert_eq!(
        kept.requests, pieces,
        "a durable piece went up twice: {kept:?}"
    );
    let ended = stage
        .survives(
            "the last piece's answer lost",
            &[cut(PATCH, last, CutAfter)],
        )
        .await;
    assert_eq!(
        ended.requests, pieces,
        "the last piece went up twice: {ended:?}"
    );
    for lost in [CutBefore, CutAfter] {
        let cuts = [cut(PATCH, 0, CutBodyAfter(3_000)), cut(HEAD, 0, lost)];
        stage.survives("where the upload stands", &cuts).await;
    }
}

#[tokio::test]
async fn the_round_that_carries_the_signature_cut_at_any_stage_leaves_exactly_one() {
    let stage = Stage::open(SELDOM).await;
    for lost in [CutBefore, CutAfter, CutAnswerAfter(40)] {
        let cuts = [(ROUND.0, ROUND.1, 0, lost)];
        stage.survives("the round", &cuts).await;
    }
}

#[tokio::test]
async fn a_line_that_dies_at_every_step_of_the_way_still_brings_exactly_one() {
    let stage = Stage::open(SELDOM).await;
    let cuts = [
        (CREATE.0, CREATE.1, 0, CutBefore),
        (CREATE.0, CREATE.1, 1, CutAfter),
        (PATCH.0, PATCH.1, 0, CutBodyAfter(1_000)),
        (HEAD.0, HEAD.1, 0, CutBefore),
        (PATCH.0, PATCH.1, 1, CutAfter),
        (ROUND.0, ROUND.1, 0, CutBefore),
        (ROUND.0, ROUND.1, 1, CutAfter),
        ("GET", "/v1/health", 0, CutBefore),
        ("GET", "/v1/health", 1, OtherProvince("H98".to_owned())),
    ];
    stage.survives("every step", &cuts).await;
}
