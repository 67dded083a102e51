"""Messages for the person who acted: a small modal, or an alert on top of the open one."""

from slack_sdk.models.blocks import AlertBlock, SectionBlock
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.text import cut, plain
from blocks.kit.values import Payload

ALERT_MAX = 200  # characters, as Slack's validator counts them
_FIELDS = ("type", "callback_id", "title", "submit", "close", "private_metadata")


def notice(_: Translator, text: str) -> View:
    """A small modal with this text."""
    return View(
        type="modal",
        callback_id=ids.NOTICE,
        title=plain(_("IT help desk")),
        close=plain(_("Close")),
        blocks=[SectionBlock(text=plain(text))],
    )


def with_alert(view: Payload, text: str, *, level: str = "warning") -> View:
    """The open modal with an alert on top; the contents of its inputs stay."""
    alert = AlertBlock(block_id=ids.ALERT, text=plain(cut(text, ALERT_MAX)), level=level).to_dict()
    others = [block for block in view["blocks"] if block["block_id"] != ids.ALERT]
    return View(blocks=[alert, *others[:99]], **view_fields(view))


def view_fields(view: Payload) -> Payload:
    """The fields of a view in a payload that an update must repeat."""
    return {key: view[key] for key in _FIELDS if view.get(key)}
