"""The frame of every screen: its reader, the top bar, the response headers."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from playground.page.rendering import render
from playground.page.text.reader import Reader
from playground.state.slack import Slack
from playground.state.workspace import Person

# Only the page's own scripts are run; the app's pictures may be on any host.
_POLICY = "default-src 'self'; img-src * data:; frame-ancestors 'self'; form-action 'self'; base-uri 'none'"


def reader_of(request: Request) -> Reader:
    """The person named by `as`, or the first of the workspace."""
    slack: Slack = request.app.state.slack
    person = slack.workspace.person(request.query_params.get("as", ""))
    return Reader(slack.workspace, people(slack)[0] if person is None or not person.is_human else person)


def people(slack: Slack) -> list[Person]:
    """The people as whom the page can be viewed."""
    return [person for person in slack.workspace.people.values() if person.is_human]


def page(request: Request, template: str, values: dict[str, object], status: int = 200) -> Response:
    """A whole page, as seen by the person named by `as`."""
    slack: Slack = request.app.state.slack
    reader = reader_of(request)
    channels = slack.workspace.channels.values()
    shared: dict[str, object] = {
        "version": slack.workspace.version,
        "now": slack.workspace.clock.now(),
        "has_moved": slack.workspace.clock.offset > 0,
        "passes_until": slack.passing.until,
        "people": people(slack),
        "mails": len(slack.mailbox.mails),
        "violations": len(slack.workspace.violations),
        "toasts": slack.workspace.toasts.get(reader.person.id, []),
        "direct": next((channel for channel in channels if channel.person == reader.person.id), None),
    }
    html = render(template, slack, reader, shared | values).encode("utf-8", "replace")
    return HTMLResponse(html, status, {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})


def not_found(request: Request) -> Response:
    """The page for an unknown address."""
    return page(request, "missing.html", {}, 404)
