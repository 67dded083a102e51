"""The HTTP door: Slack's signed requests, under a WSGI server."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from slack_bolt.adapter.wsgi import SlackRequestHandler
from sqlalchemy.exc import SQLAlchemyError

from bot.runtime import Desk, Working, create_desk, find_channels
from bot.settings import Settings, load_settings, required

PATH = "/slack/events"
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
THREADS = 8


def serve(settings: Settings, *, with_worker: bool) -> None:
    """Serve on HOST and PORT until SIGTERM. Raises `SettingsError` without a signing secret."""
    required(settings, "slack_bot_token", "slack_signing_secret")
    target = "bot.web:application_with_worker" if with_worker else "bot.web:application"
    Granian(
        target,
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=1 if with_worker else 2,
        blocking_threads=THREADS,
    ).serve()


def application() -> Wsgi:
    """The WSGI application of one process."""
    desk = create_desk(load_settings())
    find_channels(desk.patient_directory)
    return create_wsgi(desk)


def application_with_worker() -> Wsgi:
    """The same, with the worker beside it; the process's end ends both."""
    desk = create_desk(load_settings())
    find_channels(desk.patient_directory)
    Working(desk, daemon=True).__enter__()
    return create_wsgi(desk)


def create_wsgi(desk: Desk) -> Wsgi:
    """Slack's requests under `/slack/events`; `/healthz` and `/readyz` for whoever watches."""
    slack = SlackRequestHandler(desk.app, path=PATH)

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/healthz":
                return _say(start_response, "200 OK", {"ok": True})
            case "/readyz":
                return _readiness(desk, start_response)
            case _:
                return slack(environ, start_response)  # type: ignore[arg-type] # wsgiref's protocol

    return answer


def _readiness(desk: Desk, start_response: StartResponse) -> Iterable[bytes]:
    from bot.doctor import stopped

    try:
        reasons = stopped(desk.sessions)
    except SQLAlchemyError as error:
        reasons = [f"the database does not answer: {type(error).__name__}"]
    return _say(
        start_response,
        "503 Service Unavailable" if reasons else "200 OK",
        {"ok": not reasons, "reasons": reasons},
    )


def _say(start_response: StartResponse, status: str, content: dict[str, Any]) -> Iterable[bytes]:
    body = json.dumps(content).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
