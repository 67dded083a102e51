"""What approvers see beside the requests that they decide on."""

from slack_sdk.models.views import View

from blocks.approvals.absence import absence_form
from blocks.i18n import translator
from bot.context.unit_of_work import UnitOfWork
from bot.services.approvers.absence import present_absence


def own_absence_form(uow: UnitOfWork) -> View:
    """The form of the actor's absence, with what is saved unless it is over."""
    person = uow.person
    return absence_form(translator(person.locale), present_absence(uow, person.id))
