//! The thread that owns the render worker: queue, deadlines, second chances.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use congvan_model::ByteSource;
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{
    DocumentHandle, PageInk, PagePart, PageScan, PageSize, PageText, RenderDeadlines, RenderError,
    SandboxProbe,
};
use crate::{
    Loss, Sandbox,
    process::{Launch, Worker},
    wire::{BLOCK, FromRender, RenderCall, RenderReply, ToRender, WirePart},
};

/// The worker may ask for at most this many bytes at once; it asks for 64 KiB.
const MAX_NEED: u32 = 4 << 20;

/// A PDF of a thousand pages is read and written once.
const ASSEMBLE: Duration = Duration::from_secs(300);

type Answer<T> = oneshot::Sender<Result<T, RenderError>>;

/// Takes the bytes of a PDF that is made; false ends it.
pub(super) type Sink = Box<dyn FnMut(&[u8]) -> bool + Send>;

pub(super) enum Job {
    Open {
        handle: DocumentHandle,
        source: Arc<dyn ByteSource>,
        answer: Answer<Vec<PageSize>>,
    },
    Png {
        handle: DocumentHandle,
        page: u32,
        width_px: u32,
        answer: Answer<Vec<u8>>,
    },
    Text {
        handle: DocumentHandle,
        page: u32,
        answer: Answer<PageText>,
    },
    Scan {
        handle: DocumentHandle,
        page: u32,
        /// Dots per inch, and how much of the height.
        detail: (u32, f32),
        answer: Answer<PageScan>,
    },
    Ink {
        handle: DocumentHandle,
        page: u32,
        answer: Answer<PageInk>,
    },
    Typeset {
        handle: DocumentHandle,
        page: u32,
        answer: Answer<congvan_format::Page>,
    },
    Assemble {
        pages: Vec<PagePart>,
        sink: Sink,
        answer: Answer<u64>,
    },
    Close {
        handle: DocumentHandle,
    },
    Probe {
        answer: Answer<SandboxProbe>,
    },
    Status {
        answer: oneshot::Sender<Option<(u32, Sandbox)>>,
    },
}

/// Starts the supervising thread. If the system has no thread to give, the channel is closed and
/// every call says so.
pub(super) fn start(launch: Launch, deadlines: RenderDeadlines) -> mpsc::UnboundedSender<Job> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let spawned = std::thread::Builder::new()
        .name("render-supervisor".to_owned())
        .spawn(move || {
            match tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
            {
                Ok(runtime) => runtime.block_on(Supervisor::new(launch, deadlines).run(receiver)),
                Err(error) => tracing::error!(%error, "no runtime for the render supervisor"),
            }
        });
    if let Err(error) = spawned {
        tracing::error!(%error, "no thread for the render supervisor");
    }
    sender
}

/// One document: where its bytes are, and whether the running process knows it.
struct Document {
    source: Arc<dyn ByteSource>,
    known_to_worker: bool,
    failed_pages: HashSet<u32>,
}

struct Supervisor {
    launch: Launch,
    deadlines: RenderDeadlines,
    worker: Option<Worker>,
    documents: HashMap<u64, Document>,
}

/// What became of a call: an answer of the worker, or the worker is gone.
enum Outcome {
    Answered(Result<RenderReply, RenderError>),
    Lost(RenderError),
}

impl Supervisor {
    fn new(launch: Launch, deadlines: RenderDeadlines) -> Self {
        Self {
            launch,
            deadlines,
            worker: None,
            documents: HashMap::new(),
        }
    }

    async fn run(mut self, mut jobs: mpsc::UnboundedReceiver<Job>) {
        let mut waiting = VecDeque::new();
        loop {
            if waiting.is_empty() {
                match jobs.recv().await {
                    Some(job) => waiting.push_back(job),
                    None => break,
                }
            }
            while let Ok(job) = jobs.try_recv() {
                waiting.push_back(job);
            }
            if let Some(job) = take_next(&mut waiting) {
                self.serve(job).await;
            }
        }
        if let Some(worker) = self.worker.take() {
            worker.kill().await;
        }
    }

    async fn serve(&mut self, job: Job) {
        match job {
            Job::Open {
                handle,
                source,
                answer,
            } => {
                let document = Document {
                    source,
                    known_to_worker: false,
                    failed_pages: HashSet::new(),
                };
                self.documents.insert(handle.0, document);
                let result = self.open_with_second_chance(handle.0).await;
                // Also when nobody waits for the answer any more: no one could close it.
                if answer.send(result).map_or(true, |()| false) {
                    self.close(handle.0).await;
                }
            }
            Job::Png {
                handle,
                page,
                width_px,
                answer,
            } => {
                let call = RenderCall::PagePng {
                    document: handle.0,
                    page,
                    width_px,
                };
                let result = self.page_with_second_chance(handle.0, page, call).await;
                ignore(answer.send(result.and_then(|reply| match reply {
                    RenderReply::Png(png) => Ok(png),
                    reply => Err(unexpected(&reply)),
                })));
            }
            Job::Text {
                handle,
                page,
                answer,
            } => {
                let call = RenderCall::PageText {
                    document: handle.0,
                    page,
                };
                let result = self.page_with_second_chance(handle.0, page, call).await;
                ignore(answer.send(result.and_then(|reply| match reply {
                    RenderReply::Text(text) => Ok(text),
                    reply => Err(unexpected(&reply)),
                })));
            }
            Job::Scan {
                handle,
                page,
                detail: (dpi, part),
                answer,
            } => {
                let call = RenderCall::PageScan {
                    document: handle.0,
                    page,
                    dpi,
                    part,
                };
                let result = self.page_with_second_chance(handle.0, page, call).await;
                ignore(answer.send(result.and_then(|reply| match reply {
                    RenderReply::Scan(scan) => Ok(scan),
                    reply => Err(unexpected(&reply)),
                })));
            }
            Job::Ink {
                handle,
                page,
                answer,
            } => {
                let call = RenderCall::PageInk {
                    document: handle.0,
                    page,
                };
                let result = self.page_with_second_chance(handle.0, page, call).await;
                ignore(answer.send(result.and_then(|reply| match reply {
                    RenderReply::Ink(ink) => Ok(ink),
                    reply => Err(unexpected(&reply)),
                })));
            }
            Job::Typeset {
                handle,
                page,
                answer,
            } => {
                let call = RenderCall::PageTypeset {
                    document: handle.0,
                    page,
                };
                let result = self.page_with_second_chance(handle.0, page, call).await;
                ignore(answer.send(result.and_then(|reply| match reply {
                    RenderReply::Typeset(set) => Ok(set),
                    reply => Err(unexpected(&reply)),
                })));
            }
            Job::Assemble {
                pages,
                sink,
                answer,
            } => {
                let result = self.assemble(&pages, sink).await;
                ignore(answer.send(result));
            }
            Job::Close { handle } => self.close(handle.0).await,
            Job::Probe { answer } => {
                let result = match self.call(RenderCall::Probe, self.deadlines.page).await {
                    Outcome::Answered(Ok(RenderReply::Probed(probe))) => Ok(probe),
                    Outcome::Answered(Ok(reply)) => Err(unexpected(&reply)),
                    Outcome::Answered(Err(error)) | Outcome::Lost(error) => Err(error),
                };
                ignore(answer.send(result));
            }
            Job::Status { answer } => {
                let status = self.worker.as_ref().and_then(|worker| {
                    worker
                        .pid()
                        .map(|pid| (pid, worker.hello().sandbox.clone()))
                });
                ignore(answer.send(status));
            }
        }
    }

    async fn close(&mut self, document: u64) {
        let Some(closed) = self.documents.remove(&document) else {
            return;
        };
        if closed.known_to_worker && self.worker.is_some() {
            // Whatever happens, the document is forgotten here; a lost worker forgets it too.
            let _: Outcome = self
                .call(RenderCall::Close { document }, self.deadlines.page)
                .await;
        }
    }

    /// Opens a document in the running worker; if that ends the worker, once more in a new one.
    async fn open_with_second_chance(&mut self, id: u64) -> Result<Vec<PageSize>, RenderError> {
        let first = self.open_once(id).await;
        let result = match first {
            Outcome::Lost(_) => self.open_once(id).await,
            answered @ Outcome::Answered(_) => answered,
        };
        match result {
            Outcome::Answered(Ok(RenderReply::Opened(pages))) => Ok(pages),
            Outcome::Answered(Ok(reply)) => Err(unexpected(&reply)),
            Outcome::Answered(Err(error)) | Outcome::Lost(error) => {
                self.documents.remove(&id);
                Err(error)
            }
        }
    }

    async fn open_once(&mut self, id: u64) -> Outcome {
        let Some(document) = self.documents.get(&id) else {
            return Outcome::Answered(Err(RenderError::NotOpen));
        };
        let (head, tail) = ends(&*document.source);
        let call = RenderCall::Open {
            document: id,
            length: document.source.len(),
            head,
            tail,
        };
        let outcome = self.call(call, self.deadlines.open).await;
        if let (Outcome::Answered(Ok(_)), Some(document)) = (&outcome, self.documents.get_mut(&id))
        {
            document.known_to_worker = true;
        }
        outcome
    }

    /// Runs a call about one page. If it ends the worker, the document is opened again in a new
    /// one and the call made once more; the second loss marks the page as failed.
    async fn page_with_second_chance(
        &mut self,
        id: u64,
        page: u32,
        call: RenderCall,
    ) -> Result<RenderReply, RenderError> {
        let document = self.documents.get(&id).ok_or(RenderError::NotOpen)?;
        if document.failed_pages.contains(&page) {
            return Err(RenderError::PageFailed { page });
        }
        for _attempt in 0..2 {
            let known = self
                .documents
                .get(&id)
                .is_some_and(|document| document.known_to_worker);
            if !known || self.worker.is_none() {
                match self.open_once(id).await {
                    Outcome::Answered(Ok(_)) => {}
                    Outcome::Answered(Err(error)) | Outcome::Lost(error) => return Err(error),
                }
            }
            match self.call(call.clone(), self.deadlines.page).await {
                Outcome::Answered(result) => return result,
                Outcome::Lost(error) => {
                    tracing::warn!(document = id, page, %error, "page ended the render worker");
                }
            }
        }
        if let Some(document) = self.documents.get_mut(&id) {
            document.failed_pages.insert(page);
        }
        Err(RenderError::PageFailed { page })
    }

    /// Makes a PDF. There is no second chance: the sink has had bytes.
    async fn assemble(&mut self, pages: &[PagePart], mut sink: Sink) -> Result<u64, RenderError> {
        let pages: Vec<WirePart> = pages.iter().map(wire_part).collect();
        let call = RenderCall::Assemble { pages };
        for id in documents_of(&call) {
            let document = self.documents.get(&id).ok_or(RenderError::NotOpen)?;
            if !document.known_to_worker || self.worker.is_none() {
                match self.open_once(id).await {
                    Outcome::Answered(Ok(_)) => {}
                    Outcome::Answered(Err(error)) | Outcome::Lost(error) => return Err(error),
                }
            }
        }
        match self.call_into(call, ASSEMBLE, Some(&mut sink)).await {
            Outcome::Answered(Ok(RenderReply::Assembled(length))) => Ok(length),
            Outcome::Answered(Ok(reply)) => Err(unexpected(&reply)),
            Outcome::Answered(Err(error)) | Outcome::Lost(error) => Err(error),
        }
    }

    async fn call(&mut self, call: RenderCall, deadline: Duration) -> Outcome {
        self.call_into(call, deadline, None).await
    }

    /// One call with its deadline. When the worker is lost or late it is ended, and all documents
    /// become unknown to the next one.
    async fn call_into(
        &mut self,
        call: RenderCall,
        deadline: Duration,
        sink: Option<&mut Sink>,
    ) -> Outcome {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => match Worker::start(&self.launch).await {
                Ok(worker) => worker,
                Err(loss) => return Outcome::Lost(RenderError::WorkerLost { loss }),
            },
        };
        let sources = documents_of(&call)
            .into_iter()
            .filter_map(|id| {
                let document = self.documents.get(&id)?;
                Some((id, Arc::clone(&document.source)))
            })
            .collect();
        let error = match timeout(deadline, exchange(&mut worker, call, (sources, sink))).await {
            Ok(Ok(result)) => {
                self.worker = Some(worker);
                return Outcome::Answered(result);
            }
            Ok(Err(loss)) => RenderError::WorkerLost { loss },
            Err(_) => RenderError::TimedOut {
                seconds: deadline.as_secs(),
            },
        };
        worker.kill().await;
        for document in self.documents.values_mut() {
            document.known_to_worker = false;
        }
        Outcome::Lost(error)
    }
}

/// Sends a call and serves the worker's wishes for bytes until the reply comes. The worker gets
/// bytes of the documents the call is about and of no other; what it makes goes to the sink.
async fn exchange(
    worker: &mut Worker,
    call: RenderCall,
    (sources, mut sink): (HashMap<u64, Arc<dyn ByteSource>>, Option<&mut Sink>),
) -> Result<Result<RenderReply, RenderError>, Loss> {
    let mut refused = false;
    let id = worker.next_call();
    worker.send(&ToRender::Call { id, call }).await?;
    loop {
        match worker.receive().await? {
            FromRender::Reply {
                id: answered,
                result,
            } if answered == id && refused => return Ok(result.and(Err(RenderError::SourceFailed))),
            FromRender::Reply {
                id: answered,
                result,
            } if answered == id => return Ok(result),
            FromRender::Reply { .. } => return Err(Loss::Garbage),
            FromRender::Piece(bytes) => match &mut sink {
                // The worker cannot be told to stop in the middle: the rest goes nowhere.
                Some(sink) => refused = refused || !sink(&bytes),
                None => return Err(Loss::Garbage),
            },
            FromRender::Need {
                document,
                offset,
                length,
            } => {
                let Some(source) = sources.get(&document) else {
                    return Err(Loss::Garbage);
                };
                if length > MAX_NEED {
                    return Err(Loss::Garbage);
                }
                let mut bytes = vec![0; length as usize];
                let message = match source.read_at(offset, &mut bytes) {
                    Ok(()) => ToRender::Bytes(bytes),
                    Err(error) => {
                        tracing::warn!(document, %error, "the document's bytes failed");
                        ToRender::BytesFailed
                    }
                };
                worker.send(&message).await?;
            }
        }
    }
}

/// Blocks that go along with the opening.
const HEAD: u64 = 2 * BLOCK;

/// The first blocks of a document and its last one; what cannot be read is left out, and fails when it
/// is asked for.
fn ends(source: &dyn ByteSource) -> (Vec<u8>, Vec<u8>) {
    let read = |from: u64, to: u64| {
        let mut bytes = vec![0; usize::try_from(to - from).ok()?];
        source.read_at(from, &mut bytes).ok()?;
        Some(bytes)
    };
    let length = source.len();
    let head = read(0, length.min(HEAD)).unwrap_or_default();
    let last = length.saturating_sub(1) / BLOCK * BLOCK;
    let tail = if last >= HEAD {
        read(last, length)
    } else {
        None
    };
    (head, tail.unwrap_or_default())
}

/// Takes the next job: bookkeeping first in order, then the newest page, then the newest text.
/// Jobs nobody waits for are dropped.
fn take_next(waiting: &mut VecDeque<Job>) -> Option<Job> {
    waiting.retain(|job| match job {
        Job::Png { answer, .. } => !answer.is_closed(),
        Job::Text { answer, .. } => !answer.is_closed(),
        Job::Scan { answer, .. } => !answer.is_closed(),
        Job::Ink { answer, .. } => !answer.is_closed(),
        Job::Typeset { answer, .. } => !answer.is_closed(),
        Job::Assemble { answer, .. } => !answer.is_closed(),
        Job::Open { .. } | Job::Close { .. } | Job::Probe { .. } | Job::Status { .. } => true,
    });
    let bookkeeping = |job: &Job| {
        !matches!(
            job,
            Job::Png { .. }
                | Job::Text { .. }
                | Job::Scan { .. }
                | Job::Ink { .. }
                | Job::Typeset { .. }
                | Job::Assemble { .. }
        )
    };
    let index = waiting
        .iter()
        .position(bookkeeping)
        .or_else(|| {
            waiting
                .iter()
                .rposition(|job| matches!(job, Job::Png { .. }))
        })
        .or_else(|| {
            waiting
                .iter()
                .rposition(|job| matches!(job, Job::Text { .. }))
        })
        // Pages for reading are many and nobody looks at them: in order, after all others.
        .or_else(|| (!waiting.is_empty()).then_some(0))?;
    waiting.remove(index)
}

fn wire_part(part: &PagePart) -> WirePart {
    match *part {
        PagePart::Page {
            document,
            page,
            turns,
            skew,
        } => WirePart::Page {
            document: document.0,
            page,
            turns,
            skew,
        },
        PagePart::Empty {
            width_pt,
            height_pt,
        } => WirePart::Empty {
            width_pt,
            height_pt,
        },
    }
}

/// The documents that a call is about.
fn documents_of(call: &RenderCall) -> HashSet<u64> {
    match call {
        RenderCall::Open { document, .. }
        | RenderCall::PagePng { document, .. }
        | RenderCall::PageText { document, .. }
        | RenderCall::PageScan { document, .. }
        | RenderCall::PageInk { document, .. }
        | RenderCall::PageTypeset { document, .. }
        | RenderCall::Close { document } => HashSet::from([*document]),
        RenderCall::Assemble { pages } => pages
            .iter()
            .filter_map(|part| match part {
                WirePart::Page { document, .. } => Some(*document),
                WirePart::Empty { .. } => None,
            })
            .collect(),
        RenderCall::Probe => HashSet::new(),
    }
}

/// The reply is not logged: it holds the document's content.
fn unexpected(_reply: &RenderReply) -> RenderError {
    tracing::error!("the render worker answered another question");
    RenderError::WorkerLost {
        loss: Loss::Garbage,
    }
}

/// Nobody waiting for an answer is no error: the user turned the page.
fn ignore<T>(_sent: Result<(), T>) {}
