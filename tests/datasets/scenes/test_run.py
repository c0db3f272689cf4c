import json

import cv2
import numpy as np
import pytest

from datasets.errors import BlenderMissing, OtherOrder
from datasets.render.scenes import run
from datasets.render.scenes.order import RenderOrder

TINY = RenderOrder(seed=5, scenes=2, views=1, size=(128, 72), samples=1)


@pytest.fixture
def blender_stands_in(monkeypatch):
    """Let scenes appear without Blender, to test what goes on around the rendering."""
    made = []

    def fake(seed, order, out, threads):
        folder = out / f"{seed:06d}"
        folder.mkdir()
        (folder / run.TRUTH_NAME).write_text("{}")
        made.append(seed)

    monkeypatch.setitem(__import__("sys").modules, "bpy", object())
    monkeypatch.setattr(run, "render_scene", fake)
    return made


def test_a_second_run_renders_only_what_is_missing(tmp_path, blender_stands_in):
    heard = []

    assert run.render_scenes(TINY, tmp_path, on_scene=heard.append) == 2
    (tmp_path / "000006" / run.TRUTH_NAME).unlink()
    (tmp_path / "000006").rmdir()

    assert run.render_scenes(TINY, tmp_path, on_scene=heard.append) == 1
    assert blender_stands_in == [5, 6, 6]
    assert heard == [5, 6, 5, 6]


def test_a_folder_of_other_settings_is_refused(tmp_path, blender_stands_in):
    run.render_scenes(TINY, tmp_path)

    with pytest.raises(OtherOrder, match="other settings"):
        run.render_scenes(RenderOrder(seed=5, scenes=2, samples=64), tmp_path)


def test_without_blender_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "bpy", None)

    with pytest.raises(BlenderMissing, match=r"pip install 'dustwatch\[render\]'"):
        run.render_scenes(TINY, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_blender_renders_the_same_scene_twice_with_a_truth_that_fits(tmp_path):
    pytest.importorskip("bpy", reason="needs the extra `render`", exc_type=ImportError)
    order = RenderOrder(seed=12, scenes=1, views=1, size=(128, 72), samples=1)

    for name in ("one", "two"):
        run.render_scenes(order, tmp_path / name)

    first, second = tmp_path / "one" / "000012", tmp_path / "two" / "000012"
    truth = json.loads((first / run.TRUTH_NAME).read_text())
    assert truth == json.loads((second / run.TRUTH_NAME).read_text())
    (view,) = truth["views"]
    for file in (view["picture"], view["mask"]):
        one, two = (cv2.imread(str(folder / file), cv2.IMREAD_UNCHANGED) for folder in (first, second))
        assert one.shape[:2] == (72, 128)
        assert np.array_equal(one, two)
    assert set(np.unique(cv2.imread(str(first / view["mask"]), 0))) <= {0, 1, 2, 3, 255}
