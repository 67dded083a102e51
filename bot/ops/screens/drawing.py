"""Draws every screen, one story after the other. What fails is a screen with its fault."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from bot.articles.contents import Contents
from bot.context.settings import UseCaseSettings
from bot.ops.screens.catalogue import catalogue_screens
from bot.ops.screens.desk import SampleDesk, sample_contents, sample_desk
from bot.ops.screens.screen import Screen, fault_of
from bot.ops.screens.stories import (
    agreements,
    drafts,
    forms,
    losses,
    outages,
    requesters,
    technicians,
    tickets,
    undecided,
    waiting,
)
from bot.ops.screens.stories.own_data import my_data
from bot.ops.screens.stories.teams import confidential, departures, filing

Story = Callable[[SampleDesk], Iterator[Screen]]
STORIES: Mapping[str, Story] = {
    "ticket forms": forms.ticket_forms,
    "direct messages": drafts.drafts,
    "mentions": drafts.mentions,
    "a ticket’s conversation": tickets.conversation,
    "a requester’s ticket": requesters.own_tickets,
    "a ticket that is handed over": tickets.handover,
    "the ends of tickets": tickets.endings,
    "a technician’s work": technicians.work,
    "what technicians file": filing.filing,
    "a known outage": outages.outage,
    "ticket forms with suggestions": forms.helped_forms,
    "a request that is agreed to": agreements.agreed,
    "a request that is declined": undecided.declined,
    "a request that nobody decides on": undecided.unanswered,
    "what was lost": losses.losses,
    "a confidential ticket": confidential.waiting,
    "who has left a team": departures.departures,
    "the queue": technicians.queues,
    "lists of tickets": requesters.lists,
    "the catalogue": requesters.catalogue,
    "one’s own data": my_data.my_data,
    "reminders of what waits": waiting.reminders,
    "reminders of targets": waiting.targets,
}
"""On one sample desk, in this order: time passes from one to the next."""


def screens(
    contents: Contents | None = None, *, now: datetime | None = None, settings: UseCaseSettings | None = None
) -> Iterator[Screen]:
    """Every screen. `contents`: the desk's own catalogue and articles, which are drawn at `now`."""
    if contents is not None:
        own = sample_desk(contents, now=now, settings=settings)
        yield from _on_a_desk(own, {"the catalogue": catalogue_screens})
    yield from _on_a_desk(sample_desk(sample_contents(), settings=settings), STORIES)


def _on_a_desk(opened: AbstractContextManager[SampleDesk], stories: Mapping[str, Story]) -> Iterator[Screen]:
    try:
        with opened as desk:
            for title, story in stories.items():
                yield from _told(title, story, desk)
    except Exception as error:  # noqa: BLE001 (the catalogue cannot be loaded, or there is a defect)
        what = "the catalogue" if len(stories) == 1 else "all samples"
        yield Screen(what, "", "view", fault=fault_of(error))


def _told(title: str, story: Story, desk: SampleDesk) -> Iterator[Screen]:
    """A story as far as it goes."""
    try:
        yield from story(desk)
    except Exception as error:  # noqa: BLE001 (the other stories are told)
        yield Screen(f"the samples of {title}, or the rest of them,", "", "view", fault=fault_of(error))
