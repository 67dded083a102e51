"""The forms behind a technician's menu: assign, put on hold, requalify, link as duplicate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    ExternalDataSelectElement,
    InputBlock,
    NumberInputElement,
    Option,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.inputs import About, field, long_text, read_about, text_of, ticket_view
from blocks.kit.text import note, option, plain
from blocks.kit.view_state import Place, load_view_state
from models.catalogue import Service, Site, Team
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import HoldReason, Impact, Urgency
from models.tickets.ticket import Ticket

MORNING = time(7)  # when a ticket that waits for a date wakes up
NO_SERVICE = "-"  # an option's value; no service has this id

Word = TypeVar("Word", bound=StrEnum)


def assign_form(_: Translator, ticket: Ticket, *, me: str, place: Place | None) -> View:
    """Who shall have the ticket; whoever opens the form, unless they choose somebody else."""
    element = UserSelectElement(placeholder=plain(_("Choose a person")), initial_user=me)
    hint = _("A member of the team {team}.", team=ticket.team.name.in_(_.locale))
    return ticket_view(
        _,
        ticket,
        [field(ids.ASSIGNEE, _("Technician"), element, hint=hint)],
        callback_id=ids.ASSIGN_FORM,
        title=_("Assign"),
        submit=_("Assign"),
        place=place,
        more={"seen": ticket.assignee.slack_id if ticket.assignee else None},
    )


def read_assign(view: dict[str, Any]) -> tuple[About, str, str | None]:
    """Which ticket, the Slack id of who shall have it, and of who had it when the form was drawn."""
    return read_about(view), text_of(view, ids.ASSIGNEE), load_view_state(view).get("seen")


def hold_form(_: Translator, ticket: Ticket, *, place: Place | None) -> View:
    """What the ticket waits for, until when, and a word for the team."""
    blocks: list[Block] = [
        field(ids.HOLD_REASON, _("Waiting for"), _menu(_, labels.HOLD, list(HoldReason), None)),
        field(
            ids.HOLD_UNTIL,
            _("Until"),
            DatePickerElement(),
            hint=_("On that morning the ticket wakes up by itself. Needed when it waits for a date."),
            optional=True,
        ),
        long_text(ids.REASON, _("More"), hint=_("Only your team reads this."), optional=True),
    ]
    return ticket_view(
        _,
        ticket,
        blocks,
        callback_id=ids.HOLD_FORM,
        title=_("Put on hold"),
        submit=_("Put on hold"),
        place=place,
    )


@dataclass(frozen=True)
class Held:
    """A filled hold form."""

    about: About
    reason: HoldReason | None
    until: datetime | None
    why: str


def read_hold(view: dict[str, Any], time_zone: str) -> Held:
    """What the hold form says; its date is a morning in the technician's time zone."""
    day = text_of(view, ids.HOLD_UNTIL)
    morning = datetime.combine(_day(day), MORNING, ZoneInfo(time_zone)) if day else None
    reason = _word(HoldReason, text_of(view, ids.HOLD_REASON))
    return Held(read_about(view), reason, morning, text_of(view, ids.REASON))


def requalify_form(
    _: Translator, ticket: Ticket, *, sites: Sequence[Site], teams: Sequence[Team], place: Place | None
) -> View:
    """Impact, urgency, site, service and team, as they are; what was declared stands above, and stays."""
    declared = _(
        "As declared: impact “{impact}”, urgency “{urgency}”.",
        impact=_(labels.IMPACT[ticket.declared_impact]),
        urgency=_(labels.URGENCY[ticket.declared_urgency]),
    )
    blocks: list[Block] = [
        note(declared),
        field(ids.IMPACT, _("Impact"), _menu(_, labels.IMPACT, list(Impact), ticket.impact)),
        field(ids.URGENCY, _("Urgency"), _menu(_, labels.URGENCY, list(Urgency), ticket.urgency)),
        _named(_, ids.SITE, _("Site"), sites, ticket.site),
        _service(_, ticket.service),
        _named(_, ids.TEAM, _("Team"), teams, ticket.team),
        long_text(
            ids.REASON,
            _("Why, for the other team"),
            hint=_("Needed when the team changes: your team then loses the ticket."),
            optional=True,
        ),
    ]
    return ticket_view(
        _,
        ticket,
        blocks,
        callback_id=ids.REQUALIFY_FORM,
        title=_("Requalify"),
        submit=_("Requalify"),
        place=place,
        more={"was": _standing(ticket)},
    )


@dataclass(frozen=True)
class Requalified:
    """A filled requalification form: what was changed in it, by field."""

    about: About
    changed: Mapping[str, str | None]
    """`impact`, `urgency`, `site`, `service` (none: `None`), `team`; what somebody else changed meanwhile
    stays as they left it."""
    why: str


def read_requalify(view: dict[str, Any]) -> Requalified:
    """What the requalification form says."""
    place = load_view_state(view)
    was = place["was"] if isinstance(place.get("was"), dict) else {}
    chosen: dict[str, str | None] = {
        "impact": text_of(view, ids.IMPACT),
        "urgency": text_of(view, ids.URGENCY),
        "site": text_of(view, ids.SITE),
        "service": text_of(view, ids.SERVICE_CHOICE) or NO_SERVICE,
        "team": text_of(view, ids.TEAM),
    }
    changed = {field: value for field, value in chosen.items() if value != was.get(field)}
    if "service" in changed and changed["service"] == NO_SERVICE:
        changed["service"] = None
    return Requalified(read_about(view), changed, text_of(view, ids.REASON))


def _standing(ticket: Ticket) -> dict[str, str]:
    return {
        "impact": ticket.impact.value,
        "urgency": ticket.urgency.value,
        "site": ticket.site_id,
        "service": ticket.service_id or NO_SERVICE,
        "team": ticket.team_id,
    }


def service_options(_: Translator, services: Sequence[Service]) -> list[Option]:
    """What the service menu offers for the words typed in it; at most 100 (docs.slack.dev, "Select menu")."""
    return [_no_service(_), *(option(each.name.in_(_.locale), each.id) for each in services[:99])]


def duplicate_form(_: Translator, ticket: Ticket, *, place: Place | None) -> View:
    """Which ticket says the same."""
    element = NumberInputElement(is_decimal_allowed=False, min_value="1")
    return ticket_view(
        _,
        ticket,
        [
            field(
                ids.DUPLICATE_OF,
                _("Number of the original ticket"),
                element,
                hint=_("This one is closed, and its requester is told which one goes on."),
            )
        ],
        callback_id=ids.DUPLICATE_FORM,
        title=_("Link as duplicate"),
        submit=_("Close as duplicate"),
        place=place,
    )


def read_duplicate(view: dict[str, Any]) -> tuple[About, int | None]:
    """Which ticket, and the number of the original."""
    number = text_of(view, ids.DUPLICATE_OF)
    return read_about(view), int(number) if number.isdecimal() and len(number) < 10 else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldRefused(Field.HOLD_UNTIL, FieldReason.UNKNOWN) from None


def _menu(
    _: Translator, words: Mapping[Word, str], offered: Sequence[Word], chosen: Word | None
) -> StaticSelectElement:
    options = {each: option(_(words[each]), each.value) for each in offered}
    return StaticSelectElement(
        placeholder=plain(_("Choose")),
        options=list(options.values()),
        initial_option=options[chosen] if chosen else None,
    )


def _named(
    _: Translator, block_id: str, label: str, rows: Sequence[Site] | Sequence[Team], chosen: Site | Team
) -> InputBlock:
    """A menu of rows by name; the present one is offered even when it has been archived since."""
    offered = rows if chosen in rows else (*rows[:99], chosen)  # a menu holds 100
    options = {row.id: option(row.name.in_(_.locale), row.id) for row in offered}
    element = StaticSelectElement(
        placeholder=plain(_("Choose")), options=list(options.values()), initial_option=options[chosen.id]
    )
    return field(block_id, label, element)


def _service(_: Translator, chosen: Service | None) -> InputBlock:
    element = ExternalDataSelectElement(
        placeholder=plain(_("Choose a service")),
        min_query_length=0,
        initial_option=option(chosen.name.in_(_.locale), chosen.id) if chosen else _no_service(_),
    )
    return field(ids.SERVICE_CHOICE, _("Service"), element, optional=True)


def _no_service(_: Translator) -> Option:
    return option(_("No service"), NO_SERVICE)


def _word(words: type[Word], value: object) -> Word | None:
    return next((word for word in words if word == value), None)
