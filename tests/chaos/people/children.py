"""Technicians attach a ticket to another, resolve both, and detach it."""

import re

from blocks import ids
from tests.chaos.people.somebody import Somebody
from tests.support.help_desk import DETAIL

ATTACH, DETACH, TO = "Rattacher…", "Détacher", "Rattacher à"
OTHERS = re.compile(r"Ce que lir(?:a|ont les)\s+\d+\s+autres?\s+personnes?")


def attach(channel: str, who: Somebody) -> None:
    """Attach the newest open ticket to another, or to an outage."""
    if not who.press(channel, action_id=ids.MORE, option=ATTACH):
        return
    offered = who.options(TO)
    if not offered:
        who.close()
    elif who.sends({TO: who.rng.choice(offered)}):
        with who.ledger.lock:
            who.ledger.attached += 1


def detach(channel: str, who: Somebody) -> None:
    """Detach the first ticket of the newest card's ticket, if there is one."""
    if who.press(channel, text=DETAIL) and who.press("modal", text=DETACH, nth=1):
        with who.ledger.lock:
            who.ledger.detached += 1
    who.close()


def others_label(who: Somebody) -> str | None:
    """The label of the second solution in the open form, when there is one."""
    found = OTHERS.search(who.reads())
    return found[0] if found else None
