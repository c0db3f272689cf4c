"""What an edge tells about a camera beside its picture: where it hangs, what it does, what is drawn on it."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.config.layout import CameraLayout
from service.config.site import Id, Name
from streams.feed import CameraState
from vision.violations import RuleName

MOST_FIGURES = 60
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
_FigureName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
_Figure = Annotated[float, Field(allow_inf_nan=False)]
_Reason = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]


class Badge(StrEnum):
    """How a camera is at a glance."""

    WORKING = "working"
    TROUBLED = "troubled"
    """It is connected, and something is wrong with what it shows."""
    AWAY = "away"
    """It is not connected, or its edge has told nothing for a while."""


class RefusedLayout(BaseModel):
    """A saved layout that the edge could not apply, and why; the one before goes on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Version
    reason: _Reason


class CameraNews(BaseModel):
    """One camera as its edge sees it now.

    `layout` is what is judged; `layout_version` is its version, None while it comes from the edge's own file.
    `figures` are the rules' newest, in the units that their names end in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    site_name: Name
    camera_name: Name
    state: CameraState
    watches: tuple[RuleName, ...] = ()
    figures: dict[_FigureName, _Figure] = Field(default={}, max_length=MOST_FIGURES)
    layout: CameraLayout = CameraLayout()
    layout_version: Version | None = None
    refused: RefusedLayout | None = None


class CameraKey(BaseModel):
    """A camera of a site."""

    model_config = ConfigDict(frozen=True)

    site_id: Id
    camera_id: Id


class NewestLayout(CameraKey):
    """The newest saved layout of a camera."""

    version: Version
    layout: CameraLayout
