"""Writes the table of personal data into `docs/data-protection.md`:
`python -m models.personal_data.document`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from models.personal_data.columns import PERSONAL
from models.personal_data.rules import Column, Data, Fate

DOCUMENT = Path(__file__).parents[2] / "docs" / "data-protection.md"
BEGIN, END = "<!-- table of personal data -->\n", "<!-- end of the table -->"

TICKET = "as long as the content of its ticket"
FILES = "as long as the files and notes of its ticket"
PERSON = "until the person is erased"
OUTAGE = "without limit: an outage is about no person; who did something, until the person is erased"

KEPT: Mapping[str, str] = {
    "absence": "until 2 days after it ended, or the person is erased",
    "approval": TICKET,
    "approver": TICKET,
    "attachment": FILES,
    "audit_entry": "`AUDIT_MONTHS`, 12 by default",
    "channel_member": (
        "as long as they are in the team’s channel, as last read; of a channel that no team has any more, "
        "until the person is erased"
    ),
    "comment": f"{TICKET}; notes of technicians {FILES}",
    "delivery": (
        "90 days after it was sent; what was given up, until it is sent again; at most as long as the "
        "content of its ticket"
    ),
    "departure": PERSON,
    "event": TICKET,
    "file_copy": FILES,
    "form_draft": "7 days",
    "former_message_reference": TICKET,
    "handled_event": "2 days",
    "heard_message": "2 days",
    "mail_count": TICKET,
    "message_draft": "7 days; a mention in a channel, 24 hours",
    "message_reference": TICKET,
    "outage": OUTAGE,
    "outage_event": OUTAGE,
    "person": PERSON,
    "reminder": "until the next one, or until the person is erased",
    "removal": "until it is gone from Slack, or ticked off",
    "search_gap": "90 days after it was last made",
    "ticket": TICKET,
    "ticket_message": TICKET,
}
"""How long what is personal in a table is kept."""

ROWS_STAY = frozenset({"approval", "event", "outage", "outage_event", "person", "ticket"})
"""Tables whose rows are kept when that time is over, without people and words. Of the others they are
deleted, whatever becomes of a column when one of the people whom a row names is erased."""

_DATA: Mapping[Data, str] = {
    Data.IDENTITY: "who somebody is",
    Data.ADDRESS: "an address",
    Data.PREFERENCE: "a preference",
    Data.WORDS: "what somebody wrote",
    Data.FILE: "a file",
    Data.ANSWER: "an answer",
    Data.PLACE: "where it is in Slack",
}
_FATES: Mapping[Fate, str] = {
    Fate.EMPTY: "emptied",
    Fate.REPLACE: "replaced",
    Fate.DELETE: "deleted with its row",
    Fate.KEEP: "kept",
    Fate.EXPIRE: "deleted with its row",
}


def table() -> str:
    """A line for each purpose, kind of data and fate in a table of the database."""
    lines = ["| Table | Columns | What they hold | Why | How long | Then |", "|---|---|---|---|---|---|"]
    lines += [_line(name, columns) for name in sorted(PERSONAL) for columns in _alike(PERSONAL[name])]
    return "\n".join(lines) + "\n"


def document() -> str:
    """The whole document, with the table printed anew."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _alike(columns: Mapping[str, Column]) -> Iterator[Mapping[str, Column]]:
    """The columns of a table, those of which the same is said together."""
    for said in dict.fromkeys(columns.values()):
        yield {name: column for name, column in columns.items() if column == said}


def _line(table: str, columns: Mapping[str, Column]) -> str:
    said = next(iter(columns.values()))
    names = ", ".join(f"`{name}`" for name in columns)
    cells = [f"`{table}`", names, _DATA[said.data], said.why, KEPT[table], _then(table, said)]
    return f"| {' | '.join(cells)} |"


def _then(table: str, said: Column) -> str:
    if table not in ROWS_STAY:
        return _FATES[Fate.DELETE]
    leads = said.fate is Fate.KEEP and said.data is Data.IDENTITY
    return "leads to an empty row" if leads else _FATES[said.fate]


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
