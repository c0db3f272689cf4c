"""A lorry's or a car's objects in Blender."""

from datasets.render import blender
from datasets.render.judged.lorries import body, wheels_at
from datasets.render.scene import TruckModel
from datasets.render.truck import wheel


class LorryModel(TruckModel):
    """The body of any make, and the wheels that are its children; shown as a truck is."""

    def __init__(self, name: str, make: str, axles: int, paint: str) -> None:
        self._body = blender.add(name, body(make, axles), paint=paint, bevel=0.015)
        self._wheels = []
        for x, y, z in wheels_at(make, axles):
            part = blender.add(f"{name} wheel", wheel(1 if y > 0 else -1), paint=paint)
            part.parent, part.location = self._body, (x, y, z)
            self._wheels.append(part)
