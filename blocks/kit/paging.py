"""The buttons between pages."""

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
)

from blocks.i18n import Translator
from blocks.kit.text import plain


def paging(_: Translator, action_id: str, page: int, has_more: bool) -> list[Block]:
    """The buttons to the pages beside this one."""
    buttons = [(_("Previous"), page - 1)] if page > 0 else []
    if has_more:
        buttons.append((_("Next"), page + 1))
    elements = [
        ButtonElement(text=plain(words), action_id=f"{action_id}.{number}", value=str(number))
        for words, number in buttons
    ]
    return [ActionsBlock(elements=elements)] if elements else []
