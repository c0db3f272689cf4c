"""Posts evidence packages to the case queue until it has them: nothing lost, nothing twice."""

import shutil
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import structlog

from service.delivery.foreign_cameras import AGAIN_AFTER_S, ForeignCameras
from service.delivery.sending import Delivery, SendingThread, authorization, delivery_of
from streams.backoff import Backoff
from vision import tracing
from vision.evidence.durable import move_folder
from vision.evidence.manifest import MANIFEST_NAME, Manifest
from vision.evidence.verify import verify_package

log = structlog.get_logger(__name__)

NOT_YET_S = 60.0
"""How long a later picture waits before it is tried again whose violation the queue does not know yet."""
_STAYS_S = {Delivery.NOT_YET: NOT_YET_S, Delivery.FOREIGN: AGAIN_AFTER_S}
GIVE_UP_S = 7 * 24 * 3600.0
"""How old a later picture becomes without its violation before it is put aside."""


class Poster:
    """A thread that empties the folder of whole packages, oldest first.

    A package leaves the disk only after the queue has confirmed it. The queue answers a key that it knows with the
    case it made before, so that a package whose confirmation was lost is simply posted again. What the queue refuses
    for good is moved beside, to `refused`, for a person to look at; what a node of a cluster found at a camera that
    another one has taken over, to `superseded`. A later picture whose violation the queue does not
    know yet is tried again in a while, and holds up nothing; so is what is of a site that the token is not for, until
    somebody sets the token or the configuration right.
    """

    def __init__(
        self,
        ready: Path,
        queue: str,
        *,
        token: str = "",
        timeout_s: float = 30.0,
        backoff: Backoff | None = None,
        foreign: ForeignCameras | None = None,
    ) -> None:
        """Post to the queue at this address; `token` is what it lets the edge in by, empty where it asks for none."""
        self._ready = ready
        self._refused = ready.parent / "refused"
        self._superseded = ready.parent / "superseded"
        self._sent = ready.parent / "sent"
        shutil.rmtree(self._sent, ignore_errors=True)  # what a killed process had delivered but not yet removed
        for folder in (self._refused, self._superseded, self._sent):
            folder.mkdir(parents=True, exist_ok=True)
        self._client = httpx.Client(base_url=queue, timeout=timeout_s, headers=authorization(token))
        self._thread = SendingThread("poster", self.deliver_all, backoff)
        self._foreign = foreign or ForeignCameras()
        self._not_before: dict[str, float] = {}
        self._aside = {Delivery.REFUSED: self._refused, Delivery.SUPERSEDED: self._superseded}
        self.delivered = 0

    def start(self) -> None:
        """Begin to post."""
        self._thread.start()

    def stop(self, last_try_s: float = 5.0) -> None:
        """Stop; what has not been delivered stays on disk for the next start."""
        self._thread.stop(last_try_s)
        self._client.close()

    def waiting(self) -> int:
        """Return how many packages wait to be delivered."""
        return sum(1 for _ in self._ready.iterdir())

    def superseded(self) -> int:
        """Return how many packages were put aside since another node had taken the camera."""
        return sum(1 for _ in self._superseded.iterdir())

    def deliver_all(self) -> bool:
        """Try every waiting package once, and return whether none is left for a later try."""
        for package in self._packages():
            if time.monotonic() < self._not_before.get(package.name, 0.0):
                continue
            outcome = self._post(package)
            if outcome is Delivery.RETRY:
                return False
            if outcome in _STAYS_S:
                self._not_before[package.name] = time.monotonic() + _STAYS_S[outcome]
                continue
            self._not_before.pop(package.name, None)
            destination = self._aside.get(outcome, self._sent) / package.name
            move_folder(package, destination)
            if outcome is Delivery.DELIVERED:
                self.delivered += 1
                shutil.rmtree(destination)
        return True

    def _packages(self) -> list[Path]:
        return sorted(self._ready.iterdir(), key=lambda package: package.stat().st_mtime)

    def _post(self, package: Path) -> Delivery:
        faults = verify_package(package)
        if faults:
            log.error("delivery.damaged", package=package.name, file=faults[0].file, problem=faults[0].problem)
            return Delivery.REFUSED
        sealed = (package / MANIFEST_NAME).read_bytes()
        manifest = Manifest.model_validate_json(sealed)
        if self._foreign.is_held(manifest.place.site_id, manifest.place.camera_id):
            return Delivery.FOREIGN
        with tracing.span("post", manifest.key, camera_id=manifest.place.camera_id):
            return self._sent_once(package, manifest, sealed)

    def _sent_once(self, package: Path, manifest: Manifest, sealed: bytes) -> Delivery:
        site, camera = manifest.place.site_id, manifest.place.camera_id
        try:
            with ExitStack() as opened:
                parts = [("manifest", (MANIFEST_NAME, sealed, "application/json"))]
                parts += [("seal", (manifest.seal_name, (package / manifest.seal_name).read_bytes(), "text/plain"))]
                files = [
                    ("files", (file.name, opened.enter_context((package / file.name).open("rb")), file.media_type))
                    for file in manifest.files
                ]
                headers = {"Idempotency-Key": manifest.key, **tracing.onward()}
                answer = self._client.post("/api/violations", files=[*parts, *files], headers=headers)
        except httpx.TransportError as error:
            log.warning("delivery.unreachable", key=manifest.key, camera=camera, problem=type(error).__name__)
            return Delivery.RETRY
        outcome = delivery_of(answer)
        if outcome is Delivery.NOT_YET and manifest.follows and self._is_vain(package, manifest.follows.key):
            outcome = Delivery.REFUSED
        if outcome is Delivery.DELIVERED:
            self._foreign.taken(site, camera)
            log.info("delivery.done", key=manifest.key, camera=camera, case=answer.json()["id"])
        elif outcome is Delivery.REFUSED:
            told = {"status": answer.status_code, "answer": answer.text[:500]}
            log.error("delivery.refused", key=manifest.key, camera=camera, **told)
        elif outcome is Delivery.SUPERSEDED:
            log.warning("delivery.superseded", key=manifest.key, camera=camera, lease=manifest.lease)
        elif outcome is Delivery.FOREIGN:
            self._foreign.refused(site, camera, answer)
        else:
            log.warning("delivery.failed", key=manifest.key, camera=camera, status=answer.status_code)
        return outcome

    def _is_vain(self, package: Path, first: str) -> bool:
        """Tell whether the first package of a violation will not come any more."""
        return (self._refused / first).exists() or time.time() - package.stat().st_mtime > GIVE_UP_S
