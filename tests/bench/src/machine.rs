//! What else the machine is doing: figures from a busy one are read with care.

use std::{fs, thread};

use serde_json::{Value, json};

/// Prints cores and load.
pub(crate) fn announce() {
    let state = state();
    println!(
        "{} cores, load {} (1, 5, 15 minutes); everything below runs in turns",
        state["cores"],
        state["load"].as_str().unwrap_or("unknown")
    );
}

/// Cores and load, for the report.
pub(crate) fn state() -> Value {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: Vec<&str> = load.split_whitespace().take(3).collect();
    json!({
        "cores": thread::available_parallelism().map_or(1, usize::from),
        "load": load.join(" "),
    })
}
