"""What a row of the queue shows below its ticket: the last word, and links to its card and its thread."""

from slack_sdk.models.blocks import Block

from blocks import labels
from blocks.i18n import Translator
from blocks.kit.lists import last_text
from blocks.kit.text import HERE, Part, cut, link, rich, text_part, with_age
from models.lifecycle import Action
from models.pages import Beside
from models.tickets.ticket import Ticket

_DONE_MAX = 120
CARD = "https://app.slack.com/client/{team}/{channel}/p{number}"
THREAD = "https://app.slack.com/client/{team}/{channel}/thread/{channel}-{ts}"


def beside_blocks(_: Translator, ticket: Ticket, beside: Beside, workspace: str) -> list[Block]:
    """One line, if there is something to say."""
    parts = [*_last(_, ticket, beside), *_links(_, beside, workspace)]
    return [rich([part for each in _joined(parts) for part in each])] if parts else []


def _last(_: Translator, ticket: Ticket, beside: Beside) -> list[list[Part]]:
    """What was last done, unless the row says it already: that it was raised, or the requester wrote. Of a
    confidential ticket nothing: it would say who did it."""
    if beside.last is None or beside.last.action is Action.OPEN:
        return []
    if ticket.is_confidential or last_text(_, ticket):
        return []
    done = cut(labels.done(_, beside.last), _DONE_MAX)
    return [with_age(_, f"{done} · {HERE}", beside.last.at)]


def _links(_: Translator, beside: Beside, workspace: str) -> list[list[Part]]:
    if beside.card is None:
        return []
    channel, ts = beside.card
    card = CARD.format(team=workspace, channel=channel, number=ts.replace(".", ""))
    thread = THREAD.format(team=workspace, channel=channel, ts=ts)
    files: list[list[Part]] = []
    if beside.files:
        files = [[link(thread, _.plural("{count} file", "{count} files", beside.files))]]
    return [[link(card, _("Card"))], [link(thread, _("Thread"))], *files]


def _joined(parts: list[list[Part]]) -> list[list[Part]]:
    joined = parts[:1]
    for each in parts[1:]:
        joined += [[text_part(" · ")], each]
    return joined
