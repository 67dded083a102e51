"""A person's own data as a page that needs nothing else: no network, no script."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from blocks import labels
from blocks.i18n import Translator
from blocks.own_data.labels import (
    AGREEMENT,
    DECISION,
    DEED,
    MESSAGE,
    MISSING,
    OTHER_MESSAGE,
    deeds_of_person,
    work_on_others,
)
from blocks.own_data.notice import Notice, notice_sections
from bot.context.actor import known_zone
from bot.delivery.own_data.packing import Packing
from bot.services.own_data.about import About, Message
from bot.services.own_data.tickets import OwnTicket
from models.base import LocalizedText
from models.outbox.kinds import DeliveryKind


@dataclass(frozen=True)
class Sent:
    """How many messages of a kind were sent, and when."""

    kind: DeliveryKind
    count: int
    first_at: datetime
    last_at: datetime


def page(
    _: Translator,
    about: About,
    tickets: Iterable[OwnTicket],
    packing: Packing,
    facts: Notice,
    **more: Any,
) -> Iterator[str]:
    """The page, in pieces. `more`: what the template asks for besides."""
    zone = known_zone(about.person.time_zone, "Europe/Paris")
    return (
        _environment()
        .get_template("page.html")
        .generate(
            _=_,
            about=about,
            tickets=tickets,
            packing=packing,
            sent=by_kind(about.messages),
            notice=notice_sections(_, facts),
            labels=labels,
            decisions=DECISION,
            agreements=AGREEMENT,
            deeds=DEED,
            deeds_of_person=deeds_of_person,
            work_on_others=work_on_others,
            message_name=lambda kind: _(MESSAGE.get(kind, OTHER_MESSAGE)),
            missing=MISSING,
            at=lambda moment: _.date_time(moment, zone) if moment else "—",
            day=_.day,
            name=lambda text: text.in_(_.locale) if isinstance(text, LocalizedText) else text or "—",
            **more,
        )
    )


def by_kind(messages: Sequence[Message]) -> list[Sent]:
    """The messages of each kind, in the order of the first."""
    found: dict[DeliveryKind, list[datetime]] = {}
    for each in messages:
        found.setdefault(each.kind, []).append(each.at)
    return [Sent(kind, len(times), min(times), max(times)) for kind, times in found.items()]


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates" / "own_data"
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
