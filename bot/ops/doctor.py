"""What is wrong, for an administrator: database, attachments, Slack, channels, deliveries, e-mail."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr

from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import Desk, create_desk, create_store
from bot.db.revisions import mismatch
from bot.delivery import outbox
from bot.delivery.errors import DeliveryError
from bot.delivery.senders.smtp import SmtpMailer
from bot.delivery.senders.smtp_answers import Stage
from bot.delivery.senders.smtp_dialogue import SmtpPaused
from bot.mail_address import ascii_address
from bot.observability.health import stopped
from bot.settings import Settings
from bot.slack.client import UNANSWERED, error_code
from bot.slack.slack_time import SLACK_TIME
from bot.storage.base import Store, StoreUnavailable


@dataclass(frozen=True)
class Finding:
    """One thing looked at: well or not, in words."""

    ok: bool
    words: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, and say each thing."""
    desk = create_desk(settings)
    try:
        database = list(_database(desk))
        yield from database
        yield look_at_store(create_store(settings))
        yield from _slack(desk, {finding.words for finding in database})
        yield from look_at_mail(settings)
    finally:
        desk.disconnect()


def _database(desk: Desk) -> Iterator[Finding]:
    try:
        other_version = mismatch(desk.worker_engine)
        reasons = [] if other_version else stopped(desk.sessions, now=desk.clock())
    except SQLAlchemyError as error:
        yield Finding(False, f"DATABASE_URL: {type(error).__name__}; is it there?")
        return
    if other_version:
        yield Finding(False, other_version)
        return
    yield Finding(True, "database")
    yield from (Finding(False, reason) for reason in reasons)
    with desk.sessions() as session:
        dead = outbox.count_dead(session)
    if dead:
        yield Finding(False, f"given up, see guichet deliveries list: {dead}")


def look_at_store(store: Store) -> Finding:
    """Whether what is kept in a store is found again. It leaves one small object there, always the same."""
    try:
        store.put("guichet-doctor", b"written and read by guichet doctor\n")
        store.get("guichet-doctor")
        # Amazon's says AccessDenied of what is not there to those who may not list (its "GetObject").
        with suppress(FileNotFoundError):
            store.get("guichet-doctor-never-kept")
        store.delete("guichet-doctor")  # what people take back has to leave
    except StoreUnavailable as error:
        return Finding(False, f"ATTACHMENTS_URL: {store}: {error.reason}")
    except FileNotFoundError:
        return Finding(False, f"ATTACHMENTS_URL: {store}: what is written there is not found again")
    return Finding(True, f"attachments: {store}")


def _slack(desk: Desk, said: set[str]) -> Iterator[Finding]:
    try:
        who = desk.app.client.auth_test()
        missing = desk.worker_directory.resolve_channels()
    except UNANSWERED as error:
        code = error_code(error) or type(error).__name__
        yield Finding(False, f"SLACK_BOT_TOKEN: Slack says {code}")
        return
    except SQLAlchemyError:  # who the teams are; what is wrong there has been said
        missing = []
    yield Finding(True, f"Slack: {who['team']}")
    if problem := SLACK_TIME.problem():
        yield Finding(False, problem)
    with suppress(SQLAlchemyError):
        # Said before of what was known before; a channel may have become unfit since.
        yield from (
            Finding(False, words) for words in stopped(desk.sessions, now=desk.clock()) if words not in said
        )
    yield from (Finding(False, f"the bot is not in {name}: invite it there") for name in missing)


def look_at_mail(settings: Settings) -> Iterator[Finding]:
    """Whether the mail server lets us in, and MAIL_FROM send; nothing is sent."""
    if settings.smtp_url is None:
        yield Finding(True, "e-mail: SMTP_URL is not set, e-mails are printed")
        return
    sender = ascii_address(parseaddr(settings.mail_from)[1])
    try:
        SmtpMailer(settings.smtp_url.get_secret_value(), timeout=5).check(sender)
    except SmtpPaused as error:
        setting = "MAIL_FROM" if error.stage is Stage.MAIL_FROM else "SMTP_URL"
        yield Finding(False, f"{setting}: {error.reason}; {MAIL_ADVICE[error.stage]}")
    except DeliveryError as error:
        yield Finding(False, f"SMTP_URL: {error.reason}")
    else:
        yield Finding(True, "e-mail")


MAIL_ADVICE: Mapping[Stage, str] = {
    Stage.GREETING: "the mail server takes nothing from this machine, or the scheme is another",
    Stage.EHLO: "the mail server refuses the name of this machine",
    Stage.STARTTLS: "the line cannot be encrypted: see the certificate, or use another scheme",
    Stage.AUTH: "the mail server refuses the user and password, or takes none here",
    Stage.MAIL_FROM: "the mail server does not let this user or machine send from this address",
}
"""What is refused, by stage, before there is any message."""
