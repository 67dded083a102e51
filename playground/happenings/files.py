"""Files that are not Slack's own, and files that the app sees no more."""

from playground.client.refusal import Refused
from playground.state.slack import Slack
from playground.state.workspace import File, Json, Person, new_id

ACCESS = ("hidden_by_limit", "access_denied", "check_file_info")


def upload_external(slack: Slack, person: Person, wish: Json) -> File:
    """A file kept elsewhere: `external` is its address there, `type` who keeps it ("gdrive")."""
    name = str(wish["name"])
    keeper = {"type": str(wish.get("type", "gdrive")), "url": str(wish["external"])}
    if "filetype" in wish:
        keeper["filetype"] = str(wish["filetype"])
    mimetype = str(wish.get("mimetype", "application/vnd.google-apps.document"))
    now = int(slack.workspace.clock.now())
    file = File(new_id("F"), person.id, name, mimetype, b"", now, title=name, external=keeper)
    slack.workspace.files[file.id] = file
    return file


def change_file(slack: Slack, file: File, changes: Json) -> None:
    """Change what the app sees of a file: `access`, `size` (null: not said), `name`, `url`, `deleted`."""
    for name, value in changes.items():
        match name:
            case "access" if value in ("", "visible", *ACCESS):
                file.access = "" if value == "visible" else str(value)
            case "size" if value is None or isinstance(value, int):
                file.size = value
            case "name":
                file.name = file.title = str(value)
            case "url":
                file.url = str(value)
            case "deleted":
                file.deleted = bool(value)
            case _:
                raise Refused(
                    "bad_request", f"a file cannot have {name} {value!r}; access is one of {ACCESS}"
                )
    slack.workspace.upset.add(file.id)
    slack.workspace.changed()
