"""The mailbox: every e-mail the app has sent, as text and as HTML."""

import re

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from playground.mailbox import Mail
from playground.page.frame import not_found, page
from playground.page.text.references import link
from playground.state.slack import Slack

_URL = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)\]'\"]")
_BEGINNING = re.compile(r"\A\s*(?:<!doctype[^>]*>\s*)?(?:<html\b[^>]*>\s*)?(?:<head\b[^>]*>)?", re.IGNORECASE)
# An e-mail's HTML may run no scripts and load nothing.
_POLICY = (
    "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'self'"
)


async def mailbox(request: Request) -> Response:
    """The list of e-mails, the newest first, and the chosen one."""
    slack: Slack = request.app.state.slack
    mail = _mail(request, slack)
    if "number" in request.path_params and mail is None:
        return not_found(request)
    view = request.query_params.get("view") or ("text" if mail and mail.text is not None else "html")
    return page(
        request,
        "mail.html",
        {
            "list": list(enumerate(slack.mailbox.mails, 1))[::-1],
            "mail": mail,
            "number": request.path_params.get("number"),
            "view": view,
            "linked": linked,
        },
    )


async def html(request: Request) -> Response:
    """The HTML of one e-mail, for the frame it is shown in."""
    mail = _mail(request, request.app.state.slack)
    if mail is None or mail.html is None:
        return PlainTextResponse("Not found", 404)
    return HTMLResponse(_with_external_links(mail.html), headers={"Content-Security-Policy": _POLICY})


def _with_external_links(html: str) -> str:
    """The HTML with links that open outside the frame; a doctype must remain first."""
    return _BEGINNING.sub(r'\g<0><base target="_blank">', html, count=1)


def linked(text: str) -> Markup:
    """A plain text with its URLs as links."""
    done, cursor = Markup(""), 0
    for match in _URL.finditer(text):
        done += Markup("{}").format(text[cursor : match.start()]) + link(match[0])
        cursor = match.end()
    return done + text[cursor:]


def _mail(request: Request, slack: Slack) -> Mail | None:
    """The e-mail with the number in the address; the first one received is 1."""
    number = request.path_params.get("number", 0)
    return slack.mailbox.mails[number - 1] if 0 < number <= len(slack.mailbox.mails) else None


routes = [
    Route("/mail", mailbox),
    Route("/mail/{number:int}", mailbox),
    Route("/mail/{number:int}/html", html),
]
