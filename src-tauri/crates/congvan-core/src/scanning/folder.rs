//! The watched folder: which of its files are whole and wait to be taken in.
//!
//! Scanners and people write into it while we look, over lines that break. A file is taken once its
//! size and time have not changed over two looks, nobody has it open for writing where the system
//! can tell, and it ends as its kind must. One that stays half a file for minutes is taken too, so
//! that a person is told instead of it lying there for ever.

use std::{
    collections::{BTreeSet, HashMap},
    ffi::{OsStr, OsString},
    fs::{self, File, Metadata},
    io::{self, Read, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::intake::format::ends_as_pdf;

/// Looks without a change before a file counts as written.
const STILL: u32 = 2;
/// Looks without a change before a file is taken although it does not end as it must.
const HALF: u32 = 60;
/// Files of a folder that are looked at; a folder with more is not one for scans.
const FILES: usize = 5_000;
/// Where files go that were taken in.
pub(super) const TAKEN: &str = "Đã nhận";
/// Endings of files that are scans.
const ENDINGS: [&str; 6] = ["pdf", "tif", "tiff", "jpg", "jpeg", "png"];

/// What tells a file from its next version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
}

#[derive(Debug)]
struct Seen {
    stamp: Stamp,
    /// Looks since its last change, or since it was handed over in vain.
    still: u32,
    /// It was handed over for good, and is still here.
    taken: bool,
    /// Looks without a change that are waited for.
    wait: u32,
}

impl Seen {
    fn new(stamp: Stamp) -> Self {
        Self {
            stamp,
            still: 0,
            taken: false,
            wait: STILL,
        }
    }
}

/// A folder under watch.
#[derive(Debug)]
pub(super) struct WatchedFolder {
    folder: PathBuf,
    seen: HashMap<OsString, Seen>,
    /// Versions of files that were handed over for good and stayed, as written down.
    left: BTreeSet<String>,
}

impl WatchedFolder {
    /// `left` is what [`WatchedFolder::left`] said before.
    pub(super) fn new(folder: PathBuf, left: BTreeSet<String>) -> Self {
        Self {
            folder,
            seen: HashMap::new(),
            left,
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Files that were handed over for good and could not be moved away, so that the next run does
    /// not hand them over again.
    pub(super) fn left(&self) -> &BTreeSet<String> {
        &self.left
    }

    /// Whether a file is about to be taken: it is worth looking again soon.
    pub(super) fn is_waiting(&self) -> bool {
        let soon = |seen: &Seen| !seen.taken && seen.still <= STILL + 1;
        self.seen.values().any(soon)
    }

    /// Looks once. The files that are whole, oldest first.
    ///
    /// # Errors
    /// When the folder cannot be listed: the share has gone, or it was never there. What was seen is
    /// remembered: a file that comes back unchanged has still to be unchanged.
    pub(super) fn look(&mut self) -> io::Result<Vec<PathBuf>> {
        let mut here = HashMap::new();
        for entry in fs::read_dir(&self.folder)?.take(FILES) {
            let entry = entry?;
            let name = entry.file_name();
            if !is_scan(&name) {
                continue;
            }
            // Links are not followed: what they lead to is none of this folder's.
            match fs::symlink_metadata(entry.path()) {
                Ok(data) if data.is_file() => {
                    here.insert(name, stamp(&data));
                }
                Ok(_) => {}
                // Moved away between the two looks; on a share that has just gone, all of them.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        self.seen.retain(|name, _| here.contains_key(name));
        let versions: BTreeSet<String> = here
            .iter()
            .map(|(name, stamp)| version(name, *stamp))
            .collect();
        self.left.retain(|left| versions.contains(left));
        let mut ready: Vec<(Option<SystemTime>, PathBuf)> = Vec::new();
        for (name, stamp) in here {
            let path = self.folder.join(&name);
            if self.is_still(name, stamp, &path) {
                ready.push((stamp.modified, path));
            }
        }
        ready.sort();
        Ok(ready.into_iter().map(|(_, path)| path).collect())
    }

    /// Notes a sighting; whether the file is to be taken now.
    fn is_still(&mut self, name: OsString, stamp: Stamp, path: &Path) -> bool {
        let is_left = self.left.contains(&version(&name, stamp));
        let seen = self.seen.entry(name).or_insert_with(|| Seen::new(stamp));
        if seen.stamp != stamp {
            *seen = Seen::new(stamp);
            return false;
        }
        if seen.taken || is_left {
            seen.taken = true;
            return false;
        }
        seen.still = seen.still.saturating_add(1);
        seen.still > seen.wait && (seen.still > HALF || is_whole(path))
    }

    /// Moves a file that is durable elsewhere out of the way.
    pub(super) fn put_away(&mut self, path: &Path) {
        if let Err(error) = move_into(&self.folder.join(TAKEN), path) {
            // A share may let us read only.
            tracing::info!(kind = ?error.kind(), "a scan could not be moved out of its folder");
            self.leave(path);
        }
    }

    /// Never hands this version of a file over again: it was refused, and lies where it lay.
    pub(super) fn leave(&mut self, path: &Path) {
        let Some(name) = path.file_name() else {
            return;
        };
        if let Some(seen) = self.seen.get_mut(name) {
            seen.taken = true;
            self.left.insert(version(name, seen.stamp));
        }
    }

    /// Hands a file over again after some minutes: there was no room for it, or it is in use.
    pub(super) fn later(&mut self, path: &Path) {
        let seen = path.file_name().and_then(|name| self.seen.get_mut(name));
        if let Some(seen) = seen {
            seen.still = 0;
            seen.wait = HALF;
        }
    }
}

/// A version of a file, as it is written down.
fn version(name: &OsStr, stamp: Stamp) -> String {
    let since = stamp
        .modified
        .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    let millis = since.map_or(0, |since| since.as_millis());
    format!("{}|{}|{millis}", name.to_string_lossy(), stamp.size)
}

fn stamp(data: &Metadata) -> Stamp {
    Stamp {
        size: data.len(),
        modified: data.modified().ok(),
    }
}

/// Whether a file of this name can be a scan. Names that begin with a dot or a tilde are programs'.
fn is_scan(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let known = ending.is_some_and(|ending| {
        ENDINGS
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    });
    known && !name.starts_with(['.', '~'])
}

/// Never over another file: a number is put behind the name.
fn move_into(taken: &Path, path: &Path) -> io::Result<()> {
    fs::create_dir_all(taken)?;
    let name = path.file_name().unwrap_or_default();
    let (stem, ending) = (
        path.file_stem().unwrap_or_default().to_string_lossy(),
        path.extension().unwrap_or_default().to_string_lossy(),
    );
    let numbered = |number: u32| taken.join(format!("{stem} ({number}).{ending}"));
    let free = std::iter::once(taken.join(name))
        .chain((2..10_000).map(numbered))
        .find(|to| !to.exists());
    let free = free.ok_or(io::ErrorKind::AlreadyExists)?;
    fs::rename(path, free)
}

/// Whether nobody writes it any more, as far as can be told, and it ends as its kind must.
fn is_whole(path: &Path) -> bool {
    match open_alone(path) {
        Ok(file) => ends_well(file).unwrap_or(false),
        // In use, or gone again.
        Err(_) => false,
    }
}

/// On Windows opening fails while somebody else has the file open for writing.
fn open_alone(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt as _;
        // FILE_SHARE_READ: others may read, none may write.
        options.share_mode(1);
    }
    options.open(path)
}

/// The mark at the end of a file of its kind. A TIFF has none: its first directory, which most
/// programs write last, must be inside.
fn ends_well(mut file: File) -> io::Result<bool> {
    const TAIL: u64 = 2048;
    let size = file.metadata()?.len();
    let mut head = Vec::new();
    Read::by_ref(&mut file).take(8).read_to_end(&mut head)?;
    let from = size.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    let ends = |mark: &[u8]| tail.windows(mark.len()).any(|bytes| bytes == mark);
    Ok(match head.as_slice() {
        [b'%', b'P', b'D', b'F', ..] => ends_as_pdf(&tail),
        [0xFF, 0xD8, ..] => ends(&[0xFF, 0xD9]),
        [0x89, b'P', b'N', b'G', ..] => ends(b"IEND"),
        [b'I', b'I', 42, 0, rest @ ..] => directory(rest, false).is_some_and(|at| at < size),
        [b'M', b'M', 0, 42, rest @ ..] => directory(rest, true).is_some_and(|at| at < size),
        // Another kind under this ending, or empty: whoever takes it in says what is wrong.
        _ => false,
    })
}

/// Where the first directory of a TIFF begins, never 0.
fn directory(bytes: &[u8], big: bool) -> Option<u64> {
    let bytes: [u8; 4] = bytes.try_into().ok()?;
    let at = if big {
        u32::from_be_bytes(bytes)
    } else {
        u32::from_le_bytes(bytes)
    };
    (at > 0).then_some(u64::from(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &[u8] = b"%PDF-1.7 ... startxref\n9\n%%EOF\n";

    fn watched() -> (tempfile::TempDir, WatchedFolder) {
        let dir = tempfile::tempdir().unwrap();
        let watched = WatchedFolder::new(dir.path().to_owned(), BTreeSet::new());
        (dir, watched)
    }

    fn names(paths: &[PathBuf]) -> Vec<String> {
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        paths.iter().map(name).collect()
    }

    /// Looks until something is ready; how many looks it took.
    fn looks(watched: &mut WatchedFolder, most: u32) -> Option<(u32, Vec<String>)> {
        (1..=most).find_map(|count| {
            let ready = watched.look().unwrap();
            (!ready.is_empty()).then(|| (count, names(&ready)))
        })
    }

    #[test]
    fn a_file_is_taken_after_two_looks_without_a_change_and_put_away_once() {
        let (dir, mut watched) = watched();
        let file = dir.path().join("văn bản.PDF");
        fs::write(&file, WHOLE).unwrap();
        assert_eq!(
            looks(&mut watched, 10),
            Some((STILL + 1, vec!["văn bản.PDF".to_owned()]))
        );
        watched.put_away(&file);
        assert_eq!(looks(&mut watched, 10), None);
        assert!(dir.path().join(TAKEN).join("văn bản.PDF").is_file());
        // The same name again takes nobody's place.
        fs::write(&file, WHOLE).unwrap();
        assert!(looks(&mut watched, 10).is_some());
        watched.put_away(&file);
        assert!(dir.path().join(TAKEN).join("văn bản (2).PDF").is_file());
    }

    #[test]
    fn a_file_that_grows_or_is_half_a_file_waits() {
        let (dir, mut watched) = watched();
        let file = dir.path().join("a.pdf");
        for length in 1..8 {
            fs::write(&file, &WHOLE[..length]).unwrap();
            assert_eq!(looks(&mut watched, 2), None, "it grows");
        }
        assert_eq!(looks(&mut watched, 20), None, "it has no end");
        fs::write(&file, WHOLE).unwrap();
        assert!(looks(&mut watched, STILL + 3).is_some());
        fs::write(&file, b"").unwrap();
        let (count, _) = looks(&mut watched, 200).expect("a person is told of it");
        assert!(count > HALF, "after {count} looks");
    }

    #[test]
    fn what_was_refused_is_not_handed_over_again_until_it_changes() {
        let (dir, mut watched) = watched();
        let file = dir.path().join("a.pdf");
        fs::write(&file, WHOLE).unwrap();
        assert!(looks(&mut watched, 9).is_some());
        watched.leave(&file);
        assert_eq!(looks(&mut watched, 100), None);
        let mut next = WatchedFolder::new(dir.path().to_owned(), watched.left().clone());
        assert_eq!(looks(&mut next, 100), None, "nor by the next run");
        fs::write(&file, b"%PDF-1.7 another startxref\n9\n%%EOF\n").unwrap();
        assert!(looks(&mut next, 9).is_some(), "another version");
        next.later(&file);
        let (count, _) = looks(&mut next, 200).expect("again, later");
        assert!(count > HALF / 2, "after {count} looks");
        assert!(
            next.left().is_empty(),
            "versions that are gone are forgotten"
        );
    }

    #[test]
    fn only_scans_of_the_folder_itself_are_looked_at() {
        let (dir, mut watched) = watched();
        let sub = dir.path().join("sub");
        fs::create_dir(&sub).unwrap();
        fs::create_dir(dir.path().join("folder.pdf")).unwrap();
        for name in [
            "sub/a.pdf",
            "a.docx",
            ".a.pdf",
            "~$a.pdf",
            "a.pdf.part",
            "pdf",
        ] {
            fs::write(dir.path().join(name), WHOLE).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(sub.join("a.pdf"), dir.path().join("link.pdf")).unwrap();
        assert_eq!(looks(&mut watched, 100), None);
    }

    #[test]
    fn a_share_that_goes_and_comes_back_loses_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let share = dir.path().join("share");
        fs::create_dir(&share).unwrap();
        let mut watched = WatchedFolder::new(share.clone(), BTreeSet::new());
        fs::write(share.join("a.png"), b"\x89PNG....IEND").unwrap();
        assert!(watched.look().unwrap().is_empty());
        fs::rename(&share, dir.path().join("away")).unwrap();
        assert!(watched.look().is_err());
        fs::rename(dir.path().join("away"), &share).unwrap();
        assert!(looks(&mut watched, STILL + 2).is_some());
    }

    #[test]
    fn the_end_of_each_kind_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let ends = |bytes: &[u8]| {
            let file = dir.path().join("x");
            fs::write(&file, bytes).unwrap();
            is_whole(&file)
        };
        assert!(ends(&[0xFF, 0xD8, 0xFF, 1, 2, 0xFF, 0xD9, 0, 0]));
        assert!(!ends(&[0xFF, 0xD8, 0xFF, 1, 2]));
        assert!(ends(b"II*\0\x08\0\0\0\0\0"));
        assert!(!ends(b"II*\0\x08\0\0\0"));
        assert!(!ends(b"MM\0*\0\0\0\0\0\0"));
        assert!(ends(b"MM\0*\0\0\0\x08\0\0"));
        assert!(!ends(b"<html>"));
        assert!(!ends(b""));
    }
}
