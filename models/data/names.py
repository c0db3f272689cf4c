"""Class names: how the numbers in a data set's files become our numbers, by name."""

import re
from dataclasses import dataclass
from functools import cached_property

from models.classes import Task, classes_of


@dataclass(frozen=True)
class ClassNames:
    """A data set's classes by their numbers in its own files, and our numbers for them.

    A name of ours gets our number, wherever it stands in the data set's list. A foreign name gets a number of its own
    after ours, so that a false alarm can still be told by name; for scoring it counts as "other".
    """

    task: Task
    in_files: dict[int, str]

    @cached_property
    def ours(self) -> dict[int, str]:
        """Our classes' names by our numbers, whether or not the data set has them."""
        return {learnt.id: learnt.name for learnt in classes_of(self.task).values()}

    @cached_property
    def foreign(self) -> dict[int, str]:
        """The data set's names that are not ours, by the numbers after ours, in the order of the data set."""
        names = [name for _, name in sorted(self.in_files.items()) if self._our_id(name) is None]
        return dict(enumerate(names, start=max(self.ours) + 1))

    @cached_property
    def all(self) -> dict[int, str]:
        """Our names, then the foreign ones."""
        return self.ours | self.foreign

    @cached_property
    def id_of(self) -> dict[int, int]:
        """The number used from here on, by the number in the data set's files."""
        ids = {name: number for number, name in self.foreign.items()}
        found = ((file_id, name, self._our_id(name)) for file_id, name in self.in_files.items())
        return {file_id: ids[name] if our_id is None else our_id for file_id, name, our_id in found}

    @cached_property
    def present(self) -> frozenset[int]:
        """The numbers (ours and foreign) of the classes that the data set names."""
        return frozenset(self.id_of.values())

    def _our_id(self, name: str) -> int | None:
        return self._our_ids.get(plain_name(name))

    @cached_property
    def _our_ids(self) -> dict[str, int]:
        classes = classes_of(self.task).values()
        return {plain_name(name): learnt.id for learnt in classes for name in (learnt.zh, learnt.name)}


def plain_name(name: str) -> str:
    """Return the name without regard to case, spaces, hyphens and underscores: `Bare-Soil` is `bare_soil`."""
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()
