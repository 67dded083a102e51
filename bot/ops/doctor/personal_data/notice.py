"""What people are told about their data: who is responsible, and whom to ask (GDPR arts. 13 and 14)."""

from collections.abc import Iterator

from bot.ops.doctor.context import CheckContext
from bot.ops.finding import Finding, warning, well, wrong


def check_notice(context: CheckContext) -> Iterator[Finding]:
    """The settings that the notice in the Home needs."""
    settings = context.settings
    missing = []
    if settings.privacy_controller is None:
        missing.append(wrong("PRIVACY_CONTROLLER is not set: the notice does not say who is responsible"))
    if settings.privacy_contact is None:
        missing.append(
            wrong("PRIVACY_CONTACT is not set: the notice does not say whom to ask about personal data")
        )
    if not settings.privacy_transfers:
        missing.append(
            warning(
                "PRIVACY_TRANSFERS is not set: the notice does not say which safeguards apply to Slack’s "
                "transfers outside the European Union"
            )
        )
    yield from missing or [well(f"notice: {settings.privacy_contact} answers about personal data")]
