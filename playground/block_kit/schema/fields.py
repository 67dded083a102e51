"""Fields that many blocks and elements share."""

from playground.block_kit import problem
from playground.block_kit.schema.composition import BOOLEAN, CONFIRM, plain
from playground.block_kit.spec import Number, Spec, String

# Identifiers in Slack's form.
USER = String(form=r"[UW][A-Z0-9]+")
CONVERSATION = String(form=r"[CDG][A-Z0-9]+")
CHANNEL = String(form=r"[CG][A-Z0-9]+")

IMAGE_URL = String(3000, form=r"https?://\S+", form_text=problem.INVALID_URL)

# Fields of blocks: reference/block-kit/blocks.
BLOCK_ID: dict[str, Spec] = {"block_id": String(255)}

# Fields of elements: reference/block-kit/block-elements.
ACTION_ID: dict[str, Spec] = {"action_id": String(255)}
CONFIRMED: dict[str, Spec] = {**ACTION_ID, "confirm": CONFIRM}
FOCUSED: dict[str, Spec] = {**ACTION_ID, "focus_on_load": BOOLEAN}
PROMPTED: dict[str, Spec] = {**FOCUSED, "placeholder": plain(150)}
CHOOSING: dict[str, Spec] = {**PROMPTED, **CONFIRMED}
CHOOSING_MANY: dict[str, Spec] = {**CHOOSING, "max_selected_items": Number(1)}
