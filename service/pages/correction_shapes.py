"""What an inspector may draw on the picture of a case, by its rule."""

from service.pages.labels import RULES
from service.texts.catalogue import N_, Texts
from vision.evidence.manifest import DustRule

_SURFACES = (
    ("bare_soil", N_("Bare soil")),
    ("dust_net", N_("Dust net")),
    ("hoarding", N_("Hoarding")),
    ("other", N_("Something else")),
)
_OBJECTS = (
    ("truck", N_("Truck")),
    ("muddy", N_("Muddy truck")),
    ("clean", N_("Clean truck")),
    ("car", N_("Car")),
    ("bus", N_("Bus")),
)
_BY_RULE = {
    "unwashed_truck": ("box", _OBJECTS),
    "uncovered_soil": ("area", _SURFACES),
    "missing_hoarding": ("area", (_SURFACES[2], *_SURFACES[:2], _SURFACES[3])),
}
assert set(_BY_RULE) == set(RULES) - set(DustRule)  # on a chart there is nothing to draw


def shapes_of(rule: str, _: Texts) -> tuple[dict[str, str], ...]:
    """Return the shapes, the likeliest first: kind (`area`, `box`), class and its name; none for an unknown rule."""
    kind, classes = _BY_RULE.get(rule, ("", ()))
    return tuple({"kind": kind, "name": name, "text": _(text)} for name, text in classes)
