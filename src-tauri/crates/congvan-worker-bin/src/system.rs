//! System calls.

#[cfg(unix)]
use std::{
    fs::{File, OpenOptions},
    io,
    os::fd::AsRawFd,
};

/// Points descriptors 0, 1 and 2 at /dev/null, so that libraries that print cannot damage the
/// protocol or leak into a log.
#[cfg(unix)]
pub(crate) fn silence_standard_descriptors() -> io::Result<()> {
    let null: File = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")?;
    for descriptor in 0..=2 {
        // SAFETY: both descriptors are open; dup2 replaces the standard ones, which std tolerates.
        if unsafe { libc::dup2(null.as_raw_fd(), descriptor) } < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// Limits the address space, in bytes.
#[cfg(unix)]
pub(crate) fn limit_memory(bytes: u64) -> io::Result<()> {
    set_limit(libc::RLIMIT_AS, bytes)
}

/// No core dumps: they would hold the document or the PIN.
#[cfg(unix)]
pub(crate) fn forbid_core_dumps() -> io::Result<()> {
    set_limit(libc::RLIMIT_CORE, 0)
}

#[cfg(target_os = "linux")]
type Resource = libc::__rlimit_resource_t;
#[cfg(all(unix, not(target_os = "linux")))]
type Resource = libc::c_int;

#[cfg(unix)]
fn set_limit(resource: Resource, value: u64) -> io::Result<()> {
    let limit = libc::rlimit {
        rlim_cur: value,
        rlim_max: value,
    };
    // SAFETY: the structure is valid for the call.
    if unsafe { libc::setrlimit(resource, &raw const limit) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Freed memory is kept for the next page instead of being given back: the kernel clears and maps every
/// page of it anew, which takes a fifth of the time that a page of text takes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn keep_memory() {
    /// Larger pieces are always given back; the most that glibc allows.
    const PIECE: libc::c_int = 32 << 20;
    /// More than a decoded page of 300 dpi and its pictures.
    const KEPT: libc::c_int = 96 << 20;
    // SAFETY: plain numbers, before any other thread is started.
    let piece = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, PIECE) };
    // SAFETY: the same.
    let kept = unsafe { libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT) };
    if piece == 0 || kept == 0 {
        tracing::debug!("memory goes back at once");
    }
}

/// Elsewhere the system's own way stays.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn keep_memory() {}

/// Lets a pipe hold a picture's mebibyte instead of 64 KiB, so that the two sides wake each other less.
#[cfg(target_os = "linux")]
pub(crate) fn widen(pipe: &File) {
    const BYTES: libc::c_int = 1 << 20;
    // SAFETY: the descriptor is open for the call.
    if unsafe { libc::fcntl(pipe.as_raw_fd(), libc::F_SETPIPE_SZ, BYTES) } < 0 {
        tracing::debug!("the pipe stays as it is");
    }
}

/// The kernel kills this process when the supervising thread of the desk ends. Other processes of
/// the user may not read this one's memory.
#[cfg(target_os = "linux")]
pub(crate) fn die_with_parent() -> io::Result<()> {
    // SAFETY: plain numbers.
    let set = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    // SAFETY: plain numbers.
    let hidden = unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0) };
    if set < 0 || hidden < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Lets every other program go first: reading a stack of scans takes minutes, and the desk must
/// answer meanwhile. Where the system refuses, it runs as it is.
#[cfg(unix)]
pub(crate) fn lower_priority() {
    // SAFETY: plain numbers; this process only.
    if unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, 10) } < 0 {
        tracing::debug!("the priority stays as it is");
    }
}

/// On Windows the desk would have to ask for it; it does not yet.
#[cfg(not(unix))]
pub(crate) fn lower_priority() {}

/// Ends the process without running anything of a library that may hang in its clean-up.
pub(crate) fn exit_now() -> ! {
    #[cfg(unix)]
    // SAFETY: ends the process; nothing after it.
    unsafe {
        libc::_exit(0)
    }
    #[cfg(not(unix))]
    std::process::exit(0)
}
