"""What a checked package says, as the case store keeps it: of a violation's first package, and of a later one."""

from datetime import UTC, datetime

from service.domain.cases import Finding, LaterPackage
from service.storage.package import Package, evidence_items
from vision.evidence.manifest import Follows, ModelUsed


def finding_of(package: Package, folder: str, received_at: datetime) -> Finding:
    """Return the violation of a first package, whose files lie in `folder`; `received_at` is UTC."""
    manifest = package.manifest
    return Finding(
        key=manifest.key,
        rule=manifest.rule.value,
        site_id=manifest.place.site_id,
        site_name=manifest.place.site_name,
        camera_id=manifest.place.camera_id,
        camera_name=manifest.place.camera_name,
        opened_at=manifest.opened_at.astimezone(UTC),
        received_at=received_at,
        measures=manifest.measures,
        evidence=evidence_items(manifest),
        folder=folder,
        manifest_sha256=package.sha256,
        model=_model(manifest.model),
    )


def later_package_of(package: Package, follows: Follows, folder: str, received_at: datetime) -> LaterPackage:
    """Return what a later package adds to the case that it `follows`; `received_at` is UTC."""
    manifest = package.manifest
    return LaterPackage(
        key=manifest.key,
        number=follows.number,
        stage=follows.stage,
        captured_at=manifest.opened_at.astimezone(UTC),
        received_at=received_at,
        measures=manifest.measures,
        evidence=evidence_items(manifest),
        folder=folder,
        manifest_sha256=package.sha256,
        outcome=follows.outcome,
    )


def _model(used: ModelUsed | None) -> str:
    """Return the model's name with its version, or the beginning of its hash where it has none."""
    return "" if used is None else f"{used.name}@{used.version or used.sha256[:12]}"
