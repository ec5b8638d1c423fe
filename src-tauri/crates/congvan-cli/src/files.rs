use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU64, Ordering},
};

use congvan_model::{ByteSource, ReadError};

use crate::{
    fault::{Fault, Result},
    interrupt::unfinished,
    words::Code,
};

/// Up to this a file is read at once; a larger one is read where it is needed.
const SMALL: u64 = 1 << 20;

/// The bytes of a file.
pub(crate) enum Source {
    /// All of a small file.
    Small(Vec<u8>),
    /// A larger file, read at places.
    Large { file: File, len: u64 },
}

impl Source {
    /// Opens a file for reading.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let read = || {
            let mut file = File::open(path)?;
            let len = file.metadata()?.len();
            if len > SMALL {
                return Ok(Self::Large { file, len });
            }
            let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or_default());
            file.read_to_end(&mut bytes)?;
            Ok(Self::Small(bytes))
        };
        read().map_err(|error| Fault::reading(&error, path))
    }
}

impl ByteSource for Source {
    fn len(&self) -> u64 {
        match self {
            Self::Small(bytes) => bytes.len() as u64,
            Self::Large { len, .. } => *len,
        }
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::result::Result<(), ReadError> {
        match self {
            Self::Small(bytes) => bytes.read_at(offset, buffer),
            Self::Large { file, len } => {
                let end = offset.checked_add(buffer.len() as u64);
                if end.is_none_or(|end| end > *len) {
                    return Err(ReadError::PastEnd);
                }
                fill(file, offset, buffer).map_err(|error| ReadError::Source(error.to_string()))
            }
        }
    }
}

#[cfg(unix)]
fn fill(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(windows)]
fn fill(file: &File, mut offset: u64, mut buffer: &mut [u8]) -> io::Result<()> {
    use std::os::windows::fs::FileExt as _;
    while !buffer.is_empty() {
        let read = file.seek_read(buffer, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        offset += read as u64;
        buffer = buffer.get_mut(read..).unwrap_or_default();
    }
    Ok(())
}

/// A file under a temporary name beside its final one; removed unless it is published, also when
/// the run is interrupted.
pub(crate) struct Draft {
    temporary: PathBuf,
    file: File,
    is_published: bool,
}

impl Draft {
    /// Copies a file and gives the copy as the bytes to work on: whatever happens to the original
    /// later, what is signed, checked and published is this copy.
    pub(crate) fn copy_of(input: &Path, output: &Path) -> Result<(Self, Source)> {
        let mut original = File::open(input).map_err(|error| Fault::reading(&error, input))?;
        let mut draft = Self::create(output)?;
        let mut small = Vec::new();
        let copied = original
            .metadata()
            .and_then(|metadata| {
                if metadata.len() > SMALL {
                    // Within the kernel where the system can.
                    io::copy(&mut original, &mut draft.file)
                } else {
                    original.read_to_end(&mut small)?;
                    draft.file.write_all(&small)?;
                    Ok(small.len() as u64)
                }
            })
            .map_err(|error| Fault::writing(&error, output))?;
        let source = if copied == small.len() as u64 {
            Source::Small(small)
        } else {
            let file = draft.file.try_clone();
            let file = file.map_err(|error| Fault::writing(&error, output))?;
            Source::Large { file, len: copied }
        };
        Ok((draft, source))
    }

    fn create(output: &Path) -> Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = output
            .file_name()
            .ok_or_else(|| Fault::at(Code::OutputFailed, output).with("detail", "-"))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        hidden.push(format!(".{}-{number}.tmp", process::id()));
        let temporary = output.with_file_name(hidden);
        let mut unfinished = unfinished();
        let file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&temporary)
            .map_err(|error| Fault::writing(&error, output))?;
        unfinished.insert(temporary.clone());
        drop(unfinished);
        Ok(Self {
            temporary,
            file,
            is_published: false,
        })
    }

    /// The temporary name, for faults.
    pub(crate) fn path(&self) -> &Path {
        &self.temporary
    }

    /// Adds bytes at the end.
    pub(crate) fn append(&mut self, tail: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::End(0))?;
        self.file.write_all(tail)
    }

    /// Puts bytes in the place of others.
    pub(crate) fn patch(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.write_all(bytes)
    }

    /// The bytes as they are now.
    pub(crate) fn source(&self) -> Result<Source> {
        Source::open(&self.temporary)
    }

    /// Waits until the disk has it.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Gives it its final name, in one step.
    pub(crate) fn publish(mut self, output: &Path) -> Result<()> {
        // Let go before `self` is, which asks for it too.
        let mut unfinished = unfinished();
        let named = fs::rename(&self.temporary, output);
        if named.is_ok() {
            unfinished.remove(&self.temporary);
            self.is_published = true;
        }
        drop(unfinished);
        named.map_err(|error| Fault::writing(&error, output))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_published {
            let mut unfinished = unfinished();
            // There is nobody left to tell; the name says what it is.
            fs::remove_file(&self.temporary).ok();
            unfinished.remove(&self.temporary);
        }
    }
}

/// Waits until the disk has the names in a folder.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    File::open(folder)?.sync_all()
}

/// Windows writes names through with the file.
#[cfg(windows)]
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Refuses an output that is the input, by whatever name, or that is there already.
pub(crate) fn check_output(input: &Path, output: &Path, overwrite: bool) -> Result<()> {
    if is_same(input, output) {
        return Err(Fault::at(Code::OutputIsInput, output));
    }
    if !overwrite && output.symlink_metadata().is_ok() {
        return Err(Fault::at(Code::OutputExists, output));
    }
    Ok(())
}

#[cfg(unix)]
fn is_same(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        (_, _) => a == b,
    }
}

#[cfg(windows)]
fn is_same(a: &Path, b: &Path) -> bool {
    match (fs::canonicalize(a), fs::canonicalize(b)) {
        (Ok(a), Ok(b)) => a == b,
        (_, _) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_read_at_places_and_never_past_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let bytes: Vec<u8> = (0..SMALL + 10).map(|at| at as u8).collect();
        fs::write(&path, &bytes).unwrap();
        let source = Source::open(&path).unwrap();
        assert!(matches!(source, Source::Large { .. }));
        let mut buffer = [0; 4];
        source.read_at(SMALL + 6, &mut buffer).unwrap();
        assert_eq!(buffer, bytes[SMALL as usize + 6..]);
        assert_eq!(
            source.read_at(SMALL + 7, &mut buffer),
            Err(ReadError::PastEnd)
        );
    }

    #[test]
    fn a_draft_that_is_not_published_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (input, output) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&input, "a").unwrap();
        drop(Draft::copy_of(&input, &output).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let (mut draft, _) = Draft::copy_of(&input, &output).unwrap();
        draft.append(b"b").unwrap();
        draft.publish(&output).unwrap();
        assert_eq!(fs::read(&output).unwrap(), b"ab");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn an_output_is_never_the_input_by_another_name() {
        let folder = tempfile::tempdir().unwrap();
        let (input, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&input, "a").unwrap();
        fs::hard_link(&input, &link).unwrap();
        for output in [&input, &link] {
            let fault = check_output(&input, output, true).unwrap_err();
            assert_eq!(fault.code, Code::OutputIsInput);
        }
        let other = folder.path().join("c");
        check_output(&input, &other, false).unwrap();
        fs::write(&other, "c").unwrap();
        let fault = check_output(&input, &other, false).unwrap_err();
        assert_eq!(fault.code, Code::OutputExists);
        check_output(&input, &other, true).unwrap();
    }
}
