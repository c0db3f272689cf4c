"""What can go wrong with making data sets: each error is one line that says what to do."""

from typing import ClassVar


class DataSetError(Exception):
    """A data set that can't be made; `template` is the English text and `params` fill its places."""

    template: ClassVar[str] = "the data set can't be made: {detail}"

    def __init__(self, **params: object) -> None:
        self.params = {name: str(value) for name, value in params.items()}
        super().__init__(self.template.format(**self.params))


class FolderTaken(DataSetError):
    """The folder to write is there already."""

    template = "{folder} is there already; name another folder, or remove it first"


class FolderBusy(DataSetError):
    """Another process writes the same folder."""

    template = "another build is writing {folder}; wait for it, or name another folder"


class NothingToBuild(DataSetError):
    """The sources hold no sample for the task."""

    template = (
        "the sources hold nothing for the task {task}; give others with --rendered, --real, --camvid or --reviewed"
    )


class UnknownSource(DataSetError):
    """There are no labels of ours for these pictures."""

    template = "there are no labels for the pictures {name}; there are labels for: {known}"


class SourceNotForTask(DataSetError):
    """A source that has nothing to say about the task."""

    template = "{source} can't be used for the task {task}: {detail}"


class BlenderMissing(DataSetError):
    """Scenes can't be rendered without Blender."""

    template = "rendering needs Blender: pip install 'dustwatch[render]' in an environment of its own"


class OtherOrder(DataSetError):
    """The folder holds scenes that were rendered in another way."""

    template = "{folder} holds scenes rendered with other settings ({was}); give the same ones, or another folder"
