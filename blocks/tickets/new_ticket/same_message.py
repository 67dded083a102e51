"""In the form of a technician: that a ticket was made from the same message before, or meanwhile."""

from slack_sdk.models.blocks import Block, ButtonElement, SectionBlock
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.notices import view_fields, with_alert
from blocks.kit.text import note, plain
from blocks.kit.values import Payload
from blocks.kit.view_state import dump_view_state, load_view_state
from models.errors import MadeFromMessage


def made_before(_: Translator, number: int | None, *, may_open: bool) -> list[Block]:
    """The number of the ticket that was made before, with a button that opens it for who may see it."""
    if number is None:
        return []
    text = "⚠️ " + _("No. {number} was already raised from this message.", number=number)
    if not may_open:
        return [note(text, block_id=ids.MADE_BEFORE)]
    button = ButtonElement(
        text=plain(_("Open No. {number}", number=number)), action_id=ids.MADE_BEFORE, value=str(number)
    )
    return [SectionBlock(text=plain(text), accessory=button, block_id=ids.MADE_BEFORE)]


def asked_again(_: Translator, view: Payload, words: str, error: MadeFromMessage) -> View:
    """The form with an alert, and the ticket that was made meanwhile; its inputs keep what they hold.

    Sent once more, it knows of that ticket."""
    alert, *others = with_alert(view, words).to_dict()["blocks"]
    made = made_before(_, error.number, may_open=error.may_open)
    others = [block for block in others if block["block_id"] != ids.MADE_BEFORE]
    fields = {**load_view_state(view), "made": error.number}
    metadata = {"private_metadata": dump_view_state(fields)}
    blocks = [alert, *(each.to_dict() for each in made), *others]
    return View(blocks=blocks[:100], **view_fields(view) | metadata)
