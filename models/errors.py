"""What can be wrong with a model: each error is one line that says what to do."""

from typing import ClassVar


class ModelError(Exception):
    """A model that can't be used; `template` is the English text and `params` fill its places."""

    template: ClassVar[str] = "the model can't be used: {detail}"

    def __init__(self, **params: object) -> None:
        self.params = {name: str(value) for name, value in params.items()}
        super().__init__(self.template.format(**self.params))


class ModelMissing(ModelError):
    """There is no model of that name."""

    template = "there is no model {name}; there are: {known}"


class VersionMissing(ModelError):
    """The model has no such version."""

    template = "there is no version {version} of the model {name}; there are: {known}"


class NothingInProduction(ModelError):
    """No version of the model was ever promoted."""

    template = "no version of the model {name} is in production; choose one: dustwatch models promote {name} VERSION"


class InProductionAlready(ModelError):
    """The version to promote is the one in production."""

    template = "version {version} of the model {name} is in production already"


class NothingBefore(ModelError):
    """There is no version to go back to."""

    template = "there is no version of the model {name} to go back to from {version}"


class VersionTaken(ModelError):
    """A version never changes after it was made."""

    template = "there is a version {version} of the model {name} already; choose another name for the new one"


class BadName(ModelError):
    """The name can't be a folder of the registry."""

    template = (
        "{name!r} is no name for a model or a version: use at most 64 small letters, digits, dots, - and _, and begin "
        "with a letter or digit"
    )


class BadRegistry(ModelError):
    """A file of the registry can't be read."""

    template = "{path} is damaged: {detail}"


class ModelChanged(ModelError):
    """The weights are not those that the card describes."""

    template = (
        "{path} is not the file that its card describes (SHA-256 {found} instead of {expected}); install it again"
    )


class BuiltIn(ModelError):
    """What came with the package is never written to."""

    template = "version {version} of the model {name} came with the package and needs no signature"


class ModelUnsigned(ModelError):
    """Trusted keys are set, and none of them signed the version."""

    template = "{path} is not used: {detail}; have it signed: dustwatch models sign NAME VERSION --key FILE"


class BadModelKey(ModelError):
    """A key can't be read."""

    template = "{path} can't be used as a key: {detail}"


class BadCard(ModelError):
    """The card can't be read."""

    template = "{path}: {detail}"


class WrongTask(ModelError):
    """The model does something else than the data set is for."""

    template = "{folder} is a data set for {task}; the model {name} is not made for that, choose another with --model"


class NothingToMeasure(ModelError):
    """There are no samples."""

    template = "{folder} has no samples of the split {split}"


class NothingToCalibrateOn(ModelError):
    """There are no pictures."""

    template = "{folder} holds no pictures to calibrate on; give a data set or a folder of pictures from sites"


class TrainingMissing(ModelError):
    """Training and exporting need the extra `train`."""

    template = "this needs the training packages: pip install 'dustwatch[train]'"


class NothingToLearn(ModelError):
    """The data sets have no picture in a split that training needs."""

    template = "{folders}: there is no picture in the split {split}; training needs train and val"


class RunDiffers(ModelError):
    """A run lies in the folder that was started with something else."""

    template = "{folder} holds a training with other {what}; give the same again, another folder, or --restart"


class BadCheckpoint(ModelError):
    """The file is no checkpoint that this training can start from."""

    template = "{path} can't be started from: {detail}"


class ExportDiffers(ModelError):
    """The exported network does not compute what the checkpoint computes."""

    template = "{checkpoint} was not exported: the ONNX file's output differs by {difference}; report this"


class BadSettings(ModelError):
    """The settings of a training are not what they may be."""

    template = "the training's settings can't be used: {detail}"
