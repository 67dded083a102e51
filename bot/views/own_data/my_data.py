"""*My data*: the notice, and whether one's data was asked for."""

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.own_data.notice import Notice
from blocks.own_data.view import own_data_view
from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.services.own_data.asking import last_asked
from models.personal_data.asked import Asked


def own_data(uow: UnitOfWork, asked: Asked | None = None) -> View:
    """The modal. `asked`: what the actor was told just now; else what the record says."""
    known = asked or last_asked(uow, uow.actor.id)
    return own_data_view(translator(uow.actor.locale), notice_of(uow.settings), known)


def notice_of(settings: UseCaseSettings) -> Notice:
    """What the settings say of this organisation."""
    return Notice(
        controller=settings.privacy_controller,
        contact=settings.privacy_contact,
        url=settings.privacy_url,
        safeguards=settings.privacy_transfers,
        files_months=settings.retention_files_months,
        tickets_months=settings.retention_tickets_months,
        audit_months=settings.audit_months,
        needs_visa=settings.retention_visa_required,
    )
