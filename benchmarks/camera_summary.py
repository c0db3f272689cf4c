"""Brings the parts' figures together into the ones that are reported; what was not measured is None."""

from typing import Any

from benchmarks.camera_figures import cost_at_rate, fit_line, ratio
from benchmarks.camera_parts import INSPECT_EVERY_S

Figures = dict[str, Any]
LEAST_POINTS = 3


def summarise(parts: dict[str, Figures]) -> Figures:
    """Return the headline figures.

    `cpu_s_per_camera_s`, and the floor and the peer it is compared with, are at one inspection each 2 s.
    The peer is the same for `vs_ultralytics_gated`, with the change gate and a look each 2 s, and for
    `vs_ultralytics_patrol`, with the change gate and the product's own look each 10 s.
    `floor_vs_ultralytics` is the most that `vs_ultralytics` could be.
    """
    floor = parts.get("floor", {})
    ours, peer = _at_rate(parts.get("cost", {})), _at_rate(parts.get("ultralytics", {}))
    gated = parts.get("gated", {}).get("cpu_s_per_camera_s")
    patrol = parts.get("patrol", {}).get("cpu_s_per_camera_s")
    floor_s = floor["inspection_s"] / INSPECT_EVERY_S if floor else None
    return {
        "cpu_s_per_camera_s": ours,
        "floor_cpu_s_per_camera_s": floor_s,
        "ultralytics_cpu_s_per_camera_s": peer,
        "vs_floor": ratio(ours, floor_s),
        "vs_ultralytics": ratio(peer, ours),
        "floor_vs_ultralytics": ratio(peer, floor_s),
        "vs_ultralytics_gated": ratio(peer, gated),
        "vs_ultralytics_patrol": ratio(peer, patrol),
        **_scaling(parts.get("scale", {}).get("runs", [])),
        "mb_per_camera": parts.get("memory", {}).get("mb_per_camera"),
        "gate_latency_p95_s": parts.get("gate", {}).get("p95_s"),
        "gate_missed": parts.get("gate", {}).get("missed"),
    }


def _at_rate(run: Figures) -> float | None:
    """Return CPU seconds a camera and second at the rate compared at."""
    return cost_at_rate(run["cpu_s"], run["inspections"], INSPECT_EVERY_S) if run else None


def _scaling(runs: list[Figures]) -> Figures:
    """Return how CPU and memory grow with the number of cameras, and the worst fairness among the runs."""
    cameras = [run["cameras"] for run in runs]
    if len(runs) < LEAST_POINTS:
        return {"cameras": cameras, "r2_cpu": None, "r2_rss": None, "least_to_median": None}
    # Of the whole process a second, not of a camera.
    cpu = fit_line(cameras, [run["cpu_s"] / run["seconds"] for run in runs])
    rss = fit_line(cameras, [run["rss_mb"] for run in runs])
    return {
        "cameras": cameras,
        "r2_cpu": cpu.r2,
        "cpu_s_per_added_camera_s": cpu.slope,
        "r2_rss": rss.r2,
        "mb_per_added_substream": rss.slope,
        "least_to_median": min(run["least_to_median"] for run in runs),
    }
