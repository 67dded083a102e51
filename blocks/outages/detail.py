"""The history of an outage, for its team: what was done, told and noted."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import N_, Translator
from blocks.kit.text import bold, cut_words, date_time, header, note, plain, quote, rich, text_part
from models.tickets.outage import Outage, OutageAction, OutageEvent

EVENTS_MAX = 30  # two blocks each, and a view holds 100
TEXT_SHOWN = 1000
DONE: Mapping[OutageAction, str] = {
    OutageAction.DECLARE: N_("Declared by {name}"),
    OutageAction.AMEND: N_("Edited by {name}"),
    OutageAction.RESOLVE: N_("Resolved by {name}"),
    OutageAction.UPDATE: N_("Update from {name}"),
    OutageAction.NOTE: N_("Note from {name}"),
    OutageAction.REVIEW: N_("What happened, by {name}"),
}


def outage_detail(_: Translator, outage: Outage, events: Sequence[OutageEvent]) -> View:
    """The newest events first."""
    blocks: list[Block] = [header(outage.title)]
    for event in events[:EVENTS_MAX]:
        done = bold(_(DONE[event.action], name=event.actor.name))
        blocks.append(rich([done, text_part(" · "), date_time(_, event.at)]))
        if event.deleted_at:
            blocks.append(note(_("This message was deleted.")))
        elif event.text:
            blocks += quote(cut_words(event.text, TEXT_SHOWN))
    if len(events) > EVENTS_MAX:
        blocks.append(note("…"))
    return View(type="modal", title=plain(_("Outage history")), close=plain(_("Close")), blocks=blocks)


def history_button(_: Translator, outage: Outage) -> ButtonElement:
    """Opens the history."""
    return ButtonElement(text=plain(_("View history")), action_id=ids.OUTAGE_HISTORY, value=str(outage.id))
