"""The vocabulary in which the tables of this package describe what Slack accepts: simple values and arrays.

Objects are in `shape`. Each class checks a JSON value and yields every problem it finds, not only the first.
Null is never a value: Slack requires the key to be left out.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from playground.block_kit import assumptions, problem
from playground.block_kit.problem import Problem

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]


@dataclass(frozen=True)
class Context:
    """What a payload is checked against: the surface, and the app's scopes and domains."""

    surface: Surface
    scopes: Collection[str] = ()
    unfurl_domains: Collection[str] = ()


class Spec(Protocol):
    """What a value is checked against."""

    def check(self, value: object, at: str, context: Context) -> Iterator[Problem]:
        """Every problem of `value`, which is at the JSON pointer `at`."""


@dataclass(frozen=True)
class Anything:
    """A value that is not checked."""

    def check(self, value: object, at: str, context: Context) -> Iterator[Problem]:
        return iter(())


@dataclass(frozen=True)
class OrNull:
    """Null is allowed here: in the settings of a table's columns it means "unchanged"."""

    spec: Spec

    def check(self, value: object, at: str, context: Context) -> Iterator[Problem]:
        if value is not None:
            yield from self.spec.check(value, at, context)


@dataclass(frozen=True)
class String:
    """A string of `least` to `most` characters, of a given form or among `choices`."""

    most: int | None = None
    least: int = 1
    form: str | None = None  # a regular expression for the whole string
    form_text: str = assumptions.FORM
    choices: tuple[str, ...] = ()

    def check(self, value: object, at: str, context: Context) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(problem.A_STRING, at)
        elif self.choices:
            if value not in self.choices:
                yield Problem(problem.ENUM, at, self.choices)
        elif len(value) < self.least:
            yield Problem(problem.too_short(self.least), at)
        elif self.most is not None and len(value) > self.most:
            yield Problem(problem.too_long(self.most), at)
        elif self.form is not None and not re.fullmatch(self.form, value):
            yield Problem(self.form_text, at)


@dataclass(frozen=True)
class Number:
    """A number from `least` to `most`, or greater than `above`; `whole` numbers only, by default."""

    least: int | None = None
    most: int | None = None
    whole: bool = True
    above: int | None = None

    def check(self, value: object, at: str, context: Context) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            yield Problem(assumptions.AN_INTEGER if self.whole else assumptions.A_NUMBER, at)
        elif self.least is not None and value < self.least:
            yield Problem(assumptions.too_small(self.least), at)
        elif self.most is not None and value > self.most:
            yield Problem(assumptions.too_large(self.most), at)
        elif self.above is not None and value <= self.above:
            yield Problem(assumptions.not_above(self.above), at)


@dataclass(frozen=True)
class Boolean:
    """True or false."""

    def check(self, value: object, at: str, context: Context) -> Iterator[Problem]:
        if not isinstance(value, bool):
            yield Problem(assumptions.A_BOOLEAN, at)


@dataclass(frozen=True)
class Listing:
    """An array of `least` to `most` items."""

    of: Spec
    most: int | None = None
    least: int = 1
    unique: bool = False

    def check(self, value: object, at: str, context: Context) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(assumptions.AN_ARRAY, at)
            return
        if len(value) < self.least:
            yield Problem(problem.too_few(self.least), at)
        if self.most is not None and len(value) > self.most:
            yield Problem(problem.too_many(self.most), at)
        if self.unique and any(item in value[:index] for index, item in enumerate(value)):
            yield Problem(assumptions.NOT_UNIQUE, at)
        for index, item in enumerate(value):
            yield from self.of.check(item, f"{at}/{index}", context)
