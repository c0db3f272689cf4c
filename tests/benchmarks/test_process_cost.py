"""What is read from /proc."""

import os
import subprocess
import sys
import time

from benchmarks.process_cost import TICKS_PER_S, cpu_seconds_in, kilobytes_in, sample_process


def test_the_name_of_a_process_may_look_like_fields() -> None:
    stat = f"12 (a) R 9 (b) S {' '.join(['0'] * 10)} {3 * TICKS_PER_S} {TICKS_PER_S} 7 7"

    assert cpu_seconds_in(stat) == 4.0


def test_memory_is_read_by_its_whole_name() -> None:
    assert kilobytes_in("Pss_Dirty:  9 kB\nPss:   123 kB\n", "Pss") == 123


def test_work_of_this_process_is_counted() -> None:
    before = sample_process(os.getpid())
    until = time.process_time() + 0.3
    while time.process_time() < until:
        pass
    after = sample_process(os.getpid())

    assert after.cpu_s - before.cpu_s >= 0.25
    assert 0 < after.pss_mb <= after.rss_mb
    assert after.threads >= 1
    assert after.open_files > 0


def test_work_of_a_process_that_this_one_started_is_counted() -> None:
    script = "import time\nwhile time.process_time() < 0.5: pass\nprint('done', flush=True); time.sleep(60)"
    before = sample_process(os.getpid())
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        after = sample_process(os.getpid())
        child.kill()

    assert after.cpu_s - before.cpu_s >= 0.45
    assert after.threads > before.threads
