"""Puts the service together: database, evidence, API and pages in one FastAPI app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.routing import Route

from service.api.cases import cases_router
from service.api.evidence import evidence_router
from service.api.health import health_router
from service.api.intake import Intake
from service.api.problems import UnknownApiPath, answer_problems, document_problems
from service.api.violations import violations_router
from service.clock import Clock, utc_now
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.evidence_folder import EvidenceFolder


def create_app(database_url: str, evidence_root: Path, *, pages: bool = True, clock: Clock = utc_now) -> FastAPI:
    """Return the service, ready for uvicorn.

    `database_url` is a SQLAlchemy URL (`sqlite:////data/cases.db`); its tables are brought up to date at once.
    `evidence_root` is the folder of the evidence packages. With `pages` the inspectors' page is at `/`; only one app
    in a process can have it, since NiceGUI keeps its state in the module.
    """
    store = CaseStore(open_database(database_url))
    evidence = EvidenceFolder(evidence_root)
    evidence.sweep()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    app = FastAPI(title="dustwatch", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    answer_problems(app)
    app.include_router(violations_router(Intake(store, evidence, clock)))
    app.include_router(cases_router(store, clock))
    app.include_router(evidence_router(store, evidence))
    app.include_router(health_router(store, evidence))
    app.state.store = store
    app.state.evidence = evidence
    document_problems(app)
    if pages:
        from service.pages.queue_page import add_pages  # here, since NiceGUI takes a second to load

        app.router.routes.append(Route("/api/{rest:path}", UnknownApiPath(app.routes), include_in_schema=False))
        add_pages(app, store, evidence, clock)
    return app
