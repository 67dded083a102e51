"""The summary for a team of the tickets that a technician who left had."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, ConfirmObject

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.lists import ticket_row, ticket_state
from blocks.kit.text import bold, note, plain, rich, text_part
from models.departures.departure import Departure
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class Summary:
    """What a summary says: the tickets that it lists, how many were released and how many given back."""

    departure: Departure
    tickets: Sequence[Ticket]
    counts: tuple[int, int]
    is_returnable: bool


def summary_message(_: Translator, summary: Summary) -> Content:
    """Who left, the tickets that are in the queue again, and the button that gives them back."""
    departure, (count, returned) = summary.departure, summary.counts
    team = departure.team.name.in_(_.locale)
    headline = _.plural(
        "{name} has left the {team} team: {count} ticket is back in the queue",
        "{name} has left the {team} team: {count} tickets are back in the queue",
        count,
        name=departure.person.name,
        team=team,
    )
    blocks: list[Block] = [rich([text_part("👋 "), bold(headline)])]
    for ticket in summary.tickets:
        blocks += _row(_, ticket)
    if count > len(summary.tickets):
        blocks.append(note(_("There are more in the queue: type /my-queue.")))
    if returned or departure.returned_by is not None:
        blocks.append(note(_returned(_, departure, returned)))
    elif summary.is_returnable:
        hint = _(
            "If they are back in the channel, what nobody has taken since can be given back within a day."
        )
        blocks += [ActionsBlock(elements=[_button(_, departure)]), note(hint)]
    return headline, blocks


def _row(_: Translator, ticket: Ticket) -> list[Block]:
    """A ticket's row; of a confidential one the number and the state only."""
    if ticket.is_confidential:
        state = labels.state(_, ticket)
        return [rich([bold(_("No. {number}", number=ticket.id)), text_part(f" · {state}")])]
    return ticket_row(_, ticket, ticket_state(_, ticket))


def _returned(_: Translator, departure: Departure, returned: int) -> str:
    return _.plural(
        "{count} ticket given back to {name} by {by}",
        "{count} tickets given back to {name} by {by}",
        returned,
        name=departure.person.name,
        by=departure.returned_by.name if departure.returned_by else "",
    )


def _button(_: Translator, departure: Departure) -> ButtonElement:
    name = departure.person.name
    return ButtonElement(
        text=plain(_("Give all back")),
        action_id=ids.GIVE_BACK,
        value=str(departure.id),
        confirm=ConfirmObject(
            title=plain(_("Give all back?")),
            text=plain(_("The tickets that nobody has taken since are assigned to {name} again.", name=name)),
            confirm=plain(_("Give back")),
            deny=plain(_("Cancel")),
        ),
    )
