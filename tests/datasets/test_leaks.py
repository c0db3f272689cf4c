"""What two splits share is found: scenes, pictures, and pictures that look alike."""

from pathlib import Path

import numpy as np
from PIL import Image

from datasets.leaks import difference_hash, find_leaks
from models.data.data_set import inspect_data_set
from tests.models.data.made_data_set import describe, picture, save_picture, save_text


def record(sample_id: str, split: str, group: str) -> str:
    return (
        f'{{"id": "{sample_id}", "split": "{split}", "kind": "real", "group": "{group}", "source": "", "licence": "", '
        f'"sha256": "{"0" * 64}"}}\n'
    )


def test_shared_scenes_same_pictures_and_look_alikes_are_found(tmp_path: Path) -> None:
    describe(tmp_path, {0: "bare_soil"})
    images = tmp_path / "images"
    save_picture(images / "train" / "a.png", 1)
    save_picture(images / "test" / "b.png", 1)
    save_picture(images / "train" / "c.png", 2, 640, 480)
    smaller = Image.fromarray(picture(2, 640, 480)).resize((320, 240))
    (images / "val").mkdir()
    smaller.save(images / "val" / "d.jpg")
    save_picture(images / "test" / "e.png", 3)
    save_text(images / "test" / "broken.png", "no picture")
    listed = [("a", "train", "yard"), ("b", "test", "gate"), ("c", "train", "pit"), ("d", "val", "heap")]
    lines = [record(*each) for each in [*listed, ("e", "test", "yard"), ("broken", "test", "road")]]
    save_text(tmp_path / "samples.jsonl", "".join(lines))
    data_set, _ = inspect_data_set(tmp_path, contents=False)
    leaks = find_leaks(data_set)
    assert leaks.groups == ("yard",)
    assert leaks.same_pictures == (("train/a", "test/b"),)
    assert [(pair.first, pair.second) for pair in leaks.look_alikes] == [("train/c", "val/d")]
    assert leaks.is_faulty


def test_pictures_of_one_split_may_look_alike(tmp_path: Path) -> None:
    describe(tmp_path, {0: "bare_soil"})
    save_picture(tmp_path / "images" / "train" / "a.png", 1)
    save_picture(tmp_path / "images" / "train" / "b.png", 1)
    data_set, _ = inspect_data_set(tmp_path, contents=False)
    leaks = find_leaks(data_set)
    assert (leaks.look_alikes, leaks.is_faulty) == ((), False)


def test_the_hash_is_that_of_rising_brightness(tmp_path: Path) -> None:
    rising = np.tile(np.linspace(0, 255, 90, dtype=np.uint8), (80, 1))
    for name, grey, expected in (("up", rising, 2**64 - 1), ("down", rising[:, ::-1], 0)):
        Image.fromarray(np.ascontiguousarray(grey)).save(tmp_path / f"{name}.png")
        assert difference_hash(tmp_path / f"{name}.png") == expected
