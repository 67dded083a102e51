"""A channel as one person reads it: its messages in order, days, unread marks, threads."""

from dataclasses import dataclass, field, replace

from playground.page.controls import PageSurface
from playground.page.text.reader import Reader
from playground.state.workspace import Channel, File, Message, Person

_GROUP_SECONDS = 300.0  # within which messages of one author are grouped under one name


@dataclass
class Line:
    """One message and how it is shown."""

    message: Message
    author: Person | None
    at: float
    files: list[File]
    day: str = ""  # the heading above it, when the day changes
    first_unread: bool = False
    follows: bool = False  # grouped with the message above: no avatar, no name
    replies: list[Message] = field(default_factory=list)
    part: str = ""  # part of the page: a root may be in its channel and in its thread

    @property
    def ephemeral(self) -> bool:
        return self.message.ephemeral_for is not None

    @property
    def surface(self) -> PageSurface:
        return PageSurface.of_message(self.message, self.part)

    @property
    def repliers(self) -> list[str]:
        """The authors of replies, each once, at most three."""
        return list(dict.fromkeys(reply.user for reply in self.replies))[:3]


def lines(channel: Channel, reader: Reader, unread_after: str) -> list[Line]:
    """The messages of a channel, ephemeral ones of this person included, oldest first."""
    roots = [m for m in _seen(channel, reader) if m.thread_ts in (None, m.ts)]
    found = [_line(message, reader) for message in roots]
    for line in found:
        line.replies = [m for m in replies(channel, line.message.ts, reader) if m.ephemeral_for is None]
    return _with_separators(found, reader, unread_after)


def thread(channel: Channel, root_ts: str, reader: Reader) -> list[Line]:
    """A thread: its first message, then the replies. Empty when there is no such message."""
    root = channel.messages.get(root_ts)
    if root is None:
        return []
    shown = [root, *replies(channel, root_ts, reader)]
    return [replace(_line(message, reader), part="thread") for message in shown]


def replies(channel: Channel, root_ts: str, reader: Reader) -> list[Message]:
    """The replies of a thread that this person sees."""
    return [m for m in _seen(channel, reader) if m.thread_ts == root_ts and m.ts != root_ts]


def unread(channel: Channel, reader: Reader) -> int:
    """How many messages of others this person has not read."""
    after = read_up_to(channel, reader)
    others = (m for m in channel.messages.values() if m.user != reader.person.id and not m.deleted)
    return sum(message.ts > after for message in others)


def read_up_to(channel: Channel, reader: Reader) -> str:
    """The `ts` of the last message that this person has read; "" when none was."""
    return reader.workspace.read_up_to.get((reader.person.id, channel.id), "")


def _seen(channel: Channel, reader: Reader) -> list[Message]:
    mine = [m for m in reader.workspace.ephemerals.get(reader.person.id, []) if m.channel == channel.id]
    return sorted([*channel.messages.values(), *mine], key=lambda message: message.ts)


def _line(message: Message, reader: Reader) -> Line:
    files = [reader.workspace.files[file] for file in message.files if file in reader.workspace.files]
    return Line(message, reader.workspace.people.get(message.user), float(message.ts), files)


def _with_separators(found: list[Line], reader: Reader, unread_after: str) -> list[Line]:
    above: Line | None = None
    marked = not unread_after
    for line in found:
        day = reader.calendar.day(line.at)
        line.day = day if above is None or reader.calendar.day(above.at) != day else ""
        if not marked and line.message.ts > unread_after and _is_unread(line, reader):
            line.first_unread = marked = True
        first = line.day or line.first_unread or line.ephemeral or above is None or above.ephemeral
        line.follows = not first and above is not None and _continues_previous(above, line)
        above = line
    return found


def _is_unread(line: Line, reader: Reader) -> bool:
    return line.message.user != reader.person.id and not line.ephemeral


def _continues_previous(above: Line, line: Line) -> bool:
    by_one = above.message.user == line.message.user and not (above.message.deleted or line.message.deleted)
    return by_one and line.at - above.at < _GROUP_SECONDS and not above.replies
