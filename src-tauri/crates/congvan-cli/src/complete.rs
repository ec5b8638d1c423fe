//! Raising signed files to a level: time stamps and evidence from the network, no token.
//!
//! A signature that nothing covers yet gets its time stamp inside itself, in the space that was
//! reserved for it; whatever is covered gets one over the whole file. Then evidence, then a time
//! stamp over that. What was reached before something failed is kept and told.

use std::{cell::RefCell, process::ExitCode, sync::Arc, time::Instant};

use congvan_model::{ByteSource as _, Timestamp};
use congvan_pades::{
    Evidence, Level, SignError, SignatureKind, TrustAnchors, prepare_inner_time_stamp, validate,
};
use congvan_remote::evidence::{
    Call, CompletionError, CompletionOrder, EvidenceClient, EvidenceConfig, IssuerHosts, Tsa,
    complete_file,
};
use futures_util::{StreamExt as _, stream};
use serde::Serialize;
use tokio::runtime::Builder;
use tokio_util::sync::CancellationToken;

use crate::{
    arguments::CompleteOptions,
    certificates, clock, exit,
    fault::{Fault, Result, completing},
    files::{Draft, Source, check_output, sync_folder},
    jobs::{self, Job},
    output::{self, Face, FaultLine},
    verdict::{hex, level},
    words::{Code, Language},
};

/// Files at a time; the client asks no more at once either.
const PARALLEL: usize = 4;

/// What a completed file is.
#[derive(Debug)]
pub(crate) struct Reached {
    /// Of its weakest signature.
    pub(crate) level: Level,
    pub(crate) sha256: [u8; 32],
    pub(crate) size: u64,
    /// Who gave the last time stamp.
    pub(crate) tsa: Option<String>,
    /// Why it is not the level that was asked for.
    pub(crate) shortfall: Option<Fault>,
}

/// Everything that completing takes but the file.
pub(crate) struct Completer {
    client: EvidenceClient,
    target: Level,
    trust: Arc<TrustAnchors>,
    tsas: Vec<Tsa>,
    known: Evidence,
    /// The time to work at; none for the machine's clock.
    at: Option<Timestamp>,
    no_sync: bool,
}

impl Completer {
    pub(crate) fn new(
        target: Level,
        trust: TrustAnchors,
        tsas: &[String],
        no_sync: bool,
    ) -> Result<Self> {
        Ok(Self {
            client: EvidenceClient::new(EvidenceConfig::default())?,
            target,
            trust: Arc::new(trust),
            tsas: tsas.iter().map(|url| Tsa::new(url)).collect(),
            known: Evidence::default(),
            at: None,
            no_sync,
        })
    }

    /// Completes files, several at a time, and tells of each when it is done. With input and
    /// output the same, the file is replaced in one step.
    pub(crate) fn run(
        &self,
        jobs: &[&Job],
        told: impl FnMut(&Job, Result<Reached>, f64),
    ) -> Result<()> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| Fault::new(Code::Internal).with("detail", error))?;
        let told = RefCell::new(told);
        runtime.block_on(stream::iter(jobs).for_each_concurrent(PARALLEL, |job| {
            let told = &told;
            async move {
                let started = Instant::now();
                let reached = self.complete(job).await;
                let ms = started.elapsed().as_secs_f64() * 1000.0;
                (*told.borrow_mut())(job, reached, ms);
            }
        }));
        Ok(())
    }

    async fn complete(&self, job: &Job) -> Result<Reached> {
        let (mut draft, source) = Draft::copy_of(&job.input, &job.output)?;
        let now = self.at.unwrap_or_else(clock::now);
        let call = Call::new(now, CancellationToken::new());
        let stamped = self.stamp_inside(&mut draft, &source, &call).await;
        let source: Arc<Source> = match stamped {
            Ok(true) => Arc::new(draft.source()?),
            // Without a time stamp nothing further can be reached.
            Err(fault) if fault.code.is_network() => return Err(fault),
            // Whatever else kept it from going inside: a document time stamp may still do.
            Ok(false) | Err(_) => Arc::new(source),
        };
        let is_stamped = matches!(stamped, Ok(true));
        let order = CompletionOrder {
            source: source.clone(),
            target: self.target,
            trust: self.trust.clone(),
            tsas: self.tsas.clone(),
            known: self.known.clone(),
        };
        let reached = match complete_file(&self.client, &order, &call).await {
            Ok(done) => {
                let appended = draft.append(&done.tail);
                appended.map_err(|error| Fault::writing(&error, &job.output))?;
                Reached {
                    level: done.level,
                    sha256: done.sha256.0,
                    size: source.len() + done.tail.len() as u64,
                    tsa: done.tsa,
                    shortfall: done.shortfall.map(Fault::from),
                }
            }
            // Nothing saves a signature whose certificate was revoked, and nothing is written.
            Err(error @ CompletionError::Revoked { .. }) => return Err(error.into()),
            // The time stamp inside is all that was asked, or all that could be had.
            Err(error) if is_stamped => Reached {
                level: Level::BT,
                sha256: digest(source.as_ref())
                    .map_err(|error| Fault::from(SignError::from(error)))?,
                size: source.len(),
                tsa: None,
                shortfall: (self.target > Level::BT).then(|| error.into()),
            },
            Err(error) => return Err(error.into()),
        };
        self.store(draft, job)?;
        Ok(reached)
    }

    /// Puts a time stamp into the newest signature, where that helps: nothing covers it yet, and no
    /// other signature waits for one, which a document time stamp would serve as well.
    async fn stamp_inside(&self, draft: &mut Draft, source: &Source, call: &Call) -> Result<bool> {
        let report = validate(source, &self.trust, call.now())?;
        let waiting = report
            .signatures
            .iter()
            .filter(|one| one.kind != SignatureKind::DocumentTimeStamp)
            .filter(|one| one.level == Some(Level::BB))
            .count();
        let newest = report.signatures.last().and_then(|one| one.level);
        if self.target == Level::BB || waiting != 1 || newest != Some(Level::BB) {
            return Ok(false);
        }
        let mut nonce = [0; 8];
        aws_lc_rs::rand::fill(&mut nonce)
            .map_err(|_| Fault::new(Code::Internal).with("detail", "no randomness"))?;
        let prepared = match prepare_inner_time_stamp(source, u64::from_le_bytes(nonce)) {
            Ok(prepared) => prepared,
            Err(SignError::Covered) => return Ok(false),
            Err(error) => return Err(completing(error)),
        };
        let answer = self
            .client
            .time_stamp(&self.tsas, &prepared.request(), call)
            .await?;
        let patch = prepared
            .embed(&answer.der, source, &self.trust, call.now())
            .map_err(completing)?;
        let patched = draft.patch(patch.offset, &patch.bytes);
        patched.map_err(|error| Fault::writing(&error, draft.path()))?;
        Ok(true)
    }

    fn store(&self, draft: Draft, job: &Job) -> Result<()> {
        let failed = |error: std::io::Error| Fault::writing(&error, &job.output);
        if self.no_sync {
            return draft.publish(&job.output);
        }
        draft.sync().map_err(failed)?;
        draft.publish(&job.output)?;
        job.output
            .parent()
            .map_or(Ok(()), sync_folder)
            .map_err(failed)
    }
}

fn digest(source: &Source) -> std::result::Result<[u8; 32], congvan_model::ReadError> {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    let mut buffer = vec![0; 1 << 18];
    let mut at = 0;
    while at < source.len() {
        let size = usize::try_from(source.len() - at)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let chunk = buffer.get_mut(..size).unwrap_or_default();
        source.read_at(at, chunk)?;
        context.update(chunk);
        at += size as u64;
    }
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    Ok(hash)
}

/// What the desk calls the reason, for scripts that know its codes.
#[derive(Serialize)]
struct Line {
    r#type: &'static str,
    input: String,
    output: String,
    /// `completed`, `partly` or `failed`.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tsa: Option<String>,
    ms: f64,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    fault: Option<FaultLine>,
}

/// Tells what became of one file, and gives the exit code that it alone would have.
pub(crate) fn tell(face: Face, job: &Job, reached: Result<Reached>, ms: f64) -> u8 {
    let (status, code) = match &reached {
        Ok(Reached {
            shortfall: None, ..
        }) => ("completed", exit::DONE),
        Ok(_) => ("partly", exit::LESS),
        Err(fault) if fault.code.is_network() => ("failed", exit::LESS),
        Err(_) => ("failed", exit::SOME_FAILED),
    };
    let (reached, fault) = match reached {
        Ok(mut reached) => {
            let shortfall = reached.shortfall.take();
            (Some(reached), shortfall)
        }
        Err(fault) => (None, Some(fault)),
    };
    if face.is_json {
        output::tell(&Line {
            r#type: "completion",
            input: job.input.display().to_string(),
            output: job.output.display().to_string(),
            status,
            level: reached.as_ref().map(|one| level(one.level)),
            sha256: reached.as_ref().map(|one| hex(&one.sha256)),
            size: reached.as_ref().map(|one| one.size),
            tsa: reached.and_then(|one| one.tsa),
            ms,
            fault: fault.as_ref().map(|fault| FaultLine::new(face, fault)),
        });
        return code;
    }
    let mut text = match (&reached, face.language) {
        (Some(one), Language::Vi) => {
            format!("{}: đạt mức {}", job.output.display(), level(one.level))
        }
        (Some(one), Language::En) => {
            format!("{}: level {}", job.output.display(), level(one.level))
        }
        (None, _) => format!("{}:", job.input.display()),
    };
    if let Some(fault) = &fault {
        text.push(' ');
        text.push_str(&output::explain(face, fault));
    }
    output::say(&text);
    code
}

/// Completes what the command line names.
pub(crate) fn run(face: Face, options: &CompleteOptions) -> Result<ExitCode> {
    let jobs = jobs::jobs(&options.files)?;
    let anchors = certificates::needed_anchors(&options.trust)?;
    let completer = Completer {
        client: EvidenceClient::new(EvidenceConfig {
            issuers: IssuerHosts::Anybody,
            ..EvidenceConfig::default()
        })?,
        known: certificates::evidence(&options.evidence)?,
        at: options.at,
        ..Completer::new(
            options.level.level(),
            anchors,
            &options.tsa,
            options.files.no_sync,
        )?
    };
    let mut worst = exit::DONE;
    let mut count = |code| {
        worst = match (worst, code) {
            (exit::SOME_FAILED, _) | (_, exit::SOME_FAILED) => exit::SOME_FAILED,
            (one, other) => one.max(other),
        };
    };
    let mut wanted = Vec::new();
    for job in &jobs {
        match check_output(&job.input, &job.output, options.files.overwrite) {
            Ok(()) => wanted.push(job),
            Err(fault) => count(tell(face, job, Err(fault), 0.0)),
        }
    }
    completer.run(&wanted, |job, reached, ms| {
        count(tell(face, job, reached, ms))
    })?;
    Ok(ExitCode::from(worst))
}
