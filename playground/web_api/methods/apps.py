"""apps.*"""

from playground.delivery.socket_mode import SocketMode
from playground.errors import ApiError
from playground.state.workspace import APP_ID, Json
from playground.web_api.call import ApiCall
from playground.web_api.registry import method


@method("apps.connections.open", "connections:write", app_token=True)
def apps_connections_open(call: ApiCall) -> Json:
    """The URL of a web socket, good for one connection."""
    # The error for an app without Socket Mode is an assumption.
    if not isinstance(call.slack.delivery.transport, SocketMode):
        raise ApiError("no_permission")
    ticket = call.slack.delivery.new_ticket()
    base = call.slack.base_url.replace("http", "ws", 1)
    return {"url": f"{base}/socket/link/?ticket={ticket}&app_id={APP_ID}"}
