"""The running Slack: one workspace, one app, and the delivery between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playground.state import fixture

if TYPE_CHECKING:
    from playground.delivery import Delivery
    from playground.faults import Faults
    from playground.mailbox import Mailbox
    from playground.manifest import Manifest
    from playground.state.passing_time import PassingTime
    from playground.state.rate_limits import RateLimits
    from playground.state.workspace import Json, Workspace


@dataclass
class Slack:
    """Everything a request needs; handlers find it in `request.app.state.slack`."""

    workspace: Workspace
    manifest: Manifest
    mailbox: Mailbox
    faults: Faults
    limits: RateLimits
    delivery: Delivery
    passing: PassingTime
    base_url: str  # "http://127.0.0.1:8765", without a slash at its end
    description: Json  # the initial workspace (see `fixture`)
    trigger_seconds: float = 3.0  # how long a trigger is valid, in real time

    def reset(self) -> None:
        """Restore the initial workspace and real time; clear messages, mail, faults, calls and violations.

        People and channels keep their ids, and the app its connections.
        """
        self.passing.stop()
        self.delivery.clear()
        self.mailbox.clear()
        self.faults.clear()
        self.limits.clear()
        self.workspace.clock.restart()
        fixture.fill(self.workspace, self.description, self.manifest.bot_name)
        self.workspace.changed()
