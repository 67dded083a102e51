"""What is sent about confidential tickets, in every sample: their number and state, and no word of theirs."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from bot.delivery.rendering.render import RENDERERS
from bot.delivery.rendering.rendered import Rendered, RenderedHome, RenderedMessage
from bot.ops.screens import sending
from bot.ops.screens.desk import SampleDesk, sample_contents, sample_desk
from bot.ops.screens.drawing import STORIES
from bot.ops.screens.stories.people import Case
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.person import Person
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.outage import Outage, OutageEvent
from models.tickets.ticket import Ticket
from tests.ops.screens.test_screens import NOT_IN_SLACK

PIECE = re.compile(r"[^\W\d][\w’. -]{11,30}")  # as it stands in a text and in JSON alike
TITLE = 25
OF_OUTAGES = {
    *(DeliveryKind.OUTAGE, DeliveryKind.OUTAGE_UPDATE, DeliveryKind.UPDATE_DUE),
    *(DeliveryKind.ANNOUNCEMENT, DeliveryKind.HOME),
}
"""They show outages, which everybody is told."""


@dataclass(frozen=True)
class Told:
    """What the stories sent, as texts, and what their tickets say."""

    sent: Sequence[tuple[DeliveryKind, str]]
    words: frozenset[str]
    outages: str
    """What the outages say."""
    people: frozenset[str]
    """The names of everybody."""


@pytest.fixture(scope="module")
def told() -> Told:
    """All that the stories send, as the text of it, and what their tickets say."""
    contents = sample_contents()
    teams = tuple(team.model_copy(update={"confidential": True}) for team in contents.catalogue.teams)
    contents = replace(contents, catalogue=contents.catalogue.model_copy(update={"teams": teams}))
    sent: list[tuple[DeliveryKind, str]] = []
    real = sending.render

    def noted(session: object, delivery: Delivery, **more: object) -> Rendered:
        rendered = real(session, delivery, **more)  # type: ignore[arg-type]
        if isinstance(rendered, RenderedMessage):
            sent.append((delivery.kind, f"{rendered.text} {json.dumps(rendered.blocks, ensure_ascii=False)}"))
        elif isinstance(rendered, RenderedHome):
            sent.append((delivery.kind, json.dumps(rendered.view, ensure_ascii=False)))
        return rendered

    with pytest.MonkeyPatch.context() as patch, sample_desk(contents) as desk:
        patch.setattr(sending, "render", noted)
        patch.setattr(Case, "attach_to", lambda _case, _other: None)  # such tickets are never attached
        for story in STORIES.values():
            assert not [screen.fault for screen in story(desk) if screen.fault and screen.kind]
        with desk.sessions() as session:
            rows = (*session.scalars(select(Outage)), *session.scalars(select(OutageEvent)))
            people = frozenset(session.scalars(select(Person.name)))
            outages = " ".join(str(vars(each)) for each in rows)
        return Told(sent, frozenset(words_of(desk)), outages, people)


def words_of(desk: SampleDesk) -> Iterator[str]:
    """Titles, descriptions, answers, solutions, comments, names of files and of people."""
    with desk.sessions() as session:
        for ticket in session.scalars(select(Ticket)):
            yield from (ticket.title, ticket.description, ticket.solution or "")
        yield from session.scalars(select(Comment.text))
        yield from filter(None, session.scalars(select(Event.text)))
        yield from session.scalars(select(Attachment.name))
        yield from session.scalars(select(Person.name))


def test_what_is_sent_has_no_word_of_a_ticket(told: Told) -> None:
    pieces = {piece.strip() for text in told.words for piece in PIECE.findall(text)}
    pieces |= {text[:TITLE] for text in told.words if text[:1].isdigit()}  # titles with a number before
    assert len(pieces) > 20
    leaks = {
        (kind, piece)
        for kind, text in told.sent
        for piece in pieces
        if piece in text
        and not (kind in OF_OUTAGES and piece in told.outages)
        and not (kind is DeliveryKind.DEPARTURE_SUMMARY and piece in told.people)  # it names who has left
    }
    assert leaks == set()


def test_each_kind_of_message_was_looked_at(told: Told) -> None:
    """An outage of a confidential team is not announced."""
    not_sent = {*NOT_IN_SLACK, DeliveryKind.ANNOUNCEMENT}
    assert {kind for kind, _text in told.sent} == RENDERERS.keys() - not_sent
