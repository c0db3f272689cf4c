"""Writes a package's clip out of a camera's packets, or replaces it by a longer one."""

from collections.abc import Sequence
from pathlib import Path

import structlog

from streams.clips import ClipRefused, write_clip
from streams.packets import Packet
from vision.evidence.durable import sync_file
from vision.evidence.manifest import ClipSpan
from vision.evidence.sealing import CLIP_NAME

log = structlog.get_logger(__name__)


def store_clip(folder: Path, packets: Sequence[Packet], *, complete: bool) -> ClipSpan | None:
    """Write or replace the clip in a package's folder; None where there are no packets to write. Raises OSError."""
    if not packets or not packets[0].is_keyframe:
        return None
    building = folder / f".{CLIP_NAME}"
    try:
        written = write_clip(packets, building)
        sync_file(building)
    except OSError:
        building.unlink(missing_ok=True)
        raise
    except ClipRefused as error:  # the pictures alone are evidence too
        building.unlink(missing_ok=True)
        log.warning("evidence.no_clip", problem=str(error))
        return None
    building.rename(folder / CLIP_NAME)
    return ClipSpan(starts_at=written.starts_at, ends_at=written.ends_at, complete=complete)
