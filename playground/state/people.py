"""People as the app sees them (reference/objects/user-object)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from playground.state.workspace import SLACKBOT, TEAM_ID, Json, Person

if TYPE_CHECKING:
    from playground.state.slack import Slack

IMAGE_SIZES = (24, 32, 48, 72, 192, 512)
# The id of the custom field that holds a person's manager.
MANAGER_FIELD = "Xf0MANAGER"
# Fields that deactivated accounts do not have (recorded).
_LOST_WITH_THE_ACCOUNT = ("color", "tz", "tz_label", "tz_offset", "real_name")


def slackbot() -> Person:
    """Slack's own account, which is in every workspace, with `is_bot` false."""
    return Person(SLACKBOT, "slackbot", "Slackbot", "", locale="en-US", tz="America/Los_Angeles")


def user_payload(slack: Slack, person: Person, with_locale: bool = False) -> Json:
    """A user object; `locale` only when asked for."""
    payload: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "color": "4bbe2e",
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": _offset(person.tz),
        "profile": profile_payload(slack, person),
        **_kind(person),
        "updated": 0,
        "is_email_confirmed": not person.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }
    if person.team_id != TEAM_ID and not person.is_colleague:
        payload["is_stranger"] = True
    if slack.workspace.enterprise_id is not None:
        payload["enterprise_user"] = _enterprise_user(slack.workspace.enterprise_id, person)
    if with_locale:
        payload["locale"] = person.locale
    lost = _LOST_WITH_THE_ACCOUNT if person.deleted else ()
    return {key: value for key, value in payload.items() if key not in (*lost, *person.without)}


def profile_payload(slack: Slack, person: Person) -> Json:
    """A profile. The e-mail address needs a scope, and is missing for people of other workspaces."""
    first, _, last = person.real_name.partition(" ")
    display = person.name if person.display_name is None else person.display_name
    picture = f"{slack.base_url}/page/static/icon.svg"
    profile: Json = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": display,
        "display_name_normalized": display,
        "fields": {},
        "first_name": first,
        "last_name": last,
        "avatar_hash": "",
        "status_text": "",
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "team": person.team_id,
        **{f"image_{size}": picture for size in IMAGE_SIZES},
    }
    if person.email and person.is_colleague and "users:read.email" in slack.manifest.bot_scopes:
        profile["email"] = person.email
    if person.is_bot:
        profile |= {"bot_id": person.bot_id, "api_app_id": "", "always_active": True}
    return {key: value for key, value in profile.items() if f"profile.{key}" not in person.without}


def custom_fields(slack: Slack, person: Person) -> Json:
    """The custom fields of a profile, as `users.profile.get` has them (user objects have none here)."""
    manager = slack.workspace.person(person.manager) if person.manager else None
    return {MANAGER_FIELD: {"value": manager.id, "alt": ""}} if manager else {}


def _kind(person: Person) -> Json:
    """The fields for the kind of account."""
    return {
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.restricted,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        **({"is_workflow_bot": True} if person.is_workflow_bot else {}),
    }


def _enterprise_user(enterprise_id: str, person: Person) -> Json:
    """An account of an Enterprise Grid: `teams` are the workspaces that it is a member of."""
    return {
        "id": person.id,
        "enterprise_id": enterprise_id,
        "enterprise_name": "Universités",
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "teams": person.teams or [person.team_id],
    }


def _offset(zone: str | None) -> int:
    """The current offset from UTC in seconds; 0 for an unknown time zone."""
    try:
        offset = datetime.now(ZoneInfo(zone or "UTC")).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return 0
    return int(offset.total_seconds()) if offset else 0
