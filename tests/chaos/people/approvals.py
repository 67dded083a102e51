"""Requests that need an agreement: what requesters and approvers do about them."""

from functools import partial

from tests.chaos.people.somebody import Json, Somebody
from tests.support.agreement_forms import BADGE
from tests.support.help_desk import DIRECT

APPROVERS = ("edith", "farid")
AUTHORISE, DECLINE, ASK = "Donner mon accord", "Ne pas donner mon accord", "Il me manque une information"
COMPLETE = "Compléter la demande"
MAX_ATTEMPTS = 3  # submissions of one form


def request_badge(who: Somebody) -> None:
    """File a request that one of the approvers is to agree to; the form is sent again when it does not
    close."""
    title = f"Badge {who.number()} de {who.name}"
    opened = who.does("command", command="/catalogue", text=BADGE.find)
    if not (opened and who.press("modal", text=BADGE.open) and who.press("modal", text=BADGE.ask)):
        who.close()
        return
    form: Json = {"Titre": title, **BADGE.answers, BADGE.approver: who.rng.choice(APPROVERS)}
    for _attempt in range(who.rng.randint(1, MAX_ATTEMPTS)):
        who.ledger.submitted.add(title)
        if who.does("submit", values=form):
            who.ledger.acknowledged.add(title)
            return
    who.close()


def complete(who: Somebody) -> None:
    """Say what an approver needs to know."""
    if who.press(DIRECT, text=COMPLETE):
        _write(who, "Votre message")


def authorise(where: str, who: Somebody) -> None:
    """Agree to the newest request of a place."""
    if where == "home":
        who.does("home")
    elif where == "modal":
        who.does("command", command="/mes-accords", text="")
    who.press(where, text=AUTHORISE)
    who.close()


def decline(who: Somebody) -> None:
    """Decline the newest request."""
    if who.press(DIRECT, text=DECLINE):
        _write(who, "Pourquoi ne donnez-vous pas votre accord ?")


def ask(who: Somebody) -> None:
    """Ask for an information about the newest request."""
    if who.press(DIRECT, text=ASK):
        _write(who, "Que vous manque-t-il ?")


def _write(who: Somebody, label: str) -> None:
    """Send the open form with words of its own, which are not to be lost once it has closed."""
    text = f"À propos {who.number()}"
    if who.sends({label: text}):
        who.ledger.about_agreements.add(text)


ACTS = (*(partial(authorise, where) for where in (DIRECT, "home", "modal")), decline, ask, ask)
