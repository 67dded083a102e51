"""Channels for announcements on a desk: `#infos-iut` for the IUT, `#infos-sante` for the health campus."""

from sqlalchemy import update

from models.announcements.announcement import AnnouncementChannel
from models.catalogue import Site
from playground.state.fixture import add_channel
from tests.support.help_desk import Desk

IUT, HEALTH = "#infos-iut", "#infos-sante"
CHANNELS = {"iut": IUT, "sante": HEALTH}


def add_channels(desk: Desk) -> None:
    """Have the catalogue name them, and Slack and the bot have them; both are public."""
    workspace = desk.slack.slack.workspace

    def add() -> None:
        for name in CHANNELS.values():
            add_channel(workspace, {"name": name[1:], "members": ["camille", "oliver", "karim"]})

    desk.slack.run(add)
    with desk.sessions.begin() as session:
        for site, name in CHANNELS.items():
            session.add(AnnouncementChannel(name=name))
            session.execute(update(Site).where(Site.id == site).values(announce=[name]))
    read_channels(desk)


def read_channels(desk: Desk) -> None:
    """Read all channels from Slack, as once an hour."""
    desk.__enter__()


def change_channel(desk: Desk, place: str, /, **changes: object) -> None:
    """An administrator changes a channel; the bot hears what Slack tells of it, and its worker works."""
    answer = desk.slack.control.post("channel", channel=place, **changes)
    assert answer["ok"], answer
    desk.deliver()
