//! A bad line on demand: a proxy that stands where the province's server should be, ends its TLS
//! with the same identity, and does to single requests what networks do.
//!
//! Faults are chosen by the test (from a seed), never by time, so that a failure can be run again.
//! It speaks HTTP/1.1 on both sides; the province's own faults cover HTTP/2.

mod http;
mod parts;

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU16, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use rustls::{
    ClientConfig, ClientConnection, ServerConfig, ServerConnection, StreamOwned,
    pki_types::ServerName,
};

use crate::TlsIdentity;
use http::{Answer, Request};
pub(crate) use parts::server_side;
use parts::{Crawl, client_side, cut, nap, page, pump};

type Server = StreamOwned<ServerConnection, TcpStream>;
type Upstream = StreamOwned<ClientConnection, TcpStream>;

/// What the line does to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFault {
    /// The server does what was asked; its answer is lost.
    LoseAnswer,
    /// The request is lost before it reaches the server.
    LoseRequest,
    /// The request reaches the server twice at the same time.
    Duplicate,
    /// The request reaches the server, and once more after the next one.
    ReplayLater,
    /// The connection stays open and nothing ever comes; the server never hears of it.
    HalfOpen,
    /// The same, but the server did what was asked.
    HalfOpenAfterCommit,
    /// Both ways crawl at so many bytes a second for the first so many bytes.
    Slow {
        /// Bytes a second.
        rate: u32,
        /// How many bytes crawl.
        bytes: u32,
    },
    /// The answer ends early and politely.
    TruncateAnswer(u32),
    /// After so many bytes of the request's body both sides lose the line.
    CutRequestAfter(u32),
    /// The line dies in the middle of the answer, without a goodbye of TLS.
    TlsCut,
    /// The line dies while the hands are being shaken: the next connection, not this request.
    CutHandshake,
    /// The answer stops after so many bytes and the connection stays open.
    StallAnswer(u32),
    /// A page of a portal, with 200.
    Page200,
    /// A page of a proxy, with 502.
    Page502,
    /// A proxy wants a login.
    ProxyAuth407,
    /// Everything is late by so many milliseconds.
    Latency(u32),
}

/// When a fault strikes: the next request like this.
#[derive(Clone, Debug)]
struct Rule {
    method: Option<String>,
    path: String,
    skip: u32,
    fault: LinkFault,
}

/// A request as it passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its method.
    pub method: String,
    /// Its path with the query.
    pub path: String,
    /// What was done to it.
    pub fault: Option<LinkFault>,
    /// Bytes of its body that came out of the client.
    pub up: u64,
    /// Bytes of the answer's body that were handed to the client.
    pub down: u64,
}

#[derive(Default)]
struct Wish {
    rules: Vec<Rule>,
    seen: Vec<Seen>,
    /// Requests to be delivered once more.
    later: Vec<Request>,
}

struct Shared {
    wish: Mutex<Wish>,
    upstream: AtomicU16,
    cut_handshakes: AtomicU16,
    stop: AtomicBool,
    server: Arc<ServerConfig>,
    client: Arc<ClientConfig>,
}

/// The line. Ends when dropped.
pub struct Link {
    /// `https://127.0.0.1:port`.
    pub url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Link {
    /// Opens a line to the server on that port of 127.0.0.1, which has this identity too.
    ///
    /// # Errors
    /// When the identity is unusable or there is no port.
    pub fn open(upstream: u16, identity: &TlsIdentity) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("a port")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            wish: Mutex::default(),
            upstream: AtomicU16::new(upstream),
            cut_handshakes: AtomicU16::new(0),
            stop: AtomicBool::new(false),
            server: Arc::new(server_side(identity)?),
            client: Arc::new(client_side(identity)?),
        });
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.stop.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let line = Arc::clone(&serving);
                std::thread::spawn(move || {
                    // Errors here are the line's; the client sees them, nobody else cares.
                    let _ = line.serve(stream);
                });
            }
        });
        Ok(Self {
            url: format!("https://{address}"),
            address,
            shared,
        })
    }

    /// The next request with that method (empty: any) and path prefix, after `skip` like it, meets
    /// this fault.
    pub fn fault(&self, method: &str, path: &str, skip: u32, fault: LinkFault) {
        if fault == LinkFault::CutHandshake {
            self.shared.cut_handshakes.fetch_add(1, Ordering::SeqCst);
            return;
        }
        self.shared.wish().rules.push(Rule {
            method: (!method.is_empty()).then(|| method.to_owned()),
            path: path.to_owned(),
            skip,
            fault,
        });
    }

    /// How many faults have not struck yet.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.wish().rules.len()
            + usize::from(self.shared.cut_handshakes.load(Ordering::SeqCst))
    }

    /// Takes back the faults that have not struck.
    pub fn clear(&self) {
        self.shared.wish().rules.clear();
        self.shared.cut_handshakes.store(0, Ordering::SeqCst);
    }

    /// What has passed so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.wish().seen.clone()
    }

    /// The server is on another port now.
    pub fn lead_to(&self, upstream: u16) {
        self.shared.upstream.store(upstream, Ordering::SeqCst);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn wish(&self) -> std::sync::MutexGuard<'_, Wish> {
        self.wish.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, stream: TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        let cut = self
            .cut_handshakes
            .try_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        if cut.is_ok() {
            let mut hello = [0; 16];
            let _ = (&stream).read(&mut hello);
            return Ok(());
        }
        let connection = ServerConnection::new(Arc::clone(&self.server))?;
        let mut client = StreamOwned::new(connection, stream);
        while let Some(request) = http::read_head(&mut client)? {
            let fault = self.strike(&request);
            if !self.carry(&mut client, request, fault)? {
                return Ok(());
            }
        }
        Ok(())
    }

    fn strike(&self, request: &Request) -> Option<LinkFault> {
        let mut wish = self.wish();
        let at = wish.rules.iter_mut().position(|rule| {
            let of_method = rule
                .method
                .as_deref()
                .is_none_or(|method| method == request.method);
            if !of_method || !request.path.starts_with(&rule.path) {
                return false;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                return false;
            }
            true
        })?;
        Some(wish.rules.remove(at).fault)
    }

    fn note(&self, request: &Request, fault: Option<LinkFault>, up: usize, down: usize) {
        self.wish().seen.push(Seen {
            method: request.method.clone(),
            path: request.path.clone(),
            fault,
            up: up as u64,
            down: down as u64,
        });
    }

    /// Carries one request and its answer; whether the connection goes on.
    fn carry(
        &self,
        client: &mut Server,
        mut request: Request,
        fault: Option<LinkFault>,
    ) -> Result<bool> {
        let mut crawl = Crawl::none();
        match fault {
            Some(LinkFault::CutRequestAfter(bytes)) => {
                let length = usize::try_from(bytes)?;
                http::read_some(client, &mut request, length)?;
                self.note(&request, fault, request.body.len(), 0);
                let mut upstream = self.connect()?;
                upstream.write_all(&request.bytes())?;
                upstream.flush()?;
                cut(&client.sock);
                // What has arrived stays arrived: a reset would take it out of the server's hands,
                // which a line that goes dead does not.
                std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_secs(3));
                    drop(upstream);
                });
                return Ok(false);
            }
            Some(LinkFault::Slow { rate, bytes }) => crawl = Crawl::new(rate, bytes),
            Some(LinkFault::Latency(ms)) => nap(ms),
            _ => {}
        }
        http::read_body(client, &mut request, &mut crawl)?;
        let sent = request.body.len();
        if let Some(page) = fault.and_then(page) {
            self.note(&request, fault, sent, page.len());
            client.write_all(page.as_bytes())?;
            client.flush()?;
            return Ok(true);
        }
        match fault {
            Some(LinkFault::LoseRequest) => {
                self.note(&request, fault, sent, 0);
                cut(&client.sock);
                return Ok(false);
            }
            Some(LinkFault::HalfOpen) => {
                self.note(&request, fault, sent, 0);
                self.hold(client);
                return Ok(false);
            }
            _ => {}
        }
        let answer = self.forward(client, &request, fault)?;
        let Some(answer) = answer else {
            // A stream without end; it has been carried to its end.
            self.note(&request, fault, sent, 0);
            return Ok(false);
        };
        self.replay(&request, fault);
        let down = self.hand_over(client, &answer, fault, &mut crawl)?;
        self.note(&request, fault, sent, down.unwrap_or(0));
        Ok(down.is_some() && answer.keeps)
    }

    /// Has the server do it, once or twice.
    fn forward(
        &self,
        client: &mut Server,
        request: &Request,
        fault: Option<LinkFault>,
    ) -> Result<Option<Answer>> {
        if fault == Some(LinkFault::Duplicate) {
            let (first, second) = std::thread::scope(|scope| {
                let other = scope.spawn(|| self.ask(request));
                let mine = self.ask(request);
                (mine, other.join())
            });
            first?;
            return match second {
                Ok(answer) => answer.map(Some),
                Err(_) => anyhow::bail!("the second delivery panicked"),
            };
        }
        let mut upstream = self.connect()?;
        upstream.write_all(&request.bytes())?;
        upstream.flush()?;
        let (answer, rest) = http::read_answer_head(&mut upstream)?;
        if answer.is_stream {
            client.write_all(&answer.head)?;
            client.write_all(&rest)?;
            client.flush()?;
            pump(&mut upstream, client)?;
            return Ok(None);
        }
        http::read_answer(&mut upstream, answer, rest).map(Some)
    }

    fn ask(&self, request: &Request) -> Result<Answer> {
        let mut upstream = self.connect()?;
        upstream.write_all(&request.bytes())?;
        upstream.flush()?;
        let (answer, rest) = http::read_answer_head(&mut upstream)?;
        http::read_answer(&mut upstream, answer, rest)
    }

    /// Delivers once more what was to come late.
    fn replay(&self, request: &Request, fault: Option<LinkFault>) {
        let late = std::mem::take(&mut self.wish().later);
        for old in late {
            let _ = self.ask(&old);
        }
        if fault == Some(LinkFault::ReplayLater) {
            self.wish().later.push(request.clone());
        }
    }

    /// Gives the client its answer, or what the line leaves of it: the bytes of the body that went
    /// out, none when the connection is over.
    fn hand_over(
        &self,
        client: &mut Server,
        answer: &Answer,
        fault: Option<LinkFault>,
        crawl: &mut Crawl,
    ) -> Result<Option<usize>> {
        let part = |bytes: u32| {
            let keep = usize::try_from(bytes).unwrap_or(usize::MAX);
            answer.body.get(..keep).unwrap_or(&answer.body)
        };
        match fault {
            Some(LinkFault::LoseAnswer) => {
                cut(&client.sock);
                Ok(None)
            }
            Some(LinkFault::HalfOpenAfterCommit) => {
                self.hold(client);
                Ok(None)
            }
            Some(LinkFault::TruncateAnswer(bytes)) => {
                client.write_all(&answer.head)?;
                client.write_all(part(bytes))?;
                client.conn.send_close_notify();
                client.flush()?;
                Ok(None)
            }
            Some(LinkFault::TlsCut) => {
                let half = answer.head.len() / 2;
                client.write_all(answer.head.get(..half).unwrap_or_default())?;
                client.flush()?;
                cut(&client.sock);
                Ok(None)
            }
            Some(LinkFault::StallAnswer(bytes)) => {
                client.write_all(&answer.head)?;
                client.write_all(part(bytes))?;
                client.flush()?;
                self.hold(client);
                Ok(None)
            }
            _ => {
                crawl.write(client, &answer.head)?;
                crawl.write(client, &answer.body)?;
                client.flush()?;
                Ok(Some(answer.body.len()))
            }
        }
    }

    /// Keeps the connection open and silent until the client gives it up.
    fn hold(&self, client: &Server) {
        let socket = &client.sock;
        let until = Instant::now() + Duration::from_secs(120);
        let _ = socket.set_read_timeout(Some(Duration::from_millis(100)));
        let mut byte = [0; 1];
        while Instant::now() < until && !self.stop.load(Ordering::SeqCst) {
            match socket.peek(&mut byte) {
                Ok(0) => return,
                // A goodbye of TLS, which will not be read: nobody is there any more.
                Ok(_) => return,
                Err(error)
                    if matches!(
                        error.kind(),
                        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                    ) => {}
                Err(_) => return,
            }
        }
    }

    fn connect(&self) -> Result<Upstream> {
        let port = self.upstream.load(Ordering::SeqCst);
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).context("the server")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        let name = ServerName::try_from("localhost")?;
        let connection = ClientConnection::new(Arc::clone(&self.client), name)?;
        Ok(StreamOwned::new(connection, stream))
    }
}
