"""Shuts a process in: no new files, sockets or programs, little memory; what is open stays usable."""

import contextlib
import ctypes
import os
import resource
import signal
from pathlib import Path

MEMORY_BYTES = 2 << 30
"""Address space beyond what the program itself takes: for some dozens of 1080p streams, or one of the largest."""
MOST_FILES = 16

ALLOWED = (
    *("read", "readv", "write", "writev", "recvfrom", "recvmsg", "sendto", "sendmsg", "poll", "ppoll", "close"),
    *("mmap", "munmap", "mprotect", "mremap", "madvise", "brk", "futex", "sched_yield", "restart_syscall", "rseq"),
    *("rt_sigreturn", "rt_sigaction", "rt_sigprocmask", "sigaltstack", "setitimer", "membarrier", "set_robust_list"),
    *("clock_gettime", "clock_nanosleep", "gettimeofday", "getpid", "gettid", "getrandom", "exit", "exit_group"),
)
"""System calls that a decoder needs; all others fail with EPERM."""

_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_SCMP_ACT_ALLOW, _SCMP_ACT_EPERM = 0x7FFF0000, 0x00050001
_UNKNOWN_CALL = -1


def limit_resources(memory_bytes: int) -> None:
    """Limit memory, files and processes of this process, and let the kernel end it before others."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    _lower(resource.RLIMIT_AS, used + memory_bytes)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NPROC, 0)
    _lower(resource.RLIMIT_NOFILE, MOST_FILES)
    with contextlib.suppress(OSError):  # a container may not let it
        Path("/proc/self/oom_score_adj").write_text("800")


def shut_in() -> bool:
    """Give up all system calls but a few, for ever; False where the machine's kernel or libraries can't do that."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    try:
        seccomp = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return False
    seccomp.seccomp_init.restype = ctypes.c_void_p
    seccomp.seccomp_init.argtypes = [ctypes.c_uint32]
    seccomp.seccomp_syscall_resolve_name.argtypes = [ctypes.c_char_p]
    seccomp.seccomp_rule_add_array.argtypes = [
        *(ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p)
    ]
    seccomp.seccomp_load.argtypes = [ctypes.c_void_p]
    rules = seccomp.seccomp_init(_SCMP_ACT_EPERM)
    if not rules:
        return False
    for name in ALLOWED:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number != _UNKNOWN_CALL and seccomp.seccomp_rule_add_array(rules, _SCMP_ACT_ALLOW, number, 0, None):
            return False
    return bool(seccomp.seccomp_load(rules) == 0)


def end_after(seconds: float) -> None:
    """Let the kernel end this process unless it is called again within `seconds`; 0: not any more."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _lower(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (lowest, lowest))
