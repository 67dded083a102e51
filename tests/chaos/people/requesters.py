"""The actions of requesters."""

import re

from tests.chaos.people.approvals import complete, request_badge
from tests.chaos.people.somebody import Json, Somebody
from tests.support.help_desk import APPROVE, DIRECT, FORM

FOLLOW = "Je suis concerné·e aussi"
MAX_ATTEMPTS = 3  # submissions of one form
NUMBER = re.compile(r"n°\s*(\d+)")


def file_ticket(who: Somebody) -> None:
    """File a ticket, perhaps with files; the form is sent again when it does not close."""
    title = f"Panne {who.number()} de {who.name}"
    if not who.does("command", command="/ticket", text=title):
        return
    files = who.attaches()
    form: Json = {**FORM, "Pièces attachées": files} if files else FORM
    for attempt in range(who.rng.randint(1, MAX_ATTEMPTS)):
        if not who.has_form():  # it was refused with a message
            return
        who.ledger.submitted.add(title)
        if who.does("submit", values={} if attempt and files else form):  # they are attached already
            who.ledger.acknowledged.add(title)
            who.has_sent(files, title)
            return
    who.close()


def comment(who: Somebody) -> None:
    """Write in the thread of one of the bot's messages."""
    who.say(DIRECT)


def approve(who: Somebody) -> None:
    """Approve the newest solution."""
    who.press(DIRECT, text=APPROVE)


def open_home(who: Somebody) -> None:
    """Open the App Home."""
    who.does("home")


def follow(who: Somebody) -> None:
    """Follow a known outage, from the Home."""
    if who.does("home") and who.press("home", text=FOLLOW):
        if found := NUMBER.search(who.reads()):
            who.ledger.followed.add(int(found[1]))
        who.close()


ACTS = (file_ticket, file_ticket, request_badge, complete, comment, approve, open_home, follow)
