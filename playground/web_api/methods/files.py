"""files.*"""

import mimetypes
from collections.abc import Sequence
from functools import partial

from playground.errors import ApiError
from playground.state.conversation.changes import delete_message
from playground.state.conversation.channels import posting_refusal
from playground.state.conversation.messages import post_message
from playground.state.files import app_may_read, delete_file, file_payload, share
from playground.state.workspace import BOT_USER_ID, Channel, File, Json, new_id
from playground.web_api.call import ApiCall
from playground.web_api.content import read_content
from playground.web_api.registry import method

MAX_SNIPPET = 1_000_000  # bytes


@method("files.info", "files:read")
def files_info(call: ApiCall) -> Json:
    """One file."""
    file = call.slack.workspace.files.get(call.text("file") or "")
    if file is not None and not file.complete:
        # The app's own upload that is not completed, as after a crash.
        call.slack.workspace.altered.add(file.id)
    if file is None or not file.complete or not app_may_read(call.slack, file):
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    return {"file": file_payload(call.slack, file)}


@method("files.delete", "files:write")
def files_delete(call: ApiCall) -> Json:
    """Delete one of the app's own files, and its messages."""
    file = call.slack.workspace.files.get(call.text("file") or "")
    if file is None or not file.complete:
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    if file.user != BOT_USER_ID:
        raise ApiError("cant_delete_file")
    delete_file(call.slack, file)
    file.content = b""
    for channel_id in file.shared_in:
        shares = call.slack.workspace.channels[channel_id].messages.values()
        for message in [each for each in shares if file.id in each.files]:
            message.files.remove(file.id)
            if not (message.files or message.text or message.blocks):
                delete_message(call.slack, message)
    call.slack.workspace.changed()
    return {}


@method("files.getUploadURLExternal", "files:write")
def files_get_upload_url_external(call: ApiCall) -> Json:
    """First step of an upload: the URL for the content."""
    name = call.required("filename")
    length = call.text("length") or "0"
    if not length.isdecimal() or int(length) == 0:
        raise ApiError("missing_argument")
    if call.text("snippet_type") and int(length) > MAX_SNIPPET:
        raise ApiError("snippet_too_large")
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    now = int(call.slack.workspace.clock.now())
    file = File(new_id("F"), BOT_USER_ID, name, guessed, b"", now, complete=False)
    call.slack.workspace.files[file.id] = file
    address = f"{call.slack.base_url}/files/upload/{file.id}-{file.token}"
    return {"upload_url": address, "file_id": file.id}


@method("files.completeUploadExternal", "files:write")
def files_complete_upload_external(call: ApiCall) -> Json:
    """Last step of an upload: complete the files and, with a `channel_id`, share them in a message.

    Slack shares them asynchronously, after a scan: the message may come after the answer.
    """
    asked = call.arguments.get("files")
    if not isinstance(asked, list) or not asked or not all(isinstance(item, dict) for item in asked):
        raise ApiError("invalid_arguments", messages=["[ERROR] missing required field: files"])
    files = [_uploaded(call, str(item.get("id"))) for item in asked]
    channel = call.joined_channel("channel_id") if call.text("channel_id") else None
    thread_ts = call.thread(channel) if channel is not None else None
    if channel is not None and posting_refusal(channel, thread_ts):
        raise ApiError("posting_to_channel_denied")
    for file, item in zip(files, asked, strict=True):
        file.complete = True
        file.title = item.get("title") or file.name
    if channel is not None:
        share(call.slack, partial(_post, call, channel, thread_ts, files, read_content(call).blocks))
    return {"files": [file_payload(call.slack, file) for file in files]}


def _post(
    call: ApiCall, channel: Channel, thread_ts: str | None, files: Sequence[File], blocks: Sequence[Json]
) -> None:
    """Post the message of shared files; without the files deleted meanwhile."""
    left = [file.id for file in files if not file.deleted]
    text = call.text("initial_comment") or ""
    if left:
        post_message(call.slack, channel, BOT_USER_ID, text, blocks, thread_ts=thread_ts, files=left)


def _uploaded(call: ApiCall, file_id: str) -> File:
    """An uploaded file that is not completed yet."""
    file = call.slack.workspace.files.get(file_id)
    if file is None or file.complete or not file.content:
        raise ApiError("file_not_found")
    return file
