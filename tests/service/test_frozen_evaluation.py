"""The frozen sets of third-party pictures are made into data sets, and measured on real pictures where they are."""

import os
from pathlib import Path

import numpy as np
import pytest

from datasets.build.named_streets import CAMVID_NAMES, write_named_streets
from models.classes import TASKS
from models.data.data_set import read_data_set
from models.data.problems import DataSetProblems
from models.data.sample import NOT_JUDGED, sample_mask
from models.evaluation.frozen import frozen_sets
from service.frozen_evaluation import MeasuredModel, evaluate_on_frozen_sets
from tests.models.data.made_data_set import save_mask, save_picture, save_text
from tests.models.made_models import colour_network, made_model

PICTURES = Path(os.environ.get("DUSTWATCH_PICTURES", Path(__file__).parents[3] / "shared" / "data"))
FENCE = CAMVID_NAMES.index("fence")


@pytest.fixture
def streets(tmp_path: Path) -> Path:
    """Two pictures as CamVid has them: fence on the left, road on the right, one row unlabelled."""
    folder = tmp_path / "pictures" / "camvid"
    for number in range(2):
        save_picture(folder / f"street{number}.jpg", number)
        mask = np.full((48, 64), CAMVID_NAMES.index("road"), np.uint8)
        mask[:, :32] = FENCE
        mask[0] = len(CAMVID_NAMES)
        save_mask(folder / f"street{number}_mask.png", mask)
    return folder


def test_streets_keep_their_own_names(streets: Path, tmp_path: Path) -> None:
    write_named_streets(streets, tmp_path / "out")
    data_set = read_data_set(tmp_path / "out")
    mask = sample_mask(data_set.samples()[0], data_set.names)
    assert data_set.names.all[int(mask[10, 0])] == "fence"
    assert data_set.names.all[int(mask[10, 63])] == "road"
    assert (mask[0] == NOT_JUDGED).all()


def test_streets_that_are_not_there_or_damaged(streets: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataSetProblems, match="_mask"):
        write_named_streets(tmp_path / "empty", tmp_path / "out1")
    save_text(streets / "street0_mask.png", "no mask")
    with pytest.raises(DataSetProblems, match="street0_mask"):
        write_named_streets(streets, tmp_path / "out2")


def test_false_alarms_on_streets_are_told_by_name(streets: Path) -> None:
    told: list[tuple[str, int, int]] = []
    model = MeasuredModel(made_model(colour_network()), "1")
    found = evaluate_on_frozen_sets(
        {"surfaces": model},
        streets.parent,
        tasks=TASKS,
        threads=1,
        on_progress=lambda name, done, total: told.append((name, done, total)),
    )
    soil = found.real["camvid"].classes["bare_soil"]
    assert soil.labelled
    assert soil.truth == 0
    assert set(soil.false_alarms_by_name) == {"fence", "road"}
    assert ("camvid", 2, 2) in told
    assert set(found.rendered) | set(found.real) | set(found.absent) == {frozen.name for frozen in frozen_sets()}
    assert "excavators" in found.absent["excavators-soil"]


@pytest.mark.slow
@pytest.mark.skipif(not (PICTURES / "camvid").is_dir(), reason="needs the third-party pictures: DUSTWATCH_PICTURES")
def test_the_real_pictures_make_frozen_sets() -> None:
    """A network that knows red from green is bad at soil, but the sets are whole and have the sizes that they had."""
    model = MeasuredModel(made_model(colour_network()), "1")
    found = evaluate_on_frozen_sets({"surfaces": model}, PICTURES, tasks=("surfaces",), threads=1)
    assert found.real["camvid"].samples == 117
    assert found.real["excavators-soil"].samples == 25
    assert found.real["excavators-soil"].classes["bare_soil"].truth > 100_000
