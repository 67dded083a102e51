"""One handler for everything that goes wrong: words where the person is looking, a reference in the log."""

import logging
import secrets
from collections.abc import Callable
from datetime import date, datetime

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from blocks import ids, labels
from blocks.i18n import Translator, translator
from blocks.kit.fields import block_of
from blocks.kit.notices import notice, with_alert
from blocks.kit.text import escape
from blocks.kit.values import Payload
from blocks.tickets.new_ticket import same_message
from blocks.tickets.technician_forms.meanwhile import asked_again, done_lines
from bot.context.actor import Actor
from bot.db.refusals import refusal
from bot.db.session import Sessions
from bot.observability import slack_waits
from bot.observability.slack_requests import SLACK_FAILED
from bot.slack import access, budget
from bot.slack.client import PASSING, UNANSWERED
from bot.slack.event_deduplication import will_be_retried
from models.errors import (
    ActedMeanwhile,
    HelpDeskError,
    Limit,
    LimitReached,
    MadeFromMessage,
    SlackUnavailable,
    TransitionRefused,
)
from models.fields import FieldRefused

logger = logging.getLogger(__name__)

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
        body: Payload,
        context: BoltContext,
        client: WebClient,
        ack: Ack,
        request: BoltRequest,
    ) -> BoltResponse:
        context[SLACK_FAILED] = _is_slacks(error)
        if is_passing(error) and will_be_retried(request):
            logger.warning("an event is left for Slack to tell again: %s", _passing_reason(error))
            return BoltResponse(status=503)
        context["error"] = error  # for the line that is logged of each payload
        if refused := access.refusal(error):
            access.report(sessions, clock, refused)
        actor: Actor | None = context.get("actor")
        _ = translator(actor.locale if actor else locale)
        words = explain(_, error, actor)
        if body.get("type") == "view_submission":
            return _answer_form(_, words, error, body["view"], ack)
        if body.get("type") == "block_suggestion":  # its answer has options only, and no view can be opened
            return ack(options=[])
        if "command" in body:
            return ack(text=escape(words), response_type="ephemeral")
        try:
            _tell(_, words, body, client)
        except UNANSWERED as untold:
            logger.warning("an error could not be shown: Slack does not answer")
            # Words that were refused: whoever typed them has to know.
            if _slack_code(untold) in PASSES and will_be_retried(request):
                return BoltResponse(status=503)
        return ack()


def is_passing(error: Exception) -> bool:
    """Whether the same may well succeed in a minute."""
    return isinstance(error, (*DATABASE_FAILED, SlackUnavailable))


def _is_slacks(error: Exception) -> bool:
    """Whether it failed because Slack did not answer, or is not well."""
    is_passing_in_slack = isinstance(error, UNANSWERED) and _slack_code(error) in PASSES
    return isinstance(error, SlackUnavailable) or is_passing_in_slack


def _passing_reason(error: Exception) -> str:
    return str(refusal(error)) if isinstance(error, SQLAlchemyError) else "Slack does not answer"


def explain(_: Translator, error: Exception, actor: Actor | None) -> str:
    """The words for an error. What is no `HelpDeskError` is logged under a reference that the words name."""
    match error:
        case TransitionRefused():
            return _(error.message, **_transition(_, error), **_values(_, error, actor))
        case ActedMeanwhile():
            return _(error.message, done=done_lines(_, error))
        case LimitReached():
            return _limit(_, error, actor)
        case HelpDeskError():
            return _(error.message, **_values(_, error, actor))
    if access.refusal(error):
        return _(
            "Slack is denying the help desk access, so what you see may be out of date. The administrators "
            "have been notified."
        )
    reference = secrets.token_hex(4).upper()
    if isinstance(error, UNANSWERED) and (code := _slack_code(error)) in TOO_LATE:
        logger.warning("reference %s: too late for Slack: %s", reference, code)
        return _("Slack did not respond in time, so what you see may be out of date. Please open it again.")
    if isinstance(error, DATABASE_FAILED):
        # Without its parameters: they are what people typed.
        logger.error("reference %s: the database failed: %s", reference, refusal(error))
        return _(
            "The help desk cannot save anything right now. Nothing is lost. Please leave this window open "
            "and try again in a minute (reference {reference}).",
            reference=reference,
        )
    logger.error("reference %s", reference, exc_info=error)
    return _(
        "Something went wrong on our side. Please check whether it was done, and try again if not. If the "
        "problem continues, quote the reference {reference} to the IT department.",
        reference=reference,
    )


def _slack_code(error: Exception) -> str:
    """Slack's own code for a refused call, or `unanswered`."""
    response = getattr(error, "response", None)
    if response is None or response.status_code >= 500:
        return "unanswered"
    return str(response.get("error"))


def _values(_: Translator, error: HelpDeskError, actor: Actor | None) -> dict[str, object]:
    """What fills an error's message, as its reader reads it."""
    values = error.values.items()
    return {name: _shown(_, each, actor) for name, each in values}


def _shown(_: Translator, value: object, actor: Actor | None) -> object:
    if isinstance(value, datetime):
        return _when(_, value, actor)
    return _.day(value) if isinstance(value, date) else value


def _transition(_: Translator, error: TransitionRefused) -> dict[str, object]:
    """The labels in the message: the state now, and what led to it."""
    labelled: dict[str, object] = {"state": _(labels.STATUS[error.status]).lower()}
    if error.last_action is not None:
        labelled["done"] = labels.done_by(_, error.last_action, str(error.last_actor), error.last_details)
    return labelled


def _limit(_: Translator, error: LimitReached, actor: Actor | None) -> str:
    """What the limit is, when it ends, and what to do until then."""
    values = {**_values(_, error, actor), "most": _.number(error.most)}
    call = _("If it is urgent, please call the help desk.")
    return f"{_(error.message, **values)} {_(error.advice, **values)} {call}"


def _when(_: Translator, at: datetime, actor: Actor | None) -> str:
    return _.date_time(at, actor.time_zone if actor else "Europe/Paris")


def _answer_form(_: Translator, words: str, error: Exception, view: Payload, ack: Ack) -> BoltResponse:
    """Put the words into the form that was sent; in the place of one that has no input."""
    if isinstance(error, ActedMeanwhile):
        return ack(response_action="update", view=asked_again(_, view, words, error))
    if isinstance(error, MadeFromMessage):
        return ack(response_action="update", view=same_message.asked_again(_, view, words, error))
    field = _field(error, view)
    if field is None:
        return ack(response_action="update", view=notice(_, words))
    return ack(response_action="errors", errors={field: words})


def _field(error: Exception, view: Payload) -> str | None:
    """The input that an error concerns, or the form's first one."""
    inputs = [block["block_id"] for block in view.get("blocks", ()) if block["type"] == "input"]
    if isinstance(error, LimitReached) and error.limit is Limit.FILES and ids.FILES in inputs:
        return ids.FILES
    if isinstance(error, FieldRefused) and (block_id := block_of(error, inputs)):
        return block_id
    return str(inputs[0]) if inputs else None


def _tell(_: Translator, words: str, body: Payload, client: WebClient) -> None:
    """Put the words where the person clicked."""
    view = body.get("view")
    if view and view.get("type") == "modal":
        client.views_update(view_id=view["id"], view=with_alert(view, words))
    elif "trigger_id" in body and (view or body.get("type") == "shortcut"):
        client.views_open(trigger_id=body["trigger_id"], view=notice(_, words))
    elif "response_url" in body:
        # Slack takes it without a token; Bolt's own `respond` would wait for 30 s.
        answer = WebhookClient(body["response_url"], timeout=budget.remaining(1.0))  # type: ignore[arg-type]
        with slack_waits.for_slack():
            answer.send(text=escape(words), response_type="ephemeral", replace_original=False)
    elif (event := body.get("event", {})).get("type") == "message" and "user" in event:
        thread = {"thread_ts": event["thread_ts"]} if "thread_ts" in event else {}
        client.chat_postEphemeral(channel=event["channel"], user=event["user"], text=escape(words), **thread)
