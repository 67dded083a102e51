"""The buttons of a message that asks for an agreement."""

from slack_sdk.models.blocks import ButtonElement

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.text import LABEL_MAX, cut, plain
from models.approvals.request import AgreementRequest


def buttons(_: Translator, request: AgreementRequest) -> list[ButtonElement]:
    """The three answers."""
    return [
        _button(_, request, _("Authorise"), ids.AUTHORISE, style="primary"),
        _button(_, request, _("Decline"), ids.DECLINE),
        _button(_, request, _("I need more information"), ids.ASK_INFORMATION),
    ]


def show_button(_: Translator, request: AgreementRequest) -> ButtonElement:
    """Opens the request in full."""
    return _button(_, request, _("View the request"), ids.SHOW_REQUEST)


def _button(
    _: Translator, request: AgreementRequest, text: str, action_id: str, style: str | None = None
) -> ButtonElement:
    ticket = request.ticket
    return ButtonElement(
        text=plain(text),
        action_id=action_id,
        value=str(request.approval.id),
        style=style,
        accessibility_label=cut(f"{text} · {labels.named(ticket)}", LABEL_MAX),
    )
