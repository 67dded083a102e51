"""auth.*"""

from playground.state.workspace import BOT_ID, BOT_USER_ID, TEAM_ID, Json
from playground.web_api.call import ApiCall
from playground.web_api.methods.team import TEAM_NAME
from playground.web_api.registry import method


@method("auth.test")
def auth_test(call: ApiCall) -> Json:
    """The identity of the token."""
    workspace = call.slack.workspace
    return {
        "url": f"{call.slack.base_url}/",
        "team": TEAM_NAME,
        "user": call.slack.manifest.bot_name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": workspace.org_install,
        **({"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {}),
    }
