"""The forms of replies and notes."""

from uuid import uuid4

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.kit.values import Payload
from blocks.tickets import comments as forms
from blocks.tickets.state import DetailState
from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.actions import check
from models.lifecycle import Action, Role
from models.tickets.transitions import possible


def reply_form(uow: UnitOfWork, number: int, detail: DetailState | None) -> View:
    """The form of a reply, when the actor may write one now; raises as `check` does."""
    ticket = check(uow, number, Action.REPLY)
    return forms.reply_form(
        translator(uow.actor.locale),
        ticket,
        phrases=ticket.team.phrases,
        may_wait=Action.ASK in possible(ticket, {Role.TECHNICIAN}),
        submission=str(uuid4()),
        detail=detail,
    )


def with_phrase(uow: UnitOfWork, number: int, view: Payload, index: int) -> View:
    """The open reply with a ready-made phrase of the ticket's team after its text."""
    phrases = check(uow, number, Action.REPLY).team.phrases
    return forms.with_phrase(translator(uow.actor.locale), view, phrases, index)


def note_form(uow: UnitOfWork, number: int, detail: DetailState | None) -> View:
    """The form of a note, when the actor may write one now; raises as `check` does."""
    ticket = check(uow, number, Action.NOTE)
    return forms.note_form(translator(uow.actor.locale), ticket, submission=str(uuid4()), detail=detail)
