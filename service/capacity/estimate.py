"""From what some cameras cost on a machine: how many more like them it can carry, and what bounds it."""

import math
from dataclasses import dataclass
from enum import StrEnum

MOST_CPU = 0.7
MOST_MEMORY = 0.8
"""Shares of the machine that may be used at all, by everybody together; the rest is for bad moments."""
BUSY_OTHERS = 0.1
MOST_LEFT_OUT = 0.01
MOST_LAG_S = 5.0
FAR = 4.0
"""Reckoning for more than so many times the cameras measured is a guess."""

NEGLIGIBLE = 1e-6
"""Cores, or bytes, that are less than can be measured."""
ROUNDING = 1e-9
"""Keeps 26 from becoming 25.999... and then 25."""


class Bound(StrEnum):
    """What there is too little of for one camera more."""

    CPU = "cpu"
    MEMORY = "memory"


class Note(StrEnum):
    """What weakens the answer."""

    NO_CAMERA = "no_camera"
    OFFLINE = "offline"
    OTHERS_BUSY = "others_busy"
    OVER_MARGIN = "over_margin"
    LEFT_OUT = "left_out"
    LATE = "late"
    GATES_IDLE = "gates_idle"
    FULL_RATE_UNKNOWN = "full_rate_unknown"
    MEMORY_GROWING = "memory_growing"
    FAR_EXTRAPOLATION = "far_extrapolation"


@dataclass(frozen=True)
class Machine:
    """What the machine has, and what others use of it: in cores and bytes."""

    cores: float
    memory_bytes: int
    others_cores: float
    others_bytes: int


@dataclass(frozen=True)
class CameraCost:
    """What one live camera cost: `cores` of its own threads and share of workers, `networks_cores` of that.

    `looks` took place and `dropped` were left out; `inspected_share` (0..1) of the looks went to the networks.
    `lag_s` is the worst.
    """

    camera: str
    mode: str
    cores: float
    networks_cores: float
    bits_per_s: float
    ring_bytes: int
    looks: int
    dropped: int
    inspected_share: float
    lag_s: float


@dataclass(frozen=True)
class Measured:
    """A window of watching: the whole process' cores and memory (`base_bytes` before any camera), and every camera.

    `full_rate_cores` is what a gate costs while something moves, where that was measured. `memory_seconds` is how long
    it takes until a camera's memory is full.
    """

    seconds: float
    machine: Machine
    cores: float
    base_bytes: int
    own_bytes: int
    cameras: tuple[CameraCost, ...]
    offline: tuple[str, ...] = ()
    full_rate_cores: float | None = None
    memory_seconds: float = 0.0


@dataclass(frozen=True)
class Estimate:
    """How many more cameras: like those measured as they were (`more`), and with every gate in motion at once.

    None where it can't be told. Costs are a camera's; the shares (0..1) are of the process' processor time.
    """

    more: int | None
    more_all_moving: int | None
    bound: Bound | None
    cores_per_camera: float
    cores_per_camera_all_moving: float | None
    bytes_per_camera: float
    bits_per_s_per_camera: float
    networks_share: float
    reading_and_decoding_share: float
    notes: tuple[Note, ...]


def estimate(measured: Measured) -> Estimate:
    """Reckon linearly from the mean camera; what all cameras share is counted as if each brought its part."""
    count = len(measured.cameras)
    networks, own = (sum(getattr(camera, part) for camera in measured.cameras) for part in ("networks_cores", "cores"))
    cores = with_all_looks(measured.cores, measured.cameras)
    moving = _cores_all_moving(measured, cores)
    memory = max(0, measured.own_bytes - measured.base_bytes)
    more, bound = _more(measured, cores, memory)
    more_moving = None if moving is None else _more(measured, moving, memory)[0]
    return Estimate(
        more=more,
        more_all_moving=more_moving,
        bound=bound,
        cores_per_camera=cores / count if count else 0.0,
        cores_per_camera_all_moving=moving / count if moving is not None and count else None,
        bytes_per_camera=memory / count if count else 0.0,
        bits_per_s_per_camera=sum(camera.bits_per_s for camera in measured.cameras) / count if count else 0.0,
        networks_share=_share(networks, measured.cores),
        reading_and_decoding_share=_share(own - networks, measured.cores),
        notes=tuple(_notes(measured, cores, more)),
    )


def with_all_looks(cores: float, cameras: tuple[CameraCost, ...]) -> float:
    """Return what the process would have cost had no look been left out."""
    return cores + sum(_left_out_cores(camera) for camera in cameras)


def _left_out_cores(camera: CameraCost) -> float:
    return camera.cores * camera.dropped / camera.looks if camera.looks else 0.0


def _more(measured: Measured, cores: float, memory: int) -> tuple[int | None, Bound | None]:
    """Return how many more cameras there is room for, and what ends it."""
    count, machine = len(measured.cameras), measured.machine
    if not count:
        return None, None
    rooms = {
        Bound.CPU: _room(MOST_CPU * machine.cores - machine.others_cores - cores, cores / count),
        Bound.MEMORY: _room(
            MOST_MEMORY * machine.memory_bytes - machine.others_bytes - measured.own_bytes, memory / count
        ),
    }
    known = {bound: room for bound, room in rooms.items() if room is not None}
    if not known:
        return None, None
    bound = min(known, key=lambda each: known[each])
    return known[bound], bound


def _room(left: float, each: float) -> int | None:
    """Return how many times `each` fits into what is left; None where it costs nothing that could be measured."""
    if left <= 0:
        return 0
    return math.floor(left / each + ROUNDING) if each > NEGLIGIBLE else None


def _cores_all_moving(measured: Measured, cores: float) -> float | None:
    """Return what the same cameras would cost with something moving at every gate; None where that is not known."""
    gates = [camera for camera in measured.cameras if camera.mode == "gate"]
    if not gates:
        return cores
    full = measured.full_rate_cores
    return None if full is None else cores + sum(max(0.0, full - gate.cores - _left_out_cores(gate)) for gate in gates)


def _share(part: float, whole: float) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0


def _notes(measured: Measured, cores: float, more: int | None) -> list[Note]:
    machine, cameras = measured.machine, measured.cameras
    gates = [camera for camera in cameras if camera.mode == "gate"]
    looks, dropped = sum(camera.looks for camera in cameras), sum(camera.dropped for camera in cameras)
    holds = {
        Note.NO_CAMERA: not cameras,
        Note.OFFLINE: bool(measured.offline),
        Note.OTHERS_BUSY: machine.others_cores > BUSY_OTHERS * machine.cores,
        Note.OVER_MARGIN: machine.others_cores + cores > MOST_CPU * machine.cores,
        Note.LEFT_OUT: dropped > MOST_LEFT_OUT * (looks + dropped),
        Note.LATE: any(camera.lag_s > MOST_LAG_S for camera in cameras),
        Note.GATES_IDLE: any(gate.inspected_share < 0.5 for gate in gates),
        Note.FULL_RATE_UNKNOWN: bool(gates) and measured.full_rate_cores is None,
        Note.MEMORY_GROWING: measured.seconds < measured.memory_seconds,
        Note.FAR_EXTRAPOLATION: (more or 0) > FAR * len(cameras),
    }
    return [note for note, is_so in holds.items() if is_so]
