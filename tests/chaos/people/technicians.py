"""The actions of technicians in their team's channel."""

from collections.abc import Callable
from functools import partial

from blocks import ids
from tests.chaos.people.children import attach, detach, others_label
from tests.chaos.people.somebody import Json, Somebody
from tests.support.help_desk import RESOLVE, TAKE, TRIAGE

NETWORK = "#dnum-reseau"
OTHER_TEAM = {TRIAGE: "Réseau et téléphonie", NETWORK: "Assistance de proximité"}
REPLY, HAND_OVER, END = "Répondre", "Requalifier, passer à une équipe…", "Résoudre la panne"
WHY = "Pourquoi, pour l’autre équipe"

Act = Callable[[Somebody], None]


def take(channel: str, who: Somebody) -> None:
    """Take the newest unassigned ticket."""
    who.press(channel, text=TAKE)


def resolve(channel: str, who: Somebody) -> None:
    """Resolve the newest open ticket, with those that are attached to it."""
    if who.press(channel, text=RESOLVE):
        others = others_label(who)
        who.sends({"Solution": "Redémarré."} | ({others: "C’est rétabli."} if others else {}))


def note(channel: str, who: Somebody) -> None:
    """Write in the thread of a card."""
    who.say(channel)


def reply(channel: str, who: Somebody) -> None:
    """Answer the requester of the newest open ticket, perhaps with files."""
    if who.press(channel, text=REPLY):
        text, files = f"Réponse {who.number()}", who.attaches()
        form: Json = {"Votre réponse": text} | ({"Pièces attachées": files} if files else {})
        if who.sends(form):
            who.ledger.replied.add(text)
            who.has_sent(files, text)


def transfer(channel: str, who: Somebody) -> None:
    """Transfer the newest open ticket to the other team."""
    if who.press(channel, action_id=ids.MORE, option=HAND_OVER) and who.sends(
        {"Équipe": OTHER_TEAM[channel], WHY: "C’est pour vous."}
    ):
        with who.ledger.lock:
            who.ledger.handed_over += 1


def declare_or_end(channel: str, who: Somebody) -> None:
    """End the known outage, or declare one."""
    if who.press(channel, text=END):
        if who.sends({"Solution": "Redémarrée."}):
            who.ledger.ended += 1
            who.close()
        return
    title = f"Panne connue {who.number()}"
    if who.does("command", command="/panne", text=title) and who.sends({}):
        who.ledger.declared.add(title)


def acts(channel: str, *more: Callable[[str, Somebody], None]) -> tuple[Act, ...]:
    """The actions of a channel's technicians; `more`: those of some of them."""
    usual = (take, resolve, resolve, note, reply, transfer, attach, attach, detach)
    return tuple(partial(act, channel) for act in (*usual, *more))
