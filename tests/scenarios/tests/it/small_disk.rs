//! The desk on a disk that is full: what is dropped says so, nothing is half there, nothing is lost,
//! and it goes on when there is room again.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{Block, LEADER, Letter, ScanOptions, Stationery, scan_jpegs};
use serde_json::{Value, json};

use crate::{face::Face, host::Host, office::Office};

/// Bytes of a comment that the picture carries besides, so that it is as large as a page in colour.
const WEIGHT: usize = 500_000;

/// A page of half a megabyte and more.
fn scan(seed: u64) -> Vec<u8> {
    let letter = Letter {
        stationery: Stationery {
            parent: None,
            agency: "SỞ NỘI VỤ".to_owned(),
            place: "Bình Minh".to_owned(),
        },
        notation: format!("{seed}/SNV-VP"),
        date: None,
        kind: DocumentType::OfficialLetter,
        subject: format!("Bản quét {seed}"),
        addressees: vec!["Các phòng".to_owned()],
        blocks: vec![Block::Paragraph("Nội dung".to_owned())],
        recipients: Vec::new(),
        authority: vec!["GIÁM ĐỐC".to_owned()],
        signer: "Lê Văn Bình".to_owned(),
        urgency: Urgency::Normal,
    };
    let options = ScanOptions {
        seed,
        pages: 1,
        dpi: 200,
        ..ScanOptions::default()
    };
    let mut jpeg = scan_jpegs(&letter, &options).unwrap().remove(0);
    let mut comments = Vec::new();
    while comments.len() < WEIGHT {
        // COM (ITU-T T.81, B.2.4.5), 65,533 bytes and its own length.
        comments.extend([0xFF, 0xFE, 0xFF, 0xFF]);
        comments.resize(comments.len() + 65_533, seed.to_le_bytes()[0]);
    }
    jpeg.splice(2..2, comments);
    jpeg
}

/// Fills a disk but for so many bytes. Removing the file makes room again.
struct Full(PathBuf);

impl Full {
    fn but_for(disk: &Path, left: u64) -> Self {
        let path = disk.join("filling");
        let mut file = File::create(&path).unwrap();
        let part = [7_u8; 4096];
        let full = loop {
            if let Err(error) = file.write_all(&part) {
                break error;
            }
        };
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull, "{full}");
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(left)).unwrap();
        Self(path)
    }
}

impl Drop for Full {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

/// Every file on the disk but those that SQLite makes and removes as it likes.
fn files(disk: &Path, into: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(disk).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_string_lossy();
        if path.is_dir() {
            files(&path, into);
        } else if !["-wal", "-shm", "-journal", "filling"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            into.insert(path);
        }
    }
}

fn files_of(disk: &Path) -> BTreeSet<PathBuf> {
    let mut all = BTreeSet::new();
    files(disk, &mut all);
    all
}

/// Names of letters, and name and code of what is no letter, once everything is looked at.
async fn inbox(face: &Face) -> (Vec<String>, Vec<(String, String)>) {
    let query = json!({ "states": [], "offset": 0, "limit": 500 });
    let list = face
        .until("all files are looked at", async |desk| {
            let page = desk.call("intake_list", query.clone()).await.ok()?;
            (page["counts"]["copying"] == 0).then_some(page)
        })
        .await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let letters = list["letters"].as_array().unwrap().iter();
    let stacks = list["stacks"].as_array().unwrap().iter();
    (
        letters.map(|letter| text(&letter["name"])).collect(),
        stacks
            .map(|stack| (text(&stack["name"]), text(&stack["code"])))
            .collect(),
    )
}

#[tokio::test]
async fn a_scan_dropped_on_a_full_disk_says_so_and_is_taken_in_when_there_is_room() {
    let office = Office::open();
    let (host, disk) = Host::start_on_small_disk(&office, 40);
    host.face.log_in(&LEADER).await.unwrap();
    host.face.everything_pulled().await;
    assert!(host.add_scan("first.jpg", &scan(1)).await);
    assert_eq!(inbox(&host.face).await.0, ["first.jpg"]);
    let before = files_of(&disk);

    // Room for a row, but not for the bytes: the inbox says what became of the file.
    let second = scan(2);
    assert!(second.len() > 400_000, "{}", second.len());
    let full = Full::but_for(&disk, 300_000);
    assert!(host.add_scan("second.jpg", &second).await);
    let told = [("second.jpg".to_owned(), "DISK_FULL".to_owned())];
    assert_eq!(
        inbox(&host.face).await,
        (vec!["first.jpg".to_owned()], told.to_vec())
    );
    drop(full);
    assert_eq!(files_of(&disk), before, "nothing half is left");

    // Not even room for a row: whoever dropped it is told at once.
    let full = Full::but_for(&disk, 0);
    let refused = host.refused_scan("third.jpg", &second).await;
    assert_eq!(refused, "DISK_FULL");
    let (letters, _) = inbox(&host.face).await;
    assert_eq!(letters, ["first.jpg"], "what is here can still be seen");
    drop(full);
    assert_eq!(files_of(&disk), before, "nothing half is left");

    for name in ["second.jpg", "third.jpg"] {
        let bytes = if name == "third.jpg" {
            scan(3)
        } else {
            second.clone()
        };
        assert!(host.add_scan(name, &bytes).await);
    }
    let (letters, _) = inbox(&host.face).await;
    assert_eq!(letters, ["first.jpg", "second.jpg", "third.jpg"]);
    host.kill();
}
