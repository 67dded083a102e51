"""`announce` of a site: the channels in which its outages are announced."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.catalogue.file import CatalogueError, read_catalogue
from bot.catalogue.loader import load_catalogue
from models.announcements.announcement import AnnouncementChannel
from models.catalogue import Site
from tests.support.use_case_desk import SmallDesk

FILE = """
sites:
  - {{id: iut, name: IUT{announce}}}
teams:
  - {{id: assistance, name: Assistance, channel: "#assistance", default: true}}
catalogue: []
"""


def write(directory: Path, announce: str = "") -> Path:
    path = directory / "catalogue.yaml"
    path.write_text(FILE.format(announce=f", announce: {announce}" if announce else ""), "utf-8")
    return path


def test_the_channels_are_loaded_once(small_desk: SmallDesk, tmp_path: Path) -> None:
    file = read_catalogue(write(tmp_path, '["#infos-iut", C0123456789]'))
    with small_desk.sessions.begin() as session:
        load_catalogue(session, file)
        assert session.get_one(Site, "iut").announce == ["#infos-iut", "C0123456789"]
        for _each in range(2):
            loaded = load_catalogue(session, file)
            assert (loaded.added, loaded.changed) == (0, 0)
        known = session.scalars(select(AnnouncementChannel).order_by(AnnouncementChannel.name)).all()
        assert [place.name for place in known] == ["#infos-iut", "C0123456789"]
        assert not any(place.is_fit for place in known)


def test_a_channel_that_is_no_longer_named_is_kept(small_desk: SmallDesk, tmp_path: Path) -> None:
    with small_desk.sessions.begin() as session:
        load_catalogue(session, read_catalogue(write(tmp_path, '["#infos-iut"]')))
        [change] = load_catalogue(session, read_catalogue(write(tmp_path))).rows
        assert change.keys == ["announce"]
        assert session.get_one(Site, "iut").announce == []
        assert session.get(AnnouncementChannel, "#infos-iut") is not None


@pytest.mark.parametrize(
    ("announce", "words"),
    [
        ('"#infos"', "found “#infos” — expected a list of channels, each by its name in lower case"),
        ('["Infos"]', "found “Infos” — expected a channel’s name in lower case with its “#”, or its id (C…)"),
        ('["#infos", "#infos"]', "#infos is written twice — keep one of the two"),
        ('["#assistance"]', "#assistance is the channel of a team on line 5 — name one for everybody"),
        ('["#a", "#b", "#c", "#d", "#e", "#f"]', "6 entries — expected at most 5"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(tmp_path: Path, announce: str, words: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(write(tmp_path, announce))
    [problem] = refused.value.problems
    assert words in problem
    assert problem.startswith(f"{tmp_path / 'catalogue.yaml'}:3: sites[0].announce")
