"""A message about a confidential ticket: its number, its state, and what opens the rest.

It is composed anew. Of the ordinary message only buttons are kept, whose labels are ours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InteractiveElement,
    OverflowMenuElement,
)

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.text import LABEL_MAX, Part, bold, cut, escape, option, person, plain, rich, text_part
from blocks.kit.values import objects
from blocks.tickets.actions import detail_button
from models.tickets.ticket import Ticket

_ACTIONS_MAX = 25  # elements of a block (docs.slack.dev, "Actions block")
# Of buttons that act on the ticket or a step of its agreement.
_KEPT = ("ticket.", "approval.")


@dataclass(frozen=True)
class Occasion:
    """Why a message is sent."""

    sentence: str
    """One sentence of ours, without names."""
    mentions: str | None = None
    """The Slack id of the technician whom it notifies."""
    step: int | None = None
    """The id of the step that an approver decides in."""
    is_former: bool = False
    """It is for a team that no longer has the ticket: nothing opens, and the state is not told."""


def confidential_message(
    _: Translator, ticket: Ticket, occasion: Occasion, blocks: Sequence[Mapping[str, Any]]
) -> Content:
    """`blocks`: those of the ordinary message."""
    headline = _("No. {number}", number=ticket.id)
    if not occasion.is_former:
        headline += f" · {labels.state(_, ticket)}"
    line: list[Part] = [text_part("🔒 "), bold(headline)]
    if occasion.mentions:
        line += [text_part(" · "), person(_, occasion.mentions)]
    shown: list[Block] = [rich(line, [text_part(occasion.sentence)])]
    if elements := [] if occasion.is_former else _elements(_, ticket, occasion, blocks):
        shown.append(ActionsBlock(elements=elements))
    return escape(f"{headline} · {occasion.sentence}"), shown


def _elements(
    _: Translator, ticket: Ticket, occasion: Occasion, blocks: Sequence[Mapping[str, Any]]
) -> list[InteractiveElement]:
    elements = list(_kept(ticket, blocks))
    opens = {each.action_id for each in elements}
    if occasion.step is not None and elements and ids.SHOW_REQUEST not in opens:
        text = _("View the request")
        elements.append(_button(ticket, text, ids.SHOW_REQUEST, value=str(occasion.step)))
    elif occasion.step is None and ids.DETAIL not in opens:
        elements.append(detail_button(_, ticket))
    return elements[-_ACTIONS_MAX:]


def _kept(ticket: Ticket, blocks: Sequence[Mapping[str, Any]]) -> Iterator[InteractiveElement]:
    for block in blocks:
        for each in objects(block.get("elements")) if block.get("type") == "actions" else ():
            action_id = str(each.get("action_id"))
            if not action_id.startswith(_KEPT):
                continue
            if each.get("type") == "button":
                text = _label(each)
                value, style = str(each.get("value")), each.get("style")
                yield _button(ticket, text, action_id, value=value, style=style)
            elif each.get("type") == "overflow":
                options = [option(_label(row), str(row.get("value"))) for row in objects(each.get("options"))]
                yield OverflowMenuElement(action_id=action_id, options=options)


def _label(element: Mapping[str, object]) -> str:
    text = element.get("text")
    return str(text.get("text")) if isinstance(text, dict) else ""


def _button(
    ticket: Ticket, text: str, action_id: str, *, value: str, style: str | None = None
) -> ButtonElement:
    return ButtonElement(
        text=plain(text),
        action_id=action_id,
        value=value,
        style=style,
        accessibility_label=cut(f"{text} · {ticket.id}", LABEL_MAX),
    )
