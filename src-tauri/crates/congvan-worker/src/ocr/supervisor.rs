//! The threads that own OCR workers: one queue, deadlines, second chances.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, oneshot},
    time::timeout,
};

use super::{OcrError, OcrLayout, OcrLine, OcrTurn};
use crate::{
    Loss, Sandbox,
    process::{Launch, Worker},
    render::{GreyPicture, SandboxProbe},
    wire::{FromOcr, OcrCall, OcrReply, ToOcr},
};

/// How long a process is kept without work: it holds 100 MB.
const IDLE: Duration = Duration::from_secs(60);

type Answer<T> = oneshot::Sender<Result<T, OcrError>>;

pub(super) struct Job {
    pub(super) turn: OcrTurn,
    pub(super) task: Task,
}

pub(super) enum Task {
    Read {
        picture: GreyPicture,
        layout: OcrLayout,
        answer: Answer<Vec<OcrLine>>,
    },
    Probe {
        answer: Answer<(SandboxProbe, Sandbox)>,
    },
}

impl Task {
    fn is_wanted(&self) -> bool {
        match self {
            Self::Read { answer, .. } => !answer.is_closed(),
            Self::Probe { answer } => !answer.is_closed(),
        }
    }
}

/// What waits: fields before the rest, each in order.
pub(super) struct Queue {
    jobs: Mutex<(VecDeque<Task>, VecDeque<Task>)>,
    /// One permit for each waiting job.
    ready: Semaphore,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            jobs: Mutex::default(),
            ready: Semaphore::new(0),
        }
    }
}

impl Queue {
    pub(super) fn push(&self, job: Job) {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        match job.turn {
            OcrTurn::Fields => jobs.0.push_back(job.task),
            OcrTurn::Search => jobs.1.push_back(job.task),
        }
        drop(jobs);
        self.ready.add_permits(1);
    }

    pub(super) fn close(&self) {
        self.ready.close();
    }

    fn pop(&self) -> Option<Task> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.0.pop_front().or_else(|| jobs.1.pop_front())
    }
}

/// Starts a supervising thread. If the system has no thread to give, the others do its work; if
/// none starts, calls wait until their clients are dropped, and the log says why.
pub(super) fn start(launch: Launch, deadline: Duration, queue: Arc<Queue>) {
    let spawned = std::thread::Builder::new()
        .name("ocr-supervisor".to_owned())
        .spawn(move || {
            match tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
            {
                Ok(runtime) => runtime.block_on(
                    Supervisor {
                        launch,
                        deadline,
                        worker: None,
                    }
                    .run(&queue),
                ),
                Err(error) => tracing::error!(%error, "no runtime for an OCR supervisor"),
            }
        });
    if let Err(error) = spawned {
        tracing::error!(%error, "no thread for an OCR supervisor");
    }
}

struct Supervisor {
    launch: Launch,
    deadline: Duration,
    worker: Option<Worker>,
}

impl Supervisor {
    async fn run(mut self, queue: &Queue) {
        loop {
            match timeout(IDLE, queue.ready.acquire()).await {
                Ok(Ok(permit)) => permit.forget(),
                // The last client is gone.
                Ok(Err(_)) => break,
                Err(_) => {
                    self.end().await;
                    continue;
                }
            }
            if let Some(task) = queue.pop().filter(Task::is_wanted) {
                self.serve(task).await;
            }
        }
        self.end().await;
    }

    async fn end(&mut self) {
        if let Some(worker) = self.worker.take() {
            worker.kill().await;
        }
    }

    async fn serve(&mut self, task: Task) {
        match task {
            Task::Read {
                picture,
                layout,
                answer,
            } => {
                let call = OcrCall::Read { picture, layout };
                let result = self
                    .with_second_chance(call)
                    .await
                    .and_then(|reply| match reply {
                        OcrReply::Lines(lines) => Ok(lines),
                        OcrReply::Probed(_) => Err(garbage()),
                    });
                // Nobody waiting is no error.
                drop(answer.send(result));
            }
            Task::Probe { answer } => {
                let reply = self.with_second_chance(OcrCall::Probe).await;
                let sandbox = self
                    .worker
                    .as_ref()
                    .map(|worker| worker.hello().sandbox.clone());
                let result = match (reply, sandbox) {
                    (Ok(OcrReply::Probed(probe)), Some(sandbox)) => Ok((probe, sandbox)),
                    (Ok(_), _) => Err(garbage()),
                    (Err(error), _) => Err(error),
                };
                drop(answer.send(result));
            }
        }
    }

    /// A picture that ends a worker is tried in a new one; the second time it is to blame. A worker
    /// that does not even start is not the picture's fault.
    async fn with_second_chance(&mut self, call: OcrCall) -> Result<OcrReply, OcrError> {
        for _ in 0..2 {
            let mut worker = match self.worker.take() {
                Some(worker) => worker,
                None => Worker::start(&self.launch)
                    .await
                    .map_err(|loss| OcrError::WorkerLost { loss })?,
            };
            match timeout(self.deadline, exchange(&mut worker, call.clone())).await {
                Ok(Ok(result)) => {
                    self.worker = Some(worker);
                    return result;
                }
                Ok(Err(loss)) => tracing::warn!(%loss, "a picture ended the OCR worker"),
                Err(_) => tracing::warn!("a picture held the OCR worker beyond its deadline"),
            }
            worker.kill().await;
        }
        Err(OcrError::PictureFailed)
    }
}

async fn exchange(worker: &mut Worker, call: OcrCall) -> Result<Result<OcrReply, OcrError>, Loss> {
    let id = worker.next_call();
    worker.send(&ToOcr { id, call }).await?;
    let answer: FromOcr = worker.receive().await?;
    if answer.id == id {
        Ok(answer.result)
    } else {
        Err(Loss::Garbage)
    }
}

/// The reply is not logged: it holds the document's content.
fn garbage() -> OcrError {
    tracing::error!("the OCR worker answered another question");
    OcrError::WorkerLost {
        loss: Loss::Garbage,
    }
}
