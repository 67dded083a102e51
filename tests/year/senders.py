"""Slack and the mail server of the simulated year: they keep everything, refuse what is sent to some people
for a while, and workers die in them."""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from threading import Lock
from typing import Any

from blocks.ids import AUTHORISE
from bot.delivery.errors import AccountClosed, AddressRefused, DeliveryError, Permanent, Superseded
from bot.delivery.rendering.rendered import RenderedMessage, Sent
from bot.slack.people.approvers import Found
from models.approval_rule import Approvers, Source
from models.outbox.reasons import Reason
from tests.year.books import Post

BEFORE, AFTER, JOB = "before sending", "after sending", "in a periodic job"


class Killed(BaseException):
    """The worker is dead. No `Exception`: nothing of it may do anything more."""


@dataclass
class Fate:
    """Decides where workers die: the same for the same seed, in whichever thread."""

    seed: int
    rate: float
    deaths: Counter[str] = field(default_factory=Counter)
    _tries: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def strike(self, where: str, what: str, *, often: float = 1.0) -> None:
        """Raises `Killed`, now and then."""
        with self._lock:
            self._tries[where + what] += 1
            number = self._tries[where + what]
            if random.Random(f"{self.seed} {where} {what} {number}").random() >= self.rate * often:
                return
            self.deaths[where] += 1
        raise Killed


Spans = dict[str, tuple[datetime, datetime]]


@dataclass
class Slack:
    """`refused`: of whom Slack takes no direct messages, and when. `closed`: whose account is closed."""

    clock: Callable[[], datetime]
    fate: Fate
    refused: Spans = field(default_factory=dict)
    closed: Spans = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    refusals: list[Post] = field(default_factory=list)
    deleted: dict[str, datetime] = field(default_factory=dict)
    _by_key: dict[str, str] = field(default_factory=dict)
    _deciding: set[str] = field(default_factory=set)
    """The `ts` of the messages with buttons to decide with."""
    _keys: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def send(
        self,
        rendered: RenderedMessage,
        *,
        key: str,
        since: datetime | None,
        before_post: Callable[[], object] = lambda: None,
    ) -> Sent:
        """As `SlackSender.send` does it."""
        channel = rendered.channel or f"D{rendered.slack_id}"
        if refusal := self._refusal(rendered.slack_id):
            if not isinstance(refusal, AccountClosed):
                self.refusals.append(Post(self.clock(), key, channel))
            raise refusal
        if rendered.edit_ts:
            self._show(rendered.edit_ts, rendered)
            return Sent(channel, rendered.edit_ts)
        if since and key in self._by_key:
            return Sent(channel, self._by_key[key])
        if rendered.only_if_posted:
            raise Superseded(Reason.NEVER_POSTED)
        if rendered.replaces:
            self.delete(rendered.replaces)
        self.fate.strike(BEFORE, key, often=5 if key.startswith("reminder") else 1)
        before_post()
        ts = self._post(channel, key)
        self._show(ts, rendered)
        self.fate.strike(AFTER, key, often=5 if key.startswith("reminder") else 1)
        return Sent(channel, ts)

    def _post(self, channel: str, key: str) -> str:
        with self._lock:
            self.posts.append(Post(self.clock(), key, channel))
            ts = f"{len(self.posts)}.001"
            self._by_key[key], self._keys[ts] = ts, key
        return ts

    def _show(self, ts: str, rendered: RenderedMessage) -> None:
        elements = [each for block in rendered.blocks for each in block.get("elements", ())]
        actions = {each.get("action_id") for each in elements}
        (self._deciding.add if AUTHORISE in actions else self._deciding.discard)(ts)

    @property
    def with_buttons(self) -> Sequence[str]:
        """The keys of the messages with buttons to decide with."""
        return [self._keys[ts] for ts in sorted(self._deciding)]

    def _refusal(self, slack_id: str | None) -> DeliveryError | None:
        if slack_id is None:
            return None
        if _is_within(self.closed, slack_id, self.clock()):
            return AccountClosed(Reason.ACCOUNT_REFUSED, "chat.postMessage", "user_disabled")
        if _is_within(self.refused, slack_id, self.clock()):
            return Permanent(Reason.REFUSED, "chat.postMessage", "messages_tab_disabled")
        return None

    def delete(self, sent: Sent) -> None:
        if key := self._keys.get(sent.ts):
            self.deleted.setdefault(key, self.clock())

    def publish(self, rendered: object) -> None:
        """Show an App Home."""


@dataclass(frozen=True)
class Directory:
    """`groups`: the members of user groups, by their Slack ids."""

    groups: Mapping[str, Sequence[str]]

    @property
    def approvers(self) -> "Directory":
        return self

    def find(self, who: Approvers, *, requester: str, keep: Callable[[], None]) -> Found:
        """As `ApproverReader.find` does it; everybody has a row."""
        return Found([*self.groups[who.names[0]]] if who.source is Source.GROUP else who.names)


@dataclass
class Mail:
    """`refused`: whose mailbox is unknown, and when."""

    clock: Callable[[], datetime]
    fate: Fate
    refused: Spans = field(default_factory=dict)
    mails: list[Post] = field(default_factory=list)
    resent: Counter[str] = field(default_factory=Counter)

    def send(self, message: EmailMessage, *, before_data: Callable[[], Any] = lambda: None) -> None:
        to, name = str(message["To"]), str(message["Message-ID"])
        address = to.rpartition("<")[2].rstrip(">")
        if _is_within(self.refused, address, self.clock()):
            raise AddressRefused(Reason.MAIL_REFUSED, "RCPT", "550")
        self.fate.strike(BEFORE, name)
        before_data()
        self.mails.append(Post(self.clock(), name, to))
        try:
            self.fate.strike(AFTER, name)
        except Killed:
            self.resent[name] += 1
            raise


def _is_within(spans: Spans, name: str, at: datetime) -> bool:
    span = spans.get(name)
    return span is not None and span[0] <= at < span[1]
