"""`guichet demo`: the bot, its worker and a local Slack in one process, on a fresh database."""

import errno
import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import typer
from pydantic import SecretStr
from sqlalchemy import exists, or_, select

from bot.bootstrap import Desk, create_desk, find_channels
from bot.catalogue.calendar.build import calendar_of_desk
from bot.catalogue.file import read_catalogue
from bot.catalogue_search.loaded import make_index
from bot.delivery.periodic import JOBS
from bot.delivery.worker import PERIODIC_CHECK
from bot.local_slack import workspace_for
from bot.ops.release import prepare
from bot.running.slack_at_start import SlackAtStart
from bot.running.socket_connection import SocketConnection
from bot.running.worker_threads import WorkerThreads
from bot.settings import Settings, SettingsError, load_settings
from bot.slack.manifest import manifest
from bot.temporary import temporary_folder
from models.calendar.calendar import Calendar
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryState
from models.outbox.schedule import Periodic
from playground.state.people import MANAGER_FIELD
from playground.state.workspace import APP_TOKEN, BOT_TOKEN
from playground.testing import Playground


def run_demo(host: str, port: int, *, until: Callable[[], object]) -> None:
    """Open for business until `until` returns. The database and the mails are gone afterwards."""
    given = load_settings()
    catalogue = read_catalogue(given.catalogue)
    workspace = workspace_for(catalogue)
    with (
        temporary_folder("guichet-demo-") as folder,
        Playground(manifest(), workspace, host=host, port=free_port(host, port)) as slack,
    ):
        settings = settings_for(given, slack, folder)
        prepare(settings)
        desk = create_desk(settings, slack.clock.utc_now)
        for logger in (logging.getLogger(), desk.app.logger):
            logger.setLevel(logging.WARNING)  # the welcome below is what people should read
        slack.clock.subscribe(desk.wakeup.set)
        slack.clock.next_opening = next_opening_of(calendar_of_desk(catalogue))
        slack.slack.passing.wait_while(lambda: is_busy(desk))
        find_channels(desk)
        make_index(desk.sessions.kw["bind"])
        with SocketConnection(desk, SlackAtStart(desk, threading.Event())), WorkerThreads(desk):
            typer.echo(WELCOME.format(url=slack.base_url))
            until()
        typer.echo("closed")


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or 0 (any) when somebody listens there. Raises `SettingsError` for a host not of here."""
    try:
        with socket.create_server((host, wanted)):
            return wanted
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return 0
        raise SettingsError(f"--host {host}, --port {wanted}: {error.strerror}") from None


def next_opening_of(calendar: Calendar) -> Callable[[float], float]:
    """A function that returns when the desk opens next after a time, both in seconds since 1970; the same
    time for a desk that never closes."""

    def next_opening(now: float) -> float:
        at = datetime.fromtimestamp(now, UTC)
        return calendar.next_opening(calendar.closes_at(at) or at).timestamp()

    return next_opening


def is_busy(desk: Desk) -> bool:
    """Whether something is due that the worker has not done: a periodic job, or a delivery."""
    now = desk.clock()
    # Later ones wait for the next check; other rows say when a turn is, or what is put off.
    job = exists().where(Periodic.name.in_(JOBS), Periodic.due_at <= now - PERIODIC_CHECK)
    delivery = select(Delivery.id).where(Delivery.state == DeliveryState.PENDING, Delivery.due_at <= now)
    with desk.sessions() as session:
        return bool(session.scalar(select(or_(job, delivery.exists()))))


def settings_for(given: Settings, slack: Playground, folder: Path) -> Settings:
    """The settings of a bot whose Slack is the playground."""
    own = {
        "slack_bot_token": SecretStr(BOT_TOKEN),
        "slack_app_token": SecretStr(APP_TOKEN),
        "slack_api_url": slack.api_url,
        "smtp_url": SecretStr(slack.smtp_url),
        "attachments_url": str(folder / "attachments"),
        "manager_field": MANAGER_FIELD,
        "privacy_controller": given.privacy_controller or "Université d’Exemple",
        "privacy_contact": given.privacy_contact or "dpo@univ.example",
        "privacy_transfers": given.privacy_transfers or ("clauses",),
        "retention_files_months": given.retention_files_months or 12,
        "retention_tickets_months": given.retention_tickets_months or 24,
    }
    if "DATABASE_URL" not in os.environ:
        own["database_url"] = SecretStr(f"sqlite:///{folder / 'guichet.db'}")
    return given.model_copy(update=own)


WELCOME = """
Guichet is open: {url}

What to try:
  1. As Camille, open Guichet's Home and press « Nouveau Ticket Informatique » (or type /ticket).
  2. As Karim, in #dnum-assistance, « Je prends », then « Répondre »: ask something, and let the ticket wait.
  3. As Camille, answer in the thread of the question, with a file: it comes into the thread of the card.
  4. As Léa, write in that thread: a note, which Camille sees nowhere. The « ⋯ » of the card has more.
  5. As Karim, « Résoudre »; as Camille, « C’est réparé, clore », and a face. The e-mails: {url}/mail
  6. As Karim, see « Ma file » on the Home, or type /ma-file; /chercher finds the ticket again.
  7. As Karim, type /panne; as Camille, « Je suis concerné·e aussi » on the Home; as Karim, resolve it.
  8. As Oliver, file a ticket in English; /catalogue has the services and their articles.
  9. As Camille, request « Badge et contrôle d’accès » and name Aurélie; as Aurélie, « Donner mon accord ».
 10. On the page « Coulisses » (backstage), let a week pass, and watch the reminders arrive;
     a month closes what nobody answers.

Ctrl-C closes it; nothing is kept.
"""
