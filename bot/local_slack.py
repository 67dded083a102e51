"""The local Slack apart, for an installation that is run as in production: `guichet local-slack`."""

import asyncio
from pathlib import Path
from typing import Any

import typer

from bot.catalogue.file import read_catalogue
from bot.catalogue.schema import CatalogueFile
from bot.settings import Settings, SettingsError
from bot.signals import on_stop
from bot.slack.manifest import manifest
from playground.__main__ import welcome
from playground.mailbox import submission
from playground.manifest import parse_manifest
from playground.server import Server
from playground.state import fixture
from playground.state.people import MANAGER_FIELD

TECHNICIANS = ("karim", "lea", "marc")


def workspace_for(file: CatalogueFile) -> dict[str, Any]:
    """The fixed workspace with a private channel a team, the technicians spread over them."""
    channels = list(fixture.FIXED["channels"])
    known = {channel["name"] for channel in channels}
    for index, team in enumerate(file.teams):
        name = team.channel.removeprefix("#")
        if name not in known:
            members = [TECHNICIANS[index % len(TECHNICIANS)]]
            channels.append({"name": name, "private": True, "members": members, "topic": team.name.fr})
    return {**fixture.FIXED, "channels": channels}


def run_local_slack(
    settings: Settings,
    *,
    over_http: bool,
    ports: tuple[int, int],
    certificate: Path | None,
    login: str | None,
) -> None:
    """Serve until Ctrl-C or SIGTERM, for the app of `guichet manifest`; print the addresses and tokens.

    Over HTTP it sends its requests to PUBLIC_URL. `ports`: the web page's and the mail server's. With
    `certificate` (PEM, with its key) and `login` (`user:password`), mail needs STARTTLS and that login.
    Raises `SettingsError` when a port is taken or the certificate cannot be read."""
    address = f"{settings.public_url}slack/events" if over_http else None
    try:
        server = Server(
            parse_manifest(manifest(request_url=address)),
            workspace_for(read_catalogue(settings.catalogue)),
            port=ports[0],
            smtp_port=ports[1],
            submission=submission(certificate, login),
            request_url=address,
        )
    except (OSError, ValueError) as error:
        raise SettingsError(f"local Slack: {error}") from None
    on_stop(lambda _number: server.stop())
    asyncio.run(server.serve(lambda: typer.echo(f"{welcome(server)}\n{'MANAGER_FIELD':<21}{MANAGER_FIELD}")))
