"""The site in the form of a technician who names another requester."""

from collections.abc import Sequence

from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.inputs import block_with
from blocks.kit.notices import view_fields
from blocks.kit.values import Payload, read_number
from blocks.kit.view_state import dump_view_state, load_view_state
from blocks.tickets.new_ticket import fields as form_fields
from models.catalogue import Site


def site_block(view: Payload) -> str:
    """The id of the block that has the site."""
    return block_with(view, ids.SITE)


def with_site(_: Translator, view: Payload, sites: Sequence[Site], default: str | None) -> View:
    """The open form with another site chosen by default, or none; its other inputs keep what they hold.
    Raises `StalePayload`."""
    former = site_block(view)
    round_ = read_number(former.partition(":")[2] or "0") + 1
    made = form_fields.site(_, sites, default, round_).to_dict()
    new = {"block_id": made["block_id"], "element": made["element"]}
    blocks = [{**block, **new} if block["block_id"] == former else block for block in view["blocks"]]
    fields = {**load_view_state(view), "site": default}
    return View(blocks=blocks, **view_fields(view) | {"private_metadata": dump_view_state(fields)})
