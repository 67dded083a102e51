"""The forms of replies and notes."""

from uuid import uuid4

from slack_sdk.models.views import View

from blocks import ids
from blocks.articles.insertion import ArticleChoice
from blocks.i18n import translator
from blocks.kit.values import Payload
from blocks.tickets import insertion
from blocks.tickets.conversation import comments as forms
from blocks.tickets.insertion import Offers
from blocks.tickets.resolution import solution_field
from blocks.tickets.state import DetailState
from bot.context.unit_of_work import UnitOfWork
from bot.services.articles import for_ticket
from bot.services.tickets.actions import check
from bot.services.tickets.comments.reply_hint import note_to_send
from models.lifecycle import Action, Role
from models.tickets.transitions import possible


def reply_form(uow: UnitOfWork, number: int, detail: DetailState | None, text: str = "") -> View:
    """The form of a reply, when the actor may write one now; raises as `check` does.

    `text`: its beginning."""
    ticket = check(uow, number, Action.REPLY)
    return forms.reply_form(
        translator(uow.actor.locale),
        ticket,
        offers=Offers(ticket.team.phrases, ArticleChoice(*for_ticket(uow.session, ticket))),
        may_wait=Action.ASK in possible(ticket, {Role.TECHNICIAN}),
        submission=str(uuid4()),
        detail=detail,
        text=text,
    )


def reply_with_note(uow: UnitOfWork, number: int, note_id: int) -> View:
    """The form of a reply that begins with a note of the ticket. Raises as `note_to_send` does."""
    return reply_form(uow, number, None, note_to_send(uow, number, note_id).text)


def with_phrase(uow: UnitOfWork, number: int, view: Payload, index: int) -> View:
    """The open reply or solution with a ready-made phrase of the ticket's team after its text, in the
    requester's language."""
    is_reply, _ = view["callback_id"] == ids.REPLY_FORM, translator(uow.actor.locale)
    ticket = check(uow, number, Action.REPLY if is_reply else Action.RESOLVE)
    phrases, theirs = ticket.team.phrases, translator(ticket.requester.locale)
    phrase = phrases[index].text.in_(theirs.locale) if 0 <= index < len(phrases) else ""
    return insertion.with_phrase(view, forms.reply_field(_) if is_reply else solution_field(_), phrase)


def note_form(uow: UnitOfWork, number: int, detail: DetailState | None) -> View:
    """The form of a note, when the actor may write one now; raises as `check` does."""
    ticket = check(uow, number, Action.NOTE)
    return forms.note_form(translator(uow.actor.locale), ticket, submission=str(uuid4()), detail=detail)
