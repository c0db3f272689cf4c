"""Asks the operating system how well its clock is kept: by the kernel's own record of it, without any network."""

import ctypes
import os
from collections.abc import Callable

from vision.evidence.manifest import ClockState

STA_UNSYNC = 0x0040
"""Bit of `status`: nothing keeps the clock."""
STA_NANO = 0x2000
"""Bit of `status`: `offset` counts nanoseconds, not microseconds."""
TIME_ERROR = 5
"""The call's answer where the clock is not to be relied on."""


class Timex(ctypes.Structure):
    """Linux's `struct timex`: adjtimex(2)."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("time", ctypes.c_long * 2),
        ("tick", ctypes.c_long),
        ("ppsfreq", ctypes.c_long),
        ("jitter", ctypes.c_long),
        ("shift", ctypes.c_int),
        ("stabil", ctypes.c_long),
        ("jitcnt", ctypes.c_long),
        ("calcnt", ctypes.c_long),
        ("errcnt", ctypes.c_long),
        ("stbcnt", ctypes.c_long),
        ("tai", ctypes.c_int),
        ("reserved", ctypes.c_int * 11),
    )


def read_clock_state() -> ClockState:
    """Return what the kernel tells of the clock now; nothing where it does not tell (not Linux, or forbidden)."""
    call = _adjtimex()
    if call is None:
        return ClockState()
    told = Timex(modes=0)  # changes nothing
    answer = call(ctypes.byref(told))
    return clock_state(answer, told.status, told.offset, told.esterror, told.maxerror)


def clock_state(answer: int, status: int, offset: int, esterror_us: int, maxerror_us: int) -> ClockState:
    """Return what adjtimex told: its return value (negative where it failed) and fields of `struct timex`.

    `offset` is in nanoseconds or microseconds, as `status` says. While nothing keeps the clock the kernel's errors are
    no more than its upper limit, 16 s: nothing is told then.
    """
    if answer < 0:
        return ClockState()
    if answer == TIME_ERROR or status & STA_UNSYNC:
        return ClockState(synchronised=False)
    return ClockState(
        synchronised=True,
        estimated_error_s=esterror_us / 1e6,
        most_error_s=maxerror_us / 1e6,
        offset_s=offset / (1e9 if status & STA_NANO else 1e6),
    )


def _adjtimex() -> Callable[..., int] | None:
    if os.name != "posix" or os.uname().sysname != "Linux":
        return None  # elsewhere the structure is another one
    try:
        return ctypes.CDLL(None).adjtimex
    except (AttributeError, OSError):
        return None
