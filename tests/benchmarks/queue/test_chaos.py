"""Ten edges, a queue that is killed and lines that break: every violation is one case, small."""

import pytest

from benchmarks.queue.chaos import Chaos, make_packages, run
from vision.evidence.verify import verify_package


def test_the_edges_packages_are_whole_and_some_come_twice(tmp_path):
    keys, twice = make_packages(tmp_path, Chaos(40, 4))
    packages = sorted(tmp_path.glob("*/ready/*"))
    assert (len(keys), len(packages)) == (40, 40 + twice)
    assert twice > 0
    assert not verify_package(packages[0])


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_every_violation_is_one_case_however_often_the_service_is_killed(tmp_path):
    chaos = Chaos(200, 10, lives_s=(1.0, 4.0), kills_at_least=3, within_s=1200)
    figures = run(f"sqlite:///{tmp_path}/cases.db", tmp_path, chaos)
    assert figures.kills >= 3
    assert figures.wrong == 0, figures
