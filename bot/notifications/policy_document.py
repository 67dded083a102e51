"""Writes `docs/notifications.md` from the policy: `python -m bot.notifications.policy_document`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from bot.notifications.mails import MAILS_MAX, REMINDER_EVERY
from bot.notifications.policy import POLICY, Audience, Notice, When
from bot.notifications.recipients import HOME_FRESH
from bot.notifications.waits.reminders import QUESTION_STEPS, SOLUTION_STEPS
from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind

DOCUMENT = Path(__file__).parents[2] / "docs" / "notifications.md"

ACTIONS: Mapping[Action, str] = {
    Action.OPEN: "A ticket is raised, by its requester or on their behalf",
    Action.TAKE: "A technician takes it",
    Action.ASSIGN: "A technician assigns it to a member of the team",
    Action.RESOLVE: "A technician proposes a solution",
    Action.REPLY: "A technician replies to the requester",
    Action.ASK: "A technician replies, and puts the ticket on hold until the requester replies",
    Action.ANSWER: "The requester writes, and the ticket was on hold",
    Action.COMMENT: "The requester writes, and the ticket was not on hold",
    Action.NOTE: "A technician writes an internal note",
    Action.HOLD: "A technician puts it on hold",
    Action.RESUME: "A technician resumes it",
    Action.WAKE: "It resumes on the date set",
    Action.REQUALIFY: "A technician reclassifies it",
    Action.EDIT: "The requester edits it, before anybody has taken it",
    Action.TRANSFER: "A technician transfers it to another team",
    Action.APPROVE: "The requester signs off the solution",
    Action.RECORD_APPROVAL: "A technician records a verbal sign-off",
    Action.REFUSE: "The requester rejects the solution",
    Action.CANCEL: "The requester or a technician cancels it",
    Action.DUPLICATE: "A technician closes it as a duplicate",
    Action.REOPEN: "The requester reopens it",
    Action.RATE: "The requester rates it",
    Action.ASK_AGAIN: "A technician asks again, after the requester wrote",
    Action.POSTPONE: "The requester asks for a week more",
    Action.CHASE: "The requester chases it",
    Action.CLOSE: "The help desk closes it: its requester did not answer",
    Action.AGREE: "An approver agrees to it",
    Action.DECLINE: "An approver declines it",
    Action.QUERY: "An approver asks for an information first",
    Action.COMPLETE: "The requester gives that information",
    Action.CHOOSE_APPROVER: "The requester names somebody else to ask",
    Action.REQUEST_AGREEMENT: "A technician asks for somebody’s agreement",
    Action.RECORD_AGREEMENT: "A technician records an agreement given elsewhere",
    Action.ATTACH: "A technician attaches it to another ticket, or to a known outage",
    Action.DETACH: "A technician detaches it",
    Action.ORIGINAL_RESOLVED: "The ticket that it is a duplicate of is resolved",
    Action.FREE: "The ticket that it is attached to is closed, transferred, or cannot resolve it",
    Action.UNDO_CLOSING: "A technician undoes a cancellation, or the closing of a duplicate",
    Action.UNASSIGN: "Who had it has left the team: it returns to the queue",
}

# Edits and App Home updates: Slack notifies nobody of them.
SILENT: Mapping[tuple[Audience, DeliveryKind], str] = {
    (Audience.REQUESTER, DeliveryKind.CARD): "the requester’s card",
    (Audience.REQUESTER, DeliveryKind.HOME): "the requester’s Home",
    (Audience.TEAM, DeliveryKind.TRIAGE_CARD): "the team’s card",
    (Audience.TECHNICIANS, DeliveryKind.HOME): "technicians’ Homes",
}
ALL_OF_THEM = "cards and Homes"

MESSAGES: Mapping[tuple[Audience, DeliveryKind], str] = {
    (Audience.REQUESTER, DeliveryKind.COMMENT): "the text, as a message",
    (Audience.REQUESTER, DeliveryKind.RESOLUTION): "a resolution request",
    (Audience.REQUESTER, DeliveryKind.RESOLUTION_RESULT): "(the resolution request shows the answer)",
    (Audience.REQUESTER, DeliveryKind.PROMPT): "(what was still asked below their message is removed)",
    (Audience.REQUESTER, DeliveryKind.DECISION): "a message that says so, with “Reopen”",
    (Audience.REQUESTER, DeliveryKind.DECISION_RESULT): "(the message before loses its “Reopen”)",
    (Audience.REQUESTER, DeliveryKind.PROMISE): "a message in the thread of their card, with the new target",
    (Audience.REQUESTER, DeliveryKind.MAIL): "email “{mail}”",
    (Audience.TEAM, DeliveryKind.THREAD): "a line in the thread",
    (Audience.TEAM, DeliveryKind.COMMENT): "the text, in the thread",
    (Audience.TEAM, DeliveryKind.MOVED): "(the team’s card says what it is attached to)",
    (Audience.FORMER_TEAM, DeliveryKind.MOVED): "(the former team’s card says where it went)",
    (Audience.FORMER_TEAM, DeliveryKind.HOME): "(its technicians’ Homes no longer list it)",
    (
        Audience.APPROVERS,
        DeliveryKind.AGREEMENT,
    ): "approvers: a message that asks those who are new (an edit of those that stand)",
    (Audience.OUTAGE, DeliveryKind.OUTAGE): "(the card of the outage it follows)",
}

# What a line says, whatever its kind.
TEXTS: Mapping[When, str] = {
    When.QUESTION: "(the question shows that the reply arrived)",
    When.ASKED: "while it is resolved or closed, what can be done now, below their message",
}
UNLESS: Mapping[tuple[Audience, When], str] = {
    (Audience.REQUESTER, When.OTHERS): ", unless they acted",
    (Audience.REQUESTER, When.ELSEWHERE): ", in the thread, unless it was written there",
    (Audience.REQUESTER, When.LATER): ", when it moves later, unless they acted",
    (Audience.TEAM, When.OTHERS): ", unless the assignee acted",
    (Audience.TEAM, When.HOLDER): ", when somebody else is or was the assignee",
    (Audience.TEAM, When.DISSATISFIED): ", when they are dissatisfied; then their comment",
    (Audience.TEAM, When.ELSEWHERE): ", unless it was written there",
}

COLUMNS: Mapping[str, Collection[Audience]] = {
    "the requester gets": {Audience.REQUESTER},
    "the team gets": {Audience.TEAM},
    "others": {Audience.APPROVERS, Audience.FORMER_TEAM, Audience.TECHNICIANS, Audience.OUTAGE},
}

INTRODUCTION = """\
# Who is told what, and where

Written from `bot/notifications/policy.py` by `make policy`. Change it there.

- **One living card for each person and ticket.** The requester has one in their direct messages. It is
  posted when the ticket is raised, as a receipt. The team has one in its channel. Both are edited as the
  ticket changes, without a notification. So are App Homes: a person’s own, once they have opened it, and
  those of the team’s technicians who opened theirs within {home_fresh}. What is in brackets below is an
  edit too.
- **Emails** go to the requester only, at most {mails_max} about one ticket; that there are no more is
  reported in the team’s thread. There is one when the ticket is received, one for each solution, one when
  somebody else or the help desk closes it, one with the first reminder of a question, and one with the last
  reminder of a solution: at most one such email in {reminder_every}. A ticket that is already
  solved when it is raised sends only “resolved”. Each email opens the message in Slack that has its
  buttons, so that nobody without an address misses anything.
- **Authors are not notified of what they did**, except by receipts. The card, the resolution request and
  the emails “received” and “resolved” go to the requester whoever acted. Every other message goes to those
  who did not act.
- **Duplicates.** The requester of a closed duplicate is told once when the ticket that it is a duplicate of
  is resolved, with what the technician wrote for them. They never read the solution, nor any other word.
- **Two conversations.** The thread of the team’s card is internal: nothing written in it reaches the
  requester. The requester gets replies. What they write under their own messages is copied into the
  team’s thread. An edit or a deletion changes every copy.
- **Targets.** The requester’s card has the target that counts now: until somebody responds, then until the
  ticket is resolved; the email “received” has the first. When a technician’s action moves it later, or a
  change of hours or targets does, they get one message, in the thread of their card, with the reason. When it
  is missed, the card says so from the next opening hour on, without a message: that would ask nothing of its
  reader, give no new date, and go out in large numbers when the desk is busiest. Tickets on hold say what
  they wait for instead. Followers of an outage have no target of their own.
- **Reminders** follow no event. A question that nobody has answered is repeated after {question} working
  days of the ticket’s calendar, a solution after {solution}: one message in the requester’s direct messages
  with every ticket that waits, at most one a day, in opening hours. The one before is deleted. What is
  answered leaves the message. A reminder that cannot be delivered is reported in the team’s thread, and the
  ticket is then not closed by silence.
- **Approvers** are asked for their agreement to a request in their direct messages, one after the other or
  together as the catalogue says. Their messages are edited when the step goes on, and show how it ended. They
  get the requester’s files in the thread of theirs, reminders after 2 and 4 working days, and one email with
  the first of them. They read the request and what was said to complete it, no note and no reply.
- **Files** go with the message they came with: always to the team’s thread, and to the requester with a
  reply. A team that a ticket is transferred to gets all of its files.
  Whoever asks for one in a ticket’s details gets a copy in their direct messages.
- **What did not reach a requester** is reported in the team’s thread, with the reason and what can be
  done. Cards and emails are reported once for each ticket and reason; replies, files, decisions and
  resolution requests each time.
- **Followers of an outage are grouped.** Each has a ticket, and is notified like any requester. The team
  has only the outage’s card until a follower writes, rejects the solution or reopens: from then on their
  ticket has its own card and thread.
- **Words outside of threads** follow no event. Guichet answers what somebody wrote in its direct messages
  after 8 seconds of silence, with one message below their words: to which ticket they belong, or whether to
  raise one. A mention in a channel is answered to its author only, there. Nobody else gets the words until
  the author has chosen.
- **Reminders** follow no event either, and come in opening hours only. At three quarters of a target and at
  its end, who has the ticket is mentioned in the thread of the team’s card. Tickets that nobody has taken
  are in one list for each team and hour, at the root of its channel; an untaken critical one does not wait
  for it.
- Several changes at once cause one update.

| what happens | updated | {columns} |
|---|---|{rules}
"""


def document() -> str:
    """The whole document."""
    hours = HOME_FRESH // timedelta(hours=1)
    head = INTRODUCTION.format(
        home_fresh="the last hour" if hours == 1 else f"the last {hours} hours",
        mails_max=MAILS_MAX,
        question=_days(QUESTION_STEPS),
        solution=_days(SOLUTION_STEPS),
        reminder_every=f"{REMINDER_EVERY // timedelta(hours=1)} hours",
        columns=" | ".join(COLUMNS),
        rules="---|" * len(COLUMNS),
    )
    return head + "".join(_row(action) for action in Action)


def _days(steps: Sequence[int]) -> str:
    *others, last = map(str, steps)
    return f"{', '.join(others)} and {last}"


def _row(action: Action) -> str:
    cells = [_updates(action), *(_messages(action, audiences) for audiences in COLUMNS.values())]
    return f"| {ACTIONS[action]} (`{action}`) | {' | '.join(cells)} |\n"


def _updates(action: Action) -> str:
    """The cards and Homes that are updated."""
    updated = {(notice.to, notice.kind) for notice in POLICY[action]}
    names = [name for surface, name in SILENT.items() if surface in updated]
    return ALL_OF_THEM if len(names) == len(SILENT) else _cell(names)


def _messages(action: Action, audiences: Collection[Audience]) -> str:
    """What else these people get."""
    notices = [notice for notice in POLICY[action] if notice.to in audiences]
    texts = [_text(each) for each in notices if (each.to, each.kind) not in SILENT]
    # An open ticket has nothing to reopen.
    return _cell(
        [each.replace("so, with “Reopen”", "so") if action is Action.UNDO_CLOSING else each for each in texts]
    )


def _cell(parts: list[str]) -> str:
    return "; ".join(parts) or "–"


def _text(notice: Notice) -> str:
    if notice.when in TEXTS:
        return TEXTS[notice.when]
    text = MESSAGES[notice.to, notice.kind].format(mail=notice.mail)
    return text + ("" if notice.when is When.ALWAYS else UNLESS[notice.to, notice.when])


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
