"""The Typer apps that the subcommands are registered with, and the settings that these read."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    help="Guichet: the help desk of a university's IT department, inside Slack.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
catalogue_app = typer.Typer(
    help="Check, load or search catalogue.yaml.", no_args_is_help=True, rich_markup_mode=None
)
deliveries_app = typer.Typer(
    help="List messages that were not sent, and send them again.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
removals_app = typer.Typer(
    help="Show how far the deletion of forgotten tickets in Slack is, and what people have to delete.",
    rich_markup_mode=None,
)
person_app = typer.Typer(
    help="Hand over or erase what is known of one person.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(catalogue_app, name="catalogue")
app.add_typer(deliveries_app, name="deliveries")
app.add_typer(removals_app, name="removals")
app.add_typer(person_app, name="person")

NUMBER_MAX = 2**31 - 1
"""The largest id of a row."""
_MENTION = re.compile(r"<?@?([UW][A-Z0-9]{2,31})(?:\|[^<>]*)?>?", re.IGNORECASE)


def member_id(typed: str) -> str:
    """A Slack member ID as it was copied, such as `U012AB3CD`, `@u012ab3cd` or `<@U012AB3CD|camille>`; any
    other text without the spaces around it."""
    from models.characters import storable

    tidy = storable(typed).strip()
    found = _MENTION.fullmatch(tidy)
    return found[1].upper() if found else tidy


def _print_version(wanted: bool) -> None:
    if wanted:
        from bot.version import version

        typer.echo(f"guichet {version()}")
        raise typer.Exit


@app.callback()
def guichet(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Print Guichet's version."),
    ] = False,
) -> None:
    """Guichet: the help desk of a university's IT department, inside Slack."""


def settings() -> "Settings":
    """The settings of this process. Raises `SettingsError`."""
    from bot.http.garbage import not_collected

    with not_collected():
        from bot.settings import load_settings

    return load_settings()
