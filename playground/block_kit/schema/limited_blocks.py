"""Blocks allowed on some surfaces only: what each accepts.

Sources are pages of docs.slack.dev/reference/block-kit/blocks.
"""

from playground.block_kit.rules.fields import at_least_one_of, at_most_one_of, collapsible
from playground.block_kit.schema.blocks import COMMON_BLOCKS
from playground.block_kit.schema.buttons import BUTTON, IMAGE
from playground.block_kit.schema.composition import BOOLEAN, SLACK_ICON, plain, text
from playground.block_kit.schema.fields import BLOCK_ID
from playground.block_kit.schema.placement import IN_CONTEXT_ACTIONS
from playground.block_kit.schema.rich_text import RICH_TEXT
from playground.block_kit.schema.tables import TABLE
from playground.block_kit.shape import OneOf, Shape
from playground.block_kit.spec import Listing, String

MARKDOWN = Shape("markdown-block", {"text": String()}, BLOCK_ID, type="markdown", surfaces={"message"})
CONTEXT_ACTIONS = Shape(
    "context-actions-block",
    {"elements": Listing(IN_CONTEXT_ACTIONS, most=5)},
    BLOCK_ID,
    type="context_actions",
    surfaces={"message"},
)
ALERT = Shape(
    "alert-block",
    {"text": text(200)},
    {**BLOCK_ID, "level": String(choices=("default", "info", "warning", "error", "success"))},
    type="alert",
    surfaces={"modal"},
)
CARD = Shape(
    "card-block",
    optional={
        **BLOCK_ID,
        "hero_image": OneOf(IMAGE),
        "icon": OneOf(IMAGE),
        "slack_icon": OneOf(SLACK_ICON),
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": Listing(OneOf(BUTTON), most=2),
    },
    type="card",
    surfaces={"message", "home"},
    rules=(
        at_least_one_of("title", "hero_image", "actions", "body"),
        at_most_one_of("icon", "slack_icon"),
    ),
)
CAROUSEL = Shape(
    "carousel-block",
    {"elements": Listing(OneOf(CARD), most=10)},
    BLOCK_ID,
    type="carousel",
    surfaces={"message", "home"},
)
CONTAINER = Shape(
    "container-block",
    {"child_blocks": Listing(OneOf(*COMMON_BLOCKS, TABLE), most=10)},
    {
        **BLOCK_ID,
        "title": plain(150),
        "rich_text_title": OneOf(RICH_TEXT),
        "subtitle": text(150),
        "icon": OneOf(IMAGE),
        "width": String(choices=("narrow", "standard", "wide", "full")),
        "is_collapsible": BOOLEAN,
        "default_collapsed": BOOLEAN,
        "has_header_divider": BOOLEAN,
    },
    type="container",
    surfaces={"message", "modal"},
    rules=(at_least_one_of("title", "rich_text_title"), collapsible),
)

# -- the progress of an agent --------------------------------------------------------------------------

URL_SOURCE = Shape("url-source-element", {"url": String(), "text": String()}, type="url")
STATUS = String(choices=("pending", "in_progress", "complete", "error"))
TASK_CARD = Shape(
    "task-card-block",
    {"task_id": String(), "title": String(), "status": STATUS},
    {
        **BLOCK_ID,
        "details": OneOf(RICH_TEXT),
        "output": OneOf(RICH_TEXT),
        "sources": Listing(OneOf(URL_SOURCE), least=0),
    },
    type="task_card",
    surfaces={"message"},
)
PLAN = Shape(
    "plan-block",
    {"title": String()},
    {**BLOCK_ID, "tasks": Listing(OneOf(TASK_CARD), least=0)},
    type="plan",
    surfaces={"message"},
)

LIMITED_BLOCKS = (MARKDOWN, CONTEXT_ACTIONS, ALERT, CARD, CAROUSEL, CONTAINER, TASK_CARD, PLAN)
