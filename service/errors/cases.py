"""What can go wrong with a case, its steps and the lists of cases."""

from service.errors.base import ServiceError


class NoSuchCase(ServiceError):
    """The case is not there."""

    template = "there is no case {case_id}"


class NoSuchEvidence(ServiceError):
    """The case has no file of this name."""

    template = "case {case_id} has no evidence file of this name"


class AlreadyDecided(ServiceError):
    """Somebody decided the case before; `who` is empty where no name was told."""

    template = "case {case_id} was decided already: it is {state} (last changed by: {who})"


class NotDecided(ServiceError):
    """There is no decision to take back."""

    template = "case {case_id} has not been decided yet, so there is nothing to take back"


class StepNotPossible(ServiceError):
    """The case's state does not allow the step."""

    template = "case {case_id} is {state} (last changed by: {who}), so this step is not possible: {step}"


class StepNotAllowed(ServiceError):
    """The step is for others to take."""

    template = "the role {role} may not take this step: {step}"


class StepIncomplete(ServiceError):
    """The step does not tell what it has to."""

    template = "the step {step} must tell its {missing}"


class CaseChanged(ServiceError):
    """Somebody was quicker, so the step was meant for a case that has changed since."""

    template = "case {case_id} was changed meanwhile: it is {state} (last changed by: {who}); look at it again"


class BadMergeTarget(ServiceError):
    """The case can't go on in the other one."""

    template = "case {case_id} can't be merged into case {target}: that is the case itself, or merged already"


class HistoryBroken(ServiceError):
    """The steps of a case do not follow from each other."""

    template = "the history of case {case_id} is broken at its step {number}"


class BadCursor(ServiceError):
    """The list can't go on there."""

    template = "the cursor is none of this list; ask for the first page again"


class TooManyCases(ServiceError):
    """A workbook would become larger than programs open."""

    template = "more than {limit} cases fit; narrow the filter, or take CSV, which has no limit"


class RequestKeyTaken(ServiceError):
    """The key was used for another request before."""

    template = "the Idempotency-Key was used for another request already; choose a new one for each request"


class BadDays(ServiceError):
    """The days make no period."""

    template = "{first} to {last} is no period: give at most {most} days, the first one first"
