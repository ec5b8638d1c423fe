//! Files of gigabytes, in bounded memory. `cargo xtask soak transfer` runs them at full size.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use congvan_model::{ByteSource, ReadError, Sha256};
use congvan_remote::{UploadJob, UploadStop};

use crate::support::*;

pub(crate) const MIB: u64 = 1024 * 1024;
const BLOCK: usize = 64 * 1024;

/// Bytes that differ everywhere and are never in memory whole.
pub(crate) struct Endless {
    length: u64,
    block: Vec<u8>,
}

impl Endless {
    pub(crate) fn new(length: u64) -> Self {
        Self {
            length,
            block: pattern(BLOCK, 7),
        }
    }

    fn sha256(&self) -> Sha256 {
        let mut hash = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        let mut buffer = vec![0; 16 * BLOCK];
        let mut at = 0;
        while at < self.length {
            let count = usize::try_from((self.length - at).min(buffer.len() as u64)).expect("fits");
            self.read_at(at, &mut buffer[..count]).expect("inside");
            hash.update(&buffer[..count]);
            at += count as u64;
        }
        Sha256(hash.finish().as_ref().try_into().expect("32 bytes"))
    }
}

impl ByteSource for Endless {
    fn len(&self) -> u64 {
        self.length
    }

    /// A block that repeats, each time with its own number in front.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        if offset + buffer.len() as u64 > self.length {
            return Err(ReadError::PastEnd);
        }
        let mut done = 0;
        while done < buffer.len() {
            let at = offset + done as u64;
            let (number, from) = (at / BLOCK as u64, (at % BLOCK as u64) as usize);
            let count = (BLOCK - from).min(buffer.len() - done);
            buffer[done..done + count].copy_from_slice(&self.block[from..from + count]);
            for (index, byte) in number.to_be_bytes().iter().enumerate() {
                if index >= from && index < from + count {
                    buffer[done + index - from] = *byte;
                }
            }
            done += count;
        }
        Ok(())
    }
}

/// The most memory this process has ever used, and what it uses now, in bytes.
pub(crate) fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let read = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        number
            .and_then(|number| number.parse::<u64>().ok())
            .expect("a number")
            * 1024
    };
    (read("VmHWM:"), read("VmRSS:"))
}

/// Mebibytes of the file: as many as the soak asks for, or few.
pub(crate) fn mebibytes(few: u64) -> u64 {
    std::env::var("CONGVAN_SOAK")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(few)
}

#[tokio::test]
async fn soak_a_file_of_gigabytes_travels_both_ways_in_bounded_memory() {
    let size = mebibytes(96) * MIB + 4_321;
    let (_dir, province) = start(|config| config.max_file = 4096 * MIB);
    let (client, _) = logged_in(&province).await;
    let source = Arc::new(Endless::new(size));
    let sha256 = source.sha256();
    let (_, before) = memory();
    let started = Instant::now();
    let job = UploadJob {
        source: source.clone(),
        sha256,
        base: None,
        resume: None,
    };
    client
        .upload(&job, |_| {}, UploadStop::default())
        .await
        .expect("uploaded");
    let up = started.elapsed();
    let started = Instant::now();
    let mut coming = client.download(sha256, 0).await.expect("comes");
    let mut hash = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    while let Some(part) = coming.next().await.expect("bytes") {
        hash.update(&part);
    }
    let down = started.elapsed();
    assert_eq!(hash.finish().as_ref(), sha256.0, "the same bytes came back");
    let (peak, _) = memory();
    let grown = peak.saturating_sub(before);
    println!(
        "{} MiB: up {} ({} MiB/s), down {} ({} MiB/s); memory before {} MiB, peak {} MiB (client and server in one process)",
        size / MIB,
        seconds(up),
        rate(size, up),
        seconds(down),
        rate(size, down),
        before / MIB,
        peak / MIB
    );
    let traffic = client.traffic();
    assert_eq!((traffic.up, traffic.down), (size, size), "no byte in vain");
    assert!(
        grown < 96 * MIB,
        "{} MiB for a file of {} MiB",
        grown / MIB,
        size / MIB
    );
}

#[tokio::test]
async fn soak_signing_a_large_file_again_uploads_the_tail_only() {
    let size = if std::env::var_os("CONGVAN_SOAK").is_some() {
        300 * MIB
    } else {
        24 * MIB
    };
    let (_dir, province) = start(|_| {});
    let (client, _) = logged_in(&province).await;
    let mut base = None;
    let mut before = 0;
    // The scan, then a first and a second signature of 24 KiB reserved in hexadecimal, with what
    // stands around them.
    for (round, length) in [size, size + 56 * 1024, size + 112 * 1024]
        .into_iter()
        .enumerate()
    {
        let source = Arc::new(Endless::new(length));
        let job = UploadJob {
            sha256: source.sha256(),
            source,
            base,
            resume: None,
        };
        let started = Instant::now();
        client
            .upload(&job, |_| {}, UploadStop::default())
            .await
            .expect("uploaded");
        let sent = client.traffic().up - before;
        before = client.traffic().up;
        base = Some(job.sha256);
        println!(
            "{} MiB, state {round}: {sent} bytes sent in {}",
            length / MIB,
            seconds(started.elapsed())
        );
        assert_eq!(sent, if round == 0 { size } else { 56 * 1024 });
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn rate(bytes: u64, time: Duration) -> u64 {
    (bytes as f64 / MIB as f64 / time.as_secs_f64().max(0.001)) as u64
}
