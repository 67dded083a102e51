"""What technicians do in their team's channel."""

from collections.abc import Callable
from functools import partial

from blocks import ids
from tests.chaos.people.somebody import Json, Somebody
from tests.support.help_desk import RESOLVE, TAKE, TRIAGE

NETWORK = "#dnum-reseau"
OTHER_TEAM = {TRIAGE: "Réseau et téléphonie", NETWORK: "Assistance de proximité"}
REPLY, HAND_OVER, END = "Répondre", "Requalifier, passer à une équipe…", "Résoudre la panne"
WHY = "Pourquoi, pour l’autre équipe"

Act = Callable[[Somebody], None]


def take(room: str, who: Somebody) -> None:
    """Take the newest ticket that nobody has."""
    who.press(room, text=TAKE)


def resolve(room: str, who: Somebody) -> None:
    """Resolve the newest ticket that is open."""
    if who.press(room, text=RESOLVE):
        _submit(who, {"Solution": "Redémarré."})


def note(room: str, who: Somebody) -> None:
    """Write in the thread of a card."""
    who.say(room)


def reply(room: str, who: Somebody) -> None:
    """Answer the requester of the newest open ticket, perhaps with files."""
    if who.press(room, text=REPLY):
        words, files = f"Réponse {who.number()}", who.attaches()
        form: Json = {"Votre réponse": words} | ({"Pièces attachées": files} if files else {})
        if _submit(who, form):
            who.ledger.replied.add(words)
            who.has_sent(files, words)


def hand_over(room: str, who: Somebody) -> None:
    """Hand the newest open ticket over to the other team, which may hand it back."""
    if who.press(room, action_id=ids.MORE, option=HAND_OVER) and _submit(
        who, {"Équipe": OTHER_TEAM[room], WHY: "C’est pour vous."}
    ):
        with who.ledger.lock:
            who.ledger.handed_over += 1


def declare_or_end(room: str, who: Somebody) -> None:
    """End the outage that is known, or declare one."""
    if who.press(room, text=END):
        if _submit(who, {"Solution": "Redémarrée."}):
            who.ledger.ended += 1
            who.close()
        return
    title = f"Panne connue {who.number()}"
    if who.does("command", command="/panne", text=title) and _submit(who, {}):
        who.ledger.declared.add(title)


def acts(room: str, *more: Callable[[str, Somebody], None]) -> tuple[Act, ...]:
    """What the technicians of a channel do; `more`: what some of them do beside that."""
    return tuple(partial(act, room) for act in (take, resolve, resolve, note, reply, hand_over, *more))


def _submit(who: Somebody, values: Json) -> bool:
    """Send the open form; one that does not close is given up."""
    went = who.does("submit", values=values)
    if not went:
        who.close()
    return went
