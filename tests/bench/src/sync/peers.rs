//! The same bytes by others: rsync with an fsync for each file, and mbsync from dovecot.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use congvan_testkit::SplitMix;

use super::net::{self, Bytes, Net};

const ADDRESS: &str = "10.99.0.1";
const RSYNC_PORT: u16 = 8730;
const IMAP_PORT: u16 = 1143;

/// What a transfer took.
pub(super) struct Took {
    pub(super) seconds: f64,
    pub(super) bytes: Bytes,
}

/// Runs something and counts what crosses the line meanwhile.
pub(super) fn count(net: &Net, act: impl FnOnce() -> Result<()>) -> Result<Took> {
    let (before, started) = (net.bytes()?, Instant::now());
    act()?;
    Ok(Took {
        seconds: started.elapsed().as_secs_f64(),
        bytes: net.bytes()?.since(before),
    })
}

/// Killed when dropped.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something listens there, by asking from the desk's side.
fn wait_for(port: u16) -> Result<()> {
    let probe = format!("exec 3<>/dev/tcp/{ADDRESS}/{port}");
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(20) {
        if net::run(net::inside(net::DESK, "bash").args(["-c", &probe])).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    anyhow::bail!("nothing listens on port {port}")
}

/// Files of these sizes, of bytes that no codec shrinks.
pub(super) fn files(dir: &Path, sizes: &[u64]) -> Result<()> {
    fs::create_dir_all(dir)?;
    let mut random = SplitMix::new(77);
    for (number, size) in sizes.iter().enumerate() {
        fs::write(
            dir.join(format!("{number:05}.pdf")),
            noise(*size, &mut random),
        )?;
    }
    Ok(())
}

fn noise(size: u64, random: &mut SplitMix) -> Vec<u8> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        bytes.extend_from_slice(&random.bits().to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

/// rsync from its daemon.
pub(super) struct Rsync {
    daemon: Daemon,
}

impl Rsync {
    pub(super) fn start(dir: &Path, data: &Path) -> Result<Self> {
        let configuration = dir.join("rsyncd.conf");
        fs::write(
            &configuration,
            format!(
                "use chroot = no\nuid = root\ngid = root\n[data]\npath = {}\nread only = yes\n",
                data.display()
            ),
        )?;
        let daemon = net::inside(net::SERVER, "rsync")
            .args(["--daemon", "--no-detach", "--address", ADDRESS])
            .arg(format!("--port={RSYNC_PORT}"))
            .arg(format!("--config={}", configuration.display()))
            .stdout(Stdio::null())
            .spawn()
            .context("rsync: apt-get install rsync")?;
        let daemon = Daemon(daemon);
        wait_for(RSYNC_PORT)?;
        Ok(Self { daemon })
    }

    /// Everything into that folder; with `fsync` each file is made durable.
    pub(super) fn fetch(&self, to: &Path, fsync: bool) -> Result<()> {
        let mut command = net::inside(net::DESK, "rsync");
        command.arg("-a").arg(format!("--port={RSYNC_PORT}"));
        if fsync {
            command.arg("--fsync");
        }
        ensure!(self.daemon.0.id() > 0, "rsync runs");
        net::run(command.arg(format!("{ADDRESS}::data/")).arg(to))
    }
}

/// mbsync from dovecot: the same bytes as attachments, which mail carries in base64.
pub(super) struct Mail {
    daemon: Daemon,
}

impl Mail {
    /// Fills a mailbox and serves it.
    pub(super) fn start(dir: &Path, sizes: &[u64]) -> Result<Self> {
        let box_dir = dir.join("mail");
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(box_dir.join(part))?;
        }
        let mut random = SplitMix::new(78);
        for (number, size) in sizes.iter().enumerate() {
            let path = box_dir.join(format!("cur/{}.M{number}.desk:2,S", 1_700_000_000 + number));
            let mut file = std::io::BufWriter::new(fs::File::create(path)?);
            write!(
                file,
                "From: a@h99\r\nTo: b@h99\r\nSubject: {number}\r\nMessage-ID: <{number}@h99>\r\n\
                 MIME-Version: 1.0\r\nContent-Type: application/pdf\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n"
            )?;
            for line in noise(*size, &mut random).chunks(57) {
                write!(file, "{}\r\n", STANDARD.encode(line))?;
            }
            file.flush()?;
        }
        let nobody = "65534";
        net::run(
            std::process::Command::new("chown")
                .args(["-R", nobody])
                .arg(&box_dir),
        )?;
        net::run(
            std::process::Command::new("chmod")
                .args(["-R", "a+rX"])
                .arg(dir),
        )?;
        let configuration = dir.join("dovecot.conf");
        fs::write(&configuration, dovecot(dir, &box_dir))?;
        let daemon = net::inside(net::SERVER, "dovecot")
            .args(["-F", "-c"])
            .arg(&configuration)
            .spawn()
            .context("dovecot: apt-get install dovecot-imapd")?;
        let daemon = Daemon(daemon);
        wait_for(IMAP_PORT)?;
        Ok(Self { daemon })
    }

    /// Everything into a mailbox in that folder, each message made durable (mbsync's FSync).
    pub(super) fn fetch(&self, dir: &Path) -> Result<()> {
        let to = dir.join("mail-out");
        fs::create_dir_all(&to)?;
        let configuration = dir.join("mbsyncrc");
        fs::write(
            &configuration,
            format!(
                "FSync yes\nIMAPAccount a\nHost {ADDRESS}\nPort {IMAP_PORT}\nUser desk\n\
                 Pass desk\nSSLType None\nAuthMechs LOGIN\n\nIMAPStore far\nAccount a\n\n\
                 MaildirStore near\nInbox {to}/INBOX\nPath {to}/\nSubFolders Verbatim\n\n\
                 Channel c\nFar :far:\nNear :near:\nPatterns INBOX\nCreate Near\nSyncState *\n\
                 Sync Pull\n",
                to = to.display()
            ),
        )?;
        fs::set_permissions(&configuration, fs::Permissions::from_mode(0o600))?;
        ensure!(self.daemon.0.id() > 0, "dovecot runs");
        net::run(
            net::inside(net::DESK, "mbsync")
                .arg("-c")
                .arg(&configuration)
                .arg("c"),
        )
    }
}

fn dovecot(dir: &Path, mailbox: &Path) -> String {
    format!(
        "protocols = imap\nlisten = {ADDRESS}\nbase_dir = {dir}/run\nstate_dir = {dir}/run\n\
         log_path = {dir}/dovecot.log\nssl = no\ndisable_plaintext_auth = no\n\
         auth_mechanisms = plain login\nmail_fsync = always\nfirst_valid_uid = 1\n\
         mail_location = maildir:{mailbox}\n\
         passdb {{\n  driver = static\n  args = password=desk\n}}\n\
         userdb {{\n  driver = static\n  args = uid=65534 gid=65534 home={mailbox}\n}}\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {IMAP_PORT}\n  }}\n}}\n",
        dir = dir.display(),
        mailbox = mailbox.display(),
    )
}
