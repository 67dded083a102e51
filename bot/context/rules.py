"""The settings that use cases obey."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rules:
    """The settings that the use cases obey."""

    reopen_days: int = 10
    description_required: bool = False
