"""The form that reclassifies a ticket: its impact, urgency, site, service, or team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ExternalDataSelectElement, InputBlock, Option
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.inputs import (
    FormHead,
    block_with,
    checked_text,
    element_state,
    field,
    long_text,
    text_of,
    ticket_view,
)
from blocks.kit.selects import OPTIONS_MAX, enum_options, row_options, select
from blocks.kit.text import note, option, plain
from blocks.kit.values import Payload, chosen
from blocks.kit.view_state import load_view_state
from blocks.tickets.state import ChangeState, DetailState, FormState
from models.catalogue import Service, Site, Team
from models.fields import Field
from models.lifecycle import Impact, Urgency
from models.tickets.ticket import Ticket

NO_SERVICE = "-"  # an option's value; no service has this id


@dataclass(frozen=True)
class Requalification:
    """A filled requalification form: what was changed in it, by field."""

    state: ChangeState
    changed: Mapping[str, str | None]
    """`impact`, `urgency`, `site`, `service` (none: `None`), `team`; a field that somebody else changed
    meanwhile keeps their value."""
    why: str


@dataclass(frozen=True)
class Offered:
    """What a requalification form offers; `service`: one that was chosen in it and is of another team, which
    is chosen at first."""

    sites: Sequence[Site]
    teams: Sequence[Team]
    service: Service | None = None


def requalify_form(_: Translator, ticket: Ticket, offered: Offered, *, detail: DetailState | None) -> View:
    """Impact, urgency, site, service and team, as they are; what was declared is above, and stays."""
    team = offered.service.team if offered.service else ticket.team
    declared = _(
        "As reported: impact “{impact}”, urgency “{urgency}”.",
        impact=_(labels.IMPACT[ticket.declared_impact]),
        urgency=_(labels.URGENCY[ticket.declared_urgency]),
    )
    blocks: list[Block] = [
        note(declared),
        field(ids.IMPACT, _("Impact"), select(_, enum_options(_, labels.IMPACT, Impact), ticket.impact)),
        field(ids.URGENCY, _("Urgency"), select(_, enum_options(_, labels.URGENCY, Urgency), ticket.urgency)),
        _rows(_, ids.SITE, _("Site"), offered.sites, ticket.site),
        _service(_, offered.service or ticket.service),
        *_hand_over(_, offered.service),
        _team(_, offered, team),
        long_text(
            ids.REASON,
            _("Reason, for the other team"),
            hint=_("Required if you change the team. The ticket will leave your team."),
            optional=True,
        ),
    ]
    return ticket_view(
        _,
        ticket,
        FormHead(ids.REQUALIFY_FORM, title=_("Reclassify"), submit=_("Reclassify")),
        blocks,
        ChangeState(ticket.id, detail, _values(ticket)).dump(),
    )


def read_requalify(view: Payload) -> Requalification:
    """What the requalification form says. Raises `StalePayload`, `FieldRefused`."""
    state = ChangeState.load(load_view_state(view))
    filled: dict[str, str | None] = {
        "impact": text_of(view, ids.IMPACT),
        "urgency": text_of(view, ids.URGENCY),
        "site": text_of(view, ids.SITE),
        "service": text_of(view, ids.SERVICE_CHOICE) or NO_SERVICE,
        "team": checked_text(_team_chosen(view), Field.TEAM),
    }
    changed = {field: value for field, value in filled.items() if value != state.was.get(field)}
    if "service" in changed and changed["service"] == NO_SERVICE:
        changed["service"] = None
    return Requalification(state, changed, text_of(view, ids.REASON))


def read_chosen_service(view: Payload) -> tuple[FormState, str | None]:
    """The service that was just chosen in the requalification form. Raises `StalePayload`, `FieldRefused`."""
    return FormState.load(load_view_state(view)), text_of(view, ids.SERVICE_CHOICE) or None


def service_options(_: Translator, services: Sequence[Service]) -> list[Option]:
    """What the menu of services offers: "No service", then as many of the services as it may hold."""
    return [_no_service(_), *row_options(_, services[: OPTIONS_MAX - 1])]


def _values(ticket: Ticket) -> dict[str, str]:
    return {
        "impact": ticket.impact.value,
        "urgency": ticket.urgency.value,
        "site": ticket.site_id,
        "service": ticket.service_id or NO_SERVICE,
        "team": ticket.team_id,
    }


def _rows(
    _: Translator, block_id: str, label: str, rows: Sequence[Site] | Sequence[Team], present: Site | Team
) -> InputBlock:
    """A menu of rows by name; the present one is offered even when it has been archived since."""
    offered = rows if present in rows else (*rows[: OPTIONS_MAX - 1], present)
    return field(block_id, label, select(_, row_options(_, offered), present.id))


def _team(_: Translator, offered: Offered, team: Team) -> InputBlock:
    """The menu of teams; a block of its own for each service that brings its team."""
    block = _rows(_, ids.TEAM, _("Team"), offered.teams, team)
    if offered.service is not None:
        block.block_id = f"{ids.TEAM}:{offered.service.id}"
    return block


def _team_chosen(view: Payload) -> object:
    return chosen(element_state(view, block_with(view, ids.TEAM), ids.TEAM))


def _hand_over(_: Translator, service: Service | None) -> list[Block]:
    """Which team serves the chosen service, when that is another one."""
    if service is None:
        return []
    said = _(
        "“{service}” is served by the {team} team: the ticket is handed over to it, unless you choose your "
        "own.",
        service=service.name.in_(_.locale),
        team=service.team.name.in_(_.locale),
    )
    return [note(said)]


def _service(_: Translator, present: Service | None) -> InputBlock:
    element = ExternalDataSelectElement(
        placeholder=plain(_("Choose a service")),
        min_query_length=0,
        initial_option=option(present.name.in_(_.locale), present.id) if present else _no_service(_),
    )
    block = field(ids.SERVICE_CHOICE, _("Service"), element, optional=True)
    block.dispatch_action = True
    return block


def _no_service(_: Translator) -> Option:
    return option(_("No service"), NO_SERVICE)
