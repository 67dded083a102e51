"""What is in the zip file with a person's own data, and what is named instead."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from blocks.own_data.notice import Notice
from bot.context.actor import Actor
from bot.delivery.own_data import packing
from bot.delivery.own_data.archive import ArchiveWriter, Wanted
from bot.delivery.own_data.keys import KEYS
from bot.services.approvers.absence import save_absence
from bot.services.audit.record import record
from bot.services.personal_data.forgetting import forget_ticket
from bot.storage.base import StoreUnavailable
from models.approval_rule import ApprovalStep, Approvers, Source
from models.approvals.approval import AgreedTo, Approval, Approver, Decision, StepState
from models.audit.entry import Deed
from models.base import LocalizedText
from models.catalogue import Team
from models.lifecycle import Action
from models.tickets.attachment import Attachment, AttachmentState
from models.tickets.ticket import Ticket
from tests.support.factories import NOW
from tests.support.use_case_desk import SmallDesk


class Memory:
    """A store in memory."""

    def __init__(self, **files: bytes) -> None:
        self.files = files
        self.is_away = False

    def put(self, key: str, content: bytes) -> None:
        raise NotImplementedError

    def get(self, key: str) -> bytes:
        if self.is_away:
            raise StoreUnavailable("away")
        if key not in self.files:
            raise FileNotFoundError(key)
        return self.files[key]

    def delete(self, key: str) -> None:
        raise NotImplementedError


@pytest.fixture
def camille(small_desk: SmallDesk) -> Actor:
    """A requester."""
    return small_desk.actor("camille")


@pytest.fixture
def karim(small_desk: SmallDesk) -> Actor:
    """A technician of the default team."""
    return small_desk.actor("karim", "assistance")


def written(desk: SmallDesk, person_id: int, store: Memory | None = None, **more: Any) -> ZipFile:
    file = BytesIO()
    ArchiveWriter(desk.sessions, store or Memory(), Notice()).write(file, Wanted(person_id, NOW, **more))
    return ZipFile(file)


def data(archive: ZipFile) -> dict[str, Any]:
    return dict(json.loads(archive.read("data.json")))


def attach(desk: SmallDesk, ticket: Ticket, name: str, size: int = 3, **more: Any) -> None:
    values = {"state": AttachmentState.KEPT, "key": name, "media_type": "text/plain", **more}
    with desk.sessions.begin() as session:
        session.add(Attachment(ticket_id=ticket.id, slack_file_id=f"F{name}", name=name, size=size, **values))


def test_files_that_do_not_fit_are_named(
    small_desk: SmallDesk, camille: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "FILES_MAX", 1)
    ticket = small_desk.open()
    attach(small_desk, ticket, "one.txt")
    attach(small_desk, ticket, "two.txt")
    attach(small_desk, ticket, "lost.txt", state=AttachmentState.FAILED)
    archive = written(small_desk, camille.id, Memory(**{"one.txt": b"one", "two.txt": b"two"}))
    [entry] = data(archive)["tickets"]
    assert [(each["name"], each["missing"]) for each in entry["files"]] == [
        ("one.txt", None),
        ("two.txt", "too_large"),
        ("lost.txt", "unavailable"),
    ]
    assert archive.read(entry["files"][0]["path"]) == b"one"
    assert "two.txt" in archive.read("index.html").decode()


def test_a_file_that_the_store_has_lost_is_named(small_desk: SmallDesk, camille: Actor) -> None:
    attach(small_desk, small_desk.open(), "gone.txt")
    [entry] = data(written(small_desk, camille.id))["tickets"]
    assert entry["files"][0]["missing"] == "unavailable"


def test_files_of_notes_are_left_out(small_desk: SmallDesk, camille: Actor) -> None:
    attach(small_desk, small_desk.open(), "AIGUILLE.txt", is_internal=True)
    archive = written(small_desk, camille.id, Memory(**{"AIGUILLE.txt": b"x"}))
    assert not any("AIGUILLE" in archive.read(name).decode() for name in archive.namelist())


def test_a_store_that_is_away_is_an_error(small_desk: SmallDesk, camille: Actor) -> None:
    attach(small_desk, small_desk.open(), "one.txt")
    store = Memory()
    store.is_away = True
    with pytest.raises(StoreUnavailable):
        written(small_desk, camille.id, store)


def test_a_name_of_a_file_leads_nowhere_else(small_desk: SmallDesk, camille: Actor) -> None:
    attach(small_desk, small_desk.open(), "../../etc/passwd", key="k")
    archive = written(small_desk, camille.id, Memory(k=b"x"))
    [path] = [name for name in archive.namelist() if name.startswith("files/")]
    assert path.count("/") == 2
    assert ".." not in path.split("/")


def test_what_people_wrote_is_no_markup(small_desk: SmallDesk, camille: Actor) -> None:
    small_desk.open(small_desk.draft("<script>alert(1)</script>"))
    page = written(small_desk, camille.id).read("index.html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_forgotten_ticket_is_in_nobodys_data(small_desk: SmallDesk, camille: Actor) -> None:
    ticket = small_desk.ticket_in_state(Action.TAKE, Action.RESOLVE, Action.APPROVE)
    small_desk.do(lambda uow: forget_ticket(uow, ticket.id), now=NOW + timedelta(days=800))
    content = data(written(small_desk, camille.id))
    assert (content["tickets"], content["messages"]) == ([], [])


def test_readings_are_counted_without_names(small_desk: SmallDesk, camille: Actor, karim: Actor) -> None:
    ticket = small_desk.open()
    for hours in range(2):
        at = NOW + timedelta(hours=hours)
        small_desk.do(lambda uow: record(uow, Deed.READ, ticket_id=ticket.id), karim, at)
    archive = written(small_desk, camille.id)
    assert [(each["ticket"], each["count"]) for each in data(archive)["readings"]] == [(ticket.id, 2)]
    assert not any("Karim" in archive.read(name).decode() for name in archive.namelist())


def test_a_person_of_many_tickets_gets_each_once(small_desk: SmallDesk, camille: Actor) -> None:
    for number in range(120):
        small_desk.open(small_desk.draft(f"Souci {number}"))
    numbers = [each["number"] for each in data(written(small_desk, camille.id))["tickets"]]
    assert numbers == sorted(set(numbers), reverse=True)
    assert len(numbers) == 120


def test_each_key_is_explained_in_the_file(small_desk: SmallDesk, camille: Actor, karim: Actor) -> None:
    ticket = small_desk.ticket_in_state(Action.TAKE, Action.REPLY)
    attach(small_desk, ticket, "one.txt")
    today = NOW.date()
    small_desk.do(lambda uow: save_absence(uow, today, today + timedelta(days=1), karim.id), camille)
    small_desk.do(lambda uow: record(uow, Deed.READ, ticket_id=ticket.id), karim)
    for person in (camille, karim):
        content = data(written(small_desk, person.id))
        keys = content.pop("keys")
        assert keys.keys() == KEYS.keys()
        assert {path for path in _paths(content) if path not in keys} == set()


def _paths(value: Any, path: str = "") -> Iterator[str]:
    """The path of each value that is no object."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _paths(each, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, dict):
                yield from _paths(each, path)
    elif value is not None:
        yield path


def test_of_anothers_request_it_has_the_number_and_ones_own_words(
    small_desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    ticket = small_desk.open(small_desk.draft("AIGUILLE"))
    subject = AgreedTo("AIGUILLE", "AIGUILLE", (), ())
    rule = ApprovalStep(Approvers(Source.PEOPLE), LocalizedText("Direction", "Head"))
    with small_desk.sessions.begin() as session:
        step = Approval(ticket_id=ticket.id, position=1, rule=rule, subject=subject, words="AIGUILLE")
        step.state = StepState.DECLINED
        step.approvers = [
            Approver(person_id=karim.id, decision=Decision.DECLINE, decided_at=NOW, text="Trop cher."),
            Approver(person_id=camille.id, decision=Decision.DECLINE, decided_at=NOW, text="AIGUILLE"),
        ]
        session.add(step)
    archive = written(small_desk, karim.id)
    [decision] = data(archive)["decisions"]
    assert (decision["ticket"], decision["decision"], decision["text"]) == (
        ticket.id,
        "decline",
        "Trop cher.",
    )
    assert not any("AIGUILLE" in archive.read(name).decode() for name in archive.namelist())


def test_what_a_technician_recorded_for_somebody_is_not_their_word(
    small_desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    ticket = small_desk.open()
    rule = ApprovalStep(Approvers(Source.PEOPLE), LocalizedText("Direction", "Head"))
    lea = small_desk.actor("lea")
    with small_desk.sessions.begin() as session:
        step = Approval(ticket_id=ticket.id, position=1, rule=rule, state=StepState.GIVEN)
        step.approvers = [
            Approver(person_id=lea.id, decision=Decision.AGREE, text="AIGUILLE", recorded_by_id=karim.id)
        ]
        session.add(step)
    archive = written(small_desk, lea.id)
    [decision] = data(archive)["decisions"]
    assert (decision["text"], decision["is_recorded"]) == (None, True)
    assert not any("AIGUILLE" in archive.read(name).decode() for name in archive.namelist())


def test_a_confidential_ticket_of_ones_own_is_included(small_desk: SmallDesk, camille: Actor) -> None:
    small_desk.open(small_desk.draft("Harcèlement"))
    with small_desk.sessions.begin() as session:
        session.execute(update(Team).values(is_confidential=True))
    [entry] = data(written(small_desk, camille.id))["tickets"]
    assert (entry["title"], entry["is_confidential"]) == ("Harcèlement", True)
