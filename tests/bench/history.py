"""Years of a help desk, written by SQL: people, tickets with their history and messages."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, text

from bot.db.engine import create_db
from bot.settings import Settings
from models.search.index import CREATE, DROP

PEOPLE = 5000
ONES_CLOSED = 400  # the first person's
OPEN = 500  # of few tickets; of more, a tenth
ONES_OPEN = 10  # about, the first person's
ASSIGNED = 100  # open ones that the technician has; of late ones and of those due today there are as many
CHANNEL = "C0BENCH"
WORDS = 40  # that were said about each ticket, of the `VOCABULARY`
VOCABULARY = 5000

_PEOPLE = """
INSERT INTO person (slack_id, team_id, name, email, locale, time_zone, is_guest, is_bot,
                    is_stranger, profile_read_at, channels_read_at, home_opened_at)
SELECT 'U0P' || g, 'T0BENCH', 'Personne ' || g, 'p' || g || '@univ.example', 'fr-FR', 'Europe/Paris', {no},
       {no}, {no}, {later}, {later}, NULL
FROM series
"""
_TICKETS = """
INSERT INTO ticket (kind, title, description, status, ending, requester_id, assignee_id, team_id, site_id,
                    is_outage_child, answers, declared_impact, declared_urgency, impact, urgency, priority,
                    solution, due_at, clock_since, taken_due_at, remind_at,
                    search_text, internal_search_text, opened_at, changed_at, resolved_at,
                    closed_at, submission, event_count, state_event, version)
SELECT 'incident', 'Imprimante muette ' || g, 'Depuis ce matin, salle ' || g % 300, {status},
       CASE WHEN {closed} THEN 'approved' END,
       CASE WHEN g <= {ones} OR (NOT {closed} AND g % {rare} < 4) THEN 1 ELSE 3 + g % ({people} - 2) END,
       CASE WHEN {closed} OR g / 4 % {some} = 2 THEN 2 WHEN {status} <> 'new' THEN 3 END,
       CASE WHEN g % 2 = 0 THEN :team ELSE :other END, :site,
       {no}, '[]', 'person', 'high', 'person', 'high',
       'P' || (2 + g % 3), CASE WHEN {status} IN ('resolved', 'closed') THEN 'Redémarrée.' END, {due},
       CASE WHEN {runs} THEN {opened} END, {due}, CASE WHEN {runs} THEN {later} END,
       'imprimante muette ' || g || ' depuis ce matin salle ' || g % 300 || ' personne salle' || g % 300
           || CASE WHEN g % 2 = 1 OR g % 1000 = 0 THEN ' wifi' ELSE '' END{said}
           || ' .imprim .imprimant .muet .depuis .matin .sall .person',
       CASE WHEN g % 10 = 0 THEN 'fusible grille .fusibl .gril' ELSE '' END,
       {opened}, {opened}, CASE WHEN {closed} THEN {opened} END, CASE WHEN {closed} THEN {opened} END,
       'history-' || g, 2, 2, 1
FROM series
"""
_EVENTS = """
INSERT INTO event (ticket_id, number, at, actor_id, action, from_status, to_status, surface, text, details)
SELECT id, {number}, opened_at, requester_id, '{action}', {before}, {after}, 'form', NULL, '{{}}' FROM ticket
"""
_DELIVERIES = """
INSERT INTO delivery (kind, recipient, method, person_id, ticket_id, event_number, details, key, state,
                      attempt, created_at, due_at, uncertain, completed_at)
SELECT 'card', 'dm:' || requester_id, 'chat.postMessage', requester_id, id, 1, '{{}}', 'history:' || id,
       'sent', 1, opened_at, opened_at, {no}, opened_at
FROM ticket
"""


def fill(engine: Engine, tickets: int) -> None:
    """Put so many tickets of `PEOPLE` people into a database that has only the catalogue. Person 1 has
    `ONES_CLOSED` closed ones; person 2 is a technician, who is in the default team's channel. Every other
    ticket is another team's, which always writes a word that the default team hardly ever does. Of the open
    ones few are late or due today, whatever their number."""
    with engine.begin() as connection:
        dialect = engine.dialect.name
        for statement in DROP[dialect]:
            connection.execute(text(statement))
        _run(connection, dialect, _PEOPLE, PEOPLE)
        team = _team(connection)
        site = connection.scalar(text("SELECT id FROM site ORDER BY position LIMIT 1"))
        other = connection.scalar(text("SELECT id FROM team WHERE NOT is_default ORDER BY id LIMIT 1"))
        _run(connection, dialect, _TICKETS, tickets, team=team, other=other, site=site)
        for number, action, before, after in (
            (1, "open", "NULL", "'new'"),
            (2, "approve", "'new'", "status"),
        ):
            more = {"number": str(number), "action": action, "before": before, "after": after}
            _run(connection, dialect, _EVENTS, tickets, **more)
        _run(connection, dialect, _DELIVERIES, tickets)
        for statement in CREATE[dialect]:  # much faster than keeping the index up to date
            connection.exec_driver_sql(statement)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def fill_in(settings: Settings, tickets: int) -> None:
    """The same, by the settings of the database."""
    engine = create_db(settings.database_url.get_secret_value(), timeout=600)
    fill(engine, tickets)
    engine.dispose()


def open_of(tickets: int) -> int:
    """How many of so many tickets are open."""
    return max(OPEN, tickets // 10)


def _team(connection: Connection) -> str:
    """The default team's channel has the technician, for as long as the benchmark runs."""
    team = str(connection.scalar(text("SELECT id FROM team WHERE is_default")))
    later = datetime.now(UTC) + timedelta(hours=6)
    connection.execute(text("UPDATE team SET channel_id = :c WHERE id = :t"), {"c": CHANNEL, "t": team})
    connection.execute(
        text("INSERT INTO channel_reading (channel, read_at) VALUES (:c, :at)"),
        {"c": CHANNEL, "at": f"{later:%Y-%m-%d %H:%M:%S.%f}" + _zone(connection)},
    )
    connection.execute(
        text("INSERT INTO channel_member (channel, slack_id) VALUES (:c, 'U0P2')"), {"c": CHANNEL}
    )
    return team


def _zone(connection: Connection) -> str:
    return "" if connection.dialect.name == "sqlite" else "+00"


def _run(connection: Connection, dialect: str, statement: str, count: int, **values: str | None) -> None:
    opened = open_of(count)
    closed = f"g <= {count - opened}"
    words = {
        "no": "0" if dialect == "sqlite" else "false",
        "later": _timestamp(dialect, "60 * 6"),
        "opened": _timestamp(dialect, f"g - {count} - 60"),
        "due": f"CASE g / 4 % {opened // ASSIGNED} WHEN 0 THEN {_timestamp(dialect, f'g - {count} - 1')} "
        f"WHEN 1 THEN {_timestamp(dialect, '1')} ELSE {_timestamp(dialect, '60 * 24 * 3')} END",
        "closed": closed,
        "status": f"(CASE WHEN {closed} THEN 'closed' WHEN g % 4 = 0 THEN 'new' WHEN g % 4 = 1 THEN "
        "'in_progress' WHEN g % 4 = 2 THEN 'pending' ELSE 'resolved' END)",
        "runs": f"(NOT {closed} AND g % 4 IN (0, 1))",
        "ones": str(min(ONES_CLOSED, count - opened)),
        "people": str(PEOPLE),
        "rare": str(4 * opened // ONES_OPEN),
        "some": str(opened // ASSIGNED),
        "said": "".join(
            f" || ' mot' || ((g % 4999) * {word + 3} + {word * 977}) % {VOCABULARY}" for word in range(WORDS)
        ),
        **values,
    }
    series = (
        "WITH RECURSIVE series(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM series WHERE g < :count) "
        if dialect == "sqlite"
        else "WITH series(g) AS (SELECT generate_series(1, CAST(:count AS integer))) "
    )
    said = text((series if dialect != "sqlite" else "") + statement.format(**words))
    if dialect == "sqlite":  # sqlite3 opens a transaction for what begins with INSERT
        head, body = statement.format(**words).split("SELECT", 1)
        said = text(f"{head} {series} SELECT{body}")
    given = {"count": count, **{name: value for name, value in values.items() if f":{name}" in said.text}}
    if ":count" not in said.text or "series" not in statement:
        given.pop("count")
        said = text(statement.format(**words))
    connection.execute(said, given)


def _timestamp(dialect: str, minutes: str) -> str:
    """The present and so many minutes, in SQL."""
    if dialect == "sqlite":
        return f"strftime('%Y-%m-%d %H\\:%M\\:%f000', 'now', ({minutes}) || ' minutes')"
    return f"now() + ({minutes}) * interval '1 minute'"
