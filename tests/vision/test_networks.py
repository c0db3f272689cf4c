"""The networks see what each camera asks for, alone or in batches."""

from datetime import timedelta

import numpy as np
import pytest

from datasets.stories import gate_story
from models.inference.detector import Detector
from models.inference.mud import MudClassifier
from models.inference.surfaces import SurfaceSegmenter
from models.registry.registry import load_model
from streams.addresses import VideoSource
from streams.frames import BgrImage, Frame, decode_all
from streams.sources import OpenVideo
from tests.streams.made_scene import START
from vision.close_look import MUD
from vision.networks import Networks
from vision.patrol_watch import surface_shares
from vision.surface_samples import MACHINE_CLASSES
from vision.truck_vote import VEHICLE_CLASSES
from vision.watch import Sight

VEHICLES, SURFACES = frozenset({Sight.VEHICLES}), frozenset({Sight.SURFACES})
MACHINES = frozenset({Sight.MACHINES})


def _networks(batch: int = 0) -> Networks:
    vehicles = Detector(load_model(), VEHICLE_CLASSES, input_size=320, threads=1)
    surfaces = SurfaceSegmenter(load_model("surfaces"), input_size=320, threads=1)
    machines = Detector(load_model("vehicles"), MACHINE_CLASSES, input_size=320, threads=1)
    return Networks(vehicles, surfaces, MudClassifier(load_model("mud"), threads=1), machines, batch=batch)


def _frame_of_the_gate(second: float) -> Frame:
    """Return a picture of the rendered gate, which shows trucks."""
    with OpenVideo(VideoSource(str(gate_story().clip)), started_at=START) as video:
        at = START + timedelta(seconds=second)
        return next(frame for frame in decode_all(video.packets()) if frame.captured_at >= at)


def _frame(seed: int, height: int = 180) -> Frame:
    picture: BgrImage = np.random.default_rng(seed).integers(0, 255, (height, 320, 3), dtype=np.uint8)
    return Frame(picture, START, is_keyframe=True)


def test_each_camera_gets_what_it_asks_for_and_no_more() -> None:
    networks = _networks()
    gate, yard, both, none = networks.see(
        [_frame(1), _frame(2), _frame(3, height=240), _frame(4)],
        [VEHICLES, SURFACES | MACHINES, VEHICLES | SURFACES, frozenset()],
    )
    networks.close()
    assert gate.vehicles is not None
    assert gate.surfaces is gate.machines is None
    assert yard.surfaces is not None
    assert yard.machines is not None
    assert yard.vehicles is None
    assert both.vehicles is not None
    assert both.surfaces is not None
    assert (both.width, both.height) == (320, 240)
    assert none.vehicles is none.surfaces is None
    assert none.cpu_s == 0
    assert both.cpu_s > 0


def test_mud_is_told_of_the_vehicles_that_are_asked_about_and_costs_its_time() -> None:
    networks, truck = _networks(), _frame_of_the_gate(9.0)
    needs = VEHICLES | {Sight.MUD, Sight.GREY}
    all_, none, without, empty = networks.see(
        [truck, truck, truck, _frame_of_the_gate(0.0)],
        [needs, needs, VEHICLES, needs],
        [lambda _: True, lambda _: False, lambda _: True, lambda _: True],
    )
    networks.close()
    assert all_.vehicles is not None
    assert none.vehicles is not None
    assert without.vehicles is not None
    assert np.isfinite(all_.vehicles.data[MUD]).any()
    assert np.isnan(none.vehicles.data[MUD]).all()
    assert MUD not in without.vehicles.data
    assert all_.grey is not None
    assert all_.grey.shape == (180, 320)
    assert without.grey is empty.grey is None
    assert all_.cpu_s > 0


def test_a_batch_sees_what_single_pictures_see() -> None:
    frames, needs = [_frame(seed) for seed in range(5)], [VEHICLES | SURFACES] * 5
    alone, together = _networks(batch=1), _networks(batch=3)
    assert together.most_at_once == 3
    for one, other in zip(alone.see(frames, needs), together.see(frames, needs), strict=True):
        assert one.vehicles is not None
        assert other.vehicles is not None
        assert one.surfaces is not None
        assert other.surfaces is not None
        assert np.allclose(one.vehicles.xyxy, other.vehicles.xyxy, atol=0.1)
        assert surface_shares(one.surfaces) == pytest.approx(surface_shares(other.surfaces), abs=0.01)
    alone.close()
    together.close()


@pytest.mark.parametrize(
    ("bgr", "luma"), [((0, 0, 0), 0), ((255, 255, 255), 255), ((0, 200, 0), 117.4), ((200, 0, 0), 22.8)]
)
def test_the_brightness_is_the_mean_luma(bgr: tuple[int, int, int], luma: float) -> None:
    picture: BgrImage = np.full((90, 160, 3), bgr, dtype=np.uint8)
    networks = Networks()
    (seen,) = networks.see([Frame(picture, START, is_keyframe=True)], [frozenset()])
    networks.close()
    assert seen.brightness == pytest.approx(luma, abs=0.1)


def test_a_network_that_is_not_there_is_an_error() -> None:
    networks = Networks()
    with pytest.raises(KeyError):
        networks.see([_frame(1)], [VEHICLES])
    blind_to_mud = Networks(Detector(load_model(), VEHICLE_CLASSES, threads=1))
    with pytest.raises(KeyError):
        blind_to_mud.see([_frame_of_the_gate(9.0)], [VEHICLES | {Sight.MUD}])
    blind_to_mud.close()
    networks.close()
