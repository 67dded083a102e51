"""What the file tells people to do while the desk is closed."""

from pathlib import Path

from bot.catalogue.loader import load_catalogue
from models.base import LocalizedText
from models.catalogue import CatalogueState
from tests.catalogue.test_calendar_rules import problems, read
from tests.support.use_case_desk import SmallDesk


def test_it_is_kept_in_both_languages_and_gone_with_the_line(shared_desk: SmallDesk, tmp_path: Path) -> None:
    for line, kept in (
        ("out_of_hours: {fr: Astreinte au 18., en: Call 18.}", LocalizedText("Astreinte au 18.", "Call 18.")),
        ("out_of_hours: Astreinte.", LocalizedText("Astreinte.", "Astreinte.")),
        ("", None),
    ):
        with shared_desk.sessions.begin() as session:
            load_catalogue(session, read(tmp_path, line))
        with shared_desk.sessions() as session:
            assert session.get_one(CatalogueState, 1).out_of_hours == kept


def test_what_is_no_text_is_refused_with_its_line(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, desk="out_of_hours: [18]")
    assert problem.startswith("11: out_of_hours: ")
    assert "expected a text, or {fr: …, en: …}" in problem
