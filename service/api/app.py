"""Puts the service together: database, evidence, API and pages in one FastAPI app."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from models.registry.registry import Registry
from service.accounts.accounts import Accounts
from service.api.accounts import accounts_router
from service.api.advice import advice_router
from service.api.alerts import alerts_router
from service.api.attachments import attachments_router
from service.api.audit import audit_router
from service.api.camera_layouts import camera_layouts_router
from service.api.camera_leases import camera_leases_router
from service.api.cameras import camera_pictures_router, cameras_router, told_cameras_router
from service.api.case_exports import case_exports_router
from service.api.case_lists import case_lists_router
from service.api.casefile import casefile_router
from service.api.cases import cases_router
from service.api.dust import dust_router
from service.api.dust_beside import dust_beside_router
from service.api.events import events_router
from service.api.evidence import evidence_router
from service.api.guard import Guard
from service.api.health import health_router
from service.api.health_observations import health_observations_router
from service.api.inspection_intervals import inspection_intervals_router
from service.api.intake import Intake
from service.api.look_backs import look_backs_router
from service.api.machine_tokens import machine_tokens_router
from service.api.maintenance import maintenance_router
from service.api.map_tiles import tile_origins
from service.api.oidc_logout import oidc_logout_router
from service.api.parts import Parts, open_parts
from service.api.problems import UnknownApiPath, answer_problems, document_problems
from service.api.rankings import rankings_router
from service.api.regional_dust import regional_dust_router
from service.api.reports import reports_router
from service.api.request_metrics import CountRequests, RequestFigures
from service.api.safe_headers import SafeHeaders
from service.api.sites import sites_router
from service.api.statistics import statistics_router
from service.api.steps import steps_router
from service.api.upkeep import (
    keep_looking_back,
    keep_pruning,
    keep_reminding,
    keep_sharing_looks,
    keep_up,
    keep_watching_dust,
)
from service.api.violations import violations_router
from service.clock import Clock, utc_now
from service.notices.dispatch import Dispatch
from service.notices.senders import OpenChannel
from service.oidc.provider import Provider
from service.oidc.settings import OidcSettings
from service.pages.account_page import account_router
from service.pages.administration.administered import Administered
from service.pages.link_page import link_router
from service.pages.oidc_page import oidc_router
from service.pages.sign_in_page import sign_in_router
from service.queue_metrics import QueueCollector
from service.storage.evidence_folder import EvidenceFolder


def create_app(
    database_url: str,
    evidence: EvidenceFolder | Path,
    *,
    pages: bool = True,
    is_open: bool = False,
    clock: Clock = utc_now,
    office_data: Path | None = None,
    channels: Sequence[OpenChannel] = (),
    map_tiles: str = "",
    registry: Path | None = None,
    shadow: Path | None = None,
    oidc: OidcSettings | None = None,
) -> FastAPI:
    """Return the service, ready for uvicorn.

    `database_url` is a SQLAlchemy URL (`sqlite:////data/cases.db`); its tables are brought up to date at once.
    `evidence` is where the evidence packages are kept (see `open_evidence`), or simply their folder. With `pages` the
    inspectors' page is at `/`; only one app in a process can have it, since NiceGUI keeps its state in the module.
    Nobody gets further than to `/sign-in` without an account, or a machine's token, unless the service `is_open`: then
    everybody who can reach it may do everything.
    `office_data` is a folder with the office's own due times and working days, where it has any. What is new is sent to
    `channels` while the app runs. `map_tiles` is the address of tiles for the map of sites
    (`https://host/{z}/{x}/{y}.png`); without one nothing is loaded from outside, and the map shows a plain grid.
    `registry` is the folder of the models that administrators promote, and `shadow` that
    of a candidate's shadow run, which they are shown. `oidc` names the identity provider that people may sign in by.
    """
    evidence = EvidenceFolder(evidence) if isinstance(evidence, Path) else evidence
    evidence.sweep()
    parts = open_parts(database_url, evidence, clock, office_data)
    app = FastAPI(title="dustwatch", version="1", lifespan=_upkeep(parts, channels), docs_url=None, redoc_url=None)
    answer_problems(app)
    for router in _routers(parts):
        app.include_router(router)
    accounts = None if is_open else add_accounts(app, parts.accounts, oidc)
    _tell_parts(app, parts, accounts)
    document_problems(app)
    # The last one is the outermost: the guard's answers get the headers, too.
    app.add_middleware(SafeHeaders, pictures_from=tile_origins(map_tiles))
    figures = RequestFigures()
    app.add_middleware(CountRequests, figures=figures)
    app.state.metrics = QueueCollector(parts.store, evidence, parts.notices, figures)
    if pages:
        names = tuple(channel.name for channel in channels)
        office = Administered(
            accounts, parts.audit, parts.health, parts.notices, Registry(registry), clock, shadow, names
        )
        _add_pages(app, parts, office, map_tiles)
    return app


def _upkeep(parts: Parts, channels: Sequence[OpenChannel]) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return what does the app's work by the clock, and sends what is new, while it runs."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        upkeep = asyncio.gather(
            keep_up(parts.maintenance, parts.clock, stop),
            keep_reminding(parts.reminders, parts.clock, stop),
            keep_looking_back(parts.look_backs, parts.clock, stop),
            keep_pruning(parts.pruning, parts.clock, stop),
            keep_watching_dust(parts.dust_cases, stop),
            keep_sharing_looks(parts.shared_looks, parts.clock, stop),
        )
        dispatch = Dispatch(channels, parts.notices, parts.clock)
        dispatch.start()
        yield
        stop.set()
        await upkeep
        await run_in_threadpool(dispatch.stop)
        parts.store.close()

    return lifespan


def _routers(parts: Parts) -> tuple[APIRouter, ...]:
    """Return the routes that need no accounts."""
    store, evidence, clock = parts.store, parts.evidence, parts.clock
    return (
        violations_router(Intake(store, evidence, clock)),
        cases_router(store, evidence, clock),
        case_lists_router(store, clock),
        case_exports_router(store, clock),
        steps_router(store, clock),
        attachments_router(store, evidence, clock, parts.quota),
        reports_router(store, parts.office, clock),
        statistics_router(parts.statistics),
        look_backs_router(parts.look_backs, parts.reach, clock),
        alerts_router(parts.alerts, clock),
        inspection_intervals_router(parts.intervals, clock),
        advice_router(parts.advice, clock),
        rankings_router(parts.office),
        sites_router(parts.sites),
        evidence_router(store, evidence),
        casefile_router(store, evidence, parts.advice, clock),
        health_router(store, evidence),
        health_observations_router(parts.health, parts.reach, clock),
        cameras_router(parts.cameras, parts.live, parts.reach, clock),
        told_cameras_router(parts.cameras, parts.reach, clock),
        camera_pictures_router(parts.cameras, clock),
        camera_layouts_router(parts.layouts, parts.reach, clock),
        camera_leases_router(parts.leases, evidence, parts.reach, clock),
        maintenance_router(parts.maintenance, clock),
        dust_router(parts.dust),
        regional_dust_router(parts.regional_dust, clock),
        dust_beside_router(store, parts.dust, clock),
        events_router(parts.feed, parts.scopes),
    )


def _tell_parts(app: FastAPI, parts: Parts, accounts: Accounts | None) -> None:
    """Keep in the app's state what those who run it ask for."""
    app.state.accounts = accounts
    app.state.store = parts.store
    app.state.maintenance = parts.maintenance
    app.state.feed = parts.feed
    app.state.cameras = parts.cameras
    app.state.live = parts.live
    app.state.evidence = parts.evidence


def _add_pages(app: FastAPI, parts: Parts, office: Administered, map_tiles: str) -> None:
    from service.pages.queue_page import add_pages  # here, since NiceGUI takes a second to load
    from service.pages.sources import CameraSources, Sources

    app.router.routes.append(Route("/api/{rest:path}", UnknownApiPath(app.routes), include_in_schema=False))
    sources = Sources(
        store=parts.store,
        evidence=parts.evidence,
        dust=parts.dust,
        maintenance=parts.maintenance,
        notices=parts.notices,
        clock=parts.clock,
        accounts=office.accounts,
        watched=CameraSources(parts.cameras, parts.layouts, parts.health, parts.live),
        statistics=parts.statistics,
        office=office,
        lists=parts.office,
        advice=parts.advice,
        tiles=map_tiles,
    )
    add_pages(app, sources)


def add_accounts(app: FastAPI, accounts: Accounts, oidc: OidcSettings | None = None) -> Accounts:
    """Put the guard before the app, and the routes of the accounts into it."""
    app.add_middleware(Guard, accounts=accounts)
    app.include_router(accounts_router(accounts))
    app.include_router(machine_tokens_router(accounts))
    app.include_router(audit_router(accounts.audit))
    provider = None if oidc is None else Provider(oidc, accounts.clock)
    app.include_router(sign_in_router(accounts, oidc, provider))
    app.include_router(oidc_logout_router(accounts, provider))
    app.include_router(oidc_router(accounts, oidc, provider))
    app.include_router(link_router(accounts))
    app.include_router(account_router(accounts))
    return accounts
