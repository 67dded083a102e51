"""Which elements each block takes. Where an element page and a block page disagree, the element page wins."""

from playground.block_kit.schema.buttons import (
    BUTTON,
    FEEDBACK_BUTTONS,
    ICON_BUTTON,
    IMAGE,
    OVERFLOW,
    WORKFLOW_BUTTON,
)
from playground.block_kit.schema.inputs import (
    CHECKBOXES,
    DATEPICKER,
    DATETIMEPICKER,
    EMAIL_TEXT_INPUT,
    FILE_INPUT,
    NUMBER_INPUT,
    PLAIN_TEXT_INPUT,
    RADIO_BUTTONS,
    RICH_TEXT_INPUT,
    TIMEPICKER,
    URL_TEXT_INPUT,
)
from playground.block_kit.schema.menus import MULTI_SELECTS, SELECTS
from playground.block_kit.shape import OneOf, Shape

CHOICES = (*SELECTS, *MULTI_SELECTS, CHECKBOXES, RADIO_BUTTONS, DATEPICKER, TIMEPICKER)

# section-block
ACCESSORY = OneOf(*CHOICES, BUTTON, WORKFLOW_BUTTON, OVERFLOW, IMAGE)
# actions-block
IN_ACTIONS = OneOf(*CHOICES, DATETIMEPICKER, BUTTON, WORKFLOW_BUTTON, OVERFLOW, RICH_TEXT_INPUT)
# input-block
IN_INPUT = OneOf(
    *CHOICES,
    DATETIMEPICKER,
    PLAIN_TEXT_INPUT,
    NUMBER_INPUT,
    EMAIL_TEXT_INPUT,
    URL_TEXT_INPUT,
    RICH_TEXT_INPUT,
    FILE_INPUT,
)
# context-actions-block
IN_CONTEXT_ACTIONS = OneOf(FEEDBACK_BUTTONS, ICON_BUTTON)

INTERACTIVE: dict[str, Shape] = {
    type_: shape
    for group in (ACCESSORY, IN_ACTIONS, IN_INPUT, IN_CONTEXT_ACTIONS)
    for type_, shape in group.shapes.items()
    if shape is not IMAGE
}
