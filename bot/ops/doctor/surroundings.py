"""The settings beside each other, `.env`, and the ports that are listened on."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bot.ops.doctor.context import CheckContext
from bot.ops.finding import Finding, warning, well, wrong
from bot.ops.private_files import readable_by_others
from bot.running.listening import require_free
from bot.settings import Settings, SettingsError
from bot.settings.unknown import unknown_settings

ENV_FILE = Path(".env")


def check_surroundings(context: CheckContext) -> Iterator[Finding]:
    """Names that are no setting, who can read `.env`, HOST and the ports."""
    unknown = [warning(line) for line in unknown_settings(str(ENV_FILE))]
    yield from unknown or [well("settings: every name in .env is one")]
    yield from readable_by_others(ENV_FILE)
    for name, port in _ports(context.settings):
        yield _of_port(context.settings.host, name, port)


def _ports(settings: Settings) -> Iterator[tuple[str, int]]:
    if settings.slack_app_token is None:  # HTTP
        yield "PORT", settings.port
    if settings.metrics_port is not None:
        yield "METRICS_PORT", settings.metrics_port


def _of_port(host: str, name: str, port: int) -> Finding:
    try:
        require_free(host, port, name)
    except SettingsError as error:
        if _is_ours(host, port):
            return well(f"{name}: Guichet answers on {port}")
        return wrong(str(error))
    return well(f"{name}: {port} is free, or Guichet is stopped")


def _is_ours(host: str, port: int) -> bool:
    """Whether it is Guichet's `/healthz` that answers there."""
    connection = HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return bool(json.loads(connection.getresponse().read(1_000)) == {"ok": True})
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
