"""`guichet doctor`: checks the database, attachments, Slack, channels, approvers, deliveries and e-mail."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from email.utils import parseaddr

from sqlalchemy.exc import SQLAlchemyError

from bot.bootstrap import Desk, create_desk, create_store
from bot.db.revisions import mismatch
from bot.delivery import outbox
from bot.delivery.errors import DeliveryError
from bot.delivery.senders.smtp.answers import Stage
from bot.delivery.senders.smtp.dialogue import SmtpPaused
from bot.delivery.senders.smtp.mailer import SmtpMailer
from bot.mail_address import ascii_address
from bot.observability.health import not_sending_reasons
from bot.ops.approvals import check_approvers
from bot.ops.finding import Finding
from bot.services import articles
from bot.settings import Settings
from bot.slack.client import UNANSWERED, error_code
from bot.slack.slack_time import SLACK_TIME
from bot.storage.base import Store, StoreUnavailable
from models.article import Article


def examine(settings: Settings) -> Iterator[Finding]:
    """Run all checks."""
    desk = create_desk(settings)
    try:
        database = list(_database(desk))
        yield from database
        yield check_store(create_store(settings))
        yield from _slack(desk, {finding.text for finding in database})
        yield from check_mail(settings)
    finally:
        desk.disconnect()


def _database(desk: Desk) -> Iterator[Finding]:
    try:
        wrong_revision = mismatch(desk.worker_engine)
        reasons = [] if wrong_revision else not_sending_reasons(desk.sessions, now=desk.clock())
    except SQLAlchemyError as error:
        yield Finding(False, f"DATABASE_URL: the database does not answer: {type(error).__name__}")
        return
    if wrong_revision:
        yield Finding(False, wrong_revision)
        return
    yield Finding(True, "database")
    yield from (Finding(False, reason) for reason in reasons)
    with desk.sessions() as session:
        dead = outbox.count_dead(session)
        late = articles.past_review(session, desk.clock().date())
    if dead:
        yield Finding(False, f"deliveries given up: {dead}; see `guichet deliveries list`")
    yield from map(_to_review, late)


def _to_review(article: Article) -> Finding:
    text = (
        f"article {article.id} ({article.title.fr}): review due since {article.review_on}, by {article.owner}"
    )
    return Finding(True, text, is_warning=True)


def check_store(store: Store) -> Finding:
    """Write, read and delete an object in the store."""
    try:
        store.put("guichet-doctor", b"written and read by guichet doctor\n")
        store.get("guichet-doctor")
        # Amazon answers AccessDenied for a missing object when the keys may not list ("GetObject").
        with suppress(FileNotFoundError):
            store.get("guichet-doctor-missing")
        store.delete("guichet-doctor")
    except StoreUnavailable as error:
        return Finding(False, f"ATTACHMENTS_URL: {store}: {error.reason}")
    except FileNotFoundError:
        return Finding(False, f"ATTACHMENTS_URL: {store}: an object that was written cannot be read back")
    return Finding(True, f"attachments: {store}")


def _slack(desk: Desk, reported: set[str]) -> Iterator[Finding]:
    try:
        who = desk.app.client.auth_test()
        missing = desk.worker_directory.resolve_channels()
    except UNANSWERED as error:
        code = error_code(error)
        problem = f"Slack answers {code}" if code else f"no answer from Slack: {type(error).__name__}"
        yield Finding(False, f"SLACK_BOT_TOKEN: {problem}")
        return
    except SQLAlchemyError:  # reported by `_database`
        missing = []
    yield Finding(True, f"Slack: {who['team']}")
    if clock_problem := SLACK_TIME.problem():
        yield Finding(False, clock_problem)
    with suppress(SQLAlchemyError):
        # Reading the channels may have found new problems.
        reasons = not_sending_reasons(desk.sessions, now=desk.clock())
        yield from (Finding(False, reason) for reason in reasons if reason not in reported)
    yield from (Finding(False, f"the bot is not in {name}: run `/invite @guichet` there") for name in missing)
    with suppress(SQLAlchemyError), desk.sessions() as session:
        client, field = desk.app.client, desk.settings.manager_field
        yield from check_approvers(session, client, manager_field=field)


def check_mail(settings: Settings) -> Iterator[Finding]:
    """Log in to the mail server, and check that it accepts MAIL_FROM; nothing is sent."""
    if settings.smtp_url is None:
        yield Finding(True, "e-mail: SMTP_URL is not set; e-mails are printed instead of sent")
        return
    sender = ascii_address(parseaddr(settings.mail_from)[1])
    try:
        SmtpMailer(settings.smtp_url.get_secret_value(), timeout=5).check(sender)
    except SmtpPaused as error:
        setting = "MAIL_FROM" if error.stage is Stage.MAIL_FROM else "SMTP_URL"
        yield Finding(False, f"{setting}: {error}; {MAIL_ADVICE[error.stage]}")
    except DeliveryError as error:
        yield Finding(False, f"SMTP_URL: {error}")
    else:
        yield Finding(True, "e-mail")


MAIL_ADVICE: Mapping[Stage, str] = {
    Stage.GREETING: "the mail server refuses this machine, or the URL has the wrong scheme",
    Stage.EHLO: "the mail server refuses this machine's host name",
    Stage.STARTTLS: "no encrypted connection: check the certificate, or use another scheme",
    Stage.AUTH: "the mail server refuses the user and password, or offers no login",
    Stage.MAIL_FROM: "this user or machine may not send from this address",
}
"""What to check, by the stage at which the server refuses us."""
