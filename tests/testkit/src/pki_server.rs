//! The services of a PKI over HTTP: time stamps and OCSP by `openssl`, lists by rcgen, with every
//! fault on demand. Independent of what it tests: no byte of an answer is made by our own code.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use congvan_model::{Sha256, Timestamp};
use tempfile::TempDir;

use crate::Pki;

/// What the server offers, and what can go wrong by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// `/tsa`.
    TimeStamps,
    /// `/ocsp`, by POST and GET.
    Ocsp,
    /// `/root.crl`, `/ca.crl`.
    Lists,
    /// `/ca.cer`, `/ca.p7c`: the certificate of the authority between root and signers.
    Certificates,
}

/// How a service misbehaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ServiceFault {
    /// Not at all.
    #[default]
    None,
    /// Hangs up on everybody who calls.
    HangsUp,
    /// Takes the question and never answers.
    Silent,
    /// Answers rightly after that time.
    Slow(Duration),
    /// Sends half of the right answer and no more, and keeps the line.
    HalfAnswer,
    /// A captive portal: 200 and a web page.
    WebPage,
    /// That status with these words and, perhaps, Retry-After.
    Status(u16, &'static str, Option<u32>),
    /// The right bytes under another media type.
    WrongType,
    /// The right media type over bytes that are no answer.
    Garbage,
    /// PKIStatus 2 (rejection), or `tryLater` of OCSP.
    Rejects,
    /// The token of another request.
    Replays,
    /// More bytes than anybody wants.
    Endless,
    /// Takes no POST.
    NoPost,
}

/// A PKI's services on a free port of 127.0.0.1. Ends when dropped.
pub struct PkiServer {
    /// `http://127.0.0.1:port`.
    pub url: String,
    shared: Arc<Shared>,
}

struct Shared {
    dir: TempDir,
    state: Mutex<State>,
    /// Told at each change: faults that hold a line end.
    changed: Condvar,
    /// `openssl ts` counts in a file.
    stamping: Mutex<()>,
}

#[derive(Default)]
struct State {
    faults: HashMap<Service, ServiceFault>,
    counts: HashMap<Service, usize>,
    at_once: usize,
    most_at_once: usize,
    /// Serial numbers, and when they were revoked.
    issued: Vec<(u64, Option<Timestamp>)>,
    last_stamp: Option<Vec<u8>>,
    ended: bool,
}

impl PkiServer {
    /// Takes a port; answers are possible once [`PkiServer::install`] was called.
    ///
    /// # Errors
    /// When there is no port or no disk.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            dir: tempfile::tempdir()?,
            state: Mutex::default(),
            changed: Condvar::new(),
            stamping: Mutex::default(),
        });
        let serving = shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if serving.state().ended {
                    break;
                }
                let shared = serving.clone();
                std::thread::spawn(move || serve(&shared, stream).ok());
            }
        });
        Ok(Self { url, shared })
    }

    /// Takes over the keys of a PKI that was made for this address.
    ///
    /// # Errors
    /// When keys cannot be made or written.
    pub fn install(&self, pki: &Pki) -> Result<()> {
        let dir = self.shared.dir.path();
        let files = pki.service_files()?;
        for (name, text) in &files {
            std::fs::write(dir.join(name), text)?;
        }
        std::fs::write(dir.join("ca.cer"), pki.intermediate_der())?;
        certificates_only(dir)?;
        std::fs::write(dir.join("ts.cnf"), TS_CONFIG)?;
        std::fs::write(dir.join("ts.serial"), "01\n")?;
        self.write_lists(pki)
    }

    /// The address for time stamps.
    #[must_use]
    pub fn tsa_url(&self) -> String {
        format!("{}/tsa", self.url)
    }

    /// Lets a service misbehave from now on; lines that a fault holds are released.
    pub fn fault(&self, service: Service, fault: ServiceFault) {
        self.shared.state().faults.insert(service, fault);
        self.shared.changed.notify_all();
    }

    /// How often a service was asked.
    #[must_use]
    pub fn count(&self, service: Service) -> usize {
        let state = self.shared.state();
        state.counts.get(&service).copied().unwrap_or(0)
    }

    /// How many questions were open at the same moment, at most.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.shared.state().most_at_once
    }

    /// Revokes a certificate of the PKI as of an instant.
    ///
    /// # Errors
    /// When the certificate is not the PKI's, or the lists cannot be written.
    pub fn revoke(&self, pki: &Pki, certificate: &Sha256, at: Timestamp) -> Result<()> {
        let serial = pki.serial_of(certificate).context("not issued here")?;
        let mut state = self.shared.state();
        state.issued.retain(|(known, _)| *known != serial);
        state.issued.push((serial, Some(at)));
        drop(state);
        self.write_lists(pki)
    }

    fn write_lists(&self, pki: &Pki) -> Result<()> {
        let revoked: Vec<(u64, Timestamp)> = {
            let mut state = self.shared.state();
            for serial in pki.serials() {
                if state.issued.iter().all(|(known, _)| *known != serial) {
                    state.issued.push((serial, None));
                }
            }
            let revoked = state.issued.iter();
            revoked
                .filter_map(|(serial, at)| Some((*serial, (*at)?)))
                .collect()
        };
        let dir = self.shared.dir.path();
        let [root, ca] = pki.lists_of(&revoked)?;
        std::fs::write(dir.join("root.crl"), root)?;
        std::fs::write(dir.join("ca.crl"), ca)?;
        Ok(())
    }
}

impl Drop for PkiServer {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.changed.notify_all();
        // The listener waits for somebody to call.
        let address = self.url.trim_start_matches("http://").to_owned();
        TcpStream::connect(address).ok();
    }
}

impl Shared {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the fault of a service is another one, or that time has passed.
    fn hold(&self, service: Service, fault: &ServiceFault, most: Duration) {
        let state = self.state();
        let is_same = |state: &mut State| {
            !state.ended && state.faults.get(&service).is_some_and(|now| now == fault)
        };
        drop(self.changed.wait_timeout_while(state, most, is_same));
    }
}

const TS_CONFIG: &str = "\
[ tsa ]
default_tsa = main
[ main ]
serial = ts.serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = secs:1
clock_precision_digits = 3
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
";

/// The authority's certificate in a CMS that signs nothing (RFC 5652, 5.1), as `openssl` makes it.
fn certificates_only(dir: &Path) -> Result<()> {
    let mut openssl = Command::new("openssl");
    openssl.args(["crl2pkcs7", "-nocrl", "-certfile", "ca.pem"]);
    openssl.args(["-outform", "DER", "-out", "ca.p7c"]);
    let run = openssl.current_dir(dir).output();
    let run = run.context("run openssl (package openssl)")?;
    ensure!(run.status.success(), "openssl crl2pkcs7 failed");
    Ok(())
}

struct Question {
    method: String,
    path: String,
    body: Vec<u8>,
}

fn read_question(stream: &TcpStream) -> Result<Question> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next(), words.next());
    // A proxy is asked for whole addresses.
    let path = path.map(|path| match path.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .and_then(|at| rest.get(at..))
            .unwrap_or("/")
            .to_owned(),
        None => path,
    });
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Question {
        method: method.context("no method")?,
        path: path.context("no path")?,
        body,
    })
}

fn serve(shared: &Shared, stream: TcpStream) -> Result<()> {
    let question = read_question(&stream)?;
    let service = match question.path.as_str() {
        path if path.starts_with("/tsa") => Service::TimeStamps,
        path if path.starts_with("/ocsp") => Service::Ocsp,
        "/ca.cer" | "/ca.p7c" => Service::Certificates,
        _ => Service::Lists,
    };
    let fault = {
        let mut state = shared.state();
        *state.counts.entry(service).or_default() += 1;
        state.at_once += 1;
        state.most_at_once = state.most_at_once.max(state.at_once);
        state.faults.get(&service).cloned().unwrap_or_default()
    };
    answer(&stream, &question, (service, fault), Open(shared))
}

/// A question that nobody has begun to answer.
struct Open<'a>(&'a Shared);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.state().at_once -= 1;
    }
}

const FOR_EVER: Duration = Duration::from_secs(3600);

fn answer(
    stream: &TcpStream,
    question: &Question,
    (service, fault): (Service, ServiceFault),
    open: Open<'_>,
) -> Result<()> {
    let shared = open.0;
    let (mut kind, media) = ("200 OK".to_owned(), media_type(service));
    let mut media = media.to_owned();
    let mut extra = String::new();
    let body = match &fault {
        ServiceFault::HangsUp => return Ok(()),
        ServiceFault::Silent => {
            shared.hold(service, &fault, FOR_EVER);
            return Ok(());
        }
        ServiceFault::Slow(time) => {
            shared.hold(service, &fault, *time);
            right_answer(shared, question, service)?
        }
        ServiceFault::WebPage => {
            media = "text/html; charset=utf-8".to_owned();
            b"<html><body>Wi-Fi login</body></html>".to_vec()
        }
        ServiceFault::Status(status, words, retry_after) => {
            kind = format!("{status} Refused");
            media = "text/plain".to_owned();
            if let Some(seconds) = retry_after {
                extra = format!("Retry-After: {seconds}\r\n");
            }
            words.as_bytes().to_vec()
        }
        ServiceFault::WrongType => {
            media = "image/png".to_owned();
            right_answer(shared, question, service)?
        }
        ServiceFault::Garbage => vec![0x30, 0x03, 0x02, 0x01, 0x07],
        ServiceFault::Rejects => match service {
            Service::TimeStamps => vec![0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02],
            Service::Ocsp | Service::Lists | Service::Certificates => {
                vec![0x30, 0x03, 0x0a, 0x01, 0x03]
            }
        },
        ServiceFault::Replays => {
            let last = shared.state().last_stamp.clone();
            last.context("nothing to replay")?
        }
        ServiceFault::Endless => vec![0x30; 80 << 20],
        ServiceFault::NoPost if question.method == "POST" => {
            kind = "405 Method Not Allowed".to_owned();
            Vec::new()
        }
        ServiceFault::None | ServiceFault::HalfAnswer | ServiceFault::NoPost => {
            right_answer(shared, question, service)?
        }
    };
    let mut stream = stream;
    // From here on the other side may ask its next question.
    drop(open);
    write!(
        stream,
        "HTTP/1.1 {kind}\r\nContent-Type: {media}\r\nContent-Length: {}\r\n{extra}Connection: close\r\n\r\n",
        body.len()
    )?;
    if fault == ServiceFault::HalfAnswer {
        stream.write_all(body.get(..body.len() / 2).unwrap_or_default())?;
        stream.flush()?;
        shared.hold(service, &fault, FOR_EVER);
        return Ok(());
    }
    stream.write_all(&body)?;
    Ok(())
}

fn media_type(service: Service) -> &'static str {
    match service {
        Service::TimeStamps => "application/timestamp-reply",
        Service::Ocsp => "application/ocsp-response",
        Service::Lists => "application/pkix-crl",
        Service::Certificates => "application/pkix-cert",
    }
}

fn right_answer(shared: &Shared, question: &Question, service: Service) -> Result<Vec<u8>> {
    let dir = shared.dir.path();
    match service {
        Service::TimeStamps => {
            let stamp = time_stamp(shared, &question.body)?;
            shared.state().last_stamp = Some(stamp.clone());
            Ok(stamp)
        }
        Service::Ocsp => {
            let body = if question.method == "GET" {
                from_path(&question.path)?
            } else {
                question.body.clone()
            };
            ocsp(shared, &body)
        }
        Service::Lists | Service::Certificates => Ok(std::fs::read(
            dir.join(question.path.trim_start_matches('/')),
        )?),
    }
}

/// The question in the path of a GET (RFC 6960, appendix A.1).
fn from_path(path: &str) -> Result<Vec<u8>> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let text = path
        .trim_start_matches("/ocsp/")
        .replace("%2B", "+")
        .replace("%2F", "/")
        .replace("%3D", "=");
    Ok(STANDARD.decode(text)?)
}

fn time_stamp(shared: &Shared, query: &[u8]) -> Result<Vec<u8>> {
    let _one_at_a_time = shared
        .stamping
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let exchange = Exchange::new(shared, query)?;
    let mut openssl = Command::new("openssl");
    openssl.args(["ts", "-reply", "-config", "ts.cnf", "-section", "main"]);
    openssl.args(["-signer", "tsa.pem", "-inkey", "tsa.key", "-queryfile"]);
    exchange.run(openssl.arg(&exchange.question), "-out")
}

fn ocsp(shared: &Shared, query: &[u8]) -> Result<Vec<u8>> {
    let exchange = Exchange::new(shared, query)?;
    let index = exchange.question.with_extension("index");
    let lines: String = {
        let state = shared.state();
        state.issued.iter().map(index_line).collect()
    };
    std::fs::write(&index, lines)?;
    std::fs::write(index.with_extension("index.attr"), "unique_subject = no\n")?;
    let mut openssl = Command::new("openssl");
    openssl.args([
        "ocsp", "-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey", "ca.key",
    ]);
    openssl.args(["-ndays", "1", "-index"]).arg(&index);
    exchange.run(openssl.arg("-reqin").arg(&exchange.question), "-respout")
}

/// A line of `openssl ca`'s database.
fn index_line((serial, revoked): &(u64, Option<Timestamp>)) -> String {
    let serial = format!("{serial:016X}");
    match revoked {
        None => format!("V\t491231235959Z\t\t{serial}\tunknown\t/CN=x\n"),
        Some(at) => {
            let at = at.plus_ms(-7 * 3_600_000).vietnam();
            let at = format!(
                "{:02}{:02}{:02}{:02}{:02}{:02}Z",
                at.year() % 100,
                at.month(),
                at.day(),
                at.hour(),
                at.minute(),
                at.second()
            );
            format!("R\t491231235959Z\t{at},keyCompromise\t{serial}\tunknown\t/CN=x\n")
        }
    }
}

/// Two files for one run of `openssl`; gone afterwards.
struct Exchange {
    folder: PathBuf,
    question: PathBuf,
    _own: TempDir,
}

impl Exchange {
    fn new(shared: &Shared, query: &[u8]) -> Result<Self> {
        let own = tempfile::tempdir_in(shared.dir.path())?;
        let question = own.path().join("question");
        std::fs::write(&question, query)?;
        Ok(Self {
            folder: shared.dir.path().to_owned(),
            question,
            _own: own,
        })
    }

    fn run(&self, openssl: &mut Command, to: &str) -> Result<Vec<u8>> {
        let answer = self.question.with_extension("answer");
        let run = openssl.arg(to).arg(&answer).current_dir(&self.folder);
        let run = run.output().context("run openssl (package openssl)")?;
        ensure!(
            run.status.success(),
            "openssl: {}",
            String::from_utf8_lossy(&run.stderr)
        );
        read(&answer)
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("read {}", path.display()))
}
