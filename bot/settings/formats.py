"""What is well formed: functions that return a setting's value, or raise `ValueError` without it."""

import re
from collections.abc import Callable
from contextlib import suppress
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr, ValidationInfo

from bot.mail_address import ascii_address
from bot.storage.url import read_store_url

PHONE_MAX = 60
KEY_MIN = 32  # characters


def attachments_url(value: str) -> str:
    """A folder, or the URL of a store."""
    read_store_url(value)
    return value


def smtp_url(value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    """A mail server's URL. A password for another machine needs TLS, or SMTP_ALLOW_PLAINTEXT_PASSWORD."""
    if value is None or not value.get_secret_value():
        return None
    if not _is_address(value.get_secret_value(), {"smtp", "smtps", "smtp+starttls"}):
        raise ValueError("expected smtp://, smtp+starttls:// or smtps://[user:password@]host[:port]")
    parts = urlsplit(value.get_secret_value())
    in_clear = parts.scheme == "smtp" and parts.username and not _is_this_machine(parts.hostname or "")
    if in_clear and not info.data.get("smtp_allow_plaintext_password"):
        raise ValueError(
            "the password would be sent unencrypted: use smtp+starttls:// or smtps://, "
            "or set SMTP_ALLOW_PLAINTEXT_PASSWORD=true"
        )
    return value


def _is_this_machine(host: str) -> bool:
    """Whether the host is this machine: localhost, 127.0.0.0/8, ::1."""
    with suppress(ValueError):  # a host name
        return ip_address(host).is_loopback
    return host == "localhost"


def http_url(value: str) -> str:
    """An http(s) address, with a slash at its end."""
    if not _is_address(value, {"http", "https"}):
        raise ValueError("expected an http(s) address")
    return value if value.endswith("/") else value + "/"


def _is_address(value: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a malformed port
        return False


def mailbox(value: str | None) -> str | None:
    """`name@domain` or `Name <name@domain>`."""
    if value is None:
        return None
    try:
        ascii_address(parseaddr(value)[1])
    except ValueError:
        raise ValueError("expected name@domain or Name <name@domain>") from None
    return value


def mentioned(value: str | None) -> str | None:
    """`here`, the id of a user group, or `None`, written as `none`."""
    if value in (None, "none"):
        return None
    if value != "here" and not re.fullmatch(r"S[A-Z0-9]{2,30}", value):
        raise ValueError("expected none, here, or the id of a user group (S…)")
    return value


def profile_field(value: str | None) -> str | None:
    """The id of a field of Slack's profiles."""
    if value is not None and not re.fullmatch(r"Xf[A-Z0-9]{2,30}", value):
        raise ValueError("expected the id of a profile field (Xf…), which team.profile.get lists")
    return value


def phone(value: str | None) -> str | None:
    """A telephone number; `None` for an empty one."""
    value = (value or "").strip()
    if len(value) > PHONE_MAX or not value.isprintable() or (value and not any(map(str.isdigit, value))):
        raise ValueError(f"expected a telephone number of at most {PHONE_MAX} characters")
    return value or None


def time_zone(value: str) -> str:
    """The IANA name of a time zone."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("expected a time zone such as Europe/Paris") from None
    return value


def after(reminder: int) -> Callable[[int], int]:
    """Checks a number of working days: nothing closes before a reminder was sent."""

    def check(value: int) -> int:
        if value and not reminder < value <= 365:
            raise ValueError(
                f"expected 0 (never) or {reminder + 1} to 365: the first reminder goes out after {reminder} "
                "working days"
            )
        return value

    return check


def erasures_key(value: SecretStr | None) -> SecretStr | None:
    """A key for HMAC-SHA-256, which should be as long as its digests (RFC 2104, section 3)."""
    if value is not None and len(value.get_secret_value()) < KEY_MIN:
        raise ValueError(f"expected at least {KEY_MIN} characters, such as those of `openssl rand -hex 32`")
    return value
