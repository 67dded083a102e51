"""Properties over random payloads: what slack_sdk's models build is accepted, one broken rule is found."""

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from slack_sdk.models import blocks as sdk
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from playground.block_kit import (
    Problem,
    check_blocks,
    check_manifest,
    check_view,
    complete_ids,
    initial_state,
    total_text,
)
from playground.block_kit.problem import NO_SCHEMA
from tests.playground.block_kit.examples import SCOPES, Json, changed, found, pointers

QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def words(most: int, least: int = 1) -> st.SearchStrategy[str]:
    return st.text(st.characters(codec="utf-8"), min_size=least, max_size=min(most, 40))


def plain(most: int) -> st.SearchStrategy[sdk.PlainTextObject]:
    return st.builds(sdk.PlainTextObject, text=words(most), emoji=st.sampled_from([None, True, False]))


def mrkdwn(most: int) -> st.SearchStrategy[sdk.MarkdownTextObject]:
    return st.builds(sdk.MarkdownTextObject, text=words(most), verbatim=st.sampled_from([None, True]))


def either(most: int) -> st.SearchStrategy[sdk.TextObject]:
    return st.one_of(plain(most), mrkdwn(most))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


# -- elements ------------------------------------------------------------------------------------------

IDS = st.uuids().map(str)
CONFIRM = st.builds(
    sdk.ConfirmObject,
    title=plain(100),
    text=either(300),
    confirm=plain(30),
    deny=plain(30),
    style=st.sampled_from([None, "primary", "danger"]),
)


@st.composite
def choices(draw: st.DrawFn, most: int = 12) -> list[sdk.Option]:
    values = draw(st.lists(words(150), min_size=1, max_size=most, unique=True))
    return [
        sdk.Option(value=value, text=draw(plain(75)), description=draw(maybe(plain(75)))) for value in values
    ]


BUTTONS = st.builds(
    sdk.ButtonElement,
    text=plain(75),
    action_id=IDS,
    value=maybe(words(2000)),
    url=st.sampled_from([None, "https://univ.example"]),
    style=st.sampled_from([None, "primary", "danger"]),
    confirm=maybe(CONFIRM),
)
CHOSEN: dict[str, Any] = {"action_id": IDS, "placeholder": maybe(plain(150)), "confirm": maybe(CONFIRM)}


@st.composite
def static_selects(draw: st.DrawFn) -> sdk.StaticSelectElement:
    options = draw(choices())
    initial = draw(maybe(st.sampled_from(options)))
    return sdk.StaticSelectElement(action_id=draw(IDS), options=options, initial_option=initial)


@st.composite
def grouped_selects(draw: st.DrawFn) -> sdk.StaticMultiSelectElement:
    groups = [
        sdk.OptionGroup(label=draw(plain(75)), options=draw(choices(4)))
        for _ in range(draw(st.integers(1, 3)))
    ]
    initial = draw(maybe(st.lists(st.sampled_from(groups[0].options or []), min_size=1, max_size=2)))
    return sdk.StaticMultiSelectElement(
        action_id=draw(IDS), option_groups=groups, initial_options=initial, max_selected_items=2
    )


@st.composite
def boxes(draw: st.DrawFn) -> sdk.InputInteractiveElement:
    options = draw(choices(10))
    if draw(st.booleans()):
        return sdk.RadioButtonsElement(action_id=draw(IDS), options=options, initial_option=options[0])
    return sdk.CheckboxesElement(action_id=draw(IDS), options=options, initial_options=options[:1])


MENUS = st.one_of(
    static_selects(),
    grouped_selects(),
    boxes(),
    st.builds(sdk.ExternalDataSelectElement, **CHOSEN, min_query_length=st.integers(0, 5)),
    st.builds(sdk.UserSelectElement, **CHOSEN, initial_user=st.sampled_from([None, "U0CAMILLE0"])),
    st.builds(sdk.ConversationMultiSelectElement, **CHOSEN, max_selected_items=st.integers(1, 9)),
    st.builds(sdk.ChannelSelectElement, **CHOSEN),
    st.builds(sdk.DatePickerElement, **CHOSEN, initial_date=st.dates().map(str)),
    st.builds(sdk.TimePickerElement, **CHOSEN, initial_time=st.times().map(lambda time: f"{time:%H:%M}")),
)
FIELDS = st.one_of(
    MENUS,
    st.builds(
        sdk.PlainTextInputElement,
        action_id=IDS,
        placeholder=maybe(plain(150)),
        initial_value=maybe(words(3000)),
        multiline=st.booleans(),
        min_length=st.integers(0, 10),
        max_length=st.integers(10, 3000),
    ),
)
MODAL_FIELDS = st.one_of(
    FIELDS,
    st.builds(
        sdk.NumberInputElement,
        action_id=IDS,
        is_decimal_allowed=st.booleans(),
        min_value=st.integers(-9, 0).map(str),
        max_value=st.integers(0, 9).map(str),
    ),
    st.builds(sdk.EmailInputElement, action_id=IDS),
    st.builds(sdk.UrlInputElement, action_id=IDS),
    st.builds(FileInputElement, action_id=IDS, max_files=st.integers(1, 10)),
)

# -- blocks --------------------------------------------------------------------------------------------

# The models leave out empty lists, even required ones, hence `min_size`.
IMAGES = {"image_url": st.just("https://univ.example/a.png"), "alt_text": words(2000)}
LEAVES = st.one_of(
    st.builds(sdk.RichTextElementParts.Text, text=words(40), style=st.sampled_from([None, {"bold": True}])),
    st.builds(sdk.RichTextElementParts.Link, url=words(40), text=maybe(words(9))),
    st.builds(sdk.RichTextElementParts.User, user_id=st.just("U0CAMILLE0")),
    st.builds(sdk.RichTextElementParts.Emoji, name=words(9)),
    st.builds(sdk.RichTextElementParts.Broadcast, range=st.sampled_from(["here", "channel"])),
)
LINES = st.builds(sdk.RichTextSectionElement, elements=st.lists(LEAVES, min_size=1, max_size=4))
RICH_TEXTS = st.one_of(
    LINES,
    st.builds(sdk.RichTextQuoteElement, elements=st.lists(LEAVES, min_size=1, max_size=3)),
    st.builds(
        sdk.RichTextListElement,
        elements=st.lists(LINES, min_size=1, max_size=3),
        style=st.sampled_from(["bullet", "ordered"]),
        indent=st.integers(0, 8),
    ),
)
COMMON = st.one_of(
    st.builds(
        sdk.SectionBlock,
        text=either(3000),
        fields=maybe(st.lists(either(2000), min_size=1, max_size=10)),
        accessory=maybe(st.one_of(BUTTONS, MENUS, st.builds(sdk.ImageElement, **IMAGES))),
    ),
    st.builds(sdk.HeaderBlock, text=plain(150)),
    st.builds(sdk.DividerBlock),
    st.builds(sdk.ContextBlock, elements=st.lists(either(3000), min_size=1, max_size=10)),
    st.builds(sdk.ActionsBlock, elements=st.lists(BUTTONS | MENUS, min_size=1, max_size=5)),
    st.builds(sdk.RichTextBlock, elements=st.lists(RICH_TEXTS, min_size=1, max_size=4)),
)
MESSAGE_BLOCKS = st.one_of(
    COMMON,
    st.builds(sdk.InputBlock, label=plain(2000), element=FIELDS, hint=maybe(plain(2000))),
    st.builds(sdk.MarkdownBlock, text=words(200)),
    st.builds(sdk.CardBlock, title=mrkdwn(150), actions=st.lists(BUTTONS, min_size=1, max_size=2)),
)
MODAL_BLOCKS = st.one_of(
    COMMON,
    st.builds(sdk.InputBlock, label=plain(2000), element=MODAL_FIELDS, optional=st.booleans()),
    st.builds(sdk.AlertBlock, text=either(200), level=st.sampled_from([None, "info", "error"])),
)


def with_ids(blocks: list[sdk.Block]) -> list[Json]:
    """The JSON of blocks, each with an identifier of its own."""
    return [{**block.to_dict(), "block_id": f"block {number}"} for number, block in enumerate(blocks)]


MESSAGES = st.lists(MESSAGE_BLOCKS, min_size=1, max_size=5).map(with_ids)
MODALS = st.builds(
    View,
    type=st.just("modal"),
    title=plain(24),
    submit=plain(24),
    close=maybe(plain(24)),
    callback_id=maybe(words(255)),
    private_metadata=maybe(words(3000)),
    blocks=st.lists(MODAL_BLOCKS, min_size=1, max_size=5),
).map(lambda view: view.to_dict())


# -- nothing right is refused --------------------------------------------------------------------------


@QUICK
@given(MESSAGES)
def test_what_the_models_draw_in_a_message_is_accepted(blocks: list[Json]) -> None:
    assert check_blocks(blocks) == []


@QUICK
@given(MODALS)
def test_what_the_models_draw_in_a_modal_is_accepted(view: Json) -> None:
    assert check_view(view, scopes=SCOPES) == []


@QUICK
@given(MODALS)
def test_completed_blocks_are_accepted_and_have_a_state_for_every_input(view: Json) -> None:
    blocks = complete_ids(view["blocks"])
    assert check_view({**view, "blocks": blocks}, scopes=SCOPES) == []
    state = initial_state(blocks)
    for block in blocks:
        if block["type"] == "input":
            assert state[block["block_id"]][block["element"]["action_id"]]["type"] == block["element"]["type"]


# -- one broken rule is found --------------------------------------------------------------------------


def refused(blocks: list[Json]) -> list[Problem]:
    return [one for one in check_blocks(blocks) if one.message != NO_SCHEMA]


@QUICK
@given(MESSAGES, st.data())
def test_an_unknown_key_is_refused(blocks: list[Json], data: st.DataObject) -> None:
    objects = [pointer for pointer in pointers(blocks) if isinstance(found(blocks, pointer), dict)]
    pointer = data.draw(st.sampled_from(objects))
    expected = Problem("invalid additional property: surprise", f"/blocks{pointer}")
    # An option with one more key no longer equals the initial one.
    assert expected in refused(changed(blocks, f"{pointer}/surprise", 1))


@QUICK
@given(MESSAGES, st.data())
def test_a_null_is_refused(blocks: list[Json], data: st.DataObject) -> None:
    pointer = data.draw(st.sampled_from(pointers(blocks)[1:]))
    messages = [
        one.message for one in refused(changed(blocks, pointer, None)) if one.pointer == f"/blocks{pointer}"
    ]
    assert any(message.startswith("must provide a") for message in messages)


@QUICK
@given(MESSAGES, st.data())
def test_a_text_beyond_every_limit_is_refused(blocks: list[Json], data: st.DataObject) -> None:
    texts = [
        pointer
        for pointer in pointers(blocks)
        if pointer.endswith("/text")
        and isinstance(found(blocks, pointer), str)
        and found(blocks, pointer.removesuffix("/text")).get("type") in ("plain_text", "mrkdwn")
    ]
    assume(texts)
    pointer = data.draw(st.sampled_from(texts))
    problems = refused(changed(blocks, pointer, "x" * 3001))
    too_long = [one for one in problems if one.message.startswith("must be less than ")]
    assert [one.pointer for one in too_long] == [f"/blocks{pointer}"]
    empty = Problem("must be more than 0 characters", f"/blocks{pointer}")
    assert empty in refused(changed(blocks, pointer, ""))


@QUICK
@given(MESSAGES, st.data())
def test_a_copied_block_is_refused_for_its_block_id_only(blocks: list[Json], data: st.DataObject) -> None:
    assume(total_text(blocks) < 6000)
    index = data.draw(st.integers(0, len(blocks) - 1))
    twice = f'`block_id` "block {index}" already exists'
    assert refused([*blocks, blocks[index]]) == [Problem(twice, f"/blocks/{len(blocks)}/block_id")]


@QUICK
@given(MODALS, st.sampled_from(["title", "blocks", "type"]))
def test_a_modal_without_a_required_key_is_refused(view: Json, key: str) -> None:
    del view[key]
    assert Problem(f"missing required field: {key}", "/view") in check_view(view, scopes=SCOPES)


@QUICK
@given(MODALS)
def test_a_modal_without_submit_is_refused_for_each_of_its_inputs(view: Json) -> None:
    del view["submit"]
    inputs = [index for index, block in enumerate(view["blocks"]) if block["type"] == "input"]
    text = "must define `submit` to use an `input` block in modals"
    assert check_view(view, scopes=SCOPES) == [
        Problem(text, f"/view/blocks/{index}/input") for index in inputs
    ]


# -- nothing breaks the checks -------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@QUICK
@given(JSON)
def test_any_json_gets_an_answer(value: Any) -> None:
    for problem in (*check_blocks(value), *check_view(value, scopes=()), *check_manifest(value)):
        assert str(problem).endswith("]")


@QUICK
@given(MESSAGES, MODALS, JSON, st.data())
def test_any_json_anywhere_in_a_payload_gets_an_answer(
    blocks: list[Json], view: Json, value: Any, data: st.DataObject
) -> None:
    check_blocks(changed(blocks, data.draw(st.sampled_from(pointers(blocks)[1:])), value))
    check_view(changed(view, data.draw(st.sampled_from(pointers(view)[1:])), value), scopes=SCOPES)
