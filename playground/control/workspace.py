"""What administrators do: people, channels, user groups, the Enterprise Grid."""

from playground import happenings
from playground.client import Refused
from playground.control.request import Wish, control
from playground.state.conversation.channel_payloads import channel_payload
from playground.state.fixture import add_channel, add_usergroup
from playground.state.people import user_payload
from playground.state.workspace import Json

MOST_CHANNELS = 20_000


@control("person")
async def person(wish: Wish) -> Json:
    """Change somebody: the fields of `Person`, such as `real_name`, `email`, `tz`, `deleted`, `teams`."""
    happenings.change_person(wish.slack, wish.member, wish.changes("user"))
    return {"user": user_payload(wish.slack, wish.member, with_locale=True)}


@control("new_person")
async def new_person(wish: Wish) -> Json:
    """Somebody joins: `name`, and any other field of `Person`."""
    joined = happenings.new_person(wish.slack, wish.fields)
    return {"user": user_payload(wish.slack, joined, with_locale=True)}


@control("channel")
async def channel(wish: Wish) -> Json:
    """Change a channel: `name`, `private`, `archived`, `shared`, `posting`, `topic`; `new_id` moves it."""
    place = wish.place
    happenings.change_channel(wish.slack, place, wish.changes("channel", "new_id"))
    if wish.fields.get("new_id"):
        happenings.move_channel(wish.slack, place)
    return {"channel": channel_payload(wish.slack, place)}


@control("new_channel")
async def new_channel(wish: Wish) -> Json:
    """A channel is made, as in a workspace's file; with `count` so many, called name-1, name-2, …"""
    count = int(wish.number("count", 0))
    if not 0 <= count <= MOST_CHANNELS:
        raise Refused("bad_request", f"count is at most {MOST_CHANNELS}")
    given = {"members": [], "app": False} | wish.changes("count")
    names = [f"{wish.text('name')}-{n}" for n in range(1, count + 1)] or [wish.text("name")]
    try:
        made = [add_channel(wish.slack.workspace, given | {"name": name}) for name in names]
    except ValueError as error:
        raise Refused("user_not_found", str(error)) from error
    wish.slack.workspace.changed()
    return {"channel": channel_payload(wish.slack, made[-1]), "count": len(made)}


@control("stale_dm")
async def stale_dm(wish: Wish) -> Json:
    """The app's direct message with `user` gets another id: the old one is refused for ever."""
    old = wish.slack.workspace.direct_message(wish.member.id).id
    happenings.renew_direct_message(wish.slack, wish.member)
    return {"old": old}


@control("usergroup")
async def usergroup(wish: Wish) -> Json:
    """A user group is made: `handle`, and `name`, `members`."""
    wish.text("handle")
    try:
        group = add_usergroup(wish.slack.workspace, wish.fields)
    except ValueError as error:
        raise Refused("user_not_found", str(error)) from error
    return {"usergroup": {"id": group.id, "handle": group.handle}}


@control("grid")
async def grid(wish: Wish) -> Json:
    """Make the workspace part of a Grid (`enterprise_id`), the app installed for all (`org_install`)."""
    workspace = wish.slack.workspace
    workspace.enterprise_id = wish.maybe("enterprise_id")
    workspace.org_install = bool(wish.fields.get("org_install"))
    if workspace.org_install and workspace.enterprise_id is None:
        raise Refused("bad_request", "an organisation's app needs its enterprise_id")
    return {}
