"""The content of a message in a call: text, blocks, attachments, metadata."""

from dataclasses import dataclass

from playground.block_kit import MOST_TEXT, ONE_TABLE, total_text
from playground.errors import ApiError
from playground.state.workspace import Json
from playground.web_api.call import ApiCall

MAX_ATTACHMENTS = 100
MAX_METADATA = 8_000  # bytes of JSON


@dataclass(frozen=True)
class Content:
    """The checked content of a message; None for missing arguments."""

    text: str
    blocks: list[Json]
    attachments: list[Json] | None
    metadata: Json | None


def read_content(call: ApiCall) -> Content:
    """Check the content in Slack's order, and raise its errors."""
    text = call.text("text") or ""
    blocks = _blocks(call)
    attachments = _attachments(call)
    markdown = call.text("markdown_text")
    if markdown is not None:
        if text or blocks:
            raise ApiError("markdown_text_conflict")
        blocks = [{"type": "markdown", "text": markdown}]
        _refuse_bad(call, blocks)
    cleared = call.arguments.get("blocks") == [] and call.method == "chat.update"
    if not (text or blocks or attachments or call.arguments.get("files") or cleared):
        raise ApiError("no_text")
    return Content(text, blocks, attachments, _metadata(call))


def _blocks(call: ApiCall) -> list[Json]:
    blocks = call.arguments.get("blocks")
    if blocks is None or blocks == "":
        return []
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    _refuse_bad(call, blocks)
    return blocks


def _refuse_bad(call: ApiCall, blocks: list[Json]) -> None:
    problems = call.slack.manifest.check_blocks(blocks)
    if problems:
        # Slack sends a table as an attachment, so a second one has an error of its own (table-block).
        tables_only = all(problem.message == ONE_TABLE for problem in problems)
        raise ApiError(
            "invalid_attachments" if tables_only else "invalid_blocks",
            errors=[str(problem) for problem in problems],
            messages=[f"[ERROR] {problem}" for problem in problems],
        )
    if total_text(blocks) > MOST_TEXT:
        raise ApiError("msg_blocks_too_long")


def _attachments(call: ApiCall) -> list[Json] | None:
    attachments = call.arguments.get("attachments")
    if attachments is None or attachments == "":
        return None
    if not isinstance(attachments, list) or not all(isinstance(item, dict) for item in attachments):
        raise ApiError("invalid_attachments")
    if len(attachments) > MAX_ATTACHMENTS:
        raise ApiError("too_many_attachments")
    for attachment in attachments:
        _refuse_bad(call, attachment.get("blocks") or [])
    return attachments


def _metadata(call: ApiCall) -> Json | None:
    """An event, or `entities`; an empty object removes an earlier one."""
    metadata = call.arguments.get("metadata")
    if metadata is None or metadata == "":
        return None
    if metadata == {}:
        return {}
    if not isinstance(metadata, dict) or not (_is_event(metadata) or _are_entities(metadata.get("entities"))):
        raise ApiError("invalid_metadata_format")
    if len(str(metadata).encode()) > MAX_METADATA:
        raise ApiError("metadata_too_large")
    return metadata


def _is_event(metadata: Json) -> bool:
    return isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)


def _are_entities(entities: object) -> bool:
    """Work Objects, such as an incident (messaging/work-objects); their own fields are not checked."""
    return (
        isinstance(entities, list)
        and bool(entities)
        and all(isinstance(one, dict) and isinstance(one.get("entity_type"), str) for one in entities)
        and all(isinstance(one.get("entity_payload"), dict) for one in entities)
    )
