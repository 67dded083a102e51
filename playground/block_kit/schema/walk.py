"""Finding blocks and interactive elements in a payload, at any depth, with their JSON pointers."""

from collections.abc import Iterator

from playground.block_kit.schema.placement import INTERACTIVE
from playground.block_kit.spec import Json

# The keys under which a block holds other blocks, and those under which it holds elements.
INNER_BLOCKS = {"container": "child_blocks", "carousel": "elements", "plan": "tasks"}
ELEMENTS = {
    "section": "accessory",
    "input": "element",
    "actions": "elements",
    "context_actions": "elements",
    "card": "actions",
}


def blocks_of(blocks: object, at: str = "") -> Iterator[tuple[Json, str]]:
    """Every block and its pointer, those inside containers, carousels and plans included."""
    for block, pointer in _objects(blocks, at):
        yield block, pointer
        inner = INNER_BLOCKS.get(str(block.get("type")))
        if inner is not None:
            yield from blocks_of(block.get(inner), f"{pointer}/{inner}")


def elements_of(block: Json, at: str = "") -> Iterator[tuple[Json, str]]:
    """The interactive elements of one block, and their pointers."""
    key = ELEMENTS.get(str(block.get("type")))
    if key is not None:
        held = block.get(key)
        found = [(held, f"{at}/{key}")] if isinstance(held, dict) else _objects(held, f"{at}/{key}")
        yield from (
            (element, pointer) for element, pointer in found if str(element.get("type")) in INTERACTIVE
        )


def _objects(items: object, at: str) -> Iterator[tuple[Json, str]]:
    """The objects of an array; a malformed payload may hold anything else."""
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            yield item, f"{at}/{index}"
