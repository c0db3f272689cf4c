"""Which node watches which camera: by what cameras cost and nodes can carry, and with few moves."""

from collections.abc import Mapping

from service.config.camera import CameraConfig

GATE_CORES = 0.3
PATROL_CORES = 0.05
"""What a camera is taken to cost whose `cores` are not told, in processor cores."""
WORTH_A_MOVE = 0.1
"""How much lower, as a share of a node's capacity, the fuller of two nodes has to become for a camera to move."""


def cost_of(camera: CameraConfig) -> float:
    """Return what a camera costs in processor cores, as declared or as is usual."""
    if camera.cores is not None:
        return camera.cores
    return PATROL_CORES if camera.zones.exit_line is None else GATE_CORES


def placed(cameras: Mapping[str, float], nodes: Mapping[str, float], present: Mapping[str, str]) -> dict[str, str]:
    """Return each camera's node. `cameras` tells costs and `nodes` capacities, both in cores; `present` where it is.

    A camera stays where it is unless its node is gone, or moving it evens the load out by a good deal. Nodes may
    become overfull: a camera that is looked at late is better than one that nobody looks at. Without nodes, none is
    placed.
    """
    capable = {node: cores for node, cores in nodes.items() if cores > 0}
    if not capable:
        return {}
    where = {camera: node for camera, node in present.items() if camera in cameras and node in capable}
    loads = dict.fromkeys(capable, 0.0)
    for camera, node in where.items():
        loads[node] += cameras[camera] / capable[node]
    for camera in sorted(cameras.keys() - where.keys(), key=lambda name: (-cameras[name], name)):
        node = min(capable, key=lambda each: (loads[each] + cameras[camera] / capable[each], each))
        where[camera] = node
        loads[node] += cameras[camera] / capable[node]
    while (move := _worthy_move(cameras, capable, where, loads)) is not None:
        camera, node = move
        loads[where[camera]] -= cameras[camera] / capable[where[camera]]
        loads[node] += cameras[camera] / capable[node]
        where[camera] = node
    return where


def _worthy_move(
    cameras: Mapping[str, float], nodes: Mapping[str, float], where: Mapping[str, str], loads: Mapping[str, float]
) -> tuple[str, str] | None:
    """Return the move to the emptiest node that evens out most, off the fullest that has one; None where none is."""
    to = min(loads, key=lambda each: (loads[each], each))
    for node in sorted(loads, key=lambda each: (-loads[each], each)):
        if loads[node] - loads[to] <= WORTH_A_MOVE:
            return None
        peaks = {}
        for camera, at in where.items():
            if at != node:
                continue
            left, filled = loads[node] - cameras[camera] / nodes[node], loads[to] + cameras[camera] / nodes[to]
            # One small camera alone evens little out; many of them do, where a node has just joined.
            are_far_apart = loads[node] - loads[to] > 2 * WORTH_A_MOVE and left >= filled
            if are_far_apart or max(left, filled) < loads[node] - WORTH_A_MOVE:
                peaks[camera] = max(left, filled)
        if peaks:
            return min(peaks, key=lambda name: (peaks[name], name)), to
    return None
