"""What an edge tells about a camera that does not work as it should: one report an observation, in its newest state."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from streams.health.observation import HealthKind

MOST_FIGURES = 20
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""A camera's or an edge's clock may be wrong by decades; beyond these no database can be relied on."""


def _utc(moment: datetime) -> datetime:
    # Compared before it is converted, since a year such as 1 or 9999 may have no equivalent in UTC.
    if not EARLIEST <= moment <= LATEST:
        message = f"a time lies between {EARLIEST:%Y} and {LATEST:%Y}"
        raise ValueError(message)
    return moment.astimezone(UTC)


UtcMoment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A time with a time zone, turned into UTC."""
ObservationKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""A UUID in its usual writing."""
_Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
_FigureName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
_Figure = Annotated[float, Field(allow_inf_nan=False)]


class HealthReport(BaseModel):
    """One thing wrong with one camera, from when to when; `ended_at` is None while it goes on.

    `key` stays the same from the observation's first state to its last. Times are UTC. `figures` are what was
    measured, in the units their names end in.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "key": "5b0f9a52-8c1e-5d0a-9f43-2f6f0f6d1c11",
                    "site_id": "binjiang-1",
                    "site_name": "滨江一号地块",
                    "camera_id": "binjiang-1-gate",
                    "camera_name": "东门出口",
                    "kind": "black",
                    "started_at": "2025-06-01T04:00:00Z",
                    "ended_at": None,
                    "figures": {"mean_luma": 3.1},
                }
            ]
        },
    )

    key: ObservationKey
    site_id: _Id
    site_name: _Id
    camera_id: _Id
    camera_name: _Id
    kind: HealthKind
    started_at: UtcMoment
    ended_at: UtcMoment | None = None
    figures: dict[_FigureName, _Figure] = Field(default={}, max_length=MOST_FIGURES)

    @model_validator(mode="after")
    def _ends_after_it_started(self) -> Self:
        if self.ended_at is not None and self.ended_at < self.started_at:
            message = "ended_at is before started_at"
            raise ValueError(message)
        return self
