"""The forms in which a requester adds to a ticket of theirs, or edits it."""

from uuid import uuid4

from slack_sdk.models.views import View

from blocks.approvals.progress import asked_again_note
from blocks.i18n import translator
from blocks.tickets.requester import answer as answers
from blocks.tickets.requester import edit as edits
from blocks.tickets.state import DetailState
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from bot.services.approvals.rows import approvals_of
from bot.services.tickets.actions import check
from bot.services.tickets.comments.replies import check_answer
from bot.services.tickets.history import questions
from models.lifecycle import Action


def answer_form(uow: UnitOfWork, number: int, detail: DetailState | None) -> View:
    """The form of a reply or of more details. Raises `TicketNotFound`, `RoleRefused`."""
    return answers.answer_form(
        translator(uow.actor.locale),
        check_answer(uow, number),
        question=questions(uow.session, [number]).get(number, ""),
        submission=str(uuid4()),
        detail=detail,
    )


def edit_form(uow: UnitOfWork, number: int, detail: DetailState | None) -> View:
    """The form that edits a ticket, while nobody has taken it; raises as `check` does."""
    _ = translator(uow.actor.locale)
    return edits.edit_form(
        _,
        check(uow, number, Action.EDIT),
        sites=catalogue.sites(uow.session),
        needs_description=uow.settings.description_required,
        detail=detail,
        notes=asked_again_note(_, approvals_of(uow.session, number)),
    )
