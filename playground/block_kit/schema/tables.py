"""Tables: what each accepts. Sources are the pages table-block and data-table-block of docs.slack.dev."""

from collections.abc import Iterator

from playground.block_kit import assumptions, problem
from playground.block_kit.problem import Problem
from playground.block_kit.schema.composition import BOOLEAN
from playground.block_kit.schema.fields import BLOCK_ID
from playground.block_kit.schema.rich_text import RICH_TEXT
from playground.block_kit.shape import OneOf, Shape
from playground.block_kit.sizes import total_text
from playground.block_kit.spec import Context, Json, Listing, Number, OrNull, String

MOST_TABLE_TEXT = 10_000

RAW_TEXT = Shape("table-block", {"text": String()}, type="raw_text")
RAW_NUMBER = Shape("table-block", {"value": Number(whole=False), "text": String()}, type="raw_number")
CELLS = Listing(OneOf(RAW_TEXT, RAW_NUMBER, RICH_TEXT), most=20)
COLUMN = Shape(
    "table-block",
    optional={"align": String(choices=("left", "center", "right")), "is_wrapped": BOOLEAN},
)


def _rows(value: Json) -> list[list[object] | None]:
    """The rows; None for one that is not an array."""
    rows = value.get("rows")
    return [row if isinstance(row, list) else None for row in rows] if isinstance(rows, list) else []


def same_length(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """Every row has as many cells as the first."""
    rows = _rows(value)
    for index, row in enumerate(rows):
        if row is not None and rows[0] is not None and len(row) != len(rows[0]):
            yield Problem(assumptions.SAME_LENGTH, f"{at}/rows/{index}")


def plain_header(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """The first row is the header, without rich_text."""
    for header in _rows(value)[:1]:
        for index, cell in enumerate(header or []):
            if isinstance(cell, dict) and cell.get("type") == "rich_text":
                yield Problem(problem.unsupported("rich_text"), f"{at}/rows/0/{index}/type")


def limited_text(value: Json, at: str, context: Context) -> Iterator[Problem]:
    """All cells together hold at most 10,000 characters."""
    if total_text(value.get("rows")) > MOST_TABLE_TEXT:
        yield Problem(problem.too_long(MOST_TABLE_TEXT), f"{at}/rows")


TABLE = Shape(
    "table-block",
    {"rows": Listing(CELLS, most=100)},
    {**BLOCK_ID, "column_settings": Listing(OrNull(COLUMN), most=20, least=0)},
    type="table",
    surfaces={"message"},
)
DATA_TABLE = Shape(
    "data-table-block",
    {"caption": String(), "rows": Listing(CELLS, most=101, least=2)},
    {**BLOCK_ID, "page_size": Number(1, 100), "row_header_column_index": Number(0, 19)},
    type="data_table",
    surfaces={"message"},
    rules=(same_length, plain_header, limited_text),
)
