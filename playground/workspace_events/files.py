"""External files, and changes of the app's access to files."""

from playground.client.refusal import Refused
from playground.state.files import delete_file
from playground.state.slack import Slack
from playground.state.workspace import File, Json, Person, new_id

ACCESS = ("hidden_by_limit", "access_denied", "check_file_info")


def upload_external(slack: Slack, person: Person, fields: Json) -> File:
    """A file outside Slack: `external` is its URL, `type` its provider ("gdrive")."""
    name = str(fields["name"])
    external_file = {"type": str(fields.get("type", "gdrive")), "url": str(fields["external"])}
    if "filetype" in fields:
        external_file["filetype"] = str(fields["filetype"])
    mimetype = str(fields.get("mimetype", "application/vnd.google-apps.document"))
    now = int(slack.workspace.clock.now())
    file = File(new_id("F"), person.id, name, mimetype, b"", now, title=name, external=external_file)
    slack.workspace.files[file.id] = file
    return file


def change_file(slack: Slack, file: File, changes: Json) -> None:
    """Change a file as the app sees it: `access`, `size` (null: unknown), `name`, `url`, `deleted`."""
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
                if file.deleted:
                    delete_file(slack, file)
            case _:
                raise Refused(
                    "bad_request", f"a file cannot have {name} {value!r}; access is one of {ACCESS}"
                )
    slack.workspace.altered.add(file.id)
    slack.workspace.changed()
