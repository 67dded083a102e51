"""The short form of a call that was already solved: for whom, which service or what it was about, the
solution."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    ExternalDataSelectElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.inputs import FormHead, field, form_view, long_text, text_of
from blocks.kit.notices import view_fields
from blocks.kit.selects import enum_options, row_options, select
from blocks.kit.text import plain
from blocks.kit.values import Payload, enum_or_none
from blocks.kit.view_state import load_view_state
from blocks.tickets.new_ticket.form import NewTicketState, site_chosen
from models.catalogue import Service, Site
from models.fields import INPUT_MAX
from models.lifecycle import TITLE_MAX, Kind, Status
from models.tickets.draft import TicketDraft

_OF_SERVICE = (ids.CALL_KIND, ids.APPROVER, ids.AGREED_WHERE)
"""The blocks that depend on the chosen service."""


@dataclass(frozen=True)
class SolvedCall:
    """A filled short form."""

    draft: TicketDraft
    kind: Kind | None
    """What was chosen for a service that offers both; `None`: nothing was asked."""


def solved_call_form(_: Translator, submission: str, sites: Sequence[Site]) -> View:
    """The empty form."""
    head = FormHead(ids.SOLVED_CALL_FORM, title=_("Solved call"), submit=_("Save"), close=_("Cancel"))
    blocks = [_requester(_), _service(_), _title(_), _solution(_), _site(_, sites)]
    return form_view(_, head, blocks, NewTicketState(submission).dump())


def with_service(_: Translator, view: Payload, service: Service | None) -> View:
    """The open form with what its service asks: incident or request, and who agreed. Its other inputs keep
    what they hold."""
    blocks = list[Any]()
    for block in view["blocks"]:
        if block["block_id"] in _OF_SERVICE:
            continue
        blocks.append(block)
        if block["block_id"] == ids.CALL_SERVICE and service is not None:
            blocks += [each.to_dict() for each in (*_kind(_, service), *_agreed(_, service))]
    return View(blocks=blocks, **view_fields(view))


def read_solved_call(view: Payload) -> SolvedCall:
    """What the form says. Raises `StalePayload`, `FieldRefused`."""
    state = NewTicketState.load(load_view_state(view))
    draft = TicketDraft(
        submission=state.submission,
        service_id=text_of(view, ids.CALL_SERVICE) or None,
        title=text_of(view, ids.TITLE),
        status=Status.RESOLVED,
        site_id=site_chosen(view),
        requester=text_of(view, ids.REQUESTER) or None,
        solution=text_of(view, ids.SOLUTION),
        approver=text_of(view, ids.APPROVER) or None,
        agreed_where=text_of(view, ids.AGREED_WHERE),
        is_short=True,
    )
    return SolvedCall(draft, enum_or_none(Kind, text_of(view, ids.CALL_KIND)))


def read_chosen_service(view: Payload) -> str | None:
    """The id of the service that is chosen in the open form."""
    return text_of(view, ids.CALL_SERVICE) or None


def service_options(_: Translator, services: Sequence[Service]) -> list[Option]:
    """What the menu of services offers: those about which a ticket can be raised."""
    return row_options(_, [each for each in services if each.offers_request or each.offers_incident])


def _requester(_: Translator) -> InputBlock:
    element = UserSelectElement(placeholder=plain(_("Choose a person")))
    hint = _("The person who called.")
    return _dispatching(field(ids.REQUESTER, _("Requester"), element, hint=hint))


def _service(_: Translator) -> InputBlock:
    element = ExternalDataSelectElement(placeholder=plain(_("Choose a service")), min_query_length=0)
    return _dispatching(field(ids.CALL_SERVICE, _("Service"), element, optional=True))


def _title(_: Translator) -> InputBlock:
    hint = _("Required without a service.")
    element = PlainTextInputElement(max_length=TITLE_MAX)
    return field(ids.TITLE, _("Title"), element, hint=hint, optional=True)


def _solution(_: Translator) -> InputBlock:
    hint = _("The requester will be asked to sign it off.")
    return long_text(ids.SOLUTION, _("Solution"), hint=hint, focus=True)


def _site(_: Translator, sites: Sequence[Site]) -> InputBlock:
    hint = _("Left empty: the requester’s usual site.")
    return field(ids.SITE, _("Site"), select(_, row_options(_, sites)), hint=hint, optional=True)


def _kind(_: Translator, service: Service) -> list[InputBlock]:
    if not (service.offers_request and service.offers_incident):
        return []
    options = enum_options(_, labels.KIND, Kind)
    chosen = next(each for each in options if each.value == service.usual_kind.value)
    element = RadioButtonsElement(options=options, initial_option=chosen)
    return [field(ids.CALL_KIND, _("What it was"), element)]


def _agreed(_: Translator, service: Service) -> list[InputBlock]:
    if not (service.offers_request and service.approval):
        return []
    who = UserSelectElement(placeholder=plain(_("Choose a person")))
    where = PlainTextInputElement(max_length=INPUT_MAX)
    who_hint = _("This service needs an agreement.")
    where_hint = _("For example “by e-mail on 3 March”. The requester will see this.")
    return [
        field(ids.APPROVER, _("Who agreed"), who, hint=who_hint, optional=True),
        field(ids.AGREED_WHERE, _("Where and when they agreed"), where, hint=where_hint, optional=True),
    ]


def _dispatching(block: InputBlock) -> InputBlock:
    """The same, of which Slack sends each change at once."""
    block.dispatch_action = True
    return block
