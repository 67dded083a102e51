"""`python -m playground`: the playground alone, for an app started apart."""

import argparse
import asyncio
import sys
from contextlib import suppress
from pathlib import Path

from playground.mailbox import submission
from playground.manifest import Manifest, ManifestError, load_manifest
from playground.server import Server
from playground.state.fixture import load_workspace
from playground.state.workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C; 2 when an argument is wrong."""
    options = _parser().parse_args(arguments)
    if options.deliver == "http" and not options.request_url:
        return _fail("--deliver http needs --request-url")
    try:
        server = Server(
            load_manifest(options.manifest) if options.manifest else Manifest(),
            load_workspace(options.workspace) if options.workspace else None,
            host=options.host,
            port=options.port,
            smtp_port=options.smtp_port,
            submission=submission(options.smtp_certificate, options.smtp_login),
            request_url=options.request_url if options.deliver == "http" else None,
            hosts=options.allow_host,
        )
    except (OSError, ManifestError, ValueError) as error:
        return _fail(str(error))
    with suppress(KeyboardInterrupt):
        asyncio.run(server.serve(lambda: print(welcome(server), flush=True)))
    return 0


def welcome(server: Server) -> str:
    """The addresses and the tokens, one to a line."""
    lines = {
        "Slack": server.base_url,
        "SLACK_API_URL": f"{server.base_url}/api/",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SMTP_URL": server.smtp_url,
    }
    return "\n".join(f"{name:<21}{value}" for name, value in lines.items())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m playground", description="A strict local Slack.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--smtp-port", type=int, default=0, help="a free one by default")
    parser.add_argument(
        "--smtp-certificate", type=Path, help="PEM, certificate and key: mail needs STARTTLS and --smtp-login"
    )
    parser.add_argument("--smtp-login", metavar="USER:PASSWORD")
    parser.add_argument(
        "--manifest", type=Path, help="YAML or JSON; by default an app that may do everything"
    )
    parser.add_argument("--workspace", type=Path, help="JSON; the fixed workspace by default")
    parser.add_argument("--deliver", choices=("socket", "http"), default="socket")
    parser.add_argument("--request-url", help="where to deliver over HTTP")
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME", help="another name of this machine"
    )
    return parser


def _fail(message: str) -> int:
    sys.stderr.write(f"playground: {message}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
