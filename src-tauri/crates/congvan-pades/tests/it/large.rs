//! A scan of 300 MB that is never in memory.

use std::time::Instant;

use congvan_model::{ByteSource, ReadError};
use congvan_pades::{SignRequest, prepare, validate};
use congvan_pdf::Joined;

use crate::{
    documents::Draft,
    keys::{NOW, pki},
    signing::is_good,
};

/// `front`, then zeros, then `back`.
struct Scan {
    front: Vec<u8>,
    zeros: u64,
    back: Vec<u8>,
}

impl ByteSource for Scan {
    fn len(&self) -> u64 {
        self.front.len() as u64 + self.zeros + self.back.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let zeros = self.front.len() as u64;
        let back = zeros + self.zeros;
        if offset >= zeros && offset + buffer.len() as u64 <= back {
            buffer.fill(0);
            return Ok(());
        }
        for (index, byte) in buffer.iter_mut().enumerate() {
            let at = offset + index as u64;
            *byte = if at < zeros {
                self.front[at as usize]
            } else if at < back {
                0
            } else {
                *self
                    .back
                    .get((at - back) as usize)
                    .ok_or(ReadError::PastEnd)?
            };
        }
        Ok(())
    }
}

fn scan(zeros: u64) -> Scan {
    let mark = "\u{1}";
    let small = Draft::new()
        .plus(&format!(
            "<</Type/XObject/Subtype/Image/Length {zeros}>>\nstream\n{mark}\nendstream"
        ))
        .classic();
    let at = small.iter().position(|byte| *byte == 1).unwrap();
    let front = small[..at].to_vec();
    let mut back = small[at + 1..].to_vec();
    // Everything behind the picture moves: the table and its offset.
    let text = String::from_utf8(back.clone()).unwrap();
    let start = text.rfind("startxref\n").unwrap() + 10;
    let old: u64 = text[start..].lines().next().unwrap().parse().unwrap();
    let moved = format!("{}{}\n%%EOF\n", &text[..start], old + zeros - 1);
    back.splice(.., moved.bytes());
    Scan { front, zeros, back }
}

#[cfg(target_os = "linux")]
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn three_hundred_megabytes_are_signed_and_validated_within_64_mb() {
    let pki = pki();
    let scan = scan(300 << 20);
    let before = peak_kib();
    let chain = [pki.intermediate.clone()];
    let mut request = SignRequest::new(&pki.rsa.certificate, NOW);
    request.chain = &chain;
    let start = Instant::now();
    let prepared = prepare(&scan, &request).unwrap();
    let raw = pki.rsa.sign(&prepared.to_be_signed());
    let verified = prepared
        .embed(&raw)
        .unwrap()
        .verify(&scan, &pki.trust(), NOW)
        .unwrap();
    let signed = start.elapsed();
    let whole = Joined::new(&scan, verified.tail());
    let report = validate(&whole, &pki.trust(), NOW).unwrap();
    assert!(is_good(&report.signatures[0].status));
    let grown = peak_kib() - before;
    let all = start.elapsed();
    assert!(grown < 64 * 1024, "{grown} KiB");
    let figures = format!("{grown} KiB more at the peak, signed in {signed:?}, all in {all:?}");
    assert!(all.as_secs() < 120, "{figures}");
    eprintln!("{figures}");
}
