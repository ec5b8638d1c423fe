//! What the operating system says about the line reaches the desk. Each story runs this program
//! again in a network of its own (`unshare`) or with a system bus of its own (`dbus-daemon`).

use std::{
    env,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use congvan_core::ServerPath;

use crate::{face::Face, office::Office};

const INSIDE: &str = "CONGVAN_TEST_INSIDE";

fn is_inside() -> bool {
    env::var_os(INSIDE).is_some()
}

/// Runs one story of this program once more, where things are as it needs them.
fn again(story: &str, mut wrapper: Command) {
    let out = wrapper
        .args(["--exact", &format!("network::{story}"), "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("the tools of `cargo xtask setup` are installed");
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(
        out.status.success() && said.contains("1 passed"),
        "{said}\n{}",
        String::from_utf8_lossy(&out.stderr)
    );
}

fn run(program: &str, arguments: &[&str]) {
    let out = Command::new(program).args(arguments).output();
    let out = out.unwrap_or_else(|error| panic!("{program}: {error}"));
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{program} {arguments:?}: {said}");
}

/// A desk that has all it wants; while it hears the server's hints it probes nothing by itself.
async fn quiet_desk(office: &Office) -> Face {
    let desk = office.leader().await;
    desk.everything_pulled().await;
    desk.until("the server tells by itself", async |desk| {
        let status = core(desk).sync_status().await.unwrap();
        (status.live && !status.syncing).then_some(())
    })
    .await;
    desk
}

fn core(face: &Face) -> &congvan_core::Desk {
    let Face::Here(core) = face else {
        panic!("in this process")
    };
    core
}

async fn probes(desk: &Face) -> u64 {
    let paths = core(desk).server_paths().await.unwrap();
    let health = paths
        .iter()
        .find(|health| health.path == ServerPath::Health);
    health.unwrap().answered
}

/// Longer than hints are gathered and spread (12 s), on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(40);

async fn probes_after(desk: &Face, happens: impl FnOnce()) {
    let before = probes(desk).await;
    happens();
    let deadline = Instant::now() + PATIENCE;
    while probes(desk).await == before {
        assert!(Instant::now() < deadline, "it did not look for the server");
        // A probe that finds all as it was makes no event.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn an_interface_that_comes_up_makes_the_desk_look_for_the_server() {
    if !is_inside() {
        let mut wrapper = Command::new("unshare");
        wrapper
            .args(["--map-root-user", "--net"])
            .arg(env::current_exe().unwrap());
        return again(
            "an_interface_that_comes_up_makes_the_desk_look_for_the_server",
            wrapper,
        );
    }
    run("ip", &["link", "set", "lo", "up"]);
    let office = Office::open_with(|config| config.next_poll_s = 3_600);
    let desk = quiet_desk(&office).await;
    probes_after(&desk, || {
        run(
            "ip",
            &["link", "add", "cv0", "type", "veth", "peer", "name", "cv1"],
        );
        run("ip", &["addr", "add", "10.77.0.1/24", "dev", "cv0"]);
    })
    .await;
    // A cable with a fixed address is plugged in again: only the carrier changes.
    run("ip", &["link", "set", "cv0", "up"]);
    let desk = {
        drop(desk);
        quiet_desk(&office).await
    };
    probes_after(&desk, || run("ip", &["link", "set", "cv1", "up"])).await;
}

/// Ends with the story.
struct Bus(Child);

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A message bus in the place of the system's.
fn bus(folder: &Path) -> (Bus, String) {
    let socket = format!("--address=unix:path={}", folder.join("bus").display());
    let mut child = Command::new("dbus-daemon")
        .args(["--session", "--nofork", "--print-address=1", &socket])
        .stdout(Stdio::piped())
        .spawn()
        .expect("dbus-daemon is installed by `cargo xtask setup`");
    let mut address = String::new();
    let out = child.stdout.take().unwrap();
    BufReader::new(out).read_line(&mut address).unwrap();
    (Bus(child), address.trim().to_owned())
}

#[tokio::test]
async fn a_machine_that_wakes_up_looks_for_the_server_at_once() {
    const SYSTEM_BUS: &str = "DBUS_SYSTEM_BUS_ADDRESS";
    if !is_inside() {
        let folder = tempfile::tempdir().unwrap();
        let (_bus, address) = bus(folder.path());
        let mut wrapper = Command::new(env::current_exe().unwrap());
        wrapper.env(SYSTEM_BUS, address);
        return again(
            "a_machine_that_wakes_up_looks_for_the_server_at_once",
            wrapper,
        );
    }
    let office = Office::open_with(|config| config.next_poll_s = 3_600);
    let desk = quiet_desk(&office).await;
    let bus = format!("--bus={}", env::var(SYSTEM_BUS).unwrap());
    let says = |asleep: &str| {
        run(
            "dbus-send",
            &[
                &bus,
                "--type=signal",
                "/org/freedesktop/login1",
                "org.freedesktop.login1.Manager.PrepareForSleep",
                &format!("boolean:{asleep}"),
            ],
        );
    };
    probes_after(&desk, || {
        says("true");
        says("false");
    })
    .await;
}
