"""`docs/notifications.md`, printed from the policy: `python -m bot.policy_table` writes it again."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path

from bot.notifications.enqueue import HOME_FRESH
from bot.notifications.policy import POLICY, Audience, Notice, When
from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind

DOCUMENT = Path(__file__).parents[2] / "docs" / "notifications.md"

ACTIONS: Mapping[Action, str] = {
    Action.OPEN: "A ticket is filed, by its requester or on their behalf",
    Action.TAKE: "A technician takes it",
    Action.ASSIGN: "A technician gives it to somebody of the team",
    Action.RESOLVE: "A technician proposes a solution",
    Action.REPLY: "A technician replies to the requester",
    Action.ASK: "A technician replies, and the ticket waits for the answer",
    Action.ANSWER: "The requester writes, and the ticket was waiting",
    Action.COMMENT: "The requester writes, and it was not",
    Action.NOTE: "A technician writes an internal note",
    Action.HOLD: "A technician puts it on hold",
    Action.RESUME: "A technician takes it up again",
    Action.WAKE: "The date has come that it was waiting for",
    Action.REQUALIFY: "A technician requalifies it",
    Action.TRANSFER: "A technician hands it over to another team",
    Action.APPROVE: "The requester approves the solution",
    Action.RECORD_APPROVAL: "A technician records an approval by word of mouth",
    Action.REFUSE: "The requester refuses the solution",
    Action.CANCEL: "The requester or a technician cancels it",
    Action.DUPLICATE: "A technician closes it as a duplicate",
    Action.REOPEN: "The requester reopens it",
    Action.RATE: "The requester says how satisfied they are",
}

# What follows the ticket: edited or drawn again, and nobody's telephone rings.
SILENT: Mapping[tuple[Audience, DeliveryKind], str] = {
    (Audience.REQUESTER, DeliveryKind.CARD): "the requester’s card",
    (Audience.REQUESTER, DeliveryKind.HOME): "the requester’s Home",
    (Audience.TEAM, DeliveryKind.TRIAGE_CARD): "the team’s card",
    (Audience.TECHNICIANS, DeliveryKind.HOME): "technicians’ Homes",
}
ALL_OF_THEM = "cards and Homes"

MESSAGES: Mapping[tuple[Audience, DeliveryKind], str] = {
    (Audience.REQUESTER, DeliveryKind.COMMENT): "the words, as a message",
    (Audience.REQUESTER, DeliveryKind.APPROVAL): "a request to approve",
    (Audience.REQUESTER, DeliveryKind.RESOLUTION_RESULT): "(the request to approve shows the answer)",
    (Audience.REQUESTER, DeliveryKind.MAIL): "e-mail “{mail}”",
    (Audience.TEAM, DeliveryKind.THREAD): "a line in the thread",
    (Audience.TEAM, DeliveryKind.COMMENT): "the words, in the thread",
    (Audience.FORMER_TEAM, DeliveryKind.MOVED): "(the card of the team that had it says where it went)",
    (Audience.FORMER_TEAM, DeliveryKind.HOME): "(its technicians’ Homes no longer have it)",
    (Audience.OUTAGE, DeliveryKind.OUTAGE): "(the card of the outage that it follows)",
}

UNLESS: Mapping[tuple[Audience, When], str] = {
    (Audience.REQUESTER, When.OTHERS): ", unless they did it",
    (Audience.TEAM, When.OTHERS): ", unless who has the ticket did it",
    (Audience.TEAM, When.HOLDER): ", when somebody else has the ticket or had it until then",
    (Audience.TEAM, When.ELSEWHERE): ", unless they were typed there",
}

COLUMNS: Mapping[str, Collection[Audience]] = {
    "the requester gets": {Audience.REQUESTER},
    "the team gets": {Audience.TEAM},
    "others": {Audience.FORMER_TEAM, Audience.TECHNICIANS, Audience.OUTAGE},
}

INTRODUCTION = """\
# Who is told what, where

Printed from `bot/notifications/policy.py` by `make policy`: change it there.

- **One living card per person and ticket.** The requester has one in their direct message: posted when the
  ticket is filed, it is their receipt. The team has one in its channel. Both follow the ticket silently,
  and so do the Homes: a person’s own, once they have opened it, and those of the team’s technicians who
  opened theirs within {home_fresh}. What is in brackets below is an edit too.
- **Few e-mails**: “received”, “resolved” and “closed”, to the requester alone. A call that was solved when
  it was filed brings “resolved” only.
- **Authors are told only by receipts.** The card and the e-mails go to the requester whoever acted, and so
  does the request to approve. Every other message goes to those who did not act.
- **Two conversations.** The thread of the team’s card is internal: nothing typed in it reaches the
  requester. They read replies; what they write under their own messages goes into that thread. An edit or a
  deletion follows wherever the words were told.
- **Files** go with their words: to the team’s thread always, to the requester with a reply. A team that a
  ticket is handed over to gets all of them.
- **What did not reach a requester** is said in the team’s thread, with the reason and a way on: cards and
  e-mails once a ticket and reason, replies, files and requests to approve each time.
- **Followers of an outage are grouped.** Each has a ticket, and is told as any requester; the team has one
  card, the outage’s, until a follower writes, refuses or reopens: from then on their ticket has a card and
  a thread as well.
- What several changes at once would draw is drawn once.

| what happens | drawn | {columns} |
|---|---|{rules}
"""


def document() -> str:
    """The whole document."""
    hours = HOME_FRESH // timedelta(hours=1)
    head = INTRODUCTION.format(
        home_fresh="the last hour" if hours == 1 else f"the last {hours} hours",
        columns=" | ".join(COLUMNS),
        rules="---|" * len(COLUMNS),
    )
    return head + "".join(_row(action) for action in Action)


def _row(action: Action) -> str:
    cells = [_drawn(action), *(_told(action, audiences) for audiences in COLUMNS.values())]
    return f"| {ACTIONS[action]} (`{action}`) | {' | '.join(cells)} |\n"


def _drawn(action: Action) -> str:
    """What follows the ticket."""
    told = {(notice.to, notice.kind) for notice in POLICY[action]}
    names = [words for surface, words in SILENT.items() if surface in told]
    return ALL_OF_THEM if len(names) == len(SILENT) else _cell(names)


def _told(action: Action, audiences: Collection[Audience]) -> str:
    """What else these people get."""
    notices = [notice for notice in POLICY[action] if notice.to in audiences]
    return _cell([_words(each) for each in notices if (each.to, each.kind) not in SILENT])


def _cell(words: list[str]) -> str:
    return "; ".join(words) or "–"


def _words(notice: Notice) -> str:
    words = MESSAGES[notice.to, notice.kind].format(mail=notice.mail)
    return words + ("" if notice.when is When.ALWAYS else UNLESS[notice.to, notice.when])


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
