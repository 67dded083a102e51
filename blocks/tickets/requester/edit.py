"""The form in which a requester edits a ticket that nobody has taken yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, PlainTextInputElement
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.inputs import FormHead, field, form_view, long_text, text_of
from blocks.kit.selects import OPTIONS_MAX, enum_options, row_options, select
from blocks.kit.values import Payload
from blocks.kit.view_state import load_view_state
from blocks.tickets.state import ChangeState, DetailState
from models.catalogue import Site
from models.characters import fingerprint, split_words
from models.fields import INPUT_MAX, Field
from models.lifecycle import TITLE_MAX, Impact, Urgency
from models.tickets.ticket import Ticket

_BLOCKS = {
    Field.TITLE: ids.TITLE,
    Field.DESCRIPTION: ids.DESCRIPTION,
    Field.IMPACT: ids.IMPACT,
    Field.URGENCY: ids.URGENCY,
    Field.SITE: ids.SITE,
}


@dataclass(frozen=True)
class Edited:
    """A filled form: what was changed in it."""

    state: ChangeState
    changed: Mapping[str, str]


def edit_form(
    _: Translator,
    ticket: Ticket,
    *,
    sites: Sequence[Site],
    needs_description: bool,
    detail: DetailState | None,
    notes: Sequence[Block] = (),
) -> View:
    """The form, with what the ticket says now. `notes`: what follows from a change."""
    title = PlainTextInputElement(initial_value=ticket.title, max_length=TITLE_MAX, focus_on_load=True)
    impacts, urgencies = enum_options(_, labels.IMPACT, Impact), enum_options(_, labels.URGENCY, Urgency)
    blocks: list[Block] = [
        *notes,
        field(ids.TITLE, _("Title"), title),
        long_text(
            ids.DESCRIPTION,
            _("Description"),
            optional=not needs_description,
            initial=split_words(ticket.description, INPUT_MAX)[0],
        ),
        field(ids.IMPACT, _("User impact"), select(_, impacts, ticket.impact)),
        field(ids.URGENCY, _("User urgency"), select(_, urgencies, ticket.urgency)),
        field(ids.SITE, _("Site"), select(_, row_options(_, _offered(sites, ticket.site)), ticket.site_id)),
    ]
    head = FormHead(ids.EDIT_FORM, title=_("Edit the ticket"), submit=_("Save"))
    return form_view(_, head, blocks, ChangeState(ticket.id, detail, _shown(ticket)).dump())


def read_edit(view: Payload) -> Edited:
    """What the form says. Raises `StalePayload`, `FieldRefused`."""
    state = ChangeState.load(load_view_state(view))
    values = {each: text_of(view, block_id).strip() for each, block_id in _BLOCKS.items()}
    changed: dict[str, str] = {
        each: text for each, text in values.items() if fingerprint(text) != state.was.get(each)
    }
    return Edited(state, changed)


def _shown(ticket: Ticket) -> dict[str, str]:
    return {
        Field.TITLE: fingerprint(ticket.title),
        Field.DESCRIPTION: fingerprint(split_words(ticket.description, INPUT_MAX)[0].strip()),
        Field.IMPACT: fingerprint(ticket.impact),
        Field.URGENCY: fingerprint(ticket.urgency),
        Field.SITE: fingerprint(ticket.site_id),
    }


def _offered(sites: Sequence[Site], chosen: Site) -> Sequence[Site]:
    """The sites; the present one even when it has been archived since."""
    return sites if chosen in sites else (*sites[: OPTIONS_MAX - 1], chosen)
