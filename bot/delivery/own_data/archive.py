"""Writes the zip file with a person's own data."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select
from sqlalchemy.orm import Session

from blocks.i18n import translator
from blocks.own_data.notice import Notice
from bot.db.session import Sessions
from bot.delivery.own_data.data import head, pieces, ticket_entry
from bot.delivery.own_data.packing import Packing, StoredFile, pack
from bot.delivery.own_data.page import page
from bot.services.own_data.about import About, about
from bot.services.own_data.review import Review, review
from bot.services.own_data.tickets import OwnTicket, own_tickets
from bot.storage.base import Store
from models.lifecycle import Role
from models.tickets.attachment import Attachment
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class Wanted:
    """Whose data, for whom."""

    person_id: int
    now: datetime
    keep: Callable[[], None] = lambda: None
    """Called for each file and ticket."""
    officer: str | None = None
    """The language of the data-protection officer, who gets the rest too; `None`: it is for the person."""

    @property
    def role(self) -> Role:
        """As whom the tickets are read."""
        return Role.REQUESTER if self.officer is None else Role.TECHNICIAN


@dataclass(frozen=True)
class ArchiveWriter:
    """Writes archives from the database and the store."""

    sessions: Sessions
    store: Store
    notice: Notice

    def write(self, file: IO[bytes], wanted: Wanted) -> None:
        """Write what is wanted of somebody's data. Raises `StoreUnavailable`, and what `keep` does."""
        with self.sessions() as session:
            files = _files(session, wanted)
        with ZipFile(file, "w", ZIP_DEFLATED) as archive:
            packing = pack(archive, self.store, files, wanted.keep)
            with self.sessions() as session:
                known = about(session, wanted.person_id)
                found = review(session, known.person) if wanted.officer else None
                self._write_texts(archive, wanted, known, packing, found)

    def _write_texts(
        self, archive: ZipFile, wanted: Wanted, known: About, packing: Packing, found: Review | None
    ) -> None:
        """The page, then the same for programs: each reads the tickets anew, since a zip file is written one
        entry after the other."""
        _ = translator(wanted.officer or known.person.locale)
        with self.sessions() as session:
            tickets = _tickets(session, wanted)
            more = {"made_at": wanted.now, "review": found}
            _write(archive, "index.html", page(_, known, tickets, packing, self.notice, **more))
        with self.sessions() as session:
            entries = (ticket_entry(_, each, packing) for each in _tickets(session, wanted))
            _write(archive, "data.json", pieces(head(_, known, wanted.now), entries))
        if found is not None:
            rows = json.dumps(found.rows, ensure_ascii=False, indent=1)
            _write(archive, "review.json", iter([rows]))


def _files(session: Session, wanted: Wanted) -> Sequence[StoredFile]:
    """The files of the person's tickets, the newest tickets first; those of notes for the officer."""
    query = (
        select(Attachment)
        .join(Ticket, Ticket.id == Attachment.ticket_id)
        .where(Ticket.requester_id == wanted.person_id)
        .order_by(Ticket.id.desc(), Attachment.id)
    )
    if wanted.officer is None:
        query = query.where(~Attachment.is_internal)
    return [StoredFile.of(each) for each in session.scalars(query)]


def _tickets(session: Session, wanted: Wanted) -> Iterator[OwnTicket]:
    for each in own_tickets(session, wanted.person_id, wanted.role):
        wanted.keep()
        yield each


def _write(archive: ZipFile, name: str, text: Iterator[str]) -> None:
    with archive.open(name, "w", force_zip64=True) as entry, TextIOWrapper(entry, "utf-8") as out:
        for piece in text:
            out.write(piece)
