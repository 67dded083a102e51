"""What is suggested to somebody who fills in a ticket form. Imports nothing of Slack."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.catalogue_search.entries import EntryKind
from bot.catalogue_search.index import Index
from bot.catalogue_search.loaded import index_at_hand
from bot.catalogue_search.ranking import Match
from bot.catalogue_search.similarity import alike
from bot.catalogue_search.suggestions import confident
from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.attachments import kept_form
from models.article import Article
from models.catalogue import Service
from models.characters import is_blank
from models.lifecycle import Kind, Status
from models.tickets.draft import (
    ArticleSuggestion,
    OutageSuggestion,
    ServiceSuggestion,
    Sort,
    Suggestion,
    TicketDraft,
    TicketSuggestion,
)
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket

# Of the 2.5 s that a listener has: a step more takes at most the database's 0.7 s.
LOOKUP_MAX = 0.8  # seconds
SHOWN_MAX = 3
TICKETS_MAX = 50  # of somebody's open ones, the newest
# A resolved one waits for its sign-off, and may close while a further message is read.
_WORKED_ON = (Status.NEW, Status.IN_PROGRESS, Status.PENDING)


class LookupTooSlow(Exception):
    """The suggestions took longer than the form can wait."""


@dataclass(frozen=True)
class Subject:
    """What a title is looked up for."""

    person_id: int
    title: str
    sorts: frozenset[Sort] = frozenset(Sort)
    """What may be suggested."""
    service_id: str | None = None
    """The service whose form it is."""
    site_id: str | None = None
    """The site that the form names."""
    is_own: bool = True
    """Whether the person is the requester too."""


def suggest(session: Session, subject: Subject) -> Sequence[Suggestion]:
    """At most three, one of a sort: an open outage that explains it, an open ticket of the person's about the
    same, a service with a form of its own, an article. Raises `LookupTooSlow` after `LOOKUP_MAX`."""
    if is_blank(subject.title):
        return []
    found: list[Suggestion] = []
    ends_at = monotonic() + LOOKUP_MAX
    for suggestion in _suggestions(session, subject):
        if monotonic() > ends_at:
            raise LookupTooSlow
        if suggestion is not None:
            found.append(suggestion)
    return found[:SHOWN_MAX]


def _suggestions(session: Session, subject: Subject) -> Iterator[Suggestion | None]:
    lookup = _Lookup(session, subject, index_at_hand(session))
    matches = confident(lookup.index, subject.title)
    outage = lookup.outage(matches) if Sort.OUTAGE in subject.sorts else None
    yield OutageSuggestion(outage.id, subject.is_own) if outage else None
    yield lookup.ticket(outage) if Sort.TICKET in subject.sorts else None
    for match in matches:
        yield lookup.offer(match) if match.entry.kind.value in subject.sorts else None


@dataclass(frozen=True)
class _Lookup:
    """What one lookup has: its transaction, what it is for, the search's index."""

    session: Session
    subject: Subject
    index: Index

    def outage(self, matches: Sequence[Match]) -> Outage | None:
        """The newest open outage about the title, or of a service that it is about, at the form's site."""
        subject = self.subject
        about = {match.entry.id for match in matches if match.entry.kind is EntryKind.SERVICE}
        about |= {subject.service_id} if subject.service_id else set()
        newest = select(Outage).where(Outage.resolved_at.is_(None)).order_by(Outage.id.desc())
        for outage in self.session.scalars(newest):
            is_elsewhere = subject.site_id and outage.site_ids and subject.site_id not in outage.site_ids
            is_about = about.intersection(outage.service_ids) or self._is_alike(outage.title)
            if is_about and not is_elsewhere:
                return outage
        return None

    def ticket(self, outage: Outage | None) -> TicketSuggestion | None:
        """The person's newest open ticket about the same; the one by which they follow the outage is named
        with the outage."""
        mine = select(Ticket.id, Ticket.title, Ticket.outage_id).where(
            Ticket.requester_id == self.subject.person_id, Ticket.status.in_(_WORKED_ON)
        )
        newest = mine.order_by(Ticket.id.desc()).limit(TICKETS_MAX)
        for number, title, outage_id in self.session.execute(newest):
            is_followers = outage is not None and outage_id == outage.id
            if not is_followers and self._is_alike(title):
                return TicketSuggestion(number, title)
        return None

    def offer(self, match: Match) -> ServiceSuggestion | ArticleSuggestion | None:
        """The service or the article of a match, if it is still there."""
        if match.entry.kind is EntryKind.ARTICLE:
            article = self.session.get(Article, match.entry.id)
            is_there = article is not None and not article.archived
            return ArticleSuggestion(article.id, article.title) if article and is_there else None
        service = self.session.get(Service, match.entry.id)
        if service is None or service.archived:
            return None
        kinds = _kinds(service)
        url = None if kinds else service.url
        return ServiceSuggestion(service.id, service.name, kinds, url) if kinds or url else None

    def _is_alike(self, title: str) -> bool:
        return alike(self.index, self.subject.title, title)


def _kinds(service: Service) -> list[Kind]:
    offers = {Kind.REQUEST: service.offers_request, Kind.INCIDENT: service.offers_incident}
    return [kind for kind, is_offered in offers.items() if is_offered]


def sorts_for(uow: UnitOfWork, draft: TicketDraft, *, is_own: bool) -> frozenset[Sort]:
    """What may be suggested in a form; `is_own`: who fills it in is the requester."""
    without: set[Sort] = set()
    if draft.service_id is not None:  # it has been chosen
        without.add(Sort.SERVICE)
    # Who wrote to Guichet was shown their tickets before the form.
    kept = kept_form(uow, draft)
    if not is_own or (kept and kept.message_draft_id):
        without.add(Sort.TICKET)
    return frozenset(Sort) - without
