"""App manifests: the limits of schema 2.0.

Sources: github.com/slackapi/manifest-schema, docs.slack.dev/reference/app-manifest.
"""

from playground.block_kit.problem import Problem
from playground.block_kit.schema.composition import BOOLEAN
from playground.block_kit.shape import Shape
from playground.block_kit.spec import Anything, Context, Listing, Number, Spec, String

SOURCE = "reference/app-manifest"
HTTP = r"https?://.*"
REQUEST_URL = String(3500, form=HTTP)
SCOPES = Listing(String(50), most=255, least=0)
EVENTS = Listing(String(50), most=100, least=0, unique=True)


def group(required: dict[str, Spec] | None = None, **optional: Spec) -> Shape:
    """A group of settings."""
    return Shape(SOURCE, required or {}, optional)


METADATA = group(
    schema_version=Number(), min_version=Number(), major_version=Number(), minor_version=Number()
)
DISPLAY_INFORMATION = group(
    {"name": String(35)},
    description=String(140),
    long_description=String(4000, least=175),
    background_color=String(7, form=r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?"),
)
APP_HOME = group(
    home_tab_enabled=BOOLEAN, messages_tab_enabled=BOOLEAN, messages_tab_read_only_enabled=BOOLEAN
)
BOT_USER = group({"display_name": String(80, form=r"[a-z0-9_.-]+")}, always_online=BOOLEAN)
SLASH_COMMAND = group(
    {"command": String(32, least=2, form=r"/\S+"), "description": String(2000)},
    url=String(3000, form=HTTP),
    usage_hint=String(1000),
    should_escape=BOOLEAN,
)
SHORTCUT = group(
    {
        "name": String(24),
        "type": String(choices=("message", "global")),
        "callback_id": String(255),
        "description": String(150),
    }
)
WORKFLOW_STEP = group({"name": String(50), "callback_id": String(50)})
FEATURES = group(
    functions=Anything(),
    workflow_steps=Listing(WORKFLOW_STEP, most=10),
    app_home=APP_HOME,
    bot_user=BOT_USER,
    slash_commands=Listing(SLASH_COMMAND, most=50),
    shortcuts=Listing(SHORTCUT, most=10),
    unfurl_domains=Listing(String(255, form=r"(?![.-])[-a-z0-9.]+[a-z0-9]"), most=5, unique=True),
)
OAUTH_CONFIG = group(
    redirect_urls=Listing(String(2500), most=1000, least=0, unique=True),
    scopes=group(bot=SCOPES, bot_optional=SCOPES, user=SCOPES, user_optional=SCOPES),
    token_management_enabled=BOOLEAN,
)
SETTINGS = group(
    event_subscriptions=group(request_url=REQUEST_URL, bot_events=EVENTS, user_events=EVENTS),
    interactivity=group(
        {"is_enabled": BOOLEAN}, request_url=REQUEST_URL, message_menu_options_url=REQUEST_URL
    ),
    socket_mode_enabled=BOOLEAN,
    org_deploy_enabled=BOOLEAN,
    token_rotation_enabled=BOOLEAN,
    is_hosted=BOOLEAN,
    incoming_webhooks=group(incoming_webhooks_enabled=BOOLEAN),
    siws_links=group(initiate_uri=String(3500, form=r"https://.*")),
    hermes_app_type=String(),
    function_runtime=String(),
    allowed_ip_address_ranges=Listing(String(), most=50, unique=True),
)
FOR_WORKFLOWS = (
    "app_directory",
    "functions",
    "workflows",
    "datastores",
    "outgoing_domains",
    "types",
    "external_auth_providers",
)
MANIFEST = Shape(
    SOURCE,
    {"display_information": DISPLAY_INFORMATION},
    {
        "$schema": String(),
        "_metadata": METADATA,
        "features": FEATURES,
        "oauth_config": OAUTH_CONFIG,
        "settings": SETTINGS,
        **dict.fromkeys(FOR_WORKFLOWS, Anything()),
    },
)


def check_manifest(manifest: object) -> list[Problem]:
    """Everything for which Slack would refuse this manifest; pointers begin at its root."""
    return list(MANIFEST.check(manifest, "", Context("message")))
