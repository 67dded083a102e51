"""What a requester is promised, in words: on their card, in the message that says it is later, in e-mails."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from blocks import labels
from blocks.i18n import N_, Translator
from blocks.kit.block_text import Content
from blocks.kit.text import HERE, Part, Parts, bold, cut, escape, rich, text_part
from models.lifecycle import Kind
from models.tickets.clocks.promise import Aim, ShownPromise
from models.tickets.event import Event
from models.tickets.ticket import Ticket

_TITLE_MAX = 150
_AIMED: Mapping[tuple[Aim, Kind], str] = {
    (Aim.RESPONSE, Kind.INCIDENT): N_("We aim to respond by {at}."),
    (Aim.RESPONSE, Kind.REQUEST): N_("We aim to respond by {at}."),
    (Aim.RESOLUTION, Kind.INCIDENT): N_("We aim to resolve it by {at}."),
    (Aim.RESOLUTION, Kind.REQUEST): N_("We aim to complete it by {at}."),
}
_MISSED: Mapping[tuple[Aim, Kind], str] = {
    (Aim.RESPONSE, Kind.INCIDENT): N_("We aimed to respond by {at}."),
    (Aim.RESPONSE, Kind.REQUEST): N_("We aimed to respond by {at}."),
    (Aim.RESOLUTION, Kind.INCIDENT): N_("We aimed to resolve it by {at}."),
    (Aim.RESOLUTION, Kind.REQUEST): N_("We aimed to complete it by {at}."),
}


def promise_sentence(_: Translator, ticket: Ticket, shown: ShownPromise, at: str) -> str:
    """What is promised, or was and is missed. `at`: the moment, in the reader's words."""
    sentences = _MISSED if shown.is_missed else _AIMED
    return _(sentences[shown.promise.aim, ticket.kind], at=at)


def opening_sentence(_: Translator, at: str) -> str:
    """When the desk opens, after a ticket was filed outside of its hours."""
    return _("Raised outside our opening hours: we open {at}.", at=at)


def promise_lines(_: Translator, ticket: Ticket, shown: ShownPromise | None) -> list[list[Part]]:
    """The lines of a message; none when nothing is promised."""
    if shown is None:
        return []
    sentence = _with_moment(_, promise_sentence(_, ticket, shown, HERE), shown.promise.at)
    if shown.is_missed:
        return [[text_part("⚠️ "), bold(_("We are running late.")), text_part(" "), *sentence]]
    opening = [_with_moment(_, opening_sentence(_, HERE), shown.opens_at)] if shown.opens_at else []
    return [*opening, sentence]


def moved_message(_: Translator, ticket: Ticket, event: Event | None, shown: ShownPromise) -> Content:
    """What says that a promise has moved later. `event`: what moved it; `None`: other opening hours or
    targets."""
    reason = labels.done(_, event) + "." if event else _("Our opening hours or our targets have changed.")
    told = _("Our target for your ticket is now later.")
    number, title = _("No. {number}", number=ticket.id), cut(ticket.title, _TITLE_MAX)
    lines: Sequence[Sequence[Part]] = [
        [bold(told)],
        [text_part(reason)],
        *promise_lines(_, ticket, shown),
    ]
    blocks: list[Block] = [rich(*lines)]
    return escape(f"{number} · {title}"), blocks


def _with_moment(_: Translator, sentence: str, at: datetime) -> list[Part]:
    """A sentence in which `HERE` is a moment, as Slack words it in the reader's time zone: with the weekday,
    or "tomorrow"."""
    before, _here, after = sentence.partition(HERE)
    moment = Parts.Date(
        timestamp=int(at.timestamp()), format="{date_long_pretty}, {time}", fallback=_.date_time(at, "UTC")
    )
    return [text_part(before), moment, text_part(after)]
