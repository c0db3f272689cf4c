"""The models that an edge runs: which one sees what, and which rules rest on which."""

from functools import cached_property

from models.cards import VerifiedModel
from models.inference.detector import Detector
from models.inference.mud import MudClassifier
from models.inference.surfaces import SurfaceSegmenter
from models.registry.registry import load_model
from service.config.schema import Config
from vision.evidence.manifest import ModelUsed
from vision.networks import Networks
from vision.surface_samples import MACHINE_CLASSES
from vision.truck_vote import VEHICLE_CLASSES
from vision.violations import RuleName
from vision.watch import Sight


class EdgeModels:
    """The models in production by the names of a configuration: loaded and checked once, when first asked for.

    What loads one raises ModelError.
    """

    def __init__(self, config: Config) -> None:
        self._config = config

    @cached_property
    def vehicles(self) -> VerifiedModel:
        """What finds vehicles at gates."""
        return load_model(self._config.model)

    @cached_property
    def machines(self) -> VerifiedModel:
        """What finds vehicles and excavators on yards and before hoardings."""
        return load_model(self._config.machine_model)

    @cached_property
    def surfaces(self) -> VerifiedModel:
        """What tells surfaces."""
        return load_model(self._config.surface_model)

    @cached_property
    def mud(self) -> VerifiedModel:
        """What tells muddy trucks."""
        return load_model(self._config.mud_model)

    def networks(self, needs: frozenset[Sight] = frozenset(Sight), *, workers: int = 0) -> Networks:
        """Start the sessions of what is needed, one thread each."""
        return Networks(
            Detector(self.vehicles, VEHICLE_CLASSES, threads=1) if Sight.VEHICLES in needs else None,
            SurfaceSegmenter(self.surfaces, threads=1) if Sight.SURFACES in needs else None,
            MudClassifier(self.mud, threads=1) if Sight.MUD in needs else None,
            Detector(self.machines, MACHINE_CLASSES, score_threshold=None, threads=1)
            if Sight.MACHINES in needs
            else None,
            workers=workers,
        )

    @property
    def weights(self) -> tuple[str, ...]:
        """The hashes of what the memory of a yard or perimeter rests on."""
        return self.surfaces.card.sha256, self.machines.card.sha256

    def by_rule(self) -> dict[RuleName, list[ModelUsed]]:
        """Return the models that have a say in each rule, the one it rests on first: machines hide what is behind."""
        vehicles, machines, surfaces, mud = map(_used, (self.vehicles, self.machines, self.surfaces, self.mud))
        return {
            RuleName.UNWASHED_TRUCK: [vehicles, mud],
            RuleName.UNCOVERED_SOIL: [surfaces, machines],
            RuleName.MISSING_HOARDING: [surfaces, machines],
        }


def _used(model: VerifiedModel) -> ModelUsed:
    return ModelUsed(name=model.card.name, sha256=model.card.sha256, version=model.version)
