"""A help desk in memory, for which sample data is made with the product's own use cases."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from slack_sdk.models.views import View
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from blocks.kit.block_text import Content
from bot.articles.contents import Contents, read_contents
from bot.articles.loader import load_contents
from bot.context.actor import Actor
from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.db.engine import create_db
from bot.db.session import Sessions, transact
from bot.ops.screens.cast import PEOPLE, TECHNICIAN, actor_by_id, person_row
from bot.ops.screens.payloads import outline
from bot.ops.screens.screen import Screen, drawn_message, drawn_view
from bot.services.membership import add_member
from models.announcements.announcement import AnnouncementChannel
from models.base import Base
from models.catalogue import Team
from models.person import Person

SAMPLES = Path(__file__).with_name("samples")
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
"""When the sample desk is open."""
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
FIRST_LOCALE, *OTHER_LOCALES = LOCALES
FRIDAY = 4
DESK_PHONE = "02 00 00 00 00"

P = ParamSpec("P")
T = TypeVar("T")


def sample_contents() -> Contents:
    """The sample desk's own catalogue and articles."""
    return read_contents(SAMPLES / "catalogue.yaml", SAMPLES / "articles")


class SampleDesk:
    """A database in memory, and its people. Each use case takes a minute."""

    def __init__(self, sessions: Sessions, now: datetime, settings: UseCaseSettings) -> None:
        self.sessions, self.now, self.settings = sessions, now, settings
        self._sizes: dict[str, int] = {}

    def do(
        self,
        slack_id: str | None,
        use_case: Callable[Concatenate[UnitOfWork, P], T],
        *arguments: P.args,
        **more: P.kwargs,
    ) -> T:
        """What a use case gives, in a transaction of its own. `None`: a job of the desk's."""
        self.now += timedelta(minutes=1)
        return transact(
            self.sessions, lambda session: use_case(self._uow(session, slack_id), *arguments, **more)
        )

    def is_new(self, screen: Screen) -> bool:
        """Whether none was drawn that differs in words only, and is as long."""
        shape, size = outline(screen), len(str(screen.content))
        is_new = bool(screen.fault) or size > self._sizes.get(shape, 0)
        self._sizes[shape] = max(size, self._sizes.get(shape, 0))
        return is_new

    def job(self, work: Callable[[UnitOfWork], bool | None]) -> None:
        """Run a periodic job until no portion is left."""
        while self.do(None, work):
            pass

    def draw(
        self,
        title: str,
        slack_id: str,
        view: Callable[Concatenate[UnitOfWork, P], View],
        *arguments: P.args,
        **more: P.kwargs,
    ) -> Iterator[Screen]:
        """A view as this person gets it, in each language."""
        for locale in LOCALES:
            with self.reading_in(locale, slack_id) as uow:
                yield drawn_view(title, locale, partial(view, uow, *arguments, **more))

    def draw_message(
        self,
        title: str,
        slack_id: str,
        message: Callable[Concatenate[UnitOfWork, P], Content],
        *arguments: P.args,
        **more: P.kwargs,
    ) -> Iterator[Screen]:
        """A message that a listener shows to this person, in each language."""
        for locale in LOCALES:
            with self.reading_in(locale, slack_id) as uow:
                yield drawn_message(title, locale, partial(message, uow, *arguments, **more))

    @contextmanager
    def reading_in(self, locale: str, slack_id: str | None = None) -> Iterator[UnitOfWork]:
        """A unit of work in which everybody reads this language; nothing of it is kept."""
        with self.sessions() as session:
            session.execute(update(Person).values(locale=LOCALES[locale]))
            yield self._uow(session, slack_id)
            session.rollback()

    def actor(self, slack_id: str) -> Actor:
        """Somebody whom a use case is about."""
        with self.sessions() as session:
            return actor_by_id(session, slack_id)

    def pass_days(self, days: int) -> None:
        """Let days pass, until a working day at nine, UTC."""
        self.now = (self.now + timedelta(days=days)).replace(hour=MONDAY.hour, minute=0)
        while self.now.weekday() > FRIDAY:
            self.now += timedelta(days=1)

    def _uow(self, session: Session, slack_id: str | None) -> UnitOfWork:
        by = actor_by_id(session, slack_id) if slack_id else None
        return UnitOfWork(session, self.now, by, self.settings, "form")


@contextmanager
def sample_desk(
    contents: Contents, *, now: datetime | None = None, settings: UseCaseSettings | None = None
) -> Iterator[SampleDesk]:
    """A sample desk with this catalogue. Raises what the loader does when it cannot be loaded."""
    engine, now = create_db("sqlite://"), now or MONDAY
    try:
        Base.metadata.create_all(engine)
        sessions = Sessions(engine)
        with sessions.begin() as session:
            load_contents(session, contents)
            for number, team in enumerate(session.scalars(select(Team).order_by(Team.position))):
                team.channel_id = f"C0SAMPLE{number:03}"
                add_member(session, team.channel_id, TECHNICIAN)
            for number, place in enumerate(session.scalars(select(AnnouncementChannel))):
                place.channel_id, place.title = f"C0SAMPLE{900 + number}", place.name.removeprefix("#")
                place.read_at = now
            session.add_all(person_row(slack_id, now) for slack_id in PEOPLE)
        yield SampleDesk(sessions, now, settings or UseCaseSettings(desk_phone=DESK_PHONE))
    finally:
        engine.dispose()
