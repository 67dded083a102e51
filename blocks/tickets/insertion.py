"""The menus that put a ready-made phrase or an article into a text, and the form with it in.

The changed text's block has a new id: under the old one Slack would keep the old text. So has the menus'
block: the same choice can then be made again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import ActionsBlock, Block, StaticSelectElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.articles.insertion import NO_ARTICLES, ArticleChoice, article_menu
from blocks.i18n import Translator
from blocks.kit.fields import field_of
from blocks.kit.inputs import checked_text, long_text
from blocks.kit.notices import view_fields
from blocks.kit.text import option, plain
from blocks.kit.values import Payload, read_number
from blocks.kit.view_state import dump_view_state, load_view_state
from models.catalogue import Phrase


@dataclass(frozen=True)
class Offers:
    """The texts that a form offers to put in."""

    phrases: Sequence[Phrase] = ()
    articles: ArticleChoice = NO_ARTICLES


NO_OFFERS = Offers()


@dataclass(frozen=True)
class TextField:
    """The input that texts are put into: its id, its label and its hint."""

    block_id: str
    label: str
    hint: str | None = None


def text_field(field: TextField, text: str, round_: int) -> Block:
    """The input, with a text in it. `round_`: how many texts were put in."""
    block = long_text(field.block_id, field.label, hint=field.hint, initial=text, focus=True)
    block.block_id = f"{field.block_id}:{round_}"
    return block


def entered(view: Payload, block_id: str) -> str:
    """The text of such an input. Raises `FieldRefused`."""
    for each, inputs in view["state"]["values"].items():
        if each.partition(":")[0] == block_id:
            return checked_text(inputs.get(block_id, {}).get("value"), field_of(block_id))
    return ""


def menus(_: Translator, offers: Offers) -> list[Block]:
    """The menus, side by side; no block without phrases and articles."""
    phrases = _phrases(_, offers.phrases) if offers.phrases else None
    found = [phrases, article_menu(_, offers.articles)]
    elements = [each for each in found if each is not None]
    return [ActionsBlock(block_id=f"{ids.PHRASE}:0", elements=elements)] if elements else []


def with_text(view: Payload, field: TextField, text: str) -> View:
    """The open form with another text in the input."""
    round_, blocks = _round(view) + 1, []
    for block in _with_new_menus(view, round_):
        is_field = block["block_id"].partition(":")[0] == field.block_id
        blocks.append(text_field(field, text, round_).to_dict() if is_field else block)
    return _updated(view, blocks, round_)


def with_phrase(view: Payload, field: TextField, phrase: str) -> View:
    """The open form with a phrase after the text in the input."""
    return with_text(view, field, "\n".join(filter(None, [entered(view, field.block_id).rstrip(), phrase])))


def with_menus_reset(view: Payload) -> Payload:
    """The open form with nothing chosen in its menus; the text stays as it is in the input."""
    round_ = _round(view) + 1
    return _updated(view, _with_new_menus(view, round_), round_).to_dict()


def _with_new_menus(view: Payload, round_: int) -> list[Payload]:
    return [
        {**block, "block_id": f"{ids.PHRASE}:{round_}"}
        if block["block_id"].startswith(f"{ids.PHRASE}:")
        else block
        for block in view["blocks"]
    ]


def _round(view: Payload) -> int:
    return read_number(load_view_state(view).get("round", 0))


def _updated(view: Payload, blocks: Sequence[Payload], round_: int) -> View:
    fields: Mapping[str, object] = {**load_view_state(view), "round": round_}
    return View(blocks=blocks, **view_fields(view) | {"private_metadata": dump_view_state(fields)})


def _phrases(_: Translator, phrases: Sequence[Phrase]) -> StaticSelectElement:
    options = [option(phrase.title.in_(_.locale), str(index)) for index, phrase in enumerate(phrases)]
    return StaticSelectElement(
        action_id=ids.PHRASE, placeholder=plain(_("Standard replies")), options=options[:100]
    )
