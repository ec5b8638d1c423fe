//! The disk fails, or the process dies, at each call in turn: `strace` injects it into a process
//! that walks through a fixed scenario on a real store. In `test` at a few points, spread over all;
//! with `CONGVAN_SOAK` at every one.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
};

use congvan_model::{DeviceId, DocumentType, FileId, OpId, RevisionId, Sha256, Urgency};
use congvan_protocol::{Intent, Lease, RegisteredFile, RegistrationFields, Signer};
use congvan_store::{
    BlobInfo, LetterQuery, NewRegistration, NewStack, PagesAct, Piece, Sheet, StackContent,
    StackOrigin, Store, StoreError, View,
};
use uuid::Uuid;

use crate::support::*;

const DIR: &str = "CONGVAN_TEST_STORE";
const VICTIM: &str = "faults::victim";
const PORT: &str = "CONGVAN_TEST_PORT";
/// Calls that the scenario's thread makes in vain before it begins. strace counts each kind of call
/// of each thread by itself, and the main thread, which loads the program and prints, must never be
/// the one that is hit.
const BURNT: usize = 300;
const BURNT_KINDS: [&str; 2] = ["openat", "write"];
const CALLS: &str = "openat,write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink,mkdir,link";
pub(crate) const KILL_AT: &str = "write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink";
const ERRORS: [&str; 4] = ["ENOSPC", "EIO", "EACCES", "EBUSY"];
const BLOB: usize = 200_000;

#[test]
#[ignore = "the victim; started by the tests below"]
fn victim() {
    as_victim(walk);
}

/// Burns the calls, then lets `walk` do its work and say what is done.
pub(crate) fn as_victim(walk: impl FnOnce(&Path, &mut TcpStream)) {
    let dir = std::env::var(DIR).expect("started by a test");
    let port: u16 = std::env::var(PORT).expect("a port").parse().expect("port");
    let mut line = TcpStream::connect(("127.0.0.1", port)).expect("is heard");
    let mut nowhere = fs::File::options()
        .write(true)
        .open("/dev/null")
        .expect("is there");
    for number in 0..BURNT {
        if number > 0 {
            let _ = fs::File::open("/nonexistent/nothing");
        }
        nowhere.write_all(b"x").expect("takes all");
    }
    walk(Path::new(&dir), &mut line);
}

/// What the victim does. Every step is tried again when it fails, as people and the desk do.
fn walk(dir: &Path, line: &mut TcpStream) {
    let Some(store) = tried(line, "open", || {
        Store::open(dir, &key(), NOW).map(|(store, _)| (store, String::new()))
    }) else {
        return;
    };
    for text in ["một", "hai"] {
        tried(line, "act", || {
            let act = store.add_opinion(&opinion(id(1), text), NOW)?;
            Ok(((), act.op.to_string()))
        });
    }
    tried(line, "page", || {
        let sent = store.cursor()?;
        let response = response("c2", vec![upsert(document(2, "mới"), 1)], Vec::new());
        let page = congvan_store::Page {
            sent_cursor: sent.as_deref(),
            response: &response,
            now: NOW,
        };
        store.apply_page(page)?;
        Ok(((), String::new()))
    });
    let scan = tried(line, "blob", || {
        let mut writer = store.blob_create()?;
        writer.write(&vec![7; BLOB])?;
        let info = writer.finish(None, NOW)?;
        Ok((info.sha256, info.sha256.to_hex()))
    });
    if let Some(scan) = scan {
        take_in(line, &store, scan);
    }
    for _ in 0..2 {
        let Some(scan) = scan else { break };
        tried(line, "number", || {
            let registered = store.register_incoming(&paper(scan), NOW)?;
            let number = registered.number.expect("a number");
            Ok(((), format!("{} {number}", registered.op)))
        });
    }
    tried(line, "backup", || {
        Ok(((), store.back_up_if_due(NOW)?.to_string()))
    });
    tried(line, "act", || {
        let act = store.add_opinion(&opinion(id(1), "ba"), NOW)?;
        Ok(((), act.op.to_string()))
    });
    drop(store);
    say(line, "end");
}

/// A scan becomes a stack, a letter, two letters.
fn take_in(line: &mut TcpStream, store: &Store, scan: Sha256) {
    let new = NewStack {
        name: "quét.pdf".to_owned(),
        origin: StackOrigin::Dropped,
        file: Ok(BlobInfo {
            sha256: scan,
            size: BLOB as u64,
        }),
        wish: None,
    };
    let stack = tried(line, "stack", || {
        let added = store.stack_add(&new, NOW)?;
        Ok((added.id, added.id.to_string()))
    });
    let Some(stack) = stack else { return };
    let content = StackContent {
        pdf: scan,
        signed: false,
        sheets: vec![Sheet::default(); 3],
        pieces: vec![Piece {
            department: None,
            pages: vec![0, 1, 2],
        }],
        proposal: None,
    };
    let made = tried(line, "letters", || {
        let made = store.stack_ready(stack, &content, NOW)?;
        let first = made.first().copied();
        Ok((first, String::new()))
    });
    let Some(Some(letter)) = made else { return };
    tried(line, "cut", || {
        store.pages_act(&PagesAct::Split { letter, page: 1 }, NOW)?;
        Ok(((), String::new()))
    });
}

fn tried<T>(
    line: &mut TcpStream,
    step: &str,
    work: impl Fn() -> Result<(T, String), StoreError>,
) -> Option<T> {
    for _ in 0..4 {
        match work() {
            Ok((done, detail)) => {
                say(line, &format!("done {step} {detail}"));
                return Some(done);
            }
            Err(error) => say(line, &format!("error {step} {}", code(&error))),
        }
    }
    say(line, &format!("stuck {step}"));
    None
}

/// The variant: what a person is told apart by.
fn code(error: &StoreError) -> String {
    let text = format!("{error:?}");
    text.split(['(', ' ', '{']).next().unwrap_or("").to_owned()
}

pub(crate) fn say(line: &mut TcpStream, text: &str) {
    line.write_all(format!("{text}\n").as_bytes())
        .expect("is heard");
}

fn paper(scan: Sha256) -> NewRegistration {
    NewRegistration {
        book: "den".to_owned(),
        year: 2026,
        received_at: NOW,
        fields: RegistrationFields {
            issuer_code: None,
            issuer_name: "Sở Xây dựng".to_owned(),
            notation: None,
            issued_on: None,
            kind: DocumentType::OfficialLetter,
            subject: "V/v kiểm tra".to_owned(),
            urgency: Urgency::Normal,
            signer: Signer {
                position: "Giám đốc".to_owned(),
                full_name: "Lê Văn Bình".to_owned(),
            },
            due: None,
            activity: None,
        },
        file: RegisteredFile {
            file: FileId(Uuid::now_v7()),
            revision: RevisionId(Uuid::now_v7()),
            sha256: scan,
            size: BLOB as u64,
            name: "scan.pdf".to_owned(),
            pages: Some(1),
        },
        from_lease: true,
        device: DeviceId(Uuid::from_u128(1)),
        author: ME,
        author_name: "Văn thư".to_owned(),
    }
}

/// The store that every run begins with.
pub(crate) fn template() -> tempfile::TempDir {
    let (dir, store) = fresh();
    pull(&store, "c1", vec![upsert(document(1, "x"), 1)]);
    let lease = Lease {
        book: "den".to_owned(),
        year: 2026,
        fence: 1,
        lo: 1,
        hi: 50,
        expires_at: NOW.plus_ms(3_600_000),
    };
    store.take_lease(&lease, NOW).expect("takes");
    store.keep_ballast(64 * 1024).expect("keeps");
    dir
}

pub(crate) fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("makes");
    for entry in fs::read_dir(from).expect("lists") {
        let entry = entry.expect("entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("type").is_dir() {
            copy_tree(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("copies");
        }
    }
}

/// A folder for one run, in memory where there is such a place: what a killed process has written is
/// the kernel's already, synced or not, so the judgement is the same and no sync waits for a disk.
pub(crate) fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .expect("folder")
}

/// Runs the victim under strace; what it said.
fn run(victim: &str, dir: &Path, strace: &[&str]) -> Vec<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("binds");
    let port = listener.local_addr().expect("address").port();
    let mut child = Command::new("strace")
        .args(["-f", "-qq"])
        .args(strace)
        .arg(std::env::current_exe().expect("own path"))
        .args(["--ignored", "--exact", victim])
        .env(DIR, dir)
        .env(PORT, port.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("strace is installed by `cargo xtask setup`");
    // A victim that dies before it says anything would leave accept waiting for ever.
    listener.set_nonblocking(true).expect("sets");
    let stream = loop {
        match listener.accept() {
            Ok((stream, _)) => break Some(stream),
            Err(_) if child.try_wait().expect("waits").is_some() => break None,
            Err(_) => std::thread::yield_now(),
        }
    };
    let said = stream.map_or_else(Vec::new, |stream| {
        stream.set_nonblocking(false).expect("sets");
        BufReader::new(stream)
            .lines()
            .map_while(Result::ok)
            .collect()
    });
    child.wait().expect("ends");
    said
}

/// Runs the scenario of this file under strace; what it said.
pub(crate) fn scenario(dir: &Path, strace: &[&str]) -> Vec<String> {
    run(VICTIM, dir, strace)
}

/// The calls of these kinds that the scenario makes: kind and number, as strace counts them.
pub(crate) fn calls(victim: &str, template: &Path, kinds: &str) -> Vec<(String, usize)> {
    let dir = scratch();
    copy_tree(template, dir.path());
    let log = dir.path().join("strace.log");
    let trace = format!("trace={kinds}");
    let said = run(
        victim,
        dir.path(),
        &["-o", log.to_str().expect("text"), "-e", &trace],
    );
    assert_eq!(said.last().map(String::as_str), Some("end"), "{said:?}");
    let mut threads: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut order = Vec::new();
    for line in fs::read_to_string(&log).expect("reads").lines() {
        if let Some((thread, call)) = line.split_once(' ')
            && let Some((kind, _)) = call.trim_start().split_once('(')
            && kinds.split(',').any(|known| known == kind)
        {
            let counts = threads.entry(thread.to_owned()).or_default();
            let count = counts.entry(kind.to_owned()).or_default();
            *count += 1;
            order.push((thread.to_owned(), kind.to_owned(), *count));
        }
    }
    let busy = |counts: &BTreeMap<String, usize>| counts.values().any(|n| *n >= BURNT);
    let scenario = threads.iter().find(|(_, counts)| busy(counts));
    let (scenario, _) = scenario.expect("the scenario");
    let others = threads.iter().filter(|(thread, _)| *thread != scenario);
    for (kind, count) in others.flat_map(|(_, counts)| counts) {
        let burnt = BURNT_KINDS.contains(&kind.as_str()) && *count <= BURNT;
        assert!(burnt, "another thread calls {kind} {count} times");
    }
    order
        .into_iter()
        .filter(|(thread, _, _)| thread == scenario)
        .filter(|(_, kind, n)| !BURNT_KINDS.contains(&kind.as_str()) || *n > BURNT)
        .map(|(_, kind, n)| (kind, n))
        .collect()
}

/// The stack is there once, and its pages once in its letters.
fn scans_stand(store: &Store, told: &dyn Fn(&str) -> Vec<String>, context: &str) {
    let pending = store.stacks_pending(9).expect("reads").len();
    let query = LetterQuery {
        limit: 9,
        ..LetterQuery::default()
    };
    let letters = store.letters(&query).expect("reads").rows;
    let pages: Vec<u32> = letters
        .iter()
        .flat_map(|row| {
            let letter = store.letter(row.id).expect("reads").expect("is there");
            letter.pages.into_iter().map(|page| page.page)
        })
        .collect();
    assert!(
        pending + letters.len().min(1) <= 1,
        "{context}: a stack is doubled"
    );
    assert!(store.stacks_shown().expect("reads").is_empty(), "{context}");
    if !told("stack").is_empty() {
        assert_eq!(
            pending + letters.len().min(1),
            1,
            "{context}: a stack is lost"
        );
    }
    if !letters.is_empty() {
        assert_eq!(pages, [0, 1, 2], "{context}: pages");
    }
    if !told("letters").is_empty() {
        assert!(!letters.is_empty(), "{context}: letters are lost");
    }
    if !told("cut").is_empty() {
        assert_eq!(letters.len(), 2, "{context}: a cut is lost");
    }
}

/// Whatever happened: what was said to be saved is there once, and nothing is half there.
pub(crate) fn judge(dir: &Path, said: &[String], context: &str) {
    let told = |step: &str| -> Vec<String> {
        let begin = format!("done {step} ");
        said.iter()
            .filter_map(|line| line.strip_prefix(&begin).map(str::to_owned))
            .collect()
    };
    let opened = Store::open(dir, &key(), NOW);
    let (store, _) = opened.unwrap_or_else(|error| panic!("{context}: does not open: {error}"));
    store
        .check()
        .unwrap_or_else(|error| panic!("{context}: {error}"));
    let look = |store: &Store| {
        let acts = store.acts(100).expect("reads");
        let mut texts: BTreeMap<String, u32> = BTreeMap::new();
        let mut given: Vec<u32> = Vec::new();
        for act in &acts {
            match &act.op.intent {
                Intent::AddOpinion { text, .. } => *texts.entry(text.clone()).or_default() += 1,
                Intent::RegisterIncoming { number, .. } => {
                    given.push(number.expect("from the lease").number);
                }
                other => panic!("{context}: {other:?}"),
            }
        }
        assert!(
            texts.values().all(|n| *n == 1),
            "{context}: doubled {texts:?}"
        );
        given.sort_unstable();
        let expected: Vec<u32> = (1..=u32::try_from(given.len()).expect("few")).collect();
        assert_eq!(given, expected, "{context}: numbers");
        let ids: Vec<OpId> = acts.iter().map(|act| act.op.id).collect();
        for op in told("act") {
            let op: OpId = op.parse().expect("id");
            assert!(ids.contains(&op), "{context}: lost {op}");
        }
        for line in told("number") {
            let (op, number) = line.split_once(' ').expect("two words");
            let op: OpId = op.parse().expect("id");
            assert!(ids.contains(&op), "{context}: lost number {number}");
        }
        given
    };
    let given = look(&store);
    scans_stand(&store, &told, context);
    let lease = store.leases().expect("reads").remove(0);
    assert_eq!(lease.next as usize, given.len() + 1, "{context}: the lease");
    // Page and cursor are one.
    let has_two = store.list(&query(View::All, "")).expect("lists").total == 2;
    let cursor = store.cursor().expect("reads");
    assert_eq!(
        cursor.as_deref() == Some("c2"),
        has_two,
        "{context}: torn page"
    );
    assert!(has_two || told("page").is_empty(), "{context}: lost page");
    // Every row has its bytes, every file its row.
    for sha in told("blob") {
        let sha: Sha256 = sha.parse().expect("hash");
        assert!(
            store.blob_present(sha).expect("reads"),
            "{context}: lost blob"
        );
    }
    let later = congvan_model::Timestamp(i64::MAX / 4);
    store.tidy_blobs(later).expect("tidies");
    let again = store.tidy_blobs(later).expect("tidies");
    assert_eq!(again, congvan_store::Tidied::default(), "{context}");
    let files = shelved(dir);
    assert!(files <= 1, "{context}: {files} files");
    if files == 1 {
        let hash = aws_sha(&vec![7; BLOB]);
        let reader = store.blob_open(hash);
        assert!(reader.is_ok(), "{context}: a file without a row");
    }
    assert!(
        fs::read_dir(dir.join("blobs/incoming"))
            .expect("lists")
            .count()
            == 0,
        "{context}: scratch left"
    );
    // It works again,
    let last = store.add_opinion(&opinion(id(1), "sau"), NOW);
    last.unwrap_or_else(|error| panic!("{context}: does not work again: {error}"));
    drop(store);
    // and the second copy has it all too.
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(dir.join(format!("desk.db{suffix}")));
    }
    let (store, _) = open(dir);
    assert_eq!(look(&store), given, "{context}: the journal");
}

fn aws_sha(bytes: &[u8]) -> Sha256 {
    let mut out = Sha256([0; 32]);
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    out.0.copy_from_slice(hash.as_ref());
    out
}

fn shelved(dir: &Path) -> usize {
    let mut files = 0;
    for shelf in fs::read_dir(dir.join("blobs")).expect("lists") {
        let shelf = shelf.expect("entry");
        if shelf.file_name().len() == 2 {
            files += fs::read_dir(shelf.path()).expect("lists").count();
        }
    }
    files
}

/// Every point in a soak, else so many, spread over all.
pub(crate) fn points(
    all: &[(String, usize)],
    few: usize,
) -> impl Iterator<Item = &(String, usize)> {
    let soak = std::env::var("CONGVAN_SOAK").is_ok();
    let step = if soak { 1 } else { (all.len() / few).max(1) };
    all.iter().step_by(step)
}

pub(crate) fn run_with(
    victim: &str,
    dir: &Path,
    (kind, number): &(String, usize),
    what: &str,
) -> Vec<String> {
    let inject = format!("inject={kind}:{what}:when={number}");
    let trace = format!("trace={kind}");
    run(
        victim,
        dir,
        &["-o", "/dev/null", "-e", &trace, "-e", &inject],
    )
}

#[test]
fn a_death_at_any_write_sync_rename_or_unlink_loses_and_doubles_nothing() {
    let template = template();
    let all = calls(VICTIM, template.path(), KILL_AT);
    assert!(all.len() > 60, "{all:?}: the scenario is not what it was");
    let mut died = 0_u32;
    for point in points(&all, 24) {
        let dir = scratch();
        copy_tree(template.path(), dir.path());
        let said = run_with(VICTIM, dir.path(), point, "signal=SIGKILL");
        let context = format!("killed at {point:?}: {said:?}");
        // Before the last word, or at one of the calls of closing after it.
        let early = said.last().is_none_or(|last| last != "end");
        assert!(early || point.0 == "unlink", "{context}: not killed");
        died += 1;
        judge(dir.path(), &said, &context);
    }
    println!(
        "killed at {died} of {} calls: 0 lost, 0 doubled, 0 orphaned (95 %: below {:.1} %)",
        all.len(),
        300.0 / f64::from(died)
    );
}

#[test]
fn a_full_failing_forbidding_or_busy_disk_at_any_call_loses_and_doubles_nothing() {
    let template = template();
    let all = calls(VICTIM, template.path(), CALLS);
    let mut codes: BTreeMap<String, u32> = BTreeMap::new();
    let mut runs = 0;
    for error in ERRORS {
        for point in points(&all, 8) {
            let dir = scratch();
            copy_tree(template.path(), dir.path());
            let said = run_with(VICTIM, dir.path(), point, &format!("error={error}"));
            let context = format!("{error} at {point:?}: {said:?}");
            assert!(said.last().is_some_and(|last| last == "end"), "{context}");
            for line in &said {
                assert!(!line.starts_with("stuck"), "{context}");
                if let Some(told) = line.strip_prefix("error ") {
                    let (_, code) = told.split_once(' ').expect("two words");
                    let clear = ["Full", "Io", "ReadOnly", "Locked"].contains(&code);
                    assert!(clear, "{context}");
                    *codes.entry(format!("{error} {code}")).or_default() += 1;
                }
            }
            judge(dir.path(), &said, &context);
            runs += 1;
        }
    }
    println!(
        "{runs} faults over {} calls: 0 lost, 0 doubled, 0 orphaned; told as {codes:?}",
        all.len()
    );
    assert!(!codes.is_empty(), "no fault was ever told");
}
