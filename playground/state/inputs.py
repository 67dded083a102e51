"""The values of the elements of a view or message: `values[block_id][action_id]`."""

from collections.abc import Sequence

from playground.block_kit import initial_state
from playground.state.workspace import Json


def kept_state(blocks: Sequence[Json], before: dict[str, Json]) -> dict[str, Json]:
    """The state of `blocks` that replace others whose state was `before`.

    A value is kept where an element of the same type has the same block_id and action_id, others are initial.
    In Slack, too, a kept value takes precedence over a new initial one.
    """
    state = initial_state(list(blocks))
    for block_id, elements in state.items():
        for action_id, value in elements.items():
            old = before.get(block_id, {}).get(action_id)
            if old is not None and old["type"] == value["type"]:
                elements[action_id] = old
    return state
