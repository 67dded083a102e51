"""Slack's requests through nginx and Caddy, as `deploy/` configures them, with TLS."""

import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.http.server import PATH
from bot.http.verification import BODY_MAX
from tests.conftest import ROOT
from tests.deploy import proxies
from tests.deploy.proxies import COMMANDS, Place, Proxy
from tests.http.echo_server import SECONDS, SECRET
from tests.http.test_verification import COMMAND, signed
from tests.support.processes import free_port
from tests.support.programs import program

INSIDE = (
    "/healthz",
    "/readyz",
    "/metrics",
    "/",
    "/slack",
    f"{PATH}/",
    f"{PATH}/../../metrics",
    "/%2e/metrics",
)


@pytest.fixture(scope="module")
def guichet() -> Iterator[int]:
    with proxies.guichet() as port:
        yield port


@pytest.fixture(scope="module", params=COMMANDS)
def proxy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, guichet: int
) -> Iterator[Proxy]:
    place = Place(tmp_path_factory.mktemp(request.param), free_port(), guichet)
    with proxies.proxying(request.param, proxies.with_certificate(place)) as running:
        yield running


def form(text: str) -> bytes:
    return COMMAND + b"&" + urlencode({"text": text}).encode()


def head(body: bytes) -> dict[str, str]:
    """The headers of a request that Slack signed just now."""
    headers = signed(body, time.time(), SECRET)
    return {name.removeprefix("HTTP_").replace("_", "-"): value for name, value in headers.items()}


def answer(response: HTTPResponse) -> tuple[int, str]:
    return response.status, response.read().decode()


def ask(proxy: Proxy, body: bytes) -> int:
    connection = proxy.connect()
    connection.request("POST", PATH, body, head(body))
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_signed_request_is_answered(proxy: Proxy) -> None:
    connection, body = proxy.connect(), form("clé")
    for _ in range(2):  # the second over the same connection
        connection.request("POST", PATH, body, head(body))
        assert answer(connection.getresponse()) == (200, "clé")
    connection.close()


def test_a_request_without_a_signature_is_refused_by_guichet(proxy: Proxy) -> None:
    connection = proxy.connect()
    connection.request("POST", PATH, form("clé"))
    assert connection.getresponse().status == 401
    connection.close()


@pytest.mark.parametrize("path", INSIDE)
def test_nothing_else_is_reached(proxy: Proxy, path: str) -> None:
    connection = proxy.connect()
    connection.request("GET", path)
    assert answer(connection.getresponse())[0] == 404
    connection.close()


def test_a_large_request_is_passed_on_up_to_guichets_limit(proxy: Proxy) -> None:
    room = BODY_MAX - len(form(""))
    assert ask(proxy, form("x" * room)) == 200
    assert ask(proxy, form("x" * (room + 1))) in {413, 502}  # Caddy 2.6 says 502 when it stops to read


def test_guichet_gets_a_request_once_all_of_it_is_there(proxy: Proxy) -> None:
    """Of a client that sends its body longer than Guichet would wait for it."""
    connection, body = proxy.connect(), form("lent")
    connection.putrequest("POST", PATH)
    for name, value in {**head(body), "Content-Length": str(len(body))}.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(body[:10])
    time.sleep(SECONDS + 0.1)
    connection.send(body[10:])
    assert answer(connection.getresponse()) == (200, "lent")
    connection.close()


def test_nginx_has_nothing_to_say_against_its_file(tmp_path: Path) -> None:
    place = proxies.with_certificate(Place(tmp_path, free_port(), 3000))
    checked = subprocess.run([*proxies.nginx(place), "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr


def test_caddy_has_nothing_to_say_against_its_file() -> None:
    file = str(ROOT / "deploy" / "Caddyfile")
    caddy = program("caddy", "caddy")
    for command in (["validate", "--adapter", "caddyfile", "--config", file], ["fmt", "--diff", file]):
        checked = subprocess.run([caddy, *command], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        assert '"level":"warn"' not in checked.stderr
