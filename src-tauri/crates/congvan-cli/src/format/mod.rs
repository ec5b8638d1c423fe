//! `format`: where a letter is not set as Decree 30/2020 asks.

mod words;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Args;
use congvan_format::{Aspect, Finding, Part, Review, Severity, Value, review};
use congvan_worker::RenderClient;
use serde::Serialize;
use tokio::runtime::Builder;

use crate::{
    exit,
    fault::{Fault, Result},
    files,
    intake::unread,
    output::{self, Face, FaultLine},
    places,
    words::Code,
};

/// `format`.
#[derive(Args, Debug)]
pub(crate) struct FormatOptions {
    /// Các tệp PDF
    #[arg(required = true, value_name = "TỆP", help_heading = "Tệp")]
    files: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Line {
    r#type: &'static str,
    file: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    review: Option<Told>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    fault: Option<FaultLine>,
}

#[derive(Serialize)]
struct Told {
    /// `text`; `image` for what cannot be checked.
    source: &'static str,
    /// Whether all of it was checked and nothing was found.
    clean: bool,
    findings: Vec<ToldFinding>,
    /// Pages from 1 that are images.
    unchecked_pages: Vec<u32>,
    /// Pages from 1 on which nothing stands.
    empty_pages: Vec<u32>,
}

#[derive(Serialize)]
struct ToldFinding {
    part: Part,
    aspect: Aspect,
    severity: Severity,
    /// Of Part I of Appendix I.
    clause: &'static str,
    /// From 1.
    page: u32,
    /// Left, top, width, height in millimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    area_mm: Option<[f32; 4]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measured: Option<ToldValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    wanted: Vec<ToldValue>,
    message: String,
    remedy: String,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ToldValue {
    Mm(f32),
    Pt(f32),
    Times(f32),
    Paper([f32; 2]),
    Text(String),
}

/// Checks every file. Good is only what was checked to its end without a finding.
pub(crate) fn run(face: Face, options: &FormatOptions) -> Result<ExitCode> {
    let render = RenderClient::new(places::workers()?);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Fault::new(Code::WorkerFailed).with("detail", error))?;
    let (mut has_failed, mut is_less) = (false, false);
    for file in &options.files {
        match runtime.block_on(one(&render, file)) {
            Ok(review) => {
                match &review {
                    Review::Image => is_less = true,
                    Review::Text { findings, .. } if findings.is_empty() => {
                        is_less |= !review.is_clean();
                    }
                    Review::Text { .. } => has_failed = true,
                }
                tell(face, file, &review);
            }
            Err(fault) if fault.code.is_about_a_file() => {
                has_failed = true;
                tell_fault(face, file, &fault);
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(ExitCode::from(match (has_failed, is_less) {
        (true, _) => exit::SOME_FAILED,
        (false, true) => exit::LESS,
        (false, false) => exit::DONE,
    }))
}

async fn one(render: &RenderClient, file: &Path) -> Result<Review> {
    let source = Arc::new(files::Source::open(file)?);
    let pages = render.typeset(source).await;
    Ok(review(&pages.map_err(|error| unread(error.into(), file))?))
}

fn tell(face: Face, file: &Path, review: &Review) {
    if !face.is_json {
        output::say(&words::told(face.language, file, review));
        return;
    }
    output::tell(&Line {
        r#type: "format",
        file: file.display().to_string(),
        review: Some(told(face, review)),
        fault: None,
    });
}

fn tell_fault(face: Face, file: &Path, fault: &Fault) {
    if !face.is_json {
        let fault = output::explain(face, fault);
        output::say(&format!("{}: {fault}", file.display()));
        return;
    }
    output::tell(&Line {
        r#type: "format",
        file: file.display().to_string(),
        review: None,
        fault: Some(FaultLine::new(face, fault)),
    });
}

fn told(face: Face, review: &Review) -> Told {
    let clean = review.is_clean();
    match review {
        Review::Image => Told {
            source: "image",
            clean,
            findings: Vec::new(),
            unchecked_pages: Vec::new(),
            empty_pages: Vec::new(),
        },
        Review::Text {
            findings,
            unchecked,
            empty,
        } => Told {
            source: "text",
            clean,
            findings: findings.iter().map(|it| told_finding(face, it)).collect(),
            unchecked_pages: unchecked.iter().map(|page| page + 1).collect(),
            empty_pages: empty.iter().map(|page| page + 1).collect(),
        },
    }
}

fn told_finding(face: Face, finding: &Finding) -> ToldFinding {
    let tenths = |value: f32| (value * 10.0).round() / 10.0;
    let value = |value: &Value| match value {
        Value::Millimetres(mm) => ToldValue::Mm(tenths(*mm)),
        Value::Points(pt) => ToldValue::Pt(tenths(*pt)),
        Value::Times(times) => ToldValue::Times((times * 100.0).round() / 100.0),
        Value::Paper(width, height) => ToldValue::Paper([tenths(*width), tenths(*height)]),
        Value::Text(text) => ToldValue::Text(text.clone()),
    };
    let (message, remedy) = words::of(face.language, finding);
    ToldFinding {
        part: finding.rule.part,
        aspect: finding.rule.aspect,
        severity: finding.rule.severity,
        clause: finding.rule.clause,
        page: finding.page + 1,
        area_mm: finding
            .area
            .map(|area| [area.x, area.y, area.w, area.h].map(tenths)),
        measured: finding.measured.as_ref().map(value),
        wanted: finding.wanted.iter().map(value).collect(),
        message,
        remedy,
    }
}
