"""The running Slack: one workspace, one app, and what stands between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playground.state import fixture

if TYPE_CHECKING:
    from playground.delivery import Delivery
    from playground.faults import Faults
    from playground.mailbox import Mailbox
    from playground.manifest import Manifest
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
    base_url: str  # "http://127.0.0.1:8765", without a slash at its end
    description: Json  # the workspace as it stands at the start (see `fixture`)
    trigger_seconds: float = 3.0  # how long a trigger opens a modal

    def reset(self) -> None:
        """Begin anew: no messages, files, views, mail, faults, calls or violations;
        real time too.

        People and channels keep their ids, and the app its connections.
        """
        self.delivery.forget()
        self.mailbox.clear()
        self.faults.clear()
        self.limits.clear()
        self.workspace.clock.restart()
        fixture.fill(self.workspace, self.description, self.manifest.bot_name)
        self.workspace.changed()
