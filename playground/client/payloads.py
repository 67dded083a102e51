"""The common fields of interactive payloads: user, team, trigger, `response_url`."""

import secrets
import time

from playground.state.slack import Slack
from playground.state.workspace import (
    APP_ID,
    TEAM_ID,
    Channel,
    Json,
    Message,
    Person,
    ResponseUrl,
    Trigger,
    new_id,
)

TEAM_DOMAIN = "playground"
ENTERPRISE_NAME = "Universités"


def new_trigger(slack: Slack, person: Person, view_id: str | None = None) -> str:
    """The right to open a view, for 3 seconds; `view_id` is the modal or Home it was clicked in."""
    trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
    trigger = Trigger(trigger_id, person.id, time.monotonic(), view_id=view_id)
    slack.workspace.triggers[trigger_id] = trigger
    return trigger_id


def new_response_url(
    slack: Slack, kind: str, person: Person, channel: Channel, message: Message | None = None
) -> str:
    """A `response_url` for the app's answer; `kind` is `commands`, `actions` or `app`."""
    address = ResponseUrl(
        new_id(""),
        person.id,
        channel.id,
        slack.workspace.clock.now(),
        message_ts=message.ts if message else None,
        ephemeral=message if message and message.ephemeral_for else None,
        thread_ts=message.thread_ts if message else None,
    )
    slack.workspace.response_urls[address.id] = address
    return f"{slack.base_url}/hooks/{kind}/{TEAM_ID}/{address.id}"


def interaction(kind: str, person: Person, slack: Slack | None = None) -> Json:
    """The common fields of a payload of this type; without a team if the app is the organisation's."""
    enterprise_id = slack.workspace.enterprise_id if slack else None
    org_install = slack is not None and slack.workspace.org_install
    return {
        "type": kind,
        "token": "playground",
        "team": None if org_install else {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": {"id": enterprise_id, "name": ENTERPRISE_NAME} if enterprise_id else None,
        "is_enterprise_install": org_install,
        "api_app_id": APP_ID,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id},
    }


def channel_name(channel: Channel) -> str:
    """The name that payloads give a channel: private ones are not named."""
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)
