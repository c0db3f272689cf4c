"""Holds what a machine asks for against the sites of its token, and the sites at which its cameras are known."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Engine

from service.accounts.machine_sites import Registered, check_report, own_cameras
from service.accounts.principal import Principal
from service.storage.registered_cameras import RegisteredCameras


class MachineReach:
    """The rule of `service.accounts.machine_sites` at one database. Who is not bound costs no look-up."""

    def __init__(self, engine: Engine) -> None:
        self._cameras = RegisteredCameras(engine)

    def check(self, visitor: Principal, reports: Iterable[tuple[str, str]]) -> None:
        """Let pass what tells of these sites' cameras, each the site's and the camera's id: all, or nothing.

        Raises:
            ForeignSite: the machine's token is not for one of the sites.
            ForeignCamera: one of the cameras is known at another site.
        """
        told = list(reports)
        registered = self._registered(visitor, [camera_id for _, camera_id in told])
        for site_id, camera_id in told:
            check_report(visitor, site_id, camera_id, registered)

    def own(self, visitor: Principal, camera_ids: Sequence[str], *, new: bool = False) -> list[str]:
        """Return which cameras are the visitor's, and with `new` also those that nobody knows yet.

        Raises:
            ForeignCamera: none is.
        """
        return own_cameras(visitor, camera_ids, self._registered(visitor, camera_ids), new=new)

    def _registered(self, visitor: Principal, camera_ids: Sequence[str]) -> Registered:
        return self._cameras.sites_of(camera_ids) if visitor.is_bound else {}
