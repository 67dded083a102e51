"""nginx and Caddy with the files of `deploy/`, on a port of their own, with TLS."""

import os
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT
from tests.support.processes import STARTING, STOPPING, answers, free_port, wait_until
from tests.support.programs import program

NGINX = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""
CADDY_OPTIONS = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n"


class Proxy(NamedTuple):
    """A proxy that runs, and whom its clients trust."""

    port: int
    certificate: Path

    def connect(self) -> HTTPSConnection:
        context = ssl.create_default_context(cafile=str(self.certificate))
        return HTTPSConnection("localhost", self.port, timeout=STARTING, context=context)


class Place(NamedTuple):
    """A folder, a port to listen on, and Guichet's port."""

    folder: Path
    port: int
    guichet: int

    @property
    def certificate(self) -> Path:
        return self.folder / "fullchain.pem"

    @property
    def key(self) -> Path:
        return self.folder / "privkey.pem"


def changed(file: str, changes: Mapping[str, str]) -> str:
    """A file of `deploy/` with these texts replaced, each of which is there once."""
    text = (ROOT / "deploy" / file).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert text.count(old) == 1, f"{file}: {old}"
        text = text.replace(old, new)
    return text


def nginx(place: Place) -> list[str]:
    """The command that starts nginx there; `-t` at its end only checks its file."""
    site = changed(
        "nginx.conf",
        {
            "listen 443 ssl;": f"listen 127.0.0.1:{place.port} ssl;",
            "listen [::]:443 ssl;": "",
            "/etc/ssl/guichet/fullchain.pem": str(place.certificate),
            "/etc/ssl/guichet/privkey.pem": str(place.key),
            "127.0.0.1:3000": f"127.0.0.1:{place.guichet}",
        },
    )
    user = "user root;" if os.getuid() == 0 else ""  # the folder is this user's alone
    file = place.folder / "nginx.conf"
    file.write_text(NGINX.format(folder=place.folder, user=user, site=site), encoding="utf-8")
    return [program("nginx", "nginx-light"), "-e", "stderr", "-c", str(file)]


def caddy(place: Place) -> list[str]:
    """The command that starts Caddy there."""
    site = changed(
        "Caddyfile",
        {
            "\n{\n\tservers {": f"\n{CADDY_OPTIONS}\tservers {{",
            "\nguichet.univ.example {\n": f"\nhttps://localhost:{place.port} {{\n"
            f"\ttls {place.certificate} {place.key}\n",
            "127.0.0.1:3000": f"127.0.0.1:{place.guichet}",
        },
    )
    file = place.folder / "Caddyfile"
    file.write_text(site, encoding="utf-8")
    return [program("caddy", "caddy"), "run", "--adapter", "caddyfile", "--config", str(file)]


COMMANDS = {"nginx": nginx, "caddy": caddy}


def with_certificate(place: Place) -> Place:
    """The same place, with a self-signed certificate for localhost."""
    command = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    files = ["-out", str(place.certificate), "-keyout", str(place.key)]
    openssl = program("openssl", "openssl")
    subprocess.run([openssl, *command.split(), *names, *files], check=True, capture_output=True)
    return place


@contextmanager
def proxying(name: str, place: Place) -> Iterator[Proxy]:
    """The proxy of this name for the length of the block."""
    proxy = Proxy(place.port, place.certificate)
    log = place.folder / "output.log"
    environment = {**os.environ, "XDG_DATA_HOME": str(place.folder), "XDG_CONFIG_HOME": str(place.folder)}
    with log.open("wb") as output:
        process = subprocess.Popen(COMMANDS[name](place), stdout=output, stderr=output, env=environment)
    try:
        wait_until(lambda: process.poll() is not None or _listens(proxy), STARTING, "the proxy starts")
        assert process.poll() is None, log.read_text(encoding="utf-8")
        yield proxy
    finally:
        process.terminate()
        process.wait(STOPPING)


def _listens(proxy: Proxy) -> bool:
    connection = proxy.connect()
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True


@contextmanager
def guichet() -> Iterator[int]:
    """Guichet's server, which echoes what Slack signed; its port."""
    port = free_port()
    command = [sys.executable, "-m", "tests.http.echo_server", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(port), STARTING, "the server does not start")
        yield port
    finally:
        process.terminate()
        process.wait(STOPPING)
