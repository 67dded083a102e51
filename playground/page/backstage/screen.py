"""The backstage page, and the endpoint of its forms."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from playground.control import HANDLERS, perform
from playground.page.backstage.control_calls import control_call
from playground.page.backstage.forms import SECTIONS, Field
from playground.page.frame import not_found, page, reader_of
from playground.page.text.reader import Reader
from playground.state.slack import Slack
from playground.web_api.registry import METHODS

_LATEST_FILES = 20
_KEYS = {"clock", *(form.key for forms in SECTIONS.values() for form in forms)}
_SEE_OTHER = 303


async def backstage(request: Request) -> Response:
    """The page: the time, and the forms by section."""
    slack: Slack = request.app.state.slack
    reader = reader_of(request)
    return page(
        request,
        "backstage.html",
        {
            "sections": SECTIONS,
            "done": request.query_params.get("done", ""),
            "refused": request.query_params.get("refused", ""),
            "options": lambda field: options(slack, field, reader),
        },
    )


async def do(request: Request) -> Response:
    """Make a form's call, and redirect to the page with the result."""
    slack: Slack = request.app.state.slack
    reader, key = reader_of(request), request.path_params["form"]
    if key not in _KEYS:
        return not_found(request)
    async with request.form() as sent:
        given = {name: value for name, value in sent.items() if isinstance(value, str)}
    try:
        name, fields = control_call(key, given, reader.person.name)
    except KeyError as missing:
        return RedirectResponse(reader.link("/backstage", refused=f"{missing}"), _SEE_OTHER)
    answer = await perform(slack, HANDLERS[name], fields)
    result = {"done": key} if answer["ok"] else {"refused": answer["detail"] or answer["error"]}
    return RedirectResponse(reader.link("/backstage", **result), _SEE_OTHER)


def options(slack: Slack, field: Field, reader: Reader) -> list[tuple[str, str]]:
    """The options of a menu of the backstage: value and text."""
    workspace = slack.workspace
    match field.kind:
        case "person":
            people = [p for p in workspace.people.values() if p.is_human or p.deleted]
            return [(person.name, person.real_name) for person in people]
        case "channel":
            named = [(c.id, reader.channel_name(c)) for c in workspace.channels.values() if c.kind != "im"]
            direct = [
                (f"@{p.name}", f"@{p.name}") for p in workspace.people.values() if p.id == reader.person.id
            ]
            return named[:500] + direct
        case "file":
            return [(file.id, file.name) for file in list(workspace.files.values())[-_LATEST_FILES:][::-1]]
        case "method":
            return [("*", reader.words("bs_every_method")), *((name, name) for name in sorted(METHODS))]
        case "plain":
            return [(one, one or reader.words("bs_any")) for one in field.options]
    return [(one, reader.words(one)) for one in field.options]


routes = [Route("/backstage", backstage), Route("/backstage/{form}", do, methods=["POST"])]
