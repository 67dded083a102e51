"""The technicians' forms of an outage: declared, amended, resolved; with their readers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from slack_sdk.models.blocks import (
    InputBlock,
    Option,
    OptionGroup,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.blocks.block_elements import DateTimePickerElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.inputs import field, long_text, text_of, texts_of, value_of
from blocks.kit.text import OPTION_MAX, cut, note, option, plain
from blocks.kit.values import read_number
from blocks.kit.view_state import dump_view_state, load_view_state
from models.catalogue import Group, Service, Site, Team
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import TITLE_MAX
from models.tickets.outage import Outage, OutageDraft

CHOICES_MAX = 100  # options in a menu or in a group of one; groups in a menu (docs.slack.dev, "Multi-select")

Services = Sequence[tuple[Group, Sequence[Service]]]


@dataclass(frozen=True)
class OutageForm:
    """What an outage's form says; of which outage, when it was there before."""

    outage_id: int
    draft: OutageDraft


@dataclass(frozen=True)
class OutageSolution:
    """What ended an outage."""

    outage_id: int
    text: str


def declare_form(
    _: Translator, *, draft: OutageDraft, teams: Sequence[Team], sites: Sequence[Site], services: Services
) -> View:
    """The form that declares an outage; it asks for the team when its technician is in several."""
    blocks = _inputs(_, draft, sites, services)
    if len(teams) > 1:
        blocks.append(_team(_, teams, draft.team_id))
    return View(
        type="modal",
        callback_id=ids.DECLARE_OUTAGE_FORM,
        title=plain(_("Declare an outage")),
        submit=plain(_("Declare")),
        close=plain(_("Close")),
        private_metadata=dump_view_state({"submission": draft.submission}),
        blocks=blocks,
    )


def amend_form(_: Translator, outage: Outage, *, sites: Sequence[Site], services: Services) -> View:
    """The same form, as the outage stands."""
    draft = OutageDraft(
        outage.submission, outage.title, outage.site_ids, outage.service_ids, outage.expected_end
    )
    return View(
        type="modal",
        callback_id=ids.AMEND_OUTAGE_FORM,
        title=plain(_("Amend the outage")),
        submit=plain(_("Save")),
        close=plain(_("Close")),
        private_metadata=dump_view_state({"outage": outage.id}),
        blocks=_inputs(_, draft, sites, services),
    )


def resolve_outage_form(_: Translator, outage: Outage, concerned: int) -> View:
    """The form that ends an outage: one solution, for all who follow it."""
    readers = _.plural(
        "{count} person follows it: they read this, then approve or refuse.",
        "{count} people follow it: they read this, then approve or refuse.",
        concerned,
    )
    return View(
        type="modal",
        callback_id=ids.RESOLVE_OUTAGE_FORM,
        title=plain(_("Resolve the outage")),
        submit=plain(_("Resolve")),
        close=plain(_("Close")),
        private_metadata=dump_view_state({"outage": outage.id}),
        blocks=[note(outage.title), long_text(ids.SOLUTION, _("Solution"), hint=readers, focus=True)],
    )


def read_outage_form(view: dict[str, Any]) -> OutageForm:
    """What a declare or amend form says."""
    place, end = load_view_state(view), value_of(view, ids.EXPECTED_END)
    draft = OutageDraft(
        submission=str(place.get("submission", ""))[:36],
        title=text_of(view, ids.TITLE),
        site_ids=texts_of(view, ids.SITES),
        service_ids=texts_of(view, ids.SERVICES),
        expected_end=_moment(end),
        team_id=text_of(view, ids.TEAM) or None,
    )
    return OutageForm(read_number(place.get("outage") or 0), draft)


def read_outage_solution(view: dict[str, Any]) -> OutageSolution:
    """What a resolve form says."""
    return OutageSolution(read_number(load_view_state(view).get("outage")), text_of(view, ids.SOLUTION))


def _moment(seconds: object) -> datetime | None:
    """A moment of the picker; it is a number of ten digits (docs.slack.dev, "Datetime picker")."""
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
        field(ids.TITLE, _("Title"), title, hint=_("What everybody will read: “E-mail is down”")),
        field(ids.SITES, _("Sites"), _sites(_, sites, draft), hint=_("None chosen: all."), optional=True),
    ]
    if services:
        inputs.append(field(ids.SERVICES, _("Services"), _services(_, services, draft), optional=True))
    return [*inputs, field(ids.EXPECTED_END, _("Expected end"), end, optional=True)]


def _sites(_: Translator, sites: Sequence[Site], draft: OutageDraft) -> StaticMultiSelectElement:
    options = [option(site.name.in_(_.locale), site.id) for site in sites[:CHOICES_MAX]]
    return StaticMultiSelectElement(
        placeholder=plain(_("Choose")), options=options, initial_options=_among(options, draft.site_ids)
    )


def _services(_: Translator, services: Services, draft: OutageDraft) -> StaticMultiSelectElement:
    """By their groups: a menu has room for a hundred groups of a hundred."""
    groups = list(islice(_option_groups(_, services), CHOICES_MAX))
    offered = [each for group in groups for each in group.options or ()]
    return StaticMultiSelectElement(
        placeholder=plain(_("Choose")),
        option_groups=groups,
        initial_options=_among(offered, draft.service_ids),
    )


def _option_groups(_: Translator, services: Services) -> Iterable[OptionGroup]:
    for group, held in services:
        label = plain(cut(group.name.in_(_.locale), OPTION_MAX))
        for start in range(0, len(held), CHOICES_MAX):
            part = held[start : start + CHOICES_MAX]
            yield OptionGroup(label=label, options=[option(one.name.in_(_.locale), one.id) for one in part])


def _team(_: Translator, teams: Sequence[Team], chosen: str | None) -> InputBlock:
    options = [option(team.name.in_(_.locale), team.id) for team in teams[:CHOICES_MAX]]
    element = StaticSelectElement(
        options=options,
        initial_option=next((each for each in options if each.value == chosen), options[0]),
    )
    return field(ids.TEAM, _("Team"), element, hint=_("Its members amend and resolve the outage."))


def _among(options: Iterable[Option], chosen: Sequence[str]) -> list[Option] | None:
    return [each for each in options if each.value in chosen] or None
