"""The parts of the worker, made from those of the desk."""

from collections.abc import Callable
from time import monotonic
from urllib.parse import urljoin

from slack_sdk import WebClient

from bot.bootstrap import Desk, create_store
from bot.delivery.errors import Retryable
from bot.delivery.rendering.rendered import Sent
from bot.delivery.senders.files import SlackFiles
from bot.delivery.senders.mail import ConsoleMailer, Mailer
from bot.delivery.senders.slack import SlackSender
from bot.delivery.senders.smtp.mailer import SmtpMailer
from bot.delivery.sending import Senders
from bot.delivery.worker import Worker
from bot.settings import Settings
from bot.slack import unanswered
from bot.slack.client import UNANSWERED
from bot.slack.identity import Identity
from models.outbox.reasons import Reason

LINK_RETRY_AFTER = 60.0  # seconds


def create_worker(desk: Desk) -> Worker:
    """Wire the worker; nothing is started. Raises `SettingsError` when only one of the two keys of
    ATTACHMENTS_URL is set."""
    settings = desk.settings
    client = desk.worker_directory.client
    senders = Senders(
        slack=SlackSender(client),
        files=SlackFiles(client),
        store=create_store(settings),
        mailer=create_mailer(settings),
        settings=settings,
        link=app_link(desk.directory.client, settings.slack_api_url, desk.directory.identity),
        directory=desk.worker_directory,
        people=desk.directory,
    )
    return Worker(desk.worker_sessions, senders, desk.clock)


def app_link(
    client: WebClient, api_url: str, identity: Identity | None = None
) -> Callable[[Sent | None], str]:
    """A function that returns the URL which opens a message in Slack (docs.slack.dev, "chat.getPermalink"),
    or the app when there is none ("Deep linking").

    Slack is asked once, and again after `LINK_RETRY_AFTER` if it does not answer; until then the function
    raises `Retryable`.
    """
    identity = identity or Identity(client)
    known = dict[str, str]()
    failed_at = [-LINK_RETRY_AFTER]

    def app() -> str:
        who = identity.installation() if identity.known and identity.known.bot_id else identity.ask()
        app_id = client.bots_info(bot=str(who.bot_id))["bot"]["app_id"]
        return urljoin(api_url, f"/app_redirect?app={app_id}&team={who.team_id}")

    def once(name: str, ask: Callable[[], str]) -> str:
        if name in known:
            return known[name]
        if monotonic() - failed_at[0] < LINK_RETRY_AFTER:
            raise Retryable(Reason.NO_SLACK_LINK)
        try:
            return known.setdefault(name, ask())
        except UNANSWERED as error:
            failed_at[0] = monotonic()
            raise Retryable(Reason.NO_SLACK_LINK, code=unanswered.explain(error)) from error

    def link(message: Sent | None = None) -> str:
        if message is None:
            return once("app", app)
        workspace = once("workspace", lambda: str(client.auth_test()["url"]))
        return urljoin(workspace, f"/archives/{message.channel}/p{message.ts.replace('.', '')}")

    return link


def create_mailer(settings: Settings) -> Mailer:
    """The mailer of SMTP_URL."""
    return SmtpMailer(settings.smtp_url.get_secret_value()) if settings.smtp_url else ConsoleMailer()
