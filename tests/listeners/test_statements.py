"""How many statements lie between a click and its acknowledgement: each is a round trip, and most of what a
listener does."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from uuid import uuid4

from sqlalchemy import event

from tests.support.help_desk import TAKE, TRIAGE, Desk

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    """Those of the listeners meanwhile: the verb, and the first table that it reads or writes."""
    found, engine = list[str](), desk.sessions.kw["bind"]

    def note(*call: object) -> None:
        words = str(call[2]).split()
        before = {"SELECT": "FROM", "INSERT": "INTO", "UPDATE": "UPDATE"}.get(words[0])
        if before:
            tables = [word for last, word in pairwise(words) if last == before]
            found.append(f"{words[0]} {tables[0].strip('()')}")

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_taking_a_ticket(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    for _number in range(2):
        camille.file_ticket()
        desk.deliver()
    karim.press(TAKE, TRIAGE)  # the channel's members are read, and known for a minute
    with statements(desk) as found:
        karim.press(TAKE, TRIAGE, deliver=False)
    assert len(found) <= 12, found
    assert found.count("UPDATE ticket") == 2, "what happened, and the search text that names who took it"


def test_filing_a_ticket(desk: Desk) -> None:
    desk.person("camille").file_ticket()
    sent = json.dumps(next(each for each in desk.received if each.get("type") == "view_submission"))
    submission = UUID.search(sent)
    assert submission is not None
    with statements(desk) as found:
        desk.dispatch(json.loads(sent.replace(submission[0], str(uuid4()))))
    assert desk.count_tickets() == 2
    deliveries = found.count("INSERT delivery")  # one for all of them, on PostgreSQL
    assert len(found) - deliveries == 7, found
    assert "UPDATE ticket" not in found, "it is inserted with its search texts"
