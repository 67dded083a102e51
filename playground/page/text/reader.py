"""Who looks at the page, and what that changes: words, time zone, names of people, addresses of screens."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from playground.page.text.dates import Calendar
from playground.page.text.words import LocalizedText
from playground.state.workspace import Channel, Person, Workspace

UTC = "Etc/UTC"  # for people of whom no time zone is known
_COLOURS = 8  # how many colours of avatar the style sheet has


@dataclass(frozen=True)
class Reader:
    """One person in front of the page."""

    workspace: Workspace
    person: Person

    @cached_property
    def words(self) -> LocalizedText:
        """The page's words in this person's language."""
        return LocalizedText(self.person.locale or "en-US")

    @cached_property
    def calendar(self) -> Calendar:
        """Dates in this person's language and time zone."""
        return Calendar(self.words, self.person.tz or UTC, self.workspace.clock.now())

    def link(self, path: str = "/", **query: str | None) -> str:
        """The address of a screen as this person sees it."""
        return f"{path}?{urlencode({'as': self.person.name, **{k: v for k, v in query.items() if v}})}"

    def name(self, user_id: str) -> str:
        """How this member is called on screen."""
        member = self.workspace.people.get(user_id)
        return member.real_name if member else self.words("someone")

    def is_in(self, channel: Channel) -> bool:
        """Whether this person may read the channel."""
        return self.person.id in channel.members

    def channel_name(self, channel: Channel) -> str:
        """How the channel is called on screen: "#general", "@guichet"."""
        return f"@{channel.name}" if channel.kind == "im" else f"#{channel.name}"


def initials(name: str) -> str:
    """Two letters for an avatar: "Aurélie D'Hérouville" gives "AD"."""
    parts = [part for part in name.split() if part[0].isalnum()]
    return "".join(part[0] for part in [*parts[:1], *parts[1:][-1:]]).upper()


def colour(member_id: str) -> int:
    """The number of the avatar's colour, the same one each time."""
    return sum(map(ord, member_id)) % _COLOURS
