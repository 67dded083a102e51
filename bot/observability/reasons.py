"""Why a delivery was not sent, in a sentence for administrators: in logs, `/readyz`, doctor and the list."""

from collections.abc import Mapping

from models.outbox.reasons import Cause, Reason

SENTENCES: Mapping[Reason, str] = {
    Reason.REFUSED: "refused",
    Reason.ACCESS_REFUSED: "access refused",
    Reason.MESSAGE_GONE: "the message is gone",
    Reason.CHANNEL_REFUSED: "the channel cannot be written to",
    Reason.ACCOUNT_REFUSED: "the account is deactivated",
    Reason.RATE_LIMITED: "ratelimited",
    Reason.REMOTE_ERROR: "failed",
    Reason.NO_ANSWER: "no answer",
    Reason.TOO_SLOW: "too slow",
    Reason.NOT_SHARED_YET: "not shared yet",
    Reason.STORE_UNAVAILABLE: "unavailable",
    Reason.NO_SLACK_LINK: "no link to Slack",
    Reason.MAIL_REFUSED: "refused",
    Reason.MAIL_DEFERRED: "refused",
    Reason.MAIL_NO_ANSWER: "failed",
    Reason.MAIL_SENDER_REFUSED: "refused",
    Reason.MAIL_NOT_OFFERED: "is not offered",
    Reason.MAIL_TLS_FAILED: "failed: TLS",
    Reason.MAIL_LOGIN_NOT_ASCII: "failed: the user or password is not ASCII",
    Reason.ADDRESS_MALFORMED: "the address is malformed",
    Reason.ADDRESS_NEEDS_SMTPUTF8: "the address needs SMTPUTF8",
    Reason.UNKNOWN_CHANNEL: "no channel is known for the team",
    Reason.UNFIT_CHANNEL: "the team's channel is unfit for tickets",
    Reason.NO_CARD: "the team has no card to put it under",
    Reason.CHANNEL_FOUND: "the channel is known now",
    Reason.HANDOVER_IN_PROGRESS: "the ticket is being handed over",
    Reason.COMMENT_NOT_SENT: "the message that it came with was not sent",
    Reason.MESSAGE_NOT_POSTED: "the message in Slack that it opens is not posted yet",
    Reason.REMINDED_TODAY: "there was a reminder within a day",
    Reason.CLOSED_NOW: "outside of opening hours",
    Reason.ACCOUNT_DEACTIVATED: "the account was deactivated",
    Reason.LATER_EDIT_FOLLOWS: "a later edit follows",
    Reason.HANDED_OVER: "another team has the ticket now",
    Reason.NO_FORMER_CARD: "the team had no card",
    Reason.ANSWERED_BEFORE: "answered before it was sent",
    Reason.NO_RESOLUTION_REQUEST: "there is no approval request to rewrite",
    Reason.NO_DECISION: "there is no message about a decision to rewrite",
    Reason.HOME_NEVER_OPENED: "they never opened it",
    Reason.NO_ADDRESS: "no address is known",
    Reason.TICKET_FORGOTTEN: "the ticket was forgotten before it was sent",
    Reason.TICKET_MOVED_ON: "the ticket had moved on before it was sent",
    Reason.MAILS_EXHAUSTED: "there were enough emails about the ticket",
    Reason.CONFIDENTIAL: "its ticket is confidential: one message stands for the whole comment",
    Reason.COMMENT_WITHDRAWN: "its author deleted it before it was sent",
    Reason.FILE_WITHDRAWN: "its author deleted it before it was posted",
    Reason.FILE_UNAVAILABLE: "the file could not be fetched",
    Reason.NEVER_POSTED: "it had not been sent when the ticket moved on",
    Reason.OUTSIDE_HOURS: "the desk was closed by then",
    Reason.DRAFT_GONE: "what they wrote is no longer kept",
    Reason.LEASE_LOST: "another attempt has it",
    Reason.TEMPORARY_ERROR: "temporary error",
    Reason.UNEXPECTED_ERROR: "unexpected error",
    Reason.OTHER: "",
}
_SMTP = {
    Reason.MAIL_REFUSED,
    Reason.MAIL_DEFERRED,
    Reason.MAIL_NO_ANSWER,
    Reason.MAIL_SENDER_REFUSED,
    Reason.MAIL_NOT_OFFERED,
    Reason.MAIL_TLS_FAILED,
    Reason.MAIL_LOGIN_NOT_ASCII,
}


def describe(cause: Cause | None) -> str:
    """`chat.postMessage: channel_not_found`, `smtp: RCPT TO refused: 550 5.1.1`, `a later edit follows`;
    "" without a cause."""
    if cause is None:
        return ""
    sentence = SENTENCES[cause.reason]
    if cause.reason in _SMTP:
        step = " ".join(filter(None, (cause.call, sentence)))
        # "TLS" is followed by what failed of it.
        joint = " " if cause.reason is Reason.MAIL_TLS_FAILED else ": "
        return f"smtp: {step}{joint}{cause.code}" if cause.code else f"smtp: {step}"
    if cause.call is not None:
        return f"{cause.call}: {cause.code or sentence}"
    return ": ".join(filter(None, (sentence, cause.code)))
