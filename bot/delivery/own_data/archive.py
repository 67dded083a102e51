"""Writes the zip file with a person's own data."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select
from sqlalchemy.orm import Session

from blocks.i18n import Translator, translator
from blocks.own_data.notice import Notice
from bot.db.session import Sessions
from bot.delivery.own_data.data import head, pieces, ticket_entry
from bot.delivery.own_data.packing import Packing, StoredFile, pack
from bot.delivery.own_data.page import page
from bot.services.own_data.about import About, about
from bot.services.own_data.tickets import OwnTicket, own_tickets
from bot.storage.base import Store
from models.lifecycle import Role
from models.tickets.attachment import Attachment
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class ArchiveWriter:
    """Writes archives from the database and the store."""

    sessions: Sessions
    store: Store
    notice: Notice

    def write(self, path: Path, person_id: int, now: datetime, keep: Callable[[], None]) -> None:
        """Write what a person may have of their data. `keep` is called for each file and ticket. Raises
        `StoreUnavailable`, and what `keep` does."""
        with self.sessions() as session:
            files = _files(session, person_id)
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            packing = pack(archive, self.store, files, keep)
            with self.sessions() as session:
                known = about(session, person_id)
                _ = translator(known.person.locale)
                self._write_page(archive, _, known, packing, now, keep)
                self._write_json(archive, _, known, packing, now, keep)

    def _write_page(
        self,
        archive: ZipFile,
        _: Translator,
        known: About,
        packing: Packing,
        now: datetime,
        keep: Callable[[], None],
    ) -> None:
        with self.sessions() as session:
            tickets = _kept(own_tickets(session, known.person.id, Role.REQUESTER), keep)
            _write(
                archive,
                "index.html",
                page(_, known, tickets, packing, self.notice, made_at=now, review=None, readings=[]),
            )

    def _write_json(
        self,
        archive: ZipFile,
        _: Translator,
        known: About,
        packing: Packing,
        now: datetime,
        keep: Callable[[], None],
    ) -> None:
        with self.sessions() as session:
            tickets = _kept(own_tickets(session, known.person.id, Role.REQUESTER), keep)
            entries = (ticket_entry(_, each, packing) for each in tickets)
            _write(archive, "data.json", pieces(head(_, known, now), entries, []))


def _files(session: Session, person_id: int) -> Sequence[StoredFile]:
    """The files of the person's tickets, without those of notes; the newest tickets first."""
    query = (
        select(Attachment)
        .join(Ticket, Ticket.id == Attachment.ticket_id)
        .where(Ticket.requester_id == person_id, ~Attachment.is_internal)
        .order_by(Ticket.id.desc(), Attachment.id)
    )
    return [StoredFile.of(each) for each in session.scalars(query)]


def _kept(tickets: Iterator[OwnTicket], keep: Callable[[], None]) -> Iterator[OwnTicket]:
    for each in tickets:
        keep()
        yield each


def _write(archive: ZipFile, name: str, text: Iterator[str]) -> None:
    with archive.open(name, "w", force_zip64=True) as entry, TextIOWrapper(entry, "utf-8") as out:
        for piece in text:
            out.write(piece)
