"""/api/v1/camera-leases and /camera-memories: which node watches a camera, and what survives a change of node."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, ValidationError

from service.api.cameras import CameraIdPath
from service.api.machine_reach import MachineReach
from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Visitor
from service.clock import Clock
from service.config.site import Id
from service.domain.cases import Case, LaterPackage
from service.domain.leases import LONGEST_LEASE, USUAL_LEASE, Lease
from service.errors import EvidenceDamaged
from service.storage.evidence_folder import EvidenceFolder
from service.storage.lease_store import KeptPicture, LeaseStore
from vision.evidence.chain import Head
from vision.evidence.manifest import DustRule, Manifest, Stage
from vision.violations import RuleName

Holder = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_.:-]{1,64}$")]
CameraIds = Annotated[list[Id], Field(min_length=1, max_length=500)]
MOST_MEMORY = 48 << 10
"""Characters; what a watch remembers has a few thousand."""


class LeasesRequest(BaseModel):
    """Cameras that a holder asks for, or renews. `holder` names the data folder in which the node works."""

    holder: Holder
    camera_ids: CameraIds
    lasts_s: Annotated[float, Field(ge=1, le=LONGEST_LEASE.total_seconds())] = USUAL_LEASE.total_seconds()


class ReleaseRequest(BaseModel):
    """Cameras that a holder gives up."""

    holder: Holder
    camera_ids: CameraIds


class LeaseJson(BaseModel):
    """One lease that stands now; it is the holder's who asked where `is_yours` says so."""

    camera_id: str
    token: int
    is_yours: bool

    @classmethod
    def of(cls, lease: Lease, holder: str) -> "LeaseJson":
        """Return the lease's JSON."""
        return cls(camera_id=lease.camera, token=lease.token, is_yours=lease.holder == holder)


class LeasesJson(BaseModel):
    """The leases of the cameras that were asked for, and the number of the queue's newest case."""

    items: list[LeaseJson]
    newest_case: int


class ToldViolation(BaseModel):
    """A violation that became a case after the memory was kept: what tells it, without its pictures."""

    rule: RuleName
    camera_id: str
    opened_at: AwareDatetime
    track_id: int
    bbox_xyxy: tuple[float, float, float, float]
    measures: dict[str, float]


class LaterPictureJson(BaseModel):
    """A later picture that the queue has of a violation, which the key `follows` names."""

    rule: RuleName
    follows: str
    number: int
    stage: Stage
    captured_at: AwareDatetime


class KeptJson(BaseModel):
    """What a camera's new owner goes on from. `told` is the oldest first, `head` the end of the camera's chain.

    `pictures` are the newest later ones, which the memory may not know: without them they would be taken again.
    """

    memory: str | None
    told: list[ToldViolation]
    pictures: list[LaterPictureJson] = []
    head: Head | None


class MemoryRequest(BaseModel):
    """What a camera's watch remembers, as text that its owners understand, and the token it is watched under.

    `since_case` is the number of a case that was the queue's newest before the memory was read: of later ones it may
    not know.
    """

    token: Annotated[int, Field(ge=1)]
    memory: Annotated[str, StringConstraints(max_length=MOST_MEMORY)]
    since_case: Annotated[int, Field(ge=0)]


def camera_leases_router(store: LeaseStore, evidence: EvidenceFolder, reach: MachineReach, clock: Clock) -> APIRouter:
    """Return the routes of the leases.

    They do not tell cameras' sites: a token that is bound to sites gets those alone that are known there. In a request
    with several, others are left out, so that what is the token's is watched; with no other it is refused.
    """
    router = APIRouter(prefix="/api/v1", tags=["cluster"], route_class=SmallBodyRoute)

    @router.post("/camera-leases", responses=answers(413, 422, 503, 507))
    def take(body: LeasesRequest, visitor: Visitor) -> LeasesJson:
        """Ask for cameras, or renew their leases; the service's clock alone decides when they end."""
        own = reach.own(visitor, body.camera_ids)
        leases, newest = store.take(own, body.holder, clock(), timedelta(seconds=body.lasts_s))
        return LeasesJson(items=[LeaseJson.of(lease, body.holder) for lease in leases], newest_case=newest)

    @router.post("/camera-leases/release", status_code=204, responses=answers(413, 422, 503, 507))
    def release(body: ReleaseRequest, visitor: Visitor) -> Response:
        """Give cameras up, so that others need not wait for their leases to end."""
        store.release(reach.own(visitor, body.camera_ids), body.holder, clock())
        return Response(status_code=204)

    @router.get("/camera-memories/{camera_id}", responses=answers(422))
    def kept(camera_id: CameraIdPath, visitor: Visitor) -> KeptJson:
        """Return what the owner who has just taken the camera goes on from."""
        reach.own(visitor, [camera_id])
        found = store.kept(camera_id)
        told = [each for case in reversed(found.cases) if (each := _told(evidence, case)) is not None]
        head = found.head or _head(evidence, store.newest_case(camera_id))
        pictures = [_picture(each) for each in reversed(found.pictures) if each.rule in set(RuleName)]
        return KeptJson(memory=found.memory, told=told, pictures=pictures, head=head)

    @router.put("/camera-memories/{camera_id}", status_code=204, responses=answers(409, 413, 422, 503, 507))
    def keep(camera_id: CameraIdPath, body: MemoryRequest, visitor: Visitor) -> Response:
        """Keep what the camera's watch remembers; refused once another node has taken the camera."""
        reach.own(visitor, [camera_id])
        store.keep(camera_id, body.token, body.memory, body.since_case, clock())
        return Response(status_code=204)

    return router


def _told(evidence: EvidenceFolder, case: Case) -> ToldViolation | None:
    manifest = evidence.manifest(case)
    if manifest is None or isinstance(manifest.rule, DustRule):
        return None
    return ToldViolation(
        rule=manifest.rule,
        camera_id=manifest.place.camera_id,
        opened_at=manifest.opened_at,
        track_id=manifest.track_id,
        bbox_xyxy=manifest.bbox_xyxy,
        measures=manifest.measures,
    )


def _picture(kept: KeptPicture) -> LaterPictureJson:
    return LaterPictureJson(
        rule=RuleName(kept.rule),
        follows=kept.follows,
        number=kept.number,
        stage=kept.stage,
        captured_at=kept.captured_at,
    )


def _head(evidence: EvidenceFolder, newest: Case | None) -> Head | None:
    """Return the end of a chain that was begun before the camera had leases, as far as its newest case tells."""
    if newest is None:
        return None
    heads = (_head_of(evidence, newest, later) for later in (None, *newest.later))
    return max((head for head in heads if head is not None), key=lambda head: head.number, default=None)


def _head_of(evidence: EvidenceFolder, case: Case, later: LaterPackage | None) -> Head | None:
    try:
        manifest = Manifest.model_validate_json(evidence.manifest_bytes(case, later))
    except (EvidenceDamaged, ValidationError):
        return None
    if manifest.chain is None:
        return None
    sha256 = (later or case).manifest_sha256
    return Head(camera_id=case.camera_id, number=manifest.chain.number, sha256=sha256, package=manifest.key)
