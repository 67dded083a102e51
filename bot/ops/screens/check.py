"""`guichet doctor`: whether Slack would show every view and message, which it is given from sample data."""

import gc
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import sleep

from slack_sdk import WebClient

from bot.articles.contents import Contents
from bot.context.settings import UseCaseSettings
from bot.ops.finding import Finding, warning, well, wrong
from bot.ops.screens.drawing import screens
from bot.ops.screens.judging import Judge, NoSuchMethod, NotJudged, TooMany
from bot.ops.screens.payloads import Payload, payloads
from bot.ops.screens.screen import Screen

LISTED = 20
"""Findings about refused screens; the others are counted."""


@dataclass(frozen=True)
class Drawn:
    """What is drawn: the desk's catalogue and articles, when they can be read, and its settings."""

    contents: Contents | None = None
    now: datetime | None = None
    settings: UseCaseSettings | None = None


@dataclass
class _Verdict:
    """What Slack said so far."""

    judged: int = 0
    """Screens, refused ones among them."""
    refused: list[tuple[Screen, str]] = field(default_factory=list)
    stopped: NotJudged | None = None
    """Why the rest was not judged."""


def check_screens(
    client: WebClient,
    drawn: Drawn = Drawn(),
    *,
    sleep: Callable[[float], object] = sleep,
) -> Iterator[Finding]:
    """Draw every screen, and have Slack judge it; nothing is sent to anybody. Takes as long as Slack's
    answers and its rate limit have it take, within `judging.WAIT_MAX`."""
    with _no_garbage_collection():
        every = list(screens(drawn.contents, now=drawn.now, settings=drawn.settings))
    faults = [(each, f"cannot be drawn: {each.fault}") for each in every if each.fault]
    verdict = _judged(Judge(client, sleep), [each for each in every if not each.fault])
    refusals = [(screen, f"is refused by Slack: {reason}") for screen, reason in verdict.refused]
    yield from _listed([*faults, *refusals])
    yield _summary(verdict, len(every), is_well=not faults and not refusals)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Drawing makes many objects that stay: looking for cycles among them takes a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _judged(judge: Judge, drawn: Sequence[Screen]) -> _Verdict:
    """In any order: when Slack judges a part only, the next run has it judge another."""
    verdict, waiting = _Verdict(), list(payloads(drawn))
    random.shuffle(waiting)
    try:
        for payload in waiting:
            _judge(judge, payload, verdict)
    except NotJudged as stopped:
        verdict.stopped = stopped
    verdict.refused.sort(key=lambda each: drawn.index(each[0]))
    return verdict


def _judge(judge: Judge, payload: Payload, verdict: _Verdict) -> None:
    """Each screen is judged alone when all together are refused."""
    if judge.refusal(payload.surface, payload.content) is None:
        verdict.judged += len(payload.screens)
        return
    for screen in payload.screens:
        reason = judge.refusal(screen.surface, screen.content)
        verdict.judged += 1
        if reason is not None:
            verdict.refused.append((screen, reason))


def _listed(bad: Sequence[tuple[Screen, str]]) -> Iterator[Finding]:
    yield from (wrong(f"screens: {screen.name} {problem}") for screen, problem in bad[:LISTED])
    if len(bad) > LISTED:
        yield wrong(f"screens: {len(bad) - LISTED} others, too")


def _summary(verdict: _Verdict, count: int, *, is_well: bool) -> Finding:
    fault = "no fault" if is_well else "with the faults above"
    match verdict.stopped:
        case None:
            return well(f"screens: {verdict.judged} judged by Slack, {fault}")
        case TooMany():
            why = "Slack takes longer than a minute for all; each run takes others"
            text = f"screens: {verdict.judged} of {count} judged by Slack, {fault}; {why}"
            return warning(text)
        case NoSuchMethod():
            return warning(f"screens: not judged, {verdict.stopped}")
        case _:
            return wrong(f"screens: {verdict.judged} of {count} judged: {verdict.stopped}")
