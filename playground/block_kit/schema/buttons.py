"""Buttons and pictures: what each accepts.

Sources are pages of docs.slack.dev/reference/block-kit/block-elements.
"""

from playground.block_kit.rules.fields import exactly_one_of
from playground.block_kit.rules.options import unique_values
from playground.block_kit.schema.composition import SLACK_FILE, STYLE, URL, WORKFLOW, option, plain
from playground.block_kit.schema.fields import ACTION_ID, CONFIRMED, IMAGE_URL, USER
from playground.block_kit.shape import Shape
from playground.block_kit.spec import Listing, String

BUTTON = Shape(
    "button-element",
    {"text": plain(75)},
    {
        **CONFIRMED,
        "url": URL,
        "value": String(2000, least=0),
        "style": STYLE,
        "accessibility_label": String(75),
        "agent_prompt": String(4000),
        "agent_prompt_display": String(),
        "visible_to_user_ids": Listing(USER),
    },
    type="button",
)
WORKFLOW_BUTTON = Shape(
    "workflow-button-element",
    {"text": plain(75), "workflow": WORKFLOW, **ACTION_ID},
    {"style": STYLE, "accessibility_label": String(75)},
    type="workflow_button",
    surfaces={"message"},
)
FEEDBACK = Shape(
    "feedback-buttons-element",
    {"text": plain(75), "value": String(2000)},
    {"accessibility_label": String(75)},
)
FEEDBACK_BUTTONS = Shape(
    "feedback-buttons-element",
    {"positive_button": FEEDBACK, "negative_button": FEEDBACK},
    ACTION_ID,
    type="feedback_buttons",
    surfaces={"message"},
)
ICON_BUTTON = Shape(
    "icon-button-element",
    {"icon": String(choices=("trash",)), "text": plain(75)},
    {
        **CONFIRMED,
        "value": String(2000, least=0),
        "accessibility_label": String(75),
        "visible_to_user_ids": Listing(USER, most=10),
    },
    type="icon_button",
    surfaces={"message"},
)
OVERFLOW = Shape(
    "overflow-menu-element",
    {"options": Listing(option(url=True), most=5)},
    CONFIRMED,
    type="overflow",
    rules=(unique_values,),
)
IMAGE = Shape(
    "image-element",
    {"alt_text": String(2000)},
    {"image_url": IMAGE_URL, "slack_file": SLACK_FILE},
    type="image",
    rules=(exactly_one_of("image_url", "slack_file"),),
)
