"""The form of Slack's secrets (docs.slack.dev, "Tokens"), as far as it shows without asking Slack."""

import re

from pydantic import SecretStr

_KINDS = {
    "xapp-": "an app token (xapp-…)",
    "xoxb-": "a bot token (xoxb-…)",
    "xoxe.xoxb-": "a bot token (xoxe.xoxb-…)",
    "xoxp-": "a user token (xoxp-…)",
    "xoxe.xoxp-": "a user token (xoxe.xoxp-…)",
    "xoxe-": "a refresh token (xoxe-…)",
}
BOT, APP = ("xoxb-", "xoxe.xoxb-"), ("xapp-",)
_SWAPPED = ": are SLACK_BOT_TOKEN and SLACK_APP_TOKEN swapped?"
_SECRET = "the signing secret (Basic Information, Signing Secret)"


def bot_token(value: SecretStr | None) -> SecretStr | None:
    """A bot's token."""
    return _token(value, BOT, "the bot's token, xoxb-… (OAuth & Permissions, Bot User OAuth Token)", APP)


def app_token(value: SecretStr | None) -> SecretStr | None:
    """An app's token."""
    return _token(value, APP, "the app's token, xapp-… (Basic Information, App-Level Tokens)", BOT)


def _token(
    value: SecretStr | None, prefixes: tuple[str, ...], expected: str, swapped: tuple[str, ...]
) -> SecretStr | None:
    if value is None:
        return None
    text = value.get_secret_value()
    if text.startswith(swapped):
        raise ValueError(f"this is {kind(text)}{_SWAPPED}")
    if not text.startswith(prefixes):
        found = kind(text)
        raise ValueError(f"this is {found}: expected {expected}" if found else f"expected {expected}")
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        raise ValueError("expected a token without spaces and line breaks")
    return value


def signing_secret(value: SecretStr | None) -> SecretStr | None:
    """A signing secret; a token is refused."""
    if value is not None and (found := kind(value.get_secret_value())):
        raise ValueError(f"this is {found}: expected {_SECRET}")
    return value


def signing_secret_doubt(value: SecretStr | None) -> str | None:
    """Why this is hardly a signing secret, as a sentence for doctor; `None` when it may be one."""
    if value is None or re.fullmatch(r"[0-9a-f]{32}", value.get_secret_value()):
        return None
    return f"SLACK_SIGNING_SECRET: expected 32 digits from 0 to 9 and a to f: is this {_SECRET}?"


def kind(text: str) -> str | None:
    """What token this is, `a bot token (xoxb-…)`; `None` for something else."""
    return next((words for prefix, words in _KINDS.items() if text.startswith(prefix)), None)
