"""Puts the service together: database, evidence, API and pages in one FastAPI app."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
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
from service.api.event_feed import EventFeed
from service.api.events import events_router
from service.api.evidence import evidence_router
from service.api.guard import Guard
from service.api.health import health_router
from service.api.health_observations import health_observations_router
from service.api.inspection_intervals import inspection_intervals_router
from service.api.intake import Intake
from service.api.look_backs import look_backs_router
from service.api.machine_reach import MachineReach
from service.api.machine_tokens import machine_tokens_router
from service.api.maintenance import maintenance_router
from service.api.map_tiles import tile_origins
from service.api.oidc_logout import oidc_logout_router
from service.api.problems import UnknownApiPath, answer_problems, document_problems
from service.api.rankings import rankings_router
from service.api.regional_dust import regional_dust_router
from service.api.reports import reports_router
from service.api.request_metrics import CountRequests, RequestFigures
from service.api.safe_headers import SafeHeaders
from service.api.sites import sites_router
from service.api.statistics import StatisticsDesk, statistics_router
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
from service.domain.due import load_due_times
from service.domain.live_views import LiveViews
from service.notices.dispatch import Dispatch
from service.notices.senders import OpenChannel
from service.office_rules import office_rules
from service.oidc.provider import Provider
from service.oidc.settings import OidcSettings
from service.pages.account_page import account_router
from service.pages.link_page import link_router
from service.pages.oidc_page import oidc_router
from service.pages.sign_in_page import sign_in_router
from service.queue_metrics import QueueCollector
from service.storage.advice_store import AdviceStore
from service.storage.alert_store import AlertStore
from service.storage.audit_store import AuditStore
from service.storage.camera_store import CameraStore
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.dust_cases import DustCases
from service.storage.dust_store import DustStore
from service.storage.evidence_folder import EvidenceFolder
from service.storage.health_store import HealthStore
from service.storage.interval_store import IntervalStore
from service.storage.layout_store import LayoutStore
from service.storage.lease_store import LeaseStore
from service.storage.live_view_store import LiveViewStore
from service.storage.look_back_store import LookBackStore
from service.storage.maintenance_store import MaintenanceStore
from service.storage.notice_store import NoticeStore
from service.storage.office_desk import OfficeDesk
from service.storage.pruning_store import PruningStore
from service.storage.regional_dust_store import RegionalDustStore
from service.storage.reminder_store import ReminderStore
from service.storage.scope_rows import ScopeRows
from service.storage.site_store import SiteStore
from service.storage.statistics_store import StatisticsStore
from service.storage.upload_quota import UploadQuota


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
    due_times, rules = load_due_times(office_data), office_rules(office_data)
    engine = open_database(database_url)
    store, maintenance, dust = CaseStore(engine, due_times, rules), MaintenanceStore(engine), DustStore(engine)
    notices, reminders = NoticeStore(engine), ReminderStore(engine, due_times)
    feed = EventFeed(notices)
    look_backs, leases, reach = LookBackStore(store), LeaseStore(engine), MachineReach(engine)
    cameras, layouts, health, live = CameraStore(engine), LayoutStore(engine), HealthStore(engine), LiveViews()
    evidence = EvidenceFolder(evidence) if isinstance(evidence, Path) else evidence
    evidence.sweep()
    dust_cases = DustCases(store, dust, cameras, evidence, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        upkeep = asyncio.gather(
            keep_up(maintenance, clock, stop),
            keep_reminding(reminders, clock, stop),
            keep_looking_back(look_backs, clock, stop),
            keep_pruning(PruningStore(engine), clock, stop),
            keep_watching_dust(dust_cases, stop),
            keep_sharing_looks(LiveViewStore(engine, live), clock, stop),
        )
        dispatch = Dispatch(channels, notices, clock)
        dispatch.start()
        yield
        stop.set()
        await upkeep
        await run_in_threadpool(dispatch.stop)
        store.close()

    app = FastAPI(title="dustwatch", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    answer_problems(app)
    app.include_router(violations_router(Intake(store, evidence, clock)))
    app.include_router(cases_router(store, evidence, clock))
    app.include_router(case_lists_router(store, clock))
    app.include_router(case_exports_router(store, clock))
    app.include_router(steps_router(store, clock))
    app.include_router(attachments_router(store, evidence, clock, UploadQuota(engine)))
    office_desk, advice = OfficeDesk(engine, rules, clock), AdviceStore(store, rules)
    app.include_router(reports_router(store, office_desk, clock))
    statistics = StatisticsDesk(StatisticsStore(engine), clock)
    app.include_router(statistics_router(statistics))
    app.include_router(look_backs_router(look_backs, reach, clock))
    app.include_router(alerts_router(AlertStore(engine, rules), clock))
    app.include_router(inspection_intervals_router(IntervalStore(engine, rules), clock))
    app.include_router(advice_router(advice, clock))
    app.include_router(rankings_router(office_desk))
    app.include_router(sites_router(SiteStore(engine)))
    app.include_router(evidence_router(store, evidence))
    app.include_router(casefile_router(store, evidence, advice, clock))
    app.include_router(health_router(store, evidence))
    app.include_router(health_observations_router(health, reach, clock))
    app.include_router(cameras_router(cameras, live, reach, clock))
    app.include_router(told_cameras_router(cameras, reach, clock))
    app.include_router(camera_pictures_router(cameras, clock))
    app.include_router(camera_layouts_router(layouts, reach, clock))
    app.include_router(camera_leases_router(leases, evidence, reach, clock))
    app.include_router(maintenance_router(maintenance, clock))
    app.include_router(dust_router(dust))
    app.include_router(regional_dust_router(RegionalDustStore(engine), clock))
    app.include_router(dust_beside_router(store, dust, clock))
    app.include_router(events_router(feed, ScopeRows(engine)))
    accounts = None if is_open else add_accounts(app, Accounts(engine, clock), oidc)
    app.state.accounts = accounts
    app.state.store = store
    app.state.maintenance = maintenance
    app.state.notices = notices
    app.state.feed = feed
    app.state.cameras = cameras
    app.state.live = live
    app.state.evidence = evidence
    document_problems(app)
    # The last one is the outermost: the guard's answers get the headers, too.
    app.add_middleware(SafeHeaders, pictures_from=tile_origins(map_tiles))
    figures = RequestFigures()
    app.add_middleware(CountRequests, figures=figures)
    app.state.metrics = QueueCollector(store, evidence, notices, figures)
    if pages:
        from service.pages.administration.administered import Administered
        from service.pages.queue_page import add_pages  # here, since NiceGUI takes a second to load
        from service.pages.sources import CameraSources, Sources

        names = tuple(channel.name for channel in channels)
        office = Administered(accounts, AuditStore(engine), health, notices, Registry(registry), clock, shadow, names)
        watched = CameraSources(cameras, layouts, health, live)
        app.router.routes.append(Route("/api/{rest:path}", UnknownApiPath(app.routes), include_in_schema=False))
        add_pages(
            app,
            Sources(
                *(store, evidence, dust, maintenance, notices, clock, accounts, watched, statistics, office),
                lists=office_desk,
                advice=advice,
                tiles=map_tiles,
            ),
        )
    return app


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
