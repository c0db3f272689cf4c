"""Foreign class names become our numbers, by name."""

from hypothesis import given, settings
from hypothesis import strategies as st

from models.classes import TASKS, Task, class_names
from models.data.names import ClassNames, plain_name


def test_our_names_are_known_in_any_spelling_and_order() -> None:
    names = ClassNames("surfaces", {0: "HOARDING", 1: "Bare-Soil", 5: "防尘网", 6: "wall"})
    assert names.id_of == {0: 2, 1: 0, 5: 1, 6: 4}
    assert names.foreign == {4: "wall"}
    assert names.present == {0, 1, 2, 4}


def test_vehicles_keep_cocos_numbers() -> None:
    names = ClassNames("vehicles", {0: "excavator", 1: "truck", 2: "Traffic_Light", 3: "crane"})
    assert names.id_of == {0: 80, 1: 7, 2: 9, 3: 81}


@settings(deadline=None)
@given(st.sampled_from(TASKS), st.lists(st.text(min_size=1), max_size=6, unique_by=plain_name))
def test_every_number_has_one_name(task: Task, foreign: list[str]) -> None:
    in_files = dict(enumerate([name for name in foreign if plain_name(name)] + list(class_names(task).values())))
    if len({plain_name(name) for name in in_files.values()}) < len(in_files):
        return
    names = ClassNames(task, in_files)
    assert names.ours == class_names(task)
    assert set(names.id_of) == set(in_files)
    assert set(names.id_of.values()) <= set(names.all)
    assert not set(names.ours) & set(names.foreign)
