use std::{
    collections::HashSet,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Instant,
};

use congvan_pades::{CertificateSummary, Prepared, SignRequest, Validator, Verified, prepare};

use super::{
    look::Look,
    report::{Done, Report, Times},
    token::Token,
};
use crate::{
    arguments::{FileOptions, LookOptions},
    clock,
    fault::{Fault, Result},
    files::{Draft, Source, check_output, sync_folder},
    jobs::Job,
};

/// Documents that may wait between two stages. Each is a copy on the disk and a few kilobytes here.
const DEPTH: usize = 4;
/// The disk is waited for once for at most so many documents.
const GROUP: usize = 64;

/// What is the same for every file.
pub(super) struct Plan<'a> {
    pub(super) signer: CertificateSummary,
    /// Put into each signature, so that others need not search them.
    pub(super) chain: Vec<Vec<u8>>,
    pub(super) validator: Validator,
    pub(super) look: Look,
    pub(super) files: &'a FileOptions,
    pub(super) texts: &'a LookOptions,
}

/// A document with a place for its signature.
struct Ready {
    index: usize,
    draft: Draft,
    source: Arc<Source>,
    prepared: Prepared,
    times: Times,
}

/// A document with the token's signature.
struct Raw {
    ready: Ready,
    signature: Vec<u8>,
}

/// A signed document under its temporary name.
struct Written {
    index: usize,
    draft: Draft,
    verified: Verified,
    times: Times,
}

/// What became of a file, on its way to the report.
enum Ending {
    Signed(usize, Done),
    Failed(usize, Fault),
}

/// Shared by the stages.
struct Line<'a> {
    plan: &'a Plan<'a>,
    jobs: &'a [Job],
    next: AtomicUsize,
    /// Set by the first fault that ends the run.
    stop: AtomicBool,
}

/// Signs all files; each is told to the report as soon as it is done.
pub(super) fn run(plan: &Plan<'_>, jobs: &[Job], token: &mut Token, report: &mut Report) {
    let line = Line {
        plan,
        jobs,
        next: AtomicUsize::new(0),
        stop: AtomicBool::new(false),
    };
    let half = thread::available_parallelism().map_or(1, |cores| usize::from(cores).div_ceil(2));
    let (ready, to_token) = sync_channel(DEPTH);
    let (raw, to_finish) = sync_channel(DEPTH);
    let (written, to_store) = sync_channel(GROUP);
    let to_finish = Mutex::new(to_finish);
    thread::scope(|scope| {
        let (endings, ended) = channel();
        let (line, to_finish) = (&line, &to_finish);
        for _ in 0..half.min(jobs.len()) {
            let (next, told) = (ready.clone(), endings.clone());
            scope.spawn(move || line.prepare_all(&next, &told));
            let (next, told) = (written.clone(), endings.clone());
            scope.spawn(move || line.finish_all(to_finish, &next, &told));
        }
        drop((ready, written));
        let told = endings.clone();
        scope.spawn(move || line.store_all(&to_store, &told));
        let token_stage = scope.spawn(move || {
            line.sign_all(token, to_token, (&raw, &endings));
            token.login_ms
        });
        let mut tried = HashSet::new();
        for ending in ended {
            match ending {
                Ending::Signed(index, done) => {
                    tried.insert(index);
                    with(jobs, index, |job| report.signed(job, done));
                }
                Ending::Failed(index, fault) => {
                    tried.insert(index);
                    with(jobs, index, |job| report.failed(job, fault));
                }
            }
        }
        report.login_took(token_stage.join().unwrap_or_default());
        for (index, job) in jobs.iter().enumerate() {
            if !tried.contains(&index) {
                report.not_tried(job);
            }
        }
    });
}

fn with(jobs: &[Job], index: usize, act: impl FnOnce(&Job)) {
    if let Some(job) = jobs.get(index) {
        act(job);
    }
}

impl Line<'_> {
    /// Reports a fault and, where the stop rule says so, ends the run.
    fn fail(&self, index: usize, fault: Fault, told: &Sender<Ending>) {
        if fault.code.stops_the_token() {
            self.stop.store(true, Ordering::SeqCst);
        }
        send(told, Ending::Failed(index, fault));
    }

    fn has_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    fn prepare_all(&self, ready: &SyncSender<Ready>, told: &Sender<Ending>) {
        while !self.has_stopped() {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = self.jobs.get(index) else {
                return;
            };
            match self.prepare(index, job) {
                Ok(one) => {
                    // The token's stage is gone only after a stop.
                    if ready.send(one).is_err() {
                        return;
                    }
                }
                Err(fault) => self.fail(index, fault, told),
            }
        }
    }

    fn prepare(&self, index: usize, job: &Job) -> Result<Ready> {
        let started = Instant::now();
        let plan = self.plan;
        check_output(&job.input, &job.output, plan.files.overwrite)?;
        let (draft, source) = Draft::copy_of(&job.input, &job.output)?;
        let source = Arc::new(source);
        let now = clock::now();
        let name = plan.signer.name.as_str();
        let place = plan.look.place(&source, plan.texts, (name, now))?;
        let request = SignRequest {
            chain: &plan.chain,
            signer_name: Some(name),
            reason: plan.texts.reason.as_deref(),
            location: plan.texts.location.as_deref(),
            field: place.field,
            appearance: place.appearance,
            ..SignRequest::new(&plan.signer.der, now)
        };
        let prepared = prepare(&source, &request)?;
        Ok(Ready {
            index,
            draft,
            source,
            prepared,
            times: Times {
                prepare: since(started),
                ..Times::default()
            },
        })
    }

    /// The token's stage; the run's only login is in the first signature.
    fn sign_all(
        &self,
        token: &mut Token,
        ready: Receiver<Ready>,
        (raw, told): (&SyncSender<Raw>, &Sender<Ending>),
    ) {
        for mut ready in ready {
            if self.has_stopped() {
                return;
            }
            let started = Instant::now();
            match token.sign(&ready.prepared.to_be_signed()) {
                Ok(signature) => {
                    ready.times.token = since(started);
                    if raw.send(Raw { ready, signature }).is_err() {
                        return;
                    }
                }
                Err(fault) => self.fail(ready.index, fault, told),
            }
        }
    }

    fn finish_all(
        &self,
        raw: &Mutex<Receiver<Raw>>,
        written: &SyncSender<Written>,
        told: &Sender<Ending>,
    ) {
        loop {
            let next = raw.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(raw) = next else {
                return;
            };
            let index = raw.ready.index;
            match self.finish(raw) {
                Ok(one) => {
                    if written.send(one).is_err() {
                        return;
                    }
                }
                Err(fault) => self.fail(index, fault, told),
            }
        }
    }

    /// Embeds, validates the whole as others will, and appends.
    fn finish(&self, raw: Raw) -> Result<Written> {
        let started = Instant::now();
        let Raw { ready, signature } = raw;
        let mut draft = ready.draft;
        let verified = ready.prepared.embed(&signature)?.verify_by(
            &ready.source,
            &self.plan.validator,
            clock::now(),
        )?;
        let written = draft.append(verified.tail());
        written.map_err(|error| Fault::writing(&error, draft.path()))?;
        Ok(Written {
            index: ready.index,
            draft,
            verified,
            times: Times {
                finish: since(started),
                ..ready.times
            },
        })
    }

    /// Waits for the disk once for all that is ready, then gives the final names.
    fn store_all(&self, written: &Receiver<Written>, told: &Sender<Ending>) {
        while let Ok(first) = written.recv() {
            let mut group = vec![first];
            group.extend(written.try_iter().take(GROUP - 1));
            self.store(group, told);
        }
    }

    fn store(&self, group: Vec<Written>, told: &Sender<Ending>) {
        let started = Instant::now();
        let mut named = Vec::new();
        let mut folders: HashSet<&Path> = HashSet::new();
        for written in group {
            let Some(job) = self.jobs.get(written.index) else {
                continue;
            };
            let stored = if self.plan.files.no_sync {
                Ok(())
            } else {
                written.draft.sync()
            };
            let stored = stored
                .map_err(|error| Fault::writing(&error, &job.output))
                .and_then(|()| written.draft.publish(&job.output));
            match stored {
                Ok(()) => {
                    folders.extend(job.output.parent());
                    named.push((written.index, written.verified, written.times));
                }
                Err(fault) => self.fail(written.index, fault, told),
            }
        }
        let mut lost = None;
        if !self.plan.files.no_sync {
            for folder in folders {
                if let Err(error) = sync_folder(folder) {
                    lost = Some(Fault::writing(&error, folder));
                }
            }
        }
        let share = since(started) / named.len().max(1) as f64;
        for (index, verified, times) in named {
            if let Some(fault) = &lost {
                self.fail(index, fault.clone(), told);
                continue;
            }
            let done = Done {
                level: verified.level(),
                field: verified.field().to_owned(),
                sha256: verified.sha256().0,
                size: verified.size(),
                times: Times {
                    store: share,
                    ..times
                },
            };
            send(told, Ending::Signed(index, done));
        }
    }
}

/// The report listens until every stage has ended.
fn send(told: &Sender<Ending>, ending: Ending) {
    drop(told.send(ending));
}

fn since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1000.0
}
