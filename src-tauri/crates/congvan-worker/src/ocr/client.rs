use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use tokio::sync::oneshot;

use super::{
    OcrError, OcrLayout, OcrLine, OcrPaths,
    supervisor::{self, Job, Queue, Task},
};
use crate::{
    Loss, Sandbox,
    process::Launch,
    render::{GreyPicture, SandboxProbe},
    wire::Role,
};

/// How long one page may take. A page takes a second; a machine that does much else needs the rest.
const DEADLINE: Duration = Duration::from_secs(90);

/// Who is read first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OcrTurn {
    /// The fields of a letter: a person waits.
    Fields,
    /// The rest of its text, for searching later.
    Search,
}

/// The desk's door to Tesseract. Clones share a queue and its worker processes; each process reads
/// one picture at a time on one core and with low priority. Processes start with the first picture
/// and end after a minute without any. Dropping a call's future takes it out of the queue.
#[derive(Clone)]
pub struct OcrClient {
    door: Arc<Door>,
}

/// Closes the queue when the last client goes; the supervisors end then.
struct Door {
    queue: Arc<Queue>,
}

impl Drop for Door {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl OcrClient {
    /// Prepares `workers` supervisors, one for each core that reading may take.
    #[must_use]
    pub fn new(paths: OcrPaths, workers: NonZeroUsize) -> Self {
        Self::with_deadline(paths, workers, DEADLINE)
    }

    /// As [`OcrClient::new`] with another deadline for a page.
    #[must_use]
    pub fn with_deadline(paths: OcrPaths, workers: NonZeroUsize, deadline: Duration) -> Self {
        let launch = Launch {
            executable: paths.executable,
            role: Role::Ocr,
            library: Some(paths.library),
            parameters: paths
                .models
                .map(|folder| folder.to_string_lossy().into_owned()),
            // Its own threads make a page 2.4 times slower; pages are read side by side instead.
            environment: vec![("OMP_THREAD_LIMIT".into(), "1".into())],
        };
        let queue = Arc::new(Queue::default());
        for _ in 0..workers.get() {
            supervisor::start(launch.clone(), deadline, Arc::clone(&queue));
        }
        Self {
            door: Arc::new(Door { queue }),
        }
    }

    /// Reads a picture; lines from top to bottom as Tesseract orders them.
    ///
    /// # Errors
    /// As the variants of [`OcrError`] say.
    pub async fn read(
        &self,
        picture: GreyPicture,
        layout: OcrLayout,
        turn: OcrTurn,
    ) -> Result<Vec<OcrLine>, OcrError> {
        self.ask(turn, |answer| Task::Read {
            picture,
            layout,
            answer,
        })
        .await?
    }

    /// Starts a worker if needed and lets it try what its sandbox must refuse; the second value is
    /// what it reports itself.
    ///
    /// # Errors
    /// [`OcrError::WorkerLost`].
    pub async fn probe(&self) -> Result<(SandboxProbe, Sandbox), OcrError> {
        self.ask(OcrTurn::Fields, |answer| Task::Probe { answer })
            .await?
    }

    async fn ask<T>(
        &self,
        turn: OcrTurn,
        task: impl FnOnce(oneshot::Sender<T>) -> Task,
    ) -> Result<T, OcrError> {
        let (answer, result) = oneshot::channel();
        self.door.queue.push(Job {
            turn,
            task: task(answer),
        });
        result.await.map_err(|_| OcrError::WorkerLost {
            loss: Loss::Stopped,
        })
    }
}
