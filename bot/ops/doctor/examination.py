"""Runs all checks, one after the other. None of them ends the others."""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from bot.catalogue.file import CatalogueError
from bot.context.settings import use_case_settings
from bot.db.mistakes import advised
from bot.db.refusals import refusal
from bot.ops.doctor.approvers import check_approvers
from bot.ops.doctor.attachments import check_attachments
from bot.ops.doctor.backup.age import check_backup
from bot.ops.doctor.catalogue import check_catalogue
from bot.ops.doctor.channels import check_channels
from bot.ops.doctor.context import CheckContext
from bot.ops.doctor.database import check_database
from bot.ops.doctor.deliveries import check_deliveries
from bot.ops.doctor.mail import check_mail
from bot.ops.doctor.personal_data.erasures import check_erasures
from bot.ops.doctor.personal_data.notice import check_notice
from bot.ops.doctor.personal_data.retention import check_retention
from bot.ops.doctor.slack import check_slack
from bot.ops.doctor.surroundings import check_surroundings
from bot.ops.finding import Finding, wrong
from bot.ops.screens.check import Drawn, check_screens
from bot.settings import Settings, SettingsError, load_settings
from bot.slack.client import UNANSWERED
from bot.slack.unanswered import advice, explain

logger = logging.getLogger(__name__)
Check = Callable[[CheckContext], Iterator[Finding]]


def _check_screens(context: CheckContext) -> Iterator[Finding]:
    """The samples, with the catalogue's own names and questions in them."""
    if context.client is None:
        return
    contents = None
    with suppress(CatalogueError):  # its own check says so
        contents = context.contents
    settings = use_case_settings(context.settings)
    yield from check_screens(context.client, Drawn(contents, context.now, settings))


CHECKS: tuple[tuple[str, Check], ...] = (
    ("settings", check_surroundings),
    ("notice", check_notice),
    ("database", check_database),
    ("retention", check_retention),
    ("catalogue", check_catalogue),
    ("attachments", check_attachments),
    ("backup", check_backup),
    ("erasures", check_erasures),
    ("slack", check_slack),
    ("channels", check_channels),
    ("approvers", check_approvers),
    ("deliveries", check_deliveries),
    ("email", check_mail),
    ("screens", _check_screens),
)


def examine_all() -> Iterator[Finding]:
    """Read the settings, and run all checks with them."""
    try:
        settings = load_settings()
    except SettingsError as error:
        yield from (replace(wrong(line), check="settings") for line in str(error).splitlines())
        yield replace(wrong("nothing else was checked: correct these settings first"), check="settings")
        return
    yield from examine(settings)


def examine(settings: Settings) -> Iterator[Finding]:
    """Run all checks. Never raises: what a check cannot find out is a finding."""
    with CheckContext(settings) as context:
        for name, check in CHECKS:
            yield from _run(name, check, context)


def _run(name: str, check: Check, context: CheckContext) -> Iterator[Finding]:
    try:
        for finding in check(context):
            yield replace(finding, check=name)
    except SQLAlchemyError as error:
        text = f"{name}: the database failed during this check: {advised(refusal(error).words)}"
        yield replace(wrong(text), check=name)
    except UNANSWERED as error:
        yield replace(wrong(f"{name}: {_unanswered(error)}"), check=name)
    except Exception:
        logger.exception("the check of %s failed", name)
        text = f"{name}: this check has a defect: please report it with the line above that names its place"
        yield replace(wrong(text), check=name)


def _unanswered(error: Exception) -> str:
    """Slack's silence, or a file's: both are `OSError`s."""
    if isinstance(error, OSError) and error.filename:
        reason = (error.strerror or "no reason is given").lower()
        return f"{error.filename} cannot be used: {reason}: give it and its folders to this user"
    return f"Slack was asked: {explain(error)}: {advice(error)}"
