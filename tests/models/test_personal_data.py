"""What is said of personal data covers every column of the database."""

import models  # noqa: F401 (registers the tables)
from models.base import Base
from models.personal_data.columns import PERSONAL
from models.personal_data.document import DOCUMENT, KEPT, document
from models.personal_data.others import OTHERS
from models.personal_data.rules import Data, Fate


def test_every_column_is_either_personal_data_or_not() -> None:
    said = {table: {*columns} for table, columns in PERSONAL.items()}
    for table, columns in OTHERS.items():
        names = columns.split()
        assert not said.get(table, set()) & {*names}, f"both: {table}"
        said.setdefault(table, set()).update(names)
    assert said == {table.name: {*table.columns.keys()} for table in Base.metadata.tables.values()}


def test_no_column_that_is_kept_holds_what_somebody_wrote_about_a_ticket() -> None:
    kept = {
        table
        for table, columns in PERSONAL.items()
        for column in columns.values()
        if column.fate is Fate.KEEP and column.data in {Data.WORDS, Data.FILE, Data.ADDRESS}
    }
    assert kept == {"outage", "outage_event"}  # which are about no person


def test_the_document_has_the_table_that_the_code_prints() -> None:
    """When it has not: `make policy`."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_the_document_says_of_every_table_how_long_it_is_kept() -> None:
    assert set(KEPT) == set(PERSONAL)
