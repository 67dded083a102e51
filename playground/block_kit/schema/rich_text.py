"""The rich_text block and its elements. The source is the page rich-text-block of docs.slack.dev."""

from playground.block_kit.rules.fields import not_empty
from playground.block_kit.schema.composition import BOOLEAN
from playground.block_kit.schema.fields import BLOCK_ID, CONVERSATION, USER
from playground.block_kit.shape import OneOf, Shape
from playground.block_kit.spec import Listing, Number, Spec, String

SOURCE = "rich-text-block"
STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
STYLE: dict[str, Spec] = {"style": Shape(SOURCE, optional=dict.fromkeys(STYLES, BOOLEAN), rules=(not_empty,))}


def leaf(type_: str, required: dict[str, Spec], **optional: Spec) -> Shape:
    """An inline part of a rich text."""
    return Shape(SOURCE, required, {**optional, **STYLE}, type=type_)


TEXT = leaf("text", {"text": String()})
LINK = leaf("link", {"url": String()}, text=String(least=0), unsafe=BOOLEAN)
LEAVES = OneOf(
    TEXT,
    LINK,
    leaf("emoji", {"name": String()}, unicode=String(), skin_tone=Number(1, 6)),
    leaf("user", {"user_id": USER}),
    leaf("usergroup", {"usergroup_id": String(form=r"S[A-Z0-9]+")}),
    leaf("channel", {"channel_id": CONVERSATION}),
    leaf("team", {"team_id": String(form=r"[TE][A-Z0-9]+")}),
    leaf("broadcast", {"range": String(choices=("here", "channel", "everyone"))}),
    leaf("color", {"value": String()}),
    leaf("date", {"timestamp": Number(), "format": String()}, url=String(), fallback=String()),
)

# Slack itself sends lines and whole texts that are empty.
LINE = Listing(LEAVES, least=0)
BORDER = Number(0, 1)
SECTION = Shape(SOURCE, {"elements": LINE}, type="rich_text_section")
LIST = Shape(
    SOURCE,
    {"style": String(choices=("bullet", "ordered")), "elements": Listing(OneOf(SECTION))},
    {"indent": Number(0, 8), "offset": Number(0), "border": BORDER},
    type="rich_text_list",
)
PREFORMATTED = Shape(
    SOURCE,
    {"elements": Listing(OneOf(TEXT, LINK), least=0)},
    {"border": BORDER, "language": String()},
    type="rich_text_preformatted",
)
QUOTE = Shape(SOURCE, {"elements": LINE}, {"border": BORDER}, type="rich_text_quote")

RICH_TEXT = Shape(
    SOURCE,
    {"elements": Listing(OneOf(SECTION, LIST, PREFORMATTED, QUOTE), least=0)},
    BLOCK_ID,
    type="rich_text",
)
