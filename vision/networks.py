"""Runs the networks over pictures of many cameras: in batches on a graphics card, side by side on processor cores."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from models.inference.detector import Detector
from models.inference.mud import MudClassifier
from models.inference.surfaces import SurfaceSegmenter
from streams.frames import BgrImage, Frame
from vision.close_look import look_closely
from vision.geometry import BboxXyxy
from vision.reference import view_of
from vision.spray import small_grey
from vision.watch import Seen, Sight

CLOSER = frozenset({Sight.MUD, Sight.GREY})
"""What is told of vehicles, and so after them; a picture without any has none of it."""
CPU_ALONE = ["CPUExecutionProvider"]
BATCH_ON_CARD = 16
LUMA_OF_BGR = (0.114, 0.587, 0.299)
BRIGHTNESS_STEP = 8
"""Every so many pixels one is looked at for the brightness; a mean needs no more."""


class Networks:
    """The networks that watches ask for, and the workers that run them.

    On processor cores each worker takes one picture at a time through a session of one thread: a batch would gain
    nothing there. Elsewhere pictures go through in batches.
    """

    def __init__(
        self,
        vehicles: Detector | None = None,
        surfaces: SurfaceSegmenter | None = None,
        mud: MudClassifier | None = None,
        machines: Detector | None = None,
        *,
        workers: int = 0,
        batch: int = 0,
    ) -> None:
        """`workers` of 0 takes as many as there are processor cores; `batch` of 0 what suits the hardware."""
        self._look: Mapping[Sight, Callable[[Sequence[BgrImage]], Sequence[Any]]] = {
            Sight.VIEW: lambda images: [view_of(image) for image in images],
            **({} if vehicles is None else {Sight.VEHICLES: vehicles.detect}),
            **({} if surfaces is None else {Sight.SURFACES: surfaces.segment}),
            **({} if machines is None else {Sight.MACHINES: machines.detect}),
        }
        self._mud = mud
        providers = [network.providers for network in (vehicles, surfaces, machines) if network is not None]
        self.batch = batch or (1 if all(used == CPU_ALONE for used in providers) else BATCH_ON_CARD)
        self.workers = workers or os.cpu_count() or 1
        self.pool = ThreadPoolExecutor(self.workers, thread_name_prefix="worker")

    @property
    def most_at_once(self) -> int:
        """How many pictures to bring at once: enough to keep every worker busy, few enough to answer soon."""
        return 2 * self.workers if self.batch == 1 else self.batch

    def see(
        self,
        frames: Sequence[Frame],
        needs: Sequence[frozenset[Sight]],
        closely: Sequence[Callable[[BboxXyxy], bool]] = (),
    ) -> list[Seen]:
        """Return what is seen in each picture, of what is needed there. Raises KeyError for a network not there.

        Where mud is needed, `closely` tells for each picture of which vehicles; without it, of all.
        """
        found: list[dict[str, Any]] = [{} for _ in frames]
        cpu_s = [0.0] * len(frames)
        jobs = []
        for sight in sorted({sight for needed in needs for sight in needed} - CLOSER):
            wanted = [index for index, needed in enumerate(needs) if sight in needed]
            for start in range(0, len(wanted), self.batch):
                some = wanted[start : start + self.batch]
                jobs.append((sight, some, self.pool.submit(self._run, sight, [frames[i].image for i in some])))
        for sight, some, job in jobs:
            results, took_s = job.result()
            for index, result in zip(some, results, strict=True):
                found[index][sight.value] = result
                cpu_s[index] += took_s / len(some)
        self._look_closer(frames, needs, closely or [_everywhere] * len(frames), found, cpu_s)
        return [
            Seen(
                frame.captured_at,
                frame.image.shape[1],
                frame.image.shape[0],
                **found[index],
                brightness=brightness(frame.image),
                cpu_s=cpu_s[index],
            )
            for index, frame in enumerate(frames)
        ]

    def _look_closer(
        self,
        frames: Sequence[Frame],
        needs: Sequence[frozenset[Sight]],
        closely: Sequence[Callable[[BboxXyxy], bool]],
        found: list[dict[str, Any]],
        cpu_s: list[float],
    ) -> None:
        """Add what can only be told once the vehicles are known."""
        jobs = [
            (index, self.pool.submit(self._close_look, frames[index].image, needed, closely[index], found[index]))
            for index, needed in enumerate(needs)
            if needed & CLOSER and len(found[index].get(Sight.VEHICLES.value, ()))
        ]
        for index, job in jobs:
            cpu_s[index] += job.result()

    def _close_look(
        self, image: BgrImage, needed: frozenset[Sight], closely: Callable[[BboxXyxy], bool], found: dict[str, Any]
    ) -> float:
        began = time.thread_time()
        if Sight.MUD in needed:
            if self._mud is None:
                raise KeyError(Sight.MUD)
            vehicles = found[Sight.VEHICLES.value]
            found[Sight.VEHICLES.value] = look_closely(image, vehicles, self._mud, closely)
        if Sight.GREY in needed:
            found[Sight.GREY.value] = small_grey(image)
        return time.thread_time() - began

    def close(self) -> None:
        """End the workers."""
        self.pool.shutdown()

    def _run(self, sight: Sight, images: Sequence[BgrImage]) -> tuple[Sequence[Any], float]:
        began = time.thread_time()
        return self._look[sight](images), time.thread_time() - began


def _everywhere(bbox_xyxy: BboxXyxy) -> bool:
    return True


def brightness(image: BgrImage) -> float:
    """Return the mean luma (0..255) of a picture."""
    return float(image[::BRIGHTNESS_STEP, ::BRIGHTNESS_STEP].mean(axis=(0, 1)) @ LUMA_OF_BGR)
