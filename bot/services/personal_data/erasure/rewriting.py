"""Finds and replaces one person in texts and JSON, as the database stores them."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, or_

from bot.services.personal_data.erasure.erased import Erased
from models.base import LocalizedText

_LANGUAGES = {"fr", "en"}


@dataclass(frozen=True)
class Rewriting:
    """What is found, and what takes its place.

    A name of several words is found wherever it stands; one of a single word, which may be a word like any
    other, as a mention or as all of a text.
    """

    slack_id: str
    shell_id: str
    names: Collection[str]
    """The longest first."""
    email: str | None
    neutral: LocalizedText

    @classmethod
    def of(cls, erased: Erased) -> "Rewriting":
        person = erased.person
        return cls(person.slack_id, erased.shell_id, erased.names, person.email, erased.neutral)

    def condition(self, column: ColumnElement[Any], is_json: bool) -> ColumnElement[bool]:
        """The rows in which something of them may stand."""
        wanted = [self.slack_id, *self.names, *([self.email] if self.email else [])]
        text = cast(column, Text) if is_json else column
        stored = [json.dumps(each)[1:-1] if is_json else each for each in wanted]
        return or_(*(text.contains(each, autoescape=True) for each in stored))

    def rewritten(self, value: Any) -> Any:
        """The value without them."""
        match value:
            case str():
                return self._text(value)
            case {"fr": fr, "en": en} if value.keys() == _LANGUAGES and {fr, en} <= {*self.names}:
                return {"fr": self.neutral.fr, "en": self.neutral.en}
            case Mapping():
                return {key: self.rewritten(each) for key, each in value.items()}
            case list():
                return [self.rewritten(each) for each in value]
        return value

    def _text(self, text: str) -> str:
        if text == self.slack_id:
            return self.shell_id
        if text in self.names:
            return self.neutral.fr
        return self.pattern.sub(self.neutral.fr, text)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Where they are named within a text."""
        return re.compile("|".join(self._parts()))

    def _parts(self) -> Iterator[str]:
        """Mentions as Slack writes them (docs.slack.dev, "Formatting message text") and as Guichet does, and
        names."""
        slack_id = re.escape(self.slack_id)
        yield rf"<@{slack_id}(?:\|[^<>]*)?>"
        yield rf"\b{slack_id}\b"
        if self.email:
            yield rf"(?<![\w.+-]){re.escape(self.email)}(?!\w)"
        for name in self.names:
            yield rf"@{re.escape(name)}(?!\w)"
            if " " in name.strip():
                yield rf"(?<!\w){re.escape(name)}(?!\w)"
