"""What decoding in a process of its own costs: CPU seconds a picture there and here, in turns, in one run.

Usage: python -m benchmarks.decoding [--rounds N] [--work DIR]. Prints one JSON object, which it also writes to
results/decoding.json. `keyframe` is a look of a patrol: a keyframe is decoded alone, compared, converted; `full` is a
gate's burst: each packet is decoded, ten pictures a second are converted. `inference_s` is what the network
takes for one picture, so that `share_of_look` tells how much dearer a look becomes.
"""

import argparse
import itertools
import json
import resource
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.camera_floor import measure_floor
from benchmarks.camera_footage import Footage, main_stream, make_footage, substream
from benchmarks.machine import describe_machine
from benchmarks.process_cost import sample_process
from streams.addresses import VideoSource
from streams.codecs import HERE, Decoders
from streams.decoding.pool import DecoderPool
from streams.decoding.remote import CameraDecoders
from streams.frames import DecodeMode, FrameDecoder
from streams.full_rate import FrameSampler
from streams.packets import Packet
from streams.sources import OpenVideo

RESULTS = Path(__file__).parent / "results" / "decoding.json"
FILM_S = 6.0
LOOKS_A_SECOND = 10.0


def main() -> None:
    """Measure 1080p and 360p, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--work", type=Path, default=Path("artifacts/cameras"))
    arguments = parser.parse_args()
    films = [main_stream("gate", FILM_S), substream("gate", FILM_S)]
    told = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "rounds": arguments.rounds,
        **{f"{film.height}p": _measure(film, arguments.work / "films", arguments.rounds) for film in films},
    }
    RESULTS.write_text(json.dumps(told, indent=1) + "\n")
    print(json.dumps(told, indent=1))


def _measure(footage: Footage, folder: Path, rounds: int) -> dict[str, Any]:
    film = make_footage(footage, folder)
    with OpenVideo(VideoSource(str(film))) as video:
        packets = list(video.packets())
    inference_s = measure_floor(film, 3).inference_s
    pool = DecoderPool(most=1)
    try:
        ways: dict[str, Decoders] = {"thread": HERE, "process": CameraDecoders(pool, "camera")}
        keyframe = _in_turns(packets, DecodeMode.KEYFRAMES, ways, pool, rounds)
        full = _in_turns(packets, DecodeMode.FULL, ways, pool, rounds)
        process_mb = sample_process(pool.pids[0]).pss_mb
    finally:
        pool.close()
    for each in (keyframe, full):
        more_s = each["process_s"] - each["thread_s"]
        each["share_of_look"] = round(more_s / (each["thread_s"] + inference_s), 4)
    return {"keyframe": keyframe, "full": full, "inference_s": round(inference_s, 5), "process_mb": round(process_mb)}


def _in_turns(
    packets: Sequence[Packet], mode: DecodeMode, ways: dict[str, Decoders], pool: DecoderPool, rounds: int
) -> dict[str, float]:
    """Return the median CPU seconds a look both ways, and the median ratio of neighbouring rounds."""
    costs: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name in itertools.islice(itertools.cycle(ways), number % 2, number % 2 + len(ways)):
            costs[name].append(_one_round(packets, mode, ways[name], pool))
    thread, process = costs["thread"][1:], costs["process"][1:]  # the first warms up
    ratios = [there / here for there, here in zip(process, thread, strict=True)]
    return {
        "thread_s": round(median(thread), 5),
        "process_s": round(median(process), 5),
        "ratio": round(median(ratios), 4),
    }


def _one_round(packets: Sequence[Packet], mode: DecodeMode, decoders: Decoders, pool: DecoderPool) -> float:
    """Return CPU seconds a look, of this process and the decoding one."""
    decoder, sampler, looks = FrameDecoder(mode, decoders), FrameSampler(LOOKS_A_SECOND), 0
    wants = sampler.wants if mode is DecodeMode.FULL else None
    before = _cpu_s(pool)
    for packet in packets:
        for picture in decoder.decode(packet, wants):
            picture.thumbnail()
            picture.to_frame()
            looks += 1
        if mode is DecodeMode.KEYFRAMES:
            decoder.rest()
    return (_cpu_s(pool) - before) / looks


def _cpu_s(pool: DecoderPool) -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime + sum(time.clock_gettime(_clock_of(pid)) for pid in pool.pids)


def _clock_of(pid: int) -> int:
    """Return the number of another process's CPU clock, as clock_getcpuclockid makes it."""
    return (~pid << 3) | 2


if __name__ == "__main__":
    main()
