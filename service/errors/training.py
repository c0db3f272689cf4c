"""What can go wrong when models learn from reviewed cases."""

from service.errors.base import ServiceError


class NoCheckpoint(ServiceError):
    """The version in production can't be trained further: its checkpoint is not there."""

    template = "no checkpoint lies beside {name} version {version}; give the one it was exported from with --from"


class NoFrozenSet(ServiceError):
    """There is nothing to hold a candidate against."""

    template = "there is no frozen test set to judge a candidate by; give one with --frozen"


class TrainingNotFinished(ServiceError):
    """The folder holds no finished training."""

    template = "{folder} holds no finished training; run dustwatch models train with --out {folder} to its end"


class BadCardNotes(ServiceError):
    """What is to be said on a model's card can't be read."""

    template = "{path} does not say what a card needs: {detail}"
