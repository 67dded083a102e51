"""The vocabulary for objects: `Shape` for a block, element or part, `OneOf` where several are allowed."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.block_kit import problem
from playground.block_kit.problem import Problem
from playground.block_kit.spec import Context, Json, Spec, Surface

EVERYWHERE: frozenset[Surface] = frozenset({"message", "modal", "home"})

# A rule between the fields of one object, which may still be malformed.
Rule = Callable[[Json, str, Context], Iterator[Problem]]


@dataclass(frozen=True)
class State:
    """Where an interactive element keeps its value, in `state.values` and in the payload of an action."""

    key: str
    initial: str | None = None  # the field with the initial value
    empty: Any = None  # its value when nothing was chosen


@dataclass(frozen=True)
class Shape:
    """An object: which keys it must have, which it may have, and rules between them.

    `source` names the page of docs.slack.dev that says so.
    """

    source: str
    required: Mapping[str, Spec] = field(default_factory=dict)
    optional: Mapping[str, Spec] = field(default_factory=dict)
    type: str | None = None
    rules: tuple[Rule, ...] = ()
    surfaces: Collection[Surface] = EVERYWHERE
    state: State | None = None

    def check(self, value: object, at: str, context: Context) -> Iterator[Problem]:
        """Every problem of this object; its `type` is checked by `OneOf`."""
        if not isinstance(value, dict):
            yield Problem(problem.AN_OBJECT, at)
            return
        for key in self.required:
            if key not in value:
                yield Problem(problem.missing(key), at)
        fields = {**self.required, **self.optional}
        for key, item in value.items():
            if key in fields:
                yield from fields[key].check(item, f"{at}/{key}", context)
            elif key != "type" or self.type is None:
                yield Problem(problem.additional(key), at)
        for rule in self.rules:
            yield from rule(value, at, context)


class OneOf:
    """One of several shapes, told apart by `type`; `parent_line` adds Slack's line about the whole object."""

    def __init__(self, *shapes: Shape, parent_line: bool = False) -> None:
        self.shapes = {str(shape.type): shape for shape in shapes}
        self.parent_line = parent_line

    def check(self, value: object, at: str, context: Context) -> Iterator[Problem]:
        """Every problem of this object or of its type."""
        found = list(self._check(value, at, context))
        if found and self.parent_line:
            yield Problem(problem.NO_SCHEMA, at)
        yield from found

    def _check(self, value: object, at: str, context: Context) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(problem.AN_OBJECT, at)
        elif "type" not in value:
            yield Problem(problem.missing("type"), at)
        elif not isinstance(value["type"], str):
            yield Problem(problem.A_STRING, f"{at}/type")
        elif value["type"] not in (types := self.types(context)):
            yield Problem(problem.unsupported(value["type"]), f"{at}/type", types)
        else:
            yield from self.shapes[value["type"]].check(value, at, context)

    def types(self, context: Context) -> tuple[str, ...]:
        """The types accepted on this surface."""
        return tuple(name for name, shape in self.shapes.items() if context.surface in shape.surfaces)
