"""`guichet retention`: what has been kept for long enough, and the archivist's visa."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.apps import NUMBER_MAX, app, settings

if TYPE_CHECKING:
    from blocks.i18n import Translator
    from bot.context.unit_of_work import UnitOfWork

Locale = Annotated[
    Literal["fr", "en"] | None, typer.Option(help="The language of the text; DEFAULT_LOCALE by default.")
]
Number = Annotated[int, typer.Argument(metavar="LIST", min=1, max=NUMBER_MAX, help="The number of the list.")]

retention_app = typer.Typer(
    help="Print how long tickets are kept, and the lists of what is due to be erased.",
    rich_markup_mode=None,
    invoke_without_command=True,
)
app.add_typer(retention_app, name="retention")


@retention_app.callback()
def state(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Record what is due as a list, and print it. Nothing is erased.")
    ] = False,
    locale: Locale = None,
) -> None:
    """Print how long tickets are kept, and the lists of what is due to be erased."""
    if context.invoked_subcommand is not None:
        return
    from bot.ops.retention.disposal_list import disposal_list
    from bot.ops.retention.state import retention_state
    from bot.services.retention.lists import make_list

    def due(_: "Translator", uow: "UnitOfWork") -> str:
        return disposal_list(_, uow.session, make_list(uow), uow.settings.default_time_zone)

    _print(due if dry_run else retention_state, locale)


@retention_app.command("show")
def show(number: Number, locale: Locale = None) -> None:
    """Print a list again."""
    from bot.ops.retention.disposal_list import disposal_list
    from bot.services.retention.lists import list_numbered

    def again(_: "Translator", uow: "UnitOfWork") -> str:
        made = list_numbered(uow.session, number)
        return disposal_list(_, uow.session, made, uow.settings.default_time_zone)

    _print(again, locale)


@retention_app.command("approve")
def approve(
    number: Number,
    visa: Annotated[str, typer.Option(help="The reference of the archivist's visa.")],
    locale: Locale = None,
) -> None:
    """Record that the archivist has signed a list: what it covers is erased from then on."""
    from bot.ops.erasures.lists import remember_list
    from bot.services.audit.record import operating_user
    from bot.services.retention import lists

    def record(_: "Translator", uow: "UnitOfWork") -> str:
        made = lists.approve(uow, number, visa, operator=operating_user())
        remember_list(settings(), made)
        return _("List No. {number} is approved. A job erases what it covers.", number=made.id)

    _print(record, locale)


def _print(text: Callable[["Translator", "UnitOfWork"], str], locale: str | None) -> None:
    """Print a text about the database, in one transaction; or why there is none."""
    from blocks.i18n import translator
    from bot.context.settings import use_case_settings
    from bot.context.unit_of_work import UnitOfWork
    from bot.db.session import Sessions, transact
    from bot.ops.database import open_database
    from models.base import utc_now
    from models.errors import HelpDeskError

    of = settings()
    rules, _ = use_case_settings(of), translator(locale or of.default_locale)
    with open_database(of) as engine:
        try:
            typer.echo(
                transact(
                    Sessions(engine), lambda session: text(_, UnitOfWork(session, utc_now(), settings=rules))
                )
            )
        except HelpDeskError as refused:
            from bot.ops.retention.refusal import refusal

            typer.echo(f"guichet: {refusal(_, refused, of.default_time_zone)}", err=True)
            raise typer.Exit(2) from refused
