"""What a machine's token that is bound to sites may write and read: the one rule of all routes that machines use.

Every function lets all pass where the principal is not bound: a person, an unbound machine, or anybody.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from service.accounts.principal import MachineScope, Principal
from service.errors import ForeignCamera, ForeignSite

Registered = Mapping[str, frozenset[str]]
"""By the cameras' ids the sites at which they are known; new cameras are not in it."""


def check_site(principal: Principal, site_id: str) -> None:
    """Let pass what tells of one of the principal's sites. Raises ForeignSite."""
    if not holds(principal, site_id):
        raise ForeignSite(site_id=site_id, token=principal.name)


def check_report(principal: Principal, site_id: str, camera_id: str, registered: Registered) -> None:
    """Let pass what tells of a camera at one of the principal's sites; of a new camera the report's site counts.

    Raises:
        ForeignSite: the report is of another site.
        ForeignCamera: the camera is known at another site, and can't be taken over from there.
    """
    check_site(principal, site_id)
    if not _is_own(principal, camera_id, registered, new=True):
        raise ForeignCamera(camera_id=camera_id, token=principal.name)


def own_sites(principal: Principal, site_ids: Sequence[str]) -> list[str]:
    """Return which of these sites are the principal's. Raises ForeignSite where none is."""
    own = [site_id for site_id in site_ids if holds(principal, site_id)]
    if site_ids and not own:
        raise ForeignSite(site_id=site_ids[0], token=principal.name)
    return own


def own_cameras(principal: Principal, camera_ids: Sequence[str], registered: Registered, *, new: bool) -> list[str]:
    """Return which of these cameras are the principal's; `new` tells whether those that nobody knows yet are.

    Raises:
        ForeignCamera: none is.
    """
    own = [camera_id for camera_id in camera_ids if _is_own(principal, camera_id, registered, new=new)]
    if camera_ids and not own:
        raise ForeignCamera(camera_id=camera_ids[0], token=principal.name)
    return own


def holds(principal: Principal, site_id: str) -> bool:
    """Tell whether what is of this site may be written and read."""
    return not principal.is_bound or principal.scope.allows(site_id)


def told_token(name: str, scopes: Iterable[MachineScope], sites: Collection[str]) -> str:
    """Return what the audit log is told about a new token."""
    return f"{name}: {', '.join(sorted(scopes))}" + (f"; sites: {', '.join(sorted(sites))}" if sites else "")


def _is_own(principal: Principal, camera_id: str, registered: Registered, *, new: bool) -> bool:
    """Tell whether all sites at which the camera is known are the principal's.

    One of several is not enough: leases and memories are the camera's, whatever its site.
    """
    if not principal.is_bound:
        return True
    sites = registered.get(camera_id, frozenset())
    return all(holds(principal, site_id) for site_id in sites) if sites else new
