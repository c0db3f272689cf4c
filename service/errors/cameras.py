"""What can go wrong with cameras, their health and dust monitors."""

from service.errors.base import ServiceError


class NoSuchMaintenanceCase(ServiceError):
    """The maintenance case is not there."""

    template = "there is no maintenance case {case_id}"


class MaintenanceCaseClosed(ServiceError):
    """Somebody closed the maintenance case before, or it closed on its own."""

    template = "maintenance case {case_id} is closed already"


class ObservationKeyMismatch(ServiceError):
    """The address names another observation than the report."""

    template = "the key in the address must equal the report's key"


class ObservationKeyTaken(ServiceError):
    """The key was used for another observation before."""

    template = "the key {key} belongs to another observation already; camera, kind and start never change"


class NoSuchInstrument(ServiceError):
    """No dust monitor has the number."""

    template = "there is no dust monitor {number}"


class BadTimeSpan(ServiceError):
    """The span of time has no length, or more than one request can be answered for."""

    template = "the end has to come after the beginning, by at most {days} days"


class UnknownCamera(ServiceError):
    """No edge has told about the camera, or sent its picture."""

    template = "nothing is known of camera {camera_id} at site {site_id}, or it has no picture yet"


class NoJpeg(ServiceError):
    """What was sent as a camera's picture is none."""

    template = "it is no JPEG that can be read, with a longest side of {most} pixels at most"


class LayoutChanged(ServiceError):
    """Somebody saved a camera's layout while another one was drawn."""

    template = "somebody saved version {version} of what is drawn for {camera_id} meanwhile; load the page again"
