"""What administrators do: people, channels, user groups, the Enterprise Grid."""

from playground import workspace_events
from playground.client import Refused
from playground.control.request import ControlRequest, control
from playground.state.conversation.channel_payloads import channel_payload
from playground.state.fixture import add_channel, add_usergroup
from playground.state.people import user_payload
from playground.state.workspace import Json

MAX_CHANNELS = 20_000


@control("person")
async def person(request: ControlRequest) -> Json:
    """Change a person: the fields of `Person`, such as `real_name`, `email`, `tz`, `deleted`, `teams`."""
    workspace_events.change_person(request.slack, request.member, request.changes("user"))
    return {"user": user_payload(request.slack, request.member, with_locale=True)}


@control("new_person")
async def new_person(request: ControlRequest) -> Json:
    """Add a person: `name`, and any other field of `Person`."""
    joined = workspace_events.new_person(request.slack, request.fields)
    return {"user": user_payload(request.slack, joined, with_locale=True)}


@control("channel")
async def channel(request: ControlRequest) -> Json:
    """Change a channel: `name`, `private`, `archived`, `shared`, `posting`, `topic`; `new_id` moves it."""
    channel = request.any_channel
    workspace_events.change_channel(request.slack, channel, request.changes("channel", "new_id"))
    if request.fields.get("new_id"):
        workspace_events.move_channel(request.slack, channel)
    return {"channel": channel_payload(request.slack, channel)}


@control("new_channel")
async def new_channel(request: ControlRequest) -> Json:
    """Create a channel, as in a workspace's file; with `count`, as many, named name-1, name-2, …"""
    count = int(request.number("count", 0))
    if not 0 <= count <= MAX_CHANNELS:
        raise Refused("bad_request", f"count is at most {MAX_CHANNELS}")
    given = {"members": [], "app": False} | request.changes("count")
    names = [f"{request.text('name')}-{n}" for n in range(1, count + 1)] or [request.text("name")]
    try:
        made = [add_channel(request.slack.workspace, given | {"name": name}) for name in names]
    except ValueError as error:
        raise Refused("user_not_found", str(error)) from error
    request.slack.workspace.changed()
    return {"channel": channel_payload(request.slack, made[-1]), "count": len(made)}


@control("stale_dm")
async def stale_dm(request: ControlRequest) -> Json:
    """Give the app's direct message with `user` another id; the old one is refused from then on."""
    old = request.slack.workspace.direct_message(request.member.id).id
    workspace_events.renew_direct_message(request.slack, request.member)
    return {"old": old}


@control("usergroup")
async def usergroup(request: ControlRequest) -> Json:
    """Create a user group, or replace it: `handle`, and `name`, `members`, `disabled`; or it is `deleted`."""
    workspace = request.slack.workspace
    request.text("handle")
    try:
        group = add_usergroup(workspace, request.fields)
    except ValueError as error:
        raise Refused("user_not_found", str(error)) from error
    workspace.altered.add(group.id)
    if request.fields.get("deleted"):
        del workspace.usergroups[group.id]
    return {"usergroup": {"id": group.id, "handle": group.handle}}


@control("grid")
async def grid(request: ControlRequest) -> Json:
    """Make the workspace part of a Grid (`enterprise_id`), the app installed for all (`org_install`)."""
    workspace = request.slack.workspace
    workspace.enterprise_id = request.maybe("enterprise_id")
    workspace.org_install = bool(request.fields.get("org_install"))
    if workspace.org_install and workspace.enterprise_id is None:
        raise Refused("bad_request", "an organisation's app needs its enterprise_id")
    return {}
