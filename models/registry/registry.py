"""The registry: versions of models in two folders, the user's lying over the one that came with the package."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.cards import CARD_NAME, ModelCard, VerifiedModel, load_verified, read_card
from models.errors import (
    BadCard,
    BadRegistry,
    BuiltIn,
    InProductionAlready,
    ModelMissing,
    NothingBefore,
    NothingInProduction,
    VersionMissing,
    VersionTaken,
)
from models.registry.durable import copy_file, replace_file, sync_folder
from models.registry.history import Change, add_to_history, read_history, took_effect, version_before
from models.registry.names import check_name, is_name
from models.registry.signatures import check_signature, sign_version, trusted_keys

BUILT_IN = Path(__file__).parents[1] / "weights"
"""The models that came with the package; never written to."""
USER_VARIABLE = "DUSTWATCH_MODELS"
DEFAULT_USER_ROOT = Path("dustwatch-data/models")
DEFAULT_MODEL = "yolo26n-coco"
POINTER_NAME = "production"
LOCK_NAME = ".lock"
INCOMING = ".incoming-"


def user_root(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the user's models: DUSTWATCH_MODELS, or one in the current folder."""
    return Path(environment.get(USER_VARIABLE) or DEFAULT_USER_ROOT)


def load_model(name: str = DEFAULT_MODEL, root: Path | None = None) -> VerifiedModel:
    """Return the version of the model that is in production, its hash checked.

    `root` is the user's folder, `user_root()` unless told otherwise. Raises ModelError.
    """
    return Registry(root).load(name)


class Registry:
    """The versions of every model, and which are in production.

    Reading needs no lock: versions never change, and the pointer to the one in production is replaced in one step.
    Those who change something take turns, across processes.
    """

    def __init__(self, root: Path | None = None, built_in: Path = BUILT_IN) -> None:
        """`root` is the user's folder, `user_root()` unless told otherwise; it need not exist yet."""
        self.root = root or user_root()
        self._roots = (self.root, built_in)

    def names(self) -> list[str]:
        """Return the names of the models that have a version."""
        folders = {path.name for root in self._roots for path in root.glob("*") if is_name(path.name)}
        return sorted(name for name in folders if self.versions(name))

    def versions(self, name: str) -> list[str]:
        """Return the versions of a model, the oldest first by their names; none where there is no such model."""
        check_name(name)
        found = {path.parent.name for root in self._roots for path in (root / name).glob(f"*/{CARD_NAME}")}
        return sorted(filter(is_name, found), key=lambda version: (len(version), version))

    def folder(self, name: str, version: str) -> Path:
        """Return the folder of a version. Raises BadName, ModelMissing, VersionMissing."""
        check_name(version)
        known = self._known_versions(name)
        if version not in known:
            raise VersionMissing(name=name, version=version, known=", ".join(known))
        return next(path for root in self._roots if (path := root / name / version).joinpath(CARD_NAME).is_file())

    def card(self, name: str, version: str) -> ModelCard:
        """Return the card of a version, without reading its weights. Raises ModelError."""
        return read_card(self.folder(name, version))

    def production(self, name: str) -> str | None:
        """Return the version in production, as the user's pointer or else the built-in one tells; None if neither.

        Raises BadName, BadRegistry.
        """
        check_name(name)
        for root in self._roots:
            path = root / name / POINTER_NAME
            if path.is_file():
                version = path.read_text(encoding="utf-8", errors="replace").strip()
                if not is_name(version):
                    raise BadRegistry(path=path, detail="it names no version; promote one again")
                return version
        return None

    def load(self, name: str, version: str | None = None) -> VerifiedModel:
        """Return a version, the one in production unless told otherwise, its hash checked. Raises ModelError."""
        self._known_versions(name)
        version = version or self.production(name)
        if version is None:
            raise NothingInProduction(name=name)
        return replace(self._verified(name, version), version=version)

    def history(self, name: str) -> list[Change]:
        """Return every change of the version in production, the oldest first. Raises BadName, BadRegistry."""
        check_name(name)
        told = [change for root in reversed(self._roots) for change in read_history(root / name)]
        return took_effect(told, self.production(name))

    def add_version(self, name: str, version: str, folder: Path) -> Path:
        """Copy the files of `folder` (the weights, their card and figures) in as a new version, and return its place.

        Nothing is to be seen of it before it is whole and on the disk. Raises ModelError, OSError.
        """
        check_name(version)
        with self._alone(name) as place:
            if version in self.versions(name):
                raise VersionTaken(name=name, version=version)
            for left_behind in place.glob(f"{INCOMING}*"):
                shutil.rmtree(left_behind)
            incoming = Path(tempfile.mkdtemp(prefix=INCOMING, dir=place))
            try:
                for path in sorted(filter(Path.is_file, folder.iterdir())):
                    copy_file(path, incoming / path.name)
                _check_belongs(load_verified(incoming).card, name, folder)
                incoming.chmod(0o755)
                sync_folder(incoming)
                incoming.rename(place / version)
            except BaseException:
                shutil.rmtree(incoming, ignore_errors=True)
                raise
            sync_folder(place)
            return place / version

    def promote(self, name: str, version: str, who: str, reason: str) -> Change:
        """Put a version in production, and write down who did so and why. Raises ModelError, OSError."""
        self._verified(name, version)
        with self._alone(name):
            if version == self._last_production(name):
                raise InProductionAlready(name=name, version=version)
            return self._change(name, "promote", version, who, reason)

    def rollback(self, name: str, who: str, reason: str) -> Change:
        """Put the version before the present one in production again. Raises ModelError, OSError.

        Going back twice goes two versions back, not to and fro.
        """
        self._known_versions(name)
        with self._alone(name):
            before = version_before(self.history(name))
            if before is None:
                raise NothingBefore(name=name, version=self.production(name))
            self._verified(name, before)
            return self._change(name, "rollback", before, who, reason)

    def sign(self, name: str, version: str, key: Ed25519PrivateKey) -> None:
        """Sign one of the user's versions. Raises ModelError, OSError."""
        folder = self.folder(name, version)
        if not folder.is_relative_to(self.root):
            raise BuiltIn(name=name, version=version)
        load_verified(folder)
        with self._alone(name):
            sign_version(folder, key)

    def unsigned(self, names: Iterable[str]) -> list[str]:
        """Return which of the models run a version that nobody had to sign: the user's, while no keys are trusted.

        Raises BadName, BadRegistry, BadModelKey.
        """
        if trusted_keys() is not None:
            return []
        used = ((name, self.production(name)) for name in dict.fromkeys(names))
        return [name for name, version in used if version and self.folder(name, version).is_relative_to(self.root)]

    def _verified(self, name: str, version: str) -> VerifiedModel:
        """Return a version, its hash checked, and its signature where one is asked for. Raises ModelError.

        What came with the package is as trusted as the package.
        """
        folder = self.folder(name, version)
        signers = trusted_keys()
        if signers is not None and folder.is_relative_to(self.root):
            check_signature(folder, signers)
        return load_verified(folder)

    def _known_versions(self, name: str) -> list[str]:
        """Return the versions of a model, at least one. Raises BadName, ModelMissing."""
        known = self.versions(name)
        if not known:
            raise ModelMissing(name=name, known=", ".join(self.names()) or "none")
        return known

    def _change(self, name: str, action: Literal["promote", "rollback"], version: str, who: str, reason: str) -> Change:
        change = Change(
            action=action,
            version=version,
            previous=self._last_production(name),
            who=who,
            reason=reason,
            at=datetime.now(UTC),
        )
        add_to_history(self.root / name, change)
        replace_file(self.root / name / POINTER_NAME, f"{version}\n".encode())
        return change

    def _last_production(self, name: str) -> str | None:
        """Return the version in production, by the history where the pointer is damaged."""
        try:
            return self.production(name)
        except BadRegistry:
            told = read_history(self.root / name)
            return told[-1].version if told else None

    @contextmanager
    def _alone(self, name: str) -> Iterator[Path]:
        """Give the user's folder of the model, made if need be, with all others who would change it kept waiting."""
        place = self.root / check_name(name)
        place.mkdir(parents=True, exist_ok=True)
        with (place / LOCK_NAME).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield place


def _check_belongs(card: ModelCard, name: str, folder: Path) -> None:
    if card.name != name:
        raise BadCard(path=folder / CARD_NAME, detail=f"it is the card of {card.name}, not of {name}")
