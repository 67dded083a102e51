"""users.*"""

from datetime import datetime
from zoneinfo import ZoneInfo

from playground.errors import ApiError
from playground.state.workspace import TEAM_ID, Json, Person
from playground.web_api.call import ApiCall
from playground.web_api.paging import page
from playground.web_api.registry import method


@method("users.info", "users:read")
def users_info(call: ApiCall) -> Json:
    """One person."""
    return {"user": user_payload(call, call.person())}


@method("users.list", "users:read")
def users_list(call: ApiCall) -> Json:
    """The members of the workspace, the app among them."""
    people = [p for p in call.slack.workspace.people.values() if p.team_id == TEAM_ID]
    shown, more = page(call, people, lambda person: person.id, default=len(people) or 1)
    return {"members": [user_payload(call, person) for person in shown], **more}


@method("users.lookupByEmail", "users:read.email")
def users_lookup_by_email(call: ApiCall) -> Json:
    """The member with this address."""
    email = (call.text("email") or "").lower()
    for person in call.slack.workspace.people.values():
        if person.email.lower() == email != "" and person.team_id == TEAM_ID and not person.deleted:
            return {"user": user_payload(call, person)}
    raise ApiError("users_not_found")


@method("users.profile.get", "users.profile:read")
def users_profile_get(call: ApiCall) -> Json:
    """What a person says of themselves."""
    return {"profile": _profile(call, call.person())}


def user_payload(call: ApiCall, person: Person) -> Json:
    """A user object; the language only when `include_locale` asks for it."""
    offset = datetime.now(ZoneInfo(person.tz)).utcoffset()
    payload: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "color": "4bbe2e",
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": _profile(call, person),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.restricted,
        "is_ultra_restricted": False,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
        "is_email_confirmed": not person.is_bot,
    }
    if person.team_id != TEAM_ID:
        payload["is_stranger"] = True
    if call.flag("include_locale"):
        payload["locale"] = person.locale
    return payload


def _profile(call: ApiCall, person: Person) -> Json:
    """A profile. The address needs its own scope, and a stranger's is theirs alone."""
    first, _, last = person.real_name.partition(" ")
    profile: Json = {
        "title": "",
        "phone": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "first_name": first,
        "last_name": last,
        "avatar_hash": "",
        "status_text": "",
        "status_emoji": "",
        "team": person.team_id,
    }
    if person.email and person.team_id == TEAM_ID and "users:read.email" in call.slack.manifest.bot_scopes:
        profile["email"] = person.email
    return profile
