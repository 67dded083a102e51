"""The forms of replies and notes."""

from typing import Any
from uuid import uuid4

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.kit.view_state import Place
from blocks.tickets import comments as forms
from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.actions import check
from models.lifecycle import Action, Role
from models.tickets.transitions import possible


def reply_form(uow: UnitOfWork, number: int, origin: Place | None) -> View:
    """The form of a reply, when the actor may write one now; raises as `check` does."""
    ticket = check(uow, number, Action.REPLY)
    return forms.reply_form(
        translator(uow.actor.locale),
        ticket,
        phrases=ticket.team.phrases,
        may_wait=Action.ASK in possible(ticket, {Role.TECHNICIAN}),
        submission=str(uuid4()),
        place=origin,
    )


def with_phrase(uow: UnitOfWork, number: int, view: dict[str, Any], index: int) -> View:
    """The open reply with a ready-made phrase of the ticket's team after what was typed."""
    phrases = check(uow, number, Action.REPLY).team.phrases
    return forms.with_phrase(translator(uow.actor.locale), view, phrases, index)


def note_form(uow: UnitOfWork, number: int, origin: Place | None) -> View:
    """The form of a note, when the actor may write one now; raises as `check` does."""
    ticket = check(uow, number, Action.NOTE)
    return forms.note_form(translator(uow.actor.locale), ticket, submission=str(uuid4()), place=origin)
