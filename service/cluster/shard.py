"""One node's share of the cameras: watches those whose leases it holds, and stops before a lease can end."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import structlog
from pydantic import ValidationError

from service.cluster.queue_leases import QueueLeases
from service.cluster.shard_folder import Tokens, holder_of, read_text_of, take_folder
from service.cluster.taken_over import cameras_with_packages, put_in_place
from service.config.schema import Config
from service.domain.leases import USUAL_LEASE
from service.edge.pipeline import Pipeline, Tenure
from service.edge.watch_memories import memory_path
from vision.evidence.recorder import READY_FOLDER, STAGED_FOLDER
from vision.told_since import Told

log = structlog.get_logger(__name__)

LEASE_S = USUAL_LEASE.total_seconds()
TURN_S = 1.0
"""How often leases are renewed; a camera whose owner died is asked for as often."""
MARGIN_S = 2.0
"""So much before a lease ends the camera is not watched any more, by this machine's monotonic clock."""
TIMEOUT_S = 3.0
MEMORY_EVERY_S = 2.0
LONGEST_GOODBYE_S = 30.0
"""How long a camera that goes elsewhere is kept while its evidence can't be delivered."""


@dataclass(frozen=True)
class ShardReport:
    """What a shard tells its supervisor: `since_renewed_s` is how long ago the queue last answered."""

    holder: str
    folder: str
    held: Mapping[str, int]
    """Tokens by camera."""
    since_renewed_s: float


@dataclass
class _Held:
    token: int
    until: float
    told: tuple[Told, ...] | None


class Shard:
    """Runs a pipeline in a data folder of its own, on the cameras that it is told to and whose leases it gets."""

    def __init__(self, config: Config) -> None:
        """Load the models and begin, without any camera. Raises ModelError."""
        self._folder, self._lock_file = take_folder(config.data / "shards")
        first = self._folder.name == "0"
        self._config = config.model_copy(
            update={"data": self._folder, "metrics": config.metrics if first else None, "cameras": []}
        )
        self._cameras = config.cameras
        holder = holder_of(self._folder)
        self._holder = holder
        token = config.queue_token.get_secret_value() if config.queue_token else ""
        self._leases = QueueLeases(config.queue, holder, token=token, lasts_s=LEASE_S, timeout_s=TIMEOUT_S)
        self._tokens = Tokens(self._folder / "leases.json")
        self._wanted: frozenset[str] = frozenset()
        self._leaving: dict[str, float] = {}
        self._held: dict[str, _Held] = {}
        self._kept: dict[str, str] = {}
        self._newest_case = 0
        self._renewed_at = self._kept_at = time.monotonic()
        self._lock = threading.Lock()
        self._stop, self._stopped = threading.Event(), threading.Event()
        self._pipeline = Pipeline(self._config)
        self._applied: object = None
        self._threads = [
            threading.Thread(target=target, name=name, daemon=True)
            for name, target in (
                ("pipeline", lambda: self._pipeline.run(self._stopped)),
                ("leases", self._renew_for_ever),
                ("lease-guard", self._guard),
            )
        ]
        for thread in self._threads:
            thread.start()

    def assign(self, config: Config, names: frozenset[str]) -> None:
        """Watch these cameras of the configuration from now on; others are given up once their evidence is away."""
        with self._lock:
            self._cameras = config.cameras
            own: dict[str, object] = {"data": self._config.data, "metrics": self._config.metrics, "cameras": []}
            self._config = config.model_copy(update=own)
            for name in (self._wanted | self._held.keys()) - names:
                self._leaving.setdefault(name, time.monotonic())
            for name in names:
                self._leaving.pop(name, None)
            self._wanted = names
            self._apply()

    def report(self) -> ShardReport:
        """Return how things stand."""
        held = {name: each.token for name, each in self._held.copy().items() if name not in self._leaving}
        return ShardReport(self._holder, str(self._folder), held, time.monotonic() - self._renewed_at)

    def stop(self) -> None:
        """Deliver what there is, as far as it goes at once, and give all cameras up."""
        if self._stop.is_set():
            return
        self._stop.set()
        with self._lock:
            held, self._wanted = set(self._held), frozenset()
        self._threads[1].join(2 * TIMEOUT_S)
        self._stopped.set()
        self._threads[0].join(LONGEST_GOODBYE_S)
        try:
            self._keep_memories(LONGEST_GOODBYE_S)
            if held:
                self._leases.release(sorted(held))
        except httpx.HTTPError as error:
            log.warning("leases.not_released", problem=type(error).__name__)
        self._leases.close()

    def _guard(self) -> None:
        """Watch nothing any more whose lease may be over: no answer of the queue is waited for here."""
        while not self._stopped.wait(0.2):
            with self._lock:
                self._drop_expired()

    def _drop_expired(self) -> None:
        over = [name for name, each in self._held.items() if time.monotonic() >= each.until]
        for name in over:
            log.warning("lease.not_renewed", camera=name)
            del self._held[name]
        if over:
            self._apply()

    def _renew_for_ever(self) -> None:
        self._pipeline.has_begun.wait()
        while not self._stop.is_set():
            is_behind = False
            try:
                is_behind = self._turn()
            except (httpx.HTTPError, ValidationError) as error:
                log.warning("leases.no_answer", problem=type(error).__name__)
            except Exception:
                log.exception("leases.turn_failed")
            self._stop.wait(0.0 if is_behind else TURN_S)

    def _turn(self) -> bool:
        """Renew, and do what is due; tell whether cameras are left that the next turn should take at once."""
        is_behind = False
        with self._lock:
            names = sorted(self._wanted | self._leaving.keys())
        asked_at = time.monotonic()
        if names:
            answer = self._leases.take(names)
            self._newest_case, self._renewed_at = answer.newest_case, time.monotonic()
            mine = {lease.camera_id: lease.token for lease in answer.leases if lease.is_yours}
            is_behind = self._take_in(mine, asked_at + LEASE_S - MARGIN_S)
        else:
            self._renewed_at = asked_at
        if time.monotonic() - self._kept_at >= MEMORY_EVERY_S:
            self._kept_at = time.monotonic()
            self._keep_memories()
        self._release_left()
        return is_behind

    def _take_in(self, mine: Mapping[str, int], until: float) -> bool:
        """Note the leases that were given; cameras that are new here go on from what the owner before left.

        After `TURN_S` the rest is left for the next turn, which is told by True: what is held has to be renewed first.
        """
        with self._lock:
            for name in [name for name, each in self._held.items() if mine.get(name) != each.token]:
                log.warning("lease.lost", camera=name, token=self._held.pop(name).token)
            for each in self._held.values():
                each.until = until
            self._apply()
            new = [name for name in mine if name not in self._held and name not in self._leaving]
        if not new:
            return False
        end, is_behind = time.monotonic() + TURN_S, False
        watched, sealing = self._pipeline.watched(), cameras_with_packages(self._folder, STAGED_FOLDER)
        for number, name in enumerate(new):
            if number and time.monotonic() >= end:
                is_behind = True
                break
            if self._tokens.of(name) == mine[name]:
                told = None  # nobody else had it meanwhile: what the disk has is the newest
            elif name in watched or name in sealing:
                continue  # what was found under the token before is still being put away
            else:
                told = put_in_place(self._folder, name, self._leases.kept(name))
                self._tokens.note(name, mine[name])
                self._kept.pop(name, None)
            with self._lock:
                if name in self._wanted:
                    self._held[name] = _Held(mine[name], until, told)
            log.info("lease.taken", camera=name, token=mine[name], fresh=told is not None)
        with self._lock:
            self._apply()
        return is_behind

    def _keep_memories(self, within_s: float = TURN_S) -> None:
        """Take to the queue what watches remember now, never before the evidence of what they found is there.

        What there is no time for is left for the next time: leases have to be renewed meanwhile.
        """
        newest, held = self._newest_case, {name: each.token for name, each in self._held.copy().items()}
        texts = {name: text for name in held if (text := read_text_of(memory_path(self._folder, name))) is not None}
        changed = {name: text for name, text in texts.items() if self._kept.get(name) != text}
        if not changed:
            return
        waiting = cameras_with_packages(self._folder, STAGED_FOLDER, READY_FOLDER)
        end = time.monotonic() + within_s
        for name in changed.keys() - waiting:
            if time.monotonic() >= end:
                break
            try:
                self._leases.keep(name, held[name], changed[name], newest)
            except httpx.HTTPStatusError as error:
                log.warning("memory.not_kept", camera=name, status=error.response.status_code)
                continue
            self._kept[name] = changed[name]

    def _release_left(self) -> None:
        """Give up cameras that go elsewhere, once their evidence and memory are at the queue."""
        if not self._leaving:
            return
        watched, waiting = self._pipeline.watched(), cameras_with_packages(self._folder, STAGED_FOLDER, READY_FOLDER)
        for name, since in list(self._leaving.items()):
            is_clear = name not in watched and name not in waiting and self._is_memory_kept(name)
            if name in self._held and not is_clear and time.monotonic() - since < LONGEST_GOODBYE_S:
                continue
            self._leases.release([name])
            with self._lock:
                if name in self._leaving:
                    del self._leaving[name]
                    self._held.pop(name, None)
            log.info("lease.released", camera=name)

    def _is_memory_kept(self, name: str) -> bool:
        return read_text_of(memory_path(self._folder, name)) == self._kept.get(name)

    def _apply(self) -> None:
        """Let the pipeline watch what is held and wanted; the caller holds the lock."""
        held = {name: each for name, each in self._held.items() if name not in self._leaving}
        cameras = [camera for camera in self._cameras if camera.id in held]
        config = self._config.model_copy(update={"cameras": cameras})
        leases = {name: each.token for name, each in held.items()}
        if (config, leases) == self._applied or not self._pipeline.has_begun.is_set():
            return
        told = {name: each.told for name, each in held.items() if each.told is not None}
        self._pipeline.change(config, Tenure(leases, told))
        self._applied = (config, leases)
