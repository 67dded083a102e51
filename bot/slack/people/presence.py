"""Whether somebody who has left a team's channel is really gone, from a complete reading of its members."""

from collections.abc import Callable, Iterator

from slack_sdk import WebClient

from bot.slack.client import NOBODY, UNANSWERED, error_code
from bot.slack.people.channels import next_cursor
from models.outbox.reasons import CHANNEL_GONE

PAGE = 200


class NobodyRead(Exception):
    """Slack named no member at all, though the bot is one."""


class PresenceReader:
    """Reads it for the worker. Raises one of `UNANSWERED`."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def is_gone(self, channel: str, slack_id: str, *, keep: Callable[[], None] = lambda: None) -> bool:
        """Whether their account is deactivated, or all pages of the channel's members are without them.

        False for a channel that is archived, no longer private, or out of the bot's reach: that takes people
        out of it, and says nothing of them. `keep` is called for each page. Raises `NobodyRead`."""
        if not self._is_kept(channel):
            return False
        if self._is_deactivated(slack_id):
            return True
        members = set[str]()
        for page in self._pages(channel):
            keep()
            members.update(page)
        if not members:
            raise NobodyRead
        return slack_id not in members and self._is_kept(channel)

    def _is_kept(self, channel: str) -> bool:
        try:
            seen = self._client.conversations_info(channel=channel)["channel"]
        except UNANSWERED as error:
            if error_code(error) in CHANNEL_GONE:
                return False
            raise
        is_converted = not seen.get("is_private") or seen.get("is_ext_shared")
        return bool(seen.get("is_member")) and not seen.get("is_archived") and not is_converted

    def _is_deactivated(self, slack_id: str) -> bool:
        try:
            return bool(self._client.users_info(user=slack_id)["user"].get("deleted"))
        except UNANSWERED as error:
            if error_code(error) in NOBODY:
                return True
            raise

    def _pages(self, channel: str) -> Iterator[list[str]]:
        cursor = ""
        while True:
            page = self._client.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
            yield page["members"]
            if not (cursor := next_cursor(page)):
                return
