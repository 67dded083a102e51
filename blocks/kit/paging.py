"""The buttons between pages."""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from blocks.i18n import N_, Translator
from blocks.kit.text import plain

PREVIOUS_NEXT = (N_("Previous"), N_("Next"))
NEWER_OLDER = (N_("Newer"), N_("Older"))


def paging(
    _: Translator,
    action_id: str,
    page: int,
    has_more: bool,
    *,
    labels: tuple[str, str] = PREVIOUS_NEXT,
    prefix: str = "",
) -> list[Block]:
    """The buttons to the pages before and after this one (from 0). A button's value is `prefix` and the
    page."""
    before, after = labels
    buttons = [(before, page - 1)] if page > 0 else []
    if has_more:
        buttons.append((after, page + 1))
    elements = [
        ButtonElement(text=plain(_(label)), action_id=f"{action_id}.{number}", value=f"{prefix}{number}")
        for label, number in buttons
    ]
    return [ActionsBlock(elements=elements)] if elements else []
