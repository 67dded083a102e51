"""Blocks allowed on every surface: what each accepts.

Sources are pages of docs.slack.dev/reference/block-kit/blocks.
"""

from playground.block_kit import problem
from playground.block_kit.rules.fields import (
    embed_scope,
    exactly_one_of,
    no_dispatch_of_files,
    text_or_fields,
)
from playground.block_kit.schema.buttons import IMAGE
from playground.block_kit.schema.composition import BOOLEAN, SLACK_FILE, plain, text
from playground.block_kit.schema.fields import BLOCK_ID, IMAGE_URL
from playground.block_kit.schema.placement import ACCESSORY, IN_ACTIONS, IN_INPUT
from playground.block_kit.schema.rich_text import RICH_TEXT
from playground.block_kit.shape import OneOf, Shape
from playground.block_kit.spec import Listing, Number, String

SECTION = Shape(
    "section-block",
    optional={
        **BLOCK_ID,
        "text": text(3000),
        "fields": Listing(text(2000), most=10),
        "accessory": ACCESSORY,
        "expand": BOOLEAN,
    },
    type="section",
    rules=(text_or_fields,),
)
HEADER = Shape("header-block", {"text": plain(150)}, {**BLOCK_ID, "level": Number(1, 4)}, type="header")
DIVIDER = Shape("divider-block", optional=BLOCK_ID, type="divider")
CONTEXT = Shape(
    "context-block",
    {"elements": Listing(OneOf(IMAGE, *text().shapes.values()), most=10)},
    BLOCK_ID,
    type="context",
)
ACTIONS = Shape("actions-block", {"elements": Listing(IN_ACTIONS, most=25)}, BLOCK_ID, type="actions")
INPUT = Shape(
    "input-block",
    {"label": plain(2000), "element": IN_INPUT},
    {**BLOCK_ID, "hint": plain(2000), "optional": BOOLEAN, "dispatch_action": BOOLEAN},
    type="input",
    rules=(no_dispatch_of_files,),
)
IMAGE_BLOCK = Shape(
    "image-block",
    {"alt_text": String(2000)},
    {**BLOCK_ID, "image_url": IMAGE_URL, "slack_file": SLACK_FILE, "title": plain(2000)},
    type="image",
    rules=(exactly_one_of("image_url", "slack_file"),),
)
HTTPS = String(3000, form=r"https://\S+", form_text=problem.INVALID_URL)
VIDEO = Shape(
    "video-block",
    {"alt_text": String(), "title": plain(199), "thumbnail_url": IMAGE_URL, "video_url": HTTPS},
    {
        **BLOCK_ID,
        "author_name": String(49),
        "description": plain(200),
        "provider_name": String(),
        "provider_icon_url": IMAGE_URL,
        "title_url": HTTPS,
    },
    type="video",
    rules=(embed_scope,),
)

COMMON_BLOCKS = (SECTION, HEADER, DIVIDER, CONTEXT, ACTIONS, INPUT, IMAGE_BLOCK, RICH_TEXT, VIDEO)
