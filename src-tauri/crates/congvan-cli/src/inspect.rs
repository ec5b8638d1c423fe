use std::{fmt::Write as _, path::Path, process::ExitCode};

use congvan_model::ByteSource as _;
use congvan_pades::{Inspection, LockAction, Permission, inspect};
use serde::Serialize;

use crate::{
    arguments::InspectOptions,
    exit,
    fault::Result,
    files::Source,
    output::{self, Face, FaultLine},
    words::Language,
};

#[derive(Serialize)]
struct Line {
    r#type: &'static str,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    found: Option<Found>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    fault: Option<FaultLine>,
}

#[derive(Serialize)]
struct Found {
    encrypted: bool,
    pages: Vec<Page>,
    signed_fields: Vec<String>,
    empty_fields: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certification: Option<(String, &'static str)>,
    locks: Vec<(String, &'static str)>,
    /// The field whose signature a new one would break.
    #[serde(skip_serializing_if = "Option::is_none")]
    forbids_new_signature: Option<String>,
}

#[derive(Serialize)]
struct Page {
    width_mm: f64,
    height_mm: f64,
    rotate: u16,
}

/// Looks at every file before signing.
pub(crate) fn run(face: Face, options: &InspectOptions) -> Result<ExitCode> {
    let mut code = exit::DONE;
    for file in &options.files {
        let looked = look(file);
        let line = match looked {
            Ok((size, found)) => Line {
                r#type: "inspection",
                file: file.display().to_string(),
                size: Some(size),
                found: Some(Found::new(&found)),
                fault: None,
            },
            Err(fault) => {
                code = exit::SOME_FAILED;
                if !face.is_json {
                    let fault = output::explain(face, &fault);
                    output::say(&format!("{}: {fault}", file.display()));
                    continue;
                }
                Line {
                    r#type: "inspection",
                    file: file.display().to_string(),
                    size: None,
                    found: None,
                    fault: Some(FaultLine::new(face, &fault)),
                }
            }
        };
        if face.is_json {
            output::tell(&line);
        } else if let Some(found) = &line.found {
            output::say(&in_words(&line, found, face.language == Language::Vi));
        }
    }
    Ok(ExitCode::from(code))
}

fn look(file: &Path) -> Result<(u64, Inspection)> {
    let source = Source::open(file)?;
    Ok((source.len(), inspect(&source)?))
}

impl Found {
    fn new(found: &Inspection) -> Self {
        Self {
            encrypted: found.encrypted,
            pages: found
                .pages
                .iter()
                .map(|page| Page {
                    width_mm: (page.width_mm * 100.0).round() / 100.0,
                    height_mm: (page.height_mm * 100.0).round() / 100.0,
                    rotate: page.rotate,
                })
                .collect(),
            signed_fields: found.signed_fields.clone(),
            empty_fields: found
                .empty_fields
                .iter()
                .map(|field| field.name.clone())
                .collect(),
            certification: found.certification.as_ref().map(|(field, permission)| {
                let permits = match permission {
                    Permission::Nothing => "nothing",
                    Permission::Forms => "forms",
                    Permission::Annotations => "annotations",
                };
                (field.clone(), permits)
            }),
            locks: found
                .locks
                .iter()
                .map(|(field, lock)| {
                    let action = match &lock.action {
                        LockAction::All => "all",
                        LockAction::Include => "include",
                        LockAction::Exclude => "exclude",
                    };
                    (field.clone(), action)
                })
                .collect(),
            forbids_new_signature: found.forbids_new_signature().map(str::to_owned),
        }
    }
}

fn in_words(line: &Line, found: &Found, vi: bool) -> String {
    let mut text = format!("{}\n", line.file);
    let mut put = |label: [&str; 2], value: String| {
        // Writing to a string cannot fail.
        writeln!(text, "  {}: {value}", if vi { label[0] } else { label[1] }).ok();
    };
    put(["Cỡ tệp", "Size"], format!("{} B", line.size.unwrap_or(0)));
    if found.encrypted {
        let said = if vi { "có" } else { "yes" };
        put(["Đặt mật khẩu", "Encrypted"], said.to_owned());
    }
    put(["Số trang", "Pages"], found.pages.len().to_string());
    let mut shown: Option<String> = None;
    for (page, number) in found.pages.iter().zip(1..) {
        let size = format!(
            "{} × {} mm, {}°",
            page.width_mm, page.height_mm, page.rotate
        );
        // Pages that are like the one before need no line.
        if shown.as_ref() != Some(&size) {
            put(["Trang", "Page"], format!("{number}: {size}"));
            shown = Some(size);
        }
    }
    let list = |names: &[String]| {
        if names.is_empty() {
            "-".to_owned()
        } else {
            names.join(", ")
        }
    };
    put(["Đã ký", "Signed"], list(&found.signed_fields));
    put(
        ["Ô chữ ký trống", "Empty fields"],
        list(&found.empty_fields),
    );
    if let Some((field, permits)) = &found.certification {
        put(["Chứng nhận", "Certified"], format!("{field}: {permits}"));
    }
    for (field, action) in &found.locks {
        put(["Khoá", "Locked"], format!("{field}: {action}"));
    }
    if let Some(field) = &found.forbids_new_signature {
        put(["Không cho ký thêm", "No more signatures"], field.clone());
    }
    text
}
