"""The limits on a whole payload, beside the rules of each block."""

import json

MOST_TEXT = 12_000  # characters in the blocks of one message; above it, `msg_blocks_too_long`
MOST_VIEW = 250_000  # bytes of a view; above it, `view_too_large`


def total_text(blocks: object) -> int:
    """The characters of every text in these blocks. Above `MOST_TEXT` the error is `msg_blocks_too_long`."""
    if isinstance(blocks, dict):
        own = blocks.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(total_text, blocks.values()))
    if isinstance(blocks, list):
        return sum(map(total_text, blocks))
    return 0


def view_too_large(view: object) -> bool:
    """Whether the view takes more than 250 kB, which is the error `view_too_large` (views.open)."""
    return len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()) > MOST_VIEW
