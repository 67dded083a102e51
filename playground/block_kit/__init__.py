"""Block Kit as Slack enforces it: which blocks, views and manifests are refused, and with which error.

The rules are tables, written in the vocabulary of `spec` and `shape`:

- composition objects in `composition`, shared fields in `fields`;
- elements in `buttons`, `menus`, `inputs`; which block takes which in `placement`;
- blocks in `blocks` (every surface), `limited_blocks` (some surfaces), `rich_text`, `tables`, `charts`;
- views and the blocks of a message in `views`, manifests in `manifest`.

Rules between the fields of one object are in `rules.fields` and `rules.options`, rules between blocks in
`payload_rules`, sizes in `sizes`. Slack's sentences are in `problem`, guesses in `assumptions`.
A new rule is a line in a table, or a named function there, and a case in `tests/playground/block_kit/`.
"""

from playground.block_kit.check import check_blocks, check_view
from playground.block_kit.manifest import check_manifest
from playground.block_kit.problem import ONE_TABLE, Problem
from playground.block_kit.schema.walk import blocks_of, elements_of
from playground.block_kit.sizes import MOST_TEXT, total_text, view_too_large
from playground.block_kit.state import complete_ids, initial_state, initial_value, value_key, with_defaults

__all__ = [
    "MOST_TEXT",
    "ONE_TABLE",
    "Problem",
    "blocks_of",
    "check_blocks",
    "check_manifest",
    "check_view",
    "complete_ids",
    "elements_of",
    "initial_state",
    "initial_value",
    "total_text",
    "value_key",
    "view_too_large",
    "with_defaults",
]
