"""Words for somebody who asked for what cannot be: on top of their modal, or in a small one."""

from typing import Any

from slack_sdk.models.blocks import AlertBlock, SectionBlock
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.text import cut, plain

ALERT_MAX = 200  # characters, as Slack's validator counts them
_KEPT = ("type", "callback_id", "title", "submit", "close", "private_metadata")


def notice(_: Translator, words: str) -> View:
    """A small modal with these words."""
    return View(
        type="modal",
        callback_id=ids.NOTICE,
        title=plain(_("IT help desk")),
        close=plain(_("Close")),
        blocks=[SectionBlock(text=plain(words))],
    )


def with_alert(view: dict[str, Any], words: str) -> View:
    """The open modal as it stands, with an alert on top; what was typed in it stays."""
    alert = AlertBlock(block_id=ids.ALERT, text=plain(cut(words, ALERT_MAX)), level="warning").to_dict()
    rest = [block for block in view["blocks"] if block["block_id"] != ids.ALERT]
    return View(blocks=[alert, *rest[:99]], **kept(view))


def kept(view: dict[str, Any]) -> dict[str, Any]:
    """What an update must repeat of a view that Slack handed back."""
    return {key: view[key] for key in _KEPT if view.get(key)}
