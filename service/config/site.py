"""What the configuration tells of a construction site: its name and where it is."""

from typing import Annotated

from pydantic import StringConstraints

from service.config.zones import StrictConfig
from vision.evidence.manifest import Position

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""Lower-case letters, digits and hyphens, so that it fits into file names and addresses."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]


class SiteConfig(StrictConfig):
    """A construction site (工地)."""

    id: Id
    name: Name
    district: Name | None = None
    street: Name | None = None
    address: Name | None = None
    position: Position | None = None
    """Where it is, decimal degrees, WGS84."""
