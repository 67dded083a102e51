"""Loads the catalogue's file into the database.

Loading it twice changes nothing. What the file no longer names is archived, never deleted: old tickets refer
to it.
"""

import hashlib
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.catalogue.approvals.schema import step_of
from bot.catalogue.calendar.build import calendar_of_desk, calendar_of_team
from bot.catalogue.changes import Loaded
from bot.catalogue.parts import Text
from bot.catalogue.schema import CatalogueFile
from bot.catalogue.schema import Group as GroupInFile
from bot.catalogue.schema import Keywords as KeywordsInFile
from bot.catalogue.schema import Question as QuestionInFile
from bot.catalogue.schema import Service as ServiceInFile
from bot.catalogue.service_levels import ask_for_clocks, stored_levels
from bot.catalogue.table import Table, loaded, lock_teams
from bot.catalogue.targets import targets_of
from models.announcements.announcement import AnnouncementChannel
from models.base import LocalizedText
from models.catalogue import (
    CatalogueState,
    Group,
    Keywords,
    Option,
    OutOfScope,
    Phrase,
    Question,
    Service,
    Site,
    Team,
)
from models.words.search_words import normalise_spelling


def load_catalogue(session: Session, file: CatalogueFile) -> Loaded:
    """Bring the catalogue's tables in line with the file."""
    lock_teams(session)
    levels = stored_levels(session)
    sites, teams = Table(session, Site), Table(session, Team)
    groups, services = Table(session, Group), Table(session, Service)
    for position, site in enumerate(file.sites):
        sites.put(site.id, name=_text(site.name), announce=list(site.announce), position=position)
    _put_announcement_channels(session, file)
    for position, team in enumerate(file.teams):
        teams.put(
            team.id,
            name=_text(team.name),
            channel=team.channel,
            **_channel(teams.row(team.id), team.channel),
            is_default=team.default,
            phrases=[Phrase(_text(each.title), _text(each.text)) for each in team.phrases],
            calendar=calendar_of_team(file, team),
            is_confidential=team.confidential,
            position=position,
        )
    _put_groups(groups, services, file)
    tables: tuple[Table[Site] | Table[Team] | Table[Group] | Table[Service], ...]
    tables = (sites, teams, groups, services)
    for table in tables:
        table.archive_the_rest()
    put_state(session, file, file.model_dump_json())
    session.flush()
    if stored_levels(session) != levels:
        ask_for_clocks(session)
    return loaded([change for table in tables for change in table.changes])


def _put_announcement_channels(session: Session, file: CatalogueFile) -> None:
    """Add the channels that are new. Those that no site names any more stay, for what was announced there."""
    known = set(session.scalars(select(AnnouncementChannel.name)))
    for name in dict.fromkeys(channel for site in file.sites for channel in site.announce):
        if name not in known:
            session.add(AnnouncementChannel(name=name))


def put_state(session: Session, file: CatalogueFile, contents: str) -> None:
    """Say what is loaded. `contents`: what the search reads; every process makes its index anew when that
    changed."""
    fingerprint = hashlib.sha256(contents.encode()).hexdigest()
    session.merge(
        CatalogueState(
            id=1,
            fingerprint=fingerprint,
            out_of_scope=list(out_of_scope(file)),
            out_of_hours=_text(file.out_of_hours) if file.out_of_hours else None,
            calendar=calendar_of_desk(file),
            targets=targets_of(file.targets),
        )
    )


def _put_groups(groups: Table[Group], services: Table[Service], file: CatalogueFile) -> None:
    desk = targets_of(file.targets)
    for group, parent_id, position in _placed(file):
        groups.put(group.id, **_group_values(group, parent_id, position))
        for place, service in enumerate(group.services):
            values = _service_values(service)
            values["targets"] = targets_of(service.targets, desk) if service.targets else None
            services.put(service.id, group_id=group.id, position=place, **values)


def _placed(file: CatalogueFile) -> Iterator[tuple[GroupInFile, str | None, int]]:
    """Every group, each before those it contains, with its parent's id and its position there."""
    for position, group in enumerate(file.groups):
        yield group, None, position
    for parent in file.all_groups():
        for position, group in enumerate(parent.groups):
            yield group, parent.id, position


def services_of(group: GroupInFile) -> Sequence[Service]:
    """The group's services as rows of no session."""
    return [
        Service(id=service.id, group_id=group.id, position=place, archived=False, **_service_values(service))
        for place, service in enumerate(group.services)
    ]


def groups_of(file: CatalogueFile) -> Sequence[Group]:
    """The groups as rows of no session."""
    return [
        Group(id=group.id, **_group_values(group, parent, place)) for group, parent, place in _placed(file)
    ]


def out_of_scope(file: CatalogueFile) -> Sequence[OutOfScope]:
    """What the help desk does not serve."""
    return [
        OutOfScope(each.id, _text(each.name), _text(each.contact), _keywords(each.keywords))
        for each in file.out_of_scope
    ]


def _group_values(group: GroupInFile, parent_id: str | None, position: int) -> dict[str, object]:
    return {
        "parent_id": parent_id,
        "name": _text(group.name),
        "description": _text(group.description),
        "position": position,
        "search_text": _searched(group.name, group.description),
    }


def _service_values(service: ServiceInFile) -> dict[str, object]:
    labels = {each.id: _text(each.label) for each in service.questions}
    return {
        "team_id": service.team,
        "name": _text(service.name),
        "description": _text(service.description),
        "have_ready": _text(service.have_ready) if service.have_ready else None,
        "url": service.url,
        "offers_request": "request" in service.offers,
        "offers_incident": "incident" in service.offers,
        "questions": [_question(each) for each in service.questions],
        "keywords": _keywords(service.keywords),
        "is_always_open": service.hours == "always",
        "approval_before_team": service.approval_before_team,
        "is_confidential": service.confidential,
        "approval": [step_of(each, labels) for each in service.approval],
        "search_text": _searched(service.name, service.description),
    }


def _question(question: QuestionInFile) -> Question:
    return Question(
        id=question.id,
        type=question.type,
        label=_text(question.label),
        hint=_text(question.hint) if question.hint else None,
        required=question.required,
        options=tuple(Option(each.id, _text(each.label)) for each in question.options),
        min=question.min,
        max=question.max,
        is_future=question.when == "future",
    )


def _text(text: Text) -> LocalizedText:
    return LocalizedText(fr=text.fr, en=text.en)


def _keywords(keywords: KeywordsInFile) -> Keywords:
    return Keywords(keywords.fr, keywords.en)


def _channel(team: Team | None, channel: str) -> dict[str, object]:
    """The channel's id when the file gives it and none is known. When the file names another channel, the
    former one is used until Slack was asked for the new one."""
    if team is None or team.channel_id is None:
        return {"channel_id": None if channel.startswith("#") else channel, "channel_problem": None}
    if channel in (team.channel, team.channel_id):
        return {}
    return {"channel_read_at": None}


def _searched(*texts: Text) -> str:
    """The text that a search compares: both languages."""
    return normalise_spelling(" ".join(words for text in texts for words in (text.fr, text.en)))
