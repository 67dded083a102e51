"""The technicians' side of the small desk: each action by its own use case, with the least it needs."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.delivery.handlers.portions import do_portion
from bot.services.approvals.rows import approvals_of
from bot.services.approvers.by_hand import Given, record_agreement, request_agreement
from bot.services.approvers.complete import choose_approver, complete_request
from bot.services.approvers.decide import decide_step
from bot.services.children.attaching import attach as attach_to_ticket
from bot.services.departures.release import go_on
from bot.services.outages.actions import declare
from bot.services.outages.attaching import attach, detach
from bot.services.tickets import editing, satisfaction, triage
from bot.services.tickets.actions import act
from bot.services.tickets.comments import replies, threads
from bot.services.tickets.comments.replies import NewReply
from bot.services.tickets.comments.threads import ThreadMessage
from bot.services.tickets.duplicates import resolution
from bot.services.tickets.duplicates.resolution import Solution
from bot.services.tickets.triage import NewHold
from bot.services.tickets.waits.silence import close
from models.approvals.approval import Approval
from models.approvals.process import ACTIONS, current
from models.characters import fingerprint
from models.departures.departure import Departure, DepartureState
from models.lifecycle import Action, HoldReason, Impact, Rating
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.tickets.changes.links import Duplicate
from models.tickets.draft import NewFile
from models.tickets.outage import OutageDraft
from models.tickets.ticket import Ticket
from tests.support.factories import create_message_reference
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk

DIRECT, CHANNEL, ELSEWHERE = "D0CAMILLE", "C0ASSIST", "C0RESEAU"
DAY = timedelta(days=1)
SOLUTION = "Toner changé au bâtiment C."
REQUESTERS = {
    *(Action.APPROVE, Action.REFUSE, Action.CANCEL, Action.REOPEN, Action.POSTPONE, Action.CHASE),
}


def cards(desk: SmallDesk, ticket: Ticket) -> None:
    """Put the ticket's two cards where people write under them."""
    with desk.sessions.begin() as session:
        for kind, recipient, channel in (
            (DeliveryKind.CARD, f"dm:{ticket.requester_id}", DIRECT),
            (DeliveryKind.TRIAGE_CARD, f"team:{ticket.team_id}", CHANNEL),
        ):
            create_message_reference(
                session, ticket.id, recipient=recipient, kind=kind, channel=channel, ts=head(ticket)
            )


def head(ticket: Ticket) -> str:
    """The `ts` of both cards."""
    return f"{ticket.id}.000"


def hear(
    desk: SmallDesk,
    ticket: Ticket,
    by: Actor,
    text: str,
    *,
    channel: str = DIRECT,
    ts: str = "9.001",
    files: Sequence[NewFile] = (),
    now: datetime = NOW,
) -> Ticket:
    """Somebody types a message under a card."""
    typed = ThreadMessage(channel, ts, head(ticket), text, files)
    return desk.do(lambda uow: threads.receive(uow, typed), by, now)


def reply(
    desk: SmallDesk,
    ticket: Ticket,
    by: Actor,
    text: str,
    *,
    waits: bool = False,
    files: Sequence[NewFile] = (),
    submission: str | None = None,
    now: datetime = NOW,
) -> Ticket:
    """A technician sends the reply form, a new one unless said otherwise."""
    rendered = submission or str(uuid4())
    new = NewReply(text, rendered, files, waits)
    return desk.do(lambda uow: replies.reply(uow, ticket.id, new), by, now)


def note(
    desk: SmallDesk,
    ticket: Ticket,
    by: Actor,
    text: str,
    *,
    submission: str | None = None,
    now: datetime = NOW,
) -> Ticket:
    """A technician sends the form of a note, a new one unless said otherwise."""
    rendered = submission or str(uuid4())
    return desk.do(lambda uow: replies.note(uow, ticket.id, text, submission=rendered), by, now)


def hold(
    desk: SmallDesk,
    ticket: Ticket,
    by: Actor,
    reason: HoldReason | None = HoldReason.PART,
    until: datetime | date | None = None,
    *,
    why: str = "",
    now: datetime = NOW,
) -> Ticket:
    """A technician sends the hold form; `until`: a day, or a moment in it."""
    day = until.date() if isinstance(until, datetime) else until
    return desk.do(
        lambda uow: triage.hold(uow, ticket.id, NewHold(reason, day, why)), by, now, surface="triage"
    )


def assign(
    desk: SmallDesk,
    ticket: Ticket,
    by: Actor,
    to: Actor,
    *,
    seen: Actor | None = None,
    now: datetime = NOW,
) -> Ticket:
    """A technician gives the ticket to somebody; `seen` had it in the form, or nobody."""
    had_it = seen.slack_id if seen else None
    return desk.do(lambda uow: triage.assign(uow, ticket.id, to, seen=had_it), by, now, surface="triage")


def edit_ticket(desk: SmallDesk, ticket: Ticket, by: Actor, *, now: datetime = NOW, **changed: str) -> Ticket:
    """The requester edits their ticket, in a form that shows it as `ticket` is."""
    was = {
        field: fingerprint(str(getattr(ticket, "site_id" if field == "site" else field))) for field in changed
    }
    return desk.do(lambda uow: editing.edit(uow, ticket.id, changed, was), by, now)


def requalify(
    desk: SmallDesk,
    ticket: Ticket,
    by: Actor,
    *,
    why: str = "",
    now: datetime = NOW,
    **changed: str | None,
) -> Ticket:
    """A technician sends the requalification form, with what was changed in it."""
    return desk.do(lambda uow: triage.requalify(uow, ticket.id, changed, why), by, now, surface="triage")


def link(
    desk: SmallDesk, ticket: Ticket, by: Actor, of: int | None, *, words: str = "", now: datetime = NOW
) -> Ticket:
    """A technician sends the form of duplicates."""
    return desk.do(lambda uow: triage.link_duplicate(uow, ticket.id, of, words), by, now, surface="triage")


def link_old(
    desk: SmallDesk, ticket: Ticket, by: Actor, of: int, *, words: str = "", now: datetime = NOW
) -> Ticket:
    """A ticket that was closed as a duplicate of somebody else's, before such tickets were attached."""

    def close_it(uow: UnitOfWork) -> Ticket:
        rows = [uow.session.get(Ticket, number, with_for_update=True) for number in sorted({ticket.id, of})]
        for row in rows:
            flag_modified(row, "changed_at")
        return act(uow, ticket.id, Action.DUPLICATE, text=words, change=Duplicate(of))

    return desk.do(close_it, by, now, surface="triage")


def resolve(
    desk: SmallDesk, number: int | None, by: Actor, *, words: str = "", now: datetime = NOW
) -> Ticket:
    """A technician sends the form of a solution, with words for the requesters of its duplicates."""
    assert number is not None
    return desk.do(
        lambda uow: resolution.resolve(uow, number, Solution(SOLUTION, words)), by, now, surface="triage"
    )


def rate(desk: SmallDesk, ticket: Ticket, by: Actor, rating: Rating, *, now: datetime = NOW) -> Ticket:
    """The requester presses a face."""
    return desk.do(lambda uow: satisfaction.rate(uow, ticket.id, rating), by, now)


def wake(desk: SmallDesk, ticket: Ticket, now: datetime) -> Ticket:
    """The date has come that held tickets wait for."""
    desk.do(triage.resume_on_date, now=now)
    return again(desk, ticket)


def release(desk: SmallDesk, ticket: Ticket, now: datetime) -> Ticket:
    """Who has it has left the team."""
    held = again(desk, ticket)

    def leave(uow: UnitOfWork) -> None:
        departure = Departure(
            person_id=held.assignee_id,
            team_id=held.team_id,
            channel="C1",
            left_at=now,
            state=DepartureState.RELEASING,
        )
        uow.session.add(departure)
        uow.session.flush()
        go_on(uow, departure.id)

    desk.do(leave, now=now)
    return again(desk, ticket)


def free(desk: SmallDesk, ticket: Ticket, by: Actor, now: datetime) -> None:
    """The ticket is attached to one of Oliver's, which is cancelled."""
    parent = desk.open(by=desk.actor("oliver"))
    desk.do(lambda uow: attach_to_ticket(uow, ticket.id, parent.id), by, now)
    desk.act(parent, Action.CANCEL, by, "Doublon.", now)
    with desk.sessions() as session:
        queued = select(Delivery).where(Delivery.kind == DeliveryKind.CHILDREN).order_by(Delivery.id.desc())
        [last, *_before] = session.scalars(queued)
    do_portion(desk.sessions, last, now=now)


def again(desk: SmallDesk, ticket: Ticket) -> Ticket:
    """The ticket as it is now."""
    with desk.sessions() as session:
        return session.get_one(Ticket, ticket.id)


def ticket_in_state(desk: SmallDesk, *actions: Action) -> Ticket:
    """A ticket of Camille's with both its cards, to which Karim and she have done this, a minute each."""
    ticket = desk.open()
    cards(desk, ticket)
    for minutes, action in enumerate(actions, 1):
        ticket = perform(desk, ticket, action, NOW + minutes * MINUTE)
    return ticket


def perform(desk: SmallDesk, ticket: Ticket, action: Action, now: datetime) -> Ticket:
    """One action by its use case, by Camille if it is a requester's, else by Karim."""
    camille, karim = desk.actor("camille"), desk.actor("karim", "assistance")
    words, ts = f"{action}…", f"{now.timestamp():.3f}"
    match action:
        case Action.REPLY | Action.ASK:
            return reply(desk, ticket, karim, words, waits=action is Action.ASK, now=now)
        case Action.NOTE:
            return note(desk, ticket, karim, words, now=now)
        case Action.ANSWER | Action.COMMENT:
            hear(desk, ticket, camille, words, ts=ts, now=now)
        case Action.ASSIGN:
            seen = karim if again(desk, ticket).assignee_id == karim.id else None
            return assign(desk, ticket, karim, desk.actor("lea", "assistance"), seen=seen, now=now)
        case Action.HOLD:
            return hold(desk, ticket, karim, HoldReason.DATE, NOW + DAY, why=words, now=now)
        case Action.WAKE:
            return wake(desk, ticket, NOW + DAY)
        case Action.REQUALIFY:
            return requalify(desk, ticket, karim, impact=Impact.SERVICE, now=now)
        case Action.EDIT:
            return edit_ticket(desk, ticket, camille, title=words, now=now)
        case Action.TRANSFER:
            return requalify(desk, ticket, karim, team="reseau", why=words, now=now)
        case Action.DUPLICATE:
            return link(desk, ticket, karim, desk.open().id, now=now)
        case Action.ATTACH:
            draft = OutageDraft(f"outage {ticket.id}", "Messagerie en panne")
            outage = desk.do(lambda uow: declare(uow, draft), karim, now)
            return desk.do(lambda uow: attach(uow, ticket.id, outage.id), karim, now)
        case Action.DETACH:
            return desk.do(lambda uow: detach(uow, ticket.id), karim, now)
        case Action.ORIGINAL_RESOLVED:
            link_old(desk, ticket, karim, desk.open(by=desk.actor("oliver")).id, now=now)
            resolve(desk, again(desk, ticket).duplicate_of_id, karim, now=now)
        case Action.FREE:
            free(desk, ticket, karim, now=now)
        case Action.UNASSIGN:
            return release(desk, ticket, now=now)
        case Action.CLOSE:
            desk.do(lambda uow: close(uow, uow.session.get_one(Ticket, ticket.id)), now=now)
        case Action.RATE:
            return rate(desk, ticket, camille, Rating.GOOD, now=now)
        case Action.AGREE | Action.DECLINE | Action.QUERY | Action.COMPLETE | Action.CHOOSE_APPROVER:
            bring_agreement_on(desk, ticket, action, words, now=now)
        case Action.REQUEST_AGREEMENT | Action.RECORD_AGREEMENT:
            ask_by_hand(desk, ticket, action, words, now=now)
        case _:
            by = camille if action in REQUESTERS else karim
            return desk.act(ticket, action, by, words, now)
    return again(desk, ticket)


def ask_by_hand(desk: SmallDesk, ticket: Ticket, action: Action, words: str, *, now: datetime) -> None:
    """Karim asks for Léa's agreement, or records it."""
    karim, lea = desk.actor("karim", "assistance"), desk.actor("lea")
    step = _present_step(desk, ticket)
    if action is Action.RECORD_AGREEMENT:
        given = Given(words, step=step.id if step else None)
        desk.do(lambda uow: record_agreement(uow, ticket.id, lea, given), karim, now)
    else:
        desk.do(lambda uow: request_agreement(uow, ticket.id, lea, "", words), karim, now)


def bring_agreement_on(desk: SmallDesk, ticket: Ticket, action: Action, words: str, *, now: datetime) -> None:
    """Léa decides; or Camille completes the request, or names Oliver once it is time to."""
    step, camille = _present_step(desk, ticket), desk.actor("camille")
    assert step is not None
    match action:
        case Action.COMPLETE:
            desk.do(lambda uow: complete_request(uow, ticket.id, words, answers=()), camille, now)
        case Action.CHOOSE_APPROVER:
            with desk.sessions.begin() as session:
                session.get_one(Approval, step.id).reminded = len(step.rule.moments)
            oliver = desk.actor("oliver")
            desk.do(lambda uow: choose_approver(uow, ticket.id, oliver), camille, now)
        case _:
            [decision] = [each for each, done in ACTIONS.items() if done is action]
            desk.do(lambda uow: decide_step(uow, step.id, decision, words), desk.actor("lea"), now)


def _present_step(desk: SmallDesk, ticket: Ticket) -> Approval | None:
    with desk.sessions() as session:
        return current(approvals_of(session, ticket.id))
