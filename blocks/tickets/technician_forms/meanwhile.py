"""The open form of a technician that says what others did since it was opened, and may be sent once more."""

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.notices import view_fields, with_alert
from blocks.kit.text import bold, cut, quote, rich
from blocks.kit.values import Payload
from blocks.kit.view_state import dump_view_state, load_view_state
from models.errors import ActedMeanwhile, Done
from models.lifecycle import Action

SHOWN_MAX = 3
TEXT_MAX = 500


def done_lines(_: Translator, error: ActedMeanwhile) -> str:
    """The newest of what others did: "Réponse de Camille Bernard"."""
    return _label(_, error.done[0])


def asked_again(_: Translator, view: Payload, words: str, error: ActedMeanwhile) -> View:
    """The form with an alert, and what others did and wrote below it; its inputs keep what they hold.

    Sent once more, it names the newest of these events as seen."""
    shown = error.done[:SHOWN_MAX]
    is_all_said = len(shown) == 1 and not shown[0].text  # the alert names the newest
    told = [] if is_all_said else [block for each in shown for block in _told(_, each)]
    for index, block in enumerate(told):
        block.block_id = f"{ids.ACTED}:{index}"
    alert, *others = with_alert(view, words).to_dict()["blocks"]
    gone = (f"{ids.ACTED}:", *([ids.TAKES] if _is_taken(error) else []))
    others = [each for each in others if not each["block_id"].startswith(gone)]
    fields = {**load_view_state(view), "event": error.event}
    metadata = {"private_metadata": dump_view_state(fields)}
    blocks = [alert, *(each.to_dict() for each in told), *others]
    return View(blocks=blocks[:100], **view_fields(view) | metadata)


def _is_taken(error: ActedMeanwhile) -> bool:
    """Whether somebody has taken the ticket since, so that the box that takes it says what is not so."""
    return any(each.action in {Action.TAKE, Action.ASSIGN} for each in error.done)


def _told(_: Translator, done: Done) -> list[Block]:
    return [rich([bold(_label(_, done))]), *quote(cut(done.text, TEXT_MAX))]


def _label(_: Translator, done: Done) -> str:
    return labels.done_by(_, done.action, done.actor, done.details)
