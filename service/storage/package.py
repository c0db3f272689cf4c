"""An evidence package's manifest, checked before any file of it is believed."""

import hashlib
import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from service.domain.cases import EvidenceItem
from service.errors import BadManifest, SealBroken, SignatureBroken
from vision.evidence.manifest import MANIFEST_NAME, SEAL_NAME, SIGNATURE_NAME, Manifest
from vision.evidence.seal import SealBad, check_kind, check_seal
from vision.evidence.signature import SignatureBad

FIRST_YEAR, LAST_YEAR = 2000, 2200
"""A camera clock outside of these is broken; refusing it keeps every later calculation with times safe."""
MAX_TEXT = 200
"""Longest name of a site, a camera or where they are, in characters."""
MAX_FILES = 16


@dataclass(frozen=True)
class Package:
    """A sealed manifest; `manifest_bytes` are kept as received, since the hash is over them, and so is the seal."""

    manifest: Manifest
    manifest_bytes: bytes
    seal_bytes: bytes
    sha256: str
    key_id: str | None
    """Fingerprint of the key that signed it; None for the unsigned kind. Nothing says yet that the key is trusted."""

    @property
    def key(self) -> str:
        """The violation's key, which also names the package's folder."""
        return self.manifest.key


def open_package(manifest_bytes: bytes, seal_bytes: bytes) -> Package:
    """Check the manifest against its seal and its own rules.

    Raises:
        SealBroken: the seal of an unsigned package holds another hash.
        SignatureBroken: the signature of a package in a chain does not hold for the key that it names.
        BadManifest: the manifest is not one that dustwatch writes.
    """
    sha256 = hashlib.sha256(manifest_bytes).hexdigest()
    try:
        signature = check_seal(manifest_bytes, seal_bytes)
        manifest = _read(manifest_bytes)
        check_kind(manifest, signature)
    except SealBad:
        raise SealBroken(expected=sha256) from None
    except SignatureBad as error:
        raise SignatureBroken(detail=error) from None
    _check_follows(manifest)
    _check_files(manifest)
    _check_figures(manifest)
    _check_texts(manifest)
    _check_time(manifest.opened_at)
    return Package(manifest, manifest_bytes, seal_bytes, sha256, signature.key_id if signature else None)


def _read(manifest_bytes: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(manifest_bytes)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "it"
        raise BadManifest(detail=f"{where}: {first['msg']}") from error


def _check_follows(manifest: Manifest) -> None:
    if manifest.follows is not None and manifest.key != manifest.follows.package_key:
        raise BadManifest(detail="follows: the key is not made of the violation's key and the number")


def _check_files(manifest: Manifest) -> None:
    names = [item.name for item in manifest.files]
    if not names:
        raise BadManifest(detail="files: there is no file")
    if len(names) > MAX_FILES:
        raise BadManifest(detail=f"files: there are more than {MAX_FILES}")
    if len(set(names)) != len(names):
        raise BadManifest(detail="files: a name comes twice")
    if {MANIFEST_NAME, SEAL_NAME, SIGNATURE_NAME} & set(names):
        raise BadManifest(detail="files: the manifest and its seal can't be files of the package")


def _check_figures(manifest: Manifest) -> None:
    # JSON as Python reads it knows NaN and Infinity; databases and browsers don't.
    points = (coordinate for claim in manifest.claims for point in claim.points for coordinate in point)
    figures: Iterable[float] = (
        *manifest.measures.values(),
        *manifest.parameters.values(),
        *manifest.bbox_xyxy,
        *points,
    )
    if not all(math.isfinite(figure) for figure in figures):
        raise BadManifest(detail="a figure is not a finite number")


def _check_texts(manifest: Manifest) -> None:
    place = manifest.place
    names = [place.site_id, place.site_name, place.camera_id, place.camera_name]
    names += [text for text in (place.district, place.street, place.address) if text is not None]
    if any(not text.strip() or len(text) > MAX_TEXT for text in names):
        raise BadManifest(detail=f"place: a name is empty or longer than {MAX_TEXT} characters")
    models = [text for model in manifest.models for text in (model.name, model.version or "")]
    software = [text for pair in manifest.software_versions.items() for text in pair]
    for text in (*manifest.measures, *names, *models, *software):
        # Control characters and half surrogates (categories Cc, Cs) break logs and databases.
        if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
            raise BadManifest(detail="a name holds control characters")


def _check_time(opened_at: datetime) -> None:
    try:
        year = opened_at.astimezone(UTC).year
    except OverflowError as error:
        raise BadManifest(detail="opened_at: out of range") from error
    if not FIRST_YEAR <= year < LAST_YEAR:
        raise BadManifest(detail=f"opened_at: the year {year} can't be right; check the edge's clock")


def evidence_items(manifest: Manifest) -> tuple[EvidenceItem, ...]:
    """Return the files that a manifest lists, as cases note them."""
    return tuple(
        EvidenceItem(item.name, item.role.value, item.media_type, item.size_bytes, item.sha256)
        for item in manifest.files
    )
