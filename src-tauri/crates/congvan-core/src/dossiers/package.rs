//! A dossier as one file: its table of contents, what stands on it, and the files of its documents, for
//! an archive or another system (decree 30/2020, Appendix VI).

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

use congvan_model::{ByteSource as _, DossierId, Sha256, Timestamp};
use congvan_protocol::dossier::DossierItem;
use congvan_store::{CourierRefusal, CourierWatch, Store, StoreError};
use zip::{CompressionMethod, DateTime, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::{description, export::file_name};
use crate::{Desk, Result, outside};

type Stored<T> = std::result::Result<T, StoreError>;
type Zip = ZipWriter<BufWriter<File>>;

/// Bytes of a file that are in memory at once.
const PIECE: u64 = 1 << 20;
/// Letters of a name inside; systems take 255 bytes with all folders around it.
const NAME_MAX: usize = 80;

/// A dossier that was written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageWritten {
    /// Name of the file.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// Files of documents in it.
    pub files: u32,
    /// Documents of the dossier that this person does not see; only the table of contents has them.
    pub unseen: u32,
}

/// A file of a document and its place in the package.
struct Packed {
    name: String,
    sha256: Sha256,
    size: u64,
}

impl Desk {
    /// A name for the package of a dossier.
    ///
    /// # Errors
    /// `NotFound`; `ActForbidden` for who does not see inside; disk errors.
    pub async fn dossier_package_name(&self, id: DossierId) -> Result<String> {
        let contents = self.dossier_inside(id).await?;
        let notation = contents.view.dossier.fields.notation();
        Ok(format!("Ho-so-{}.zip", file_name(&notation)))
    }

    /// Writes a dossier with the files of its documents as they are here into one file.
    ///
    /// # Errors
    /// `NotFound`; `ActForbidden` for who does not see inside; `FileNotHere` while a file of it is still
    /// to come: then all that are missing have been asked for. [`StoreError::Courier`] while another file
    /// is written, when it was given up or for the place that was chosen: then there is no package.
    pub async fn dossier_package(&self, id: DossierId, path: PathBuf) -> Result<PackageWritten> {
        let session = self.session().await?;
        let contents = self.dossier_inside(id).await?;
        let under_way = self.begin_outside()?;
        let now = self.now();
        let items = contents.view.dossier.items.clone();
        let files = session
            .with_store(move |store| packed(store, &items, now))
            .await?;
        let mut here = Ok(());
        for file in &files {
            here = here.and(session.blob(file.sha256).await.map(drop));
        }
        here?;
        let sheets = self.contents_pdf(&session, &contents).await?;
        let front = [
            ("Muc-luc-van-ban.pdf", sheets),
            ("Ho-so.xml", description::xml(&contents)?),
        ];
        let unseen = contents.view.dossier.items.len() - contents.documents.len();
        let watch = under_way.work.watch.clone();
        let written = session
            .with_store(move |store| {
                watch.begin(files.iter().map(|file| file.size).sum());
                let fill = |file| pack(file, (&front, &files), (store, &watch, now));
                let ((), size) = outside::write(&path, fill)?;
                Ok(PackageWritten {
                    name: outside::name(&path),
                    size,
                    files: count(files.len()),
                    unseen: count(unseen),
                })
            })
            .await?;
        self.taken_out(&session, format!("dossier={id} as=zip"))
            .await?;
        Ok(written)
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The files in the order of the table of contents, in a folder for each document; what was signed here
/// and is not sent is there as it was signed.
fn packed(store: &Store, items: &[DossierItem], now: Timestamp) -> Stored<Vec<Packed>> {
    let mut files = Vec::new();
    for item in items {
        let Some(found) = store.document(item.document, now)? else {
            continue;
        };
        let notation = found.document.notation.map(|notation| notation.to_string());
        let folder = format!("{:03} {}", item.ordinal, notation.unwrap_or_default());
        for (place, file) in (1..).zip(&found.files) {
            let Some(head) = file.head() else { continue };
            files.push(Packed {
                name: format!(
                    "Van-ban/{}/{place:02} {}",
                    plain(&folder),
                    plain(&file.file.name)
                ),
                sha256: head.sha256,
                size: head.size,
            });
        }
    }
    Ok(files)
}

/// A name that every system takes: without what separates folders, ends before the ending of the file
/// where it is long.
fn plain(name: &str) -> String {
    let kept = name.chars().map(|c| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        c if c.is_control() => '-',
        c => c,
    });
    let kept: String = kept.collect();
    let kept = kept.trim_matches([' ', '.']);
    let (stem, ending) = match kept.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 5 => (stem, format!(".{ending}")),
        Some(_) | None => (kept, String::new()),
    };
    let stem: String = stem.chars().take(NAME_MAX).collect();
    format!("{}{ending}", stem.trim_end())
}

fn pack(
    file: BufWriter<File>,
    (front, files): (&[(&str, Vec<u8>); 2], &[Packed]),
    (store, watch, now): (&Store, &CourierWatch, Timestamp),
) -> Stored<((), BufWriter<File>)> {
    let at = now.vietnam();
    let parts = [at.month(), at.day(), at.hour(), at.minute(), at.second()];
    let [month, day, hour, minute, second] = parts.map(i8::unsigned_abs);
    // A year before 1980 cannot be written; then it stays without.
    let year = at.year().unsigned_abs();
    let moment = DateTime::from_date_and_time(year, month, day, hour, minute, second);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(moment.unwrap_or_default());
    let mut zip = ZipWriter::new(file);
    for (name, bytes) in front {
        zip.start_file(*name, options).map_err(failed)?;
        zip.write_all(bytes)
            .map_err(|error| outside::refused(&error))?;
    }
    for one in files {
        let large = one.size >= u64::from(u32::MAX);
        zip.start_file(one.name.as_str(), options.large_file(large))
            .map_err(failed)?;
        copy(store, one, (&mut zip, watch))?;
    }
    Ok(((), zip.finish().map_err(failed)?))
}

fn copy(store: &Store, one: &Packed, (zip, watch): (&mut Zip, &CourierWatch)) -> Stored<()> {
    let source = store.blob_open(one.sha256)?;
    let mut done = 0;
    while done < source.len() {
        if watch.is_given_up() {
            return Err(StoreError::Courier {
                why: CourierRefusal::Cancelled,
            });
        }
        let length = PIECE.min(source.len() - done);
        let mut piece = vec![0; usize::try_from(length).unwrap_or_default()];
        source
            .read_at(done, &mut piece)
            .map_err(|_| StoreError::BlobCorrupt { sha256: one.sha256 })?;
        zip.write_all(&piece)
            .map_err(|error| outside::refused(&error))?;
        done += length;
        watch.moved(length);
    }
    Ok(())
}

fn failed(error: ZipError) -> StoreError {
    let error = match error {
        ZipError::Io(error) => error,
        other => std::io::Error::other(other),
    };
    outside::refused(&error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_package_leaves_no_folder_and_keeps_its_ending() {
        assert_eq!(plain("../../etc/passwd"), "-..-etc-passwd");
        assert_eq!(plain("Tờ trình: số 5?.pdf"), "Tờ trình- số 5-.pdf");
        let long = format!("{}.pdf", "ă".repeat(300));
        assert_eq!(plain(&long).chars().count(), NAME_MAX + 4);
        assert!(plain(&long).ends_with(".pdf"));
        assert_eq!(plain("012 15/QĐ-UBND"), "012 15-QĐ-UBND");
    }
}
