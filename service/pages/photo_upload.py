"""The part of a page that takes photographs and papers and sends them to a case, with progress and another try."""

from collections.abc import Awaitable, Callable

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from service.domain.cases import Case
from service.storage.attachment import MOST_BYTES
from service.texts.catalogue import Texts

PICTURES = "image/jpeg,image/png,image/webp"
PICTURES_AND_PAPERS = f"{PICTURES},application/pdf"


class PhotoUpload(Element, component="photo_upload.js"):
    """Sends files to the case's attachments; with `on_reported` it hands in that the case is put right as well.

    What is to be handed in is kept in the browser until the service has it all. `who` keeps the drafts of several
    people at one device apart, and `by` is the name they go by where there are no accounts.
    """

    def __init__(
        self,
        _: Texts,
        case: Case,
        *,
        who: str,
        by: str,
        on_attached: Callable[[], Awaitable[None]] | None = None,
        on_reported: Callable[[], Awaitable[None]] | None = None,
        is_reported: bool = False,
    ) -> None:
        super().__init__()
        reports = on_reported is not None
        self._props.update(
            caseId=case.id,
            version=case.version,
            reports=reports,
            isReported=is_reported,
            who=who,
            by=by,
            mostBytes=MOST_BYTES,
            accept=PICTURES if reports else PICTURES_AND_PAPERS,
            texts=_words(_, reports=reports),
        )
        self.is_holding = False
        """Whether files or what became of them would be lost if it were made anew."""
        self.on("holding", self._hold)
        if on_attached is not None:
            self.on("attached", on_attached)
        if on_reported is not None:
            self.on("reported", on_reported)

    def _hold(self, event: GenericEventArguments) -> None:
        self.is_holding = bool(event.args)


def _words(_: Texts, *, reports: bool) -> dict[str, str]:
    megabytes = MOST_BYTES >> 20
    return {
        "pick": _("Put right: take photographs") if reports else _("Attach photographs or PDF"),
        "photo": _("Photograph of what was put right"),
        "note": _("Note (optional)"),
        "remove": _("Remove"),
        "handIn": _("Hand in"),
        "again": _("Try again"),
        "sending": _("Sending …"),
        "waiting": _("not sent yet"),
        "sent": _("sent"),
        "bad": _("can't be taken"),
        "large": _("larger than {most} MB").format(most=megabytes),
        "unknown": _("only JPEG, PNG and WebP pictures") if reports else _("only JPEG, PNG, WebP and PDF"),
        "failed": _("That did not work. Please try again."),
        "status0": _("No connection. Nothing is lost: please try again when it is back."),
        "status401": _("You are signed out. Sign in again; what you took is kept on this device."),
        "status403": _("You may not do this."),
        "status404": _("This case is not there any more."),
        "status409": _("The case was changed meanwhile. Please load the page again."),
        "status412": _("The case was changed meanwhile. Please try again."),
        "status413": _("The file is larger than {most} MB.").format(most=megabytes),
        "status415": _("The file is no picture that can be taken. Remove it and take another one."),
        "status422": _("The picture is damaged or far too large. Remove it and take another one."),
        "status503": _("The service is busy. Please try again."),
        "status507": _("The service has no room left. Please try again later."),
    }
