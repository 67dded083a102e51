"""Why something is refused, in the language of the command."""

from datetime import datetime

from blocks.i18n import Translator
from models.errors import HelpDeskError


def refusal(_: Translator, error: HelpDeskError, time_zone: str) -> str:
    """The error's message."""
    values = {
        name: _.date_time(value, time_zone) if isinstance(value, datetime) else value
        for name, value in error.values.items()
    }
    return _(error.message, **values)
