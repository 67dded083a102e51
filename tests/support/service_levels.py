"""Service levels for tests: the shipped targets, day and night or in office hours."""

from collections.abc import Mapping
from datetime import timedelta

from models.calendar.calendar import Calendar
from models.calendar.frames import Frame
from models.calendar.service_level import SHIPPED_TARGETS, ServiceLevel
from models.catalogue import Service, Team
from models.lifecycle import Priority

ALWAYS = ServiceLevel(Calendar.always("Europe/Paris"), SHIPPED_TARGETS)
_HOURS = Frame(8 * 60, 18 * 60)
OFFICE = ServiceLevel(Calendar("Europe/Paris", ((_HOURS,),) * 5 + ((), ()), 10 * 60), SHIPPED_TARGETS)
"""Monday to Friday, 8 to 18, without holidays."""
TARGETS: Mapping[Priority, timedelta] = {each: ALWAYS.resolved(each) for each in Priority}
"""Until a ticket is to be resolved, day and night."""


def always(_team: Team, _service: Service | None) -> ServiceLevel:
    """`ALWAYS`, whatever the team and service."""
    return ALWAYS
