"""Takes the decisions of one open page, each of them once, and says what became of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nicegui import ui
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from service.accounts.access import Row
from service.domain.cases import Case, CaseState
from service.domain.lifecycle import Actor, Step, Told
from service.errors import NoSuchCase, NotDecided, ServiceError
from service.pages.decision import SentDecision
from service.pages.labels import STEPS, named_values
from service.pages.page_visitor import PageVisitor
from service.pages.sources import Sources
from service.storage.bulk_steps import BulkSteps, StepOutcome, WantedCase
from service.storage.scope_rows import ScopeRows
from service.texts.catalogue import load_translator


@dataclass(frozen=True)
class Outcome:
    """What became of a decision: the case as it is now, if it can be seen.

    `returns` asks to show the case again, though another one is before the inspector.
    """

    case: Case | None = None
    done: bool = False
    sent: SentDecision | None = None
    returns: bool = False
    note: str = ""


class Decisions:
    """One open page's; what was done last stands where it is built.

    `reviewer` tells the name that was typed in, where there are no accounts.
    """

    def __init__(self, sources: Sources, visitor: PageVisitor, language: str, reviewer: Callable[[], str]) -> None:
        self._sources = sources
        self._visitor = visitor
        self._language = language
        self._translator = load_translator()
        self._texts = self._translator.texts(language)
        self._reviewer = reviewer
        self._rows = ScopeRows(sources.store.engine)
        self._last: Case | None = None
        self._said = ui.label().classes("dw-said")
        self._said.set_visibility(False)

    def read(self, sent: dict[str, Any]) -> SentDecision | None:
        """Return what the browser sent; None, and a message, where it can't be taken."""
        try:
            return SentDecision.model_validate(sent)
        except ValidationError:
            ui.notify(self._texts("An outline crosses itself or encloses nothing"), type="warning", position="top")
            return None

    async def send(self, sent: SentDecision) -> Outcome:
        """Write a decision that was meant for one version of its case; one that was written before is not again."""
        case = await self._seen(sent.case)
        if case is None or not await self._visitor.is_here():
            return Outcome(sent=sent)
        step = Step(sent.step)
        actor = self._actor(case, step)
        if sent.again and await self._is_written(sent, actor):
            return Outcome(case, done=True, sent=sent)
        try:
            after = await self._write(case.id, step, actor, sent.told, sent.version)
        except ServiceError as error:
            if await self._is_written(sent, actor):  # it came twice at once
                return Outcome(case, done=True, sent=sent)
            text = self._explain(error)
            now = await self._seen(sent.case)
            returns = now is not None and now.state is CaseState.FOUND and not sent.again
            return Outcome(now, sent=sent, returns=returns, note=text if returns else "")
        return self._done(after, step, sent)

    async def undo_last(self) -> Outcome:
        """Take this page's last decision back."""
        if self._last is None:
            self._explain(NotDecided(case_id=0))
            return Outcome()
        return await self.take(self._last, Step.UNDO, Told())

    async def take(self, case: Case, step: Step, told: Told) -> Outcome:
        """Take a step with the case as it was shown."""
        if not await self._visitor.is_here():
            return Outcome()
        try:
            if told.target_case is not None and await self._seen(told.target_case) is None:
                raise NoSuchCase(case_id=told.target_case)
            after = await self._write(case.id, step, self._actor(case, step), told, case.version)
        except ServiceError as error:
            self._explain(error)
            return Outcome(await self._seen(case.id))
        return self._done(after, step, None)

    async def take_many(self, cases: list[Case], step: Step, told: Told) -> tuple[StepOutcome, ...]:
        """Take a step with cases as they were shown, in one go."""
        if not await self._visitor.is_here():
            return ()
        wanted = [WantedCase(case.id, case.version) for case in cases]
        principal, typed = self._visitor.principal, self._reviewer()
        outcomes = await run_in_threadpool(
            BulkSteps(self._sources.store).take,
            wanted,
            step,
            lambda state: principal.actor(state, step, typed=typed),
            told,
            at=self._sources.clock(),
            scope=self._visitor.scope,
        )
        done = sum(each.done for each in outcomes)
        text = self._texts("{count} of {all}: {step}")
        self.say(text.format(count=done, all=len(outcomes), step=self._texts(STEPS[step])))
        return outcomes

    def say(self, text: str) -> None:
        """Say below the list what was done last: quick work must not pile up messages over the picture."""
        self._said.text = text
        self._said.set_visibility(True)

    def _done(self, after: Case, step: Step, sent: SentDecision | None) -> Outcome:
        undoes = step is Step.UNDO
        decides = step in (Step.CONFIRM, Step.REJECT, Step.DOUBT)
        self._last = after if decides else None if undoes else self._last
        text = f"#{after.id} {self._texts(STEPS[step])}"
        self.say(f"{text} · {self._texts('Z takes it back')}" if decides else text)
        return Outcome(after, done=True, sent=sent, returns=undoes)

    def _actor(self, case: Case, step: Step) -> Actor:
        return self._visitor.principal.actor(case.state, step, typed=self._reviewer())

    async def _write(self, case_id: int, step: Step, actor: Actor, told: Told, version: int) -> Case:
        take, at = self._sources.store.take_step, self._sources.clock()
        after, _entry = await run_in_threadpool(take, case_id, step, actor, told, at=at, version=version)
        return after

    async def _is_written(self, sent: SentDecision, actor: Actor) -> bool:
        history = await run_in_threadpool(self._sources.store.history, sent.case)
        return any(sent.is_done_by(entry, actor.name) for entry in history)

    async def _seen(self, case_id: int) -> Case | None:
        if not await run_in_threadpool(self._rows.allows, self._visitor.scope, Row.CASE, str(case_id)):
            return None
        try:
            return await run_in_threadpool(self._sources.store.get, case_id)
        except NoSuchCase:
            return None

    def _explain(self, error: ServiceError) -> str:
        values = named_values(error.params, self._texts)
        text = self._translator.explain(error.template, values, self._language)
        ui.notify(text, type="warning", position="top")
        return text
