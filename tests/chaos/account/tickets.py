"""Tickets, comments and transfers that were acknowledged."""

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
from tests.chaos.account.outages import filed_by_click
from tests.chaos.account.table import Account
from tests.chaos.people.ledger import Ledger


def refused_comments(session: Session, messages: Messages, ledger: Ledger) -> set[str]:
    """Comments under the card of a former team, which were refused and are not stored."""
    moved = select(MessageReference.channel, MessageReference.ts).where(
        MessageReference.kind == DeliveryKind.MOVED
    )
    former = {(channel, ts) for channel, ts in session.execute(moved)}
    return {
        text
        for text, comment in ledger.comments.items()
        if (comment.channel, comment.thread_ts) in former
        and (comment.name, comment.channel, comment.thread_ts) in messages.ephemerals
    }


def reckon_tickets(session: Session, messages: Messages, ledger: Ledger, account: Account) -> None:
    """Each ticket and comment must exist once, and each acknowledged transfer."""
    titles = Counter(session.scalars(select(Ticket.title).where(Ticket.id.not_in(filed_by_click))))
    account.rows["submissions"] = len(ledger.submitted)
    account.rows["acknowledged"] = len(ledger.acknowledged)
    account.rows["tickets"] = titles.total()
    account.count("acknowledged and lost", ledger.acknowledged - set(titles))
    account.count("tickets duplicated", (title for title, times in titles.items() if times > 1))
    account.count("tickets that nobody filed", set(titles) - ledger.submitted)
    texts = Counter(session.scalars(select(Comment.text)))
    account.rows["comments in threads"] = len(ledger.comments)
    account.rows["answers to requesters"] = len(ledger.replied)
    refused = refused_comments(session, messages, ledger) - set(texts)
    account.rows["comments under a former team's card, refused"] = len(refused)
    account.count("comments lost", (ledger.comments.keys() | ledger.replied) - set(texts) - refused)
    account.count("comments duplicated", (text for text, times in texts.items() if times > 1))
    moves = session.scalar(select(func.count()).where(Event.action == Action.TRANSFER)) or 0
    account.rows["hand-overs"] = moves
    account.count("hand-overs lost", range(ledger.handed_over - moves))
