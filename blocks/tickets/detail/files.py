"""The files in a ticket's detail: a link to the reader's own copy, or a button that sends them one."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, ButtonElement, SectionBlock

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.files import shown_name
from blocks.kit.text import LABEL_MAX, cut, link, note, plain, rich, text_part
from blocks.tickets.card import NAME_MAX, file_line
from models.tickets.attachment import Attachment, AttachmentState

_FILES_MAX = 15
_SHORT = 40


def detail_files(_: Translator, files: Sequence[Attachment], copies: Mapping[int, str]) -> list[Block]:
    """A line a file, at most the newest. `copies`: by a file's id, where Slack shows the reader's copy."""
    lines = [_file(_, file, copies.get(file.id)) for file in files[-_FILES_MAX:]]
    return [note("📎 …"), *lines] if len(files) > _FILES_MAX else lines


def _file(_: Translator, file: Attachment, copy: str | None) -> Block:
    if file.state is AttachmentState.FAILED:
        return file_line(_, file)
    name = shown_name(_, file, NAME_MAX)
    if copy:
        return rich([text_part("📎 "), link(copy, name)])
    label = _("Send me {name} of No. {number}", name=shown_name(_, file, _SHORT), number=file.ticket_id)
    button = ButtonElement(
        text=plain(_("Send me this file")),
        action_id=ids.SEND_FILE,
        value=str(file.id),
        accessibility_label=cut(label, LABEL_MAX),
    )
    return SectionBlock(text=plain(f"📎 {name}"), accessory=button)
