"""The day of a hold is the day that was chosen, wherever it was chosen and whenever it was kept."""

from datetime import date

import pytest
from sqlalchemy import Engine, text

from bot.ops.migrate import migrate
from models.lifecycle import Action, HoldReason
from models.tickets.ticket import Ticket
from tests.support.help_desk import DIRECT, TRIAGE, Desk
from tests.support.migrations import go_down, use

BEFORE = "3f9a6c1d2b85"
ZONES = [
    "Pacific/Noumea",
    "Pacific/Kiritimati",
    "Asia/Tokyo",
    "Europe/Paris",
    "Pacific/Honolulu",
    "Etc/GMT+12",
]


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_reads_the_same_everywhere(desk: Desk, zone: str) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    desk.slack.control.post("person", user="karim", tz=zone)
    camille.file_ticket()
    karim.take()
    karim.menu("Mettre en attente…")
    karim.submit({"En attente de": "Une date", "Jusqu’au": "2027-12-02"})
    for shown in (camille.reads(DIRECT)[0], karim.reads(TRIAGE)[0]):
        assert "En attente (2 décembre 2027)" in shown
    karim.press("Voir le détail", TRIAGE)
    assert karim.modal_text.count("2 décembre 2027") == 2
    assert "1 décembre 2027" not in karim.modal_text
    karim.close()
    karim.press("Reprendre", TRIAGE)
    assert desk.ticket().hold_day is None


def test_a_hold_that_was_kept_without_its_day_gets_the_one_of_its_history(empty: Engine) -> None:
    desk = use(empty)
    ticket = desk.ticket_in_state(Action.TAKE)
    go_down(empty, BEFORE)
    moment = "2026-12-01 20:00:00" + ("+00" if empty.dialect.name == "postgresql" else ".000000")
    with empty.begin() as connection:
        connection.execute(
            text(
                "UPDATE ticket SET status = 'pending', hold_reason = 'date', hold_until = :at WHERE id = :id"
            ),
            {"at": moment, "id": ticket.id},
        )
        for number, until in ((3, '"2026-11-30T07:00:00+11:00"'), (4, '"2026-12-02T07:00:00+11:00"')):
            connection.execute(
                text(
                    "INSERT INTO event (ticket_id, number, at, actor_id, action, to_status, surface, details)"
                    " SELECT ticket_id, :number, at, actor_id, 'hold', 'pending', 'triage', :details"
                    " FROM event WHERE ticket_id = :id AND number = 1"
                ),
                {"number": number, "details": f'{{"reason": "date", "until": {until}}}', "id": ticket.id},
            )
    migrate(empty)
    with desk.sessions() as session:
        kept = session.get_one(Ticket, ticket.id)
        assert (kept.hold_reason, kept.hold_day, kept.waits_until) == (
            HoldReason.DATE,
            date(2026, 12, 2),
            date(2026, 12, 2),
        )
        others = session.query(Ticket).filter(Ticket.id != ticket.id)
        assert {other.hold_day for other in others} == {None}
