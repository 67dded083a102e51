"""Views, and the blocks of a message: the root of a payload.

Sources are the pages reference/views/modal-views and reference/views/home-tab-views of docs.slack.dev.
"""

from playground.block_kit.schema.blocks import COMMON_BLOCKS
from playground.block_kit.schema.charts import DATA_VISUALIZATION
from playground.block_kit.schema.composition import BOOLEAN, plain
from playground.block_kit.schema.limited_blocks import LIMITED_BLOCKS
from playground.block_kit.schema.tables import DATA_TABLE, TABLE
from playground.block_kit.shape import OneOf, Shape
from playground.block_kit.spec import Listing, Spec, String

BLOCKS = OneOf(*COMMON_BLOCKS, *LIMITED_BLOCKS, TABLE, DATA_TABLE, DATA_VISUALIZATION)

# A message may have no block: chat.update with an empty array removes them.
MESSAGE_BLOCKS = Listing(BLOCKS, most=50, least=0)

CONTENT: dict[str, Spec] = {"blocks": Listing(BLOCKS, most=100)}
NAMED: dict[str, Spec] = {
    "callback_id": String(255),
    "private_metadata": String(3000, least=0),
    "external_id": String(255),
}
MODAL = Shape(
    "views/modal-views",
    {"title": plain(24), **CONTENT},
    {
        **NAMED,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": BOOLEAN,
        "notify_on_close": BOOLEAN,
    },
    type="modal",
)
HOME = Shape("views/home-tab-views", CONTENT, NAMED, type="home")
VIEWS = OneOf(MODAL, HOME, parent_line=True)
