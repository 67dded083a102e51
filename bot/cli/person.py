"""`guichet person`: what is known of one person."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.apps import member_id, person_app, settings

PersonId = Annotated[
    str, typer.Argument(metavar="ID", parser=member_id, help="Their Slack member ID, such as U012AB3CD.")
]


@person_app.command()
def export(
    person_id: PersonId,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The zip file; person-ID.zip by default.")
    ] = None,
) -> None:
    """Write all that is known of a person to a file, for the data-protection officer to review.

    It has internal notes, and what others wrote that names the person: not to be handed over as it is.
    """
    from bot.ops.person_export import NoSuchPerson, export_person
    from bot.storage.base import StoreUnavailable

    path = out or Path(f"person-{person_id}.zip")
    try:
        export_person(settings(), person_id, path)
    except NoSuchPerson:
        raise typer.BadParameter(f"nobody with the Slack member ID {person_id} is known") from None
    except FileExistsError:
        raise typer.BadParameter(f"{path} exists already; choose another file with --out") from None
    except StoreUnavailable as error:
        typer.echo(f"guichet: the attachments’ store cannot be read: {error.reason}", err=True)
        raise typer.Exit(1) from None
    typer.echo(
        f"{path}: written, readable by you only, and recorded in the audit trail. Review it before you hand "
        "anything over: it has internal notes, and words of other people (GDPR art. 15(4)). Delete it "
        "afterwards."
    )


@person_app.command("erase")
def erase(
    wanted: Annotated[
        str,
        typer.Argument(
            metavar="ID", parser=member_id, help="Their Slack member ID, e-mail address, or number."
        ),
    ],
    yes: Annotated[
        str | None,
        typer.Option(
            metavar="ID", parser=member_id, help="Their Slack member ID again, instead of being asked."
        ),
    ] = None,
    with_open_tickets: Annotated[
        bool, typer.Option("--with-open-tickets", help="Cancel their open tickets, without telling anybody.")
    ] = False,
    former_name: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A name that they had before; may be repeated.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="PostgreSQL: VACUUM FULL, which locks each table meanwhile.")
    ] = False,
) -> None:
    """Erase somebody: their tickets, and their name wherever Guichet has it."""
    from bot.ops.database import open_database
    from bot.ops.erasures.command import Wish, erase_person

    chosen = settings()
    with open_database(chosen) as engine:
        erase_person(chosen, engine, Wish(wanted, yes, with_open_tickets, former_name or (), full))


@person_app.command("clean")
def clean(
    full: Annotated[
        bool, typer.Option("--full", help="PostgreSQL: VACUUM FULL, which locks each table meanwhile.")
    ] = False,
) -> None:
    """Remove what the database keeps of deleted rows, as an erasure does at its end."""
    from bot.ops.database import open_database
    from bot.ops.erasures import cleaning

    with open_database(settings()) as engine:
        for line in cleaning.clean(engine, rewrite=full):
            typer.echo(line)
