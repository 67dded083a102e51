"""What the help desk aims at: within which working time a ticket is taken in charge, and resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from models.calendar.calendar import Calendar
from models.calendar.working_time import WorkingTime
from models.lifecycle import Priority


@dataclass(frozen=True)
class Target:
    """Of one priority, both counted from when the ticket was filed."""

    taken: WorkingTime
    """Until the first human answer or assignment."""
    resolved: WorkingTime


Targets = Mapping[Priority, Target]
"""One for each priority."""

# What counts where the file says nothing, as in the one that is shipped.
SHIPPED_TARGETS: Targets = {
    Priority.P1: Target(WorkingTime(minutes=60), WorkingTime(minutes=4 * 60)),
    Priority.P2: Target(WorkingTime(minutes=4 * 60), WorkingTime(days=1)),
    Priority.P3: Target(WorkingTime(days=1), WorkingTime(days=3)),
    Priority.P4: Target(WorkingTime(days=2), WorkingTime(days=10)),
}


@dataclass(frozen=True)
class ServiceLevel:
    """What counts for a ticket of one team and service."""

    calendar: Calendar
    targets: Targets

    def taken(self, priority: Priority) -> timedelta:
        return self.calendar.length(self.targets[priority].taken)

    def resolved(self, priority: Priority) -> timedelta:
        return self.calendar.length(self.targets[priority].resolved)
