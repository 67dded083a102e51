"""Lines for teams whose deliveries are still kept are remembered from the migration on."""

from sqlalchemy import Engine, text

from bot.ops.migrate import migrate
from tests.support.migrations import go_down, rows, use

BEFORE, AFTER = "5d0e7c2b91a4", "d3a81f60b24c"
CARD = """
INSERT INTO message_reference (ticket_id, recipient, kind, event_number, part, channel, ts)
VALUES (1, 'team:assistance', 'triage_card', 0, 0, 'C0ASSIST', '1.1')
"""
LINES = "UPDATE delivery SET state = 'sent', remote_id = '1.2' WHERE ticket_id = 1 AND kind = 'thread'"


def test_it_changes_no_row_and_remembers_the_lines_for_teams(empty: Engine) -> None:
    use(empty)
    go_down(empty, BEFORE)
    with empty.begin() as connection:
        connection.execute(text(CARD))
        assert connection.execute(text(LINES)).rowcount > 0
    before = rows(empty)
    migrate(empty, AFTER)
    after = rows(empty)
    found = after.pop("ticket_message")
    assert [(each["channel"], each["ts"], each["ticket_id"], each["owner"]) for each in found] == [
        ("C0ASSIST", "1.2", 1, None)
    ]
    assert after.pop("removal") == after.pop("removal_count") == []
    assert after == before
