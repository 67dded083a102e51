"""Elements in which a person types, ticks, dates or uploads: what each accepts.

Sources are pages of docs.slack.dev/reference/block-kit/block-elements.
"""

from playground.block_kit import assumptions
from playground.block_kit.rules.fields import files_scope, known_timezone, ordered
from playground.block_kit.rules.options import initial_option, initial_options, unique_values
from playground.block_kit.schema.composition import BOOLEAN, DISPATCH_ACTION_CONFIG, TEXT_KINDS, option
from playground.block_kit.schema.fields import ACTION_ID, CHOOSING, CONFIRMED, FOCUSED, PROMPTED
from playground.block_kit.schema.rich_text import RICH_TEXT
from playground.block_kit.shape import OneOf, Shape, State
from playground.block_kit.spec import Listing, Number, Spec, String

# -- choosing ------------------------------------------------------------------------------------------

BOX = option(TEXT_KINDS)
BOXES: dict[str, Spec] = {"options": Listing(BOX, most=10)}
RADIO_BUTTONS = Shape(
    "radio-button-group-element",
    BOXES,
    {**FOCUSED, **CONFIRMED, "initial_option": BOX},
    type="radio_buttons",
    rules=(initial_option, unique_values),
    state=State("selected_option", "initial_option"),
)
CHECKBOXES = Shape(
    "checkboxes-element",
    BOXES,
    {**FOCUSED, **CONFIRMED, "initial_options": Listing(BOX, most=10, least=0)},
    type="checkboxes",
    rules=(initial_options, unique_values),
    state=State("selected_options", "initial_options", []),
)

# -- dates ---------------------------------------------------------------------------------------------

DATE = String(form=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = String(form=r"([01]\d|2[0-3]):[0-5]\d")
DATEPICKER = Shape(
    "date-picker-element",
    optional={**CHOOSING, "initial_date": DATE},
    type="datepicker",
    state=State("selected_date", "initial_date"),
)
TIMEPICKER = Shape(
    "time-picker-element",
    optional={**CHOOSING, "initial_time": TIME, "timezone": String()},
    type="timepicker",
    rules=(known_timezone,),
    state=State("selected_time", "initial_time"),
)
DATETIMEPICKER = Shape(
    "datetime-picker-element",
    optional={**FOCUSED, **CONFIRMED, "initial_date_time": Number(10**9, 10**10 - 1)},
    type="datetimepicker",
    surfaces={"message", "modal"},
    state=State("selected_date_time", "initial_date_time"),
)

# -- typing --------------------------------------------------------------------------------------------

TYPED: dict[str, Spec] = {**PROMPTED, "dispatch_action_config": DISPATCH_ACTION_CONFIG}
TYPED_TEXT: dict[str, Spec] = {**TYPED, "initial_value": String(3000, least=0)}
NUMERIC = String(form=r"-?\d+(\.\d+)?", form_text=assumptions.NUMERIC)
PLAIN_TEXT_INPUT = Shape(
    "plain-text-input-element",
    optional={
        **TYPED_TEXT,
        "multiline": BOOLEAN,
        "min_length": Number(0, 3000),
        "max_length": Number(1, 3000),
    },
    type="plain_text_input",
    rules=(ordered("min_length", "max_length"),),
    state=State("value", "initial_value"),
)
NUMBER_INPUT = Shape(
    "number-input-element",
    {"is_decimal_allowed": BOOLEAN},
    {**TYPED, "initial_value": NUMERIC, "min_value": NUMERIC, "max_value": NUMERIC},
    type="number_input",
    surfaces={"modal"},
    rules=(ordered("min_value", "max_value"),),
    state=State("value", "initial_value"),
)
EMAIL_TEXT_INPUT = Shape(
    "email-input-element",
    optional=TYPED_TEXT,
    type="email_text_input",
    surfaces={"modal"},
    state=State("value", "initial_value"),
)
URL_TEXT_INPUT = Shape(
    "url-input-element",
    optional=TYPED_TEXT,
    type="url_text_input",
    surfaces={"modal"},
    state=State("value", "initial_value"),
)
LINES = Number(1, 100)
RICH_TEXT_INPUT = Shape(
    "rich-text-input-element",
    ACTION_ID,
    {**TYPED, "initial_value": OneOf(RICH_TEXT), "min_lines": LINES, "max_lines": LINES},
    type="rich_text_input",
    surfaces={"modal", "home"},
    rules=(ordered("min_lines", "max_lines"),),
    state=State("rich_text_value", "initial_value"),
)

# -- uploading -----------------------------------------------------------------------------------------

FILE_INPUT = Shape(
    "file-input-element",
    optional={**ACTION_ID, "filetypes": Listing(String(form=r"[^.]+")), "max_files": Number(1, 10)},
    type="file_input",
    surfaces={"modal"},
    rules=(files_scope,),
    state=State("files", empty=[]),
)
