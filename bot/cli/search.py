"""`guichet catalogue search` and `gaps`: for who writes the catalogue."""

import json
from typing import Annotated, Literal

import typer

from bot.cli.apps import catalogue_app, settings

SHOWN = 10  # results


@catalogue_app.command("search")
def search(
    words: Annotated[list[str], typer.Argument(help="The words to look for.")],
    locale: Annotated[
        Literal["fr", "en"] | None, typer.Option(help="The language of the names; DEFAULT_LOCALE by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of {id, kind, name, score}.")] = False,
) -> None:
    """Print what a search finds in the files, best first, and why. Nothing needs to be loaded."""
    from bot.articles.contents import read_contents
    from bot.catalogue_search.entries import EntryKind
    from bot.catalogue_search.ranking import rank
    from bot.catalogue_search.unloaded import index_of
    from bot.services.catalogue_search import FOUND, NEAR

    of, language = settings(), locale or settings().default_locale
    matches = rank(index_of(read_contents(of.catalogue, of.articles)), " ".join(words))
    if as_json:
        rows = [
            {
                "id": each.entry.id,
                "kind": each.entry.kind.value,
                "name": each.entry.name.in_(language),
                "score": each.score,
            }
            for each in matches
            if each.score >= NEAR and each.entry.kind is not EntryKind.OUT_OF_SCOPE
        ]
        typer.echo(json.dumps(rows[:SHOWN], ensure_ascii=False, indent=1))
        return
    for each in matches[:SHOWN]:
        if each.score >= NEAR:
            near = "" if each.score >= FOUND else " (only near)"
            typer.echo(
                f"{each.score:.2f}  {each.entry.kind}  {each.entry.id}  {each.entry.name.in_(language)}{near}"
            )
            typer.echo(f"      words: {', '.join(each.words)}; nearest keyword: {each.phrase or 'none'}")
    if not matches or matches[0].score < NEAR:
        typer.echo("nothing is found: add a keyword to the service that should be, in the catalogue's file")


@catalogue_app.command("gaps")
def gaps() -> None:
    """Print the searches of the last 90 days that found nothing, made by three different people or more."""
    from sqlalchemy.orm import Session

    from bot.ops.database import open_database
    from bot.services import catalogue_search
    from models.base import utc_now

    with open_database(settings()) as engine, Session(engine) as session:
        found = catalogue_search.gaps(session, utc_now())
    for words, people in found:
        typer.echo(f"{people:4} people  {words}")
    if not found:
        typer.echo("no search found nothing for three people or more in the last 90 days")
