"""What `guichet removals` prints."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlencode, urljoin

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.observability.removals.progress import Progress
from bot.settings import Settings
from bot.slack.client import UNANSWERED, worker_client
from models.person import Person
from models.removals.removal import Removal, RemovalKind, RemovalState

Found = dict[str, Any]
REASONS = {
    "compliance_exports_prevent_deletion": "the workspace's compliance exports forbid it",
    "cant_delete_message": "this app may not delete it",
    "cant_delete_file": "this app may not delete it",
    "file_deleting_disabled": "the workspace has switched the deletion of files off",
    "channel_not_found": "the channel is gone, or the bot is no longer in it",
    "is_archived": "the channel is archived",
    "not_in_channel": "the bot is no longer in the channel",
}
"""Slack's codes (docs.slack.dev, "chat.delete", "files.delete")."""


@dataclass(frozen=True)
class Workspace:
    """Where links lead."""

    url: str | None
    """`None` while Slack does not say."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Ask Slack for its address."""
        if settings.slack_bot_token is None:
            return cls(None)
        client = worker_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
        try:
            return cls(str(client.auth_test()["url"]))
        except UNANSWERED:
            return cls(None)

    def link(self, removal: Removal) -> str | None:
        """The address of a message or a file (docs.slack.dev, "chat.getPermalink")."""
        if removal.kind is RemovalKind.FILE or self.url is None or removal.ts is None:
            return removal.permalink
        address = urljoin(self.url, f"/archives/{removal.channel}/p{removal.ts.replace('.', '')}")
        if removal.thread_ts in (None, removal.ts):
            return address
        return f"{address}?{urlencode({'thread_ts': removal.thread_ts, 'cid': removal.channel})}"


def progress_lines(progress: Progress) -> Iterator[str]:
    """How far it is: done, waiting, the time that is left, what is refused, what people have to delete."""
    waiting = sum(progress.waiting.values())
    yield f"deleted in Slack: {progress.done}"
    kinds = ", ".join(f"{count} {kind}s" for kind, count in sorted(progress.waiting.items()))
    left = f" ({kinds}): {about(progress.left)} left at the present pace" if waiting else ""
    yield f"waiting: {waiting}{left}"
    if progress.is_stuck:
        yield "nothing was deleted for hours: see `guichet doctor`"
    if progress.later:
        yield f"to be deleted later: {progress.later}"
    for code, count in sorted(progress.refused.items()):
        yield f"refused by Slack: {count}: {reason(code)}"
    if progress.others:
        yield f"written or uploaded by people, who have to delete it: {progress.others}"
    if progress.refused or progress.others:
        yield "see `guichet removals --list`"


def about(span: timedelta) -> str:
    """A rough duration."""
    minutes = -(-span // timedelta(minutes=1))
    if minutes < 90:
        return f"about {max(1, minutes)} min"
    if minutes < 48 * 60:
        return f"about {round(minutes / 60)} h"
    return f"about {round(minutes / 60 / 24)} days"


def reason(code: str) -> str:
    """Why Slack does not delete something."""
    return f"{REASONS[code]} ({code})" if code in REASONS else code


def as_object(session: Session, removal: Removal, workspace: Workspace) -> Found:
    """An entry of the list, for one line of JSON."""
    found: Found = {
        "id": removal.id,
        "ticket": removal.ticket_id,
        "what": str(removal.kind),
        "whose": _whose(session, removal),
        "channel": removal.channel,
        "ts": removal.ts,
        "file": removal.slack_file_id,
        "link": workspace.link(removal),
        "refused": removal.code if removal.state is RemovalState.REFUSED else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _whose(session: Session, removal: Removal) -> str:
    if removal.state is RemovalState.REFUSED:
        return "Guichet"
    if removal.owner is None:
        return "unknown"
    name = session.scalar(select(Person.name).where(Person.slack_id == removal.owner))
    return f"{name} ({removal.owner})" if name else removal.owner


def lines_of(found: Found) -> str:
    """An entry of the list, as one line with tabs."""
    ticket = f"ticket {found['ticket']}" if "ticket" in found else "no ticket"
    where = found.get("link") or found.get("file") or f"{found['channel']} {found['ts']}"
    why = f"refused: {reason(found['refused'])}" if "refused" in found else "to be deleted by its author"
    return f"{found['id']}\t{ticket}\t{found['what']}\tof {found['whose']}\t{where}\t{why}"
