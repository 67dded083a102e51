"""*My data*: the button that has it sent, and the notice."""

from collections.abc import Iterator

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.text import HERE, Part, bold, date_time, header, link, plain, rich, text_part
from blocks.own_data.notice import Notice, notice_sections
from models.personal_data.asked import Asked


def own_data_button(_: Translator) -> ButtonElement:
    """Opens *My data*."""
    return ButtonElement(text=plain(_("My data")), action_id=ids.OPEN_OWN_DATA, value="own")


def own_data_view(_: Translator, notice: Notice, asked: Asked | None) -> View:
    """The modal. `asked`: when the data was last asked for, if that was lately."""
    blocks: list[Block] = [rich([text_part(_promise(_))])]
    if asked is None:
        blocks.append(ActionsBlock(elements=[_receive_button(_)]))
    else:
        blocks.append(rich(_answer(_, asked)))
    blocks.append(header(_("Your data and you")))
    for section in notice_sections(_, notice):
        blocks.append(rich([bold(section.title)], *([text_part(line)] for line in section.text.split("\n"))))
    return View(
        type="modal",
        callback_id=ids.OWN_DATA,
        title=plain(_("My data")),
        close=plain(_("Close")),
        blocks=blocks,
    )


def _receive_button(_: Translator) -> ButtonElement:
    return ButtonElement(
        text=plain(_("Receive my data")), action_id=ids.RECEIVE_OWN_DATA, value="own", style="primary"
    )


def _promise(_: Translator) -> str:
    return _(
        "You can receive your data: your tickets with their conversation and files, your decisions, your "
        "settings. It comes by direct message as a zip file, with a page to read and the same for programs, "
        "and is deleted from Slack 7 days later. Internal notes and other people’s data are not in it: ask "
        "the data-protection officer for them."
    )


def _answer(_: Translator, asked: Asked) -> list[Part]:
    """That it is coming or has come."""
    if asked.is_new:
        return [
            bold(_("It is on its way: your data will reach you by direct message, usually within minutes."))
        ]
    if not asked.is_sent:
        return list(_at(_, _("You asked for your data on {at}. It is still on its way.", at=HERE), asked))
    text = _(
        "You asked for your data on {at}, and it was sent to you. You may ask again a day later.", at=HERE
    )
    parts = list(_at(_, text, asked))
    return [*parts, text_part(" "), link(asked.link, _("See the message"))] if asked.link else parts


def _at(_: Translator, sentence: str, asked: Asked) -> Iterator[Part]:
    before, _here, after = sentence.partition(HERE)
    yield text_part(before)
    yield date_time(_, asked.at)
    yield text_part(after)
