//! Scans on the real desk: every kind of file, every bad one, page work, signed files, and the desk
//! killed while it copies.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use aws_lc_rs::digest;
use congvan_core::{Desk, StackOrigin};
use congvan_model::{DocumentType, Urgency};
use congvan_testkit::{Block, LEADER, Letter, ScanOptions, Stationery, scan_jpegs, scan_pdf};
use serde_json::{Value, json};

use crate::{
    face::Face,
    host::Host,
    keyring::Keyring,
    office::{Office, checkout},
};

fn letter(subject: &str) -> Letter {
    Letter {
        stationery: Stationery {
            parent: None,
            agency: "SỞ NỘI VỤ".to_owned(),
            place: "Bình Minh".to_owned(),
        },
        notation: "12/SNV-VP".to_owned(),
        date: None,
        kind: DocumentType::OfficialLetter,
        subject: subject.to_owned(),
        addressees: vec!["Các phòng".to_owned()],
        blocks: vec![Block::Paragraph(subject.to_owned())],
        recipients: Vec::new(),
        authority: vec!["GIÁM ĐỐC".to_owned()],
        signer: "Lê Văn Bình".to_owned(),
        urgency: Urgency::Normal,
    }
}

fn small(seed: u64, pages: usize) -> ScanOptions {
    ScanOptions {
        seed,
        pages,
        dpi: 72,
        grain: 4,
        ..ScanOptions::default()
    }
}

/// A PDF of so many small pages, all alike.
fn many_pages(count: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |text: String, bytes: &mut Vec<u8>| {
        offsets.push(bytes.len());
        let number = offsets.len();
        bytes.extend(format!("{number} 0 obj\n{text}\nendobj\n").bytes());
    };
    let kids: Vec<String> = (0..count).map(|page| format!("{} 0 R", page + 4)).collect();
    object("<</Type/Catalog/Pages 2 0 R>>".to_owned(), &mut bytes);
    let kids = kids.join(" ");
    object(
        format!("<</Type/Pages/Count {count}/Kids[{kids}]>>"),
        &mut bytes,
    );
    let drawing = "20 20 40 40 re f";
    let length = drawing.len();
    object(
        format!("<</Length {length}>>\nstream\n{drawing}\nendstream"),
        &mut bytes,
    );
    for _ in 0..count {
        let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 80 80]/Contents 3 0 R/Resources<<>>>>";
        object(page.to_owned(), &mut bytes);
    }
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).bytes());
    for offset in &offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = offsets.len() + 1;
    bytes.extend(
        format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    bytes
}

/// JPEGs in one file of another kind, by Pillow.
fn converted(jpegs: &[PathBuf], to: &Path) {
    let python = checkout("target/tools/venv/bin/python");
    assert!(python.is_file(), "no Python: run `cargo xtask setup`");
    let code = "import sys; from PIL import Image; i = [Image.open(f) for f in sys.argv[2:]]; \
        more = {'save_all': True, 'append_images': i[1:]} if len(i) > 1 else {}; \
        i[0].save(sys.argv[1], dpi=(200, 200), **more)";
    let done = Command::new(python)
        .args(["-c", code])
        .arg(to)
        .args(jpegs)
        .status();
    assert!(done.unwrap().success());
}

/// A folder of good scans: name, and how many pages it has.
fn good_scans(folder: &Path) -> BTreeMap<&'static str, usize> {
    fs::create_dir_all(folder).unwrap();
    fs::write(
        folder.join("scan.pdf"),
        scan_pdf(&letter("một"), &small(1, 2)).unwrap(),
    )
    .unwrap();
    let jpegs: Vec<PathBuf> = scan_jpegs(&letter("hai"), &small(2, 3))
        .unwrap()
        .iter()
        .enumerate()
        .map(|(number, jpeg)| {
            let file = folder.join(format!("page-{number}.tmp"));
            fs::write(&file, jpeg).unwrap();
            file
        })
        .collect();
    converted(&jpegs, &folder.join("stack.tif"));
    converted(&jpegs[1..2], &folder.join("photo.png"));
    fs::rename(&jpegs[0], folder.join("photo.jpg")).unwrap();
    for left in &jpegs[1..] {
        fs::remove_file(left).unwrap();
    }
    fs::write(folder.join("long.pdf"), many_pages(501)).unwrap();
    BTreeMap::from([
        ("scan.pdf", 2),
        ("stack.tif", 3),
        ("photo.png", 1),
        ("photo.jpg", 1),
        ("long.pdf", 501),
    ])
}

/// A folder of bad files: name and code. Made of the good ones.
fn bad_files(good: &Path, folder: &Path) -> BTreeMap<&'static str, &'static str> {
    fs::create_dir_all(folder).unwrap();
    let half = |from: &str, to: &str| {
        let bytes = fs::read(good.join(from)).unwrap();
        fs::write(folder.join(to), &bytes[..bytes.len() / 2]).unwrap();
    };
    half("scan.pdf", "cut.pdf");
    half("photo.jpg", "cut.jpg");
    half("photo.png", "cut.png");
    half("stack.tif", "cut.tif");
    fs::write(folder.join("empty.pdf"), b"").unwrap();
    fs::write(folder.join("words.pdf"), b"PK\x03\x04 is no PDF").unwrap();
    fs::write(folder.join("endless.pdf"), many_pages(1_001)).unwrap();
    let locked = Command::new("qpdf")
        .args(["--encrypt", "mo", "chu", "256", "--"])
        .arg(good.join("scan.pdf"))
        .arg(folder.join("locked.pdf"))
        .status()
        .expect("qpdf is installed by `cargo xtask setup`");
    assert!(locked.success());
    BTreeMap::from([
        ("cut.pdf", "INTAKE_DAMAGED"),
        ("cut.jpg", "INTAKE_DAMAGED"),
        ("cut.png", "INTAKE_DAMAGED"),
        ("cut.tif", "INTAKE_DAMAGED"),
        ("empty.pdf", "INTAKE_EMPTY"),
        ("words.pdf", "INTAKE_FORMAT"),
        ("endless.pdf", "INTAKE_TOO_LONG"),
        ("locked.pdf", "PDF_PASSWORD"),
    ])
}

fn files_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            (path, bytes)
        })
        .collect()
}

fn core(face: &Face) -> &Arc<Desk> {
    match face {
        Face::Here(desk) => desk,
        Face::There(_) => panic!("a desk in another process"),
    }
}

impl Face {
    async fn drop_files(&self, paths: Vec<PathBuf>) {
        let added = core(self).intake_add(paths, StackOrigin::Dropped).await;
        added.unwrap();
    }

    /// The inbox once everything is copied and looked at.
    async fn inbox(&self) -> Value {
        let query = json!({ "states": [], "offset": 0, "limit": 500 });
        self.until("all files are looked at", async |desk| {
            let page = desk.call("intake_list", query.clone()).await.ok()?;
            (page["counts"]["copying"] == 0).then_some(page)
        })
        .await
    }

    async fn letter_named(&self, name: &str) -> Value {
        let inbox = self.inbox().await;
        let mut letters = inbox["letters"].as_array().unwrap().iter();
        let found = letters.find(|letter| letter["name"] == name);
        found
            .unwrap_or_else(|| panic!("no {name}: {inbox}"))
            .clone()
    }

    async fn detail(&self, letter: &Value) -> Value {
        self.ask("intake_letter", json!({ "letter": letter["id"] }))
            .await
    }

    async fn act(&self, act: Value) -> Result<Value, String> {
        let answer = self.call("intake_pages", act).await;
        answer.map_err(|refusal| refusal.code)
    }

    /// Hash and pages of the PDF of a letter.
    async fn pdf_of(&self, letter: &Value) -> (congvan_model::Sha256, u32) {
        let id = letter["id"].as_str().unwrap().parse().unwrap();
        core(self).letter_pdf(id).await.unwrap()
    }
}

fn names(inbox: &Value) -> Vec<&str> {
    let letters = inbox["letters"].as_array().unwrap().iter();
    letters
        .map(|letter| letter["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn every_kind_of_scan_becomes_a_letter_and_every_bad_file_says_why() {
    let office = Office::open();
    let desk = office.leader().await;
    let (good, bad) = (office.file("good"), office.file("bad"));
    let pages = good_scans(&good);
    let codes = bad_files(&good, &bad);
    let before = (files_of(&good), files_of(&bad));
    // A folder, and files by name; one of them is not there.
    let mut paths = vec![good.clone(), bad.join("gone.pdf")];
    paths.extend(files_of(&bad).into_keys());
    desk.drop_files(paths).await;

    let inbox = desk.inbox().await;
    let letters = inbox["letters"].as_array().unwrap();
    let found: BTreeMap<&str, usize> = letters
        .iter()
        .map(|letter| {
            let pages = letter["pages"].as_u64().unwrap();
            (
                letter["name"].as_str().unwrap(),
                usize::try_from(pages).unwrap(),
            )
        })
        .collect();
    assert_eq!(found, pages);
    assert_eq!(letters.len(), pages.len());
    let told: BTreeMap<&str, &str> = inbox["stacks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stack| {
            (
                stack["name"].as_str().unwrap(),
                stack["code"].as_str().unwrap(),
            )
        })
        .collect();
    let mut expected = codes.clone();
    expected.insert("gone.pdf", "INTAKE_UNREADABLE");
    assert_eq!(told, expected);

    // Each page is shown by the hash and number it is listed with.
    for letter in letters.iter().filter(|letter| letter["name"] != "long.pdf") {
        for page in desk.detail(letter).await["pages"].as_array().unwrap() {
            let sha256 = page["sha256"].as_str().unwrap().parse().unwrap();
            let number = u32::try_from(page["page"].as_u64().unwrap()).unwrap();
            let png = core(&desk).page_png(sha256, number, 100).await.unwrap();
            assert!(png.starts_with(b"\x89PNG"), "{page}");
        }
    }

    // The same file again, under another name and its own: nothing is doubled.
    let copy = office.file("copy.pdf");
    fs::copy(good.join("scan.pdf"), &copy).unwrap();
    desk.drop_files(vec![copy.clone(), good.join("scan.pdf"), copy])
        .await;
    let again = desk.inbox().await;
    assert_eq!(names(&again), names(&inbox));
    let original = desk.letter_named("scan.pdf").await;
    for stack in again["stacks"].as_array().unwrap() {
        if stack["code"] == "INTAKE_SAME_FILE" {
            assert_eq!(stack["same_as"], original["id"], "{stack}");
        }
    }
    let same =
        again["stacks"].as_array().unwrap().len() - inbox["stacks"].as_array().unwrap().len();
    assert_eq!(same, 2, "one message a name");
    assert_eq!(
        (files_of(&good), files_of(&bad)),
        before,
        "files outside are only read"
    );
}

#[tokio::test]
async fn pages_are_cut_moved_and_turned_and_the_letter_is_one_pdf_of_them() {
    let office = Office::open();
    let desk = office.leader().await;
    let folder = office.file("good");
    good_scans(&folder);
    let scan = fs::read(folder.join("scan.pdf")).unwrap();
    let paths = ["stack.tif", "scan.pdf", "photo.jpg"].map(|name| folder.join(name));
    desk.drop_files(paths.to_vec()).await;
    let (stack, whole, photo) = (
        desk.letter_named("stack.tif").await,
        desk.letter_named("scan.pdf").await,
        desk.letter_named("photo.jpg").await,
    );
    let (untouched, pages) = desk.pdf_of(&whole).await;
    let hash = digest::digest(&digest::SHA256, &scan);
    assert_eq!(
        untouched.0,
        hash.as_ref(),
        "a whole PDF is registered as it came"
    );
    assert_eq!(pages, 2);

    let id = &stack["id"];
    desk.act(json!({ "act": "SPLIT", "letter": id, "page": 2 }))
        .await
        .unwrap();
    desk.act(json!({ "act": "TURN", "letter": id, "page": 0, "turns": 1 }))
        .await
        .unwrap();
    desk.act(json!({ "act": "STRAIGHTEN", "letter": id, "page": 1, "on": true }))
        .await
        .unwrap();
    let insert =
        json!({ "act": "INSERT", "letter": id, "before": 1, "from": photo["id"], "pages": [0] });
    desk.act(insert).await.unwrap();
    let inbox = desk.inbox().await;
    assert_eq!(
        names(&inbox),
        ["stack.tif", "stack.tif", "scan.pdf"],
        "{inbox}"
    );
    let detail = desk.detail(&stack).await;
    let (pdf, pages) = desk.pdf_of(&stack).await;
    assert_eq!(pages, 3);
    let sizes = core(&desk).pages(pdf).await.unwrap();
    assert_eq!(sizes.len(), 3);
    for (size, page) in sizes.iter().zip(detail["pages"].as_array().unwrap()) {
        let width = page["width_pt"].as_f64().unwrap();
        assert!(
            (f64::from(size.width_pt) - width).abs() < 1.0,
            "{size:?} {page}"
        );
    }
    assert!(sizes[0].width_pt > sizes[0].height_pt, "turned");

    while desk.inbox().await["can_undo"] == true {
        desk.ask("intake_undo", json!({})).await;
    }
    let inbox = desk.inbox().await;
    assert_eq!(names(&inbox), ["stack.tif", "scan.pdf", "photo.jpg"]);
    let nothing = desk.call("intake_undo", json!({})).await.unwrap_err();
    nothing.is_told("NOT_FOUND");
}

#[tokio::test]
async fn a_signed_file_is_never_touched_and_its_signature_stays_valid() {
    let office = Office::open();
    let desk = office.leader().await;
    let draft = desk.rows("to_sign", "").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    desk.sign(&draft, office.pin()).await.unwrap();
    desk.everything_sent().await;
    let signed = office.blob(&office.signed(&draft)[0]);
    let file = office.file("signed.pdf");
    fs::write(&file, &signed).unwrap();
    desk.drop_files(vec![file.clone()]).await;

    let letter = desk.letter_named("signed.pdf").await;
    assert_eq!(letter["signed"], true);
    let id = &letter["id"];
    for act in [
        json!({ "act": "TURN", "letter": id, "page": 0, "turns": 1 }),
        json!({ "act": "SPLIT", "letter": id, "page": 1 }),
        json!({ "act": "REMOVE", "letter": id, "pages": [0] }),
    ] {
        assert_eq!(desk.act(act).await.unwrap_err(), "INTAKE_SIGNED");
    }
    let (pdf, _) = desk.pdf_of(&letter).await;
    let hash = digest::digest(&digest::SHA256, &signed);
    assert_eq!(pdf.0, hash.as_ref(), "not a byte is another");
    let judged = Command::new("pdfsig")
        .arg("-nocert")
        .arg(&file)
        .output()
        .unwrap();
    let judged = String::from_utf8_lossy(&judged.stdout).into_owned();
    assert!(judged.contains("Signature is Valid."), "{judged}");
}

#[tokio::test]
async fn a_desk_killed_while_twenty_files_are_copied_loses_and_doubles_nothing() {
    let office = Office::open();
    let keyring = Keyring::open(&office);
    let host = Host::start(&office, &keyring);
    host.face.log_in(&LEADER).await.unwrap();
    host.kill();
    let files: Vec<(String, Vec<u8>)> = (0..20)
        .map(|number| {
            let jpeg = scan_jpegs(&letter("hai mươi"), &small(number + 1, 1)).unwrap();
            (format!("scan-{number:02}.jpg"), jpeg[0].clone())
        })
        .collect();
    for point in ["intake.copied:7", "intake.entered:6", "intake.prepared:9"] {
        let host = Host::start_to_die(&office, &keyring, point);
        host.face.everything_open().await;
        let mut died = false;
        for (name, bytes) in &files {
            died |= !host.add_scan(name, bytes).await;
        }
        assert!(
            died || point.starts_with("intake.prepared"),
            "{point} was never passed"
        );
        host.kill();
    }
    let host = Host::start(&office, &keyring);
    host.face.everything_open().await;
    for (name, bytes) in &files {
        assert!(host.add_scan(name, bytes).await);
    }
    let inbox = host.face.inbox().await;
    let mut found = names(&inbox);
    found.sort_unstable();
    let expected: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(found, expected);
    host.kill();
}

impl Face {
    /// The last person's desk has opened by itself.
    async fn everything_open(&self) {
        self.until("the desk is open", async |desk| {
            let status = desk.call("app_status", json!({})).await.ok()?;
            (status["phase"] == "desk").then_some(())
        })
        .await;
    }
}
