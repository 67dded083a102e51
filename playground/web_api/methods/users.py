"""users.* and usergroups.*"""

from playground.errors import ApiError
from playground.state.people import custom_fields, profile_payload, user_payload
from playground.state.workspace import Json, Person
from playground.web_api.call import ApiCall
from playground.web_api.paging import page
from playground.web_api.registry import method


@method("users.info", "users:read")
def users_info(call: ApiCall) -> Json:
    """One person."""
    person = call.person()
    if person.hidden:
        raise ApiError("user_not_visible")
    return {"user": _payload(call, person)}


@method("users.list", "users:read")
def users_list(call: ApiCall) -> Json:
    """The members of the workspace, with the app, Slackbot and deactivated accounts."""
    people = [p for p in call.slack.workspace.people.values() if p.is_colleague and not p.hidden]
    shown, more = page(call, people, lambda person: person.id, default=len(people) or 1)
    return {"members": [_payload(call, person) for person in shown], **more}


@method("users.lookupByEmail", "users:read.email")
def users_lookup_by_email(call: ApiCall) -> Json:
    """The member with this e-mail address."""
    email = (call.text("email") or "").lower()
    for person in call.slack.workspace.people.values():
        if person.email.lower() == email != "" and person.is_colleague and not person.deleted:
            return {"user": _payload(call, person)}
    raise ApiError("users_not_found")


@method("users.profile.get", "users.profile:read")
def users_profile_get(call: ApiCall) -> Json:
    """A person's profile."""
    person = call.person()
    return {"profile": profile_payload(call.slack, person) | {"fields": custom_fields(call.slack, person)}}


@method("usergroups.users.list", "usergroups:read")
def usergroups_users_list(call: ApiCall) -> Json:
    """The ids of a user group's members.

    Assumption: a disabled group is not found unless `include_disabled` is given.
    """
    group = call.slack.workspace.usergroups.get(call.required("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": list(group.members)}


def _payload(call: ApiCall, person: Person) -> Json:
    return user_payload(call.slack, person, call.flag("include_locale"))
