"""The requests that wait for somebody's agreement: in their App Home, and in a modal."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock
from slack_sdk.models.views import View

from blocks import ids
from blocks.approvals.buttons import buttons, show_button
from blocks.approvals.message import asked, request_blocks, whole_request
from blocks.approvals.request import since
from blocks.i18n import Translator
from blocks.kit.lists import title
from blocks.kit.text import Part, bold, header, note, plain, rich, text_part
from models.approvals.request import AgreementRequest

HOME_MAX = 5


def waiting_agreements(_: Translator, requests: Sequence[AgreementRequest], count: int) -> list[Block]:
    """The section of an App Home, with the buttons that decide; none when nothing waits. `count`: how many
    wait in all."""
    if not requests:
        return []
    blocks: list[Block] = [header(_("Waiting for your agreement"))]
    for each in requests[:HOME_MAX]:
        lines: list[list[Part]] = [title(_, each.ticket)]
        if not each.ticket.is_confidential:
            lines += [[text_part(asked(_, each))], since(_, each)]
        blocks.append(rich(*[line for line in lines if line]))
        blocks.append(ActionsBlock(elements=[*buttons(_, each), show_button(_, each)]))
    if (others := count - len(requests[:HOME_MAX])) > 0:
        more = _.plural("and {count} other", "and {count} others", others)
        button = ButtonElement(text=plain(more), action_id=ids.OPEN_MY_APPROVALS, value="all")
        blocks.append(ActionsBlock(elements=[button]))
    return blocks


def agreements_view(
    _: Translator, requests: Sequence[AgreementRequest], count: int, *, done: str = ""
) -> View:
    """The first of the requests that wait, with its buttons, and how many others there are. `count`: all that
    wait; `done`: what was decided just now."""
    blocks: list[Block] = [note(f"✅ {done}")] if done else []
    if not requests:
        blocks.append(rich([text_part(_("Nothing is waiting for your agreement."))]))
    else:
        first, others = requests[0], count - 1
        blocks += [rich(title(_, first.ticket), [bold(asked(_, first))]), *request_blocks(_, first)]
        blocks.append(ActionsBlock(elements=buttons(_, first)))
        if others:
            more = _.plural("Then one other request.", "Then {count} other requests.", others)
            blocks += [DividerBlock(), note(more)]
    return View(
        type="modal",
        callback_id=ids.MY_APPROVALS,
        title=plain(_("My approvals")),
        close=plain(_("Close")),
        blocks=blocks,
    )


def request_view(_: Translator, request: AgreementRequest) -> View:
    """One request in full, with its buttons."""
    blocks = [
        rich(title(_, request.ticket)),
        *whole_request(_, request),
        ActionsBlock(elements=buttons(_, request)),
    ]
    return View(
        type="modal",
        callback_id=ids.MY_APPROVALS,
        title=plain(_("My approvals")),
        close=plain(_("Close")),
        blocks=blocks,
    )
