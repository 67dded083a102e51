"""Who uses the simulated desk: 20,000 people, of whom 40 are technicians; and what was there before."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from models.catalogue import Team
from tests.bench.history import PEOPLE as WITH_HISTORY
from tests.bench.history import fill

PEOPLE, HISTORY = 20_000, 5000
TECHNICIANS = tuple(f"U0P{number}" for number in range(2, 42))
EMAIL = "{}@univ.example"
TEAMS = ("assistance", "reseau", "postes", "identites", "applications", "pedagogie", "infrastructures")
CHANNELS = {f"dnum-{name}": f"C0{name.upper()}" for name in TEAMS}

_PEOPLE = """
INSERT INTO person (slack_id, team_id, name, email, locale, time_zone, is_guest, is_bot, is_stranger,
                    profile_read_at)
SELECT 'U0P' || g, 'T0BENCH', 'Personne ' || g, 'u0p' || g || '@univ.example', 'fr-FR', 'Europe/Paris', false,
       false, false, now()
FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS g
"""


def people(engine: Engine) -> None:
    """Fill a PostgreSQL database with them, and with closed tickets. Nobody's profile was read lately."""
    fill(engine, HISTORY)
    ago = datetime.now(UTC) - timedelta(days=30)
    with Session(engine) as session:
        session.execute(text(_PEOPLE), {"first": WITH_HISTORY + 1, "last": PEOPLE})
        session.execute(
            text("UPDATE person SET profile_read_at = :ago, channels_read_at = NULL"), {"ago": ago}
        )
        session.execute(text("DELETE FROM channel_member"))
        session.execute(text("DELETE FROM channel_reading"))
        session.execute(text(_CLOSED))
        for team in session.scalars(select(Team)):
            team.channel_id = CHANNELS[team.channel.removeprefix("#")]
            team.channel_read_at = ago
        session.commit()


_CLOSED = """
UPDATE ticket SET status = 'closed', ending = 'approved', clock_since = NULL, remind_at = NULL,
       resolved_at = opened_at, closed_at = opened_at, solution = 'Redémarrée.'
"""
