//! Crashes, hangs and failing bytes: they cost a page, never the desk.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use congvan_model::{ByteSource, ReadError};
use congvan_worker::{Loss, RenderClient, RenderDeadlines, RenderError, WorkerPaths};

use crate::{
    pdf,
    support::{is_alive, paths, signal},
};

/// Bytes that do something to the worker each time a certain stretch is read, as a page does whose
/// content makes PDFium crash.
struct Poisoned {
    bytes: Vec<u8>,
    /// Offset of the poison.
    at: u64,
    /// What is sent to the worker.
    signal: &'static str,
    worker: AtomicU32,
    /// How often it still strikes.
    doses: AtomicUsize,
    struck: AtomicUsize,
}

impl Poisoned {
    /// Three pages far apart in the file; the poison is in the middle of the second.
    fn new(signal: &'static str, doses: usize) -> Arc<Self> {
        let filling = " ".repeat(300_000);
        let texts = ["first", "second", "third"].map(|word| format!("{word}{filling}"));
        let bytes = pdf::pages(texts);
        let at = bytes
            .windows(6)
            .position(|window| window == b"second")
            .unwrap() as u64
            + 150_000;
        Arc::new(Self {
            bytes,
            at,
            signal,
            worker: AtomicU32::new(0),
            doses: AtomicUsize::new(doses),
            struck: AtomicUsize::new(0),
        })
    }
}

impl ByteSource for Poisoned {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let hit = (offset..offset + buffer.len() as u64).contains(&self.at);
        let spend = |doses: usize| doses.checked_sub(1);
        if hit
            && self
                .doses
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, spend)
                .is_ok()
        {
            self.struck.fetch_add(1, Ordering::SeqCst);
            let pid = match self.worker.load(Ordering::SeqCst) {
                0 => newest_child(),
                pid => pid,
            };
            signal(pid, self.signal);
        }
        self.bytes.read_at(offset, buffer)
    }
}

/// The worker's process id while its client is busy and cannot be asked: each test runs in its own
/// process and has one child.
fn newest_child() -> u32 {
    let own = std::process::id();
    let mut children: Vec<u32> = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            status.contains(&format!("PPid:\t{own}\n")) && status.contains("congvan-worker")
        })
        .collect();
    children.sort_unstable();
    *children.last().unwrap()
}

#[tokio::test]
async fn a_page_that_ends_the_worker_once_is_rendered_by_the_next_worker() {
    let client = RenderClient::new(paths());
    let source = Poisoned::new("-KILL", 1);
    let open = client
        .open(Arc::clone(&source) as Arc<dyn ByteSource>)
        .await
        .unwrap();
    let text = client.page_text(open.handle, 1).await.unwrap();
    assert_eq!(text.lines[0].text, "second");
    assert_eq!(source.struck.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_page_that_ends_the_worker_twice_is_failed_and_the_others_still_show() {
    let client = RenderClient::new(paths());
    let source = Poisoned::new("-KILL", usize::MAX);
    let open = client
        .open(Arc::clone(&source) as Arc<dyn ByteSource>)
        .await
        .unwrap();
    let failed = client.page_png(open.handle, 1, 300).await;
    assert_eq!(failed, Err(RenderError::PageFailed { page: 1 }));
    for page in [0, 2] {
        client.page_png(open.handle, page, 300).await.unwrap();
    }
    let again = client.page_text(open.handle, 1).await;
    assert_eq!(again, Err(RenderError::PageFailed { page: 1 }));
    assert_eq!(
        source.struck.load(Ordering::SeqCst),
        2,
        "a failed page was tried a third time"
    );
}

#[tokio::test]
async fn a_page_that_holds_the_worker_beyond_the_deadline_is_ended() {
    let page = Duration::from_millis(700);
    let deadlines = RenderDeadlines {
        page,
        ..RenderDeadlines::default()
    };
    let client = RenderClient::with_deadlines(paths(), deadlines);
    let source = Poisoned::new("-STOP", 1);
    let open = client
        .open(Arc::clone(&source) as Arc<dyn ByteSource>)
        .await
        .unwrap();
    let (stopped, _) = client.status().await.unwrap();
    let text = client.page_text(open.handle, 1).await.unwrap();
    assert_eq!(text.lines[0].text, "second");
    assert!(!is_alive(stopped));
}

#[tokio::test]
async fn a_worker_killed_between_calls_is_replaced_and_documents_stay_open() {
    let client = RenderClient::new(paths());
    let open = client
        .open(Arc::new(pdf::pages(["one".to_owned()])))
        .await
        .unwrap();
    let (first, _) = client.status().await.unwrap();
    signal(first, "-KILL");
    let text = client.page_text(open.handle, 0).await.unwrap();
    assert_eq!(text.lines[0].text, "one");
    let (second, _) = client.status().await.unwrap();
    assert_ne!(first, second);
}

/// Bytes that fail from a certain call on, as a blob whose tag does not match.
struct Failing {
    bytes: Vec<u8>,
    broken: Mutex<bool>,
}

impl ByteSource for Failing {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        if *self.broken.lock().unwrap() {
            return Err(ReadError::Source("tampered".to_owned()));
        }
        self.bytes.read_at(offset, buffer)
    }
}

#[tokio::test]
async fn bytes_that_fail_are_never_called_a_corrupt_document() {
    let client = RenderClient::new(paths());
    let filling = " ".repeat(300_000);
    let bytes = pdf::pages([format!("one{filling}"), format!("two{filling}")]);
    let broken = Arc::new(Failing {
        bytes: bytes.clone(),
        broken: Mutex::new(true),
    });
    assert_eq!(client.open(broken).await, Err(RenderError::SourceFailed));
    let source = Arc::new(Failing {
        bytes,
        broken: Mutex::new(false),
    });
    let open = client
        .open(Arc::clone(&source) as Arc<dyn ByteSource>)
        .await
        .unwrap();
    *source.broken.lock().unwrap() = true;
    assert_eq!(
        client.page_text(open.handle, 1).await,
        Err(RenderError::SourceFailed)
    );
    *source.broken.lock().unwrap() = false;
    client.page_text(open.handle, 0).await.unwrap();
}

#[tokio::test]
async fn a_missing_or_foreign_program_is_an_ordinary_error() {
    for program in ["/nonexistent/congvan-worker", "/bin/true"] {
        let result = open_with(program).await;
        assert!(
            matches!(
                result,
                Err(RenderError::WorkerLost {
                    loss: Loss::NotStarted { .. }
                })
            ),
            "{program}: {result:?}"
        );
    }
    // Two that print something else: their arguments, and the library they are given.
    for program in ["/bin/echo", "/bin/cat"] {
        let result = open_with(program).await;
        assert_eq!(
            result,
            Err(RenderError::WorkerLost {
                loss: Loss::Garbage
            }),
            "{program}"
        );
    }
}

async fn open_with(program: &str) -> Result<congvan_worker::OpenDocument, RenderError> {
    let foreign = WorkerPaths {
        executable: program.into(),
        ..paths()
    };
    RenderClient::new(foreign).open(Arc::new(Vec::new())).await
}

/// A document whose first page is not read before the test says so.
struct Gate {
    inner: Arc<Poisoned>,
    page: u64,
    reached: Mutex<Option<std::sync::mpsc::Sender<()>>>,
    go: Mutex<std::sync::mpsc::Receiver<()>>,
}

impl ByteSource for Gate {
    fn len(&self) -> u64 {
        self.inner.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        let hit = (offset..offset + buffer.len() as u64).contains(&self.page);
        if hit && let Some(reached) = self.reached.lock().unwrap().take() {
            reached.send(()).unwrap();
            self.go.lock().unwrap().recv().unwrap();
        }
        self.inner.read_at(offset, buffer)
    }
}

#[tokio::test]
async fn a_page_nobody_waits_for_is_not_rendered() {
    let client = RenderClient::new(paths());
    let inner = Poisoned::new("-KILL", usize::MAX);
    let page = inner
        .bytes
        .windows(5)
        .position(|window| window == b"first")
        .unwrap() as u64;
    let (reached, is_reached) = std::sync::mpsc::channel();
    let (go, may_go) = std::sync::mpsc::channel();
    let gate = Gate {
        inner: Arc::clone(&inner),
        page: page + 150_000,
        reached: Mutex::new(Some(reached)),
        go: Mutex::new(may_go),
    };
    let open = client.open(Arc::new(gate)).await.unwrap();
    let mut first = Box::pin(client.page_png(open.handle, 0, 300));
    poll_once(&mut first).await;
    is_reached.recv().unwrap();
    // The worker is busy now. The poisoned page is asked for and given up: the user scrolled on.
    let mut given_up = Box::pin(client.page_png(open.handle, 1, 300));
    poll_once(&mut given_up).await;
    drop(given_up);
    go.send(()).unwrap();
    first.await.unwrap();
    client.page_png(open.handle, 2, 300).await.unwrap();
    assert_eq!(inner.struck.load(Ordering::SeqCst), 0);
}

async fn poll_once<T>(future: &mut (impl Future<Output = T> + Unpin)) {
    tokio::select! {
        biased;
        _ = future => panic!("answered too early"),
        () = std::future::ready(()) => {}
    }
}
