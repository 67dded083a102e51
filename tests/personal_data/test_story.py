"""The story leaves its needles where they are looked for afterwards."""

from sqlalchemy import select

from tests.personal_data.everywhere import in_files_of, in_mails, in_rows, in_slack, in_store
from tests.personal_data.planting import TABLES, places, plant
from tests.personal_data.story import Story
from tests.support.help_desk import Desk

NOT_ABOUT_HER = {"heard_message.text", "outage_event.text"}


def test_what_was_written_is_found_before_it_is_forgotten(desk: Desk) -> None:
    story, engine = Story(desk), desk.sessions.kw["bind"]
    story.tell()
    with engine.begin() as connection:
        person = TABLES["person"]
        camille = connection.scalar(select(person.c.id).where(person.c.slack_id == story.slack_id))
        assert camille is not None
        planted = {*story.needles.planted}
        plant(connection, story.needles, camille)
        assert {"person.slack_id", "comment.ts", "attachment.key"} <= places(connection, camille).keys()
    contents = {place for place in planted if place.endswith("(content)")}
    found = story.needles.found(in_rows(engine)).keys()
    assert found == story.needles.planted.keys() - contents - NOT_ABOUT_HER
    assert story.needles.found(in_files_of(engine)).keys() >= found
    assert story.needles.found(in_store(desk)).keys() == contents
    assert story.needles.found(in_slack(desk)).keys() == planted - {"email", "search", "hold"}
    assert {"name", "title", "solution"} <= story.needles.found(in_mails(desk)).keys()
