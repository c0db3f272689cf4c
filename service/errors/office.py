"""What can go wrong with sites, maps and the office's own data."""

from service.errors.base import ServiceError


class NoSuchSite(ServiceError):
    """The site is not there."""

    template = "there is no site {site_id}"


class SiteIdMismatch(ServiceError):
    """The address names another site than the body."""

    template = "the id in the address must equal the site's id"


class SiteChanged(ServiceError):
    """Somebody changed the site since it was read."""

    template = "the site {site_id} was changed meanwhile; read it again"


class BadSites(ServiceError):
    """The list of sites has lines that can't be read; nothing of it was taken."""

    template = "{path} can't be used:\n{problems}"


class BadOfficeData(ServiceError):
    """A data file of the office (due times, working days, site categories) can't be used."""

    template = "{path} can't be used: {detail}"


class BadMapTiles(ServiceError):
    """The map's tiles can't be asked for at this address."""

    template = "{tiles} is no address of map tiles; write one such as https://host/{{z}}/{{x}}/{{y}}.png"


class BadPlanFigures(ServiceError):
    """A plan can't be reckoned with what was given."""

    template = "the plan can't use {what}: {detail}"
