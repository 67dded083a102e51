"""What must hold between the parts of `catalogue.yaml`: unique ids, teams that exist, forms that fit.

The rules are checked on the raw data, whatever else is wrong with it, so that one run reports every mistake.
"""

from collections.abc import Iterable, Iterator

from bot.catalogue.approvals.rules import broken_steps
from bot.catalogue.words import did_you_mean
from bot.catalogue.yaml_lines import Document, Path, Problem
from models.catalogue import QuestionType

# Slack shows at most 100 blocks in a modal. A ticket form has up to 30 of its own: its fields, with those of
# technicians, known outages, suggestions, notes and an alert; each question of a service is one block more.
MODAL_BLOCKS = 100
TICKET_FORM_BLOCKS = 30

QUESTION_TYPES: tuple[str, ...] = tuple(QuestionType)
CHOICES = (QuestionType.CHOICE, QuestionType.CHOICES)

Row = dict[str, object]
Rows = Iterable[tuple[Path, Row]]
Broken = Iterator[tuple[Path, str]]


def broken_rules(document: Document) -> list[Problem]:
    root = document.data if isinstance(document.data, dict) else {}
    groups = list(_groups((), root, "catalogue"))
    services = [row for path, group in groups for row in _rows(path, group, "services")]
    teams = list(_rows((), root, "teams"))
    broken = [
        *_not_unique(document, "a site", _rows((), root, "sites")),
        *_not_unique(document, "a team", teams),
        *_not_unique(document, "a group", groups),
        *_not_unique(document, "a service", services),
        *_not_unique(document, "an entry of out_of_scope", _rows((), root, "out_of_scope")),
        *_default_team(document, teams),
        *_unknown_teams(teams, services),
        *_nothing([((), root), *teams]),
        *_announcing(document, list(_rows((), root, "sites")), teams),
    ]
    for path, service in services:
        broken += _service(path, service)
        questions = list(_rows(path, service, "questions"))
        broken += _not_unique(document, "a question of this service", questions)
        for question_path, question in questions:
            broken += _question(question_path, question)
            options = _rows(question_path, question, "options")
            broken += _not_unique(document, "an option of this question", options)
        by_id = {name: row for _path, row in questions if isinstance(name := row.get("id"), str)}
        broken += broken_steps(path, service, by_id)
    return [document.problem(path, text) for path, text in broken]


def _rows(path: Path, parent: Row, key: str) -> Iterator[tuple[Path, Row]]:
    rows = parent.get(key)
    for index, row in enumerate(rows if isinstance(rows, tuple) else ()):
        if isinstance(row, dict):
            yield (*path, key, index), row


def _groups(path: Path, parent: Row, key: str) -> Iterator[tuple[Path, Row]]:
    for group_path, group in _rows(path, parent, key):
        yield group_path, group
        yield from _groups(group_path, group, "groups")


def _not_unique(document: Document, sort: str, rows: Rows) -> Broken:
    first: dict[str, Path] = {}
    for path, row in rows:
        name, here = row.get("id"), (*path, "id")
        if isinstance(name, str) and first.setdefault(name, here) != here:
            line = document.line(first[name])
            yield here, f"“{name}” is already the id of {sort} on line {line} — choose another id"


def _default_team(document: Document, teams: list[tuple[Path, Row]]) -> Broken:
    default = [(*path, "default") for path, team in teams if team.get("default", False) is not False]
    if teams and not default:
        yield ("teams",), "no team is the default one — add default: true to the team that gets all the rest"
    for path in default[1:]:
        line = document.line(default[0])
        yield path, f"the default team is already on line {line} — keep default: true on one team"


def _unknown_teams(teams: list[tuple[Path, Row]], services: list[tuple[Path, Row]]) -> Broken:
    known = [name for _, team in teams if isinstance(name := team.get("id"), str)]
    for path, service in services:
        team = service.get("team")
        if known and isinstance(team, str) and team not in known:
            yield (*path, "team"), f"there is no team “{team}”{did_you_mean(team, known)}"


def _nothing(rows: Rows) -> Broken:
    """Keys without a value; they would stand for what counts when they are left out."""
    for path, row in rows:
        for key in ("hours", "holidays"):
            if key in row and row[key] is None:
                yield (*path, key), "found nothing — write what it holds, or remove the key"


def _announcing(document: Document, sites: list[tuple[Path, Row]], teams: list[tuple[Path, Row]]) -> Broken:
    """Channels that a site names twice, or that are a team's: what is announced is for everybody."""
    of_teams = {name: path for path, team in teams if isinstance(name := team.get("channel"), str)}
    for path, site in sites:
        named = site.get("announce")
        named = named if isinstance(named, tuple) else ()
        for index, channel in enumerate(named):
            here = (*path, "announce", index)
            if channel in named[:index]:
                yield here, f"{channel} is written twice — keep one of the two"
            if isinstance(channel, str) and channel in of_teams:
                line = document.line((*of_teams[channel], "channel"))
                yield here, f"{channel} is the channel of a team on line {line} — name one for everybody"


def _service(path: Path, service: Row) -> Broken:
    offers, questions = service.get("offers"), service.get("questions")
    if not isinstance(offers, tuple):
        return
    if not offers and not service.get("url"):
        text = "a service that offers nothing is for information only — add the url of its page"
        yield (*path, "offers"), text
    for index, offer in enumerate(offers):
        if offer in offers[:index]:
            yield (*path, "offers", index), f"“{offer}” is written twice — keep one of the two"
    if not isinstance(questions, tuple):
        return
    if questions and "request" not in offers:
        text = "only a service that is requested asks questions — add request to its offers, or remove them"
        yield (*path, "questions"), text
    most = MODAL_BLOCKS - TICKET_FORM_BLOCKS
    if len(questions) > most:
        text = f"{len(questions)} questions make a form longer than Slack shows — expected at most {most}"
        yield (*path, "questions"), text


def _question(path: Path, question: Row) -> Broken:
    sort = question.get("type")
    if sort not in QUESTION_TYPES:
        return
    if sort in CHOICES and not question.get("options"):
        yield (*path, "options"), f"a question of type {sort} needs its options — expected a list of options"
    if sort not in CHOICES and "options" in question:
        yield (*path, "options"), "only choice and choices have options — remove them, or change the type"
    for key in ("min", "max"):
        if sort != QuestionType.NUMBER and key in question:
            yield (*path, key), f"only number has a {key} — remove it, or change the type"
    if sort != QuestionType.DATE and "when" in question:
        yield (*path, "when"), "only date has a when — remove it, or change the type"
    low, high = question.get("min"), question.get("max")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield (*path, "max"), f"{high} is less than min, {low} — expected {low} or more"
