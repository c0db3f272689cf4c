"""Fifty signed-in reviewers at a steady rate, some two on one case: how long it takes, what was lost or doubled."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks.camera_figures import percentile
from benchmarks.queue.pages import CASES
from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.scope import Scope
from service.accounts.users import UserPlan
from service.clock import utc_now
from service.domain.lifecycle import Role
from service.storage.tables import CaseStepRow

REVIEWERS, ACTIONS_A_SECOND = 50, 20.0
TOGETHER_EVERY = 10
"""Of so many actions one is taken by two reviewers at the same moment."""
LOOKS_EVERY = 4
"""After so many decisions a reviewer has the list shown again; a list holds many cases."""
CONFLICTS = frozenset({409, 412})
OK = 200


@dataclass(frozen=True)
class Decision:
    """A decision at `after_s` seconds from the beginning, on the case of this place in the list."""

    after_s: float
    place: int


@dataclass(frozen=True)
class ReviewFigures:
    """Milliseconds from when a decision was due to its answer; what came of all of them."""

    actions: int
    seconds: float
    decision_median_ms: float
    decision_p95_ms: float
    first_page_p95_ms: float
    decided: int
    refused: int
    failed: dict[str, int]
    """How many were answered by each status that is neither success nor conflict."""
    lost: int
    doubled: int


def plan(seconds: float, rate: float = ACTIONS_A_SECOND) -> list[Decision]:
    """Return the decisions of a stretch of time, evenly spread; some come twice at once for one case."""
    actions: list[Decision] = []
    place = 0
    while (after_s := len(actions) / rate) < seconds:
        actions.append(Decision(after_s, place))
        if len(actions) % TOGETHER_EVERY == 0:
            actions.append(Decision(after_s, place))
        place += 1
    return actions


def review(address: str, engine: Engine, seconds: float) -> ReviewFigures:
    """Let the reviewers decide waiting cases, each in a session of their own, and look into the database after.

    The service at the address has to run with accounts, in the engine's database.
    """
    actions = plan(seconds)
    clients = sign_in(address, engine)
    ids = _waiting(clients[0], 1 + max(action.place for action in actions))
    actions = [action for action in actions if action.place < len(ids)]
    began = time.perf_counter() + 0.5
    took: list[float] = []
    pages: list[float] = []
    answers: list[tuple[int, int]] = []
    lock = threading.Lock()

    def act(number: int, action: Decision) -> None:
        client = clients[number % REVIEWERS]
        due = began + action.after_s
        time.sleep(max(0.0, due - time.perf_counter()))
        case = ids[action.place]
        body = {"step": ("confirm", "reject")[number % 2]}
        status = client.post(f"{CASES}/{case}/steps", json=body, headers={"If-Match": '"v0"'}).status_code
        decided = time.perf_counter()
        with lock:
            took.append((decided - due) * 1000)
            answers.append((case, status))
        if number % LOOKS_EVERY == 0:
            client.get(CASES, params={"state": "found"})
            with lock:
                pages.append((time.perf_counter() - decided) * 1000)

    with ThreadPoolExecutor(REVIEWERS) as threads:
        list(threads.map(act, range(len(actions)), actions))
    ended = time.perf_counter()
    for client in clients:
        client.close()
    return _figures(engine, answers, took, pages, ended - began)


def sign_in(address: str, engine: Engine) -> list[httpx.Client]:
    """Make the reviewers, and return each one's browser, signed in by a one-time link."""
    accounts = Accounts(engine, utc_now)
    clients = []
    for number in range(REVIEWERS):
        name = f"reviewer-{number}"
        roles, scope = frozenset({Role.REVIEWER}), Scope(everywhere=True)
        plan = UserPlan(name=name, display_name=name, roles=roles, scope=scope)
        accounts.users.add(plan, accounts.entry("benchmark", Action.USER_MADE))
        client = httpx.Client(base_url=address, timeout=60, headers={"Origin": address})
        client.get("/link", params={"token": accounts.sign_in_link(name, "benchmark")})
        clients.append(client)
    return clients


def _waiting(client: httpx.Client, count: int) -> list[int]:
    ids: list[int] = []
    params: dict[str, str | int] = {"state": "found", "limit": 200}
    while len(ids) < count:
        told = client.get(CASES, params=params).raise_for_status().json()
        ids += [case["id"] for case in told["items"] if case["version"] == 0]
        if told["next_cursor"] is None:
            break
        params["cursor"] = told["next_cursor"]
    return ids[:count]


def _figures(
    engine: Engine, answers: list[tuple[int, int]], took: list[float], pages: list[float], seconds: float
) -> ReviewFigures:
    acknowledged = Counter(case for case, status in answers if status == OK)
    kept = _steps_of(engine, {case for case, _ in answers})
    return ReviewFigures(
        actions=len(answers),
        seconds=round(seconds, 1),
        decision_median_ms=round(percentile(took, 0.5) or 0, 1),
        decision_p95_ms=round(percentile(took, 0.95) or 0, 1),
        first_page_p95_ms=round(percentile(pages, 0.95) or 0, 1),
        decided=acknowledged.total(),
        refused=sum(status in CONFLICTS for _, status in answers),
        failed=dict(Counter(str(status) for _, status in answers if status != OK and status not in CONFLICTS)),
        lost=(acknowledged - kept).total(),
        doubled=(kept - acknowledged).total() + sum(count - 1 for count in acknowledged.values()),
    )


def _steps_of(engine: Engine, cases: set[int]) -> Counter[int]:
    query = select(CaseStepRow.case_id, func.count()).where(CaseStepRow.case_id.in_(cases))
    with Session(engine) as session:
        return Counter({row[0]: row[1] for row in session.execute(query.group_by(CaseStepRow.case_id))})
