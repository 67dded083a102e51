"""The announcement of an outage, for everybody in a channel: as it goes, and once it is over."""

from slack_sdk.models.blocks import Block

from blocks.i18n import Translator
from blocks.kit.text import escape, header, note, quote, rich
from blocks.outages.cards import outage_facts
from blocks.outages.updates import last_update, review_lines
from models.tickets.outage import KnownOutage, Outage


def announcement_message(_: Translator, known: KnownOutage, *, is_kept_back: bool = False) -> list[Block]:
    """The whole message. `is_kept_back`: a service has become confidential, and only the state is left."""
    outage = known.outage
    if is_kept_back:
        return [note(_state(_, outage))]
    blocks: list[Block] = [note(_state(_, outage)), header(outage.title), rich(*outage_facts(_, known))]
    if not outage.is_over:
        hint = _(
            "Are you affected? Press “I am affected too” on the Home tab of Guichet: there is no need to "
            "write."
        )
        return [*blocks, *last_update(_, outage), note(hint)]
    blocks += [note(_("Solution:")), *quote(outage.solution or "")]
    return [*blocks, *review_lines(_, outage)]


def announcement_text(_: Translator, outage: Outage, *, is_kept_back: bool = False) -> str:
    """The text of the message, for notifications and screen readers."""
    return escape(_state(_, outage) if is_kept_back else f"{_state(_, outage)} · {outage.title}")


def _state(_: Translator, outage: Outage) -> str:
    return "✅ " + _("Outage resolved") if outage.is_over else "⚠️ " + _("Outage in progress")
