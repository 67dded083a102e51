"""Updates of an outage: the form, the message for followers, the reminder of the next one; the review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import N_, Translator
from blocks.kit.inputs import FormHead, field, form_view, long_text, text_of
from blocks.kit.selects import select
from blocks.kit.text import (
    cut,
    date_time,
    escape,
    header,
    labelled,
    note,
    option,
    plain,
    quote,
    rich,
    user_text,
)
from blocks.kit.values import Payload, read_number
from blocks.kit.view_state import load_view_state
from blocks.outages.state import OutageState
from models.errors import StalePayload
from models.tickets.outage import Outage, OutageEvent

TEXT_SHOWN = 300  # of an update, on a card or a Home
NEXT = {"0": N_("Not set"), "15": N_("In 15 minutes"), "30": N_("In 30 minutes"), "60": N_("In an hour")}
NEXT |= {"120": N_("In 2 hours"), "240": N_("In 4 hours")}
PUT_OFF = {"15": N_("15 min more"), "30": N_("30 min more"), "60": N_("60 min more")}


@dataclass(frozen=True)
class OutageUpdate:
    """A filled form of an update."""

    outage_id: int
    text: str
    minutes: int | None
    """Until the next one; `None`: no time is given."""
    submission: str = ""
    """A uuid made with the form."""


@dataclass(frozen=True)
class OutageReview:
    """A filled form of what happened."""

    outage_id: int
    lines: Sequence[str]


def update_form(_: Translator, outage: Outage, concerned: int, submission: str) -> View:
    """The form that tells its followers how it goes. `submission`: a uuid made with it."""
    readers = _.plural(
        "{count} person is following this outage.", "{count} people are following this outage.", concerned
    )
    menu = select(_, [option(_(label), value) for value, label in NEXT.items()], "60")
    head = FormHead(ids.UPDATE_OUTAGE_FORM, title=_("Send an update"), submit=_("Send"))
    blocks = [
        note(outage.title),
        long_text(ids.REASON, _("How it is going"), hint=readers, focus=True),
        field(ids.NEXT_UPDATE, _("Next update"), menu, hint=_("You are reminded of it.")),
    ]
    return form_view(_, head, blocks, OutageState(submission, outage.id).dump())


def read_update(view: Payload) -> OutageUpdate:
    """What the form says. Raises `StalePayload`, `FieldRefused`."""
    minutes = read_number(text_of(view, ids.NEXT_UPDATE) or "0")
    state = OutageState.load(load_view_state(view))
    return OutageUpdate(_outage_of(view), text_of(view, ids.REASON), minutes or None, state.submission)


def sent_text(_: Translator, people: int) -> str:
    """The message for who sent an update."""
    if not people:
        return _("The update is on everybody’s Home and on the outage’s card. No messages are sent.")
    return _.plural(
        "The update is being sent to {count} person.", "The update is being sent to {count} people.", people
    )


def update_message(_: Translator, outage: Outage, event: OutageEvent) -> list[Block]:
    """An update, for a follower."""
    return [
        note(_("News of the outage")),
        header(outage.title),
        *user_text(event.text or ""),
        _next(_, event.details.next_update),
    ]


def update_text(_: Translator, outage: Outage, event: OutageEvent) -> str:
    """The text of the message, for notifications and screen readers."""
    return escape(
        _("News of the outage “{title}”: {text}", title=outage.title, text=cut(event.text or "", 500))
    )


def due_message(_: Translator, outage: Outage) -> list[Block]:
    """Reminds who wrote the last update of the next one, with buttons that put it off."""
    value = str(outage.id)
    buttons = [
        ButtonElement(
            text=plain(_("Send an update")), action_id=ids.UPDATE_OUTAGE, value=value, style="primary"
        )
    ]
    buttons += [
        ButtonElement(text=plain(_(label)), action_id=f"{ids.PUT_OFF_UPDATE}.{minutes}", value=value)
        for minutes, label in PUT_OFF.items()
    ]
    return [note(_due(_)), header(outage.title), ActionsBlock(elements=buttons)]


def due_text(_: Translator, outage: Outage) -> str:
    """The text of the reminder."""
    return escape(f"{_due(_)} · {outage.title}")


def put_off_text(_: Translator, at: datetime, time_zone: str) -> str:
    """What the reminder says once it was put off."""
    return _("The next update is now due at {at}. You will be reminded.", at=_.clock(at, time_zone))


def read_minutes(action_id: str) -> int:
    """The minutes in a button's id. Raises `StalePayload`."""
    minutes = action_id.rpartition(".")[2]
    if minutes not in PUT_OFF:
        raise StalePayload
    return int(minutes)


def last_update(_: Translator, outage: Outage) -> list[Block]:
    """What followers were told last, and when they are told more; nothing once it is over."""
    if outage.is_over or not outage.update_text or outage.updated_at is None:
        return []
    when = rich(labelled(_, _("Last update"), date_time(_, outage.updated_at)))
    return [when, *quote(cut(outage.update_text, TEXT_SHOWN)), _next(_, outage.next_update_at)]


def review_form(_: Translator, outage: Outage) -> View:
    """The form of what happened: three lines."""
    what, why, prevention = outage.review or ("", "", "")
    head = FormHead(ids.REVIEW_OUTAGE_FORM, title=_("What happened"), submit=_("Save"))
    blocks = [
        note(outage.title),
        long_text(ids.WHAT_HAPPENED, _("What went wrong"), initial=what, focus=True),
        long_text(ids.WHY_IT_HAPPENED, _("Why"), initial=why, optional=True),
        long_text(ids.PREVENTION, _("What is done about it"), initial=prevention, optional=True),
    ]
    return form_view(_, head, blocks, OutageState(outage_id=outage.id).dump())


def read_review(view: Payload) -> OutageReview:
    """What the form says. Raises `StalePayload`, `FieldRefused`."""
    inputs = (ids.WHAT_HAPPENED, ids.WHY_IT_HAPPENED, ids.PREVENTION)
    return OutageReview(_outage_of(view), [text_of(view, each) for each in inputs])


def review_button(_: Translator, outage: Outage) -> ButtonElement:
    """Opens the form of what happened, once it is over."""
    label = _("Edit what happened") if outage.review else _("What happened")
    return ButtonElement(text=plain(label), action_id=ids.REVIEW_OUTAGE, value=str(outage.id))


def review_lines(_: Translator, outage: Outage) -> list[Block]:
    """What happened, why, and what is done against it."""
    blocks: list[Block] = []
    labels = (_("What went wrong"), _("Why"), _("What is done about it"))
    for label, text in zip(labels, outage.review or (), strict=False):
        if text:
            blocks += [note(label), *quote(text)]
    return blocks


def _next(_: Translator, at: datetime | None) -> Block:
    if at is None:
        return note(_("No time is set for the next update."))
    return rich(labelled(_, _("Next update"), date_time(_, at)))


def _due(_: Translator) -> str:
    return _("The next update on this outage is due now.")


def _outage_of(view: Payload) -> int:
    state = OutageState.load(load_view_state(view))
    if state.outage_id is None:
        raise StalePayload
    return state.outage_id
