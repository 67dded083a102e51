"""team.* and bots.*"""

from playground.errors import ApiError
from playground.state.conversation.message_payloads import bot_profile
from playground.state.people import MANAGER_FIELD
from playground.state.workspace import BOT_ID, TEAM_ID, Json
from playground.web_api.call import ApiCall
from playground.web_api.registry import method

TEAM_NAME = "Université"
TEAM_DOMAIN = "playground"


@method("team.info", "team:read")
def team_info(call: ApiCall) -> Json:
    """The workspace."""
    return {
        "team": {
            "id": TEAM_ID,
            "name": TEAM_NAME,
            "domain": TEAM_DOMAIN,
            "email_domain": "univ.example",
            "icon": {"image_default": True},
        }
    }


@method("team.profile.get", "users.profile:read")
def team_profile_get(call: ApiCall) -> Json:
    """The custom fields of profiles: the one that holds a person's manager."""
    manager = {
        "id": MANAGER_FIELD,
        "ordering": 0,
        "label": "Responsable",
        "hint": "",
        "type": "user",
        "possible_values": None,
        "options": {"is_scim": False, "is_protected": True},
        "is_hidden": False,
    }
    return {"profile": {"fields": [manager], "sections": []}}


@method("bots.info", "users:read")
def bots_info(call: ApiCall) -> Json:
    """The app's bot user, the only one."""
    if call.text("bot") != BOT_ID:
        raise ApiError("bot_not_found")
    profile = bot_profile(call.slack)
    return {"bot": {key: value for key, value in profile.items() if key != "team_id"}}
