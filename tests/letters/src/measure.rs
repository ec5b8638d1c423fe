//! What the program reads of letters against what stands on them.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use congvan_model::{DocumentType, nfc};
use serde_json::Value;

use crate::{Half, Sample, Truth, files::outline, sample};

/// A field that is measured, and the aim for it in per cent.
const FIELDS: &[(&str, f64)] = &[
    ("số, ký hiệu", 95.0),
    ("ngày", 97.0),
    ("loại", 97.0),
    ("cơ quan", 95.0),
    ("độ khẩn", 95.0),
    ("chức vụ", 90.0),
    ("người ký", 90.0),
    ("kính gửi", 90.0),
    ("thời hạn", 90.0),
];

/// The figures of one run over letters.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Letters read; secret ones are counted apart.
    pub letters: usize,
    /// Pages of all files.
    pub pages: usize,
    /// For each field: right, and how many letters have it.
    pub fields: Vec<(&'static str, usize, usize)>,
    /// Edits in all subjects, and their letters.
    pub subject: (usize, usize),
    /// Subjects without any slip.
    pub exact_subjects: usize,
    /// Secret letters refused, secret letters, others refused.
    pub secrets: (usize, usize, usize),
    /// Fields that were said to be surer than 0.9, and those of them that were wrong.
    pub sure: (usize, usize),
    /// How long the program ran.
    pub took: Duration,
    /// Agencies read right before a directory was asked, and those of them that it made wrong.
    pub printed: (usize, usize),
    /// One line for every field that is wrong.
    pub errors: Vec<String>,
    /// How many different layouts there were.
    pub layouts: usize,
    /// For each kind of capture: fields right, fields, edits in subjects, letters of subjects.
    pub captures: BTreeMap<String, [usize; 4]>,
}

/// Letters on a disk.
pub struct Written {
    /// Their folder.
    pub folder: PathBuf,
    samples: Vec<(PathBuf, Sample)>,
}

/// Writes the first letters of a half.
///
/// # Errors
/// When a font is missing or the disk fails.
pub fn write(half: Half, count: usize, folder: &Path) -> Result<Written> {
    fs::create_dir_all(folder)?;
    let mut samples = Vec::new();
    for number in 0..count {
        let sample = sample(half, number)?;
        let path = folder.join(format!("{number:04}.{}", sample.format.extension()));
        fs::write(&path, &sample.bytes)?;
        samples.push((
            path,
            Sample {
                bytes: Vec::new(),
                ..sample
            },
        ));
    }
    Ok(Written {
        folder: folder.to_owned(),
        samples,
    })
}

/// As [`write()`], but keeps the files that are there: to measure again what was drawn before. After a
/// change to how letters are drawn the folder must be removed.
///
/// # Errors
/// As [`write()`].
pub fn write_missing(half: Half, count: usize, folder: &Path) -> Result<Written> {
    fs::create_dir_all(folder)?;
    let mut samples = Vec::new();
    for number in 0..count {
        let mut known = outline(half, number)?;
        let path = folder.join(format!("{number:04}.{}", known.format.extension()));
        if !path.exists() {
            known = sample(half, number)?;
            fs::write(&path, std::mem::take(&mut known.bytes))?;
        }
        samples.push((path, known));
    }
    Ok(Written {
        folder: folder.to_owned(),
        samples,
    })
}

/// Runs `congvan-cli intake --json` on letters and compares.
///
/// # Errors
/// When the program does not run.
pub fn measure(cli: &Path, letters: &Written, options: &[&str]) -> Result<Measured> {
    let start = Instant::now();
    let output = Command::new(cli)
        .args(["intake", "--json"])
        .args(options)
        .arg(&letters.folder)
        .output()
        .with_context(|| format!("{} does not start", cli.display()))?;
    let took = start.elapsed();
    let text = String::from_utf8(output.stdout)?;
    let lines: Vec<Value> = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    ensure!(
        lines.len() == letters.samples.len(),
        "{} lines for {} letters: {}",
        lines.len(),
        letters.samples.len(),
        String::from_utf8_lossy(&output.stderr)
    );
    let measured = Measured::of(letters, &lines);
    Ok(Measured { took, ..measured })
}

impl Written {
    /// What stands on the letters, in order.
    pub fn truths(&self) -> impl Iterator<Item = &Truth> {
        self.samples.iter().map(|(_, sample)| &sample.truth)
    }

    /// The letters' files, in order.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.samples.iter().map(|(path, _)| path.as_path())
    }
}

impl Measured {
    /// Compares what was read, a line of JSON for each letter as `congvan-cli intake` prints them.
    #[must_use]
    pub fn of(letters: &Written, lines: &[Value]) -> Self {
        let mut measured = Self {
            fields: FIELDS.iter().map(|(name, _)| (*name, 0, 0)).collect(),
            ..Self::default()
        };
        let mut layouts: Vec<&str> = Vec::new();
        for ((path, sample), line) in letters.samples.iter().zip(lines) {
            layouts.push(&sample.layout);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            measured.compare(&format!("{name} [{}]", sample.layout), sample, line);
        }
        layouts.sort_unstable();
        layouts.dedup();
        measured.layouts = layouts.len();
        measured
    }

    /// The figures of the kind of capture that a letter's layout names last.
    fn of_capture(&mut self, sample: &Sample) -> &mut [usize; 4] {
        let capture = sample.layout.rsplit(' ').next().unwrap_or_default();
        self.captures.entry(capture.to_owned()).or_default()
    }

    fn compare(&mut self, name: &str, sample: &Sample, line: &Value) {
        let truth = &sample.truth;
        self.pages += sample.pages;
        let refused = line["secret"]["value"].as_str();
        if let Some(mark) = truth.secret {
            self.secrets.1 += 1;
            if refused == Some(mark) {
                self.secrets.0 += 1;
            } else {
                self.errors
                    .push(format!("{name}: độ mật {mark}, read {refused:?}"));
            }
            return;
        }
        self.letters += 1;
        if let Some(mark) = refused {
            self.secrets.2 += 1;
            self.errors.push(format!("{name}: refused as {mark}"));
        }
        for (index, (field, wanted, read)) in
            expected(truth, line, sample.pages).into_iter().enumerate()
        {
            let Some(wanted) = wanted else { continue };
            let count = &mut self.fields[index];
            count.2 += 1;
            let right = same(&wanted, read["value"].as_str().unwrap_or_default());
            count.1 += usize::from(right);
            let capture = self.of_capture(sample);
            capture[0] += usize::from(right);
            capture[1] += 1;
            let sure = read["confidence"].as_f64().unwrap_or(0.0) > 0.9;
            self.sure.0 += usize::from(sure);
            if !right {
                self.sure.1 += usize::from(sure);
                self.errors.push(format!(
                    "{name}: {field}: {wanted} | {} ({})",
                    read["value"], read["confidence"]
                ));
            }
        }
        let printed = line["printed_agency"].as_str().unwrap_or_default();
        if same(&truth.agency, printed) {
            let kept = same(
                &truth.agency,
                line["agency"]["value"].as_str().unwrap_or_default(),
            );
            self.printed.0 += 1;
            self.printed.1 += usize::from(!kept);
        }
        self.subject(name, sample, &line["subject"]);
    }

    fn subject(&mut self, name: &str, sample: &Sample, read: &Value) {
        let truth = &sample.truth;
        let text = read["value"].as_str().unwrap_or_default();
        let (wanted, got) = (plain(&truth.subject), plain(text));
        let edits = distance(&wanted, &got);
        self.subject.0 += edits;
        self.subject.1 += wanted.chars().count();
        let capture = self.of_capture(sample);
        capture[2] += edits;
        capture[3] += wanted.chars().count();
        self.exact_subjects += usize::from(edits == 0);
        if edits > 0 {
            self.errors.push(format!(
                "{name}: trích yếu ({edits}): {} | {text} ({})",
                truth.subject, read["confidence"]
            ));
        }
    }

    /// Character error of the subjects in per cent.
    #[must_use]
    pub fn character_error(&self) -> f64 {
        100.0 * self.subject.0 as f64 / self.subject.1.max(1) as f64
    }

    /// The table for people.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = format!(
            "{} letters, {} pages, {} layouts, {:.1} s\n",
            self.letters + self.secrets.1,
            self.pages,
            self.layouts,
            self.took.as_secs_f64()
        );
        for ((name, right, all), (_, aim)) in self.fields.iter().zip(FIELDS) {
            let share = 100.0 * *right as f64 / (*all).max(1) as f64;
            let met = if share >= *aim { "ok" } else { "MISSED" };
            writeln!(
                text,
                "  {name:<14} {right:>4} / {all:<4} {share:>6.1} %   aim {aim:.0} %   {met}"
            )
            .ok();
        }
        let error = self.character_error();
        let met = if error <= 5.0 { "ok" } else { "MISSED" };
        writeln!(text, "  trích yếu      character error {error:.2} %, {} of {} without a slip   aim 5 %   {met}", self.exact_subjects, self.letters).ok();
        let (right, spoilt) = self.printed;
        writeln!(
            text,
            "  cơ quan        {right} of {} right as printed; the directory made {spoilt} of them wrong",
            self.letters
        )
        .ok();
        let (refused, secret, wrongly) = self.secrets;
        writeln!(
            text,
            "  độ mật         {refused} of {secret} refused, {wrongly} others refused"
        )
        .ok();
        writeln!(
            text,
            "  confidence     {} fields above 0.9, {} of them wrong",
            self.sure.0, self.sure.1
        )
        .ok();
        for (capture, [right, all, edits, letters]) in &self.captures {
            let share = |part: usize, all: usize| 100.0 * part as f64 / all.max(1) as f64;
            writeln!(
                text,
                "    {capture:<12} {right:>4} / {all:<4} {:>6.1} %   trích yếu {:>5.2} %",
                share(*right, *all),
                share(*edits, *letters)
            )
            .ok();
        }
        text
    }
}

type Expected<'a> = (&'static str, Option<String>, &'a Value);

/// What is wanted of each field, in the order of [`FIELDS`]; nothing where the file cannot show it.
fn expected<'a>(truth: &Truth, line: &'a Value, pages: usize) -> Vec<Expected<'a>> {
    let iso = |(day, month, year): (i8, i8, i16)| format!("{year:04}-{month:02}-{day:02}");
    // A photograph or a PNG of the first page alone has no signature block; the foot tells.
    let has_foot = !truth.signer.is_empty() && (pages > 1 || truth.is_whole);
    let deadline = truth.deadline.map(iso);
    let read_deadline = line["deadlines"].as_array().and_then(|all| {
        all.iter()
            .find(|one| one["value"].as_str() == deadline.as_deref())
    });
    let kind = match truth.kind {
        DocumentType::OfficialLetter => "Công văn",
        other => other.name(),
    };
    let addressee = truth.addressees.first().cloned();
    vec![
        (
            "số, ký hiệu",
            Some(truth.notation.clone()),
            &line["notation"],
        ),
        ("ngày", Some(iso(truth.date)), &line["date"]),
        ("loại", Some(kind.to_owned()), &line["kind"]),
        ("cơ quan", Some(truth.agency.clone()), &line["agency"]),
        (
            "độ khẩn",
            truth.urgency.stamp().map(str::to_owned),
            &line["urgency"],
        ),
        (
            "chức vụ",
            Some(truth.position.clone()).filter(|_| has_foot),
            &line["position"],
        ),
        (
            "người ký",
            Some(truth.signer.clone()).filter(|_| has_foot),
            &line["signer"],
        ),
        ("kính gửi", addressee, &line["addressees"][0]),
        (
            "thời hạn",
            deadline.filter(|_| truth.deadline_in_sight),
            read_deadline.unwrap_or(&Value::Null),
        ),
    ]
}

fn same(wanted: &str, read: &str) -> bool {
    plain(wanted) == plain(read)
}

/// Composed, in small letters, single spaces, one kind of dash.
fn plain(text: &str) -> String {
    let text = nfc(text).to_lowercase().replace(['–', '—'], "-");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.chars().enumerate() {
        let mut corner = line;
        row[0] = line + 1;
        for (place, against) in other.iter().enumerate() {
            let change = corner + usize::from(letter != *against);
            corner = row[place + 1];
            row[place + 1] = change.min(corner + 1).min(row[place] + 1);
        }
    }
    row[other.len()]
}
