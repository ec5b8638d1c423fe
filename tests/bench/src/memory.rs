//! The most memory that a command and its children hold, looked at every two milliseconds.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};

/// MiB, all processes together.
#[derive(Default)]
pub(crate) struct Peak {
    /// With pages of files that are mapped.
    pub(crate) resident: f64,
    /// Without them: what cannot be dropped (anonymous memory).
    pub(crate) own: f64,
    pub(crate) seconds: f64,
}

/// Runs a command to its end; `accepts` judges its exit code.
pub(crate) fn peak(command: &mut Command, accepts: impl Fn(i32) -> bool) -> Result<Peak> {
    let started = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let mut peak = Peak::default();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        let (mut resident, mut own) = (0.0, 0.0);
        for pid in family(child.id()) {
            let (all, anonymous) = now(pid);
            resident += all;
            own += anonymous;
        }
        peak.resident = peak.resident.max(resident);
        peak.own = peak.own.max(own);
        thread::sleep(Duration::from_millis(2));
    };
    peak.seconds = started.elapsed().as_secs_f64();
    ensure!(status.code().is_some_and(accepts), "{status}");
    Ok(peak)
}

/// A process and its children.
fn family(pid: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let mut all = vec![pid];
    for child in children.unwrap_or_default().split_whitespace() {
        all.extend(child.parse::<u32>().into_iter().flat_map(family));
    }
    // A child that a thread started is listed under that thread.
    for thread in fs::read_dir(format!("/proc/{pid}/task"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let listed = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        for child in listed
            .split_whitespace()
            .filter_map(|text| text.parse().ok())
        {
            if !all.contains(&child) {
                all.extend(family(child));
            }
        }
    }
    all
}

fn now(pid: u32) -> (f64, f64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        kilobytes.unwrap_or(0.0) / 1024.0
    };
    (field("VmRSS:"), field("RssAnon:"))
}
