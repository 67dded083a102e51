"""`guichet person erase`: shows what there is, asks, erases, and says what remains."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import typer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.context.settings import use_case_settings
from bot.context.unit_of_work import UnitOfWork
from bot.db.clock import DatabaseClock
from bot.db.session import Sessions, transact
from bot.ops.erasures import replay
from bot.ops.erasures.cleaning import clean
from bot.ops.erasures.counts import counted
from bot.ops.erasures.file import PERSON, ErasuresFile, required_erasures
from bot.ops.erasures.person import find, open_tickets
from bot.services.audit.record import operating_user, record
from bot.settings import Settings, SettingsError
from models.audit.entry import Deed
from models.person import Person

SHOWN = 10  # numbers of open tickets


@dataclass(frozen=True)
class Wish:
    """What was typed."""

    wanted: str
    """A Slack id, an e-mail address or a number."""
    again: str | None = None
    """The Slack id once more; `None`: it is asked for."""
    with_open_tickets: bool = False
    former_names: Sequence[str] = ()
    rewrite: bool = False
    """VACUUM FULL instead of VACUUM."""


def erase_person(settings: Settings, engine: Engine, wish: Wish) -> None:
    """Erase a person. Raises `SettingsError` when it is refused; then nothing was erased."""
    file = required_erasures(settings)
    went_on = replay.replay(settings, engine)
    person = _wanted(engine, file, wish, went_on=bool(went_on))
    if person is not None:
        _confirm(person, wish)
        with replay.alone(engine):
            _erase(settings, engine, file, person, wish)
    for line in clean(engine, rewrite=wish.rewrite):
        typer.echo(line)
    typer.echo(_remains(settings))


def _wanted(engine: Engine, file: ErasuresFile, wish: Wish, *, went_on: bool) -> Person | None:
    """The person, of whom it is shown how much there is; `None` when an erasure that was interrupted has just
    been completed."""
    with Sessions(engine)() as session:
        try:
            person = find(session, wish.wanted, file)
        except SettingsError as refusal:
            if not went_on:
                raise
            typer.echo(f"{refusal}: the erasure had been interrupted, and is complete now")
            return None
        _show(session, person)
        _refuse_open(session, person, wish)
    return person


def _show(session: Session, person: Person) -> None:
    typer.echo(f"{person.slack_id}, no. {person.id} in the database. This will be erased:")
    for line in counted(session, person):
        typer.echo(line)
    typer.echo("and their name, e-mail address and Slack ID wherever Guichet has them.")


def _refuse_open(session: Session, person: Person, wish: Wish) -> None:
    numbers = open_tickets(session, person)
    if numbers and not wish.with_open_tickets:
        shown = ", ".join(str(each) for each in numbers[:SHOWN]) + (", …" if len(numbers) > SHOWN else "")
        raise SettingsError(
            f"{wish.wanted}: has open tickets ({shown}): have them closed first, or cancel them without "
            "telling anybody: `--with-open-tickets`"
        )


def _confirm(person: Person, wish: Wish) -> None:
    again = wish.again
    if again is None:
        again = typer.prompt(
            "This cannot be undone. Type their Slack member ID again", default="", show_default=False
        )
    if again.strip().upper() != person.slack_id.upper():
        raise SettingsError(f"{again.strip() or 'nothing'}: is not {person.slack_id}: nothing was erased")


def _erase(settings: Settings, engine: Engine, file: ErasuresFile, person: Person, wish: Wish) -> None:
    now, sessions = DatabaseClock(engine)(), Sessions(engine)
    uow_of = partial(UnitOfWork, now=now, settings=use_case_settings(settings))

    def note(session: Session) -> None:
        record(uow_of(session), Deed.ERASE, person_id=person.id, operator=operating_user())

    transact(sessions, note)  # unless it is on record, nothing is erased
    # Before the erasure: whoever is interrupted goes on at the next start.
    file.append(PERSON, now, digest=file.digest(person.slack_id, person.team_id))
    replay.erase(settings, engine, person.id, wish.former_names)
    replay.note(engine, file.read()[1])
    typer.echo(f"{person.slack_id}: erased, and remembered in {file.path}")


def _remains(settings: Settings) -> str:
    backups = "backups of the database, until they expire"
    if not settings.on_sqlite:
        backups = "backups and archives of the write-ahead log of PostgreSQL, until they expire"
    return (
        "What remains: messages and files in Slack that are being deleted, and what people wrote there "
        "themselves (`guichet removals`); what they wrote on the tickets of others, without their name; "
        f"e-mails that were sent; {backups}; lines of the log"
    )
