"""Rules over all blocks of one message or view."""

from collections.abc import Callable, Iterator

from playground.block_kit import assumptions, problem
from playground.block_kit.problem import Problem
from playground.block_kit.schema.walk import blocks_of, elements_of
from playground.block_kit.spec import Context, Json

MOST_MARKDOWN = 12_000
TABLES = ("table", "data_table")

WholeRule = Callable[[object, str, Context], Iterator[Problem]]


def unique_block_ids(blocks: object, at: str, context: Context) -> Iterator[Problem]:
    """A block_id is unique in a message or view (reference/block-kit/blocks)."""
    seen: set[str] = set()
    for block, pointer in blocks_of(blocks, at):
        yield from _unique(block, "block_id", pointer, seen)


def unique_action_ids(blocks: object, at: str, context: Context) -> Iterator[Problem]:
    """An action_id is unique in its block (reference/block-kit/block-elements)."""
    for block, pointer in blocks_of(blocks, at):
        seen: set[str] = set()
        for element, element_pointer in elements_of(block, pointer):
            yield from _unique(element, "action_id", element_pointer, seen)


def _unique(holder: Json, key: str, at: str, seen: set[str]) -> Iterator[Problem]:
    value = holder.get(key)
    if isinstance(value, str):
        if value in seen:
            yield Problem(problem.already_exists(key, value), f"{at}/{key}")
        seen.add(value)


def one_focus(blocks: object, at: str, context: Context) -> Iterator[Problem]:
    """At most one element takes the focus."""
    focused = [
        pointer
        for block, block_pointer in blocks_of(blocks, at)
        for element, pointer in elements_of(block, block_pointer)
        if element.get("focus_on_load") is True
    ]
    for pointer in focused[1:]:
        yield Problem(assumptions.ONE_FOCUS, f"{pointer}/focus_on_load")


def response_url_in_input(blocks: object, at: str, context: Context) -> Iterator[Problem]:
    """`response_url_enabled` belongs to an input block of a modal (select-menu-element)."""
    for block, block_pointer in blocks_of(blocks, at):
        for element, pointer in elements_of(block, block_pointer):
            in_place = block.get("type") == "input" and context.surface == "modal"
            if element.get("response_url_enabled") is True and not in_place:
                yield Problem(assumptions.RESPONSE_URL, f"{pointer}/response_url_enabled")


def limited_markdown(blocks: object, at: str, context: Context) -> Iterator[Problem]:
    """All markdown blocks together hold at most 12,000 characters (markdown-block)."""
    total = 0
    for block, pointer in blocks_of(blocks, at):
        text = block.get("text")
        if block.get("type") == "markdown" and isinstance(text, str):
            total += len(text)
            if total > MOST_MARKDOWN:
                yield Problem(problem.too_long(MOST_MARKDOWN), f"{pointer}/text")
                return


def one_table(blocks: object, at: str, context: Context) -> Iterator[Problem]:
    """One table or data_table in a message (table-block)."""
    yield from _at_most(blocks, at, TABLES, 1, problem.ONE_TABLE)


def one_plan(blocks: object, at: str, context: Context) -> Iterator[Problem]:
    """One plan in a message (plan-block)."""
    yield from _at_most(blocks, at, ("plan",), 1, assumptions.ONE_PLAN)


def two_charts(blocks: object, at: str, context: Context) -> Iterator[Problem]:
    """Two charts in a message (data-visualization-block)."""
    kind = "data_visualization"
    yield from _at_most(blocks, at, (kind,), 2, assumptions.too_many_blocks(2, kind))


def _at_most(blocks: object, at: str, types: tuple[str, ...], most: int, text: str) -> Iterator[Problem]:
    found = [pointer for block, pointer in blocks_of(blocks, at) if block.get("type") in types]
    yield from (Problem(text, pointer) for pointer in found[most:])


def submit_for_inputs(view: Json, at: str) -> Iterator[Problem]:
    """A modal with an input block has a submit button (views/modal-views)."""
    if view.get("type") == "modal" and "submit" not in view:
        for block, pointer in blocks_of(view.get("blocks"), f"{at}/blocks"):
            if block.get("type") == "input":
                yield Problem(problem.NEEDS_SUBMIT, f"{pointer}/input")


WHOLE_RULES: tuple[WholeRule, ...] = (
    unique_block_ids,
    unique_action_ids,
    one_focus,
    response_url_in_input,
    limited_markdown,
    one_table,
    one_plan,
    two_charts,
)
