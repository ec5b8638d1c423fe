//! The power fails. What was not yet synced is kept, dropped or torn as it happens to a disk, and
//! the desk must open on what is left with all that it had called saved.
//!
//! `strace` writes down every change that the scenario of `faults` makes; from that log a disk is
//! made as it may be found after the failure at any of these calls. The rules are harder than those
//! of today's file systems: the bytes of a file are certain only after its own sync, its name only
//! after the sync of its folder; until then names come and go in order, and each write by itself is
//! there, not there, or there up to a sector.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::faults::{copy_tree, judge, scenario, template};

const TRACED: &str = "openat,read,write,pwrite64,lseek,ftruncate,fsync,fdatasync,rename,unlink,\
    mkdir,linkat,sendto,writev,pwritev,copy_file_range,sendfile,fallocate,renameat2";
const SECTOR: usize = 512;
/// Failures in `test`; `CONGVAN_SOAK` says how many in a soak.
const FAILURES: u64 = 60;

/// One thing that happened, in order.
#[derive(Debug)]
enum Call {
    /// Opened to be written, perhaps made or emptied.
    Open {
        path: PathBuf,
        empties: bool,
    },
    Write {
        path: PathBuf,
        at: u64,
        bytes: Vec<u8>,
    },
    Length {
        path: PathBuf,
        length: u64,
    },
    Sync(PathBuf),
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Link {
        from: PathBuf,
        to: PathBuf,
    },
    Unlink(PathBuf),
    Mkdir(PathBuf),
    /// The victim said this.
    Said(String),
}

/// The log of one run, read from the top: where each descriptor stands.
struct Log<'a> {
    root: &'a Path,
    places: BTreeMap<u32, u64>,
    lengths: BTreeMap<PathBuf, u64>,
    said: String,
    calls: Vec<Call>,
}

impl Log<'_> {
    fn line(&mut self, line: &str) {
        let Some((_, call)) = line.split_once(' ') else {
            return;
        };
        let Some((kind, rest)) = call.trim_start().split_once('(') else {
            return;
        };
        let Some((arguments, answer)) = rest.rsplit_once(") = ") else {
            // Another thread's: the scenario's never waits within a call that is traced.
            assert!(!call.contains(&hex(self.root)), "{call}");
            return;
        };
        if answer.starts_with('-') {
            return;
        }
        let number = |text: &str| -> u64 {
            let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().expect("a number")
        };
        let strings: Vec<Vec<u8>> = quoted(arguments);
        let result = number(answer);
        match kind {
            "sendto" => self.heard(strings.first().expect("bytes")),
            "openat" => {
                let Some(path) = strings.first().and_then(|name| self.inside(name)) else {
                    return;
                };
                let fd = u32::try_from(result).expect("small");
                let appends = arguments.contains("O_APPEND");
                let length = self.lengths.get(&path).copied();
                let begin = if appends { length.unwrap_or(0) } else { 0 };
                self.places.insert(fd, begin);
                let writes = arguments.contains("O_WRONLY") || arguments.contains("O_RDWR");
                if writes {
                    let empties = arguments.contains("O_TRUNC");
                    if empties || length.is_none() {
                        self.lengths.insert(path.clone(), 0);
                    }
                    self.calls.push(Call::Open { path, empties });
                }
            }
            "rename" | "linkat" | "unlink" | "mkdir" => {
                let mut paths = strings.iter().filter_map(|name| self.inside(name));
                let (Some(from), to) = (paths.next(), paths.next()) else {
                    return;
                };
                drop(paths);
                self.named(kind, from, to);
            }
            _ => self.on_descriptor(kind, arguments, result, strings.into_iter().next()),
        }
    }

    fn named(&mut self, kind: &str, from: PathBuf, to: Option<PathBuf>) {
        let call = match (kind, to) {
            ("rename", Some(to)) => {
                if let Some(length) = self.lengths.remove(&from) {
                    self.lengths.insert(to.clone(), length);
                }
                Call::Rename { from, to }
            }
            ("linkat", Some(to)) => {
                if let Some(length) = self.lengths.get(&from).copied() {
                    self.lengths.insert(to.clone(), length);
                }
                Call::Link { from, to }
            }
            ("unlink", None) => {
                self.lengths.remove(&from);
                Call::Unlink(from)
            }
            ("mkdir", None) => Call::Mkdir(from),
            (kind, to) => panic!("{kind} {from:?} {to:?} leaves the folder"),
        };
        self.calls.push(call);
    }

    /// A call whose first argument is a descriptor, shown as `number<path>`.
    fn on_descriptor(&mut self, kind: &str, arguments: &str, result: u64, bytes: Option<Vec<u8>>) {
        let Some((fd, rest)) = arguments.split_once('<') else {
            return;
        };
        let Some((path, rest)) = rest.split_once('>') else {
            return;
        };
        let Some(path) = self.inside(&unhex(path)) else {
            return;
        };
        if rest.starts_with("(deleted)") {
            return;
        }
        let fd: u32 = fd.parse().expect("a descriptor");
        let last = || -> u64 {
            let (_, last) = rest.rsplit_once(", ").expect("arguments");
            last.parse().expect("a number")
        };
        let place = self.places.get(&fd).copied();
        match kind {
            "read" => {
                self.places.insert(fd, place.expect("opened") + result);
            }
            "lseek" => {
                self.places.insert(fd, result);
            }
            "write" => {
                let at = place.expect("opened");
                self.places.insert(fd, at + result);
                self.write(path, at, bytes.expect("bytes"), result);
            }
            "pwrite64" => self.write(path, last(), bytes.expect("bytes"), result),
            "ftruncate" => {
                let length = last();
                self.lengths.insert(path.clone(), length);
                self.calls.push(Call::Length { path, length });
            }
            "fsync" | "fdatasync" => self.calls.push(Call::Sync(path)),
            other => panic!("{other} is not understood here"),
        }
    }

    fn write(&mut self, path: PathBuf, at: u64, bytes: Vec<u8>, written: u64) {
        assert_eq!(bytes.len() as u64, written, "strace cut a write short");
        let length = self.lengths.entry(path.clone()).or_default();
        *length = (*length).max(at + written);
        self.calls.push(Call::Write { path, at, bytes });
    }

    /// Words may come in parts; a line is said when it ends.
    fn heard(&mut self, bytes: &[u8]) {
        self.said
            .push_str(std::str::from_utf8(bytes).expect("words"));
        while let Some((line, rest)) = self.said.split_once('\n') {
            self.calls.push(Call::Said(line.to_owned()));
            self.said = rest.to_owned();
        }
    }

    fn inside(&self, name: &[u8]) -> Option<PathBuf> {
        let path = PathBuf::from(std::str::from_utf8(name).ok()?);
        path.strip_prefix(self.root).ok().map(Path::to_owned)
    }
}

fn hex(path: &Path) -> String {
    let bytes = path.to_str().expect("text").bytes();
    bytes.map(|byte| format!("\\x{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    text.split("\\x")
        .filter(|part| !part.is_empty())
        .map(|part| u8::from_str_radix(part, 16).expect("hexadecimal"))
        .collect()
}

fn quoted(arguments: &str) -> Vec<Vec<u8>> {
    let parts = arguments.split('"').skip(1).step_by(2);
    parts.map(unhex).collect()
}

/// What a run in `root`, which began as `template`, did.
fn read_log(log: &Path, root: &Path, template: &Path) -> Vec<Call> {
    let mut reading = Log {
        root,
        places: BTreeMap::new(),
        lengths: lengths(template),
        said: String::new(),
        calls: Vec::new(),
    };
    for line in fs::read_to_string(log).expect("reads").lines() {
        reading.line(line);
    }
    reading.calls
}

fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("lists") {
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

fn lengths(root: &Path) -> BTreeMap<PathBuf, u64> {
    let measure = |path: PathBuf| {
        let length = fs::metadata(&path).expect("is there").len();
        (path.strip_prefix(root).expect("inside").to_owned(), length)
    };
    files(root).into_iter().map(measure).collect()
}

/// A write or a cut that no sync has made certain.
#[derive(Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Length(u64),
}

#[derive(Clone, Default)]
struct Inode {
    certain: Vec<u8>,
    pending: Vec<Change>,
}

impl Inode {
    fn change(content: &mut Vec<u8>, change: &Change, keep: usize) {
        match change {
            Change::Write(at, bytes) => {
                let at = usize::try_from(*at).expect("small");
                let bytes = bytes.get(..keep.min(bytes.len())).expect("within");
                if bytes.is_empty() {
                    return;
                }
                if content.len() < at + bytes.len() {
                    content.resize(at + bytes.len(), 0);
                }
                content
                    .get_mut(at..at + bytes.len())
                    .expect("within")
                    .copy_from_slice(bytes);
            }
            Change::Length(length) => content.resize(usize::try_from(*length).expect("small"), 0),
        }
    }

    fn sync(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            Self::change(&mut self.certain, &change, usize::MAX);
        }
    }
}

/// A change of names that no sync has made certain: what disappears, what appears.
#[derive(Clone)]
struct Naming {
    gone: Option<PathBuf>,
    came: Option<(PathBuf, usize)>,
    folder: Option<PathBuf>,
}

impl Naming {
    fn is_in(&self, folder: &Path) -> bool {
        let paths = [
            self.gone.as_deref(),
            self.came.as_ref().map(|(path, _)| path.as_path()),
            self.folder.as_deref(),
        ];
        let mut paths = paths.into_iter().flatten();
        paths.any(|path| path.parent() == Some(folder))
    }

    fn apply(self, names: &mut BTreeMap<PathBuf, usize>, folders: &mut Vec<PathBuf>) {
        if let Some(gone) = self.gone {
            names.remove(&gone);
        }
        if let Some((path, inode)) = self.came {
            names.insert(path, inode);
        }
        folders.extend(self.folder);
    }
}

/// What is certain, and what is on its way.
struct Disk {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    now: BTreeMap<PathBuf, usize>,
    folders: Vec<PathBuf>,
    namings: Vec<Naming>,
}

impl Disk {
    fn of(template: &Path) -> Self {
        let mut disk = Self {
            inodes: Vec::new(),
            names: BTreeMap::new(),
            now: BTreeMap::new(),
            folders: Vec::new(),
            namings: Vec::new(),
        };
        for path in files(template) {
            let name = path.strip_prefix(template).expect("inside").to_owned();
            disk.names.insert(name, disk.inodes.len());
            disk.inodes.push(Inode {
                certain: fs::read(path).expect("reads"),
                pending: Vec::new(),
            });
        }
        disk.now = disk.names.clone();
        disk
    }

    fn name(&mut self, naming: Naming) {
        let mut unused = Vec::new();
        naming.clone().apply(&mut self.now, &mut unused);
        self.namings.push(naming);
    }

    fn inode(&self, path: &Path) -> usize {
        *self.now.get(path).unwrap_or_else(|| panic!("{path:?}"))
    }

    fn pend(&mut self, path: &Path, change: Change) {
        let inode = self.inode(path);
        self.inodes
            .get_mut(inode)
            .expect("is there")
            .pending
            .push(change);
    }

    fn perform(&mut self, call: &Call) {
        let naming = |gone: Option<&PathBuf>, came: Option<(&PathBuf, usize)>| Naming {
            gone: gone.cloned(),
            came: came.map(|(path, inode)| (path.clone(), inode)),
            folder: None,
        };
        match call {
            Call::Open { path, empties } => {
                if !self.now.contains_key(path) {
                    self.inodes.push(Inode::default());
                    self.name(naming(None, Some((path, self.inodes.len() - 1))));
                } else if *empties {
                    self.pend(path, Change::Length(0));
                }
            }
            Call::Write { path, at, bytes } => self.pend(path, Change::Write(*at, bytes.clone())),
            Call::Length { path, length } => self.pend(path, Change::Length(*length)),
            Call::Sync(path) => match self.now.get(path).copied() {
                Some(inode) => self.inodes.get_mut(inode).expect("is there").sync(),
                None => self.sync_folder(path),
            },
            Call::Rename { from, to } => {
                let inode = self.inode(from);
                self.name(naming(Some(from), Some((to, inode))));
            }
            Call::Link { from, to } => {
                let inode = self.inode(from);
                self.name(naming(None, Some((to, inode))));
            }
            Call::Unlink(path) => self.name(naming(Some(path), None)),
            Call::Mkdir(path) => self.namings.push(Naming {
                gone: None,
                came: None,
                folder: Some(path.clone()),
            }),
            Call::Said(_) => {}
        }
    }

    fn sync_folder(&mut self, folder: &Path) {
        let (certain, pending) = std::mem::take(&mut self.namings)
            .into_iter()
            .partition(|naming| naming.is_in(folder));
        self.namings = pending;
        let certain: Vec<Naming> = certain;
        for naming in certain {
            naming.apply(&mut self.names, &mut self.folders);
        }
    }

    /// The disk as it may be found when the power fails now.
    fn fail(mut self, to: &Path, dice: &mut Dice) {
        let kept = dice.below(self.namings.len() + 1);
        for naming in self.namings.into_iter().take(kept) {
            naming.apply(&mut self.names, &mut self.folders);
        }
        for folder in &self.folders {
            fs::create_dir_all(to.join(folder)).expect("makes");
        }
        for (name, inode) in &self.names {
            let inode = self.inodes.get(*inode).expect("is there");
            let mut content = inode.certain.clone();
            for change in &inode.pending {
                let sectors = match change {
                    Change::Write(_, bytes) => bytes.len() / SECTOR,
                    Change::Length(_) => 0,
                };
                match dice.below(4) {
                    0 => {}
                    1 if sectors > 0 => {
                        Inode::change(&mut content, change, dice.below(sectors) * SECTOR);
                    }
                    _ => Inode::change(&mut content, change, usize::MAX),
                }
            }
            let path = to.join(name);
            let made = path.parent().is_some_and(Path::exists);
            assert!(made, "{name:?} has a name and its folder has none");
            fs::write(path, content).expect("writes");
        }
    }
}

/// Random numbers that a seed repeats (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % end as u64).expect("small")
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn a_power_failure_at_any_call_costs_nothing_that_was_called_saved() {
    let template = template();
    let dir = tempfile::tempdir().expect("folder");
    copy_tree(template.path(), dir.path());
    let log = tempfile::NamedTempFile::new().expect("file");
    let trace = format!("trace={TRACED}");
    let log_path = log.path().to_str().expect("text");
    let options = ["-y", "-xx", "-s", "400000", "-e", &trace, "-o", log_path];
    let said = scenario(dir.path(), &options);
    assert_eq!(said.last().map(String::as_str), Some("end"), "{said:?}");
    let calls = read_log(log.path(), dir.path(), template.path());
    let syncs = calls.iter().filter(|call| matches!(call, Call::Sync(_)));
    assert!(syncs.count() > 10, "the scenario is not what it was");

    let failures = number("CONGVAN_SOAK").unwrap_or(FAILURES);
    let first = number("CONGVAN_SEED").unwrap_or(1);
    for seed in first..first + failures {
        let mut dice = Dice(seed);
        let point = dice.below(calls.len() + 1);
        let mut disk = Disk::of(template.path());
        let mut said = Vec::new();
        for call in calls.iter().take(point) {
            disk.perform(call);
            if let Call::Said(line) = call {
                said.push(line.clone());
            }
        }
        let found = tempfile::tempdir().expect("folder");
        for folder in folders(template.path()) {
            fs::create_dir_all(found.path().join(folder)).expect("makes");
        }
        disk.fail(found.path(), &mut dice);
        let context = format!("seed {seed}: failed after {point} of {} calls", calls.len());
        judge(found.path(), &said, &context);
    }
    println!(
        "{failures} power failures over {} calls: nothing lost (95 %: below {:.2} %)",
        calls.len(),
        300.0 / failures as f64
    );
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("lists") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                found.push(path.strip_prefix(root).expect("inside").to_owned());
                open.push(path);
            }
        }
    }
    found
}
