"""One handler for everything that goes wrong: words where the person is looking, a reference in the log."""

import logging
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from blocks import ids, labels
from blocks.i18n import N_, Translator, translator
from blocks.kit.notices import notice, with_alert
from blocks.kit.text import escape
from bot.context.actor import Actor
from bot.db.session import Sessions
from bot.slack import access, budget
from bot.slack.client import PASSING, UNANSWERED
from bot.slack.event_deduplication import will_be_retried
from models.errors import (
    AccountNotSupported,
    AccountUnattended,
    FieldRefused,
    HelpDeskError,
    Limit,
    LimitReached,
    NotRecorded,
    OutageNotFound,
    OutageOver,
    OutageResolved,
    OutageTeamOnly,
    RatedAlready,
    ReopeningTooLate,
    RoleRefused,
    SentAlready,
    ServiceNotFound,
    SlackUnavailable,
    StalePayload,
    TechniciansOnly,
    TicketNotFound,
    TransitionRefused,
)
from models.lifecycle import Action

logger = logging.getLogger(__name__)

FIELD_REASONS: Mapping[str, str] = {
    "blank": N_("Please write something here: blanks alone say nothing."),
    "missing": N_("Please fill this in."),
    "too_long": N_("This is too long: please shorten it."),
    "unknown": N_("This choice is no longer offered: please choose again."),
    "not_yours": N_("You cannot set this: please choose what is offered."),
    "not_of_the_team": N_("This person is not in the ticket’s team: choose one of its members."),
    "past": N_("This date is past: please choose one to come."),
    "why_another_team": N_("Please tell the other team why you hand the ticket over."),
    "no_such_ticket": N_("You have no ticket with this number: look for it with /chercher."),
    "closed_already": N_("This ticket is closed: give the number of one that goes on."),
    "solution_of_an_open_ticket": N_("You wrote a solution: choose “Resolved”, or clear the solution."),
    "itself_a_duplicate": N_("This is the same ticket, or a duplicate itself: give the original’s number."),
    "read_by_nobody": N_(
        "Nobody reads this account: it was deactivated, or belongs to a bot or a workflow. "
        "Choose another person."
    ),
    "not_served": N_("The help desk serves the people of this workspace only: choose another person."),
}

PLAIN: Mapping[type[HelpDeskError], str] = {
    RatedAlready: N_("You have told us already: thank you."),
    StalePayload: N_("This is out of date. Please close it, then open it again."),
    SentAlready: N_(
        "This was sent already, as it stood first: what you changed since was not taken over. "
        "Close this form, and write it anew."
    ),
    TicketNotFound: N_("This ticket does not exist, or is not yours."),
    ServiceNotFound: N_(
        "This service has left the catalogue. Copy your text, and choose another service or a plain ticket."
    ),
    TechniciansOnly: N_(
        "This is for technicians: the members of a team’s channel. Your own tickets are under /mes-tickets."
    ),
    OutageNotFound: N_("This outage does not exist."),
    OutageOver: N_("This outage is over. If something still does not work for you, please file a ticket."),
    OutageTeamOnly: N_("Only the members of the team that declared this outage can do this."),
    AccountNotSupported: N_(
        "The help desk serves the accounts of this workspace only. "
        "Please ask somebody here to file the ticket."
    ),
    SlackUnavailable: N_("Slack did not answer in time. Nothing was changed: please try again in a moment."),
}

ROLES: Mapping[Action, str] = {
    Action.APPROVE: N_("Only the requester can approve a solution."),
    Action.REFUSE: N_("Only the requester can refuse a solution."),
    Action.REOPEN: N_("Only the requester can reopen this ticket."),
    Action.RATE: N_("Only the requester can say how satisfied they are."),
    Action.COMMENT: N_("Only the requester can write here."),
    Action.ANSWER: N_("Only the requester can write here."),
    Action.CANCEL: N_("Only the requester or their technicians can cancel this ticket."),
}
MEMBERS_ONLY = N_("Only the members of this ticket’s team can do this.")


# What the database raises when it is away, too slow, or when somebody else was faster each time.
DATABASE_FAILED = (DBAPIError, PoolTimeout, StaleDataError)
# Slack's codes that say nothing against what we sent: the moment has passed, or Slack is not well.
PASSES = PASSING | {"unanswered", "ratelimited"}
TOO_LATE = PASSES | {"expired_trigger_id", "exchanged_trigger_id", "not_found"}


def register(app: App, sessions: Sessions, clock: Callable[[], datetime], locale: str) -> None:
    """Make `app` answer errors in words; in `locale` whom it does not know yet."""

    @app.error
    def answer(
        error: Exception,
        body: dict[str, Any],
        context: BoltContext,
        client: WebClient,
        ack: Ack,
        request: BoltRequest,
    ) -> BoltResponse:
        if is_passing(error) and will_be_retried(request):
            logger.warning("an event is left for Slack to tell again: %s", type(error).__name__)
            return BoltResponse(status=503)
        context["error"] = error  # for the line that is logged of each payload
        if refused := access.refusal(error):
            access.report(sessions, clock, refused)
        actor: Actor | None = context.get("actor")
        _ = translator(actor.locale if actor else locale)
        words = explain(_, error, actor)
        if body.get("type") == "view_submission":
            return _answer_form(_, words, error, body["view"], ack)
        if "command" in body:
            return ack(text=escape(words), response_type="ephemeral")
        try:
            _tell(_, words, body, client)
        except UNANSWERED as untold:
            logger.warning("an error could not be told: Slack does not answer")
            # Words that were refused: whoever typed them has to know.
            if _slack_code(untold) in PASSES and will_be_retried(request):
                return BoltResponse(status=503)
        return ack()


def is_passing(error: Exception) -> bool:
    """Whether the same may well succeed in a minute."""
    return isinstance(error, (*DATABASE_FAILED, SlackUnavailable))


def explain(_: Translator, error: Exception, actor: Actor | None) -> str:
    """The words for an error. What is no `HelpDeskError` is logged under a reference that the words name."""
    match error:
        case TransitionRefused():
            return _refused(_, error, actor)
        case RoleRefused(action=action):
            return _(ROLES.get(action, MEMBERS_ONLY))
        case ReopeningTooLate(number=number, days=days):
            return _(
                "No. {number} was closed more than {days} days ago: please file a new ticket.",
                number=number,
                days=days,
            )
        case OutageResolved(by=name, at=at):
            return _("Too late: {name} resolved this outage on {at}.", name=name, at=_when(_, at, actor))
        case NotRecorded(handed_over=True):
            return _("Another team has this ticket now: what you wrote here was not kept.")
        case NotRecorded():
            return _("What is written under an outage is not kept: write under a ticket’s card, or amend it.")
        case LimitReached():
            return _too_much(_, error, actor)
        case FieldRefused(reason=reason):
            return _(FIELD_REASONS[reason])
        case AccountUnattended():
            return _(PLAIN[AccountNotSupported])
        case HelpDeskError():
            return _(PLAIN[type(error)])
    if access.refusal(error):
        return _(
            "Slack refuses the help desk its access: what you see may be out of date. "
            "Those who run the help desk have been told."
        )
    reference = secrets.token_hex(4).upper()
    if isinstance(error, UNANSWERED) and (code := _slack_code(error)) in TOO_LATE:
        logger.warning("reference %s: too late for Slack: %s", reference, code)
        return _("Slack did not answer in time: what you see may be out of date. Please open it again.")
    if isinstance(error, DATABASE_FAILED):
        # Without its parameters: they are what people typed.
        logger.error("reference %s: the database failed: %s", reference, type(error).__name__)
        return _(
            "The help desk cannot save anything right now. Nothing is lost: leave this window open and try "
            "again in a minute (reference {reference}).",
            reference=reference,
        )
    logger.error("reference %s", reference, exc_info=error)
    return _(
        "Something went wrong on our side. Please look whether it was done, and try again if not; "
        "if it goes on, give the reference {reference} to the IT department.",
        reference=reference,
    )


def _slack_code(error: Exception) -> str:
    """Slack's own code for a refused call, or `unanswered`."""
    response = getattr(error, "response", None)
    if response is None or response.status_code >= 500:
        return "unanswered"
    return str(response.get("error"))


def _refused(_: Translator, error: TransitionRefused, actor: Actor | None) -> str:
    state = _(labels.STATUS[error.status]).lower()
    if error.last_action is None or error.last_at is None:
        return _("This is no longer possible: the ticket is “{state}”.", state=state)
    done = labels.done_by(_, error.last_action, str(error.last_actor), error.last_details)
    return _(
        "Too late. {done} on {at}: the ticket is now “{state}”.",
        done=done,
        at=_when(_, error.last_at, actor),
        state=state,
    )


def _too_much(_: Translator, error: LimitReached, actor: Actor | None) -> str:
    """What the limit is, when it ends, and what to do until then."""
    most = _.number(error.most)
    match error.limit:
        case Limit.TICKETS:
            words = _(
                "This ticket was not filed: you have filed {most} in 24 hours, as many as one person may.",
                most=most,
            )
        case Limit.COMMENTS:
            words = _(
                "This message was not passed on: you have written {most} in 24 hours, as many as one person "
                "may.",
                most=most,
            )
        case Limit.FILES:
            words = _(
                "This was not passed on: with these files you would send more than {most} MB in 24 hours.",
                most=most,
            )
    call = _("If it cannot wait, please call the help desk.")
    if error.until is None:
        then = _("Please send fewer files, or smaller ones.")
    else:
        then = _("You can send it again from {when} on.", when=_when(_, error.until, actor))
    return f"{words} {then} {call}"


def _when(_: Translator, at: datetime, actor: Actor | None) -> str:
    return _.date_time(at, actor.time_zone if actor else "Europe/Paris")


def _answer_form(_: Translator, words: str, error: Exception, view: dict[str, Any], ack: Ack) -> BoltResponse:
    """Put the words into the form that was sent; in the place of one that has no input."""
    field = _field(error, view)
    if field is None:
        return ack(response_action="update", view=notice(_, words))
    return ack(response_action="errors", errors={field: words})


def _field(error: Exception, view: dict[str, Any]) -> str | None:
    """The input that an error concerns, or the form's first one."""
    inputs = [block["block_id"] for block in view.get("blocks", ()) if block["type"] == "input"]
    if isinstance(error, LimitReached) and error.limit is Limit.FILES and ids.FILES in inputs:
        return ids.FILES
    if isinstance(error, FieldRefused):
        sort, _colon, question = error.field.partition(":")
        fields = {"text": (ids.SOLUTION, ids.REASON)}.get(sort, (sort,))
        for block_id in inputs:
            if block_id in fields or (question and block_id.endswith(f".{question}")):
                return str(block_id)
    return str(inputs[0]) if inputs else None


def _tell(_: Translator, words: str, body: dict[str, Any], client: WebClient) -> None:
    """Put the words where the person clicked."""
    view = body.get("view")
    if view and view.get("type") == "modal":
        client.views_update(view_id=view["id"], view=with_alert(view, words))
    elif "trigger_id" in body and (view or body.get("type") == "shortcut"):
        client.views_open(trigger_id=body["trigger_id"], view=notice(_, words))
    elif "response_url" in body:
        # Slack takes it without a token; Bolt's own `respond` would wait for 30 s.
        answer = WebhookClient(body["response_url"], timeout=budget.remaining(1.0))  # type: ignore[arg-type]
        answer.send(text=escape(words), response_type="ephemeral", replace_original=False)
    elif (event := body.get("event", {})).get("type") == "message" and "user" in event:
        thread = {"thread_ts": event["thread_ts"]} if "thread_ts" in event else {}
        client.chat_postEphemeral(channel=event["channel"], user=event["user"], text=escape(words), **thread)
