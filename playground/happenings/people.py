"""People come, go, and change."""

from dataclasses import fields

from playground.client.refusal import Refused
from playground.state.fixture import add_person
from playground.state.people import user_payload
from playground.state.slack import Slack
from playground.state.workspace import Json, Person

_FIXED = ("id", "bot_id")  # what no administrator can change
_CHANGEABLE = {one.name for one in fields(Person)} - {*_FIXED}


def new_person(slack: Slack, description: Json) -> Person:
    """Somebody joins the workspace (reference/events/team_join)."""
    _check(description, also=_FIXED)
    if slack.workspace.person(str(description.get("name", ""))) is not None:
        raise Refused("name_taken", f"{description['name']!r} is there already")
    try:
        person = add_person(slack.workspace, {"real_name": description["name"], "email": ""} | description)
    except (KeyError, TypeError) as error:
        raise Refused("bad_request", f"a person has a name, …: {error!r}") from error
    if person.hidden:
        slack.workspace.upset.add(person.id)
    _tell(slack, "team_join", person)
    return person


def change_person(slack: Slack, person: Person, changes: Json) -> None:
    """Change what a user object says of somebody (reference/events/user_change).

    That somebody deactivated stays a member of their channels is an assumption.
    """
    _check(changes)
    for name, value in changes.items():
        setattr(person, name, value)
    slack.workspace.upset.add(person.id)
    _tell(slack, "user_change", person)


def _check(description: Json, also: tuple[str, ...] = ()) -> None:
    unknown = description.keys() - _CHANGEABLE - set(also)
    if unknown:
        raise Refused("bad_request", f"a person has no {', '.join(sorted(unknown))}")


def _tell(slack: Slack, kind: str, person: Person) -> None:
    now = slack.workspace.clock.next_ts()
    user = user_payload(slack, person, with_locale=True)
    slack.delivery.emit({"type": kind, "user": user, "cache_ts": int(float(now)), "event_ts": now})
    slack.workspace.changed()
