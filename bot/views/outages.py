"""The forms of known outages."""

from uuid import uuid4

from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from blocks.i18n import Translator
from blocks.outages.forms import (
    declare_form,
)
from bot.context.actor import Asker
from bot.services import catalogue
from bot.services import catalogue as services_catalogue
from models.lifecycle import TITLE_MAX
from models.tickets.outage import OutageDraft


def _declare_form(session: Session, technician: Asker, _: Translator, title: str = "") -> View:
    """The empty form, perhaps with a title. Raises `TechniciansOnly` for who is in no team."""
    return declare_form(
        _,
        draft=OutageDraft(str(uuid4()), title.strip()[:TITLE_MAX]),
        teams=catalogue.own_teams(session, technician),
        sites=catalogue.sites(session),
        services=services_catalogue.offered_services(session),
    )
