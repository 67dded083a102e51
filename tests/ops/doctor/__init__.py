"""What `guichet doctor` says of each thing that is made wrong."""

from bot.ops.doctor.examination import examine
from bot.settings import Settings

Line = tuple[str, str]


def said(settings: Settings, check: str = "", **changed: object) -> list[Line]:
    """The sign and the text of each finding, of one check or of all, with some settings changed."""
    found = list(examine(settings.model_copy(update=changed)))
    return [(each.sign, each.text) for each in found if check in ("", each.check)]
