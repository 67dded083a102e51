"""The messages that bring somebody their own data, or say that it could not be sent."""

from datetime import date

from slack_sdk.models.blocks import ActionsBlock, ButtonElement

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.text import escape, plain, rich, text_part


def file_name(_: Translator, day: date) -> str:
    """The name of the zip file."""
    return _("my-data-{day}.zip", day=day.isoformat())


def comment(_: Translator, deleted_on: date) -> str:
    """What stands above the file."""
    return escape(
        _(
            "Here is your data, as you asked. Unpack the file, then open “index.html”: it needs no "
            "connection. Save it if you want to keep it: this message and its file will be deleted on "
            "{day}. It is personal: think twice before you pass it on.",
            day=_.day(deleted_on),
        )
    )


def failure(_: Translator) -> Content:
    """The data could not be sent."""
    text = _(
        "Your data could not be sent. Nothing is lost: please ask for it again, or contact the help desk."
    )
    button = ButtonElement(text=plain(_("My data")), action_id=ids.OPEN_OWN_DATA, value="own")
    return text, [rich([text_part(text)]), ActionsBlock(elements=[button])]
