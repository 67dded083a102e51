"""The box of the form of a new outage that has it announced."""

from collections.abc import Sequence

from slack_sdk.models.blocks import CheckboxesElement, InputBlock
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.inputs import field, texts_of
from blocks.kit.text import cut, option
from blocks.kit.values import Payload
from models.announcements.announcement import AnnouncementChannel

_ANNOUNCES = "announces"
HINT_MAX = 2000  # characters (docs.slack.dev, "Input block")


def announce_field(
    _: Translator, places: Sequence[AnnouncementChannel], *, is_ticked: bool
) -> list[InputBlock]:
    """The box, with the channels by name; none when there is no channel."""
    if not places:
        return []
    announce = option(_("Announce the outage in the sites’ channels"), _ANNOUNCES)
    element = CheckboxesElement(options=[announce], initial_options=[announce] if is_ticked else None)
    hint = _(
        "{channels}: one message in each, kept up to date until the outage is over.",
        channels=", ".join(place.shown for place in places),
    )
    return [field(ids.ANNOUNCE, _("Announcement"), element, hint=cut(hint, HINT_MAX), optional=True)]


def is_shown(view: Payload) -> bool:
    """Whether the form has the box."""
    return any(block.get("block_id") == ids.ANNOUNCE for block in view.get("blocks", []))


def announced_where(form: View) -> list[str]:
    """The hint of the box, which names the channels; empty without the box."""
    boxes = (block for block in form.blocks if block.block_id == ids.ANNOUNCE)
    return [box.hint.text for box in boxes if isinstance(box, InputBlock) and box.hint]


def is_announced(view: Payload) -> bool:
    """Whether the box is ticked."""
    return _ANNOUNCES in texts_of(view, ids.ANNOUNCE)
