"""The technicians' forms that declare, amend and resolve an outage, and their readers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from slack_sdk.models.blocks import (
    InputBlock,
    OptionGroup,
    PlainTextInputElement,
    StaticMultiSelectElement,
)
from slack_sdk.models.blocks.block_elements import DateTimePickerElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.inputs import FormHead, field, form_view, long_text, text_of, texts_of, value_of
from blocks.kit.selects import OPTIONS_MAX, among, multi_select, row_options, select
from blocks.kit.text import OPTION_MAX, cut, note, plain
from blocks.kit.values import Payload
from blocks.kit.view_state import load_view_state
from blocks.outages.announcements.choice import announce_field, is_announced
from blocks.outages.state import OutageState
from models.announcements.announcement import AnnouncementChannel
from models.catalogue import Group, Service, Site, Team
from models.errors import StalePayload
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import TITLE_MAX
from models.tickets.outage import Outage, OutageDraft

CHANGES_ANNOUNCEMENT = (ids.SITES, ids.SERVICES, ids.TEAM)
"""The inputs on which it depends whether and where an outage may be announced."""
GROUPS_MAX = 100  # in a menu (docs.slack.dev, "Multi-select menu element")

Services = Sequence[tuple[Group, Sequence[Service]]]


@dataclass(frozen=True)
class OutageForm:
    """A filled form that declares (`outage_id` is 0) or amends an outage."""

    outage_id: int
    draft: OutageDraft


@dataclass(frozen=True)
class OutageSolution:
    """A filled form that resolves an outage."""

    outage_id: int
    text: str


@dataclass(frozen=True)
class Offered:
    """What the form of a new outage offers."""

    teams: Sequence[Team]
    sites: Sequence[Site]
    services: Services
    announced: Sequence[AnnouncementChannel] = ()
    """The channels in which what the form says would be announced."""


def declare_form(_: Translator, draft: OutageDraft, offered: Offered) -> View:
    """The form that declares an outage; it asks a technician of several teams for the team. It is drawn again
    when a choice changes where the outage may be announced."""
    blocks = _inputs(_, draft, offered.sites, offered.services)
    if len(offered.teams) > 1:
        blocks.append(_team(_, offered.teams, draft.team_id))
    for block in blocks:
        block.dispatch_action = block.block_id in CHANGES_ANNOUNCEMENT or None
    blocks += announce_field(_, offered.announced, is_ticked=draft.announce)
    head = FormHead(ids.DECLARE_OUTAGE_FORM, title=_("Declare an outage"), submit=_("Declare"))
    return form_view(_, head, blocks, OutageState(submission=draft.submission).dump())


def amend_form(_: Translator, outage: Outage, *, sites: Sequence[Site], services: Services) -> View:
    """The same form, filled with what the outage says now."""
    draft = OutageDraft(
        outage.submission, outage.title, outage.site_ids, outage.service_ids, outage.expected_end
    )
    head = FormHead(ids.AMEND_OUTAGE_FORM, title=_("Edit the outage"), submit=_("Save"))
    return form_view(_, head, _inputs(_, draft, sites, services), OutageState(outage_id=outage.id).dump())


def resolve_outage_form(_: Translator, outage: Outage, concerned: int) -> View:
    """The form that resolves an outage: one solution for all its followers."""
    readers = _.plural(
        "{count} person is following this outage and will see this, then sign it off or reject it.",
        "{count} people are following this outage and will see this, then sign it off or reject it.",
        concerned,
    )
    head = FormHead(ids.RESOLVE_OUTAGE_FORM, title=_("Resolve the outage"), submit=_("Resolve"))
    blocks = [note(outage.title), long_text(ids.SOLUTION, _("Solution"), hint=readers, focus=True)]
    return form_view(_, head, blocks, OutageState(outage_id=outage.id).dump())


def read_outage_form(view: Payload) -> OutageForm:
    """What a declare or amend form says. Raises `StalePayload`, `FieldRefused`."""
    state = OutageState.load(load_view_state(view))
    draft = OutageDraft(
        submission=state.submission,
        title=text_of(view, ids.TITLE),
        site_ids=texts_of(view, ids.SITES),
        service_ids=texts_of(view, ids.SERVICES),
        expected_end=_date_time(value_of(view, ids.EXPECTED_END)),
        team_id=text_of(view, ids.TEAM) or None,
        announce=is_announced(view),
    )
    return OutageForm(state.outage_id or 0, draft)


def read_outage_solution(view: Payload) -> OutageSolution:
    """What a resolve form says. Raises `StalePayload`, `FieldRefused`."""
    state = OutageState.load(load_view_state(view))
    if state.outage_id is None:
        raise StalePayload
    return OutageSolution(state.outage_id, text_of(view, ids.SOLUTION))


def _date_time(seconds: object) -> datetime | None:
    """The value of the picker: seconds, a number of ten digits (docs.slack.dev, "Datetime picker")."""
    if seconds is None:
        return None
    if type(seconds) is not int or not 0 <= seconds < 10**10:
        raise FieldRefused(Field.EXPECTED_END, FieldReason.UNKNOWN)
    return datetime.fromtimestamp(seconds, UTC)


def _inputs(_: Translator, draft: OutageDraft, sites: Sequence[Site], services: Services) -> list[InputBlock]:
    title = PlainTextInputElement(initial_value=draft.title or None, max_length=TITLE_MAX, focus_on_load=True)
    end = DateTimePickerElement(
        initial_date_time=int(draft.expected_end.timestamp()) if draft.expected_end else None
    )
    inputs = [
        field(ids.TITLE, _("Title"), title, hint=_("What everyone will see, for example “Email is down”")),
        field(
            ids.SITES,
            _("Sites"),
            _sites(_, sites, draft),
            hint=_("Leave empty for all sites."),
            optional=True,
        ),
    ]
    if services:
        inputs.append(field(ids.SERVICES, _("Services"), _services(_, services, draft), optional=True))
    return [*inputs, field(ids.EXPECTED_END, _("Expected end"), end, optional=True)]


def _sites(_: Translator, sites: Sequence[Site], draft: OutageDraft) -> StaticMultiSelectElement:
    return multi_select(_, row_options(_, sites[:OPTIONS_MAX]), draft.site_ids)


def _services(_: Translator, services: Services, draft: OutageDraft) -> StaticMultiSelectElement:
    """By their groups: a menu holds 100 groups of 100."""
    groups = list(islice(_option_groups(_, services), GROUPS_MAX))
    offered = [each for group in groups for each in group.options or ()]
    return StaticMultiSelectElement(
        placeholder=plain(_("Choose")),
        option_groups=groups,
        initial_options=among(offered, draft.service_ids),
    )


def _option_groups(_: Translator, services: Services) -> Iterable[OptionGroup]:
    for group, members in services:
        label = plain(cut(group.name.in_(_.locale), OPTION_MAX))
        for start in range(0, len(members), OPTIONS_MAX):
            yield OptionGroup(label=label, options=row_options(_, members[start : start + OPTIONS_MAX]))


def _team(_: Translator, teams: Sequence[Team], chosen: str | None) -> InputBlock:
    options = row_options(_, teams[:OPTIONS_MAX])
    values = [each.value for each in options]
    element = select(_, options, chosen if chosen in values else values[0])
    return field(ids.TEAM, _("Team"), element, hint=_("Its members can edit and resolve the outage."))
