use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

/// Lines of a log that are shown, from its beginning and from its end, when the step that wrote it
/// fails.
const HEAD: usize = 20;
const TAIL: usize = 20;

/// Runs a command whose words go straight to the screen.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| cannot_start(command))?;
    ensure!(status.success(), "{} ended with {status}", words(command));
    Ok(())
}

/// Runs a command whose words go to a file; the last of them are in the error.
pub(crate) fn run_logged(command: &mut Command, log: &Path) -> Result<()> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let status = command
        .stdout(file.try_clone()?)
        .stderr(file)
        .status()
        .with_context(|| cannot_start(command))?;
    if status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&fs::read(log)?).into_owned();
    bail!(
        "{} ended with {status}; all of {}:\n{}",
        words(command),
        log.display(),
        gist(&text)
    )
}

/// The beginning and the end of a long log. Some programs say what is wrong first, others last.
fn gist(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    match (
        lines.get(..HEAD),
        lines.get(lines.len().saturating_sub(TAIL)..),
    ) {
        (Some(head), Some(tail)) if lines.len() > HEAD + TAIL => {
            format!("{}\n  [...]\n{}", head.join("\n"), tail.join("\n"))
        }
        _ => lines.join("\n"),
    }
}

/// What a command prints.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| cannot_start(command))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{} ended with {}: {said}",
        words(command),
        output.status
    );
    String::from_utf8(output.stdout).context("not UTF-8")
}

/// How a watched command ended.
pub(crate) struct Ending {
    pub(crate) status: ExitStatus,
    /// The last line of its standard output that was not empty.
    pub(crate) last_line: String,
}

/// Runs a command, shows its standard output line by line, and ends it with all its children
/// when it takes longer than it may.
pub(crate) fn watch(command: &mut Command, may_take: Duration) -> Result<Ending> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| cannot_start(command))?;
    let pipe = child.stdout.take().context("no standard output")?;
    let (send, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    let deadline = Instant::now() + may_take;
    let mut last_line = String::new();
    let mut ended: Option<Instant> = None;
    loop {
        match lines.recv_timeout(Duration::from_millis(100)) {
            Ok(line) => {
                crate::progress::say(&line);
                if !line.trim().is_empty() {
                    last_line = line;
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => match ended {
                // Something it left behind holds the pipe; what it said itself is all here.
                Some(since) if since.elapsed() > Duration::from_secs(1) => break,
                Some(_) => {}
                None if child.try_wait()?.is_some() => ended = Some(Instant::now()),
                None => {}
            },
        }
        if ended.is_none() && Instant::now() > deadline {
            end_with_children(&mut child)?;
            bail!(
                "{} took longer than {} s",
                words(command),
                may_take.as_secs()
            );
        }
    }
    Ok(Ending {
        status: child.wait()?,
        last_line,
    })
}

/// Ends a child and everything it started, by process id: asks first, then insists.
fn end_with_children(child: &mut Child) -> Result<()> {
    let family = family(child.id(), &parents());
    signal("-TERM", &family);
    let patience = Instant::now() + Duration::from_secs(5);
    while child.try_wait()?.is_none() && Instant::now() < patience {
        thread::sleep(Duration::from_millis(50));
    }
    signal("-KILL", &family);
    child.wait()?;
    // The others are not ours to wait for, and dying takes a moment.
    let patience = Instant::now() + Duration::from_secs(5);
    while family.iter().any(|pid| is_alive(*pid)) && Instant::now() < patience {
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Whether a process still does something; a dead one may keep its entry until its parent looks.
fn is_alive(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn signal(signal: &str, family: &[u32]) {
    // One at a time: `kill` stops at nothing, but most of them are gone by then and it says so.
    for pid in family {
        let _ = Command::new("kill")
            .args([signal, &pid.to_string()])
            .stderr(Stdio::null())
            .status();
    }
}

/// Every process on this machine with its parent. Empty where there is no /proc.
fn parents() -> Vec<(u32, u32)> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| {
            let pid = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
            // The name in brackets may itself hold brackets and spaces.
            let (_, rest) = stat.rsplit_once(')')?;
            Some((pid, rest.split_whitespace().nth(1)?.parse().ok()?))
        })
        .collect()
}

/// A process and everything below it, the eldest first.
fn family(eldest: u32, parents: &[(u32, u32)]) -> Vec<u32> {
    let mut found = vec![eldest];
    let mut to_look_at = VecDeque::from([eldest]);
    while let Some(parent) = to_look_at.pop_front() {
        for (pid, _) in parents.iter().filter(|(_, of)| *of == parent) {
            if !found.contains(pid) {
                found.push(*pid);
                to_look_at.push_back(*pid);
            }
        }
    }
    found
}

fn words(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned();
    match command.get_args().next() {
        Some(first) => format!("`{name} {} ..`", first.to_string_lossy()),
        None => format!("`{name}`"),
    }
}

fn cannot_start(command: &Command) -> String {
    format!(
        "{} cannot be started; is {} installed?",
        words(command),
        command.get_program().to_string_lossy()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_is_cut_in_the_middle_and_a_short_one_is_not() {
        let log = |lines: usize| {
            (1..=lines)
                .map(|line| format!("{line}\n"))
                .collect::<String>()
        };
        assert_eq!(gist(&log(40)).lines().count(), 40);
        let long = gist(&log(1000));
        assert!(
            long.starts_with("1\n2\n") && long.ends_with("\n999\n1000"),
            "{long}"
        );
        assert_eq!(long.lines().count(), 41);
    }

    #[test]
    fn a_family_is_the_process_and_all_below_it_and_nobody_else() {
        let parents = [(10, 1), (11, 10), (12, 11), (20, 1), (21, 20), (13, 10)];
        assert_eq!(family(10, &parents), [10, 11, 13, 12]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_command_that_takes_too_long_is_ended_with_its_children() {
        let note = std::env::temp_dir().join(format!("xtask-child-{}", std::process::id()));
        let mut command = Command::new("sh");
        command.args([
            "-c",
            &format!("sleep 600 & echo $! >{}; wait", note.display()),
        ]);
        let error = match watch(&mut command, Duration::from_millis(500)) {
            Ok(ending) => panic!("it ended by itself: {}", ending.status),
            Err(error) => error.to_string(),
        };
        assert!(error.contains("took longer"), "{error}");
        let child = fs::read_to_string(&note).expect("the command noted its child");
        fs::remove_file(note).expect("the note can go");
        assert!(!is_alive(child.trim().parse().expect("a process id")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_command_that_leaves_a_child_behind_is_not_waited_for() {
        let note = std::env::temp_dir().join(format!("xtask-left-{}", std::process::id()));
        let mut command = Command::new("sh");
        command.args([
            "-c",
            &format!("sleep 600 & echo $! >{}; echo over", note.display()),
        ]);
        let ending = watch(&mut command, Duration::from_secs(60));
        let child = fs::read_to_string(&note).expect("the command noted its child");
        fs::remove_file(note).expect("the note can go");
        signal("-KILL", &[child.trim().parse().expect("a process id")]);
        assert_eq!(ending.expect("it ended in time").last_line, "over");
    }

    #[test]
    fn the_last_line_is_the_last_that_says_something() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two; echo; exit 3"]);
        let ending = watch(&mut command, Duration::from_secs(20)).expect("sh runs");
        assert_eq!(ending.last_line, "two");
        assert_eq!(ending.status.code(), Some(3));
    }
}
