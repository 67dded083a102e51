"""Slash commands, shortcuts and the App Home."""

from playground.client.actions import send, toast
from playground.client.payloads import (
    ENTERPRISE_NAME,
    TEAM_DOMAIN,
    channel_name,
    interaction,
    new_response_url,
    new_trigger,
)
from playground.client.refusal import Refused
from playground.client.surfaces import visible_channel, visible_message
from playground.client.writing import escape, slack_text
from playground.delivery import Acknowledgement
from playground.manifest import Command
from playground.state.conversation.message_payloads import message_payload
from playground.state.response_urls import post_reply
from playground.state.slack import Slack
from playground.state.views import view_payload
from playground.state.workspace import APP_ID, TEAM_ID, Channel, Json, Person, ResponseUrl


async def run_command(
    slack: Slack, person: Person, channel_id: str | None, command: str, text: str
) -> Acknowledgement:
    """Send a slash command from a channel, the direct message with the app by default; show its reply."""
    _must_be_colleague(person)
    declared = slack.manifest.commands.get(command, Command(command))
    if not slack.manifest.has_command(command):
        toast(slack, person, f"{command} is not a valid command.")
        raise Refused(
            "unknown_command", f"the manifest declares {', '.join(slack.manifest.commands) or 'none'}"
        )
    channel = _channel(slack, person, channel_id)
    text = text.strip()
    payload: Json = {
        "token": "playground",
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": slack_text(slack.workspace, text) if declared.should_escape else escape(text),
        "api_app_id": APP_ID,
        **_organisation(slack),
        "response_url": new_response_url(slack, "commands", person, channel),
        "trigger_id": new_trigger(slack, person),
    }
    answer = await slack.delivery.interact("slash_commands", payload)
    if answer.ok:
        _show_reply(slack, person, channel, answer.body)
    else:
        toast(slack, person, f"{command} failed with the error “{answer.error}”")
    return answer


async def run_shortcut(
    slack: Slack, person: Person, callback_id: str, channel_id: str | None = None, ts: str | None = None
) -> Acknowledgement:
    """Run a global shortcut, or a message shortcut on the message `ts` of a channel."""
    _must_be_colleague(person)
    kind = "message" if ts else "global"
    if not slack.manifest.has_shortcut(callback_id, kind):
        raise Refused("unknown_shortcut", f"the manifest declares no {kind} shortcut {callback_id!r}")
    payload = interaction("message_action" if ts else "shortcut", person, slack)
    payload |= {"callback_id": callback_id, "action_ts": slack.workspace.clock.next_ts()}
    if ts:
        channel = visible_channel(slack, person, channel_id or "")
        message = visible_message(slack, person, channel.id, ts)
        if message.ephemeral_for:
            raise Refused("not_visible", "an ephemeral message has no shortcuts")
        payload |= {
            "channel": {"id": channel.id, "name": channel_name(channel)},
            "message_ts": ts,
            "message": message_payload(slack, message),
            "response_url": new_response_url(slack, "app", person, channel, message),
        }
    payload["trigger_id"] = new_trigger(slack, person)
    return await send(slack, person, payload)


async def open_home(slack: Slack, person: Person) -> None:
    """Open the app's page: its Home tab, or its messages when it has none."""
    _must_be_colleague(person)
    home_tab = slack.manifest.home_tab
    event: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": slack.workspace.direct_message(person.id).id,
        "tab": "home" if home_tab else "messages",
        "event_ts": slack.workspace.clock.next_ts(),
    }
    published = slack.workspace.homes.get(person.id)
    if home_tab and published:
        event["view"] = view_payload(slack, slack.workspace.views[published])
    slack.delivery.emit(event)


def _organisation(slack: Slack) -> Json:
    """The fields of a command about the Enterprise Grid, in a form's encoding."""
    enterprise_id = slack.workspace.enterprise_id
    named = {"enterprise_id": enterprise_id, "enterprise_name": ENTERPRISE_NAME} if enterprise_id else {}
    return {"is_enterprise_install": str(slack.workspace.org_install).lower(), **named}


def _must_be_colleague(person: Person) -> None:
    """A person of another workspace meets the app in shared channels only, where they can use its buttons."""
    if not person.is_colleague:
        raise Refused("app_not_installed", f"the app is not in the workspace of {person.name}")


def _channel(slack: Slack, person: Person, channel_id: str | None) -> Channel:
    if channel_id is None:
        return slack.workspace.direct_message(person.id)
    return visible_channel(slack, person, channel_id)


def _show_reply(slack: Slack, person: Person, channel: Channel, body: Json | str | None) -> None:
    """Show the text or message in a command's acknowledgement, as an answer to its `response_url`."""
    if body:
        address = ResponseUrl("", person.id, channel.id, slack.workspace.clock.now())
        post_reply(slack, address, {"text": body} if isinstance(body, str) else body)
