"""The absence of somebody who is asked for agreements, and who decides for them."""

from datetime import date, timedelta

from sqlalchemy import delete

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.cards import refresh_home
from bot.services.approvals.asking import today_of
from bot.services.approvals.fitness import unfit_account
from bot.services.approvers.substitutes import ask_for_absent
from models.approvals.approval import Absence
from models.fields import Field, FieldReason, FieldRefused
from models.person import Person

KEPT_FOR = timedelta(days=2)  # after the last day, by when it is over in every time zone


def present_absence(uow: UnitOfWork, person_id: int) -> Absence | None:
    """Somebody's absence, unless it is over."""
    absence = uow.session.get(Absence, person_id)
    if absence is None or absence.last_day < today_of(absence.person, uow.now):
        return None
    return absence


def save_absence(uow: UnitOfWork, first: date, last: date, substitute_id: int | None) -> None:
    """Save the actor's absence in place of an earlier one. Once it has begun, whoever decides for them is
    asked what they are asked. Raises `FieldRefused`."""
    if last < first:
        raise FieldRefused(Field.LAST_DAY, FieldReason.ENDS_FIRST)
    if last < today_of(uow.person, uow.now):
        raise FieldRefused(Field.LAST_DAY, FieldReason.PAST)
    if substitute_id == uow.actor.id:
        raise FieldRefused(Field.SUBSTITUTE, FieldReason.OWN_SUBSTITUTE)
    substitute = uow.session.get_one(Person, substitute_id) if substitute_id else None
    if substitute and (reason := unfit_account(substitute)):
        raise FieldRefused(Field.SUBSTITUTE, reason)
    days = {"first_day": first, "last_day": last}
    uow.session.merge(Absence(person_id=uow.actor.id, substitute_id=substitute_id, **days))
    uow.session.flush()
    ask_for_absent(uow, uow.actor.id)
    refresh_home(uow, uow.actor.slack_id)


def delete_absence(uow: UnitOfWork) -> None:
    """Delete the actor's absence, if there is one. Who was asked for them goes on being asked."""
    absence = uow.session.get(Absence, uow.actor.id)
    if absence is not None:
        uow.session.delete(absence)


def forget_absences(uow: UnitOfWork) -> None:
    """Delete the absences that are over."""
    uow.session.execute(
        delete(Absence).where(Absence.last_day < uow.now.date() - KEPT_FOR),
        execution_options={"synchronize_session": False},
    )
