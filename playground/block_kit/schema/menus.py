"""Select menus: what each accepts.

Sources are the pages select-menu-element and multi-select-menu-element of
docs.slack.dev/reference/block-kit/block-elements.
"""

from playground.block_kit.rules.fields import exactly_one_of
from playground.block_kit.rules.options import initial_option, initial_options, unique_values
from playground.block_kit.schema.composition import (
    BOOLEAN,
    CONVERSATION_FILTER,
    OPTION,
    OPTION_GROUPS,
    OPTIONS,
)
from playground.block_kit.schema.fields import CHANNEL, CHOOSING, CHOOSING_MANY, CONVERSATION, USER
from playground.block_kit.shape import Shape, State
from playground.block_kit.spec import Listing, Number, Spec

ONE, MANY = "select-menu-element", "multi-select-menu-element"
# Empty is refused by the rule `initial_options`, in its own words.
INITIAL_OPTIONS = Listing(OPTION, most=100, least=0)

STATIC: dict[str, Spec] = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
STATIC_SELECT = Shape(
    ONE,
    optional={**CHOOSING, **STATIC, "initial_option": OPTION},
    type="static_select",
    rules=(exactly_one_of("options", "option_groups"), initial_option, unique_values),
    state=State("selected_option", "initial_option"),
)
MULTI_STATIC_SELECT = Shape(
    MANY,
    optional={**CHOOSING_MANY, **STATIC, "initial_options": INITIAL_OPTIONS},
    type="multi_static_select",
    rules=(exactly_one_of("options", "option_groups"), initial_options, unique_values),
    state=State("selected_options", "initial_options", []),
)
EXTERNAL: dict[str, Spec] = {"min_query_length": Number(0)}
EXTERNAL_SELECT = Shape(
    ONE,
    optional={**CHOOSING, **EXTERNAL, "initial_option": OPTION},
    type="external_select",
    state=State("selected_option", "initial_option"),
)
MULTI_EXTERNAL_SELECT = Shape(
    MANY,
    optional={**CHOOSING_MANY, **EXTERNAL, "initial_options": INITIAL_OPTIONS},
    type="multi_external_select",
    rules=(initial_options,),
    state=State("selected_options", "initial_options", []),
)
USERS_SELECT = Shape(
    ONE,
    optional={**CHOOSING, "initial_user": USER},
    type="users_select",
    state=State("selected_user", "initial_user"),
)
MULTI_USERS_SELECT = Shape(
    MANY,
    optional={**CHOOSING_MANY, "initial_users": Listing(USER)},
    type="multi_users_select",
    state=State("selected_users", "initial_users", []),
)
ANSWERING: dict[str, Spec] = {"response_url_enabled": BOOLEAN}
FILTERED: dict[str, Spec] = {"default_to_current_conversation": BOOLEAN, "filter": CONVERSATION_FILTER}
CONVERSATIONS_SELECT = Shape(
    ONE,
    optional={**CHOOSING, **FILTERED, **ANSWERING, "initial_conversation": CONVERSATION},
    type="conversations_select",
    state=State("selected_conversation", "initial_conversation"),
)
MULTI_CONVERSATIONS_SELECT = Shape(
    MANY,
    optional={**CHOOSING_MANY, **FILTERED, "initial_conversations": Listing(CONVERSATION)},
    type="multi_conversations_select",
    state=State("selected_conversations", "initial_conversations", []),
)
CHANNELS_SELECT = Shape(
    ONE,
    optional={**CHOOSING, **ANSWERING, "initial_channel": CHANNEL},
    type="channels_select",
    state=State("selected_channel", "initial_channel"),
)
MULTI_CHANNELS_SELECT = Shape(
    MANY,
    optional={**CHOOSING_MANY, "initial_channels": Listing(CHANNEL)},
    type="multi_channels_select",
    state=State("selected_channels", "initial_channels", []),
)

SELECTS = (STATIC_SELECT, EXTERNAL_SELECT, USERS_SELECT, CONVERSATIONS_SELECT, CHANNELS_SELECT)
MULTI_SELECTS = (
    MULTI_STATIC_SELECT,
    MULTI_EXTERNAL_SELECT,
    MULTI_USERS_SELECT,
    MULTI_CONVERSATIONS_SELECT,
    MULTI_CHANNELS_SELECT,
)
