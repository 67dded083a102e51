"""The history in a ticket's detail."""

from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import Block

from blocks import labels
from blocks.i18n import Translator
from blocks.kit.text import SECTION_MAX, bold, cut, date_time, header, note, quote, rich, size, text_part
from models.tickets.event import Line

_LINES_MAX = 25  # the newest: a view has 100 blocks
_BLOCKS_MAX = 55
_BYTES_MAX = 85_000  # a view has 250,000


def history_blocks(_: Translator, lines: Sequence[Line]) -> list[Block]:
    """The newest lines within the limits, oldest first."""
    shown: list[list[Block]] = []
    blocks_left, bytes_left = _BLOCKS_MAX, _BYTES_MAX
    for line in reversed(lines[-_LINES_MAX:]):
        rendered = _line(_, line)
        blocks_left -= len(rendered)
        bytes_left -= size(line.text or "")
        if blocks_left < 0 or bytes_left < 0:
            if not shown:
                shown = [_line(_, replace(line, text=cut(line.text or "", SECTION_MAX)))]
            break
        shown.insert(0, rendered)
    blocks: list[Block] = [header(_("History"))]
    if len(shown) < len(lines):
        blocks.append(note(_("The {count} latest entries:", count=len(shown))))
    return [*blocks, *(block for rendered in shown for block in rendered)]


def _line(_: Translator, line: Line) -> list[Block]:
    at = date_time(_, line.event.at)
    blocks: list[Block] = [rich([bold(labels.done(_, line.event)), text_part(" · "), at])]
    blocks += quote(line.text or "")
    if line.is_deleted:
        blocks.append(note(_("(deleted by its author)")))
    elif line.is_edited:
        blocks.append(note(_("(edited by its author)")))
    return blocks
