//! What a worker gives up before it touches anything hostile. Best effort: what the system does
//! not offer is reported in the hello and shown in the diagnosis view.

use congvan_worker::{Guard, Sandbox};

/// Whether memory is limited.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Memory {
    /// For PDFium: a decompression bomb ends this process, not the machine.
    Limited,
    /// For vendors' modules, which map what they like.
    Free,
}

/// Address space of a render worker: a page of 32 megapixels and a 300 MB scan fit with room.
#[cfg(unix)]
const MEMORY_LIMIT: u64 = 3 << 30;

/// Limits that every worker takes on at once.
pub(crate) fn limits(memory: Memory) -> Sandbox {
    Sandbox {
        file_system: Guard::NotUsed,
        system_calls: Guard::NotUsed,
        memory: memory_limit(memory),
        dies_with_parent: dies_with_parent(),
    }
}

#[cfg(unix)]
fn memory_limit(memory: Memory) -> Guard {
    use crate::system;
    let core = system::forbid_core_dumps();
    let limited = match memory {
        Memory::Limited => system::limit_memory(MEMORY_LIMIT),
        Memory::Free => Ok(()),
    };
    match core.and(limited) {
        Ok(()) if memory == Memory::Free => Guard::NotUsed,
        Ok(()) => Guard::Applied,
        Err(error) => Guard::Unavailable(error.to_string()),
    }
}

/// On Windows a job object made by the desk would do this; it is not made yet.
#[cfg(not(unix))]
fn memory_limit(_memory: Memory) -> Guard {
    Guard::Unavailable("no job object".to_owned())
}

#[cfg(target_os = "linux")]
fn dies_with_parent() -> Guard {
    match crate::system::die_with_parent() {
        Ok(()) => Guard::Applied,
        Err(error) => Guard::Unavailable(error.to_string()),
    }
}

#[cfg(not(target_os = "linux"))]
fn dies_with_parent() -> Guard {
    Guard::Unavailable("ends when its pipe closes".to_owned())
}

/// Takes away the file system and all system calls that rendering does not need. Called after
/// PDFium is loaded and before the first byte of a document.
pub(crate) fn seal(sandbox: &mut Sandbox) {
    #[cfg(target_os = "linux")]
    {
        sandbox.file_system = linux::file_system();
        sandbox.system_calls = linux::system_calls();
    }
    #[cfg(not(target_os = "linux"))]
    {
        let missing = || Guard::Unavailable("only on Linux so far".to_owned());
        sandbox.file_system = missing();
        sandbox.system_calls = missing();
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use congvan_worker::Guard;
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
        RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
    };
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

    /// Where PDFium looks for fonts that a document does not bring along.
    const FONTS: [&str; 4] = [
        "/usr/share/fonts",
        "/usr/share/X11/fonts/Type1",
        "/usr/share/X11/fonts/TTF",
        "/usr/local/share/fonts",
    ];

    pub(super) fn file_system() -> Guard {
        // The newest rights we know; older kernels apply what they have.
        let abi = ABI::V6;
        let restricted = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(abi))
            .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
            .and_then(|rules| rules.scope(Scope::from_all(abi)))
            .and_then(Ruleset::create)
            .and_then(|rules| rules.add_rules(path_beneath_rules(FONTS, AccessFs::from_read(abi))))
            .and_then(landlock::RulesetCreated::restrict_self);
        match restricted.map(|status| status.ruleset) {
            // Even the first version of landlock refuses to open files.
            Ok(RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced) => Guard::Applied,
            Ok(RulesetStatus::NotEnforced) => Guard::Unavailable("no landlock".to_owned()),
            Err(error) => Guard::Unavailable(error.to_string()),
        }
    }

    pub(super) fn system_calls() -> Guard {
        let arch = match TargetArch::try_from(std::env::consts::ARCH) {
            Ok(arch) => arch,
            Err(error) => return Guard::Unavailable(error.to_string()),
        };
        // Refused with an error instead of a kill: a library that probes for a call it can do
        // without goes on.
        let refuse = SeccompAction::Errno(libc::EPERM as u32);
        let rules = allowed()
            .into_iter()
            .map(|call| (call, Vec::new()))
            .collect();
        let program = SeccompFilter::new(rules, refuse, SeccompAction::Allow, arch)
            .and_then(BpfProgram::try_from);
        let applied = match program {
            Ok(program) => seccompiler::apply_filter(&program).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match applied {
            Ok(()) => Guard::Applied,
            Err(reason) => Guard::Unavailable(reason),
        }
    }

    /// What an allocator, threads, pipes and reading fonts need. No sockets, no exec, no ptrace,
    /// no signals to others, no mounts; files are landlock's matter.
    fn allowed() -> Vec<libc::c_long> {
        #[rustfmt::skip]
        let mut calls = vec![
            libc::SYS_read, libc::SYS_write, libc::SYS_readv, libc::SYS_writev, libc::SYS_pread64,
            libc::SYS_lseek, libc::SYS_close, libc::SYS_fstat, libc::SYS_statx,
            libc::SYS_openat, libc::SYS_newfstatat, libc::SYS_getdents64, libc::SYS_readlinkat,
            libc::SYS_faccessat, libc::SYS_faccessat2, libc::SYS_getcwd,
            libc::SYS_fcntl, libc::SYS_ioctl, libc::SYS_dup, libc::SYS_ppoll,
            libc::SYS_mmap, libc::SYS_munmap, libc::SYS_mremap, libc::SYS_mprotect,
            libc::SYS_madvise, libc::SYS_brk,
            libc::SYS_futex, libc::SYS_set_robust_list, libc::SYS_get_robust_list,
            libc::SYS_rseq, libc::SYS_membarrier, libc::SYS_sched_yield,
            libc::SYS_sched_getaffinity, libc::SYS_set_tid_address, libc::SYS_gettid,
            libc::SYS_getpid, libc::SYS_clone, libc::SYS_clone3, libc::SYS_prctl,
            libc::SYS_rt_sigaction, libc::SYS_rt_sigprocmask, libc::SYS_rt_sigreturn,
            libc::SYS_sigaltstack, libc::SYS_tgkill, libc::SYS_restart_syscall,
            libc::SYS_clock_gettime, libc::SYS_clock_nanosleep, libc::SYS_nanosleep,
            libc::SYS_gettimeofday, libc::SYS_getrandom, libc::SYS_sysinfo, libc::SYS_uname,
            libc::SYS_prlimit64, libc::SYS_getuid, libc::SYS_geteuid, libc::SYS_getgid,
            libc::SYS_getegid, libc::SYS_exit, libc::SYS_exit_group, libc::SYS_wait4,
        ];
        #[cfg(target_arch = "x86_64")]
        calls.extend([
            libc::SYS_open,
            libc::SYS_stat,
            libc::SYS_lstat,
            libc::SYS_access,
            libc::SYS_readlink,
            libc::SYS_poll,
            libc::SYS_time,
            libc::SYS_arch_prctl,
        ]);
        calls
    }
}
