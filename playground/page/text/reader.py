"""The person who views the page: language, time zone, names as they see them, URLs of screens."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from playground.page.text.dates import Calendar
from playground.page.text.localized_text import LocalizedText
from playground.state.workspace import Channel, Person, Workspace

UTC = "Etc/UTC"  # for people without a time zone
_COLOURS = 8  # avatar colours in the style sheet


@dataclass(frozen=True)
class Reader:
    """The person who views the page."""

    workspace: Workspace
    person: Person

    @cached_property
    def words(self) -> LocalizedText:
        """The page's texts in this person's language."""
        return LocalizedText(self.person.locale or "en-US")

    @cached_property
    def calendar(self) -> Calendar:
        """Dates in this person's language and time zone."""
        return Calendar(self.words, self.person.tz or UTC, self.workspace.clock.now())

    def link(self, path: str = "/", **query: str | None) -> str:
        """The URL of a screen as this person sees it."""
        return f"{path}?{urlencode({'as': self.person.name, **{k: v for k, v in query.items() if v}})}"

    def name(self, user_id: str) -> str:
        """The displayed name of this member."""
        member = self.workspace.people.get(user_id)
        return member.real_name if member else self.words("someone")

    def is_in(self, channel: Channel) -> bool:
        """Whether this person may read the channel."""
        return self.person.id in channel.members

    def channel_name(self, channel: Channel) -> str:
        """The displayed name of the channel: "#general", "@guichet"."""
        return f"@{channel.name}" if channel.kind == "im" else f"#{channel.name}"


def initials(name: str) -> str:
    """Two letters for an avatar: "Aurélie D'Hérouville" gives "AD"."""
    parts = [part for part in name.split() if part[0].isalnum()]
    return "".join(part[0] for part in [*parts[:1], *parts[1:][-1:]]).upper()


def colour(member_id: str) -> int:
    """The number of the avatar's colour, derived from the id."""
    return sum(map(ord, member_id)) % _COLOURS
