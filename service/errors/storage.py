"""What can go wrong with the database, the evidence and how long it is kept."""

from service.errors.base import ServiceError


class EvidenceDamaged(ServiceError):
    """The stored evidence is not what was received."""

    template = "the stored evidence of case {case_id} is damaged: {detail}"


class NoPeopleModel(ServiceError):
    """People can't be found, so that no picture may leave."""

    template = "no copy is handed out, since the people in it can't be found and blurred: {detail}"


class StorageFull(ServiceError):
    """The disk is full."""

    template = "the disk of the case queue is full; make room and send again"


class StorageBusy(ServiceError):
    """The database is locked by somebody else for longer than the waiting time."""

    template = "the database is busy; send again in a moment"


class DatabaseUnusable(ServiceError):
    """The database can't be opened, or a newer version of the software made it."""

    template = "the database {database} can't be used: {detail}"


class EvidenceDeleted(ServiceError):
    """The evidence was kept as long as it had to be, and then deleted."""

    template = "the evidence of case {case_id} was kept for its time and then deleted; its manifest is still there"


class EvidenceUnusable(ServiceError):
    """The store of the evidence can't be reached, or its address can't be right."""

    template = "the evidence store {store} can't be used: {detail}"


class AlreadyHeld(ServiceError):
    """The case's evidence is under a legal hold already."""

    template = "the evidence of case {case_id} is under a legal hold already"


class NotHeld(ServiceError):
    """There is no legal hold to end."""

    template = "the evidence of case {case_id} is under no legal hold"


class BadRetention(ServiceError):
    """The retention times can't be right."""

    template = "{path} does not tell how long to keep evidence: {detail}"


class NoQueue(ServiceError):
    """There is no case queue in the folder."""

    template = "there is no case queue in {folder}; give its folder with --data"
