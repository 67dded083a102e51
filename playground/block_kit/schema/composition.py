"""Composition objects: texts, options, confirmation dialogs and other small parts of blocks and elements.

Sources are pages of docs.slack.dev/reference/block-kit/composition-objects.
"""

from collections.abc import Collection

from playground.block_kit import problem
from playground.block_kit.rules.fields import exactly_one_of, not_empty
from playground.block_kit.rules.options import unique_values
from playground.block_kit.shape import OneOf, Shape
from playground.block_kit.spec import Anything, Boolean, Listing, Spec, String

BOOLEAN = Boolean()
URL = String(3000, form=r"[A-Za-z][A-Za-z0-9+.-]*:\S+", form_text=problem.INVALID_URL)
TEXT_KINDS = ("plain_text", "mrkdwn")


def text(most: int = 3000, kinds: Collection[str] = TEXT_KINDS) -> OneOf:
    """A text object of one of these kinds; `emoji` is for plain_text only, `verbatim` for mrkdwn only."""
    extra = {"plain_text": {"emoji": BOOLEAN}, "mrkdwn": {"verbatim": BOOLEAN}}
    shapes = [Shape("text-object", {"text": String(most)}, extra[kind], type=kind) for kind in kinds]
    return OneOf(*shapes, parent_line=len(shapes) > 1)


def plain(most: int) -> OneOf:
    """A text object that can only be plain_text."""
    return text(most, ["plain_text"])


def option(kinds: Collection[str] = ("plain_text",), *, url: bool = False) -> Shape:
    """One choice. mrkdwn is for radio buttons and checkboxes only, `url` for overflow menus only."""
    optional: dict[str, Spec] = {"description": text(75, kinds)}
    if url:
        optional["url"] = URL
    return Shape("option-object", {"text": text(75, kinds), "value": String(150)}, optional)


OPTION = option()
OPTIONS = Listing(OPTION, most=100)
OPTION_GROUP = Shape("option-group-object", {"label": plain(75), "options": OPTIONS}, rules=(unique_values,))
OPTION_GROUPS = Listing(OPTION_GROUP, most=100)

STYLE = String(choices=("primary", "danger"))

CONFIRM = Shape(
    "confirmation-dialog-object",
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)

CONVERSATION_FILTER = Shape(
    "conversation-filter-object",
    optional={
        "include": Listing(String(choices=("im", "mpim", "private", "public"))),
        "exclude_external_shared_channels": BOOLEAN,
        "exclude_bot_users": BOOLEAN,
    },
    rules=(not_empty,),
)

DISPATCH_ACTION_CONFIG = Shape(
    "dispatch-action-configuration-object",
    optional={
        "trigger_actions_on": Listing(String(choices=("on_enter_pressed", "on_character_entered")), most=2)
    },
)

SLACK_FILE = Shape(
    "slack-file-object",
    optional={"id": String(form=r"F[A-Z0-9]+"), "url": String(3000)},
    rules=(exactly_one_of("id", "url"),),
)

SLACK_ICON_NAMES = """
    archive book bookmark bot bug calendar call caret-left caret-right check clipboard code comment compass
    copy cube download edit email eye-closed eye-open file flag folder gear globe heart help image info key
    lightbulb link map mobile new-window pin plus refine refresh rocket save screen share sparkle star
    star-filled tag thumbs-down thumbs-up trash upload user warning
"""
SLACK_ICON = Shape(
    "slack-icon-object", {"name": String(choices=tuple(SLACK_ICON_NAMES.split()))}, type="icon"
)

WORKFLOW = Shape(
    "workflow-object",
    {
        "trigger": Shape(
            "trigger-object",
            {"url": String(3000)},
            {
                "customizable_input_parameters": Listing(
                    Shape("input-parameter-object", {"name": String(), "value": Anything()})
                )
            },
        )
    },
)
