//! The folder with a previous system's files. Nothing outside of it is ever opened.

use std::{
    collections::HashMap,
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use super::faults::RowFault;
use crate::intake::format::{Format, ends_as_pdf, format_of};

/// Most files that are looked at.
const FILES_MAX: usize = 500_000;
/// How deep folders go.
const DEPTH_MAX: usize = 12;

/// Bytes at the end of a file in which a PDF ends.
const TAIL: u64 = 2_048;

/// Its files by path below it and by name, in small letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Folder {
    by_path: HashMap<String, PathBuf>,
    /// None where two have the name.
    by_name: HashMap<String, Option<PathBuf>>,
}

impl Folder {
    /// Looks through a folder; links lead nowhere.
    pub(super) fn read(root: &Path) -> Self {
        let mut found = Self::default();
        let mut open = vec![(root.to_owned(), String::new(), 0)];
        while let Some((folder, above, depth)) = open.pop() {
            let Ok(entries) = std::fs::read_dir(&folder) else {
                continue;
            };
            for entry in entries.flatten() {
                let name = key(&entry.file_name().to_string_lossy());
                let below = format!("{above}{name}");
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() && depth < DEPTH_MAX => {
                        open.push((entry.path(), format!("{below}/"), depth + 1));
                    }
                    Ok(kind) if kind.is_file() && found.by_path.len() < FILES_MAX => {
                        found.by_path.insert(below, entry.path());
                        let same = found.by_name.entry(name);
                        same.and_modify(|place| *place = None)
                            .or_insert_with(|| Some(entry.path()));
                    }
                    Ok(_) | Err(_) => {}
                }
            }
        }
        found
    }

    pub(super) fn len(&self) -> usize {
        self.by_path.len()
    }

    /// The file that a row names, by its path below the folder or by its name alone.
    pub(super) fn find(&self, named: &str, most: u64) -> Result<&Path, RowFault> {
        let named = key(&named.replace('\\', "/"));
        let named = named.trim_start_matches("./").trim_start_matches('/');
        let by_name = || {
            let name = named.rsplit('/').next().unwrap_or_default();
            self.by_name.get(name)?.as_ref()
        };
        let path = self.by_path.get(named).or_else(by_name);
        let path = path.ok_or(RowFault::FileMissing)?;
        let mut file = File::open(path).map_err(|_| RowFault::FileMissing)?;
        let length = file.metadata().map_err(|_| RowFault::FileMissing)?.len();
        if length > most {
            return Err(RowFault::FileTooLarge);
        }
        let mut head = Vec::new();
        let read = file.by_ref().take(1_024).read_to_end(&mut head);
        read.map_err(|_| RowFault::FileMissing)?;
        let mut tail = Vec::new();
        let from = length.saturating_sub(TAIL);
        let read = file
            .seek(SeekFrom::Start(from))
            .and_then(|_| file.read_to_end(&mut tail));
        read.map_err(|_| RowFault::FileMissing)?;
        let is_pdf = format_of(&head) == Some(Format::Pdf) && ends_as_pdf(&tail);
        is_pdf.then_some(path.as_path()).ok_or(RowFault::FileNotPdf)
    }
}

fn key(name: &str) -> String {
    congvan_model::nfc(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "%PDF-1.7\nstartxref\n9\n%%EOF\n";

    #[test]
    fn a_file_is_found_by_its_path_or_its_name_and_only_inside() {
        let outside = tempfile::tempdir().expect("a folder");
        let root = outside.path().join("tep");
        let year = root.join("2019");
        std::fs::create_dir_all(&year).expect("made");
        std::fs::create_dir_all(root.join("2020")).expect("made");
        std::fs::write(outside.path().join("ngoai.pdf"), WHOLE).expect("written");
        std::fs::write(year.join("Quyết định 15.PDF"), WHOLE).expect("written");
        std::fs::write(year.join("a.pdf"), WHOLE).expect("written");
        std::fs::write(root.join("2020").join("a.pdf"), WHOLE).expect("written");
        std::fs::write(root.join("anh.pdf"), "GIF89a").expect("written");
        std::fs::write(root.join("cut.pdf"), "%PDF-1.7\n1 0 obj").expect("written");
        let folder = Folder::read(&root);
        assert_eq!(folder.len(), 5);
        let found = |name: &str| folder.find(name, 100).map(Path::to_owned);
        let decision = Ok(year.join("Quyết định 15.PDF"));
        assert_eq!(found("2019\\Quyết định 15.pdf"), decision);
        assert_eq!(found("D:\\congvan\\quyết định 15.pdf"), decision);
        assert_eq!(found("2019/a.pdf"), Ok(year.join("a.pdf")));
        assert_eq!(
            found("a.pdf"),
            Err(RowFault::FileMissing),
            "which of the two"
        );
        assert_eq!(found("../ngoai.pdf"), Err(RowFault::FileMissing));
        assert_eq!(found("anh.pdf"), Err(RowFault::FileNotPdf));
        assert_eq!(found("cut.pdf"), Err(RowFault::FileNotPdf), "cut off");
        assert_eq!(
            folder.find("2019/a.pdf", 3).map(Path::to_owned),
            Err(RowFault::FileTooLarge)
        );
    }
}
