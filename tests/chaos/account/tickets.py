"""Tickets, words and hand-overs: what people were told that they are kept."""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.tickets.comment import Comment
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.chaos.account.messages import Messages
from tests.chaos.account.table import Account
from tests.chaos.people.ledger import Ledger


def refused_words(session: Session, messages: Messages, ledger: Ledger) -> set[str]:
    """What a technician wrote under a card that their team no longer has, and was told so: it is not kept."""
    moved = select(MessageReference.channel, MessageReference.ts).where(
        MessageReference.kind == DeliveryKind.MOVED
    )
    former = {(channel, ts) for channel, ts in session.execute(moved)}
    return {
        words
        for words, said in ledger.said.items()
        if (said.channel, said.thread_ts) in former
        and (said.name, said.channel, said.thread_ts) in messages.told
    }


def reckon_tickets(session: Session, messages: Messages, ledger: Ledger, account: Account) -> None:
    """Each ticket and word must be there once, each hand-over that was acknowledged too."""
    titles = Counter(session.scalars(select(Ticket.title).where(Ticket.outage_id.is_(None))))
    account.rows["submissions"] = len(ledger.submitted)
    account.rows["acknowledged"] = len(ledger.acknowledged)
    account.rows["tickets"] = titles.total()
    account.count("acknowledged and lost", ledger.acknowledged - set(titles))
    account.count("tickets doubled", (title for title, times in titles.items() if times > 1))
    account.count("tickets that nobody filed", set(titles) - ledger.submitted)
    words = Counter(session.scalars(select(Comment.text)))
    account.rows["said in threads"] = len(ledger.said)
    account.rows["answers to requesters"] = len(ledger.replied)
    refused = refused_words(session, messages, ledger) - set(words)
    account.rows["words under a former team's card, refused"] = len(refused)
    account.count("words lost", (ledger.said.keys() | ledger.replied) - set(words) - refused)
    account.count("words doubled", (text for text, times in words.items() if times > 1))
    moves = session.scalar(select(func.count()).where(Event.action == Action.TRANSFER)) or 0
    account.rows["hand-overs"] = moves
    account.count("hand-overs lost", range(ledger.handed_over - moves))
