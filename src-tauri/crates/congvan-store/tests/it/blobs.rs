use std::{fs, path::PathBuf};

use congvan_model::{ByteSource as _, Sha256};
use congvan_store::StoreError;

use crate::support::*;

const CHUNK: usize = 64 * 1024;

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 31 % 251) as u8).collect()
}

/// The files of the blob folder that are blobs.
fn blob_files(dir: &std::path::Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![dir.join("blobs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("reads") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn bytes_read_back_as_written_at_every_border() {
    let (dir, store) = fresh();
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 5 * CHUNK + 17] {
        let bytes = pattern(length);
        let sha256 = blob(&store, &bytes);
        let reader = store.blob_open(sha256).expect("opens");
        assert_eq!(reader.len(), length as u64);
        let mut whole = vec![0; length];
        reader.read_at(0, &mut whole).expect("reads");
        assert_eq!(whole, bytes);
        if length > 2 {
            let middle = length / 2;
            let mut part = vec![0; (length - middle).min(CHUNK + 5)];
            reader.read_at(middle as u64, &mut part).expect("reads");
            assert_eq!(part, bytes[middle..middle + part.len()]);
        }
        assert!(reader.read_at(length as u64, &mut [0]).is_err());
    }
    for path in blob_files(dir.path()) {
        let raw = fs::read(&path).expect("reads");
        assert!(
            !raw.windows(64).any(|window| window == &pattern(64)[..]),
            "nothing in clear"
        );
    }
}

#[test]
fn a_cut_off_or_changed_file_is_noticed() {
    for (what, length) in [
        ("tail", 2 * CHUNK),
        ("chunk", 2 * CHUNK),
        ("byte", CHUNK / 2),
    ] {
        let (dir, store) = fresh();
        let sha256 = blob(&store, &pattern(length));
        let path = blob_files(dir.path()).pop().expect("one file");
        let mut raw = fs::read(&path).expect("reads");
        match what {
            "tail" => raw.truncate(raw.len() - 1),
            // Cut at a chunk's border: only the missing last-chunk flag tells.
            "chunk" => raw.truncate(raw.len() - CHUNK - 16),
            _ => raw[100] ^= 1,
        }
        fs::write(&path, raw).expect("writes");
        let opened = store.blob_open(sha256);
        assert!(
            matches!(opened, Err(StoreError::BlobCorrupt { .. })),
            "{what}"
        );
        store.blob_quarantine(sha256, NOW).expect("quarantines");
        assert!(!store.blob_present(sha256).expect("reads"));
    }
}

#[test]
fn damage_in_the_middle_is_noticed_when_it_is_read() {
    let (dir, store) = fresh();
    let sha256 = blob(&store, &pattern(4 * CHUNK));
    let path = blob_files(dir.path()).pop().expect("one file");
    let mut raw = fs::read(&path).expect("reads");
    raw[CHUNK + 1_000] ^= 0x80;
    fs::write(&path, raw).expect("writes");
    let reader = store.blob_open(sha256).expect("the last chunk is sound");
    let mut buffer = vec![0; 10];
    assert!(reader.read_at(0, &mut buffer).is_ok());
    assert!(reader.read_at(CHUNK as u64 + 5, &mut buffer).is_err());
}

#[test]
fn two_files_cannot_be_exchanged() {
    let (dir, store) = fresh();
    let first = blob(&store, b"the first");
    let second = blob(&store, b"the other");
    let files = blob_files(dir.path());
    let [a, b] = files.as_slice() else {
        panic!("two files");
    };
    let (left, right) = (fs::read(a).expect("reads"), fs::read(b).expect("reads"));
    fs::write(a, right).expect("writes");
    fs::write(b, left).expect("writes");
    for sha256 in [first, second] {
        assert!(matches!(
            store.blob_open(sha256),
            Err(StoreError::BlobCorrupt { .. })
        ));
    }
}

#[test]
fn a_download_goes_on_where_it_stopped_even_after_a_restart() {
    let bytes = pattern(10 * CHUNK + 5);
    let sha256 = sha(&bytes);
    let (dir, store) = fresh();
    assert!(!store.blob_has_part(&sha256), "nothing was begun");
    let mut writer = store.blob_resume(sha256).expect("starts");
    assert_eq!(writer.written(), 0);
    writer.write(&bytes[..4 * CHUNK + 100]).expect("writes");
    writer.pause().expect("pauses");
    drop(store);
    let (store, _) = open(dir.path());
    assert!(store.blob_has_part(&sha256), "a beginning waits");
    let mut writer = store.blob_resume(sha256).expect("resumes");
    let from = usize::try_from(writer.written()).expect("small");
    assert_eq!(from, 4 * CHUNK, "whole chunks are kept");
    writer.write(&bytes[from..]).expect("writes");
    let info = writer.finish(None, NOW).expect("finishes");
    assert_eq!((info.sha256, info.size), (sha256, bytes.len() as u64));
    assert!(!store.blob_has_part(&sha256), "it is whole");
    let mut back = vec![0; bytes.len()];
    store
        .blob_open(sha256)
        .expect("opens")
        .read_at(0, &mut back)
        .expect("reads");
    assert_eq!(back, bytes);
}

#[test]
fn a_torn_part_is_resumed_before_the_tear() {
    let bytes = pattern(6 * CHUNK);
    let sha256 = sha(&bytes);
    let (dir, store) = fresh();
    let mut writer = store.blob_resume(sha256).expect("starts");
    writer.write(&bytes[..5 * CHUNK]).expect("writes");
    writer.pause().expect("pauses");
    let path = blob_files(dir.path()).pop().expect("the part");
    let mut raw = fs::read(&path).expect("reads");
    raw[2 * CHUNK + 500] ^= 1;
    fs::write(&path, raw).expect("writes");
    let mut writer = store.blob_resume(sha256).expect("resumes");
    assert_eq!(writer.written(), 2 * CHUNK as u64);
    writer.write(&bytes[2 * CHUNK..]).expect("writes");
    assert_eq!(writer.finish(None, NOW).expect("finishes").sha256, sha256);
}

#[test]
fn wrong_bytes_are_quarantined_and_never_served() {
    let (dir, store) = fresh();
    let expected = sha(b"right");
    let mut writer = store.blob_resume(expected).expect("starts");
    writer.write(b"wrong").expect("writes");
    let finished = writer.finish(None, NOW);
    assert!(matches!(finished, Err(StoreError::BlobMismatch { .. })));
    assert!(!store.blob_present(expected).expect("reads"));
    assert!(!store.blob_present(sha(b"wrong")).expect("reads"));
    let aside = fs::read_dir(dir.path().join("blobs/quarantine")).expect("reads");
    assert_eq!(aside.count(), 1);
    let mut again = store.blob_resume(expected).expect("starts over");
    assert_eq!(again.written(), 0);
    again.write(b"right").expect("writes");
    again.finish(None, NOW).expect("finishes");
    assert!(store.blob_present(expected).expect("reads"));
}

#[test]
fn an_unfinished_blob_leaves_nothing() {
    let (dir, store) = fresh();
    let mut writer = store.blob_create().expect("creates");
    writer.write(&pattern(3 * CHUNK)).expect("writes");
    drop(writer);
    assert!(blob_files(dir.path()).is_empty());
}

#[test]
fn a_tail_extends_a_blob() {
    let (_dir, store) = fresh();
    let base_bytes = pattern(2 * CHUNK + 9);
    let base = blob(&store, &base_bytes);
    let info = store.blob_extend(base, b"signature", NOW).expect("extends");
    let mut expected = base_bytes;
    expected.extend_from_slice(b"signature");
    assert_eq!(info.sha256, sha(&expected));
    let missing = store.blob_extend(Sha256([1; 32]), b"x", NOW);
    assert!(matches!(missing, Err(StoreError::BlobMissing { .. })));
}

pub(crate) fn sha(bytes: &[u8]) -> Sha256 {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    Sha256(digest.as_ref().try_into().expect("32 bytes"))
}
