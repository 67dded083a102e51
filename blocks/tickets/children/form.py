"""The forms that attach a ticket, by its search and its confirmation; and the solution for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from slack_sdk.models.blocks import Block, ExternalDataSelectElement, Option, OptionGroup
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.inputs import FormHead, field, long_text, text_of, ticket_view
from blocks.kit.text import Part, bold, cut, note, person, plain, rich, text_part
from blocks.kit.values import Payload, read_number
from blocks.kit.view_state import Fields, load_view_state
from blocks.tickets.state import DetailState, FormState
from models.errors import StalePayload
from models.fields import Field, FieldReason, FieldRefused
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

NUMBERS_MAX = 10  # of tickets whose agreement is asked, in a line
_TEXT_MAX = 75  # of an option, and of its description (docs.slack.dev, "Option object")
_TICKET, _OUTAGE = "ticket", "outage"
_MORE = "more"  # is nothing to attach to


@dataclass(frozen=True)
class Target:
    """What a ticket is attached to: another one, or an outage."""

    id: int
    is_outage: bool = False

    @classmethod
    def read(cls, value: str) -> Self:
        """Raises `StalePayload`."""
        kind, _dot, number = value.partition(".")
        if kind not in {_TICKET, _OUTAGE}:
            raise StalePayload
        return cls(read_number(number), kind == _OUTAGE)

    @property
    def value(self) -> str:
        return f"{_OUTAGE if self.is_outage else _TICKET}.{self.id}"


@dataclass(frozen=True)
class AttachState(FormState):
    """What was chosen, in the form that asks whether it is meant."""

    target: Target

    @classmethod
    def load(cls, fields: Fields) -> Self:
        """Raises `StalePayload`."""
        form = FormState.load(fields)
        return cls(form.ticket_id, form.detail, Target.read(str(fields.get("target"))))

    def dump(self) -> Fields:
        return {**super().dump(), "target": self.target.value}


def attach_form(_: Translator, ticket: Ticket, *, detail: DetailState | None) -> View:
    """A search for the ticket or the outage that this one is attached to."""
    element = ExternalDataSelectElement(placeholder=plain(_("Search by words or number")), min_query_length=0)
    hint = _(
        "An open ticket of your team, or a known outage. This ticket stays open, and is resolved with it."
    )
    return ticket_view(
        _,
        ticket,
        FormHead(ids.ATTACH_FORM, title=_("Attach"), submit=_("Continue")),
        [field(ids.ATTACH_TO, _("Attach to"), element, hint=hint)],
        FormState(ticket.id, detail).dump(),
    )


def read_target(view: Payload) -> tuple[FormState, Target]:
    """What the search's form says. Raises `StalePayload`, `FieldRefused`."""
    state, value = FormState.load(load_view_state(view)), text_of(view, ids.ATTACH_TO)
    if not value or value == _MORE:
        raise FieldRefused(Field.ATTACH_TO, FieldReason.MISSING)
    return state, Target.read(value)


def confirmation(
    _: Translator, ticket: Ticket, target: Ticket | Outage, *, detail: DetailState | None
) -> View:
    """Asks whether the ticket is to be attached to what was chosen."""
    chosen = Target(target.id, isinstance(target, Outage))
    if isinstance(target, Outage):
        line: list[Part] = [bold(target.title)]
        explained = _("It will be resolved when the outage is over; its requester is asked then.")
    else:
        name = _("No. {number}", number=target.id) + f" · {target.title}"
        line = [bold(name), text_part(" · "), person(_, target.requester.slack_id)]
        line.append(text_part(f" · {labels.state(_, target)}"))
        explained = _(
            "When you resolve No. {number}, you write what this requester will read. Until then they see the "
            "number only, and anything they write gives this ticket its own card again.",
            number=target.id,
        )
    return ticket_view(
        _,
        ticket,
        FormHead(ids.ATTACH_CONFIRMATION, title=_("Attach"), submit=_("Attach")),
        [rich([text_part(_("Attach this ticket to:"))]), rich(line), note(explained)],
        AttachState(ticket.id, detail, chosen).dump(),
    )


def read_confirmation(view: Payload) -> AttachState:
    """What was chosen before. Raises `StalePayload`."""
    return AttachState.load(load_view_state(view))


def target_options(
    _: Translator, tickets: Sequence[Ticket], outages: Sequence[Outage], *, has_more: bool = False
) -> list[OptionGroup]:
    """What a ticket may be attached to: the outages first, then the tickets with requester and state;
    with `has_more` the request for other words, which cannot be chosen."""
    groups = []
    if outages:
        about = _("Known outage")
        options = [_option(each.title, about, Target(each.id, is_outage=True)) for each in outages]
        groups.append(OptionGroup(label=plain(_("Known outages")), options=options))
    if tickets:
        options = [
            _option(
                _("No. {number}", number=each.id) + f" · {each.title}",
                f"{_.name(each.requester.name)} · {labels.state(_, each)}",
                Target(each.id),
            )
            for each in tickets
        ]
        groups.append(OptionGroup(label=plain(_("Open tickets")), options=options))
    if has_more:
        text, hint = _("Refine your search"), _("More tickets match. Add a word, or type the number.")
        more = Option(text=plain(text), description=plain(hint), value=_MORE)
        groups.append(OptionGroup(label=plain(_("Not everything is shown")), options=[more]))
    return groups


def _option(text: str, description: str, target: Target) -> Option:
    return Option(
        text=plain(cut(text, _TEXT_MAX)), description=plain(cut(description, _TEXT_MAX)), value=target.value
    )


def solution_for_others(_: Translator, people: int, asked: Sequence[int]) -> list[Block]:
    """The input of what the requesters of attached tickets read, and which of those stay open."""
    blocks: list[Block] = []
    if people:
        label = _.plural(
            "What the {count} other person will read", "What the {count} other people will read", people
        )
        hint = _("They will not see the solution above. Each signs this one off, or rejects it.")
        blocks.append(long_text(ids.TO_CHILDREN, label, hint=hint))
    if asked:
        shown = ", ".join(map(str, asked[:NUMBERS_MAX])) + ("…" if len(asked) > NUMBERS_MAX else "")
        blocks.append(
            note(
                _.plural(
                    "No. {numbers} still needs an agreement: it stays open, with its own card.",
                    "No. {numbers} still need an agreement: they stay open, with their own cards.",
                    len(asked),
                    numbers=shown,
                )
            )
        )
    return blocks
