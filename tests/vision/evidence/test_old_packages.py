"""Packages of earlier versions, with less in their manifest, stay what they are."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.vision.evidence.packages import read_manifest, recorder
from vision.evidence.seal import seal_of
from vision.evidence.signature import sign
from vision.evidence.verify import verify_package

PICTURE = b"a picture"
FIRST_SHAPE: dict[str, Any] = {
    "schema_version": 1,
    "key": "7e70b160-59e9-5a77-9ac0-f0a6e58ddca8",
    "rule": "missing_hoarding",
    "place": {"site_id": "xinghe", "site_name": "星河湾二期", "camera_id": "fence", "camera_name": "北墙"},
    "opened_at": "2026-03-01T08:00:00Z",
    "local_time": "2026-03-01T16:00:00+08:00",
    "timezone": "Asia/Shanghai",
    "clock": "arrival",
    "track_id": 0,
    "bbox_xyxy": [0.6, 0.1, 0.7, 0.3],
    "zones": {"perimeter": [[0.0, 0.3], [1.0, 0.3]]},
    "parameters": {"min_gap_share": 0.04},
    "measures": {"gap_share": 0.1, "at": 0.65, "lasted_s": 1800.0},
    "picture_size": [320, 240],
    "clip": None,
    "model": {"name": "surfaces", "sha256": "1" * 64},
    "software": "dustwatch 0.1.0",
    "files": [
        {
            "name": "clean.jpg",
            "role": "clean",
            "media_type": "image/jpeg",
            "size_bytes": len(PICTURE),
            "sha256": hashlib.sha256(PICTURE).hexdigest(),
        }
    ],
}
"""As the first version wrote it, before there were chains, claims, calibrations and positions."""
CHAINED = FIRST_SHAPE | {"claims": [], "chain": {"number": 1, "previous": "0" * 64}}


@pytest.mark.parametrize("shape", [FIRST_SHAPE, CHAINED])
def test_a_package_of_an_older_shape_still_verifies(tmp_path: Path, shape: dict[str, Any]) -> None:
    content = json.dumps(shape, ensure_ascii=False, indent=2).encode()
    (tmp_path / "manifest.json").write_bytes(content)
    (tmp_path / "clean.jpg").write_bytes(PICTURE)
    if "chain" in shape:
        signed = sign(content, Ed25519PrivateKey.generate(), []).file_bytes
        (tmp_path / "manifest.signature.json").write_bytes(signed)
    else:
        (tmp_path / "manifest.sha256").write_bytes(seal_of(content))
    assert verify_package(tmp_path) == []
    manifest = read_manifest(tmp_path)
    assert (manifest.models, manifest.calibration, manifest.clock_state) == ([], None, None)


def test_what_an_older_version_left_staged_is_completed(tmp_path: Path) -> None:
    staged = tmp_path / "staged" / FIRST_SHAPE["key"]
    staged.mkdir(parents=True)
    for name in ("clean.jpg", "annotated.jpg"):
        (staged / name).write_bytes(PICTURE)
    (staged / "draft.json").write_text(json.dumps(FIRST_SHAPE | {"files": []}), encoding="utf-8")
    (package,) = recorder(tmp_path).recover()
    assert verify_package(package) == []
