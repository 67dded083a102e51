"""Subcommands that set up and check an installation: init, migrate, manifest, doctor, health."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.apps import app, settings


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The folder; the current one by default.")] = Path(),
) -> None:
    """Write an example catalogue, articles and .env.example to start from. What is there is kept."""
    from bot.ops.examples import write_examples

    for path, written in write_examples(folder):
        typer.echo(f"{path}: {'written' if written else 'kept, it was there already'}")
    typer.echo(
        "next: copy .env.example to .env and fill it in; put your sites, teams and services into "
        "catalogue.yaml; `guichet catalogue check`"
    )


@app.command()
def migrate(
    revision: Annotated[str, typer.Argument(help="`head`, or a revision.")] = "head",
    drop_all_data: Annotated[
        bool, typer.Option("--drop-all-data", help="With `base`: drop all tables and all data.")
    ] = False,
) -> None:
    """Migrate the database to the newest revision, all or nothing."""
    from bot.ops.database import open_engine
    from bot.ops.migrate import migrate as migrate_to
    from bot.settings import SettingsError

    if (revision == "base") != drop_all_data:
        raise SettingsError(
            "migrate base drops all tables, with all tickets; "
            "to confirm: `guichet migrate base --drop-all-data`"
        )
    with open_engine(settings()) as engine:
        migrate_to(engine, revision)


@app.command()
def manifest(
    over_http: Annotated[
        bool, typer.Option("--http", help="For HTTP at PUBLIC_URL instead of Socket Mode.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of YAML.")] = False,
) -> None:
    """Print the app manifest from which the app is created in Slack."""
    from bot.slack.manifest import manifest as app_manifest

    address = f"{settings().public_url}slack/events" if over_http else None
    content = app_manifest(request_url=address)
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        import yaml

        typer.echo(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), nl=False)


@app.command()
def doctor(
    as_json: Annotated[
        bool,
        typer.Option("--json", help='Print {"ok": …, "findings": [{check, status, text}]}, for monitoring.'),
    ] = False,
) -> None:
    """Check settings, database, catalogue, attachments, Slack, channels, screens, deliveries and e-mail.

    Nothing is changed or sent. Exit status 1 if something is wrong, 0 if there are only warnings.
    """
    from bot.ops.doctor.examination import examine_all
    from bot.ops.finding import as_json as report

    findings = []
    with _without_lines_of("slack_sdk"):  # a finding says it in words
        for finding in examine_all():
            findings.append(finding)
            if not as_json:
                typer.echo(f"{finding.sign:<4} {finding.text}")
    if as_json:
        typer.echo(report(findings))
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


@app.command()
def health(
    process: Annotated[
        Literal["demo", "run", "socket", "web", "worker"] | None,
        typer.Argument(
            metavar="PROCESS", help="demo, run, socket, web or worker; all that run here by default."
        ),
    ] = None,
) -> None:
    """Say whether Guichet's processes on this machine, or in this container, answer and turn.

    Exit status 1 if one does not, or if there is none. Reads no settings; `doctor` looks at everything else.
    """
    from bot.observability.liveness.report import report

    found = report(process)
    for each in found:
        typer.echo(each.text)
    raise typer.Exit(0 if all(each.ok for each in found) else 1)


@contextmanager
def _without_lines_of(name: str) -> Iterator[None]:
    """Nothing of a library's is logged within the block."""
    library = logging.getLogger(name)
    level = library.level
    library.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        library.setLevel(level)
