"""New members, and changes of their accounts."""

from dataclasses import fields

from playground.client.refusal import Refused
from playground.state.fixture import add_person
from playground.state.people import user_payload
from playground.state.slack import Slack
from playground.state.workspace import Json, Person

_FIXED = ("id", "bot_id")  # fields that cannot be changed
_CHANGEABLE = {one.name for one in fields(Person)} - {*_FIXED}


def new_person(slack: Slack, description: Json) -> Person:
    """Add a member to the workspace (reference/events/team_join)."""
    _check(description, also=_FIXED)
    if slack.workspace.person(str(description.get("name", ""))) is not None:
        raise Refused("name_taken", f"{description['name']!r} already exists")
    try:
        person = add_person(slack.workspace, {"real_name": description["name"], "email": ""} | description)
    except (KeyError, TypeError) as error:
        raise Refused("bad_request", f"a person needs a name: {error!r}") from error
    if person.hidden:
        slack.workspace.altered.add(person.id)
    _emit(slack, "team_join", person)
    return person


def change_person(slack: Slack, person: Person, changes: Json) -> None:
    """Change the fields of a user (reference/events/user_change).

    Assumption: a deactivated account stays a member of its channels.
    """
    _check(changes)
    for name, value in changes.items():
        setattr(person, name, value)
    slack.workspace.altered.add(person.id)
    _emit(slack, "user_change", person)


def _check(description: Json, also: tuple[str, ...] = ()) -> None:
    unknown = description.keys() - _CHANGEABLE - set(also)
    if unknown:
        raise Refused("bad_request", f"a person has no {', '.join(sorted(unknown))}")


def _emit(slack: Slack, kind: str, person: Person) -> None:
    now = slack.workspace.clock.next_ts()
    user = user_payload(slack, person, with_locale=True)
    slack.delivery.emit({"type": kind, "user": user, "cache_ts": int(float(now)), "event_ts": now})
    slack.workspace.changed()
