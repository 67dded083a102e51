"""What is said of personal data covers every column of the database."""

import models  # noqa: F401 (registers the tables)
from models.base import Base
from models.personal_data.columns import PERSONAL
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
    assert kept == {"outage"}  # which is about no person
