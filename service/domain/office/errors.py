"""What can be wrong with the office's rules as a whole; what is wrong inside one file is told by its lines."""

from service.errors import ServiceError


class NoRuleSets(ServiceError):
    """There is not one set of rules."""

    template = "there are no office rules in {folder}; put a YAML file for each version there"


class NoRulesOn(ServiceError):
    """No set of rules is valid on the day."""

    template = "no office rules are valid on {day}; the ones there are hold {valid}"


class RulesOverlap(ServiceError):
    """Two sets of rules are valid on one day."""

    template = "the office rules {earlier} and {later} are both valid on {day}; let one end before the other begins"


class RulesGap(ServiceError):
    """Between two sets of rules there are days without any."""

    template = "no office rules are valid from {first} to {last}, between {earlier} and {later}"


class VersionTaken(ServiceError):
    """Two sets of rules have one name."""

    template = "two sets of office rules are called {version}; each change has a version of its own"


class AlertsOverlap(ServiceError):
    """Two levels of the pollution alert would hold at one time."""

    template = "the alert that began at {since} has not ended by then; end it first"
