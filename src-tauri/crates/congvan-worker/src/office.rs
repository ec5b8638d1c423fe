//! Word-processor files to PDF, by the LibreOffice of this machine: a process of its own with a
//! profile of its own, a time limit, and a folder that goes in every outcome.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    future::Future,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::AsyncReadExt as _,
    process::{Child, Command},
    time::{sleep, timeout},
};

/// How long one file may take. A letter takes three seconds on an office machine, the first time ten.
pub const OFFICE_DEADLINE: Duration = Duration::from_secs(60);

/// How long killed processes may take to be gone.
const GONE: Duration = Duration::from_secs(5);

/// Memory (KiB) and processor time (s) of each process, set by the shell before LibreOffice begins: the
/// time holds when this program has been killed and nobody waits any more.
const LIMITED: &str = "ulimit -c 0; ulimit -v 6291456; ulimit -t 90; exec \"$0\" \"$@\"";

/// What LibreOffice is told: no macro runs, nothing active is loaded, and no address outside is asked.
/// The proxy is a port of this machine where nothing answers.
const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetNoProxy" oor:op="fuse"><value></value></prop></item>
</oor:items>
"#;

/// Why a file did not become a PDF.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// LibreOffice is not on this machine.
    #[error("LibreOffice is not installed")]
    Missing,
    /// It took longer than the limit and was ended.
    #[error("LibreOffice took too long")]
    TimedOut,
    /// The person gave it up.
    #[error("the conversion was given up")]
    Cancelled,
    /// The file is broken, locked by a password, or gave no pages.
    #[error("LibreOffice made no PDF of the file")]
    Failed,
    /// The file is larger than allowed.
    #[error("the file is too large")]
    TooLarge,
    /// The file cannot be read, or the temporary folder cannot be written.
    #[error("the file or the temporary folder")]
    Io(#[from] io::Error),
}

/// The formats of word processors that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfficeFormat {
    /// Office Open XML (ECMA-376).
    Docx,
    /// OpenDocument text (ISO/IEC 26300).
    Odt,
    /// Word 97 to 2003.
    Doc,
}

impl OfficeFormat {
    /// What the ending of a file's name says, in any case of letters; none: no word processor's.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "docx" => Some(Self::Docx),
            "odt" => Some(Self::Odt),
            "doc" => Some(Self::Doc),
            _ => None,
        }
    }

    fn file_name(self) -> &'static str {
        match self {
            Self::Docx => "source.docx",
            Self::Odt => "source.odt",
            Self::Doc => "source.doc",
        }
    }

    /// Whether a file can be of this format by its first bytes. LibreOffice would take anything else for
    /// plain text and print it.
    fn begins(self, head: &[u8]) -> bool {
        match self {
            Self::Docx | Self::Odt => head.starts_with(b"PK\x03\x04"),
            Self::Doc => {
                head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
                    || head.starts_with(b"{\\rtf")
            }
        }
    }
}

/// A PDF that was made. Its folder goes when this is dropped.
#[derive(Debug)]
pub struct OfficePdf {
    folder: TempDir,
}

impl OfficePdf {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("source.pdf")
    }
}

/// LibreOffice on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeProgram {
    /// `soffice`; none: it is not installed.
    pub program: Option<PathBuf>,
    /// How long one file may take.
    pub limit: Duration,
}

impl OfficeProgram {
    /// Looks where `CONGVAN_SOFFICE` says, else in `PATH`, else where installers put it.
    #[must_use]
    pub fn find() -> Self {
        let program = match env::var_os("CONGVAN_SOFFICE") {
            Some(named) => Some(PathBuf::from(named)).filter(|path| path.is_file()),
            None => found(),
        };
        Self {
            program,
            limit: OFFICE_DEADLINE,
        }
    }

    /// Makes a PDF of a file of at most that many bytes, which is only read. When this returns, no process
    /// is left, and in case of an error no folder. It must be driven to its end: who waits no longer lets
    /// `cancelled` be ready.
    ///
    /// # Errors
    /// See [`OfficeError`].
    pub async fn pdf_of(
        &self,
        source: &Path,
        (format, most): (OfficeFormat, u64),
        cancelled: impl Future<Output = ()>,
    ) -> Result<OfficePdf, OfficeError> {
        let program = self.program.as_deref().ok_or(OfficeError::Missing)?;
        let folder = folder()?;
        let ours = folder.path().join(format.file_name());
        let (from, to) = (source.to_owned(), ours.clone());
        tokio::task::spawn_blocking(move || copied(&from, &to, (format, most)))
            .await
            .map_err(io::Error::other)??;
        let user = folder.path().join("profile/user");
        fs::create_dir_all(&user)?;
        fs::write(user.join("registrymodifications.xcu"), SETTINGS)?;
        let mut running = Running::start(program, folder.path(), &ours)?;
        let ended = tokio::select! {
            ended = running.child.wait() => ended.map_err(OfficeError::from),
            () = sleep(self.limit) => Err(OfficeError::TimedOut),
            () = cancelled => Err(OfficeError::Cancelled),
        };
        running.end().await;
        let status = ended?;
        let pdf = OfficePdf { folder };
        let is_made = fs::metadata(pdf.path()).is_ok_and(|meta| meta.len() > 0);
        if !is_made {
            tracing::info!(%status, "LibreOffice made no PDF");
            return Err(OfficeError::Failed);
        }
        Ok(pdf)
    }
}

/// LibreOffice at work. It starts processes of its own: all of them are one group.
struct Running {
    child: Child,
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

impl Running {
    fn start(program: &Path, folder: &Path, source: &Path) -> io::Result<Self> {
        let mut command = if cfg!(target_os = "linux") {
            let mut shell = Command::new("/bin/sh");
            shell.args(["-c", LIMITED]).arg(program);
            shell
        } else {
            Command::new(program)
        };
        let mut profile = OsString::from("-env:UserInstallation=");
        profile.push(url_of(&folder.join("profile")));
        command
            .arg(profile)
            .args(["--headless", "--norestore", "--nologo", "--convert-to"])
            .args(["pdf:writer_pdf_Export", "--outdir"])
            .args([folder, source])
            .current_dir(folder)
            .env_clear();
        // Secrets in the environment stay here.
        for name in ["PATH", "SystemRoot", "ProgramFiles"] {
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        for name in ["HOME", "TMPDIR", "TEMP", "TMP"] {
            command.env(name, folder);
        }
        command
            .env("LANG", "C.UTF-8")
            .env("SAL_USE_VCLPLUGIN", "svp")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn()?;
        Ok(Self {
            #[cfg(unix)]
            group: child
                .id()
                .and_then(|id| i32::try_from(id).ok())
                .and_then(rustix::process::Pid::from_raw),
            child,
        })
    }

    /// Ends whatever is left of it and waits until the last process is gone: each holds the pipe.
    async fn end(&mut self) {
        self.kill();
        let mut said = Vec::new();
        if let Some(mut pipe) = self.child.stdout.take() {
            let gone = timeout(GONE, pipe.read_to_end(&mut said)).await;
            if gone.is_err() {
                tracing::warn!("LibreOffice does not end");
            }
        }
        if let Err(error) = self.child.wait().await {
            tracing::warn!(%error, "LibreOffice could not be waited for");
        }
    }

    fn kill(&mut self) {
        #[cfg(unix)]
        if let Some(group) = self.group.take() {
            // Nobody is left of the group: as it should be.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        #[cfg(not(unix))]
        if let Err(error) = self.child.start_kill() {
            tracing::warn!(%error, "LibreOffice could not be ended");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

fn folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("congvan-office-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
}

/// Copies the file: LibreOffice would lay a lock beside the original, and never learns its name.
fn copied(from: &Path, to: &Path, (format, most): (OfficeFormat, u64)) -> Result<(), OfficeError> {
    let mut file = File::open(from)?;
    let mut head = [0; 8];
    if file.metadata()?.len() < head.len() as u64 {
        return Err(OfficeError::Failed);
    }
    file.read_exact(&mut head)?;
    if !format.begins(&head) {
        return Err(OfficeError::Failed);
    }
    let mut copy = File::create_new(to)?;
    copy.write_all(&head)?;
    let rest = most.saturating_sub(head.len() as u64);
    if io::copy(&mut (&mut file).take(rest.saturating_add(1)), &mut copy)? > rest {
        return Err(OfficeError::TooLarge);
    }
    Ok(())
}

/// A `file:` address; letters outside RFC 3986's unreserved ones are written by their bytes.
fn url_of(path: &Path) -> String {
    use std::fmt::Write as _;

    let path = path.to_string_lossy().replace('\\', "/");
    let mut url = String::from(if path.starts_with('/') {
        "file://"
    } else {
        "file:///"
    });
    for byte in path.bytes() {
        match byte {
            b'/' | b':' | b'-' | b'.' | b'_' | b'~' => url.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => url.push(char::from(byte)),
            _ => {
                write!(url, "%{byte:02X}").ok();
            }
        }
    }
    url
}

/// The program in `PATH` or in the usual places.
fn found() -> Option<PathBuf> {
    let name = if cfg!(windows) {
        "soffice.exe"
    } else {
        "soffice"
    };
    let folders = env::var_os("PATH").unwrap_or_default();
    let usual: &[&str] = if cfg!(windows) {
        &[
            "C:\\Program Files\\LibreOffice\\program",
            "C:\\Program Files (x86)\\LibreOffice\\program",
        ]
    } else if cfg!(target_os = "macos") {
        &["/Applications/LibreOffice.app/Contents/MacOS"]
    } else {
        &[
            "/usr/bin",
            "/usr/local/bin",
            "/usr/lib/libreoffice/program",
            "/opt/libreoffice/program",
            "/snap/bin",
        ]
    };
    env::split_paths(&folders)
        .chain(usual.iter().map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|path| path.is_absolute() && path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_a_name_says_the_format_in_any_case_of_letters() {
        let of = |name: &str| OfficeFormat::of_name(Path::new(name));
        assert_eq!(of("Tờ trình.DOCX"), Some(OfficeFormat::Docx));
        assert_eq!(of("a.odt"), Some(OfficeFormat::Odt));
        assert_eq!(of("a.Doc"), Some(OfficeFormat::Doc));
        assert_eq!(of("a.pdf"), None);
        assert_eq!(of("docx"), None);
    }

    #[test]
    fn a_folder_with_spaces_and_diacritics_is_an_address() {
        assert_eq!(
            url_of(Path::new("/tmp/Tài liệu")),
            "file:///tmp/T%C3%A0i%20li%E1%BB%87u"
        );
    }
}
