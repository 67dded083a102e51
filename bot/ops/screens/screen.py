"""One screen: a view or a message as Slack is given it, or why it could not be drawn."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb
from typing import Any, Literal

from slack_sdk.models.views import View
from sqlalchemy.exc import SQLAlchemyError

from blocks.kit.block_text import Content
from bot.db.refusals import refusal
from models.outbox.kinds import DeliveryKind

Surface = Literal["view", "message"]
LANGUAGES = {"fr": "French", "en": "English"}
ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
PACKAGES = ("bot", "blocks", "models")
_REASON_MAX = 200  # characters


@dataclass(frozen=True)
class Screen:
    """A view or a message. One that could not be drawn has no content."""

    title: str
    """In plain words, without its language."""
    locale: str
    """"" for what is in no language: samples that could not be made."""
    surface: Surface
    content: Mapping[str, Any] = field(default_factory=dict)
    kind: DeliveryKind | None = None
    """Of a message or an App Home that the worker sends."""
    fault: str = ""
    """Why it could not be drawn."""

    @property
    def name(self) -> str:
        """In plain words, with its language."""
        return f"{self.title}, in {LANGUAGES[self.locale]}" if self.locale else self.title


def drawn_view(title: str, locale: str, draw: Callable[[], View]) -> Screen:
    """The view that is drawn so; with the fault when that fails."""
    try:
        return Screen(title, locale, "view", draw().to_dict())
    except Exception as error:  # noqa: BLE001 (whatever it is: the other screens are drawn)
        return Screen(title, locale, "view", fault=fault_of(error))


def drawn_message(title: str, locale: str, draw: Callable[[], Content]) -> Screen:
    """The same of a message."""
    try:
        return Screen(title, locale, "message", {"blocks": [block.to_dict() for block in draw()[1]]})
    except Exception as error:  # noqa: BLE001
        return Screen(title, locale, "message", fault=fault_of(error))


def fault_of(error: Exception) -> str:
    """Where in our code it was raised, and the first line of its message, for whoever mends it."""
    frames = [(Path(frame.filename), frame.lineno) for frame in extract_tb(error.__traceback__)]
    ours = [(path.relative_to(ROOT), line) for path, line in frames if _is_ours(path)]
    where = "{}, line {}".format(*ours[-1]) if ours else ""
    text = str(refusal(error)) if isinstance(error, SQLAlchemyError) else str(error)
    reason = next(iter(text.splitlines()), "")[:_REASON_MAX]
    return ": ".join(filter(None, [where, reason])) or "no reason is known"


def _is_ours(path: Path) -> bool:
    """Whether it is a file of the product, beside those that draw samples."""
    return any(path.is_relative_to(ROOT / package) for package in PACKAGES) and HERE not in path.parents
