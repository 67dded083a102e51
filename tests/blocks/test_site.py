"""The site in an open ticket form, chosen again when its requester is another."""

import pytest

from blocks import ids
from blocks.i18n import translator
from blocks.tickets.new_ticket.site import with_site
from models.errors import StalePayload


def test_a_block_id_that_is_none_of_ours_is_an_old_form() -> None:
    element = {"type": "static_select", "action_id": ids.SITE}
    view = {"type": "modal", "blocks": [{"type": "input", "block_id": f"{ids.SITE}:x", "element": element}]}
    with pytest.raises(StalePayload):
        with_site(translator("fr"), view, [], None)
