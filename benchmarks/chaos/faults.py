"""Lets faults happen to the running system, and notes by the true clock what each means for what can be seen."""

import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from benchmarks.chaos.matching import ClockOffset
from benchmarks.chaos.schedule import Fault, Kind
from benchmarks.chaos.store_line import Mood
from benchmarks.chaos.system import System

MOODS = {Kind.STORE_FAILS: Mood.FAILS, Kind.STORE_SLOW: Mood.SLOW, Kind.STORE_REFUSES: Mood.REFUSES}


class Faults:
    """What happened so far; `counts` tells how often each kind did, `clock` how the edge's clock was set."""

    def __init__(self, system: System, log: Path) -> None:
        self._system = system
        self._log = log
        self._lasting: list[threading.Thread] = []
        self._edge_disk_full_since: float | None = None
        self.counts: Counter[Kind] = Counter()
        self.without_effect: Counter[Kind] = Counter()
        self.clock = [ClockOffset(0.0, 0.0)]
        self.killed_while_full = 0

    def happen(self, fault: Fault) -> None:
        """Let a fault happen; what lasts ends by itself."""
        happened = self._begin(fault)
        (self.counts if happened else self.without_effect)[fault.kind] += 1
        self._note(fault, "begins" if happened else "met nothing")
        if happened and fault.lasts_s:
            thread = threading.Thread(target=self._end_later, args=(fault,), daemon=True)
            thread.start()
            self._lasting.append(thread)

    def calm(self) -> None:
        """Wait until what lasts is over, and set the clocks right."""
        for thread in self._lasting:
            thread.join()
        self._set_edge_clock(0)
        self._system.service_clock.set(0)

    def _begin(self, fault: Fault) -> bool:
        system = self._system
        if fault.kind in MOODS:
            system.line.turn(MOODS[fault.kind])
            return True
        simple: dict[Kind, Callable[[], bool | None]] = {
            Kind.EDGE_KILLED: self._kill_edge,
            Kind.DECODER_KILLED: lambda: self._kill_decoder(fault.number),
            Kind.SERVICE_KILLED: system.service.kill,
            Kind.CAMERAS_KILLED: lambda: self._kill_cameras(fault.number),
            Kind.DATABASE_RESTARTED: self._crash_database,
            Kind.EDGE_DISK_FULL: self._fill_edge,
            Kind.SERVICE_DISK_FULL: system.service_disk.fill,
            Kind.EDGE_CLOCK_JUMPS: lambda: self._set_edge_clock(fault.number),
            Kind.SERVICE_CLOCK_JUMPS: lambda: system.service_clock.set(fault.number),
        }
        return simple[fault.kind]() is not False

    def _end_later(self, fault: Fault) -> None:
        time.sleep(fault.lasts_s)
        system = self._system
        match fault.kind:
            case Kind.STORE_FAILS | Kind.STORE_SLOW | Kind.STORE_REFUSES:
                system.line.turn(Mood.PASSES)
            case Kind.CAMERAS_KILLED:
                system.cameras[fault.number % len(system.cameras)].servers.restart(0)
            case Kind.DATABASE_RESTARTED:
                system.database.start()
            case Kind.EDGE_DISK_FULL:
                system.edge_disk.free()
                self._edge_disk_full_since = None
            case Kind.SERVICE_DISK_FULL:
                system.service_disk.free()
        self._note(fault, "is over")

    def _kill_edge(self) -> bool:
        now = time.time()
        if not self._system.edge.kill():
            return False
        self.killed_while_full += self._edge_disk_full_since is not None
        # What the disk refused was in memory alone, and is lost with it.
        self._system.watching.down(self._system.watching.cameras, self._edge_disk_full_since or now)
        return True

    def _kill_decoder(self, number: int) -> bool:
        decoders = self._system.edge.children()
        if not decoders:
            return False
        with suppress(ProcessLookupError):
            os.kill(decoders[number % len(decoders)], signal.SIGKILL)
        return True

    def _kill_cameras(self, number: int) -> None:
        kind = self._system.cameras[number % len(self._system.cameras)]
        self._system.watching.down(kind.offsets, time.time())
        kind.servers.kill(0)

    def _crash_database(self) -> bool:
        try:
            self._system.database.crash()
        except subprocess.CalledProcessError:  # it is down still
            return False
        return True

    def _fill_edge(self) -> None:
        self._edge_disk_full_since = time.time()
        self._system.edge_disk.fill()

    def _set_edge_clock(self, seconds: int) -> None:
        self.clock.append(ClockOffset(time.time(), seconds))
        self._system.edge_clock.set(seconds)

    def _note(self, fault: Fault, state: str) -> None:
        entry = {"at": round(time.time(), 1), "kind": fault.kind, "state": state, "number": fault.number}
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry | {"lasts_s": fault.lasts_s}) + "\n")
