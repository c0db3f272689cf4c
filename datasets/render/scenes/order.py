"""What scenes are to be rendered, and how finely. Pure."""

from dataclasses import dataclass

WIDTH, SAMPLES = 640, 8
PREVIEW_WIDTH, PREVIEW_SAMPLES = 256, 2


@dataclass(frozen=True)
class RenderOrder:
    """The first seed, how many scenes, views a scene, the pictures' width and height, and light paths a pixel."""

    seed: int
    scenes: int
    views: int = 2
    size: tuple[int, int] = (WIDTH, WIDTH * 9 // 16)
    samples: int = SAMPLES

    @property
    def seeds(self) -> list[int]:
        """The scenes' seeds."""
        return list(range(self.seed, self.seed + self.scenes))

    @property
    def quality(self) -> dict[str, object]:
        """What all scenes of a folder have in common."""
        return {"views": self.views, "size": list(self.size), "samples": self.samples}
