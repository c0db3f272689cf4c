"""Writes the manifest of a violation as far as it is known when its pictures are stored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from vision.evidence.clock_state import read_clock_state
from vision.evidence.manifest import ClipSpan, ClockState, Manifest, ModelUsed, Plate
from vision.evidence.scene import Scene
from vision.privacy import privacy_zones
from vision.violations import RuleName, Violation

TRUCK_RULES = frozenset({RuleName.UNWASHED_TRUCK})
"""Rules whose violations are of one truck, in the violation's box."""


@dataclass(frozen=True)
class Drafter:
    """Knows what all manifests of one edge have in common.

    `models` had a say in each rule, the first one being what it rests on; `software` tells versions by name.
    `reads_plates` tells whether trucks' number plates are looked for.
    """

    models: Mapping[RuleName, Sequence[ModelUsed]]
    software: Mapping[str, str]
    timezone: ZoneInfo
    reads_plates: bool
    clock: Callable[[], ClockState] = read_clock_state

    def draft(
        self, violation: Violation, scene: Scene, picture_size: tuple[int, int], clip: ClipSpan | None
    ) -> Manifest:
        """Return the manifest without its files; `picture_size` is width and height in pixels."""
        models = self.models[violation.rule]
        return Manifest(
            key=violation.key,
            rule=violation.rule,
            place=scene.place,
            opened_at=violation.opened_at,
            local_time=violation.opened_at.astimezone(self.timezone),
            timezone=str(self.timezone),
            clock_state=self.clock(),
            track_id=violation.track_id,
            bbox_xyxy=violation.bbox_xyxy,
            claims=list(scene.claims),
            zones=scene.zones | privacy_zones(scene.privacy),
            parameters=scene.parameters,
            measures=violation.measures,
            calibration=scene.calibration,
            reference_sha256=scene.reference_sha256,
            plate=Plate() if self.reads_plates and violation.rule in TRUCK_RULES else None,
            picture_size=picture_size,
            clip=clip,
            clip_withheld="privacy" if scene.privacy else None,
            model=models[0],
            models=list(models),
            software=f"dustwatch {self.software['dustwatch']}",
            software_versions=dict(self.software),
            files=[],
            lease=scene.lease,
        )
