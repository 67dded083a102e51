"""What is left of somebody who was erased: a row without anything of theirs, and what is shown instead of a
name."""

from models.base import LocalizedText
from models.person import NOBODY

TECHNICIAN = LocalizedText("un technicien", "a technician")
SOMEBODY = LocalizedText("une personne", "a former user")
_BY_PREFIX = {"technician": TECHNICIAN, "person": SOMEBODY, NOBODY: SOMEBODY}
_BY_NAME = {each.fr: each for each in _BY_PREFIX.values()}


def shell_id(person_id: int, *, is_technician: bool) -> str:
    """What stands in place of a Slack id, none of which has a colon."""
    return f"{'technician' if is_technician else 'person'}:{person_id}"


def is_shell(slack_id: str) -> bool:
    """Whether it stands in place of the Slack id of somebody who was erased, or of the people of forgotten
    tickets: Slack refuses a message that mentions it."""
    return ":" in slack_id or slack_id == NOBODY


def name_of(slack_id: str) -> LocalizedText:
    """What is shown for it."""
    return _BY_PREFIX[slack_id.partition(":")[0]]


def is_neutral(name: str) -> bool:
    """Whether it is shown instead of a name, in either language."""
    return any(name in (each.fr, each.en) for each in _BY_NAME.values())


def shown_name(name: str, locale: str) -> str:
    """A person's name, for a reader: that of somebody who was erased, which is stored in French, in their
    language."""
    neutral = _BY_NAME.get(name)
    return neutral.in_(locale) if neutral else name
