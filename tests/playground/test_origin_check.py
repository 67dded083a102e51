"""Web pages of elsewhere cannot drive the playground."""

import http.client
import json
from collections.abc import Mapping
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from playground.testing import Playground
from tests.playground.test_delivery import socket_address


def ask(
    playground: Playground, headers: Mapping[str, str], verb: str = "GET", path: str = "/_control/mail"
) -> tuple[int, str]:
    """Status of the answer, and what it refuses."""
    with closing(http.client.HTTPConnection(urlsplit(playground.base_url).netloc)) as connection:
        connection.request(verb, path, headers=dict(headers))
        response = connection.getresponse()
        body = response.read()
    kind = response.getheader("content-type", "")
    return response.status, str(json.loads(body).get("error", "")) if "json" in kind else ""


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "[::1]:8765", "192.0.2.7:80", "demo.localhost"])
def test_addresses_and_names_of_this_machine_are_served(playground: Playground, host: str) -> None:
    assert ask(playground, {"Host": host}) == (200, "")


@pytest.mark.parametrize(
    "host", ["attacker.example", "attacker.example:8765", "127.0.0.1.attacker.example", ""]
)
def test_a_foreign_host_is_refused(playground: Playground, host: str) -> None:
    assert ask(playground, {"Host": host}) == (403, "foreign_host")
    assert ask(playground, {"Host": host}, path="/") == (403, "foreign_host")


@pytest.mark.parametrize("origin", ["https://attacker.example", "http://127.0.0.1:1", "null"])
def test_a_page_of_another_origin_is_refused(playground: Playground, origin: str) -> None:
    for path in ("/_control/reset", "/api/auth.test", "/page/message"):
        assert ask(playground, {"Origin": origin}, "POST", path) == (403, "foreign_origin")


def test_its_own_page_is_served(playground: Playground) -> None:
    headers = {"Origin": playground.base_url, "Sec-Fetch-Site": "same-origin"}
    assert ask(playground, headers, "POST", "/_control/reset") == (200, "")


def test_a_link_from_elsewhere_leads_to_the_page_and_not_to_a_call(playground: Playground) -> None:
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert ask(playground, visit, path="/")[0] == 200
    assert ask(playground, visit, path="/api/auth.test?token=xoxb-playground") == (403, "foreign_origin")
    picture = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert ask(playground, picture, path="/")[0] == 403


def test_a_web_socket_of_another_origin_is_refused(playground: Playground) -> None:
    address = socket_address(playground)
    with pytest.raises(InvalidStatus), connect(address, origin="https://attacker.example"):  # type: ignore[arg-type]
        pass


def test_a_machine_may_have_another_name() -> None:
    with Playground(hosts=["slack.internal"]) as playground:
        assert ask(playground, {"Host": "slack.internal:8765"}) == (200, "")
